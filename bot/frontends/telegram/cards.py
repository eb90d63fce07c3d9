"""Cards that somebody has put into a chat by typing the bot's name, and which of them stand in a group that it is in.

Telegram says neither where a card stands that was chosen, nor where one stands whose button is pressed. But in a group
the bot is told of every message that is sent via it: so the same title from the same person at the same time is the
card. Until the other half comes, one is only remembered; what is found out is kept.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final, TypeAlias

from cachetools import TTLCache

from bot.core.chat import Update
from bot.core.dispatch import Answer
from bot.core.model import TitleRef
from bot.core.store import Store
from bot.core.turns import Turns
from bot.frontends.telegram.inline import is_card
from bot.frontends.telegram.receive import Chosen, Put
from storage import telegram

SECONDS: Final = 5
"""Between being told that a card was chosen and of its message. In more, somebody can put the same title elsewhere."""
MOST: Final = 1000
"""Cards that wait for their other half."""

_Key: TypeAlias = tuple[str, TitleRef]


class Cards:
    """Completes cards that were put somewhere, as `show(inline_id, answer)` shows them.

    `list_in` gives the number of the list of the group that somebody has put one into; None where that is not for him.
    """

    def __init__(
        self,
        store: Store,
        answer: Callable[[Update], Awaitable[Answer]],
        show: Callable[[str, Answer], Awaitable[None]],
        list_in: Callable[[Update], Awaitable[int | None]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._answer = answer
        self._show = show
        self._list_in = list_in
        self._chosen: TTLCache[_Key, Chosen] = TTLCache(MOST, SECONDS, clock)
        self._put: TTLCache[_Key, Put] = TTLCache(MOST, SECONDS, clock)
        self._turns = Turns()

    async def take(self, half: Chosen | Put) -> None:
        """A card was chosen, or its message was seen in a group: whichever is first waits for the other."""
        key = half.update.person.id, half.title
        match half:
            case Chosen():
                put = self._put.pop(key, None)
                if put is None:
                    self._chosen[key] = half  # an older one is somewhere else
                else:
                    await self._stands(half, put)
                await self._complete(half)
            case Put():
                chosen = self._chosen.pop(key, None)
                if chosen is None:
                    self._put[key] = half
                else:
                    await self._stands(chosen, half)
                    await self._complete(chosen)

    async def _stands(self, card: Chosen, put: Put) -> None:
        """That is where it stands: its title can be proposed for the group's list from now on."""
        party = await self._list_in(put.update)
        if party is not None:
            await telegram.keep_card(self._store.db, inline_id=card.inline_id, party_id=party)

    async def _complete(self, card: Chosen) -> None:
        """A list knows less of a title than its card shows.

        In turn: what is known of where it stands must not be overtaken by what was known before.
        """
        async with self._turns.of(card.inline_id):
            answer = await self._answer(await self.placed(card.update, card.inline_id))
            if is_card(answer.reply):
                await self._show(card.inline_id, answer)

    async def placed(self, update: Update, inline_id: str) -> Update:
        """The same, with the list that the card's title is proposed for, where it is known to stand in a group."""
        party = await telegram.party_of_card(self._store.db, inline_id=inline_id)
        return replace(update, chat=replace(update.chat, party=party))
