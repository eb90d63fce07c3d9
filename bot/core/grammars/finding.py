"""How it is said what to find without a title in mind."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from bot.core import intents as i
from bot.core import naming

_PAGED: Final = re.compile(r"(?P<title>[mt][0-9]{1,10}) (?P<page>[1-9][0-9]{0,2})")


def _similar(word: str, rest: str) -> i.Intent:
    paged = _PAGED.fullmatch(rest)
    # It changes nothing, so the likeliest reading will do.
    return i.Similar(naming.targets(word, paged["title"] if paged else rest)[0], int(paged["page"]) if paged else 1)


READERS: Final[dict[str, Callable[[str, str], i.Intent]]] = {"similar": _similar}


def spell(intent: i.Intent) -> str | None:
    """The canonical command text, without a slash."""
    match intent:
        case i.Similar(title, page):
            return f"similar {naming.spell_title(title)}{f' {page}' if page > 1 else ''}"
        case _:
            return None
