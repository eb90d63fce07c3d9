"""The lists that a group keeps together. Tables `parties`, `proposals` and `opinions`.

Instants in seconds since 1970, UTC. `folded` is a name as names are compared; `facts` is a JSON object that the core
reads. Counted are those alone who are in the group and take part there (see `storage.members`). Of several lists the
one is in use that was used last and is not put away.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from storage import members

if TYPE_CHECKING:
    import sqlite3

    from storage.database import Database

Json: TypeAlias = dict[str, Any]

KEPT_SECONDS: Final = 30 * 24 * 3600
"""For how long what was deleted or taken off can be brought back."""


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A list. `most_each`: how many each may propose at a time, None for any number; `titles`: how many are on it."""

    id: int
    platform: str
    chat_id: str
    name: str
    made_by: str
    most_each: int | None
    archived_at: int | None
    deleted_at: int | None
    titles: int


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A title on a list, with how many want it and for how many it is not.

    `proposer`: the name of who proposed it, "" of one who takes part no more. It is open while it was neither taken off
    nor watched.
    """

    id: int
    party_id: int
    kind: str
    title_id: int
    facts: Json
    note: str
    proposed_by: str
    proposer: str
    proposed_at: int
    removed_at: int | None
    removed_by: str | None
    watched_at: int | None
    wants: int
    against: int

    @property
    def is_open(self) -> bool:
        """Whether it is on the list."""
        return self.removed_at is None and self.watched_at is None


class Full(Exception):
    """No more fits: what one member may propose (`each`), or a list may have."""

    def __init__(self, most: int, *, each: bool) -> None:
        super().__init__()
        self.most = most
        self.each = each


_PARTIES: Final = """
    select p.id, p.platform, p.chat_id, p.name, p.made_by, p.most_each, p.archived_at, p.deleted_at,
        (select count(*) from proposals o
            where o.party_id = p.id and o.removed_at is null and o.watched_at is null) as titles
    from parties p
"""
_SAID: Final = f"""
    select count(*) from opinions s
    join members m on m.platform = p.platform and m.chat_id = p.chat_id and m.person_id = s.person_id
        and {members.COUNTS}
    where s.proposal_id = o.id and s.wants = %d
"""  # noqa: S608 - text from storage
PROPOSALS: Final = f"""
    select o.id, o.party_id, o.kind, o.title_id, o.facts, o.note, o.proposed_by, o.proposed_at, o.removed_at,
        o.removed_by, o.watched_at, ({_SAID % 1}) as wants, ({_SAID % 0}) as against,
        coalesce((
            select w.name from people w
            join members m on m.platform = w.platform and m.chat_id = p.chat_id and m.person_id = w.person_id
                and m.out_at is null
            where w.platform = p.platform and w.person_id = o.proposed_by
        ), '') as proposer
    from proposals o join parties p on p.id = o.party_id
"""  # noqa: S608 - text from here
IS_OPEN: Final = "o.removed_at is null and o.watched_at is null"
_FIRST: Final = "order by wants desc, against, o.proposed_at, o.id"


# ── For film nights ──────────────────────────────────────────────────────────────────────────────────────────────


async def in_use(db: Database, *, platform: str, chat_id: str) -> PartyRow | None:
    """The list that a group uses, if it has one."""
    return await db.transaction(lambda connection: _in_use(connection, platform, chat_id))


async def wanted(db: Database, party_id: int) -> list[ProposalRow]:
    """What is on a list, most wanted first."""
    rows = await db.query(f"{PROPOSALS} where o.party_id = :id and {IS_OPEN} {_FIRST}", id=party_id)
    return [to_proposal(row) for row in rows]


async def watched(db: Database, *, party_id: int, kind: str, title_id: int, now: int) -> None:
    """The group has watched it: it leaves the list."""
    await db.write(
        """
        update proposals set watched_at = :now
        where party_id = :party_id and kind = :kind and title_id = :title_id
            and removed_at is null and watched_at is null
        """,
        party_id=party_id,
        kind=kind,
        title_id=title_id,
        now=now,
    )


# ── Lists ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def read(db: Database, party_id: int) -> PartyRow | None:
    """A list, deleted or not."""
    rows = await db.query(f"{_PARTIES} where p.id = :id", id=party_id)
    return PartyRow(**rows[0]) if rows else None


async def named(db: Database, *, platform: str, chat_id: str, folded: str) -> PartyRow | None:
    """The group's list of that name, put away or not."""
    return await db.transaction(lambda connection: _named(connection, platform, chat_id, folded))


async def every(db: Database, *, platform: str, chat_id: str) -> list[PartyRow]:
    """A group's lists: the one in use first, those put away last."""
    rows = await db.query(
        f"""
        {_PARTIES} where p.platform = :platform and p.chat_id = :chat_id and p.deleted_at is null
        order by p.archived_at is not null, p.used_at desc, p.id desc
        """,
        platform=platform,
        chat_id=chat_id,
    )
    return [PartyRow(**row) for row in rows]


async def begin(
    db: Database, *, platform: str, chat_id: str, name: str, folded: str, person_id: str, now: int, most: int
) -> tuple[PartyRow, bool]:
    """Use the list of that name from now on; gives whether it is new. Raises Full where a group has `most` already."""

    def work(connection: sqlite3.Connection) -> tuple[PartyRow, bool]:
        party = _named(connection, platform, chat_id, folded)
        if party is None:
            made = _make(connection, (platform, chat_id, name, folded, person_id, now), most)
            return made, True
        _use(connection, party, now)
        return _party(connection, party.id), False

    return await db.transaction(work)


async def first(
    db: Database, *, platform: str, chat_id: str, name: str, folded: str, person_id: str, now: int
) -> PartyRow:
    """The list in use; where there is none, one of that name."""

    def work(connection: sqlite3.Connection) -> PartyRow:
        party = _in_use(connection, platform, chat_id)
        if party is not None:
            return party
        there = _named(connection, platform, chat_id, folded)
        if there is None:
            return _make(connection, (platform, chat_id, name, folded, person_id, now), most=None)
        _use(connection, there, now)
        return _party(connection, there.id)

    return await db.transaction(work)


async def use(db: Database, party: PartyRow, *, now: int) -> None:
    """Use that list from now on; it is put away no more."""
    await db.transaction(lambda connection: _use(connection, party, now))


async def rename(db: Database, party_id: int, *, name: str, folded: str) -> bool:
    """Give a list another name; False where another list of the group has that."""
    return await db.transaction(
        lambda connection: (
            connection.execute(
                "update or ignore parties set name = ?, folded = ? where id = ? and deleted_at is null",
                (name, folded, party_id),
            ).rowcount
            > 0
        )
    )


async def archive(db: Database, party_id: int, *, at: int | None) -> None:
    """Put a list away at that time, or take it out again (None)."""
    await db.write("update parties set archived_at = :at where id = :id", at=at, id=party_id)


async def delete(db: Database, party_id: int, *, at: int | None) -> bool:
    """Delete a list at that time, or bring it back (None); False where another list has its name by now."""
    return await db.write("update or ignore parties set deleted_at = :at where id = :id", at=at, id=party_id) > 0


async def limit(db: Database, party_id: int, *, most: int | None) -> None:
    """How many each may have proposed at a time; None: any number."""
    await db.write("update parties set most_each = :most where id = :id", most=most, id=party_id)


# ── Upkeep ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def purge(db: Database, *, now: int) -> None:
    """Forget what was deleted or taken off so long ago that nobody brings it back. What a night names is kept."""

    def work(connection: sqlite3.Connection) -> None:
        gone = """
            select o.id from proposals o join parties p on p.id = o.party_id
            where o.removed_at <= :since or (p.deleted_at <= :since and p.id not in (
                select party_id from nights where party_id is not null))
        """
        since = {"since": now - KEPT_SECONDS}
        connection.execute(f"delete from opinions where proposal_id in ({gone})", since)  # noqa: S608 - text from here
        connection.execute(f"delete from proposals where id in ({gone})", since)  # noqa: S608 - as above
        connection.execute(
            """
            delete from parties where deleted_at <= :since and id not in (select party_id from proposals)
                and id not in (select party_id from nights where party_id is not null)
            """,
            since,
        )

    await db.transaction(work)


def move(connection: sqlite3.Connection, *, platform: str, old_id: str, new_id: str) -> None:
    """A group has another id now. Part of a transaction. Lists of the same name become one with all that is on both."""
    place = (platform, old_id)
    for row in connection.execute(
        "select id, folded from parties where platform = ? and chat_id = ? and deleted_at is null", place
    ).fetchall():
        there = _named(connection, platform, new_id, row["folded"])
        if there is not None:
            _join(connection, row["id"], there.id)
    connection.execute("update parties set chat_id = ? where platform = ? and chat_id = ?", (new_id, *place))


def _join(connection: sqlite3.Connection, old_id: int, new_id: int) -> None:
    """Put all that is on one list on another one, and delete the first."""
    for row in connection.execute(
        f"select o.id, o.kind, o.title_id from proposals o where o.party_id = ? and {IS_OPEN}",  # noqa: S608 - ours
        (old_id,),
    ).fetchall():
        double = connection.execute(
            f"select o.id from proposals o where o.party_id = ? and o.kind = ? and o.title_id = ? and {IS_OPEN}",  # noqa: S608
            (new_id, row["kind"], row["title_id"]),
        ).fetchone()
        if double is None:
            connection.execute("update proposals set party_id = ? where id = ?", (new_id, row["id"]))
        else:
            connection.execute(
                "update or ignore opinions set proposal_id = ? where proposal_id = ?", (double["id"], row["id"])
            )
    connection.execute("update nights set party_id = ? where party_id = ?", (new_id, old_id))
    connection.execute(
        "update parties set deleted_at = (select used_at from parties where id = ?) where id = ?", (new_id, old_id)
    )


def _in_use(connection: sqlite3.Connection, platform: str, chat_id: str) -> PartyRow | None:
    row = connection.execute(
        f"""
        {_PARTIES} where p.platform = ? and p.chat_id = ? and p.deleted_at is null and p.archived_at is null
        order by p.used_at desc, p.id desc limit 1
        """,
        (platform, chat_id),
    ).fetchone()
    return PartyRow(**row) if row else None


def _named(connection: sqlite3.Connection, platform: str, chat_id: str, folded: str) -> PartyRow | None:
    row = connection.execute(
        f"{_PARTIES} where p.platform = ? and p.chat_id = ? and p.folded = ? and p.deleted_at is null",
        (platform, chat_id, folded),
    ).fetchone()
    return PartyRow(**row) if row else None


def _party(connection: sqlite3.Connection, party_id: int) -> PartyRow:
    return PartyRow(**connection.execute(f"{_PARTIES} where p.id = ?", (party_id,)).fetchone())


def _make(connection: sqlite3.Connection, made: tuple[str, str, str, str, str, int], most: int | None) -> PartyRow:
    platform, chat_id, *_, now = made
    count = connection.execute(
        "select count(*) from parties where platform = ? and chat_id = ? and deleted_at is null", (platform, chat_id)
    ).fetchone()[0]
    if most is not None and count >= most:
        raise Full(most, each=False)
    row = connection.execute(
        """
        insert into parties (platform, chat_id, name, folded, made_by, made_at, used_at)
        values (?, ?, ?, ?, ?, ?, ?) returning id
        """,
        (*made, now),
    ).fetchone()
    party = _party(connection, row["id"])
    _use(connection, party, now)
    return party


def _use(connection: sqlite3.Connection, party: PartyRow, now: int) -> None:
    """Two lists that are used within a second are still told apart."""
    connection.execute(
        """
        update parties set archived_at = null, used_at = max(?, 1 + (
            select max(used_at) from parties where platform = ? and chat_id = ?)) where id = ?
        """,
        (now, party.platform, party.chat_id, party.id),
    )


def to_proposal(row: sqlite3.Row | Json) -> ProposalRow:
    """A row of PROPOSALS."""
    values = dict(row)
    values["facts"] = json.loads(values["facts"])
    return ProposalRow(**values)
