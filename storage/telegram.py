"""Telegram's chats: where the bot can write, what it has told them once, and where they have moved.

Tables `telegram_chats` and `telegram_cards`. Instants in seconds since 1970, UTC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage import boards, members, nights, party_upkeep, sessions, settings

if TYPE_CHECKING:
    import sqlite3

    from storage.database import Database
    from storage.sealing import Seal

PLATFORM = "telegram"


async def inactive(db: Database) -> set[str]:
    """The chats in which the bot can't write: blocked, or thrown out."""
    rows = await db.query("select chat_id from telegram_chats where inactive_since is not null")
    return {row["chat_id"] for row in rows}


async def moved(db: Database) -> dict[str, str]:
    """The chats that have become another one, with its id."""
    rows = await db.query("select chat_id, moved_to from telegram_chats where moved_to is not null")
    return {row["chat_id"]: row["moved_to"] for row in rows}


async def set_active(db: Database, *, chat_id: str, active: bool, now: int) -> None:
    """Whether the bot can write there. What it knows of the chat stays; thrown out of, it is greeted anew later."""
    await db.write(
        """
        insert into telegram_chats (chat_id, inactive_since) values (:chat_id, :since)
        on conflict do update set inactive_since = excluded.inactive_since,
            greeted_at = case when excluded.inactive_since is null then greeted_at end
        """,
        chat_id=chat_id,
        since=None if active else now,
    )


async def is_greeted(db: Database, *, chat_id: str) -> bool:
    """Whether the bot has said hello there, since it came (back)."""
    return bool(
        await db.query(
            "select 1 from telegram_chats where chat_id = :chat_id and greeted_at is not null", chat_id=chat_id
        )
    )


async def greeted(db: Database, *, chat_id: str, now: int) -> None:
    """The bot has said hello there."""
    await db.write(
        """
        insert into telegram_chats (chat_id, greeted_at) values (:chat_id, :now)
        on conflict do update set greeted_at = excluded.greeted_at
        """,
        chat_id=chat_id,
        now=now,
    )


async def tell(db: Database, *, chat_id: str, now: int, every: int) -> bool:
    """Whether to tell a chat what it was not told in the last `every` seconds; it counts as told from now on."""
    told = await db.write(
        """
        insert into telegram_chats (chat_id, told_at) values (:chat_id, :now)
        on conflict do update set told_at = excluded.told_at where coalesce(told_at, 0) <= :now - :every
        """,
        chat_id=chat_id,
        now=now,
        every=every,
    )
    return told > 0


async def keep_card(db: Database, *, inline_id: str, party_id: int) -> None:
    """A card that somebody has put into a group: its title is proposed for that list."""
    await db.write(
        """
        insert into telegram_cards (inline_id, party_id) values (:inline_id, :party_id)
        on conflict do update set party_id = excluded.party_id
        """,
        inline_id=inline_id,
        party_id=party_id,
    )


async def party_of_card(db: Database, *, inline_id: str) -> int | None:
    """The list that the title of a card is proposed for, where it is known to stand in a group."""
    rows = await db.query("select party_id from telegram_cards where inline_id = :inline_id", inline_id=inline_id)
    return rows[0]["party_id"] if rows else None


async def move(db: Database, seal: Seal, *, old_id: str, new_id: str) -> bool:
    """A group has become a supergroup: all that was known of it is known of the new one. False if it was before.

    What the new one has by now already is kept.
    """

    def work(connection: sqlite3.Connection) -> bool:
        sessions.move(connection, seal, platform=PLATFORM, old_id=old_id, new_id=new_id)
        members.move(connection, platform=PLATFORM, old_id=old_id, new_id=new_id)
        settings.move(connection, platform=PLATFORM, old_id=old_id, new_id=new_id)
        nights.move_chat(connection, platform=PLATFORM, old_id=old_id, new_id=new_id)
        party_upkeep.move(connection, platform=PLATFORM, old_id=old_id, new_id=new_id)
        boards.move(connection, platform=PLATFORM, old_id=old_id, new_id=new_id)
        for table in ("sign_ins", "changes", "wishes"):
            connection.execute(
                f"update {table} set chat_id = ? where platform = ? and chat_id = ?",  # noqa: S608 - names from here
                (new_id, PLATFORM, old_id),
            )
        connection.execute(
            "update people set let_in_by = ? where platform = ? and let_in_by = ?", (new_id, PLATFORM, old_id)
        )
        connection.execute(
            "update or ignore chats set chat_id = ? where platform = ? and chat_id = ?", (new_id, PLATFORM, old_id)
        )
        connection.execute("delete from chats where platform = ? and chat_id = ?", (PLATFORM, old_id))
        # What was told to the old one need not be told to the new one again.
        connection.execute(
            """
            insert into telegram_chats (chat_id, greeted_at, told_at)
            select ?, greeted_at, told_at from telegram_chats where chat_id = ? and moved_to is null
            on conflict do update set greeted_at = coalesce(greeted_at, excluded.greeted_at),
                told_at = coalesce(told_at, excluded.told_at)
            """,
            (new_id, old_id),
        )
        moved = connection.execute(
            """
            insert into telegram_chats (chat_id, moved_to) values (?, ?)
            on conflict do update set moved_to = excluded.moved_to where moved_to is not excluded.moved_to
            """,
            (old_id, new_id),
        )
        return moved.rowcount > 0

    return await db.transaction(work)
