"""Which message shows a board, and which boards are brought up to date at a start."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import boards, nights
from storage.boards import DECIDED_SECONDS, BoardRow
from storage.database import Database
from storage.nights import CandidateRow

NOW = 1_700_000_000
ROW = BoardRow("telegram", "night 1", "1night 1", "-5", "", "10", "en", stale=False)


async def test_a_message_in_place_of_another_one_leaves_the_group_as_it_is_by_then(db: Database) -> None:
    await boards.put(db, ROW)
    await db.transaction(lambda connection: boards.move(connection, platform="telegram", old_id="-5", new_id="-100"))
    await boards.put_anew(db, ROW, "20")
    kept = await boards.read(db, platform="telegram", board="night 1")
    assert kept == replace(ROW, chat_id="-100", message="20", stale=True)
    await boards.put_anew(db, ROW, "30")  # the one of that row shows it no more
    assert await boards.read(db, platform="telegram", board="night 1") == kept


@pytest.mark.parametrize(("after", "goes_on"), [(DECIDED_SECONDS - 1, True), (DECIDED_SECONDS, False)])
async def test_the_boards_of_nights_that_go_on_are_shown_anew_at_a_start(
    db: Database, after: int, *, goes_on: bool
) -> None:
    place = {"platform": "telegram", "chat_id": "-5", "topic": ""}
    number, _ = await nights.open_night(db, **place, person=("1", "Ada"), options={}, now=NOW)
    await boards.put(db, replace(ROW, board=f"night {number}"))
    assert len(await boards.stale(db, platform="telegram", now=NOW + after)) == 1
    await nights.choose(db, number, [CandidateRow(1, "movie", 550, {})])
    await nights.start(db, number, closes_at=NOW + 60, nudges_at=None)
    await nights.move(db, number, before=("voting",), stage="decided", now=NOW)
    assert bool(await boards.stale(db, platform="telegram", now=NOW + after)) == goes_on
    await boards.mark(db, platform="telegram", board=f"night {number}", stale=True)
    assert len(await boards.stale(db, platform="telegram", now=NOW + after)) == 1
