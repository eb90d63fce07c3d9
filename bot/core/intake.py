"""Updates on their way to being handled: kept before they are acknowledged, each handled at least once.

In order on a line (a person in a chat), everybody else at once. What fails three times is given up with an apology.
What a front end reads is between it and its payload: here it is a sealed text.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from bot.core.store import Store
from storage import inbox
from storage.errors import StorageError

TRIES: Final = 3
AT_ONCE: Final = 64
"""Lines handled at the same time; a line that waits for a slow service holds up no other."""

_log: Final = logging.getLogger(__name__)


class Intake:
    """One platform's updates.

    `handle(update_id, payload)` answers one and returns when the answer is on its way; `give_up(update_id, payload,
    reference)` apologises for one that failed three times, the reference standing in the log too.
    """

    def __init__(
        self,
        platform: str,
        store: Store,
        handle: Callable[[str, str], Awaitable[None]],
        give_up: Callable[[str, str, str], Awaitable[None]],
        at_once: int = AT_ONCE,
    ) -> None:
        self._platform = platform
        self._store = store
        self._handle = handle
        self._give_up = give_up
        self._waiting: set[str] = set()
        self._lines: defaultdict[str, deque[tuple[str, str, int]]] = defaultdict(deque)
        self._ready: asyncio.Queue[str | None] = asyncio.Queue()
        self._room = asyncio.Semaphore(at_once)
        self._closing = False

    async def keep(self, update_id: str, line: str, payload: str, also: inbox.Also | None = None) -> bool:
        """Keep an update, `also` in the same transaction, and have it handled. False if its id is known."""
        added = await inbox.add(
            self._store.db,
            platform=self._platform,
            update_id=update_id,
            line=line,
            sealed_payload=self._store.seal.seal(payload, self._place(update_id)),
            now=self._store.now(),
            also=also,
        )
        if added:
            self._put(line, update_id, payload, 0)
        return added

    async def keep_all(self, updates: Sequence[tuple[str, str, str]]) -> None:
        """Keep a batch, each as (id, line, payload), in one transaction, and have the new ones handled."""
        rows = [
            inbox.NewRow(update_id, line, self._store.seal.seal(payload, self._place(update_id)))
            for update_id, line, payload in updates
        ]
        added = set(await inbox.add_all(self._store.db, platform=self._platform, rows=rows, now=self._store.now()))
        for update_id, line, payload in updates:
            if update_id in added:
                self._put(line, update_id, payload, 0)

    async def run(self) -> None:
        """Handle what an earlier run left, then what comes, until `finish`; returns when the last has ended."""
        for row in await inbox.undone(self._store.db, platform=self._platform):
            payload = self._store.seal.open(row.sealed_payload, self._place(row.update_id))
            self._put(row.line, row.update_id, payload, row.tries)
        async with asyncio.TaskGroup() as lines:
            while (line := await self._ready.get()) is not None:
                lines.create_task(self._work_off(line))

    def finish(self) -> None:
        """Begin nothing more: what has begun is finished, the rest stays kept for the next start."""
        self._closing = True
        self._ready.put_nowait(None)

    def _place(self, update_id: str) -> str:
        return f"inbox:{self._platform}:{update_id}"

    def _put(self, line: str, update_id: str, payload: str, tries: int) -> None:
        if update_id in self._waiting:  # kept while `run` was still reading what an earlier run left
            return
        self._waiting.add(update_id)
        self._lines[line].append((update_id, payload, tries))
        if len(self._lines[line]) == 1 and not self._closing:
            self._ready.put_nowait(line)

    async def _work_off(self, line: str) -> None:
        """Handle what waits on one line, and what comes onto it meanwhile."""
        waiting = self._lines[line]
        while waiting and not self._closing:
            async with self._room:
                if self._closing:
                    return
                await self._one(*waiting[0])
            self._waiting.discard(waiting.popleft()[0])
        if not waiting:
            del self._lines[line]

    async def _one(self, update_id: str, payload: str, tries: int) -> None:
        reference = secrets.token_hex(3)
        while tries < TRIES:
            try:
                await self._handle(update_id, payload)
                break
            except Exception:  # noqa: BLE001 - one update must not take the others down
                tries += 1
                _log.exception("Crash %s: try %d of an update on %s", reference, tries, self._platform)
                await self._mark(inbox.tried(self._store.db, platform=self._platform, update_id=update_id))
        else:
            try:
                await self._give_up(update_id, payload, reference)
            except Exception:  # noqa: BLE001 - there is nothing left to try
                _log.exception("Crash %s: giving up an update on %s", reference, self._platform)
        await self._mark(
            inbox.done(self._store.db, platform=self._platform, update_id=update_id, now=self._store.now())
        )

    async def _mark(self, writing: Awaitable[None]) -> None:
        """Keep how far an update has come. On a full disk it is only handled once more after the next start."""
        try:
            await writing
        except StorageError:
            _log.exception("An update on %s could not be marked", self._platform)
