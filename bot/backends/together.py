"""Reads that are the same at the same time become one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class _Read(Generic[T]):
    """A read under way, and how many wait for it."""

    def __init__(self, task: asyncio.Task[T]) -> None:
        self.task = task
        self.waiting = 0


class Together:
    """Reads under way. Whoever asks for the same while one is, waits for its answer, and gets its error.

    Whoever gives up leaves the others alone; when the last one has, the read is given up as well, so that nothing runs
    on unseen. Only for what is the same for everybody: never for what one person's session shows.
    """

    def __init__(self) -> None:
        self._running: dict[Hashable, _Read[Any]] = {}
        # The loop itself would let a task be lost, one that is given up and still closing its connection.
        self._tasks: set[asyncio.Task[Any]] = set()

    async def read(self, key: Hashable, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What `work` returns: done now, or by whoever is at the read called `key` already."""
        read: _Read[T] = self._running.get(key) or self._begin(key, work)
        read.waiting += 1
        try:
            return await asyncio.shield(read.task)
        finally:
            read.waiting -= 1
            if self._running.get(key) is read and (read.task.done() or not read.waiting):
                # Nobody may join a read that is over, or that is being given up.
                del self._running[key]
            if not read.waiting:
                read.task.cancel()

    def _begin(self, key: Hashable, work: Callable[[], Coroutine[Any, Any, T]]) -> _Read[T]:
        read = _Read(asyncio.get_running_loop().create_task(work()))
        self._tasks.add(read.task)
        read.task.add_done_callback(self._tasks.discard)
        self._running[key] = read
        return read
