"""The queue of updates for a bot: kept until a higher offset confirms them, or until they are too old."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from tests.doubles.bot_api.wire import Json
from tests.doubles.serving import Bell

MESSAGE_LIFE: Final = 86400.0
PRESS_LIFE: Final = 150.0
"""Seconds that a press waits for the bot; Telegram's other updates wait for a day (`add_update` in Client.cpp)."""
TYPED_LIFE: Final = 30.0
"""The same for what somebody is typing in another chat."""

NOT_BY_DEFAULT: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
KINDS: Final = frozenset(
    {
        "message",
        "edited_message",
        "channel_post",
        "edited_channel_post",
        "inline_query",
        "chosen_inline_result",
        "callback_query",
        "shipping_query",
        "pre_checkout_query",
        "purchased_paid_media",
        "poll",
        "poll_answer",
        "my_chat_member",
        "chat_member",
        "chat_join_request",
        "chat_boost",
        "removed_chat_boost",
        "message_reaction",
        "message_reaction_count",
        "business_connection",
        "business_message",
        "edited_business_message",
        "deleted_business_messages",
        "managed_bot",
        "guest_message",
    }
)


@dataclass(frozen=True)
class Queued:
    """An update on its way."""

    id: int
    kind: str
    body: Json
    until: float

    def json(self) -> Json:
        """An Update."""
        return {"update_id": self.id, self.kind: self.body}


class Updates:
    """The queue. `next_id` may be set: a real one begins anew, at random, after a week without updates."""

    def __init__(self, clock: Callable[[], float], bell: Bell) -> None:
        self._clock = clock
        self._bell = bell
        self._queue: list[Queued] = []
        self.next_id = 700_000_001
        self.allowed: frozenset[str] = KINDS - NOT_BY_DEFAULT
        self.allowed_set = False
        self.everything: list[Queued] = []
        self.confirmed: list[int] = []
        """The ids of what a higher offset confirmed, in that order."""
        self.expired: list[int] = []
        self.poller: object | None = None
        self.seen_ids: set[int] = set()

    def push(self, kind: str, body: Json, lives: float = MESSAGE_LIFE) -> int | None:
        """Queue an update; None if the bot doesn't want such ones."""
        if kind not in self.allowed:
            return None
        update = Queued(self.next_id, kind, body, self._clock() + lives)
        self.next_id += 1
        self._queue.append(update)
        self.everything.append(update)
        self._bell.ring()
        return update.id

    def push_raw(self, update: Json) -> None:
        """Queue whatever it is: nonsense too, and an id that was there before."""
        [kind, *_] = [name for name in update if name != "update_id"] or ["nothing"]
        queued = _Raw(update.get("update_id", 0), kind, update, self._clock() + MESSAGE_LIFE)
        self._queue.append(queued)
        self._bell.ring()

    def wait_for(self, kinds: Collection[str]) -> None:
        """The kinds that are queued from now on: none named means the usual ones."""
        self.allowed = frozenset(kinds) or KINDS - NOT_BY_DEFAULT

    def pending(self) -> list[Queued]:
        """What waits to be fetched and confirmed."""
        now = self._clock()
        late = [update for update in self._queue if update.until <= now]
        if late:
            self.expired += [update.id for update in late]
            self._queue = [update for update in self._queue if update.until > now]
        return list(self._queue)

    def read(self, offset: int, limit: int) -> list[Json]:
        """The updates from `offset` on. All below are confirmed and gone; a negative one keeps only so many."""
        waiting = self.pending()
        if offset < 0:
            self._confirm(waiting[:offset])
        # An offset from far ahead is taken for a mistake (TQueue.cpp), so it confirms nothing.
        elif waiting and offset <= self.next_id + 10:
            self._confirm([update for update in waiting if update.id < offset])
        found = self._queue[:limit]
        self.seen_ids |= {update.id for update in found}
        return [update.json() for update in found]

    def clear(self) -> None:
        """Forget what waits (drop_pending_updates)."""
        self._queue.clear()

    def _confirm(self, updates: list[Queued]) -> None:
        if updates:
            self.confirmed += [update.id for update in updates]
            gone = set(map(id, updates))
            self._queue = [update for update in self._queue if id(update) not in gone]
            self._bell.ring()


class _Raw(Queued):
    def json(self) -> Json:
        return self.body
