"""What the mirror says of accounts' lists: see `bot.core.mirror`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.core.model import Kind, Rating, Section, TitleRef

Account = tuple[str, int]
"""An account by its service's name and its id there. One that is named twice counts once."""
List = tuple[Section, Kind]
"""One of an account's six lists."""

EVERY_LIST: Final[tuple[List, ...]] = tuple((section, kind) for section in Section for kind in Kind)


@dataclass(frozen=True, slots=True)
class Shelved:
    """A title on a list. `added_at` (seconds since 1970, UTC): None for what was there when first looked at."""

    ref: TitleRef
    added_at: int | None
    rating: Rating | None


@dataclass(frozen=True, slots=True)
class Known:
    """How well an account's lists are known.

    `as_of` (seconds since 1970, UTC): when all six were last known to be so; None if one never was, or not wholly.
    `counts`: titles on each list, by what its service last said; lists that nobody looked at are missing.
    """

    as_of: int | None
    counts: dict[List, int]
