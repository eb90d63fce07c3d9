"""Updates as they came, kept before they are acknowledged. Table `inbox`; payloads come sealed, emptied when done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    import sqlite3

    from storage.database import Database

KEPT_SECONDS: Final = 7 * 24 * 3600
"""How long an update's id is known, so that it isn't handled again."""


Also: TypeAlias = "Callable[[sqlite3.Connection], None]"
"""What a front end keeps in the same transaction as an update."""


@dataclass(frozen=True, slots=True)
class UpdateRow:
    """An update that is not done. `line`: those of one line are handled in order. `tries` so far."""

    update_id: str
    line: str
    sealed_payload: bytes
    tries: int


async def add(
    db: Database,
    *,
    platform: str,
    update_id: str,
    line: str,
    sealed_payload: bytes,
    now: int,
    also: Also | None = None,
) -> bool:
    """Keep an update, and do `also` in the same transaction. False, and nothing done, if its id is known."""

    def work(connection: sqlite3.Connection) -> bool:
        added = connection.execute(
            """
            insert into inbox (platform, update_id, line, sealed_payload, received_at)
            values (?, ?, ?, ?, ?) on conflict do nothing
            """,
            (platform, update_id, line, sealed_payload, now),
        ).rowcount
        if added and also is not None:
            also(connection)
        return bool(added)

    return await db.transaction(work)


@dataclass(frozen=True, slots=True)
class NewRow:
    """An update that has just come."""

    update_id: str
    line: str
    sealed_payload: bytes


async def add_all(db: Database, *, platform: str, rows: Sequence[NewRow], now: int) -> list[str]:
    """Keep a batch of updates, all or none. Returns the ids that were not known."""

    def work(connection: sqlite3.Connection) -> list[str]:
        return [
            row.update_id
            for row in rows
            if connection.execute(
                """
                insert into inbox (platform, update_id, line, sealed_payload, received_at)
                values (?, ?, ?, ?, ?) on conflict do nothing
                """,
                (platform, row.update_id, row.line, row.sealed_payload, now),
            ).rowcount
        ]

    return await db.transaction(work)


async def undone(db: Database, *, platform: str) -> list[UpdateRow]:
    """What is not done yet, in the order in which it came."""
    rows = await db.query(
        """
        select update_id, line, sealed_payload, tries from inbox
        where platform = :platform and done_at is null order by number
        """,
        platform=platform,
    )
    return [UpdateRow(**row) for row in rows]


async def tried(db: Database, *, platform: str, update_id: str) -> None:
    """One more try has failed."""
    await db.write(
        "update inbox set tries = tries + 1 where platform = :platform and update_id = :update_id",
        platform=platform,
        update_id=update_id,
    )


async def done(db: Database, *, platform: str, update_id: str, now: int) -> None:
    """Answered: the payload is emptied, the id stays known."""
    await db.write(
        """
        update inbox set done_at = :now, sealed_payload = x''
        where platform = :platform and update_id = :update_id
        """,
        platform=platform,
        update_id=update_id,
        now=now,
    )


async def purge(db: Database, *, now: int) -> None:
    """Forget the ids of what was done long ago."""
    await db.write("delete from inbox where done_at <= :since", since=now - KEPT_SECONDS)
