"""How fast Telegram may be written to: overall, and in each chat, so that one busy chat slows no other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, TypeAlias

# Telegram's own advice: 30 messages a second in all; one a second in a chat, in short bursts more; 20 a minute in a
# group. An edit counts as a message.
Place: TypeAlias = int | str
"""A chat, or a message in a chat that the bot doesn't see; that may be a group."""
MOST_CHATS: Final = 1000
"""Chats remembered; those that have been quiet are forgotten beyond that."""


@dataclass(slots=True)
class _Bucket:
    """One every `interval` seconds, up to `burst` at once after a rest."""

    interval: float
    burst: int
    due: float = 0.0
    held: float = 0.0
    """Until when nothing may be sent at all: Telegram said so."""

    def reserve(self, now: float) -> float:
        """Take the next free moment, and return when it is."""
        self.due = max(self.due, now) + self.interval
        return self.due - self.burst * self.interval

    def is_quiet(self, now: float) -> bool:
        return max(self.due, self.held) < now


class Pace:
    """Who sends waits for its turn here. Group ids are below zero, as Telegram has it."""

    def __init__(self) -> None:
        self._all = _Bucket(1 / 30, 30)
        self._chats: dict[Place, _Bucket] = {}

    async def turn(self, chat_id: Place) -> None:
        """Wait until something may be written to that chat."""
        now = asyncio.get_running_loop().time
        bucket = self._bucket(chat_id, now())
        await _until(bucket.reserve(now()))
        while bucket.held > now():  # a 429 may come in while others wait for their turn
            await _until(bucket.held)
        await _until(self._all.reserve(now()))

    def hold(self, chat_id: Place, seconds: float) -> None:
        """Send nothing to that chat for so long."""
        now = asyncio.get_running_loop().time()
        bucket = self._bucket(chat_id, now)
        bucket.held = max(bucket.held, now + seconds)

    def _bucket(self, chat_id: Place, now: float) -> _Bucket:
        if chat_id not in self._chats:
            if len(self._chats) >= MOST_CHATS:
                self._chats = {known: bucket for known, bucket in self._chats.items() if not bucket.is_quiet(now)}
            self._chats[chat_id] = _Bucket(3, 20) if isinstance(chat_id, str) or chat_id < 0 else _Bucket(1, 30)
        return self._chats[chat_id]


class Places:
    """So many calls under way in each chat; a chat is forgotten when nobody has or wants a place there."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._chats: dict[Place, tuple[asyncio.Semaphore, int]] = {}

    @asynccontextmanager
    async def of(self, chat_id: Place) -> AsyncIterator[None]:
        """Wait for a place in that chat, and have it until the end of the block."""
        places, wanted = self._chats.get(chat_id, (asyncio.Semaphore(self._most), 0))
        self._chats[chat_id] = (places, wanted + 1)
        try:
            async with places:
                yield
        finally:
            places, wanted = self._chats.pop(chat_id)
            if wanted > 1:
                self._chats[chat_id] = (places, wanted - 1)


async def _until(moment: float) -> None:
    left = moment - asyncio.get_running_loop().time()
    if left > 0:
        await asyncio.sleep(left)
