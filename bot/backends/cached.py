"""A catalogue that remembers what it was asked: titles for hours, searches for minutes. Nothing of it is personal."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine, Hashable, MutableMapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

from cachetools import TTLCache

from bot.backends.together import Together

if TYPE_CHECKING:
    from bot.core.backend import Catalogue
    from bot.core.model import Kind, Page, Title, TitleRef

T = TypeVar("T")

MOST_TITLES: Final = 4_000
TITLE_SECONDS: Final = 6 * 3600.0
"""TMDB lets its facts be kept for six months; runtimes and posters of new films change within days."""
MOST_SEARCHES: Final = 1_000
SEARCH_SECONDS: Final = 300.0
"""For turning pages, and for pressing one of two readings."""


class Cached:
    """The same Catalogue, asked once for what doesn't change. `clock` gives seconds.

    What comes at once is one request. Errors are not remembered: a title that is unknown may be new.
    """

    def __init__(self, catalogue: Catalogue, clock: Callable[[], float] = time.monotonic) -> None:
        self._catalogue = catalogue
        self._titles: TTLCache[Hashable, Title] = TTLCache(MOST_TITLES, TITLE_SECONDS, clock)
        self._refs: TTLCache[Hashable, TitleRef] = TTLCache(MOST_TITLES, TITLE_SECONDS, clock)
        self._pages: TTLCache[Hashable, Page] = TTLCache(MOST_SEARCHES, SEARCH_SECONDS, clock)
        self._reads = Together()

    async def search(self, words: str, kind: Kind | None, year: int | None, language: str, page: int) -> Page:
        """Best first; as it was a few minutes ago at most."""
        key = ("search", words, kind, year, language, page)
        return await self._read(self._pages, key, lambda: self._catalogue.search(words, kind, year, language, page))

    async def title(self, ref: TitleRef, language: str) -> Title:
        """All that is known of a title. Raises NoSuchTitle."""
        return await self._read(self._titles, ("title", ref, language), lambda: self._catalogue.title(ref, language))

    async def find(self, imdb_id: str) -> TitleRef:
        """The title that IMDb calls `imdb_id`. Raises NoSuchImdbTitle."""
        return await self._read(self._refs, ("find", imdb_id), lambda: self._catalogue.find(imdb_id))

    async def _read(
        self, kept: MutableMapping[Hashable, T], key: Hashable, read: Callable[[], Coroutine[Any, Any, T]]
    ) -> T:
        found = kept.get(key)
        if found is None:
            found = kept[key] = await self._reads.read(key, read)
        return found
