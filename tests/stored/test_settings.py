"""What was set, as it is kept: read with the visit, moved with its group, named only where that is wanted."""

from __future__ import annotations

from typing import Any, cast

from storage import changes, members, people, sessions, settings, telegram
from storage.database import Database, Value
from storage.sealing import Seal
from storage.settings import SettingsRow, Whose

ADA, CLUB = Whose("telegram", "person", "1"), Whose("telegram", "chat", "-1")


async def visit(db: Database, chat_id: str) -> people.VisitRow:
    return await people.visit(
        db, services=("tmdb", "offline"), platform="telegram", person_id="1", chat_id=chat_id, private_chat_id="1"
    )


class Counting:
    """The database, which counts what it is asked."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.asked = 0

    async def query(self, sql: str, /, **params: Value) -> list[dict[str, Any]]:
        self.asked += 1
        return await self._db.query(sql, **params)


async def test_a_visit_reads_both_settings_in_one_query(db: Database) -> None:
    await settings.choose(db, ADA, column="country", value="DE")
    await settings.stream(db, ADA, service=(8, "Netflix"), on=True)
    await settings.choose(db, CLUB, column="answer_links", value=1)
    counting = Counting(db)
    found = await visit(cast(Database, counting), "-1")
    assert found.own_settings == SettingsRow(country="DE", streaming=((8, "Netflix"),))
    assert found.chat_settings == SettingsRow(answer_links=True)
    assert counting.asked == 1


async def test_who_has_set_nothing_has_the_defaults(db: Database) -> None:
    found = await visit(db, "-1")
    assert (found.own_settings, found.chat_settings) == (SettingsRow(), SettingsRow())
    assert await settings.read(db, ADA) == SettingsRow()


async def test_a_service_is_there_once_and_goes(db: Database) -> None:
    for on in (True, True, False):
        await settings.stream(db, ADA, service=(8, "Netflix"), on=on)
        await settings.stream(db, ADA, service=(9, "Prime"), on=True)
        expected = ((8, "Netflix"), (9, "Prime")) if on else ((9, "Prime"),)
        assert set((await settings.read(db, ADA)).streaming) == set(expected)
    await settings.stream_none(db, ADA)
    assert (await settings.read(db, ADA)).streaming == ()


async def test_a_groups_settings_go_with_it_and_what_is_there_by_now_stays(db: Database, seal: Seal) -> None:
    await settings.choose(db, CLUB, column="zone", value="Europe/Berlin")
    await telegram.move(db, seal, old_id="-1", new_id="-1001")
    assert (await visit(db, "-1001")).chat_settings.zone == "Europe/Berlin"
    assert (await visit(db, "-1")).chat_settings == SettingsRow()
    await settings.choose(db, CLUB, column="zone", value="Asia/Tokyo")
    await telegram.move(db, seal, old_id="-1", new_id="-1001")
    assert (await visit(db, "-1001")).chat_settings.zone == "Europe/Berlin"


async def test_only_those_are_named_who_want_to_be_and_are_there(db: Database) -> None:
    for number, name in enumerate(("Ada", "Ben", "Cleo", "Dan"), 1):
        who = str(number)
        await people.meet(db, platform="telegram", person_id=who, name=name, private_chat_id=who, now=1)
        await members.join(db, platform="telegram", chat_id="-1", person_id=who, now=1)
        await sessions.keep(
            db,
            service="tmdb",
            platform="telegram",
            chat_id=who,
            account_id=number,
            account_name=name,
            sealed_token=b"x",
            now=1,
        )
        await settings.choose(db, Whose("telegram", "person", who), column="show_name", value=int(name != "Ben"))
    await members.leave(db, platform="telegram", chat_id="-1", person_id="3", now=2)
    await sessions.sign_out(db, service="tmdb", platform="telegram", chat_id="4", now=2)
    assert await members.named(db, platform="telegram", chat_id="-1") == {("tmdb", 1): "Ada"}
    assert await members.named(db, platform="telegram", chat_id="-2") == {}


async def test_an_accounts_changes_are_found_without_reading_all(db: Database) -> None:
    plan = await db.query(
        "explain query plan select * from changes where service = 'tmdb' and account_id = 7 order by id desc limit 10"
    )
    assert [row["detail"] for row in plan] == [
        "SEARCH changes USING INDEX changes_by_account (service=? AND account_id=?)"
    ]
    assert await changes.count(db, service="tmdb", account_id=7) == 0
