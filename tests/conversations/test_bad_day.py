"""A thousand changes by twenty people on a day on which TMDB fails now and then: none lost, none doubled."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Final

import pytest

from bot.app import build
from bot.backends.cached import Cached
from bot.backends.tmdb import Tmdb as TmdbBackend
from bot.backends.tmdb import tmdb_client
from bot.core.backend import Service, Services
from bot.core.chat import Chat, ChatKind, Person, Update
from bot.core.dispatch import Dispatch
from bot.core.phrases import phrases
from bot.core.reply import Notice, Reply, TitleCard
from bot.core.store import Store
from tests.core_front import CoreFront
from tests.doubles.tmdb import READ_TOKEN, Account, Tmdb

pytestmark = pytest.mark.needs("tmdb")

PEOPLE: Final = 20
UPDATES: Final = 1000
TITLES: Final = (550, 680, 13, 155)
UNSURE: Final = ("isn't answering", "is busy")


@pytest.fixture
async def dispatch(world_aside: tuple[Tmdb, str], service: Service, store: Store) -> AsyncIterator[Dispatch]:
    """A bot that waits less between its tries than a real one, and is not held to TMDB's pace."""
    async with tmdb_client(world_aside[1], pause=0.05, calls_a_second=100_000) as client:
        tmdb = TmdbBackend(client, READ_TOKEN, world_aside[1])
        found = Cached(tmdb)
        main = Service("tmdb", tmdb, found, None, embedded=False, discovery=found, approvals=tmdb, label="TMDB")
        made = build(Services(main, service), store)
        made.seconds = 30
        CoreFront(made)
        yield made


class Doer:
    """One person: what he has been told is done, and so must be at TMDB in the end."""

    def __init__(self, dispatch: Dispatch, world: Tmdb, number: int) -> None:
        self._dispatch = dispatch
        self._random = random.Random(number)
        self._person = Person("web", f"doer{number}", f"Doer {number}")
        self.account: Account = world.account(f"doer{number}", name=f"Doer {number}")
        self._world = world
        self._count = 0
        self.favorites: set[int] = set()
        self.watchlist: set[int] = set()
        self.ratings: dict[int, float] = {}
        self.unsure = 0

    async def says(self, text: str) -> str:
        self._count += 1
        chat = Chat("web", self._person.id, ChatKind.PRIVATE)
        update = Update(f"{self._person.id}-{self._count}", self._person, chat, text, private_chat_id=chat.id)
        return _read((await self._dispatch.answer(update)).reply)

    async def sign_in(self) -> None:
        before = set(self._world.tokens.pending)
        await self.says("/login")
        [token] = set(self._world.tokens.pending) - before
        back = self._world.approve(token, self.account)
        assert "You are signed in" in await self.says(f"/start {back.partition('start=')[2]}")

    async def does(self, times: int) -> None:
        """Changes at random, each said again until it is known to be done."""
        for _ in range(times):
            title = self._random.choice(TITLES)
            value = self._random.randint(1, 20) / 2
            said = self._random.choice(("fav", "unfav", "watch", "unwatch", f"rate {title} {value}", "unrate"))
            text = f"/{said}" if said.startswith("rate") else f"/{said} {title}"
            answer = await self.says(text)
            while any(words in answer for words in UNSURE):
                self.unsure += 1
                answer = await self.says(text)
            assert "Sorry" not in answer, answer
            self._expect(said.split()[0], title, value)

    def _expect(self, word: str, title: int, value: float) -> None:
        match word:
            case "fav":
                self.favorites.add(title)
            case "unfav":
                self.favorites.discard(title)
            case "watch":
                self.watchlist.add(title)
            case "unwatch":
                self.watchlist.discard(title)
            case "rate":
                if self.ratings.get(title) != value:
                    self.watchlist.discard(title)
                self.ratings[title] = value
            case "unrate":
                self.ratings.pop(title, None)


def _read(reply: Reply) -> str:
    lines = [line for part in reply.parts if isinstance(part, Notice) for line in part.lines]
    lines += [part.change for part in reply.parts if isinstance(part, TitleCard) and part.change]
    return "\n".join(phrases("en").text(line) for line in lines)


async def test_nothing_is_lost_or_doubled(dispatch: Dispatch, world: Tmdb, store: Store) -> None:
    doers = [Doer(dispatch, world, number) for number in range(PEOPLE)]
    for doer in doers:
        await doer.sign_in()
    world.faults.mix(seed=11)
    try:
        async with asyncio.TaskGroup() as tasks:
            for doer in doers:
                tasks.create_task(doer.does(UPDATES // PEOPLE))
    finally:
        world.faults.clear()
    for doer in doers:
        assert {number for _, number in doer.account.favorite} == doer.favorites
        assert {number for _, number in doer.account.watchlist} == doer.watchlist
        assert {number: value for (_, number), value in doer.account.ratings.items()} == doer.ratings
    [rows] = await store.db.query(
        "select count(*) as n, count(distinct update_id || ':' || title_id) as d from changes"
    )
    assert rows["n"] == rows["d"] > 0
    assert len([call for call in world.calls if call.status >= 400 or not call.status]) > 100, "a bad day"
