"""Where posters are. Only what looks like a poster's path is ever put into an address."""

from __future__ import annotations

import re
from typing import Final

from bot.core.model import Title

BASE: Final = "https://image.tmdb.org/t/p/"
"""TMDB's, unless it or a setting says something else."""
SIZE: Final = "w342"
"""342 pixels wide: enough for a card on a phone."""
THUMBNAIL: Final = "w154"
"""For a line of a list."""

_PATH: Final = re.compile(r"/[A-Za-z0-9_-]{1,100}\.(?:jpg|png|webp)")


class Posters:
    """Gives the addresses of posters; `base` stands in front of a size and a path, and may become known later.

    `pages` is the root of TMDB's own pages.
    """

    def __init__(self, base: str = BASE, pages: str = "https://www.themoviedb.org") -> None:
        self.base = base
        self._pages = pages

    def page(self, title: Title) -> str:
        """TMDB's page about the title."""
        return f"{self._pages}/{title.ref.kind.value}/{title.ref.id}"

    def url(self, title: Title, size: str = SIZE) -> str | None:
        """The address of the title's poster, if it has one."""
        if not _PATH.fullmatch(title.poster_path or ""):
            return None
        return f"{self.base}{size}{title.poster_path}"
