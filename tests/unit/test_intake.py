"""Updates are kept before they are acknowledged, and handled at least once, in order on a line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.core.intake import TRIES, Intake
from bot.core.store import Store
from storage.database import Database
from storage.sealing import Seal


@pytest.fixture
def store(db: Database, seal: Seal) -> Store:
    return Store(db, seal, lambda: 1_700_000_000)


class Handling:
    """What a front end does with updates: notes them, waits where it is told to, fails as often as it is told to."""

    def __init__(self) -> None:
        self.began: list[str] = []
        self.handled: list[str] = []
        self.given_up: list[str] = []
        self.failures: dict[str, int] = {}
        self.held: dict[str, asyncio.Event] = {}
        self.changed = asyncio.Condition()

    async def handle(self, update_id: str, payload: str) -> None:
        await self._note(self.began, update_id)
        if update_id in self.held:
            await self.held[update_id].wait()
        if self.failures.get(update_id, 0) > 0:
            self.failures[update_id] -= 1
            raise RuntimeError("as the test asked")
        await self._note(self.handled, f"{update_id}:{payload}")

    async def give_up(self, update_id: str, payload: str, reference: str) -> None:
        assert len(reference) == 6
        await self._note(self.given_up, f"{update_id}:{payload}")

    async def _note(self, where: list[str], what: str) -> None:
        async with self.changed:
            where.append(what)
            self.changed.notify_all()

    async def until(self, where: list[str], *what: str) -> None:
        async with asyncio.timeout(5), self.changed:
            await self.changed.wait_for(lambda: set(what) <= set(where))


@asynccontextmanager
async def running(store: Store, handling: Handling) -> AsyncIterator[Intake]:
    intake = Intake("test", store, handling.handle, handling.give_up)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(intake.run())
        yield intake
        intake.finish()


async def test_what_was_kept_is_handled_and_known_ever_after(store: Store) -> None:
    handling = Handling()
    async with running(store, handling) as intake:
        assert await intake.keep("1", "ada", "hello")
        assert not await intake.keep("1", "ada", "hello")
        await handling.until(handling.handled, "1:hello")
        assert not await intake.keep("1", "ada", "hello again")
    assert handling.handled == ["1:hello"]


async def test_a_line_is_handled_in_order_and_holds_up_no_other(store: Store) -> None:
    handling = Handling()
    handling.held["1"] = asyncio.Event()
    async with running(store, handling) as intake:
        for number in ("1", "2", "3"):
            await intake.keep(number, "ada", "")
        await handling.until(handling.began, "1")
        await intake.keep("4", "ben", "")
        await handling.until(handling.handled, "4:")
        assert handling.began == ["1", "4"]
        handling.held["1"].set()
        await handling.until(handling.handled, "3:")
    assert handling.handled == ["4:", "1:", "2:", "3:"]


async def test_what_is_left_at_a_stop_is_handled_at_the_next_start(store: Store) -> None:
    first, second = Handling(), Handling()
    first.held["1"] = asyncio.Event()
    async with running(store, first) as intake:
        for number in ("1", "2", "3"):
            await intake.keep(number, "ada", f"text {number}")
        await first.until(first.began, "1")
        intake.finish()
        first.held["1"].set()
    assert first.handled == ["1:text 1"], "what has begun is finished, and nothing else is begun"
    async with running(store, second):
        await second.until(second.handled, "2:text 2", "3:text 3")
    assert second.handled == ["2:text 2", "3:text 3"]


async def test_what_is_kept_while_the_rest_is_still_read_is_handled_once(store: Store) -> None:
    handling = Handling()
    intake = Intake("test", store, handling.handle, handling.give_up)
    await intake.keep("1", "ada", "")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(intake.run())
        await intake.keep("2", "ada", "")
        await handling.until(handling.handled, "1:", "2:")
        intake.finish()
    assert handling.handled == ["1:", "2:"]


async def test_what_fails_is_tried_three_times_and_given_up_with_an_apology(store: Store) -> None:
    handling = Handling()
    handling.failures = {"1": TRIES, "2": TRIES - 1}
    async with running(store, handling) as intake:
        await intake.keep("1", "ada", "poison")
        await intake.keep("2", "ada", "bitter")
        await handling.until(handling.handled, "2:bitter")
    assert handling.began == ["1"] * TRIES + ["2"] * TRIES
    assert handling.given_up == ["1:poison"]
    assert not await intake.keep("1", "ada", "poison"), "given up is done"


async def test_a_payload_is_sealed_while_it_waits_and_gone_when_it_is_done(store: Store) -> None:
    handling = Handling()
    handling.held["1"] = asyncio.Event()
    async with running(store, handling) as intake:
        await intake.keep("1", "ada", "my secret")
        await handling.until(handling.began, "1")
        [row] = await store.db.query("select sealed_payload from inbox")
        assert row["sealed_payload"]
        assert b"my secret" not in row["sealed_payload"]
        handling.held["1"].set()
    [row] = await store.db.query("select sealed_payload, done_at from inbox")
    assert (row["sealed_payload"], row["done_at"]) == (b"", 1_700_000_000)
