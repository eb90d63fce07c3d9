"""What is known of accounts' lists, of one (see `bot.core.mirror`) or of several together, without asking a service."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.core.model import Kind, Rating, Section, TitleRef
from storage import shelves

if TYPE_CHECKING:
    from storage.database import Database

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


async def on_watchlists(db: Database, accounts: Iterable[Account], kind: Kind | None) -> list[tuple[TitleRef, int]]:
    """The titles (None: of both kinds) on these accounts' watchlists, and on how many: most wanted first."""
    rows = await shelves.wanted(db, accounts, kind=kind.value if kind else None)
    return [(TitleRef(Kind(of), title_id), people) for of, title_id, people in rows]


async def rated_by(
    db: Database, accounts: Iterable[Account], refs: Iterable[TitleRef]
) -> dict[TitleRef, tuple[int, float | None]]:
    """How many of these accounts have rated each title, of those that one has; and the mean of what is known of their
    ratings, in points (0.5 to 10).
    """
    titles = [(ref.kind.value, ref.id) for ref in dict.fromkeys(refs)]
    rows = await shelves.rated(db, accounts, titles=titles)
    means = {TitleRef(Kind(row.kind), row.title_id): (row.people, row.mean) for row in rows}
    return {ref: (people, None if halves is None else halves / 2) for ref, (people, halves) in means.items()}
