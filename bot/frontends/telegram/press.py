"""A press on a button, which is to be answered once, whatever comes of it."""

from __future__ import annotations

import asyncio

from bot.frontends.telegram.send import Sender


class Press:
    """A press that gets exactly one answer, given by one of `tasks`; or none, where something was typed."""

    def __init__(self, sender: Sender, query_id: str | None, tasks: asyncio.TaskGroup, seconds: float) -> None:
        self._seconds = seconds
        self._sender = sender
        self._query_id = query_id
        self._tasks = tasks
        self._open = query_id is not None and not sender.is_answered(query_id)

    @property
    def is_one(self) -> bool:
        """Whether something was pressed at all."""
        return self._query_id is not None

    def answer(self, text: str | None = None, *, alert: bool = False, url: str | None = None) -> bool:
        """Have it answered, without waiting for that; False if it was answered before, or nothing was pressed."""
        if self._query_id is None or not self._open:
            return False
        self._open = False
        self._tasks.create_task(self._sender.answer(self._query_id, text, alert=alert and text is not None, url=url))
        return True

    async def is_slow(self) -> None:
        """Answer it with nothing, if nothing else has come in time."""
        await asyncio.sleep(self._seconds)
        self.answer()
