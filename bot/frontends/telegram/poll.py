"""Getting updates: what comes is kept first, and only then asked for no more.

The updates stay as they came: one that can't be read must not keep its neighbours from being handled.
"""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeAlias

from telegram import Bot
from telegram.error import Conflict, EndPointNotFound, InvalidToken, TelegramError
from telegram.warnings import PTBUserWarning

from bot.frontends.telegram.arrived import WANTED
from bot.frontends.telegram.send import pause
from storage.errors import StorageError

AT_A_TIME: Final = 100
WAIT_SECONDS: Final = 25
"""How long Telegram holds a request while there is nothing to tell."""
LATE_SECONDS: Final = 10
"""How much later than that the answer may come."""
ASIDE_SECONDS: Final = 60
"""The longest pause while another program gets the updates."""

Raw: TypeAlias = dict[str, Any]

_log: Final = logging.getLogger(__name__)

# There is no other way to get updates as they came; the typed method reads a whole batch or nothing.
warnings.filterwarnings("ignore", "Please use 'Bot.getUpdates'", PTBUserWarning)


class TokenRefused(Exception):
    """The Bot API doesn't know the token."""


class Poll:
    """Asks for updates until cancelled. `keep` returns when a batch can no longer be lost."""

    def __init__(self, bot: Bot, keep: Callable[[list[Raw]], Awaitable[None]]) -> None:
        self._bot = bot
        self._keep = keep
        self._trouble = ""
        self._failures = 0

    async def begin(self) -> None:
        """Learn who the bot is, and have updates come by asking. Keeps trying. Raises TokenRefused."""
        while True:
            try:
                await self._bot.get_me()
                await self._bot.delete_webhook(drop_pending_updates=False)
            except InvalidToken:
                raise TokenRefused from None
            except TelegramError as error:
                await self._after(str(error))
            else:
                self._well()
                return

    async def run(self) -> None:
        """Get updates, keep them, confirm them, for ever. Raises TokenRefused."""
        offset: int | None = None
        while True:
            try:
                updates = await self._ask(offset)
                if updates:
                    await self._keep(updates)
            except Conflict as error:
                await self._aside(error)
            except (InvalidToken, EndPointNotFound) as error:
                await self._refused(error)
            except TelegramError as error:
                await self._after(str(error))
            except StorageError as error:
                await self._after(f"What came could not be kept, so it stays with Telegram: {error}")
            else:
                self._well()
                # Asking without an offset gives all that is not confirmed: so ids may start again lower.
                offset = max(update["update_id"] for update in updates) + 1 if updates else None

    async def _ask(self, offset: int | None) -> list[Raw]:
        wanted = {"limit": AT_A_TIME, "timeout": WAIT_SECONDS, "allowed_updates": list(WANTED)}
        if offset is not None:
            wanted["offset"] = offset
        answer = await self._bot.do_api_request("getUpdates", wanted, read_timeout=WAIT_SECONDS + LATE_SECONDS)
        if not isinstance(answer, list):
            raise TelegramError("getUpdates gave no list")
        updates = [raw for raw in answer if isinstance(raw, dict) and type(raw.get("update_id")) is int]
        if len(updates) < len(answer):
            _log.error("%d updates without a number can't be handled", len(answer) - len(updates))
            if not updates:
                raise TelegramError("getUpdates gave nothing that could be confirmed")
        return updates

    async def _aside(self, error: Conflict) -> None:
        """Another program gets this bot's updates: let it, and see later whether it still does."""
        self._say(
            f"Another program gets this bot's updates ({error}). I stand aside and try again from time to time: "
            "stop the other one, or give one of us its own token."
        )
        self._failures += 1
        await asyncio.sleep(pause(self._failures, ASIDE_SECONDS))

    async def _refused(self, error: TelegramError) -> None:
        """The token is not taken any more, it seems: ask once more before giving up. Raises TokenRefused."""
        try:
            await self._bot.get_me()
        except InvalidToken:
            raise TokenRefused from error
        except TelegramError as unclear:
            await self._after(str(unclear))
        else:
            await self._after(str(error))

    async def _after(self, reason: str) -> None:
        self._say(f"No updates from the Bot API ({reason}). I keep trying.")
        await asyncio.sleep(pause(self._failures))
        self._failures += 1

    def _say(self, trouble: str) -> None:
        """Say it once, not at every try."""
        if trouble != self._trouble:
            _log.warning("%s", trouble)
            self._trouble = trouble

    def _well(self) -> None:
        if self._trouble:
            _log.info("Updates come again")
        self._trouble = ""
        self._failures = 0
