"""Messages that are kept up to date: which message shows a board now. Table `boards`.

`board` names it; `shown` is the button text of its view (a page of it); `message` is the platform's number for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3

    from storage.database import Database

DECIDED_SECONDS: Final = 24 * 3600
"""How long after its result a night is thought to go on; many are never said to be watched."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """Where a board stands. `language`: that in which it began; `stale`: it may show what was so before."""

    platform: str
    board: str
    shown: str
    chat_id: str
    topic: str
    message: str
    language: str
    stale: bool


async def put(db: Database, row: BoardRow) -> BoardRow | None:
    """That message shows the board from now on; gives the one that did before, if that was another."""

    def work(connection: sqlite3.Connection) -> BoardRow | None:
        before = connection.execute(
            "select * from boards where platform = ? and board = ?", (row.platform, row.board)
        ).fetchone()
        connection.execute(
            "insert or replace into boards values (?, ?, ?, ?, ?, ?, ?, ?)",
            (row.platform, row.board, row.shown, row.chat_id, row.topic, row.message, row.language, row.stale),
        )
        kept = _row(before) if before else None
        return kept if kept is not None and (kept.chat_id, kept.message) != (row.chat_id, row.message) else None

    return await db.transaction(work)


async def put_anew(db: Database, row: BoardRow, message: str) -> None:
    """Another message shows the board than in that row, unless another one does by now; the group may have moved."""
    await db.write(
        """
        update boards set message = :message
        where platform = :platform and board = :board and message in (:before, '0')
        """,
        platform=row.platform,
        board=row.board,
        before=row.message,
        message=message,
    )


async def read(db: Database, *, platform: str, board: str) -> BoardRow | None:
    """Where the board stands, if anywhere."""
    rows = await db.query(
        "select * from boards where platform = :platform and board = :board", platform=platform, board=board
    )
    return _row(rows[0]) if rows else None


async def stale(db: Database, *, platform: str, now: int) -> list[BoardRow]:
    """The boards that may show what was so before; those of nights that go on or were just settled as well.

    There a crash may have come between a change and the note that its board is behind.
    """
    rows = await db.query(
        """
        select b.* from boards b left join nights n on b.board = 'night ' || n.id
        where b.platform = :platform
            and (b.stale or n.stage in ('gathering', 'choosing', 'voting') or n.settled_at > :since)
        """,
        platform=platform,
        since=now - DECIDED_SECONDS,
    )
    return [_row(row) for row in rows]


async def mark(db: Database, *, platform: str, board: str, stale: bool) -> None:
    """Whether the board may show what was so before."""
    await db.write(
        "update boards set stale = :stale where platform = :platform and board = :board and stale is not :stale",
        platform=platform,
        board=board,
        stale=int(stale),
    )


async def turn(db: Database, *, platform: str, board: str, shown: str) -> None:
    """The board shows that view of it from now on."""
    await db.write(
        "update boards set shown = :shown where platform = :platform and board = :board",
        platform=platform,
        board=board,
        shown=shown,
    )


def move(connection: sqlite3.Connection, *, platform: str, old_id: str, new_id: str) -> None:
    """A group has another id now, and none of its messages. Part of a transaction, after the nights have moved.

    Of nights only what goes on there is shown anew, and the last one.
    """
    connection.execute(
        """
        delete from boards where platform = :platform and chat_id = :old and board in
            (select 'night ' || id from nights where platform = :platform and chat_id = :new
                and stage not in ('gathering', 'choosing', 'voting')
                and id <> (select max(id) from nights where platform = :platform and chat_id = :new))
        """,
        {"platform": platform, "old": old_id, "new": new_id},
    )
    connection.execute(
        "update boards set chat_id = ?, message = '0', stale = 1 where platform = ? and chat_id = ?",
        (new_id, platform, old_id),
    )


def _row(row: dict[str, object] | sqlite3.Row) -> BoardRow:
    values = dict(row)
    return BoardRow(**{**values, "stale": bool(values["stale"])})
