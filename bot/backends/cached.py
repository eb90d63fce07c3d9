"""A catalogue that remembers what it was asked: titles for hours, searches for minutes. Nothing of it is personal."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine, Hashable, MutableMapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

from cachetools import TTLCache

from bot.backends.together import Together

if TYPE_CHECKING:
    from bot.core.backend import Finder
    from bot.core.discovery import Filters, People, Provider, Season, Star, Window
    from bot.core.model import Kind, Page, Title, TitleRef

T = TypeVar("T")

MOST_TITLES: Final = 1_000
"""Cards, of some 60 KB each: with all countries' services and age ratings, and the lists of what is like it."""
MOST_REFS: Final = 4_000
TITLE_SECONDS: Final = 6 * 3600.0
"""TMDB lets its facts be kept for six months; runtimes and posters of new films change within days."""
MOST_SEARCHES: Final = 1_000
SEARCH_SECONDS: Final = 300.0
"""For turning pages, and for pressing one of two readings."""
MOST_CHARTS: Final = 500
CHART_SECONDS: Final = 3600.0
"""What is trending, popular or coming changes within a day."""
MOST_OTHERS: Final = 500
"""People, seasons, and the services of countries."""


class Cached:
    """The same Catalogue and Discovery, asked once for what doesn't change. `clock` gives seconds.

    What comes at once is one request. Errors are not remembered: a title that is unknown may be new.
    """

    def __init__(self, finder: Finder, clock: Callable[[], float] = time.monotonic) -> None:
        self._finder = finder
        self._titles: TTLCache[Hashable, Title] = TTLCache(MOST_TITLES, TITLE_SECONDS, clock)
        self._refs: TTLCache[Hashable, TitleRef] = TTLCache(MOST_REFS, TITLE_SECONDS, clock)
        self._pages: TTLCache[Hashable, Page] = TTLCache(MOST_SEARCHES, SEARCH_SECONDS, clock)
        self._people: TTLCache[Hashable, People] = TTLCache(MOST_SEARCHES, SEARCH_SECONDS, clock)
        self._charts: TTLCache[Hashable, Page] = TTLCache(MOST_CHARTS, CHART_SECONDS, clock)
        self._others: TTLCache[Hashable, Any] = TTLCache(MOST_OTHERS, TITLE_SECONDS, clock)
        self._reads = Together()

    # Catalogue

    async def search(self, words: str, kind: Kind | None, year: int | None, language: str, page: int) -> Page:
        """Best first; as it was a few minutes ago at most."""
        key = ("search", words, kind, year, language, page)
        return await self._read(self._pages, key, lambda: self._finder.search(words, kind, year, language, page))

    async def title(self, ref: TitleRef, language: str) -> Title:
        """All that is known of a title. Raises NoSuchTitle."""
        return await self._read(self._titles, ("title", ref, language), lambda: self._finder.title(ref, language))

    async def find(self, imdb_id: str) -> TitleRef:
        """The title that IMDb calls `imdb_id`. Raises NoSuchImdbTitle."""
        return await self._read(self._refs, ("find", imdb_id), lambda: self._finder.find(imdb_id))

    # Discovery

    async def trending(self, window: Window, kind: Kind | None, language: str, page: int) -> Page:
        """What most look at; as it was an hour ago at most, as all charts."""
        key = ("trending", window, kind, language, page)
        return await self._read(self._charts, key, lambda: self._finder.trending(window, kind, language, page))

    async def popular(self, kind: Kind, language: str, page: int) -> Page:
        """The most popular first."""
        key = ("popular", kind, language, page)
        return await self._read(self._charts, key, lambda: self._finder.popular(kind, language, page))

    async def upcoming(self, language: str, country: str, page: int) -> Page:
        """Films that are coming to the cinemas of that country."""
        key = ("upcoming", language, country, page)
        return await self._read(self._charts, key, lambda: self._finder.upcoming(language, country, page))

    async def airing(self, language: str, page: int, zone: str | None = None) -> Page:
        """Series that have an episode within a week."""
        key = ("airing", language, page, zone)
        return await self._read(self._charts, key, lambda: self._finder.airing(language, page, zone))

    async def similar(self, ref: TitleRef, language: str, page: int) -> Page:
        """What is like it. Its card has the first page. Raises NoSuchTitle."""
        details = (await self.title(ref, language)).details if page == 1 else None
        if details is not None and details.similar is not None:
            return details.similar
        key = ("similar", ref, language, page)
        return await self._read(self._charts, key, lambda: self._finder.similar(ref, language, page))

    async def recommendations(self, ref: TitleRef, language: str) -> Page:
        """What those like who like it. Its card has it. Raises NoSuchTitle."""
        details = (await self.title(ref, language)).details
        if details is not None and details.recommended is not None:
            return details.recommended
        key = ("recommendations", ref, language)
        return await self._read(self._charts, key, lambda: self._finder.recommendations(ref, language))

    async def people(self, words: str, language: str, page: int) -> People:
        """People by name; as it was a few minutes ago at most."""
        key = ("people", words, language, page)
        return await self._read(self._people, key, lambda: self._finder.people(words, language, page))

    async def person(self, person_id: int, language: str) -> Star:
        """Somebody, and what he or she is best known for. Raises NoSuchPerson."""
        key = ("person", person_id, language)
        return await self._read(self._others, key, lambda: self._finder.person(person_id, language))

    async def providers(self, country: str, language: str) -> tuple[Provider, ...]:
        """The services of a country, the most usual first."""
        key = ("providers", country, language)
        return await self._read(self._others, key, lambda: self._finder.providers(country, language))

    async def season(self, ref: TitleRef, number: int, language: str) -> Season:
        """A season with its episodes. Raises NoSuchSeason."""
        key = ("season", ref, number, language)
        return await self._read(self._others, key, lambda: self._finder.season(ref, number, language))

    async def discover(self, kind: Kind, language: str, filters: Filters, page: int) -> Page:
        """The titles that pass the filters, the most popular first."""
        key = ("discover", kind, language, filters, page)
        return await self._read(self._charts, key, lambda: self._finder.discover(kind, language, filters, page))

    async def _read(
        self, kept: MutableMapping[Hashable, T], key: Hashable, read: Callable[[], Coroutine[Any, Any, T]]
    ) -> T:
        found = kept.get(key)
        if found is None:
            found = kept[key] = await self._reads.read(key, read)
        return found
