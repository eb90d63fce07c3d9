"""What TMDB tells of a title beyond a list's line, of people and of services, read into the model. No I/O.

All of it is optional: what is missing, or not as it should be, is left out, and the card shown without it.
Shapes: https://developer.themoviedb.org/reference
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import Final

from bot.backends import reading
from bot.backends.reading import Fields, Passing
from bot.backends.tmdb import wire
from bot.core.backend import MOST_PAGES, PAGE_SIZE
from bot.core.discovery import (
    COUNTRY,
    LANGUAGE,
    MOST_RATING,
    MOST_RUNTIME,
    MOST_SEASON,
    PICTURE,
    VIDEO_KEY,
    WATCH_PAGE,
    Certification,
    Details,
    Episode,
    Offers,
    People,
    Provider,
    Season,
    Star,
    Status,
    Trailer,
)
from bot.core.genres import Genre
from bot.core.model import MOST_ID, Kind, Page, Title, TitleRef

MOST_KNOWN_FOR: Final = 20
_TRAILERS: Final = ("Trailer", "Teaser")
_STREAMS: Final = ("flatrate", "free", "ads")
_STATUSES: Final = {status.value: status for status in Status}
_CINEMA: Final = (3, 2)
"""Kinds of releases whose age ratings count first: in cinemas, in few cinemas."""
_AS_THEMSELVES: Final = frozenset({Genre.TALK, Genre.NEWS, Genre.REALITY})
_VIDEO_LANGUAGES: Final = ("en", "fr", "de", "es", "it", "ja", "ko", "zh", "cn", "hi", "pt", "ru", "sv", "da", "null")
"""A title's own language isn't known before it is asked for, and TMDB takes no word for all. `null`: without words."""


def video_languages(language: str) -> str:
    """In which languages trailers are asked for."""
    return ",".join(dict.fromkeys((language[:2], *_VIDEO_LANGUAGES)))


# ── A title ──────────────────────────────────────────────────────────────────────────────────────────────────────


def title(said: Fields, ref: TitleRef, language: str) -> Title:
    """`GET /3/movie/{id}` or `/3/tv/{id}` with everything appended."""
    known = wire.title(said, ref)
    return replace(known, details=_details(said, ref, (language[:2], known.original_language)))


def season(said: Fields, number: int) -> Season:
    """`GET /3/tv/{id}/season/{number}`."""
    if reading.whole(said, "season_number", 0, MOST_SEASON) != number:
        reading.wrong("season_number")
    episodes = tuple(filter(None, map(_episode, reading.dicts(said, "episodes"))))
    return Season(
        number, reading.text(said, "name"), episodes, count=len(episodes), air_date=reading.day(said, "air_date")
    )


def _details(said: Fields, ref: TitleRef, languages: tuple[str | None, ...]) -> Details:
    movie = ref.kind is Kind.MOVIE
    part = reading.within(said, "release_dates" if movie else "content_ratings")
    seasons = filter(None, map(_season, reading.dicts(said, "seasons")))
    return Details(
        certifications=_by_country(_film_age if movie else _series_age, reading.dicts(part, "results")),
        trailer=_trailer(reading.dicts(reading.within(said, "videos"), "results"), languages),
        offers=tuple(_offers(reading.within(reading.within(said, "watch/providers"), "results"))),
        status=_status(said.get("status")),
        season_count=reading.number(said, "number_of_seasons", 0, MOST_SEASON),
        episode_count=reading.number(said, "number_of_episodes", 0, MOST_ID),
        seasons=tuple(sorted(seasons, key=lambda one: one.number or MOST_ID)),
        last_episode=_episode(reading.within(said, "last_episode_to_air")),
        next_episode=_episode(reading.within(said, "next_episode_to_air")),
        recommended=_alike(said, "recommendations", ref.kind),
        similar=_alike(said, "similar", ref.kind),
    )


def _alike(said: Fields, name: str, kind: Kind) -> Page | None:
    """A list that came along. It stays in memory with its card: without what each is about."""
    try:
        page = wire.listing(reading.fields(said.get(name)), kind, 1)
    except Passing:
        return None
    return replace(page, results=tuple(replace(one, title=replace(one.title, overview=None)) for one in page.results))


def _status(word: object) -> Status | None:
    return _STATUSES.get(word) if isinstance(word, str) else None


def _trailer(videos: list[Fields], languages: Iterable[str | None]) -> Trailer | None:
    """The one in the first of `languages` that has one, then English, else any; of those an official one."""
    order = list(dict.fromkeys(filter(None, (*languages, "en"))))

    def rank(one: Fields) -> tuple[int, bool, bool]:
        spoken = one.get("iso_639_1")
        place = order.index(spoken) if spoken in order else len(order)
        return (place, one.get("type") != "Trailer", one.get("official") is not True)

    for one in sorted(videos, key=rank):
        if one.get("site") == "YouTube" and one.get("type") in _TRAILERS:
            key = reading.matching(one, "key", VIDEO_KEY)
            if key is not None:
                return Trailer(key, reading.matching(one, "iso_639_1", LANGUAGE))
    return None


def _by_country(age: Callable[[Fields], str], results: list[Fields]) -> tuple[Certification, ...]:
    """One age rating for each country that has one."""
    found: dict[str, Certification] = {}
    for one in results:
        country, rating = reading.matching(one, "iso_3166_1", COUNTRY), age(one)
        if country is not None and 0 < len(rating) <= MOST_RATING:
            found.setdefault(country, _certification(country, rating))
    return tuple(found.values())


def _film_age(one: Fields) -> str:
    """A film may have several in a country: the cinemas' first, then any."""
    rated = [(reading.text(each, "certification"), each.get("type")) for each in reading.dicts(one, "release_dates")]
    rated.sort(key=lambda each: _CINEMA.index(each[1]) if each[1] in _CINEMA else len(_CINEMA))
    return next((age for age, _ in rated if age), "")


def _series_age(one: Fields) -> str:
    return reading.text(one, "rating")


def _offers(countries: Fields) -> Iterator[Offers]:
    for country, said in countries.items():
        if COUNTRY.fullmatch(country) and isinstance(said, dict):
            yield Offers(
                country,
                stream=_services(chain.from_iterable(reading.dicts(said, name) for name in _STREAMS)),
                rent=_services(reading.dicts(said, "rent")),
                buy=_services(reading.dicts(said, "buy")),
                link=reading.matching(said, "link", WATCH_PAGE),
            )


def _services(said: Iterable[Fields]) -> tuple[Provider, ...]:
    return tuple(dict.fromkeys(filter(None, map(_service, said))))


def _service(said: Fields) -> Provider | None:
    number, name = reading.number(said, "provider_id", 1, MOST_ID), said.get("provider_name")
    return _provider(number, name) if number is not None and isinstance(name, str) else None


@lru_cache(4_000)
def _provider(number: int, name: str) -> Provider | None:
    """Made once for all titles: each card names hundreds."""
    cleaned = reading.cleaned(name)
    return Provider(number, cleaned) if cleaned else None


@lru_cache(4_000)
def _certification(country: str, rating: str) -> Certification:
    return Certification(country, rating)


def _season(said: Fields) -> Season | None:
    number = reading.number(said, "season_number", 0, MOST_SEASON)
    count = reading.number(said, "episode_count", 0, MOST_ID) or 0
    if number is None:
        return None
    return Season(number, reading.text(said, "name"), count=count, air_date=reading.day(said, "air_date"))


def _episode(said: Fields) -> Episode | None:
    season = reading.number(said, "season_number", 0, MOST_SEASON)
    number = reading.number(said, "episode_number", 0, MOST_ID)
    if season is None or number is None:
        return None
    minutes = reading.number(said, "runtime", 1, MOST_RUNTIME)
    return Episode(season, number, reading.text(said, "name"), reading.day(said, "air_date"), minutes)


# ── People ───────────────────────────────────────────────────────────────────────────────────────────────────────


def people(said: Fields, number: int) -> People:
    """`GET /3/search/person`."""
    results = reading.items(said, "results")
    if len(results) > PAGE_SIZE:
        reading.wrong("results")
    found = [_star(one, reading.dicts(one, "known_for")) for one in reading.dicts(said, "results") if not _adult(one)]
    total = reading.whole(said, "total_results", 0, MOST_ID)
    pages = min(reading.whole(said, "total_pages", 0, MOST_ID), MOST_PAGES) if total else 0
    return People(tuple(filter(None, found)), number, pages, total)


def person(said: Fields, person_id: int) -> Star:
    """`GET /3/person/{id}` with combined credits: known for what most have voted on, of what somebody mostly does.

    A series in which somebody appears as him- or herself is left out.
    """
    if reading.whole(said, "id", 1, MOST_ID) != person_id:
        reading.wrong("id")
    every, department = reading.within(said, "combined_credits"), said.get("known_for_department")
    played = [one for one in reading.dicts(every, "cast") if not _as_themselves(one)]
    made = reading.dicts(every, "crew")
    own = [one for one in made if one.get("department") == department]
    titles = [_by_votes(played), _by_votes(made)]
    if department != "Acting":
        titles = [_by_votes(own), *titles]
    star = _star(said, chain.from_iterable(titles))
    return reading.wrong("name") if star is None else star


def _star(said: Fields, titles: Iterable[Fields]) -> Star | None:
    number, name = reading.number(said, "id", 1, MOST_ID), reading.text(said, "name")
    if number is None or not name:
        return None
    known: dict[TitleRef, Title] = {}
    for one in titles:
        found = _title(one)
        if found is not None and len(known) < MOST_KNOWN_FOR:
            known.setdefault(found.ref, found)
    return Star(
        number,
        name,
        reading.text(said, "known_for_department"),
        reading.matching(said, "profile_path", PICTURE),
        tuple(known.values()),
    )


def _title(said: Fields) -> Title | None:
    kind = reading.kind_of(said, None)
    if kind is None or _adult(said):
        return None
    try:
        return replace(reading.title(said, reading.ref_of(kind, said)), overview=None)
    except Passing:
        return None


def _adult(said: Fields) -> bool:
    return said.get("adult") is True


def _as_themselves(said: Fields) -> bool:
    return said.get("media_type") == "tv" and not _AS_THEMSELVES.isdisjoint(reading.wholes(said, "genre_ids"))


def _by_votes(said: list[Fields]) -> list[Fields]:
    return sorted(said, key=lambda one: -(reading.number(one, "vote_count", 0, MOST_ID) or 0))


# ── Services ─────────────────────────────────────────────────────────────────────────────────────────────────────


def providers(said: Fields, country: str) -> list[tuple[int, Provider]]:
    """`GET /3/watch/providers/movie` or `…/tv`: each with its place, the most usual one's being the least."""
    found = []
    for one in reading.dicts(said, "results"):
        places = reading.within(one, "display_priorities")
        place = reading.number(places, country, 0, MOST_ID)
        service = _service(one)
        if service is not None:
            usual = reading.number(one, "display_priority", 0, MOST_ID) or 0
            found.append((usual if place is None else place, service))
    return found


def merged(lists: Iterable[list[tuple[int, Provider]]]) -> tuple[Provider, ...]:
    """All services of several lists, the most usual first, each once."""
    by_id: dict[int, Provider] = {}
    for _, service in sorted(chain.from_iterable(lists), key=lambda one: (one[0], one[1].name, one[1].id)):
        by_id.setdefault(service.id, service)
    return tuple(by_id.values())
