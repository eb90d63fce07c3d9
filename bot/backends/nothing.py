"""A Discovery that can't do anything: what others build on that can do a part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.core.errors import NotHere

if TYPE_CHECKING:
    from bot.core.discovery import People, Provider, Season, Star
    from bot.core.model import Page


class NoDiscovery:
    """Discovery of `bot.core.backend`: everything raises NotHere."""

    async def trending(self, *_: Any, **__: Any) -> Page:
        """Raises NotHere."""
        raise NotHere

    async def popular(self, *_: Any, **__: Any) -> Page:
        """Raises NotHere."""
        raise NotHere

    async def upcoming(self, *_: Any, **__: Any) -> Page:
        """Raises NotHere."""
        raise NotHere

    async def airing(self, *_: Any, **__: Any) -> Page:
        """Raises NotHere."""
        raise NotHere

    async def similar(self, *_: Any, **__: Any) -> Page:
        """Raises NotHere."""
        raise NotHere

    async def recommendations(self, *_: Any, **__: Any) -> Page:
        """Raises NotHere."""
        raise NotHere

    async def people(self, *_: Any, **__: Any) -> People:
        """Raises NotHere."""
        raise NotHere

    async def person(self, *_: Any, **__: Any) -> Star:
        """Raises NotHere."""
        raise NotHere

    async def providers(self, *_: Any, **__: Any) -> tuple[Provider, ...]:
        """Raises NotHere."""
        raise NotHere

    async def season(self, *_: Any, **__: Any) -> Season:
        """Raises NotHere."""
        raise NotHere

    async def discover(self, *_: Any, **__: Any) -> Page:
        """Raises NotHere."""
        raise NotHere
