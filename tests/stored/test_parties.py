"""A group's lists as they are kept: what a new id of the group takes along, and what is forgotten."""

from __future__ import annotations

import sqlite3

import pytest

from storage import members, parties, party_upkeep, people
from storage.database import Database
from storage.parties import Outcome, PartyRow

NOW = 1_700_000_000
OLD, NEW = {"platform": "web", "chat_id": "old"}, {"platform": "web", "chat_id": "new"}
HEAT, MATRIX, ALIEN = ("movie", 949), ("movie", 603), ("movie", 348)


@pytest.fixture
async def groups(db: Database) -> None:
    """Ada and Ben are in a group, under both of its ids."""
    for person in ("ada", "ben"):
        await people.meet(db, platform="web", person_id=person, name=person.title(), private_chat_id=person, now=NOW)
        for place in (OLD, NEW):
            await members.join(db, **place, person_id=person, now=NOW)


async def begin(db: Database, chat_id: str, name: str = "Film night") -> PartyRow:
    named = (name, name.lower())
    party, _ = await parties.make(db, platform="web", chat_id=chat_id, name=named, person_id="ada", now=NOW)
    return party


async def propose(
    db: Database, party: PartyRow, person: str, title: tuple[str, int], update: str = ""
) -> tuple[int, Outcome]:
    facts = {"name": "Heat", "year": 1995, "minutes": 170, "genres": [80]}
    return await parties.propose(
        db, party.id, title=title, facts=facts, person_id=person, update_id=update or f"{person}{title}", now=NOW
    )


async def move(db: Database) -> None:
    def work(connection: sqlite3.Connection) -> None:
        members.move(connection, platform="web", old_id="old", new_id="new")
        party_upkeep.move(connection, platform="web", old_id="old", new_id="new")

    await db.transaction(work)


async def test_lists_of_one_name_become_one_with_all_that_is_on_both(groups: None, db: Database) -> None:
    old, winter = await begin(db, "old"), await begin(db, "old", "Winter")
    for title in (HEAT, MATRIX):
        await propose(db, old, "ada", title)
    new = await begin(db, "new")
    for title in (HEAT, ALIEN):
        await propose(db, new, "ben", title)
    both, _ = await propose(db, old, "ben", MATRIX)
    await parties.opine(db, both, person_id="ben", update_id="u9", wants=True, now=NOW)
    await move(db)
    found = {(row.kind, row.title_id): row.wants for row in await parties.wanted(db, new.id)}
    assert found == {HEAT: 2, MATRIX: 2, ALIEN: 1}
    assert {one.id for one in await parties.those(db, **NEW)} == {new.id, winter.id}
    assert await parties.those(db, **OLD) == []


async def test_who_stands_apart_does_so_under_the_groups_new_id(groups: None, db: Database) -> None:
    await members.take_part(db, **OLD, person_id="ada", going=False)
    await move(db)
    assert [one.name for one in await members.present(db, **NEW)] == ["Ben"]


async def test_handled_twice_it_is_proposed_once_and_told_so_twice(groups: None, db: Database) -> None:
    party = await begin(db, "old")
    heat, first = await propose(db, party, "ada", HEAT, "u1")
    assert await propose(db, party, "ada", HEAT, "u1") == (heat, Outcome.NEW)
    assert await propose(db, party, "ada", HEAT, "u2") == (heat, Outcome.THERE)
    assert first is Outcome.NEW


async def test_only_what_nobody_brings_back_is_forgotten(groups: None, db: Database) -> None:
    party, gone = await begin(db, "old"), await begin(db, "old", "Winter")
    heat, _ = await propose(db, party, "ada", HEAT)
    matrix, _ = await propose(db, party, "ada", MATRIX)
    await propose(db, gone, "ada", HEAT)
    await parties.remove(db, heat, person_id="ada", now=NOW)
    await parties.delete(db, gone.id, at=NOW)
    await party_upkeep.purge(db, now=NOW + party_upkeep.KEPT_SECONDS - 1)
    assert await parties.proposal(db, heat) is not None
    assert await parties.read(db, gone.id) is not None
    await party_upkeep.purge(db, now=NOW + party_upkeep.KEPT_SECONDS)
    assert await parties.proposal(db, heat) is None
    assert await parties.read(db, gone.id) is None
    assert [row.id for row in await parties.wanted(db, party.id)] == [matrix]
