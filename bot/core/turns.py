"""Taking turns: what shares a key goes one after the other, in the order of asking; everything else at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager


class Turns:
    """Locks by key, gone when nobody waits for them. asyncio's Lock serves in the order of asking."""

    def __init__(self) -> None:
        self._locks: dict[Hashable, tuple[asyncio.Lock, int]] = {}

    def taken(self, *key: Hashable) -> bool:
        """Whether somebody has the turn of `key`, or waits for it: whoever asked now would have to wait."""
        return key in self._locks

    @asynccontextmanager
    async def of(self, *key: Hashable) -> AsyncIterator[None]:
        """Wait for the turn of `key`, and have it until the end of the block."""
        lock, waiting = self._locks.get(key, (asyncio.Lock(), 0))
        self._locks[key] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._locks[key]
            if waiting == 1:
                del self._locks[key]
            else:
                self._locks[key] = (lock, waiting - 1)
