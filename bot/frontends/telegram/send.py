"""The one way out: every call to the Bot API goes through here, paced, tried again, and given up in the end.

What Telegram refuses for good becomes one of two answers: the chat can't be written to (Unreachable), or the message
is gone (`edit` says False).
"""

from __future__ import annotations

import asyncio
import logging
import random
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from itertools import count
from typing import Final, TypeVar

from telegram import Bot, InlineQueryResult, InlineQueryResultsButton, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError
from telegram.warnings import PTBDeprecationWarning

from bot.core.phrases import phrases
from bot.frontends.telegram.chats import Chats
from bot.frontends.telegram.pace import Pace, Place, Places
from bot.frontends.telegram.picture import draw
from bot.frontends.telegram.render import NO_PREVIEW, Message
from bot.frontends.telegram.wire import may_be_done

MESSAGES: Final = 8
"""Messages on their way at the same time. httpcore looks at every connection at every call: a large pool is slow."""
IN_A_CHAT: Final = 2
"""Of these, in one chat: what hangs there must not take the others' places."""
PRESSES: Final = 4
"""Answers to presses on their way, which wait for no message."""
TYPINGS: Final = 2
OFFERS: Final = 4
"""Answers to what people are typing in other chats."""
CONNECTIONS: Final = MESSAGES + PRESSES + TYPINGS + OFFERS
PATIENCE: Final = 3600
"""Seconds for which a message is tried again while the Bot API doesn't answer."""
PRESS_PATIENCE: Final = 10
"""A press that is answered later has been forgotten."""
ASK_PATIENCE: Final = 3
"""Seconds for which the answer to a question is waited for."""
SHORT_SECONDS: Final = 4
"""How long the answer may take to what is small: a press, "typing …"."""
LONGEST_PAUSE: Final = 5
PRESSES_REMEMBERED: Final = 1000

_UNREACHABLE: Final = (
    "chat not found",
    "not enough rights to send",
    "have no rights to send",
    "need administrator rights in the channel",
    "chat_write_forbidden",
    "topic_closed",
    "user_is_blocked",
    "peer_id_invalid",
)
_GONE: Final = ("message to edit not found", "message can't be edited", "message_id_invalid")

_log: Final = logging.getLogger(__name__)

T = TypeVar("T")

# `_seconds` takes both: what it is now, and what it will be.
warnings.filterwarnings("ignore", r".*attribute `retry_after` will be", PTBDeprecationWarning)


class Unreachable(Exception):
    """The bot can't write to that chat: it was blocked, thrown out, or has no right to."""


class _Lost(Exception):
    """Twice nobody said whether a call was done: asking a third time could do it a third time."""


def pause(failures: int, longest: float = LONGEST_PAUSE) -> float:
    """Seconds to wait after that many: longer each time, and never for all at the same moment."""
    seconds: float = min(longest, 0.5 * 2 ** min(failures, 10))
    return seconds * random.uniform(0.5, 1)  # noqa: S311 - no secret


class Sender:
    """Sends and edits messages, and answers presses."""

    def __init__(self, bot: Bot, chats: Chats) -> None:
        self._bot = bot
        self._chats = chats
        self._pace = Pace()
        self._messages = asyncio.Semaphore(MESSAGES)
        self._presses = asyncio.Semaphore(PRESSES)
        self._typings = asyncio.Semaphore(TYPINGS)
        self._offers = asyncio.Semaphore(OFFERS)
        self._in_chat = Places(IN_A_CHAT)
        self._answered: dict[str, None] = {}

    async def send(
        self, chat_id: int, message: Message, *, thread_id: int | None = None, reply_to: int | None = None
    ) -> int | None:
        """A new message: in its topic, as a reply where there is something to reply to. Raises Unreachable.

        Gives its number, None where nobody said whether it was sent.
        """
        try:
            return await self._send(chat_id, message, thread_id, reply_to)
        except BadRequest as error:
            _log.info("A message was refused (%s); I try it with less", error)
            only_thread = thread_id is not None and "thread not found" in error.message.lower()
            bare = message if only_thread else replace(message, preview=NO_PREVIEW, drawn=None)
            try:
                return await self._send(chat_id, bare, None, reply_to if only_thread else None)
            except BadRequest as refused:
                _log.error("A message could not be sent: %s", refused)
                raise Unreachable(refused.message) from refused

    async def _send(self, chat_id: int, message: Message, thread_id: int | None, reply_to: int | None) -> int | None:
        async def call(to: int) -> int:
            # In the supergroup that a group has become, the same number is another message.
            answers = reply_to if to == chat_id else None
            replies = ReplyParameters(answers, allow_sending_without_reply=True) if answers else None
            if picture is not None:
                sent = await self._bot.send_photo(
                    to,
                    picture,
                    message.html,
                    parse_mode=ParseMode.HTML,
                    reply_markup=message.keyboard,
                    message_thread_id=thread_id,
                    reply_parameters=replies,
                )
            else:
                sent = await self._bot.send_message(
                    to,
                    message.html,
                    parse_mode=ParseMode.HTML,
                    reply_markup=message.keyboard,
                    link_preview_options=message.preview,
                    message_thread_id=thread_id,
                    reply_parameters=replies,
                )
            return sent.message_id

        picture = None
        if message.drawn is not None:
            tally, language = message.drawn
            picture = await asyncio.to_thread(draw, tally, phrases(language))

        try:
            return await self._to_chat(chat_id, call, again=False)
        except _Lost as lost:
            _log.warning("The Bot API: %s. The message may have been sent, so I don't send it again", lost)
            return None

    async def edit(self, chat_id: int, message_id: int, message: Message) -> bool:
        """Put a message in another one's place; False if that one can't be changed. Raises Unreachable."""

        async def call(to: int) -> bool:
            if to != chat_id:
                return False
            await self._bot.edit_message_text(
                message.html,
                to,
                message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=message.keyboard,
                link_preview_options=message.preview,
            )
            return True

        try:
            return await self._to_chat(chat_id, call)
        except BadRequest as error:
            reason = error.message.lower()
            if "message is not modified" in reason:
                return True
            if not any(words in reason for words in _GONE):
                _log.warning("A message could not be changed (%s); I send a new one", error)
            return False

    async def edit_inline(self, inline_id: str, message: Message) -> None:
        """Put a message in the place of one that is in a chat which the bot doesn't see, if that is still there."""

        async def call(_: object) -> None:
            await self._bot.edit_message_text(
                message.html,
                inline_message_id=inline_id,
                parse_mode=ParseMode.HTML,
                reply_markup=message.keyboard,
                link_preview_options=message.preview,
            )

        try:
            await self._tried(inline_id, call, PATIENCE, self._messages)
        except (BadRequest, Forbidden) as error:
            if "message is not modified" not in error.message.lower():
                _log.info("A card in another chat could not be changed: %s", error)

    async def offer(
        self,
        query_id: str,
        results: Sequence[InlineQueryResult],
        *,
        cache_time: int,
        is_personal: bool,
        next_offset: str,
        button: InlineQueryResultsButton | None,
    ) -> None:
        """Answer what somebody is typing in another chat. One that comes too late is nobody's loss."""

        async def call(_: object) -> None:
            await self._bot.answer_inline_query(
                query_id,
                results,
                cache_time=cache_time,
                is_personal=is_personal,
                next_offset=next_offset,
                button=button,
                read_timeout=SHORT_SECONDS,
            )

        try:
            await self._tried(None, call, ASK_PATIENCE, self._offers)
        except TelegramError as error:
            _log.info("What was offered was not taken: %s", error)

    def is_answered(self, query_id: str) -> bool:
        """Whether a press was answered by this process, so that another answer would be one too many."""
        return query_id in self._answered

    async def answer(
        self, query_id: str, text: str | None = None, *, alert: bool = False, url: str | None = None
    ) -> None:
        """Answer a press, once. One that comes too late is nobody's loss."""
        if query_id in self._answered:
            return
        self._answered[query_id] = None
        if len(self._answered) > PRESSES_REMEMBERED:
            del self._answered[next(iter(self._answered))]

        async def call(_: object) -> None:
            await self._bot.answer_callback_query(
                query_id, text, show_alert=alert or None, url=url, read_timeout=SHORT_SECONDS
            )

        try:
            await self._tried(None, call, PRESS_PATIENCE, self._presses)
        except TelegramError as error:
            _log.info("A press was not answered: %s", error)

    async def typing(self, chat_id: int, thread_id: int | None) -> None:
        """Show that an answer is being made. Not worth a second try."""
        try:
            async with self._typings:
                await self._bot.send_chat_action(
                    self._chats.id_now(chat_id),
                    ChatAction.TYPING,
                    message_thread_id=thread_id,
                    read_timeout=SHORT_SECONDS,
                )
        except TelegramError as error:
            _log.debug("Typing was not shown: %s", error)

    async def delete(self, chat_id: int, message_id: int) -> None:
        """Delete a message, where the bot may."""
        try:
            await self._tried(
                None, lambda _: self._bot.delete_message(chat_id, message_id), PRESS_PATIENCE, self._messages
            )
        except TelegramError as error:
            _log.info("A message was not deleted: %s", error)

    async def pin(self, chat_id: int, message_id: int) -> None:
        """Pin a message without a sound, where the group lets the bot."""
        try:
            await self._tried(
                None,
                lambda _: self._bot.pin_chat_message(chat_id, message_id, disable_notification=True),
                PRESS_PATIENCE,
                self._messages,
            )
        except TelegramError as error:
            _log.info("A message was not pinned: %s", error)

    async def ask(self, what: Callable[[], Awaitable[T]]) -> T:
        """A question that somebody waits for: tried again for a short while."""
        return await self._tried(None, lambda _: what(), ASK_PATIENCE, self._presses)

    async def call(self, what: Callable[[], Awaitable[T]]) -> T:
        """Any other call, tried again like the rest."""
        return await self._tried(None, lambda _: what(), PATIENCE, self._messages)

    async def _to_chat(self, chat_id: int, what: Callable[[int], Awaitable[T]], *, again: bool = True) -> T:
        """`what` done to the chat, wherever it is now. Raises Unreachable, and _Lost unless it may be done `again`."""

        async def call(_: object) -> T:
            return await what(self._chats.id_now(chat_id))

        while True:
            try:
                return await self._tried(self._chats.id_now(chat_id), call, PATIENCE, self._messages, again=again)
            except ChatMigrated as error:
                await self._chats.move(chat_id, error.new_chat_id)
            except (Forbidden, BadRequest) as error:
                if isinstance(error, BadRequest) and not any(words in error.message.lower() for words in _UNREACHABLE):
                    raise
                if isinstance(error, Forbidden):
                    await self._chats.set_active(self._chats.id_now(chat_id), False)
                raise Unreachable(error.message) from error

    async def _tried(
        self,
        chat_id: Place | None,
        what: Callable[[Place | None], Awaitable[T]],
        patience: float,
        slots: asyncio.Semaphore,
        *,
        again: bool = True,
    ) -> T:
        """`what`, in its turn and as often as it takes; if not `again`, only once more when it may have been done.

        Raises what Telegram refuses for good, and _Lost.
        """
        time = asyncio.get_running_loop().time
        until = time() + patience
        unclear = 0
        for attempt in count():
            try:
                async with self._place(chat_id, slots):
                    return await what(chat_id)
            except (BadRequest, ChatMigrated, Forbidden):
                raise
            except RetryAfter as error:
                wait = _seconds(error)
                if chat_id is not None:
                    self._pace.hold(chat_id, wait)
                elif time() + wait > until:
                    raise
                else:
                    await asyncio.sleep(wait)
            except TelegramError as error:
                unclear += may_be_done(error)
                if unclear > 1 and not again:
                    raise _Lost(str(error)) from error
                if time() > until:
                    raise
                _log.log(logging.DEBUG if attempt else logging.WARNING, "The Bot API: %s. I try again", error)
                await asyncio.sleep(pause(attempt))
        raise AssertionError  # for the type checker: it counts for ever

    @asynccontextmanager
    async def _place(self, chat_id: Place | None, slots: asyncio.Semaphore) -> AsyncIterator[None]:
        """A place among the calls under way: first the chat's own, in its turn, and then one of all."""
        async with AsyncExitStack() as held:
            if chat_id is not None:  # only what is written to a chat counts
                await held.enter_async_context(self._in_chat.of(chat_id))
                await self._pace.turn(chat_id)
            await held.enter_async_context(slots)
            yield


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    # A whole second is lost in rounding.
    return (wait if isinstance(wait, int) else wait.total_seconds()) + 0.5
