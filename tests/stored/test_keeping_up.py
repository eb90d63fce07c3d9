"""Messages that are kept up to date: no change is lost, whatever comes between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from bot.core.boards import Boards
from bot.core.chat import Chat
from bot.core.dispatch import Answer
from bot.core.intents import Intent, Night
from bot.core.phrases import plain
from bot.core.reply import notice
from bot.core.store import Store
from storage import boards, nights, telegram
from storage.boards import BoardRow
from storage.database import Database
from storage.sealing import Seal

HERE = {"platform": "telegram", "chat_id": "-1", "topic": ""}
NOW = 1_700_000_000
LATER = 2 * 24 * 3600


class Chats:
    """Messages by their numbers, and what there is to show: `news`."""

    def __init__(self, db: Database, seal: Seal, seconds: float) -> None:
        self.news = "nothing"
        self.messages: dict[str, str] = {}
        self.fails = 0
        self.shown = asyncio.Event()
        self.boards = Boards("telegram", Store(db, seal, lambda: NOW), self._happen, self._edit, seconds)

    async def _happen(self, _intent: Intent, _chat: Chat, _language: str) -> Answer:
        return Answer(notice(plain(self.news)), "en")

    async def _edit(self, row: BoardRow, _answer: Answer) -> None:
        if self.fails:
            self.fails -= 1
            raise ConnectionError
        self.messages[row.message] = self.news
        self.shown.set()

    async def put(self, message: str) -> None:
        """That message is the board, as it was when it was sent."""
        self.messages.setdefault(message, self.news)
        await self.boards.shown(Night(night=1), chat_id="-1", topic="", message=message, language="en")

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not true():
                await self.shown.wait()
                self.shown.clear()


@pytest.fixture
def chats(db: Database, seal: Seal) -> Chats:
    return Chats(db, seal, seconds=60)


@asynccontextmanager
async def kept_up(chats: Chats) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(chats.boards.run())
        yield
        running.cancel()


async def open_night(db: Database, *, now: int = NOW) -> int:
    number, _ = await nights.open_night(db, **HERE, person=("1", "Ada"), options={}, now=now)
    return number


async def end(db: Database, night: int, now: int = NOW) -> None:
    await nights.move(db, night, before=nights.OPEN, stage="ended", now=now)


async def test_what_changes_before_a_message_is_known_as_the_board_is_shown_in_it(chats: Chats) -> None:
    async with kept_up(chats):
        chats.messages["7"] = chats.news
        chats.news = "somebody is in"
        await chats.boards.refresh([Night(night=1)])
        await chats.put("7")
        await chats.until(lambda: chats.messages["7"] == "somebody is in")


async def test_what_could_not_be_shown_is_tried_again(db: Database, seal: Seal) -> None:
    chats = Chats(db, seal, seconds=0)
    async with kept_up(chats):
        await chats.put("7")
        chats.news, chats.fails = "somebody is in", 2
        await chats.boards.refresh([Night(night=1)])
        await chats.until(lambda: chats.messages["7"] == "somebody is in")


async def test_a_start_looks_after_nights_that_go_on_or_have_just_ended(db: Database, chats: Chats) -> None:
    night = await open_night(db)
    await chats.put("7")
    assert [row.message for row in await boards.stale(db, platform="telegram", now=NOW)] == ["7"]
    await end(db, night)
    assert [row.message for row in await boards.stale(db, platform="telegram", now=NOW)] == ["7"]
    assert await boards.stale(db, platform="telegram", now=NOW + LATER) == []


async def test_a_group_that_moves_takes_along_what_goes_on(db: Database, seal: Seal, chats: Chats) -> None:
    for message in ("5", "6"):
        night = await open_night(db)
        await chats.boards.shown(Night(night=night), chat_id="-1", topic="", message=message, language="en")
        await end(db, night)
    night = await open_night(db)
    await chats.boards.shown(Night(night=night), chat_id="-1", topic="", message="7", language="en")
    await telegram.move(db, seal, old_id="-1", new_id="-2")
    assert [row.board for row in await boards.stale(db, platform="telegram", now=NOW + LATER)] == [f"night {night}"]
    assert await nights.current(db, **{**HERE, "chat_id": "-2"}) == night


async def test_of_two_nights_that_meet_in_a_group_the_new_one_goes_on(db: Database, seal: Seal) -> None:
    old = await open_night(db)
    new, _ = await nights.open_night(db, **{**HERE, "chat_id": "-2"}, person=("1", "Ada"), options={}, now=NOW)
    await telegram.move(db, seal, old_id="-1", new_id="-2")
    assert await nights.current(db, **{**HERE, "chat_id": "-2"}) == new
    state = await nights.read(db, old)
    assert state is not None
    assert (state.night.chat_id, state.night.stage) == ("-2", "ended")
