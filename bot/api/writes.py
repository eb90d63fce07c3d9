"""Writes that have begun are finished, also when whoever asked for them has gone."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Writes:
    """The writes under way.

    A caller that goes away cancels its request (over ASGITransport, in the middle of anything), and must not leave a
    change half done. A task of its own for each write is what keeps it alive; they are held here, so that none is lost,
    and `finished` waits for them when the server stops.
    """

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    async def finish(self, work: Coroutine[Any, Any, T]) -> T:
        """Do `work` to its end, and return what it returns; being cancelled ends the waiting alone."""
        task = asyncio.get_running_loop().create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def finished(self) -> None:
        """Wait until nothing is under way."""
        while self._running:
            await asyncio.wait(self._running)
