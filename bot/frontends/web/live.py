"""Telling open pages what happens, as it happens: server-sent events, read from the database by their numbers."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any, Final

from bot.frontends.web.render import Json
from storage import web_chat
from storage.database import Database
from storage.web_chat import EventRow, MessageRow

STILL_HERE_SECONDS: Final = 15
"""How long a stream is silent at most, so that a broken connection is noticed."""


class Live:
    """The event streams of all open pages."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._bells: set[asyncio.Event] = set()
        self._typing: Counter[str] = Counter()
        self._stopping = False

    def ring(self) -> None:
        """Something happened: every stream looks what."""
        for bell in self._bells:
            bell.set()

    def stop(self) -> None:
        """End all streams; pages connect again by themselves, to whoever is there then."""
        self._stopping = True
        self.ring()

    @contextmanager
    def typing(self, chat_id: str) -> Iterator[None]:
        """The typing sign stands in that chat meanwhile."""
        self._typing[chat_id] += 1
        self.ring()
        try:
            yield
        finally:
            self._typing[chat_id] -= 1
            self.ring()

    async def told(self, after: int | None) -> AsyncIterator[str]:
        """All that happens after that event: first what a page has missed, then what comes, as event-stream lines."""
        first, last = await web_chat.kept_events(self._db)
        after = last if after is None else after
        if not first - 1 <= after <= last:
            # Away for longer than events are kept, or from another database: it must start afresh.
            yield _line({"kind": "reload"})
            return
        bell, typing = asyncio.Event(), None
        self._bells.add(bell)
        try:
            while not self._stopping:
                bell.clear()
                rows = await web_chat.events(self._db, after=after)
                for row in rows:
                    after = row.seq
                    yield _line(_event(row), row.seq)
                if rows:
                    continue
                if (now := sorted(+self._typing)) != typing:
                    typing = now
                    yield _line({"kind": "typing", "chats": typing})
                try:
                    async with asyncio.timeout(STILL_HERE_SECONDS):
                        await bell.wait()
                except TimeoutError:
                    yield ": still here\n\n"
        finally:
            self._bells.discard(bell)


def message(row: MessageRow) -> Json:
    """A message as the page gets it."""
    body: Json = json.loads(row.body)
    return {
        "number": row.number,
        "chat": row.chat_id,
        "author": row.author,
        "update": row.update_id,
        "at": row.said_at,
        **body,
    }


def _event(row: EventRow) -> Json:
    match row.kind:
        case "message" if row.message is not None:
            return {"kind": "message", "message": message(row.message)}
        case "answered":
            note: dict[str, Any] = json.loads(row.body or "{}")
            return {"kind": "answered", "person": row.person_id, "update": row.update_id, **note}
        case _:
            return {"kind": "read", "person": row.person_id, "chat": row.chat_id, "number": int(row.body or 0)}


def _line(event: Json, seq: int | None = None) -> str:
    # JSON escapes line ends, so an event is always one line.
    number = "" if seq is None else f"id: {seq}\n"
    return f"{number}data: {json.dumps(event)}\n\n"
