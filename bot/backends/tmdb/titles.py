"""TMDB's titles, people and services: what is the same for everybody, and needs no account."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from bot.backends import reading
from bot.backends.client import Ask, Client
from bot.backends.tmdb import cards, wire
from bot.core.discovery import People
from bot.core.errors import MarqueeError, NoSuchImdbTitle, NoSuchPerson, NoSuchSeason, NoSuchTitle
from bot.core.model import Kind
from bot.core.text import year_apart

if TYPE_CHECKING:
    from bot.backends.reading import Fields
    from bot.core.discovery import Filters, Provider, Season, Star, Window
    from bot.core.model import Page, Title, TitleRef

T = TypeVar("T")

IMAGES: Final = "https://image.tmdb.org/t/p/"
"""Where TMDB keeps its pictures, unless it says something else."""

_IMAGES_SECONDS: Final = 24 * 3600.0
_IMAGES_AGAIN_SECONDS: Final = 300.0
_YEAR: Final = {Kind.MOVIE: "primary_release_year", Kind.TV: "first_air_date_year"}
_DATE: Final = {Kind.MOVIE: "primary_release_date", Kind.TV: "first_air_date"}
_EVERYWHERE: Final = "credits,videos,watch/providers,recommendations,similar"
_WITH: Final = {
    Kind.MOVIE: f"{_EVERYWHERE},release_dates",
    Kind.TV: f"{_EVERYWHERE},content_ratings,external_ids",
}
_STREAMS: Final = "flatrate|free|ads"

_log = logging.getLogger(__name__)


class Titles:
    """Catalogue and Discovery of `bot.core.backend` by TMDB, with the application's `access_token`."""

    def __init__(self, client: Client, access_token: str) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {access_token}"}
        self._images = IMAGES
        self._images_until = float("-inf")

    # Catalogue

    async def search(self, words: str, kind: Kind | None, year: int | None, language: str, page: int) -> Page:
        """Best first, without people, and without titles for adults. A year may stand at the end of the words: it
        narrows, and where nothing is of that year, it finds those of others.

        Where it finds both kinds on more than one page, `total_results` counts people as well.
        """
        words = reading.query(words)
        if not words:
            return reading.nothing(page)
        reading.checked(page)
        found = await self._search(words, kind, year, language, page)
        # TMDB takes a year for a part of the name.
        apart = year_apart(words) if year is None and not found.total_results else None
        if apart is None:
            return found
        of_year = await self._search(apart[0], kind, apart[1], language, page)
        return of_year if of_year.total_results else await self._search(apart[0], kind, None, language, page)

    async def title(self, ref: TitleRef, language: str) -> Title:
        """All that is known of a title, in one request. Raises NoSuchTitle.

        One more each where nobody has written in `language` what it is about: in the original's, then in English.
        """
        found = await self._look_up(
            wire.path(ref),
            lambda said: cards.title(said, ref, language),
            {
                "language": wire.language(language),
                "append_to_response": _WITH[ref.kind],
                "include_video_language": cards.video_languages(wire.language(language)),
            },
            NoSuchTitle(ref),
        )
        for other in dict.fromkeys((found.original_language, "en")):
            if not found.overview and other and other != wire.language(language)[:2]:
                found = replace(found, overview=await self._overview(ref, other))
        return found

    async def find(self, imdb_id: str) -> TitleRef:
        """The title that IMDb calls `imdb_id`. Raises NoSuchImdbTitle."""
        missing = NoSuchImdbTitle(imdb_id)
        if not wire.IMDB_ID.fullmatch(imdb_id):
            raise missing
        found = await self._look_up(f"/3/find/{imdb_id}", wire.by_imdb, {"external_source": "imdb_id"}, missing)
        if found is None:
            raise missing
        return found

    # Discovery

    async def trending(self, window: Window, kind: Kind | None, language: str, page: int) -> Page:
        """What most look at today, or this week: one page."""
        if reading.checked(page) > 1:
            return reading.nothing(page)
        path = f"/3/trending/{kind.value if kind else 'all'}/{window.value}"
        found = await self._look_up(path, lambda said: wire.found(said, kind, 1), {"language": wire.language(language)})
        return replace(found, total_pages=min(len(found.results), 1), total_results=len(found.results))

    async def popular(self, kind: Kind, language: str, page: int) -> Page:
        """The most popular first."""
        return await self._page(f"/3/{kind.value}/popular", kind, language, page)

    async def upcoming(self, language: str, country: str, page: int) -> Page:
        """Films that are coming to the cinemas of that country."""
        return await self._page("/3/movie/upcoming", Kind.MOVIE, language, page, {"region": country})

    async def airing(self, language: str, page: int, zone: str | None = None) -> Page:
        """Series that have an episode within a week."""
        return await self._page("/3/tv/on_the_air", Kind.TV, language, page, {"timezone": zone} if zone else {})

    async def similar(self, ref: TitleRef, language: str, page: int) -> Page:
        """What is like it, by TMDB's keywords and genres. Raises NoSuchTitle."""
        return await self._page(f"{wire.path(ref)}/similar", ref.kind, language, page, missing=NoSuchTitle(ref))

    async def recommendations(self, ref: TitleRef, language: str) -> Page:
        """What those like on TMDB who like it. Raises NoSuchTitle."""
        path = f"{wire.path(ref)}/recommendations"
        return await self._page(path, ref.kind, language, 1, missing=NoSuchTitle(ref))

    async def people(self, words: str, language: str, page: int) -> People:
        """People by name, each with the few titles that TMDB says."""
        words = reading.query(words)
        reading.checked(page)
        if not words:
            return People((), page, 0, 0)
        params = {"query": words, "include_adult": "false", "language": wire.language(language), "page": str(page)}
        return await self._look_up("/3/search/person", lambda said: cards.people(said, page), params)

    async def person(self, person_id: int, language: str) -> Star:
        """Somebody, and what he or she is best known for, in one request. Raises NoSuchPerson."""
        return await self._look_up(
            f"/3/person/{person_id}",
            lambda said: cards.person(said, person_id),
            {"language": wire.language(language), "append_to_response": "combined_credits"},
            NoSuchPerson(person_id),
        )

    async def providers(self, country: str, language: str) -> tuple[Provider, ...]:
        """The services of a country, for films and for series, in two requests at once."""
        params = {"language": wire.language(language), "watch_region": country}
        both = (f"/3/watch/providers/{kind.value}" for kind in Kind)
        return cards.merged(
            await asyncio.gather(
                *(self._look_up(path, lambda said: cards.providers(said, country), params) for path in both)
            )
        )

    async def season(self, ref: TitleRef, number: int, language: str) -> Season:
        """A season with its episodes. Raises NoSuchSeason."""
        if ref.kind is not Kind.TV:
            raise NoSuchSeason(number)
        return await self._look_up(
            f"{wire.path(ref)}/season/{number}",
            lambda said: cards.season(said, number),
            {"language": wire.language(language)},
            NoSuchSeason(number),
        )

    async def discover(self, kind: Kind, language: str, filters: Filters, page: int) -> Page:
        """The titles that pass the filters, the most popular first."""
        params = {"sort_by": "popularity.desc", "include_adult": "false"}
        if filters.genres:
            params["with_genres"] = ",".join(map(str, filters.genres))
        if filters.max_runtime is not None:
            # TMDB has 0 where it knows none.
            params |= {"with_runtime.gte": "1", "with_runtime.lte": str(filters.max_runtime)}
        if filters.decade is not None:
            params[f"{_DATE[kind]}.gte"] = f"{filters.decade}-01-01"
            params[f"{_DATE[kind]}.lte"] = f"{filters.decade + 9}-12-31"
        if filters.providers and filters.country:
            params |= {"watch_region": filters.country, "with_watch_monetization_types": _STREAMS}
            params["with_watch_providers"] = "|".join(map(str, filters.providers))
        return await self._page(f"/3/discover/{kind.value}", kind, language, page, params)

    # What else the bot asks of TMDB

    async def image_base(self) -> str:
        """In front of a size (`w342`) and a poster's path. Asked once a day; the usual one while TMDB doesn't say."""
        now = asyncio.get_running_loop().time()
        if now >= self._images_until:
            try:
                self._images = await self._look_up("/3/configuration", wire.image_base)
                self._images_until = now + _IMAGES_SECONDS
            except MarqueeError as error:
                _log.warning("TMDB does not say where its pictures are: %s", type(error).__name__)
                self._images_until = now + _IMAGES_AGAIN_SECONDS
        return self._images

    async def check(self) -> str:
        """Whether TMDB answers and takes the application's token; says so. Raises KeyRefused, BackendDown."""
        await self._look_up("/3/authentication", wire.succeeded)
        return "answers, and takes TMDB_ACCESS_TOKEN"

    async def _search(self, words: str, kind: Kind | None, year: int | None, language: str, page: int) -> Page:
        if kind is None and year is not None:
            # TMDB's search for both kinds takes no year.
            films, series = await asyncio.gather(
                *(self._search(words, one, year, language, wire.halved(page)) for one in (Kind.MOVIE, Kind.TV))
            )
            return wire.mixed(films, series, page)
        params = {
            "query": words,
            "include_adult": "false",
            "language": wire.language(language),
            "page": str(page),
        }
        if kind is not None and year is not None:
            params[_YEAR[kind]] = str(year)
        path = f"/3/search/{kind.value if kind else 'multi'}"
        return await self._look_up(path, lambda said: wire.found(said, kind, page), params)

    async def _page(
        self,
        path: str,
        kind: Kind,
        language: str,
        page: int,
        params: Mapping[str, str] | None = None,
        missing: MarqueeError | None = None,
    ) -> Page:
        """A page of a list that is the same for everybody."""
        params = {**(params or {}), "language": wire.language(language), "page": str(reading.checked(page))}
        return await self._look_up(path, lambda said: wire.listing(said, kind, page), params, missing)

    async def _overview(self, ref: TitleRef, language: str) -> str | None:
        """What it is about, in another language; the card does without it where TMDB doesn't say."""
        params = {"language": language}
        try:
            return await self._look_up(wire.path(ref), reading.overview, params, NoSuchTitle(ref))
        except MarqueeError as error:
            _log.info("A card does without what it is about: %s", type(error).__name__)
            return None

    async def _look_up(
        self,
        path: str,
        read: Callable[[Fields], T],
        params: Mapping[str, str] | None = None,
        missing: MarqueeError | None = None,
    ) -> T:
        """A read that is the same for everybody."""
        ask = Ask("GET", path, params or {}, headers=self._headers)
        return await self._client.shared(ask, wire.reader(read, missing=missing))
