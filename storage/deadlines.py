"""When film nights' votes end, and when those who have not voted are reminded.

Instants in seconds since 1970, UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.database import Database


@dataclass(frozen=True, slots=True)
class DueRow:
    """A night whose time is up; `nudge`: only for reminding those who have not voted."""

    night_id: int
    platform: str
    chat_id: str
    nudge: bool


async def due(db: Database, *, now: int) -> tuple[list[DueRow], int | None]:
    """The nights whose voting ends by now or that are to be nudged, and when the next is due after that."""
    rows = await db.query(
        """
        select id, platform, chat_id, closes_at, nudges_at from nights
        where stage = 'voting' and closes_at is not null order by closes_at
        """
    )
    found = [
        DueRow(row["id"], row["platform"], row["chat_id"], nudge=row["closes_at"] > now)
        for row in rows
        if row["closes_at"] <= now or (row["nudges_at"] is not None and row["nudges_at"] <= now)
    ]
    later = [at for row in rows for at in (row["closes_at"], row["nudges_at"]) if at is not None and at > now]
    return found, min(later, default=None)


async def nudged(db: Database, night_id: int, *, now: int) -> bool:
    """Claim a night's nudge, if it is still due: True for the one who is to give it."""
    claimed = await db.write(
        "update nights set nudges_at = null where id = :id and stage = 'voting' and nudges_at <= :now",
        id=night_id,
        now=now,
    )
    return claimed > 0
