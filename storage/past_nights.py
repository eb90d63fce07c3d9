"""Film nights that came to a result, and what a group keeps for its next ones (table `night_options`)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from storage.nights import Json, NightRow, NightState, night_of, state_of

if TYPE_CHECKING:
    import sqlite3

    from storage.database import Database


async def won(db: Database, *, platform: str, chat_id: str) -> list[NightRow]:
    """The group's nights with a result, the latest first: the last hundred."""
    rows = await db.query(
        """
        select * from nights where platform = :platform and chat_id = :chat_id
            and stage in ('decided', 'watched') and winner is not null
        order by settled_at desc, id desc limit 100
        """,
        platform=platform,
        chat_id=chat_id,
    )
    return [night_of(row) for row in rows]


async def watched(db: Database, *, platform: str, chat_id: str) -> set[tuple[str, int]]:
    """The titles (kind, id) that the group has watched at its nights."""
    rows = await db.query(
        """
        select c.kind, c.title_id from nights n join candidates c on c.night_id = n.id and c.number = n.winner
        where n.platform = :platform and n.chat_id = :chat_id and n.stage = 'watched'
        """,
        platform=platform,
        chat_id=chat_id,
    )
    return {(row["kind"], row["title_id"]) for row in rows}


async def past(
    db: Database, *, platform: str, chat_id: str, limit: int, offset: int = 0
) -> tuple[list[NightState], int]:
    """The group's nights that came to a result, the latest first, and how many there are in all."""

    def work(connection: sqlite3.Connection) -> tuple[list[NightState], int]:
        where = "platform = ? and chat_id = ? and stage in ('decided', 'watched') and winner is not null"
        ids = connection.execute(
            f"select id from nights where {where} order by id desc limit ? offset ?",  # noqa: S608 - our names
            (platform, chat_id, limit, offset),
        ).fetchall()
        total = connection.execute(f"select count(*) from nights where {where}", (platform, chat_id)).fetchone()[0]  # noqa: S608 - our names
        states = [state_of(connection, row["id"]) for row in ids]
        return [state for state in states if state is not None], total

    return await db.transaction(work)


async def options_of(db: Database, *, platform: str, chat_id: str) -> Json:
    """What a group's nights begin with; empty where nothing was set."""
    rows = await db.query(
        "select options from night_options where platform = :platform and chat_id = :chat_id",
        platform=platform,
        chat_id=chat_id,
    )
    return json.loads(rows[0]["options"]) if rows else {}


async def keep_options(db: Database, *, platform: str, chat_id: str, options: Json) -> None:
    """What the group's next nights begin with."""
    await db.write(
        "insert or replace into night_options values (:platform, :chat_id, :options)",
        platform=platform,
        chat_id=chat_id,
        options=json.dumps(options, ensure_ascii=False),
    )
