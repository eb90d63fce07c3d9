"""A catalogue of a server that may have none: then another one says what can be said."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from bot.backends.together import Together
from bot.core.errors import BackendDown, BackendError, NoSuchTitle, NotSupported
from bot.core.model import Title

if TYPE_CHECKING:
    from bot.core.backend import Catalogue
    from bot.core.model import Kind, Page, TitleRef

_PROBE: Final = "the"
PROBE_SECONDS: Final = 2.0
"""How long the server has to say whether it has one."""


class Fallback:
    """The server's own Catalogue where it has one, else `other`. Which one, is asked until the server says so.

    A title that `other` doesn't know may be on the server's lists all the same: of it, only the number is known.
    """

    def __init__(self, own: Catalogue, other: Catalogue) -> None:
        self._own = own
        self._other = other
        self._chosen: Catalogue | None = None
        self._probes = Together()

    async def search(self, words: str, kind: Kind | None, year: int | None, language: str, page: int) -> Page:
        """Best first."""
        return await (await self._catalogue()).search(words, kind, year, language, page)

    async def title(self, ref: TitleRef, language: str) -> Title:
        """All that is known of a title."""
        catalogue = await self._catalogue()
        try:
            return await catalogue.title(ref, language)
        except NoSuchTitle:
            if catalogue is self._own:
                raise
            if self._chosen is None:
                raise BackendDown("the server doesn't say whether it knows the title") from None
            return Title(ref, f"#{ref.id}", bare=True)

    async def find(self, imdb_id: str) -> TitleRef:
        """The title that IMDb calls `imdb_id`. Raises NoSuchImdbTitle."""
        return await (await self._catalogue()).find(imdb_id)

    async def _catalogue(self) -> Catalogue:
        """The one that answers; `other`, too, while the server doesn't say."""
        if self._chosen is None:
            try:
                async with asyncio.timeout(PROBE_SECONDS):
                    self._chosen = await self._probes.read(_PROBE, self._probe)
            except (TimeoutError, BackendError):
                return self._other
        return self._chosen

    async def _probe(self) -> Catalogue:
        try:
            await self._own.search(_PROBE, None, None, "en", 1)
        except NotSupported:
            return self._other
        return self._own
