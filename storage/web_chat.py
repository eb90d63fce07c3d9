"""The web chat's messages, and the numbered events by which its pages follow them.

Tables `web_messages`, `web_events`, `web_chats`, `web_reads`. Bodies are JSON that the front end alone reads.
A page that names the last event it has seen gets all later ones, however long it was away: so nothing is missed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from storage.database import Database

BOT: Final = "bot"
"""The author of what the bot says."""

EVENTS_KEPT_SECONDS: Final = 7 * 24 * 3600
"""How long a page can be away and still be told only what it missed; later it starts afresh."""


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message as it stands now. `number` orders all messages; `said_at` in seconds since 1970, UTC."""

    number: int
    chat_id: str
    author: str
    update_id: str
    said_at: int
    body: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """Something that pages are told: a message that is new or changed, an update answered, a chat read."""

    seq: int
    kind: str
    person_id: str | None
    chat_id: str | None
    update_id: str | None
    number: int | None
    body: str | None
    message: MessageRow | None


@dataclass(frozen=True, slots=True)
class Saying:
    """What the bot says in answer: `replaces` is the number of the message that it takes the place of, if any."""

    chat_id: str
    body: str
    language: str
    replaces: int | None = None


def bubble(*, chat_id: str, author: str, update_id: str, body: str, now: int) -> Callable[[sqlite3.Connection], None]:
    """Add what a person said, to be done in a transaction of somebody else's."""

    def work(connection: sqlite3.Connection) -> None:
        _say(connection, chat_id, author, update_id, body, now)

    return work


async def answered(
    db: Database,
    *,
    update_id: str,
    person_id: str,
    sayings: Sequence[Saying],
    note: str,
    now: int,
    instead: str | None = None,
) -> list[int]:
    """Keep the answer to an update, in whichever chats, and tell the pages. Doing it twice adds no second message.

    `instead`: the body that what the person said has from now on, where it must not stand as it was. Gives the numbers
    of the messages that have what was said.
    """

    def work(connection: sqlite3.Connection) -> list[int]:
        numbers = [_answer(connection, saying, update_id, now) for saying in sayings]
        if instead is not None:
            _unsay(connection, update_id, person_id, instead, now)
        connection.execute(
            "insert into web_events (happened_at, kind, person_id, update_id, body) values (?, 'answered', ?, ?, ?)",
            (now, person_id, update_id, note),
        )
        return numbers

    return await db.transaction(work)


async def say(db: Database, saying: Saying, *, cause: str, now: int) -> int:
    """Say something that nobody has asked for, once for each `cause`; gives the number of its message."""

    def work(connection: sqlite3.Connection) -> int:
        return _answer(connection, saying, cause, now)

    return await db.transaction(work)


def _answer(connection: sqlite3.Connection, saying: Saying, update_id: str, now: int) -> int:
    replaced = connection.execute(
        "update web_messages set body = ? where number = ? and chat_id = ? and author = ?",
        (saying.body, saying.replaces, saying.chat_id, BOT),
    ).rowcount
    if replaced and saying.replaces is not None:
        number = saying.replaces
        _tell(connection, number, now)
    else:
        number = _say(connection, saying.chat_id, BOT, update_id, saying.body, now)
    connection.execute(
        "insert into web_chats values (?, ?) on conflict do update set language = excluded.language",
        (saying.chat_id, saying.language),
    )
    return number


def _unsay(connection: sqlite3.Connection, update_id: str, person_id: str, instead: str, now: int) -> None:
    said = connection.execute(
        "update web_messages set body = ? where update_id = ? and author = ? returning number",
        (instead, update_id, person_id),
    ).fetchall()
    for row in said:
        _tell(connection, row["number"], now)


def _say(connection: sqlite3.Connection, chat_id: str, author: str, update_id: str, body: str, now: int) -> int:
    row = connection.execute(
        """
        insert into web_messages (chat_id, author, update_id, said_at, body) values (?, ?, ?, ?, ?)
        on conflict do update set body = excluded.body returning number
        """,
        (chat_id, author, update_id, now, body),
    ).fetchone()
    number: int = row["number"]
    _tell(connection, number, now)
    return number


def _tell(connection: sqlite3.Connection, number: int | None, now: int) -> None:
    connection.execute("insert into web_events (happened_at, kind, number) values (?, 'message', ?)", (now, number))


async def message(db: Database, *, number: int) -> MessageRow | None:
    """The message of that number."""
    rows = await db.query("select * from web_messages where number = :number", number=number)
    return MessageRow(**rows[0]) if rows else None


async def messages(db: Database, *, chat_id: str, before: int | None = None, limit: int) -> list[MessageRow]:
    """The last messages of a chat (before the number `before`), the oldest first."""
    rows = await db.query(
        """
        select * from web_messages where chat_id = :chat_id and (:before is null or number < :before)
        order by number desc limit :limit
        """,
        chat_id=chat_id,
        before=before,
        limit=limit,
    )
    return [MessageRow(**row) for row in reversed(rows)]


async def has_said(db: Database, *, update_id: str) -> bool:
    """Whether a message came of that update."""
    return bool(await db.query("select 1 from web_messages where update_id = :update_id", update_id=update_id))


async def languages(db: Database) -> dict[str, str]:
    """The language of the last answer in each chat."""
    return {row["chat_id"]: row["language"] for row in await db.query("select * from web_chats")}


async def reads(db: Database) -> list[tuple[str, str, int]]:
    """Up to which message each person has read each chat: person, chat, number."""
    rows = await db.query("select person_id, chat_id, number from web_reads")
    return [(row["person_id"], row["chat_id"], row["number"]) for row in rows]


async def read(db: Database, *, person_id: str, chat_id: str, number: int, now: int) -> bool:
    """A person has read a chat up to that message; False, and nobody is told, if that was known."""

    def work(connection: sqlite3.Connection) -> bool:
        moved = connection.execute(
            """
            insert into web_reads values (?, ?, ?)
            on conflict do update set number = excluded.number where excluded.number > number
            """,
            (person_id, chat_id, number),
        ).rowcount
        if moved:
            connection.execute(
                """
                insert into web_events (happened_at, kind, person_id, chat_id, body) values (?, 'read', ?, ?, ?)
                """,
                (now, person_id, chat_id, str(number)),
            )
        return bool(moved)

    return await db.transaction(work)


async def events(db: Database, *, after: int, limit: int = 200) -> list[EventRow]:
    """What happened after the event `after`, in order; messages as they stand now."""
    rows = await db.query(
        """
        select e.seq, e.kind, e.person_id, e.chat_id, e.update_id, e.number, e.body,
               m.chat_id as m_chat_id, m.author as m_author, m.update_id as m_update_id,
               m.said_at as m_said_at, m.body as m_body
        from web_events e left join web_messages m on m.number = e.number
        where e.seq > :after order by e.seq limit :limit
        """,
        after=after,
        limit=limit,
    )
    return [_event(row) for row in rows]


def _event(row: dict[str, Any]) -> EventRow:
    columns = ("chat_id", "author", "update_id", "said_at", "body")
    parts = {column: row.pop(f"m_{column}") for column in columns}
    said = MessageRow(number=row["number"], **parts) if row["number"] is not None else None
    return EventRow(**row, message=said)


async def kept_events(db: Database) -> tuple[int, int]:
    """The numbers of the first event that is kept and of the last one; (1, 0) before there is any."""
    rows = await db.query(
        """
        select coalesce((select min(seq) from web_events), last + 1) as first, last
        from (select coalesce((select seq from sqlite_sequence where name = 'web_events'), 0) as last)
        """
    )
    return rows[0]["first"], rows[0]["last"]


async def purge(db: Database, *, now: int) -> None:
    """Forget events that only a page left open for a week could miss."""
    await db.write("delete from web_events where happened_at < :since", since=now - EVENTS_KEPT_SECONDS)
