"""Film nights. Tables `nights`, `attendees`, `candidates`, `ballots`, `presses` and `night_options`.

Instants in seconds since 1970, UTC. `options`, `facts`, `ballot` and `result` are JSON objects that the core reads.
A stage is entered only from the one before it, in one transaction: of two who press at once, one moves it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Sequence

    from storage.database import Database

Json: TypeAlias = dict[str, Any]

OPEN: Final = ("gathering", "choosing", "voting")
PRESSES_KEPT_SECONDS: Final = 3 * 24 * 3600


@dataclass(frozen=True, slots=True)
class NightRow:
    """A film night. `topic` is a group's thread, "" outside of them; `winner` the number of a candidate."""

    id: int
    platform: str
    chat_id: str
    topic: str
    opened_by: str
    opened_at: int
    stage: str
    options: Json
    closes_at: int | None
    latest: int | None
    nudges_at: int | None
    settled_at: int | None
    result: Json | None
    winner: int | None


@dataclass(frozen=True, slots=True)
class AttendeeRow:
    """Somebody who is in."""

    person_id: str
    name: str
    joined_at: int


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A title on the ballot, by its number there (from 1)."""

    number: int
    kind: str
    title_id: int
    facts: Json


@dataclass(frozen=True, slots=True)
class NightState:
    """All of a night, read at once: ballots by their person's id."""

    night: NightRow
    attendees: tuple[AttendeeRow, ...]
    candidates: tuple[CandidateRow, ...]
    ballots: dict[str, Json]


class NotOpen(Exception):
    """The night is in another stage than the one that this was for."""


async def open_night(
    db: Database,
    *,
    platform: str,
    chat_id: str,
    topic: str,
    person: tuple[str, str],
    options: Json,
    now: int,
) -> tuple[int, bool]:
    """Open a night with its opener (id, name) in; gives its id, and whether it is new: a place has one at a time."""

    def work(connection: sqlite3.Connection) -> tuple[int, bool]:
        there = connection.execute(
            f"select id from nights where platform = ? and chat_id = ? and topic = ? and stage in {OPEN}",  # noqa: S608 - our names
            (platform, chat_id, topic),
        ).fetchone()
        if there is not None:
            return int(there["id"]), False
        night_id = connection.execute(
            """
            insert into nights (platform, chat_id, topic, opened_by, opened_at, stage, options)
            values (?, ?, ?, ?, ?, 'gathering', ?) returning id
            """,
            (platform, chat_id, topic, person[0], now, _dump(options)),
        ).fetchone()["id"]
        _attend(connection, night_id, person, now)
        return int(night_id), True

    return await db.transaction(work)


async def read(db: Database, night_id: int) -> NightState | None:
    """All of a night, as it is now."""

    def work(connection: sqlite3.Connection) -> NightState | None:
        return state_of(connection, night_id)

    return await db.transaction(work)


async def current(db: Database, *, platform: str, chat_id: str, topic: str) -> int | None:
    """The night that is open in that place; else the last one that was decided and is not over."""
    rows = await db.query(
        """
        select id from nights where platform = :platform and chat_id = :chat_id and topic = :topic
            and stage in ('gathering', 'choosing', 'voting', 'decided')
        order by stage = 'decided', id desc limit 1
        """,
        platform=platform,
        chat_id=chat_id,
        topic=topic,
    )
    return int(rows[0]["id"]) if rows else None


async def attend(
    db: Database,
    night_id: int,
    *,
    person: tuple[str, str],
    going: bool,
    closes: Callable[[NightState], int | None],
    now: int,
) -> tuple[bool, NightState]:
    """Somebody (id, name) is in, or out again with his vote; False where that was so already. Raises NotOpen."""

    def work(connection: sqlite3.Connection) -> tuple[bool, NightState]:
        _expect(connection, night_id, OPEN)
        changed = _attend(connection, night_id, person, now) if going else _absent(connection, night_id, person[0], now)
        return changed, _close_by(connection, night_id, closes)

    return await db.transaction(work)


async def leave_chat(
    db: Database,
    *,
    platform: str,
    chat_id: str,
    person_id: str,
    closes: Callable[[NightState], int | None],
    now: int,
) -> list[int]:
    """Somebody is in a group no more, and in none of its nights that are open; gives those that he was in."""

    def work(connection: sqlite3.Connection) -> list[int]:
        rows = connection.execute(
            f"select id from nights where platform = ? and chat_id = ? and stage in {OPEN}",  # noqa: S608 - our names
            (platform, chat_id),
        ).fetchall()
        left = [row["id"] for row in rows if _absent(connection, row["id"], person_id, now)]
        for night_id in left:
            _close_by(connection, night_id, closes)
        return left

    return await db.transaction(work)


async def set_options(db: Database, night_id: int, change: Callable[[Json], Json]) -> Json:
    """Change what is set for a night that isn't voted on yet; gives what is set now. Raises NotOpen."""

    def work(connection: sqlite3.Connection) -> Json:
        night = _expect(connection, night_id, ("gathering", "choosing"))
        changed = change(night.options)
        connection.execute("update nights set options = ? where id = ?", (_dump(changed), night_id))
        return changed

    return await db.transaction(work)


async def choose(db: Database, night_id: int, candidates: Sequence[CandidateRow], *, choosing: bool = True) -> None:
    """These may be voted on; without `choosing`, back to who is in. Raises NotOpen once they are voted on."""

    def work(connection: sqlite3.Connection) -> None:
        _expect(connection, night_id, ("gathering", "choosing"))
        connection.execute("delete from candidates where night_id = ?", (night_id,))
        connection.executemany(
            "insert into candidates values (?, ?, ?, ?, ?)",
            ((night_id, one.number, one.kind, one.title_id, _dump(one.facts)) for one in candidates),
        )
        connection.execute(
            "update nights set stage = ? where id = ?", ("choosing" if choosing else "gathering", night_id)
        )

    await db.transaction(work)


async def start(db: Database, night_id: int, *, closes_at: int, nudges_at: int | None) -> NightState:
    """Begin the voting. Raises NotOpen, also where there is nothing to vote on."""

    def work(connection: sqlite3.Connection) -> NightState:
        _expect(connection, night_id, ("choosing",))
        if connection.execute("select 1 from candidates where night_id = ?", (night_id,)).fetchone() is None:
            raise NotOpen
        connection.execute(
            "update nights set stage = 'voting', closes_at = ?, latest = ?, nudges_at = ? where id = ?",
            (closes_at, closes_at, nudges_at, night_id),
        )
        return _known(connection, night_id)

    return await db.transaction(work)


async def cast(
    db: Database,
    night_id: int,
    *,
    platform: str,
    update_id: str,
    person: tuple[str, str],
    change: Callable[[Json], Json],
    closes: Callable[[NightState], int | None],
    now: int,
) -> tuple[Json, NightState]:
    """Change somebody's ballot (`{}` at first), who is in with that; gives the ballot and the night with it.

    `closes`: when the voting ends, with what is so then. An update that is handled once more changes nothing once more:
    what it made of the ballot then is what it makes of it now. Raises NotOpen unless the night is voted on.
    """

    def work(connection: sqlite3.Connection) -> tuple[Json, NightState]:
        done = connection.execute(
            "select ballot from presses where platform = ? and update_id = ?", (platform, update_id)
        ).fetchone()
        if done is not None:
            return json.loads(done["ballot"]), _known(connection, night_id)
        _expect(connection, night_id, ("voting",))
        row = connection.execute(
            "select ballot from ballots where night_id = ? and person_id = ?", (night_id, person[0])
        ).fetchone()
        ballot = change(json.loads(row["ballot"]) if row else {})
        _attend(connection, night_id, person, now)
        connection.execute(
            "insert or replace into ballots values (?, ?, ?, ?)", (night_id, person[0], _dump(ballot), now)
        )
        connection.execute("insert into presses values (?, ?, ?, ?)", (platform, update_id, _dump(ballot), now))
        return ballot, _close_by(connection, night_id, closes)

    return await db.transaction(work)


async def prolong(db: Database, night_id: int, *, closes_at: int, nudges_at: int | None) -> NightState:
    """The voting ends at another time, at the latest. Raises NotOpen unless the night is voted on."""

    def work(connection: sqlite3.Connection) -> NightState:
        _expect(connection, night_id, ("voting",))
        connection.execute(
            "update nights set closes_at = ?, latest = ?, nudges_at = ? where id = ?",
            (closes_at, closes_at, nudges_at, night_id),
        )
        return _known(connection, night_id)

    return await db.transaction(work)


async def wait(db: Database, night_id: int, *, now: int) -> NightState:
    """The time is up and not enough have voted: the voting goes on without an end. Raises NotOpen if it is not up."""

    def work(connection: sqlite3.Connection) -> NightState:
        if not is_up(_expect(connection, night_id, ("voting",)), now):
            raise NotOpen
        connection.execute(
            "update nights set closes_at = null, latest = null, nudges_at = null where id = ?", (night_id,)
        )
        return _known(connection, night_id)

    return await db.transaction(work)


def is_up(night: NightRow, now: int) -> bool:
    """Whether the time for voting is over."""
    return night.closes_at is not None and night.closes_at <= now


async def move(
    db: Database,
    night_id: int,
    *,
    before: Iterable[str],
    stage: str,
    now: int,
    settle: Callable[[NightState], tuple[Json | None, int | None]] | None = None,
) -> NightState:
    """Go on to another stage, with a result and a winner from what is so at that moment. Raises NotOpen."""

    def work(connection: sqlite3.Connection) -> NightState:
        _expect(connection, night_id, tuple(before))
        state = _known(connection, night_id)
        result, winner = settle(state) if settle is not None else (state.night.result, state.night.winner)
        connection.execute(
            "update nights set stage = ?, result = ?, winner = ?, settled_at = ? where id = ?",
            (stage, None if result is None else _dump(result), winner, now, night_id),
        )
        return _known(connection, night_id)

    return await db.transaction(work)


async def purge(db: Database, *, now: int) -> None:
    """Forget which updates were handled, once none of them can come again."""
    await db.write("delete from presses where pressed_at <= :since", since=now - PRESSES_KEPT_SECONDS)


def move_chat(connection: sqlite3.Connection, *, platform: str, old_id: str, new_id: str) -> None:
    """A group has another id now. Part of a transaction. Where a night is open under both, the new one's goes on."""
    connection.execute(
        f"""
        update nights set stage = 'ended' where platform = :platform and chat_id = :old and stage in {OPEN} and topic in
            (select topic from nights where platform = :platform and chat_id = :new and stage in {OPEN})
        """,  # noqa: S608 - our names
        {"platform": platform, "old": old_id, "new": new_id},
    )
    for table in ("nights", "night_options"):
        connection.execute(
            f"update or ignore {table} set chat_id = ? where platform = ? and chat_id = ?",  # noqa: S608 - names from here
            (new_id, platform, old_id),
        )


def _attend(connection: sqlite3.Connection, night_id: int, person: tuple[str, str], now: int) -> bool:
    return (
        connection.execute(
            """
            insert into attendees (night_id, person_id, name, joined_at) values (?, ?, ?, ?)
            on conflict do update set left_at = null, name = excluded.name where left_at is not null
            """,
            (night_id, *person, now),
        ).rowcount
        > 0
    )


def _absent(connection: sqlite3.Connection, night_id: int, person_id: str, now: int) -> bool:
    connection.execute("delete from ballots where night_id = ? and person_id = ?", (night_id, person_id))
    left = connection.execute(
        "update attendees set left_at = ? where night_id = ? and person_id = ? and left_at is null",
        (now, night_id, person_id),
    )
    return left.rowcount > 0


def _expect(connection: sqlite3.Connection, night_id: int, stages: Sequence[str]) -> NightRow:
    row = connection.execute("select * from nights where id = ?", (night_id,)).fetchone()
    if row is None or row["stage"] not in stages:
        raise NotOpen
    return night_of(row)


def state_of(connection: sqlite3.Connection, night_id: int) -> NightState | None:
    """All of a night. Part of a transaction."""
    row = connection.execute("select * from nights where id = ?", (night_id,)).fetchone()
    if row is None:
        return None
    attendees = connection.execute(
        "select person_id, name, joined_at from attendees where night_id = ? and left_at is null "
        "order by joined_at, person_id",
        (night_id,),
    )
    candidates = connection.execute(
        "select number, kind, title_id, facts from candidates where night_id = ? order by number", (night_id,)
    )
    ballots = connection.execute("select person_id, ballot from ballots where night_id = ?", (night_id,))
    return NightState(
        night_of(row),
        tuple(AttendeeRow(*one) for one in attendees),
        tuple(CandidateRow(one["number"], one["kind"], one["title_id"], _load(one["facts"])) for one in candidates),
        {one["person_id"]: _load(one["ballot"]) for one in ballots},
    )


def _known(connection: sqlite3.Connection, night_id: int) -> NightState:
    state = state_of(connection, night_id)
    assert state is not None  # noqa: S101 - nights are never deleted, and this one was there a moment ago
    return state


def _close_by(connection: sqlite3.Connection, night_id: int, closes: Callable[[NightState], int | None]) -> NightState:
    state = _known(connection, night_id)
    if (at := closes(state)) == state.night.closes_at:
        return state
    connection.execute("update nights set closes_at = ? where id = ?", (at, night_id))
    return _known(connection, night_id)


def night_of(row: sqlite3.Row | Json) -> NightRow:
    """A night, out of its row in the database."""
    values = dict(row)
    values["options"] = _load(values["options"])
    values["result"] = None if values["result"] is None else _load(values["result"])
    return NightRow(**values)


def _dump(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)


def _load(text: str) -> Json:
    value: Json = json.loads(text)
    return value
