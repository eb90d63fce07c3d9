"""The lists that a group keeps together. Tables `parties`, `proposals` and `opinions`.

Instants in seconds since 1970, UTC. `facts` is a JSON object that the core reads. A list that was deleted, a proposal
that was taken off and one that was watched stay as rows, so that they can come back. What those say counts who are in
the group and take part there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    import sqlite3

    from storage.database import Database

Json: TypeAlias = dict[str, Any]

MOST_OFFERED: Final = 8
"""Lists to choose from."""

_OPEN: Final = "removed_at is null and watched_at is null"
_COUNTED: Final = """
    (select count(*) from opinions o
        join members m on m.platform = l.platform and m.chat_id = l.chat_id and m.person_id = o.person_id
            and m.left_at is null and not m.apart
        where o.proposal_id = p.id and o.wants is {wants})
"""
_PROPOSALS: Final = f"""
    select p.*, case when a.apart then '' else coalesce(h.name, '') end as proposer, l.platform, l.chat_id,
        {_COUNTED.format(wants=1)} as wants, {_COUNTED.format(wants=0)} as against
    from proposals p join parties l on l.id = p.party_id
    left join people h on h.platform = l.platform and h.person_id = p.proposed_by
    left join members a on a.platform = l.platform and a.chat_id = l.chat_id and a.person_id = p.proposed_by
"""  # noqa: S608 - text from this file
_PARTIES: Final = """
    select l.*, (select count(*) from proposals where party_id = l.id and removed_at is null and watched_at is null)
        as titles
    from parties l
"""


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A list of a group's. `titles`: how many are on it; `most_each`: how many each may propose, None: any number."""

    id: int
    platform: str
    chat_id: str
    name: str
    folded: str
    made_by: str
    made_at: int
    used_at: int
    most_each: int | None
    archived_at: int | None
    deleted_at: int | None
    titles: int


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A title that was proposed, and the group whose list it is on. `proposer`: what `proposed_by` is called, where
    that is to be said.

    `wants` of those who take part want it, it is not for `against` of them.
    """

    id: int
    party_id: int
    kind: str
    title_id: int
    facts: Json
    note: str
    proposed_by: str
    proposed_at: int
    removed_at: int | None
    removed_by: str | None
    watched_at: int | None
    proposer: str
    platform: str
    chat_id: str
    wants: int
    against: int

    @property
    def is_open(self) -> bool:
        """Whether it is on the list."""
        return self.removed_at is None and self.watched_at is None


class Outcome(Enum):
    """What came of proposing a title."""

    NEW = auto()
    THERE = auto()
    """It was on the list already."""
    FULL = auto()
    """Its person has proposed as many as each may."""


# ── Lists ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def in_use(db: Database, *, platform: str, chat_id: str) -> PartyRow | None:
    """The list that the group used last; None where it has none, or has put all away."""
    rows = await db.query(
        f"""
        {_PARTIES} where platform = :platform and chat_id = :chat_id and archived_at is null and deleted_at is null
        order by used_at desc, id desc limit 1
        """,
        platform=platform,
        chat_id=chat_id,
    )
    return PartyRow(**rows[0]) if rows else None


async def read(db: Database, party_id: int) -> PartyRow | None:
    """The list of that number, whatever has become of it."""
    rows = await db.query(f"{_PARTIES} where id = :id", id=party_id)
    return PartyRow(**rows[0]) if rows else None


async def those(db: Database, *, platform: str, chat_id: str) -> list[PartyRow]:
    """A group's lists, also those put away, the one used last first."""
    rows = await db.query(
        f"""
        {_PARTIES} where platform = :platform and chat_id = :chat_id and deleted_at is null
        order by archived_at is not null, used_at desc, id desc
        """,
        platform=platform,
        chat_id=chat_id,
    )
    return [PartyRow(**row) for row in rows]


async def of_person(db: Database, *, platform: str, person_id: str) -> list[PartyRow]:
    """The lists of the groups that somebody is in, without those put away; the one used last first."""
    rows = await db.query(
        f"""
        {_PARTIES} where l.platform = :platform and archived_at is null and deleted_at is null and l.chat_id in
            (select chat_id from members where platform = :platform and person_id = :person_id and left_at is null)
        order by used_at desc, id desc limit {MOST_OFFERED}
        """,  # noqa: S608 - text from this file
        platform=platform,
        person_id=person_id,
    )
    return [PartyRow(**row) for row in rows]


async def make(
    db: Database, *, platform: str, chat_id: str, name: tuple[str, str], person_id: str, now: int
) -> tuple[PartyRow, bool]:
    """Begin a list of that name (as it is said, and folded), and use it; False where the group has one of that name."""

    def work(connection: sqlite3.Connection) -> tuple[PartyRow, bool]:
        made = connection.execute(
            """
            insert into parties (platform, chat_id, name, folded, made_by, made_at, used_at)
            values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing
            """,
            (platform, chat_id, *name, person_id, now, now),
        ).rowcount
        row = connection.execute(
            f"{_PARTIES} where platform = ? and chat_id = ? and folded = ? and deleted_at is null",
            (platform, chat_id, name[1]),
        ).fetchone()
        if made:
            _use(connection, row["id"], now)
        return PartyRow(**row), made > 0

    return await db.transaction(work)


async def use(db: Database, party_id: int, *, now: int) -> None:
    """The group uses that list from now on."""
    await db.transaction(lambda connection: _use(connection, party_id, now))


async def rename(db: Database, party_id: int, *, name: tuple[str, str]) -> bool:
    """Give a list that name (as it is said, and folded); False where another of the group's has it."""

    def work(connection: sqlite3.Connection) -> bool:
        changed = connection.execute(
            "update or ignore parties set name = ?, folded = ? where id = ?", (*name, party_id)
        )
        return changed.rowcount > 0

    return await db.transaction(work)


async def archive(db: Database, party_id: int, *, at: int | None) -> None:
    """Put a list away, or (None) get it out again."""
    await db.write("update parties set archived_at = :at where id = :id and deleted_at is null", id=party_id, at=at)


async def delete(db: Database, party_id: int, *, at: int | None) -> bool:
    """Delete a list, or (None) bring it back; False where another of the group's has its name by now."""
    return await db.write("update or ignore parties set deleted_at = :at where id = :id", id=party_id, at=at) > 0


async def limit(db: Database, party_id: int, *, most_each: int | None) -> None:
    """How many titles each may propose for a list; None: any number."""
    await db.write("update parties set most_each = :most where id = :id", id=party_id, most=most_each)


# ── Proposals ────────────────────────────────────────────────────────────────────────────────────────────────────


async def wanted(db: Database, party_id: int) -> list[ProposalRow]:
    """What is on a list, most wanted first."""
    rows = await db.query(
        f"""
        {_PROPOSALS} where p.party_id = :party_id and p.removed_at is null and p.watched_at is null
        order by wants desc, against, p.proposed_at, p.id
        """,
        party_id=party_id,
    )
    return [_proposal(row) for row in rows]


async def proposal(db: Database, proposal_id: int) -> ProposalRow | None:
    """The proposal of that number, whatever has become of it."""
    rows = await db.query(f"{_PROPOSALS} where p.id = :id", id=proposal_id)
    return _proposal(rows[0]) if rows else None


async def propose(
    db: Database,
    party_id: int,
    *,
    title: tuple[str, int],
    facts: Json,
    person_id: str,
    update_id: str,
    now: int,
) -> tuple[int, Outcome]:
    """Put a title (kind, id) on a list, which its person then wants; gives the number of the one that is there.

    That is 0 where the list took no more of him. An update that is handled once more is told the same once more.
    """

    def work(connection: sqlite3.Connection) -> tuple[int, Outcome]:
        there = connection.execute(
            f"select id from proposals where party_id = ? and kind = ? and title_id = ? and {_OPEN}",  # noqa: S608 - our words
            (party_id, *title),
        ).fetchone()
        if there is not None:
            return int(there["id"]), _again(connection, there["id"], person_id, update_id)
        most = connection.execute("select most_each from parties where id = ?", (party_id,)).fetchone()["most_each"]
        if most is not None and _proposed_by(connection, party_id, person_id) >= most:
            return 0, Outcome.FULL
        number = connection.execute(
            """
            insert into proposals (party_id, kind, title_id, facts, proposed_by, proposed_at)
            values (?, ?, ?, ?, ?, ?) returning id
            """,
            (party_id, *title, json.dumps(facts, ensure_ascii=False), person_id, now),
        ).fetchone()["id"]
        connection.execute("insert into opinions values (?, ?, 1, ?, ?)", (number, person_id, update_id, now))
        _use(connection, party_id, now)
        return int(number), Outcome.NEW

    return await db.transaction(work)


async def remove(db: Database, proposal_id: int, *, person_id: str, now: int) -> bool:
    """Take a proposal off its list; False where it was not there any more."""
    removed = await db.write(
        f"update proposals set removed_at = :now, removed_by = :person_id where id = :id and {_OPEN}",  # noqa: S608 - our words
        id=proposal_id,
        person_id=person_id,
        now=now,
    )
    return removed > 0


async def put_back(db: Database, proposal_id: int) -> bool:
    """Put what was taken off back on its list; False where that title is there again by now."""
    back = await db.write(
        "update or ignore proposals set removed_at = null, removed_by = null where id = :id", id=proposal_id
    )
    return back > 0


async def watched(db: Database, *, party_id: int, kind: str, title_id: int, now: int) -> None:
    """The group has watched a title: it leaves the list."""
    await db.write(
        f"""
        update proposals set watched_at = :now
        where party_id = :party_id and kind = :kind and title_id = :title_id and {_OPEN}
        """,  # noqa: S608 - our words
        party_id=party_id,
        kind=kind,
        title_id=title_id,
        now=now,
    )


async def annotate(db: Database, proposal_id: int, *, note: str) -> None:
    """Write that note beside a proposal, in place of the one that was there."""
    await db.write("update proposals set note = :note where id = :id", id=proposal_id, note=note)


# ── Who wants what ───────────────────────────────────────────────────────────────────────────────────────────────


async def opine(
    db: Database, proposal_id: int, *, person_id: str, update_id: str, wants: bool, now: int
) -> bool | None:
    """Somebody wants a proposal, or it is not for him; said again, that is taken back. Gives what he says now.

    The same update is taken once only.
    """

    def work(connection: sqlite3.Connection) -> bool | None:
        key = (proposal_id, person_id)
        before = connection.execute(
            "select wants, said_by from opinions where proposal_id = ? and person_id = ?", key
        ).fetchone()
        if before is not None and before["said_by"] == update_id:
            return _said(before)
        says = None if before is not None and before["wants"] == wants else wants
        connection.execute("insert or replace into opinions values (?, ?, ?, ?, ?)", (*key, says, update_id, now))
        return says

    return await db.transaction(work)


async def opinion(db: Database, proposal_id: int, *, person_id: str) -> bool | None:
    """What somebody says of a proposal, if anything."""
    rows = await db.query(
        "select wants from opinions where proposal_id = :id and person_id = :person_id",
        id=proposal_id,
        person_id=person_id,
    )
    return _said(rows[0]) if rows else None


def _said(row: dict[str, Any] | sqlite3.Row) -> bool | None:
    return None if row["wants"] is None else bool(row["wants"])


def _use(connection: sqlite3.Connection, party_id: int, now: int) -> None:
    """Later than any other list of the group was used, also within a second."""
    connection.execute(
        """
        update parties set used_at = max(:now, 1 + (
            select max(o.used_at) from parties o where o.platform = parties.platform and o.chat_id = parties.chat_id))
        where id = :id
        """,
        {"now": now, "id": party_id},
    )


def _proposed_by(connection: sqlite3.Connection, party_id: int, person_id: str) -> int:
    """How many of a list's titles somebody has proposed."""
    found: int = connection.execute(
        f"select count(*) from proposals where party_id = ? and proposed_by = ? and {_OPEN}",  # noqa: S608 - our words
        (party_id, person_id),
    ).fetchone()[0]
    return found


def _again(connection: sqlite3.Connection, proposal_id: int, person_id: str, update_id: str) -> Outcome:
    """What came of proposing a title that is there: new, where it was this very update that put it there."""
    first = connection.execute(
        """
        select 1 from proposals p join opinions o on o.proposal_id = p.id and o.person_id = p.proposed_by
        where p.id = ? and p.proposed_by = ? and o.said_by = ?
        """,
        (proposal_id, person_id, update_id),
    ).fetchone()
    return Outcome.THERE if first is None else Outcome.NEW


def _proposal(row: dict[str, Any]) -> ProposalRow:
    return ProposalRow(**{**row, "facts": json.loads(row["facts"])})
