"""Messages that are kept up to date: a change shows at once, what follows it at most every few seconds.

What a board shows is asked for when it is about to be shown: so it is the newest, however many changes came meanwhile.
That a board is behind is kept, so that after a crash it is brought up to date at the next start.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.core import grammar
from bot.core.chat import Chat, ChatKind
from bot.core.errors import OutOfDate, Refusal
from bot.core.phrases import t
from bot.core.reply import Reply, notice
from storage import boards
from storage.boards import BoardRow
from storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.dispatch import Answer
    from bot.core.intents import Intent
    from bot.core.store import Store

SECONDS = 5.0
"""Between two edits of one board."""
TRIES: Final = 3
"""To show a change, where that fails."""

_log: Final = logging.getLogger(__name__)


@dataclass(slots=True)
class _Behind:
    """A board that is being brought up to date: `again`, since it changed meanwhile; `hurry`: not to wait."""

    again: bool = False
    hurry: asyncio.Event = field(default_factory=asyncio.Event)


class Boards:
    """One platform's. `happen` says what a board shows now; `edit` puts that in its message.

    `edit` gives the message that shows it now, where that had to be another one; it raises whatever it likes.
    """

    def __init__(
        self,
        platform: str,
        store: Store,
        happen: Callable[[Intent, Chat, str], Awaitable[Answer]],
        edit: Callable[[BoardRow, Answer], Awaitable[str | None]],
        seconds: float | None = None,
    ) -> None:
        self._platform = platform
        self._db = store.db
        self._now = store.now
        self._happen = happen
        self._edit = edit
        self._seconds = SECONDS if seconds is None else seconds
        self._behind: dict[str, _Behind] = {}
        self._changed: asyncio.Queue[str] = asyncio.Queue()

    async def shown(self, board: Intent, *, chat_id: str, topic: str, message: str, language: str) -> BoardRow | None:
        """That message shows the board from now on; gives the one that did before, if another did."""
        name, shown = key(board), grammar.button(board)
        row = BoardRow(self._platform, name, shown, chat_id, topic, message, language, stale=name in self._behind)
        before = await boards.put(self._db, row)
        if name in self._behind:  # it changed while the message was on its way, which may not show that yet
            self._put(name, at_once=True)
        return before

    async def follow(self, reply: Reply) -> None:
        """What a reply says that boards show now. Returns when that is kept, before it is shown."""
        changed = list(reply.refresh)
        if reply.turn is not None:
            shown = grammar.button(reply.turn)
            await boards.turn(self._db, platform=self._platform, board=key(reply.turn), shown=shown)
            changed.append(reply.turn)
        await self.refresh(changed, at_once=reply.at_once)

    async def refresh(self, changed: Iterable[Intent], *, at_once: bool = False) -> None:
        """These show something else now. Returns when that is kept, before it is shown."""
        for name in dict.fromkeys(map(key, changed)):
            if name not in self._behind:
                await boards.mark(self._db, platform=self._platform, board=name, stale=True)
            self._put(name, at_once=at_once)

    async def catch_up(self) -> None:
        """Bring those up to date that were left behind."""
        for row in await boards.stale(self._db, platform=self._platform, now=self._now()):
            self._put(row.board, at_once=True)

    async def run(self) -> None:
        """Bring boards up to date until this is cancelled: what is behind then is kept for the next start."""
        await self.catch_up()
        async with asyncio.TaskGroup() as tasks:
            while True:
                tasks.create_task(self._keep_up(await self._changed.get()))

    def _put(self, name: str, *, at_once: bool) -> None:
        behind = self._behind.get(name)
        if behind is None:
            self._behind[name] = _Behind()
            self._changed.put_nowait(name)
            return
        behind.again = True
        if at_once:
            behind.hurry.set()

    async def _keep_up(self, name: str) -> None:
        """Show a board's changes until there have been none for a while."""
        behind, failures = self._behind[name], 0
        try:
            while True:
                behind.again = False
                behind.hurry.clear()
                failures = 0 if await self._is_brought(name) else failures + 1
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._seconds):
                        await behind.hurry.wait()
                if behind.again or 0 < failures < TRIES:
                    continue
                if failures:
                    return  # it is kept as behind for the next start
                await boards.mark(self._db, platform=self._platform, board=name, stale=False)
                if not behind.again:  # nor while that was written down
                    return
                await boards.mark(self._db, platform=self._platform, board=name, stale=True)
        except StorageError:
            _log.exception("It could not be written down whether the board %s is up to date", name)
        finally:
            del self._behind[name]

    async def _is_brought(self, name: str) -> bool:
        try:
            await self._bring(name)
        except Exception:  # noqa: BLE001 - one board must not take the others down
            _log.exception("The board %s could not be shown", name)
            return False
        return True

    async def _bring(self, name: str) -> None:
        row = await boards.read(self._db, platform=self._platform, board=name)
        if row is None:
            return
        chat = Chat(self._platform, row.chat_id, ChatKind.GROUP, topic=row.topic)
        try:
            answer = await self._happen(grammar.read_button(row.shown), chat, row.language)
        except Refusal as error:
            _log.info("The board %s is shown no more: %s", name, type(error).__name__)
            return
        message = await self._edit(row, answer)
        if message is not None:
            await boards.put_anew(self._db, row, message)


async def nothing_happens(_intent: Intent, _chat: Chat, _language: str) -> Answer:
    """For a front end without boards."""
    raise OutOfDate


def stub() -> Reply:
    """What the message says that was the board before another one was."""
    return notice(t("⤵ This goes on further down."))


def key(board: Intent) -> str:
    """What a board is called, whichever page of it is meant: `night 12`, `party #3`."""
    return " ".join(grammar.spell(board).split()[:2])
