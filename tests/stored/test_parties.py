"""A group's lists as they are kept: who is counted, what is done once, what a new id of the group takes along."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import members, parties, people, proposals
from storage.database import Database
from storage.parties import KEPT_SECONDS, Full, PartyRow, ProposalRow
from storage.proposals import NotOpen

NOW = 1_700_000_000
CLUB = {"platform": "web", "chat_id": "club"}
HEAT = ("movie", 949)


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    db = await Database.open(tmp_path / "marquee.db")
    for person in ("ada", "ben", "cleo"):
        await people.meet(db, platform="web", person_id=person, name=person.title(), private_chat_id=person, now=NOW)
        await members.join(db, **CLUB, person_id=person, now=NOW)
    yield db
    await db.close()


async def begin(db: Database, name: str = "Film night", chat_id: str = "club") -> PartyRow:
    party, _ = await parties.begin(
        db, platform="web", chat_id=chat_id, name=name, folded=name.lower(), person_id="ada", now=NOW, most=20
    )
    return party


async def propose(
    db: Database, party: PartyRow, person: str, title: tuple[str, int] = HEAT, update: str = "u1", most: int = 100
) -> tuple[ProposalRow, bool]:
    return await proposals.propose(
        db,
        party_id=party.id,
        title=title,
        facts={"name": "Heat"},
        person_id=person,
        update_id=update,
        now=NOW,
        most=most,
    )


async def want(db: Database, one: ProposalRow, person: str, update: str, *, wants: bool = True) -> bool | None:
    said, _ = await proposals.opine(db, one.id, person_id=person, wants=wants, update_id=update, now=NOW)
    return said


async def test_a_group_uses_the_list_that_was_used_last_and_is_not_put_away(db: Database) -> None:
    night, winter = await begin(db), await begin(db, "Winter")
    assert await parties.in_use(db, **CLUB) == winter
    await parties.use(db, night, now=NOW)
    assert await parties.in_use(db, **CLUB) == night
    await parties.archive(db, night.id, at=NOW)
    assert await parties.in_use(db, **CLUB) == winter
    await parties.delete(db, winter.id, at=NOW)
    assert await parties.in_use(db, **CLUB) is None
    first = await parties.first(db, **CLUB, name="Film night", folded="film night", person_id="ben", now=NOW)
    assert (first.id, first.archived_at) == (night.id, None), "what is put away comes back instead of a double"


async def test_a_title_is_on_a_list_once_and_who_was_first_stays_so(db: Database) -> None:
    party = await begin(db)
    heat, new = await propose(db, party, "ada")
    again, anew = await propose(db, party, "ben", update="u2")
    assert (new, anew, again.id, again.proposer, again.wants) == (True, False, heat.id, "Ada", 2)
    assert (await propose(db, party, "ada", update="u1"))[1], "the same update tells the same again"


async def test_saying_the_same_again_takes_it_back_but_handling_it_twice_does_not(db: Database) -> None:
    heat, _ = await propose(db, await begin(db), "ada")
    assert await want(db, heat, "ben", "u2") is True
    assert await want(db, heat, "ben", "u2") is True
    assert await want(db, heat, "ben", "u3") is None
    assert await want(db, heat, "ben", "u4", wants=False) is False
    assert await want(db, heat, "ben", "u5") is True


async def test_those_alone_are_counted_who_take_part(db: Database) -> None:
    party = await begin(db)
    heat, _ = await propose(db, party, "ada")
    await want(db, heat, "ben", "u2")
    await want(db, heat, "cleo", "u3", wants=False)
    assert [(one.wants, one.against, one.proposer) for one in await parties.wanted(db, party.id)] == [(2, 1, "Ada")]
    assert await members.take_part(db, **CLUB, person_id="ada", going=False, now=NOW)
    assert not await members.take_part(db, **CLUB, person_id="ada", going=False, now=NOW)
    await members.leave(db, **CLUB, person_id="cleo", now=NOW)
    assert [(one.wants, one.against, one.proposer) for one in await parties.wanted(db, party.id)] == [(1, 0, "")]
    assert await members.taking_part(db, **CLUB) == [("ben", "Ben")]
    await members.join(db, **CLUB, person_id="ada", now=NOW)
    assert await members.standing(db, **CLUB, person_id="ada") == (True, False), "who talks is not counted by that"


async def test_a_list_can_limit_what_each_proposes(db: Database) -> None:
    party = await begin(db)
    await parties.limit(db, party.id, most=1)
    await propose(db, party, "ada")
    with pytest.raises(Full) as full:
        await propose(db, party, "ada", ("movie", 550))
    assert (full.value.most, full.value.each) == (1, True)
    await propose(db, party, "ben", ("movie", 550))
    with pytest.raises(Full) as full:
        await propose(db, party, "cleo", ("movie", 680), most=2)
    assert (full.value.most, full.value.each) == (2, False)


async def test_what_was_taken_off_or_watched_can_be_wanted_no_more(db: Database) -> None:
    party = await begin(db)
    heat, _ = await propose(db, party, "ada")
    await proposals.remove(db, heat.id, by="ada", now=NOW)
    with pytest.raises(NotOpen):
        await want(db, heat, "ben", "u2")
    assert await proposals.bring_back(db, heat.id)
    await parties.watched(db, party_id=party.id, kind="movie", title_id=949, now=NOW)
    with pytest.raises(NotOpen):
        await want(db, heat, "ben", "u3")
    assert await parties.wanted(db, party.id) == []


async def test_what_was_proposed_anew_is_not_brought_back_beside_it(db: Database) -> None:
    party = await begin(db)
    heat, _ = await propose(db, party, "ada")
    await proposals.remove(db, heat.id, by="ada", now=NOW)
    await propose(db, party, "ben", update="u2")
    assert not await proposals.bring_back(db, heat.id)
    await parties.delete(db, party.id, at=NOW)
    await begin(db)
    assert not await parties.delete(db, party.id, at=None)


async def test_only_what_nobody_brings_back_is_forgotten(db: Database) -> None:
    party, gone = await begin(db), await begin(db, "Winter")
    heat, _ = await propose(db, party, "ada")
    club, _ = await propose(db, party, "ada", ("movie", 550))
    await propose(db, gone, "ada")
    await proposals.remove(db, heat.id, by="ada", now=NOW)
    await parties.delete(db, gone.id, at=NOW)
    await parties.purge(db, now=NOW + KEPT_SECONDS - 1)
    assert await proposals.proposal(db, heat.id) is not None
    assert await parties.read(db, gone.id) is not None
    await parties.purge(db, now=NOW + KEPT_SECONDS)
    assert await proposals.proposal(db, heat.id) is None
    assert await parties.read(db, gone.id) is None
    assert [one.id for one in await parties.wanted(db, party.id)] == [club.id]


async def test_a_groups_new_id_takes_its_lists_along_and_joins_those_of_a_name(db: Database) -> None:
    old, winter = await begin(db), await begin(db, "Winter")
    await propose(db, old, "ada")
    await propose(db, old, "ada", ("movie", 550), "u2")
    for person in ("ada", "ben"):
        await members.join(db, platform="web", chat_id="new", person_id=person, now=NOW)
    new = await begin(db, chat_id="new")
    await propose(db, new, "ben", update="u3")
    await db.transaction(lambda connection: parties.move(connection, platform="web", old_id="club", new_id="new"))
    assert [(one.title_id, one.wants) for one in await parties.wanted(db, new.id)] == [(949, 2), (550, 1)]
    assert {one.id for one in await parties.every(db, platform="web", chat_id="new")} == {new.id, winter.id}
    assert await parties.every(db, **CLUB) == []


async def test_who_takes_no_part_takes_none_under_the_groups_new_id(db: Database) -> None:
    await members.take_part(db, **CLUB, person_id="ada", going=False, now=NOW)
    await members.join(db, platform="web", chat_id="new", person_id="ada", now=NOW)
    await db.transaction(lambda connection: members.move(connection, platform="web", old_id="club", new_id="new"))
    assert await members.standing(db, platform="web", chat_id="new", person_id="ada") == (True, False)
