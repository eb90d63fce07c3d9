"""Where posters are. Only what looks like a poster's path is ever put into an address."""

from __future__ import annotations

import re
from typing import Final

from bot.core.model import Title

BASE: Final = "https://image.tmdb.org/t/p/"
"""TMDB's, unless it or a setting says something else."""
SIZE: Final = "w342"
"""342 pixels wide: enough for a card on a phone."""

_PATH: Final = re.compile(r"/[A-Za-z0-9_-]{1,100}\.(?:jpg|png|webp)")


class Posters:
    """Gives the addresses of posters; `base` stands in front of a size and a path, and may become known later."""

    def __init__(self, base: str = BASE) -> None:
        self.base = base

    def url(self, title: Title) -> str | None:
        """The address of the title's poster, if it has one."""
        if not _PATH.fullmatch(title.poster_path or ""):
            return None
        return f"{self.base}{SIZE}{title.poster_path}"
