"""Telegram as a front for conversations: the bot as a process of its own, set up by its environment alone, between it
and the test a double of the Bot API. Also: that process, to be started, stopped and killed.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from tests.conftest import ROOT, bare_environment
from tests.doubles.bot_api import BotApi, Chat, Group, Seen, serving
from tests.doubles.serving import Bell
from tests.talk import Shown

T = TypeVar("T")
NAMES = ("Ada", "Ben", "Cleo", "Dee", "Eli")


class Bot:
    """The bot as a process; `log` is all that it has printed and logged so far, in every run."""

    module = "bot"

    def __init__(self, telegram: BotApi, folder: Path, **settings: str) -> None:
        self.database = folder / "marquee.db"
        self.log = ""
        self._settings = {
            "MARQUEE_DATABASE": str(self.database),
            "MARQUEE_WEB_PORT": "0",
            "TELEGRAM_API_URL": telegram.url,
            "TELEGRAM_BOT_TOKEN": telegram.token,
            **settings,
        }
        self._more = Bell()
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def start(self, *arguments: str) -> None:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", self.module, *arguments),
            cwd=ROOT,
            env={**bare_environment(), **self._settings},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._reading = asyncio.get_running_loop().create_task(self._read(self._process))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        while line := await process.stdout.readline():
            self.log += line.decode()
            self._more.ring()

    async def says(self, words: str) -> None:
        """Wait until it prints or logs that."""
        async with asyncio.timeout(10):
            while words not in self.log:
                await self._more.next()

    async def ended(self) -> int:
        """Its exit code, when it has ended."""
        assert self._process is not None
        assert self._reading is not None
        async with asyncio.timeout(10):
            await self._reading
            return await self._process.wait()

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to stop; its exit code."""
        assert self._process is not None
        self._process.send_signal(number)
        return await self.ended()

    async def clear(self) -> None:
        """Leave nothing running."""
        if self._process is not None and self._process.returncode is None:
            await self.stop(signal.SIGKILL)


class HastyBot(Bot):
    """The same, with boards that follow at once."""

    module = "tests.platforms.hasty"


@asynccontextmanager
async def running(telegram: BotApi, folder: Path, kind: type[Bot] = Bot, /, **settings: str) -> AsyncIterator[Bot]:
    """The bot, waiting for updates."""
    bot = kind(telegram, folder, **settings)
    await bot.start()
    try:
        await telegram.polled()
        yield bot
    finally:
        await bot.clear()


class TelegramFront:
    """New people, in a new group, talking to a bot that others talk to as well."""

    def __init__(self, telegram: BotApi) -> None:
        self._telegram = telegram
        self._users = {name.lower(): telegram.user(name) for name in NAMES}
        self._group: Group | None = None
        self._toasts: dict[str, str | None] = {}

    async def say(self, person: str, chat: str, text: str) -> None:
        said = self._users[person].types(text, await self._chat(person, chat))
        if chat == "private":
            await self._telegram.answered(said)
        elif said.update is not None:  # in a group the bot isn't told of everything
            await self._handled(person, said.chat)

    async def press(self, person: str, chat: str, message: str, label: str) -> None:
        user = self._users[person]
        [found] = [each for each in user.sees(await self._chat(person, chat)) if str(each.id) == message]
        press = user.presses(found, label)
        told = await press.told()
        self._toasts[person] = told.text or None
        if told.url is not None:
            user.follows(told.url)
            await self._handled(person, user.chat)
        await self._handled(person, press.chat)

    async def link(self, person: str, chat: str, message: str, label: str) -> str:
        [found] = [e for e in self._users[person].sees(await self._chat(person, chat)) if str(e.id) == message]
        [url] = [button.url for row in found.buttons for button in row if button.label == label]
        assert url is not None
        return url

    async def come_back(self, person: str, url: str) -> None:
        user = self._users[person]
        user.follows(url)
        await self._handled(person, user.chat)

    async def shown(self, person: str, chat: str) -> list[Shown]:
        names = {user.first_name: key for key, user in self._users.items()}
        seen = self._users[person].sees(await self._chat(person, chat))
        return [_shown(each, names.get(each.author, "bot")) for each in seen]

    async def until(self, person: str, chat: str, true: Callable[[list[Shown]], bool]) -> None:
        names = {user.first_name: key for key, user in self._users.items()}
        user, where = self._users[person], await self._chat(person, chat)
        await self._telegram.until(
            lambda: true([_shown(each, names.get(each.author, "bot")) for each in user.sees(where)]), 20
        )

    async def toast(self, person: str) -> str | None:
        return self._toasts.get(person)

    async def _chat(self, person: str, chat: str) -> Chat:
        if chat == "private":
            return self._users[person].chat
        if self._group is None:
            users = list(self._users.values())
            for user in users:
                await self._telegram.answered(user.starts())
            self._group = self._telegram.group("Film club", users)
            self._group.add_bot()
            await self._telegram.until(lambda: self._group and self._telegram.written(self._group))
        return self._group

    async def _handled(self, person: str, chat: Chat) -> None:
        """Wait until all that this person did there is done, also what the bot has nothing to say to.

        A person's updates in a chat are handled in order, and a press on nothing gets an answer and changes nothing.
        """
        last = list(chat.messages.values())[-1]
        await self._users[person].presses_data(last, "").told()


def _shown(seen: Seen, author: str) -> Shown:
    return Shown(str(seen.id), author, seen.text, tuple(tuple(row) for row in seen.labels))


class Aside:
    """A loop in a thread of its own, since a test's loop ends with it, and a process for each test would be slow."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do it there, and wait."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def there(self, work: Coroutine[Any, Any, T]) -> T:
        """Do it there, while this loop goes on."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class FrontAside:
    """A front that lives in another loop."""

    def __init__(self, aside: Aside, front: TelegramFront) -> None:
        self._aside = aside
        self._front = front

    async def say(self, person: str, chat: str, text: str) -> None:
        await self._aside.there(self._front.say(person, chat, text))

    async def press(self, person: str, chat: str, message: str, label: str) -> None:
        await self._aside.there(self._front.press(person, chat, message, label))

    async def link(self, person: str, chat: str, message: str, label: str) -> str:
        return await self._aside.there(self._front.link(person, chat, message, label))

    async def come_back(self, person: str, url: str) -> None:
        await self._aside.there(self._front.come_back(person, url))

    async def shown(self, person: str, chat: str) -> list[Shown]:
        return await self._aside.there(self._front.shown(person, chat))

    async def until(self, person: str, chat: str, true: Callable[[list[Shown]], bool]) -> None:
        await self._aside.there(self._front.until(person, chat, true))

    async def toast(self, person: str) -> str | None:
        return await self._aside.there(self._front.toast(person))


@contextmanager
def bot_aside(folder: Path, **settings: str) -> Iterator[tuple[Aside, BotApi, Bot]]:
    """A bot and its Telegram, running while a test's own loop comes and goes."""
    aside, done = Aside(), asyncio.Event()
    ready: asyncio.Queue[tuple[BotApi, Bot]] = asyncio.Queue()

    async def run() -> None:
        async with serving() as telegram, running(telegram, folder, HastyBot, **settings) as bot:
            ready.put_nowait((telegram, bot))
            await done.wait()

    async def finish(task: asyncio.Future[None]) -> None:
        done.set()
        await task

    async def begin() -> tuple[asyncio.Future[None], BotApi, Bot]:
        task = asyncio.get_running_loop().create_task(run())
        getting = asyncio.get_running_loop().create_task(ready.get())
        await asyncio.wait({task, getting}, return_when=asyncio.FIRST_COMPLETED)
        return (task, *(getting.result() if getting.done() else await _failed(task)))

    try:
        task, telegram, bot = aside.run(begin())
        try:
            yield aside, telegram, bot
        finally:
            aside.run(finish(task))
    finally:
        aside.close()


async def _failed(task: asyncio.Future[None]) -> tuple[BotApi, Bot]:
    await task
    raise AssertionError("it ended before it began")
