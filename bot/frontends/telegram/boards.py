"""Messages that are kept up to date, on Telegram: edited, pinned where they may be, sent anew where they are gone."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Final

from bot.core.boards import Boards, stub
from bot.core.chat import Chat
from bot.core.dispatch import Answer
from bot.core.intents import Intent
from bot.core.store import Store
from bot.frontends.telegram.receive import PLATFORM, Spot
from bot.frontends.telegram.render import Render
from bot.frontends.telegram.send import Sender, Unreachable
from storage.boards import BoardRow

_log: Final = logging.getLogger(__name__)


class ChatBoards(Boards):
    """The boards in Telegram's groups."""

    def __init__(
        self, store: Store, happen: Callable[[Intent, Chat, str], Awaitable[Answer]], sender: Sender, render: Render
    ) -> None:
        super().__init__(PLATFORM, store, happen, self._put_there)
        self._sender = sender
        self._render = render

    async def sent(self, answer: Answer, spot: Spot, message_id: int | None) -> None:
        """That message has the answer. If it is a board, the one before it is one no more. Raises Unreachable."""
        board = answer.reply.board
        if board is None or message_id is None:
            return
        topic = "" if spot.thread_id is None else str(spot.thread_id)
        before = await self.shown(
            board, chat_id=str(spot.chat_id), topic=topic, message=str(message_id), language=answer.language
        )
        if before is not None:
            old = self._render.message(stub(), before.language)
            await self._sender.edit(int(before.chat_id), int(before.message), old)
        if answer.reply.pin:
            await self._sender.pin(spot.chat_id, message_id)

    async def _put_there(self, row: BoardRow, answer: Answer) -> str | None:
        message = self._render.message(answer.reply, answer.language)
        try:
            if await self._sender.edit(int(row.chat_id), int(row.message), message):
                return None
            thread_id = int(row.topic) if row.topic else None
            number = await self._sender.send(int(row.chat_id), message, thread_id=thread_id)
        except Unreachable as error:
            _log.info("A board could not be brought up to date: %s", error)
            return None
        return None if number is None else str(number)
