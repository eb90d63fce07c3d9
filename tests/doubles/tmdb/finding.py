"""The endpoints that find titles: search, outside ids, what is popular, and discovering by genre and time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final

from tests.doubles.tmdb.details import offers_of
from tests.doubles.tmdb.refusals import bad_parameters
from tests.doubles.tmdb.seasons import next_episode
from tests.doubles.tmdb.shapes import chart_entry, entry, kind_entry, paged, person_entry
from tests.doubles.tmdb.titles import GERMAN, Kind, Person, Title
from tests.doubles.tmdb.wire import Asked, Endpoint, Json
from tests.doubles.tmdb.world import Tmdb


@cache
def folded(text: str) -> list[str]:
    """Its words, in small letters and without accents."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return re.findall(r"\w+", plain.casefold())


def _fits(query: list[str], names: Iterable[str]) -> bool:
    words = [word for name in names for word in folded(name)]
    return bool(query) and all(any(word.startswith(asked) for word in words) for asked in query)


def _names(title: Title) -> set[str]:
    return {title.name, title.original_name, GERMAN.get(title.key, title.name)}


def found(world: Tmdb, query: str, kind: Kind | None, *, adult: bool, year: int | None = None) -> list[Title]:
    """The titles that have these words in a name: one of exactly this name first, then the most popular."""
    words = folded(query)
    fitting = [
        title
        for title in world.titles.values()
        if kind in (None, title.kind)
        and (adult or not title.adult)
        and (year is None or title.date.startswith(f"{year:04}-"))
        and _fits(words, _names(title))
    ]
    return sorted(fitting, key=lambda title: (words not in map(folded, _names(title)), -title.popularity))


def people_found(world: Tmdb, query: str) -> list[Person]:
    """The people who have these words in their name, the most popular first."""
    fitting = [person for person in world.people.values() if _fits(folded(query), [person.name])]
    return sorted(fitting, key=lambda person: -person.popularity)


def known_for(world: Tmdb, person: Person) -> list[Title]:
    """What somebody made or played in, the most popular first."""
    theirs = [title for title in world.titles.values() if person in title.cast or person in title.makers]
    return sorted(theirs, key=lambda title: -title.popularity)


def _search(kind: Kind, *years: str) -> Callable[[Tmdb, Asked], Json]:
    def answer(world: Tmdb, asked: Asked) -> Json:
        asked.known("region")
        given = [year for year in map(asked.whole, years) if year is not None]
        titles = found(
            world,
            asked.text("query") or "",
            kind,
            adult=asked.flag("include_adult"),
            year=given[0] if given else None,
        )
        language = asked.language()
        return paged(titles, asked.page(), lambda title: entry(title, language))

    return answer


def search_person(world: Tmdb, asked: Asked) -> Json:
    """People by name."""
    asked.known("include_adult")
    language = asked.language()
    people = people_found(world, asked.text("query") or "")
    return paged(people, asked.page(), lambda person: person_entry(person, known_for(world, person), language))


def search_multi(world: Tmdb, asked: Asked) -> Json:
    """Films, series and people by name."""
    query, language = asked.text("query") or "", asked.language()
    titles = found(world, query, None, adult=asked.flag("include_adult"))

    def shape(one: Title | Person) -> Json:
        if isinstance(one, Title):
            return kind_entry(one, language)
        return person_entry(one, known_for(world, one), language) | {"media_type": "person"}

    everything: list[Title | Person] = [*titles, *people_found(world, query)]
    return paged(everything, asked.page(), shape)


def find(world: Tmdb, asked: Asked) -> Json:
    """What another service's id belongs to. The double knows IMDb's alone."""
    language = asked.language()
    if asked.text("external_source") != "imdb_id":
        raise bad_parameters("external_source")
    fitting = [title for title in world.titles.values() if title.imdb_id == asked.places["external_id"]]
    return {
        "movie_results": [kind_entry(title, language) for title in fitting if title.kind == "movie"],
        "tv_results": [kind_entry(title, language) for title in fitting if title.kind == "tv"],
        "person_results": [],
        "tv_episode_results": [],
        "tv_season_results": [],
    }


def _clean(world: Tmdb, *kinds: Kind) -> list[Title]:
    return [title for title in world.of_kind(*kinds) if not title.adult]


def _trending(*kinds: Kind) -> Callable[[Tmdb, Asked], Json]:
    def answer(world: Tmdb, asked: Asked) -> Json:
        if asked.places["time_window"] not in ("day", "week"):
            raise bad_parameters("time_window")
        language = asked.language()
        return paged(_clean(world, *kinds), 1, lambda title: kind_entry(title, language))

    return answer


def _chart(asked: Asked, titles: list[Title], **more: object) -> Json:
    language = asked.language()
    return paged(titles, asked.page(), lambda title: chart_entry(title, language), **more)


def popular_movies(world: Tmdb, asked: Asked) -> Json:
    """The most popular films."""
    asked.known("region")
    return _chart(asked, _clean(world, "movie"))


def top_movies(world: Tmdb, asked: Asked) -> Json:
    """The films with the best votes."""
    asked.known("region")
    return _chart(asked, sorted(_clean(world, "movie"), key=lambda title: -title.vote_average))


def popular_tv(world: Tmdb, asked: Asked) -> Json:
    """The most popular series."""
    return _chart(asked, _clean(world, "tv"))


def top_tv(world: Tmdb, asked: Asked) -> Json:
    """The series with the best votes."""
    return _chart(asked, sorted(_clean(world, "tv"), key=lambda title: -title.vote_average))


def on_air(world: Tmdb, asked: Asked) -> Json:
    """The series with an episode to come in these days."""
    asked.known("timezone")
    return _chart(asked, [title for title in _clean(world, "tv") if next_episode(world, title)])


def trending_people(world: Tmdb, asked: Asked) -> Json:
    """The most popular people."""
    language = asked.language()
    people = sorted(world.people.values(), key=lambda person: -person.popularity)

    def shape(one: Person) -> Json:
        return person_entry(one, known_for(world, one), language) | {"media_type": "person"}

    return paged(people, 1, shape)


def _dated(first: int, last: int) -> Callable[[Tmdb, Asked], Json]:
    def answer(world: Tmdb, asked: Asked) -> Json:
        asked.known("region")
        dates = {"minimum": world.day(first), "maximum": world.day(last)}
        fitting = [t for t in _clean(world, "movie") if dates["minimum"] <= t.date <= dates["maximum"]]
        return _chart(asked, fitting, dates=dates)

    return answer


_ORDERS: Final[dict[str, Callable[[Title], Any]]] = {
    "popularity": lambda title: title.popularity,
    "vote_average": lambda title: title.vote_average,
    "vote_count": lambda title: title.vote_count,
    "title": lambda title: title.name,
    "name": lambda title: title.name,
    "original_title": lambda title: title.original_name,
    "original_name": lambda title: title.original_name,
    "primary_release_date": lambda title: title.date,
    "first_air_date": lambda title: title.date,
}


def _has(genres: str, title: Title, *, when_empty: bool) -> bool:
    """Commas mean all of them, bars mean any of them."""
    own = {str(number) for number, _ in title.genres}
    if not genres:
        return when_empty
    return any(set(alternative.split(",")) <= own for alternative in genres.split("|"))


def _streams(title: Title, country: str) -> set[str]:
    """The services that stream it there."""
    return {str(one["provider_id"]) for one in offers_of(title).get(country, {}).get("flatrate", [])}


def _tests(asked: Asked, kind: Kind) -> list[Callable[[Title], bool]]:
    """What a title must fulfil to be discovered."""
    with_genres, without_genres = asked.text("with_genres") or "", asked.text("without_genres") or ""
    shortest, longest = asked.whole("with_runtime.gte"), asked.whole("with_runtime.lte")
    best, votes = asked.number("vote_average.gte"), asked.number("vote_count.gte")
    date = "primary_release_date" if kind == "movie" else "first_air_date"
    earliest, latest = asked.text(f"{date}.gte") or "", asked.text(f"{date}.lte") or "9999"
    year = asked.whole("primary_release_year" if kind == "movie" else "first_air_date_year")
    language = asked.text("with_original_language")
    country = asked.text("watch_region") or ""
    services = set(filter(None, (asked.text("with_watch_providers") or "").split("|")))
    if services and not country:
        asked.complain(f"{asked.method} {asked.path}: services without a country")
    return [
        lambda title: _has(with_genres, title, when_empty=True),
        lambda title: not _has(without_genres.replace(",", "|"), title, when_empty=False),
        lambda title: shortest is None or title.runtime >= shortest,
        lambda title: longest is None or title.runtime <= longest,
        lambda title: best is None or title.vote_average >= best,
        lambda title: votes is None or title.vote_count >= votes,
        lambda title: earliest <= title.date <= latest,
        lambda title: year is None or title.date.startswith(f"{year:04}-"),
        lambda title: language is None or title.language == language,
        lambda title: not services or not services.isdisjoint(_streams(title, country)),
    ]


def _discover(kind: Kind) -> Callable[[Tmdb, Asked], Json]:
    def answer(world: Tmdb, asked: Asked) -> Json:
        asked.known(
            "region", "with_watch_monetization_types", "include_video", "include_null_first_air_dates", "timezone"
        )
        tests, adult = _tests(asked, kind), asked.flag("include_adult")
        fitting = [t for t in world.of_kind(kind) if (adult or not t.adult) and all(test(t) for test in tests)]
        order, _, direction = (asked.text("sort_by") or "popularity.desc").rpartition(".")
        if order not in _ORDERS or direction not in ("asc", "desc"):
            raise bad_parameters("sort_by")
        return _chart(asked, sorted(fitting, key=_ORDERS[order], reverse=direction == "desc"))

    return answer


ENDPOINTS: Final = [
    Endpoint("GET", "/3/search/movie", _search("movie", "primary_release_year", "year")),
    Endpoint("GET", "/3/search/tv", _search("tv", "first_air_date_year", "year")),
    Endpoint("GET", "/3/search/multi", search_multi),
    Endpoint("GET", "/3/search/person", search_person),
    Endpoint("GET", "/3/find/{external_id}", find),
    Endpoint("GET", "/3/trending/movie/{time_window}", _trending("movie")),
    Endpoint("GET", "/3/trending/tv/{time_window}", _trending("tv")),
    Endpoint("GET", "/3/trending/person/{time_window}", trending_people),
    Endpoint("GET", "/3/trending/all/{time_window}", _trending("movie", "tv")),
    Endpoint("GET", "/3/movie/popular", popular_movies),
    Endpoint("GET", "/3/movie/top_rated", top_movies),
    Endpoint("GET", "/3/movie/upcoming", _dated(1, 31)),
    Endpoint("GET", "/3/movie/now_playing", _dated(-40, 0)),
    Endpoint("GET", "/3/tv/popular", popular_tv),
    Endpoint("GET", "/3/tv/top_rated", top_tv),
    Endpoint("GET", "/3/tv/airing_today", on_air),
    Endpoint("GET", "/3/tv/on_the_air", on_air),
    Endpoint("GET", "/3/discover/movie", _discover("movie")),
    Endpoint("GET", "/3/discover/tv", _discover("tv")),
]
