"""Sessions: which one counts in a chat, and what becomes of a group's when the group becomes another one."""

from __future__ import annotations

import pytest

from storage import people, sessions, telegram
from storage.database import Database
from storage.errors import SealBroken
from storage.people import VisitRow
from storage.sealing import Seal

SERVICES = ("tmdb", "offline")


async def keep(db: Database, seal: Seal, service: str, chat_id: str, token: str = "a token") -> None:
    await sessions.keep(
        db,
        service=service,
        platform="telegram",
        chat_id=chat_id,
        account_id=7,
        account_name="Ann",
        sealed_token=seal.seal(token, sessions.place(service, "telegram", chat_id)),
        now=1_700_000_000,
    )


async def visit(db: Database, chat_id: str) -> VisitRow:
    return await people.visit(
        db, services=SERVICES, platform="telegram", person_id="1", chat_id=chat_id, private_chat_id="1"
    )


async def test_one_that_is_signed_in_counts_before_one_that_waits_and_the_main_service_first(
    db: Database, seal: Seal
) -> None:
    await keep(db, seal, "offline", "1")
    assert (await visit(db, "1")).own == await sessions.read(db, services=SERVICES, platform="telegram", chat_id="1")
    await sessions.sign_out(db, service="offline", platform="telegram", chat_id="1", now=1_700_000_000)
    await keep(db, seal, "tmdb", "1")
    assert [row.service for row in [(await visit(db, "1")).own] if row] == ["tmdb"]
    place = {"service": "tmdb", "platform": "telegram", "chat_id": "1"}
    await sessions.forget(db, **place, sealed_token=b"of an earlier session")
    assert [row.service for row in [(await visit(db, "1")).own] if row] == ["tmdb"]
    row = (await visit(db, "1")).own
    assert row is not None
    await sessions.forget(db, **place, sealed_token=row.sealed_token)
    own = (await visit(db, "1")).own
    assert own is not None
    assert own.signed_out_at is not None


async def test_a_private_chats_session_is_no_groups(db: Database, seal: Seal) -> None:
    await keep(db, seal, "tmdb", "1")
    assert (await visit(db, "1")).house is None
    found = await visit(db, "-5")
    assert (found.house, found.own is not None) == (None, True)


async def test_a_groups_session_goes_along_and_is_sealed_for_its_new_place(db: Database, seal: Seal) -> None:
    await keep(db, seal, "tmdb", "-5", "the group's token")
    await people.name_chat(db, platform="telegram", chat_id="-5", name="Film club")
    await people.open_house(db, platform="telegram", chat_id="-5", everyone=True)
    assert await telegram.move(db, seal, old_id="-5", new_id="-1005")
    assert not await telegram.move(db, seal, old_id="-5", new_id="-1005")
    found = await visit(db, "-1005")
    assert found.house is not None
    assert found.house_open
    sealed = found.house.sealed_token
    assert seal.open(sealed, sessions.place("tmdb", "telegram", "-1005")) == "the group's token"
    with pytest.raises(SealBroken):
        seal.open(sealed, sessions.place("tmdb", "telegram", "-5"))
    assert (await visit(db, "-5")).house is None
