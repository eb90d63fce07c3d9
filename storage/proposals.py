"""What is on a group's lists, and who wants what of it. Tables `proposals` and `opinions`; see `storage.parties`.

Instants in seconds since 1970, UTC.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from storage import members
from storage.parties import IS_OPEN, PROPOSALS, Full, to_proposal

if TYPE_CHECKING:
    import sqlite3

    from storage.database import Database
    from storage.parties import Json, ProposalRow


class NotOpen(Exception):
    """The title is on the list no more."""


async def propose(
    db: Database,
    *,
    party_id: int,
    title: tuple[str, int],
    facts: Json,
    person_id: str,
    update_id: str,
    now: int,
    most: int,
) -> tuple[ProposalRow, bool]:
    """Put a title (kind, id) on a list; gives it, and whether it was not there before.

    Whoever proposes it wants it, also where it was there. An update that is handled once more says once more that it
    is new. Raises Full.
    """

    def work(connection: sqlite3.Connection) -> tuple[ProposalRow, bool]:
        there = connection.execute(
            f"""
            select o.id, o.update_id from proposals o
            where o.party_id = ? and o.kind = ? and o.title_id = ? and {IS_OPEN}
            """,  # noqa: S608 - text from storage
            (party_id, *title),
        ).fetchone()
        if there is None:
            _expect_room(connection, party_id, person_id, most)
            number = connection.execute(
                """
                insert into proposals (party_id, kind, title_id, facts, proposed_by, proposed_at, update_id)
                values (?, ?, ?, ?, ?, ?, ?) returning id
                """,
                (party_id, *title, json.dumps(facts, ensure_ascii=False), person_id, now, update_id),
            ).fetchone()["id"]
        else:
            number = there["id"]
        _say(connection, number, person_id, wants=True, update_id=update_id, now=now)
        return _found(connection, number), there is None or there["update_id"] == update_id

    return await db.transaction(work)


async def proposal(db: Database, proposal_id: int) -> ProposalRow | None:
    """A title that is on a list, or was."""
    rows = await db.query(f"{PROPOSALS} where o.id = :id", id=proposal_id)
    return to_proposal(rows[0]) if rows else None


async def on_list(db: Database, *, party_id: int, kind: str, title_id: int) -> ProposalRow | None:
    """That title, where it is on the list."""
    rows = await db.query(
        f"{PROPOSALS} where o.party_id = :party_id and o.kind = :kind and o.title_id = :title_id and {IS_OPEN}",
        party_id=party_id,
        kind=kind,
        title_id=title_id,
    )
    return to_proposal(rows[0]) if rows else None


async def remove(db: Database, proposal_id: int, *, by: str, now: int) -> None:
    """Take a title off its list."""
    await db.write(
        "update proposals set removed_at = :now, removed_by = :by where id = :id and removed_at is null",
        now=now,
        by=by,
        id=proposal_id,
    )


async def bring_back(db: Database, proposal_id: int) -> bool:
    """Put a title back on its list, with what was said of it; False where it was proposed anew meanwhile."""
    return (
        await db.write(
            "update or ignore proposals set removed_at = null, removed_by = null where id = :id", id=proposal_id
        )
        > 0
    )


async def note(db: Database, proposal_id: int, *, words: str) -> None:
    """Write something beside a title."""
    await db.write("update proposals set note = :words where id = :id", words=words, id=proposal_id)


async def opine(
    db: Database, proposal_id: int, *, person_id: str, wants: bool, update_id: str, now: int
) -> tuple[bool | None, ProposalRow]:
    """Somebody wants a title, or it is not for him; saying the same again takes it back (None).

    An update that is handled once more changes nothing once more. Raises NotOpen.
    """

    def work(connection: sqlite3.Connection) -> tuple[bool | None, ProposalRow]:
        row = connection.execute(
            "select wants, update_id from opinions where proposal_id = ? and person_id = ?", (proposal_id, person_id)
        ).fetchone()
        before = None if row is None or row["wants"] is None else bool(row["wants"])
        if row is not None and row["update_id"] == update_id:
            return before, _found(connection, proposal_id)
        if not _found(connection, proposal_id).is_open:
            raise NotOpen
        after = None if before is wants else wants
        _say(connection, proposal_id, person_id, wants=after, update_id=update_id, now=now)
        return after, _found(connection, proposal_id)

    return await db.transaction(work)


async def opinion(db: Database, proposal_id: int, *, person_id: str) -> bool | None:
    """What somebody has said of a title; None for nothing."""
    rows = await db.query(
        "select wants from opinions where proposal_id = :id and person_id = :person_id and wants is not null",
        id=proposal_id,
        person_id=person_id,
    )
    return bool(rows[0]["wants"]) if rows else None


async def wanted_by(db: Database, proposal_id: int) -> list[str]:
    """Of those who want a title, and are counted, the names of those who let themselves be named."""
    rows = await db.query(
        f"""
        select w.name from opinions s
        join proposals o on o.id = s.proposal_id join parties p on p.id = o.party_id
        join members m on m.platform = p.platform and m.chat_id = p.chat_id and m.person_id = s.person_id
            and {members.COUNTS}
        join people w on w.platform = p.platform and w.person_id = s.person_id
        join preferences c
            on c.platform = p.platform and c.owner = 'person' and c.owner_id = s.person_id and c.show_name
        where s.proposal_id = :id and s.wants = 1 order by s.said_at, w.name
        """,  # noqa: S608 - text from storage
        id=proposal_id,
    )
    return [row["name"] for row in rows]


async def on_it(db: Database, party_id: int) -> set[tuple[str, int]]:
    """The titles (kind, id) on a list."""
    rows = await db.query(
        f"select o.kind, o.title_id from proposals o where o.party_id = :id and {IS_OPEN}",  # noqa: S608 - as above
        id=party_id,
    )
    return {(row["kind"], row["title_id"]) for row in rows}


def _expect_room(connection: sqlite3.Connection, party_id: int, person_id: str, most: int) -> None:
    row = connection.execute(
        f"""
        select p.most_each, count(o.id) as titles, coalesce(sum(o.proposed_by = ?), 0) as own
        from parties p left join proposals o on o.party_id = p.id and {IS_OPEN} where p.id = ?
        """,  # noqa: S608 - ours
        (person_id, party_id),
    ).fetchone()
    if row["most_each"] is not None and row["own"] >= row["most_each"]:
        raise Full(row["most_each"], each=True)
    if row["titles"] >= most:
        raise Full(most, each=False)


def _say(
    connection: sqlite3.Connection, proposal_id: int, person_id: str, *, wants: bool | None, update_id: str, now: int
) -> None:
    connection.execute(
        "insert or replace into opinions values (?, ?, ?, ?, ?)", (proposal_id, person_id, wants, now, update_id)
    )


def _found(connection: sqlite3.Connection, proposal_id: int) -> ProposalRow:
    row = connection.execute(f"{PROPOSALS} where o.id = ?", (proposal_id,)).fetchone()
    if row is None:
        raise NotOpen
    return to_proposal(row)
