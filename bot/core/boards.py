"""Messages that are kept up to date: a change shows at once, what follows it at most every few seconds.

What a board shows is asked for when it is about to be shown: so it is the newest, however many changes came meanwhile.
That a board is behind is kept, so that after a crash it is brought up to date at the next start.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from bot.core import grammar
from storage import boards
from storage.boards import BoardRow
from storage.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.dispatch import Answer
    from bot.core.intents import Intent
    from bot.core.store import Store

SECONDS: Final = 5
"""Between two edits of one board."""

_log: Final = logging.getLogger(__name__)


class Boards:
    """One platform's. `view` says what a board shows now (None: nothing any more); `edit` puts that in its message.

    `edit` gives the message that shows it now, where that is another one; it raises whatever it likes.
    """

    def __init__(
        self,
        platform: str,
        store: Store,
        view: Callable[[BoardRow], Awaitable[Answer | None]],
        edit: Callable[[BoardRow, Answer], Awaitable[str | None]],
        seconds: float = SECONDS,
    ) -> None:
        self._platform = platform
        self._store = store
        self._view = view
        self._edit = edit
        self._seconds = seconds
        self._behind: dict[str, asyncio.Event] = {}
        self._changed: asyncio.Queue[str | None] = asyncio.Queue()

    async def shown(self, board: Intent, *, chat_id: str, topic: str, message: str) -> BoardRow | None:
        """That message shows the board from now on; gives the one that did before, if another did."""
        row = BoardRow(self._platform, key(board), grammar.spell(board), chat_id, topic, message, stale=False)
        return await boards.put(self._store.db, row)

    async def refresh(self, changed: Iterable[Intent]) -> None:
        """These show something else now. Returns when that is kept, before it is shown."""
        for name in dict.fromkeys(map(key, changed)):
            if name not in self._behind:
                await boards.mark(self._store.db, platform=self._platform, board=name, stale=True)
            self._put(name)

    async def run(self) -> None:
        """Bring boards up to date, first those that were left behind, until `finish`."""
        for row in await boards.stale(self._store.db, platform=self._platform):
            self._put(row.board)
        async with asyncio.TaskGroup() as tasks:
            while (name := await self._changed.get()) is not None:
                tasks.create_task(self._keep_up(name))
            for event in self._behind.values():
                event.set()

    def finish(self) -> None:
        """Begin nothing more; what is behind is kept for the next start."""
        self._changed.put_nowait(None)

    def _put(self, name: str) -> None:
        if name in self._behind:
            self._behind[name].set()
            return
        self._behind[name] = asyncio.Event()
        self._changed.put_nowait(name)

    async def _keep_up(self, name: str) -> None:
        """Show a board's changes until there have been none for a while."""
        again = self._behind[name]
        while True:
            again.clear()
            await self._bring(name)
            await asyncio.sleep(self._seconds)
            if not again.is_set():
                del self._behind[name]
                return

    async def _bring(self, name: str) -> None:
        try:
            row = await boards.read(self._store.db, platform=self._platform, board=name)
            if row is None:
                return
            await boards.mark(self._store.db, platform=self._platform, board=name, stale=False)
            answer = await self._view(row)
            if answer is None:
                await boards.drop(self._store.db, platform=self._platform, board=name)
                return
            message = await self._edit(row, answer)
            if message is not None:
                moved = BoardRow(self._platform, name, row.shown, row.chat_id, row.topic, message, stale=False)
                await boards.put(self._store.db, moved)
        except StorageError:
            _log.exception("The board %s could not be read", name)
        except Exception:  # noqa: BLE001 - one board must not take the others down
            _log.exception("The board %s could not be shown", name)
            await boards.mark(self._store.db, platform=self._platform, board=name, stale=True)


def key(board: Intent) -> str:
    """What a board is called, whichever page of it is meant: `night 12`, `party #3`."""
    return " ".join(grammar.spell(board).split()[:2])
