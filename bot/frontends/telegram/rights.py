"""Who runs a group: asked of Telegram when it matters, and believed for a minute."""

from __future__ import annotations

import logging
from functools import partial
from typing import Final

from cachetools import TTLCache
from telegram import Bot
from telegram.constants import ChatMemberStatus
from telegram.error import TelegramError

from bot.frontends.telegram.send import Sender

BELIEVED_SECONDS: Final = 60
_RUNS: Final = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)

_log: Final = logging.getLogger(__name__)


class Rights:
    """Who is an admin of which group."""

    def __init__(self, bot: Bot, sender: Sender) -> None:
        self._bot = bot
        self._sender = sender
        self._known: TTLCache[tuple[int, int], bool] = TTLCache(1000, BELIEVED_SECONDS)

    async def is_admin(self, chat_id: int, user_id: int) -> bool:
        """Whether that user runs that group. False where Telegram doesn't say."""
        key = (chat_id, user_id)
        if key not in self._known:
            try:
                member = await self._sender.ask(partial(self._bot.get_chat_member, chat_id, user_id))
            except TelegramError as error:
                _log.info("Nobody says who runs a group: %s", error)
                return False
            self._known[key] = member.status in _RUNS
        return self._known[key]
