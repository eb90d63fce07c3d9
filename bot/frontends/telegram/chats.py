"""What is known of Telegram's chats: where the bot can write, and which have become another one."""

from __future__ import annotations

import logging
from typing import Final

from bot.core.store import Store
from bot.frontends.telegram.receive import PLATFORM
from storage import members
from storage import telegram as kept

HOURS_BETWEEN: Final = 6
"""How long a chat is not told again what it was told once."""

_log: Final = logging.getLogger(__name__)


class Chats:
    """Kept in the database, and at hand: an update costs no read."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._inactive: set[int] = set()
        self._moved: dict[int, int] = {}

    async def load(self) -> None:
        """Read what an earlier run kept."""
        self._inactive = {int(chat_id) for chat_id in await kept.inactive(self._store.db)}
        self._moved = {int(old): int(new) for old, new in (await kept.moved(self._store.db)).items()}

    def id_now(self, chat_id: int) -> int:
        """The chat's id today: a group that became a supergroup has another one."""
        return self._moved.get(chat_id, chat_id)

    def ids_before(self, chat_id: int) -> list[int]:
        """The ids of the groups that have become this one."""
        return [old for old, new in self._moved.items() if new == chat_id]

    def is_active(self, chat_id: int) -> bool:
        """Whether the bot can write there, as far as it knows."""
        return chat_id not in self._inactive

    async def set_active(self, chat_id: int, active: bool) -> None:
        """Whether the bot can write there. Nothing that is kept of the chat is forgotten."""
        if active == self.is_active(chat_id):
            return
        await kept.set_active(self._store.db, chat_id=str(chat_id), active=active, now=self._store.now())
        if active:
            self._inactive.discard(chat_id)
        else:
            self._inactive.add(chat_id)
            _log.info("A chat can't be written to any more; what is kept of it stays")

    async def move(self, old_id: int, new_id: int) -> None:
        """A group has become a supergroup: everything moves along. Announced twice, it does no harm."""
        if self._moved.get(old_id) == new_id:
            return
        moved = await kept.move(self._store.db, self._store.seal, old_id=str(old_id), new_id=str(new_id))
        self._moved[old_id] = new_id
        if moved:  # it is announced in both chats, at the same time
            _log.info("A group has become a supergroup; everything has moved along")

    async def left(self, chat_id: int, person_id: str) -> None:
        """Somebody is in a group no more."""
        place = {"platform": PLATFORM, "chat_id": str(chat_id)}
        await members.leave(self._store.db, **place, person_id=person_id, now=self._store.now())

    async def all_left(self, chat_id: int) -> None:
        """The bot is out, and is not told any more who leaves: only those are counted who talk there later."""
        place = {"platform": PLATFORM, "chat_id": str(self.id_now(chat_id))}
        await members.leave_all(self._store.db, **place, now=self._store.now())

    async def is_greeted(self, chat_id: int) -> bool:
        """Whether the bot has said hello there since it came."""
        return await kept.is_greeted(self._store.db, chat_id=str(chat_id))

    async def greeted(self, chat_id: int) -> None:
        """The bot has said hello there."""
        await kept.greeted(self._store.db, chat_id=str(chat_id), now=self._store.now())

    async def tell(self, chat_id: int) -> bool:
        """Whether to say there what was not said in the last hours; it counts as said from now on."""
        return await kept.tell(self._store.db, chat_id=str(chat_id), now=self._store.now(), every=HOURS_BETWEEN * 3600)
