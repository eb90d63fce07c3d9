"""Telegram: keeps what comes, has it answered, and shows the answer where it belongs."""

from __future__ import annotations

import asyncio
import json
import re
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final, assert_never

from telegram import Bot
from telegram.constants import ChatType
from telegram.error import InvalidToken, TelegramError

from bot.core import grammar
from bot.core.chat import Chat, ChatKind, Update
from bot.core.dispatch import Answer
from bot.core.intake import Intake
from bot.core.intents import Intent, LeftGroup
from bot.core.offers import Offers
from bot.core.phrases import Text
from bot.core.posters import Posters
from bot.core.reply import Button, Place, Post, Reply, notice
from bot.core.store import Store
from bot.frontends.telegram import arrived, commands, receive, words
from bot.frontends.telegram.boards import ChatBoards
from bot.frontends.telegram.cards import Cards
from bot.frontends.telegram.chats import Chats
from bot.frontends.telegram.inline import Inline, is_card, told
from bot.frontends.telegram.poll import Poll, Raw, TokenRefused
from bot.frontends.telegram.press import Press
from bot.frontends.telegram.receive import (
    Chosen,
    Left,
    Me,
    Membership,
    Moved,
    Nameless,
    NotText,
    Pressed,
    Put,
    Said,
    Spot,
)
from bot.frontends.telegram.render import Render, brief, toast
from bot.frontends.telegram.rights import Rights
from bot.frontends.telegram.send import CONNECTIONS, Sender, Unreachable
from bot.frontends.telegram.wire import connected
from storage import wishes

__all__ = ["Telegram", "TokenRefused", "who"]

SLOW_SECONDS: Final = 1
"""An answer that takes longer is announced by "typing …"."""
TYPING_SECONDS: Final = 4.5
"""How often to say so again: Telegram shows it for five."""
PRESS_SECONDS: Final = 3
"""A press that takes longer is answered with nothing, so that the button stops turning."""
INLINE_SECONDS: Final = 15
"""The same on a card elsewhere: there the press's answer is all that can be told, so it waits for that."""
MOVING_SECONDS: Final = 1
"""Within which it is known where a supergroup that is new to the bot comes from."""
ALBUMS_REMEMBERED: Final = 100
"""Albums of pictures that were told of: each picture comes as a message of its own."""
_NUMBER: Final = re.compile(r"-?[0-9]{1,20}")
AT_ONCE: Final = 256
"""Lines handled at the same time. Most of one that is busy is waiting for its chat's turn to be written to."""


class Telegram:
    """The bot on Telegram. `run` answers what comes, until `stop`.

    `offers` finds cards for what is typed in other chats, from a place on; `list_in` the list of the group that one was
    put into. `happen` says what nobody asked for.
    `ready` is told the bot's address once Telegram has said who the bot is; `welcome` says whether a group may use it.
    """

    def __init__(
        self,
        store: Store,
        answer: Callable[[Update], Awaitable[Answer]],
        token: str,
        *,
        api_url: str,
        posters: Posters,
        offers: Callable[[Update, int], Awaitable[Offers]],
        list_in: Callable[[Update], Awaitable[int | None]],
        happen: Callable[[Intent, Chat, str], Awaitable[Answer]],
        ready: Callable[[str], None],
        welcome: Callable[[str], bool] = lambda _chat_id: True,
    ) -> None:
        self._store = store
        self._answer = answer
        self._token = token
        self._api_url = api_url
        self._posters = posters
        self._offers = offers
        self._list_in = list_in
        self._happen = happen
        self._ready = ready
        self._welcome = welcome
        self._chats = Chats(store)
        self._cards = Cards(store, answer, self._show_card, self._list_of)
        self._intake = Intake(receive.PLATFORM, store, self._handle, self._give_up, AT_ONCE)
        self._albums: deque[str | None] = deque(maxlen=ALBUMS_REMEMBERED)
        self._stopping = asyncio.Event()
        self._begun = asyncio.Event()
        self._sender: Sender
        self._rights: Rights
        self._render: Render
        self._inline: Inline
        self._boards: ChatBoards
        self._me: Me

    async def run(self) -> None:
        """Answer what an earlier run left and what comes, until `stop`. Raises TokenRefused, in a group."""
        await self._chats.load()
        async with connected(self._token, self._api_url, CONNECTIONS) as bot, asyncio.TaskGroup() as tasks:
            getting = tasks.create_task(self._get(bot, tasks))
            await self._stopping.wait()
            getting.cancel()

    def stop(self) -> None:
        """Get no more updates and begin nothing more: what has begun is finished, the rest stays kept."""
        self._stopping.set()
        self._intake.finish()

    async def _get(self, bot: Bot, tasks: asyncio.TaskGroup) -> None:
        """Get updates for ever, once it is known who the bot is."""
        poll = Poll(bot, self._keep)
        await poll.begin()
        self._me = Me(bot.id, bot.username, bool(bot.can_read_all_group_messages))
        self._sender = Sender(bot, self._chats)
        self._rights = Rights(bot, self._sender)
        self._render = Render(bot.username, self._posters)
        self._boards = ChatBoards(self._store, self._happen, self._sender, self._render)
        self._begun.set()
        self._ready(f"https://t.me/{bot.username}")
        tasks.create_task(self._intake.run())
        async with asyncio.TaskGroup() as beside:
            self._inline = Inline(self._sender, self._render, self._posters, self._offers, beside)
            beside.create_task(self._boards.run())
            beside.create_task(commands.register(bot, self._sender, self._store))
            await poll.run()

    async def _keep(self, raws: list[Raw]) -> None:
        kept = [raw for raw in raws if arrived.INLINE not in raw]
        for raw in raws:
            if arrived.INLINE in raw:
                self._inline.take(raw)
        if kept:
            await self._intake.keep_all([(str(raw["update_id"]), arrived.line(raw), json.dumps(raw)) for raw in kept])

    # ── Answering ────────────────────────────────────────────────────────────────────────────────────────────────

    async def _handle(self, _update_id: str, payload: str) -> None:
        received = receive.read(json.loads(payload), self._me)
        with suppress(Unreachable):  # nobody is left there to tell; what is kept stays
            match received:
                case Said():
                    await self._said(self._today(received))
                case Chosen() | Put():
                    await self._cards.take(received)
                case Pressed(query_id):
                    await self._sender.answer(query_id)
                case NotText(spot, language, album):
                    if album is None or album not in self._albums:
                        self._albums.append(album)
                        await self._send(words.only_text(), language, spot)
                case Nameless(spot, language):
                    await self._tell_once(spot, words.nameless(), language)
                case Membership():
                    await self._membership(received)
                case Left(chat_id, person_id):
                    await self._left(self._chats.id_now(chat_id), str(person_id))
                case Moved(old_id, new_id):
                    await self._chats.move(old_id, new_id)
                    await self._boards.catch_up()
                case None:
                    return
                case _:
                    assert_never(received)

    def _today(self, said: Said) -> Said:
        """The same, in the chat as it is now: a supergroup has none of the messages of the group that it was."""
        chat_id = self._chats.id_now(said.spot.chat_id)
        if chat_id == said.spot.chat_id or said.spot.inline_id is not None:
            return said
        chat = replace(said.update.chat, id=str(chat_id))
        spot = Spot(chat_id, said.spot.private)
        return replace(said, update=replace(said.update, chat=chat), spot=spot)

    async def _said(self, said: Said) -> None:
        inline = (inline_id := said.spot.inline_id) is not None
        if inline_id is None:
            await self._chats.set_active(said.spot.chat_id, True)
        else:
            said = replace(said, update=await self._cards.placed(said.update, inline_id))
        async with asyncio.TaskGroup() as tasks:
            press = Press(self._sender, said.query_id, tasks, INLINE_SECONDS if inline else PRESS_SECONDS)
            waiting = tasks.create_task(press.is_slow() if press.is_one else self._typing(said))
            answer = await self._answer(said.update)
            waiting.cancel()
            if answer.reply.unsay and not press.is_one and said.spot.message_id is not None:
                await self._sender.delete(said.spot.chat_id, said.spot.message_id)
            with suppress(Unreachable):
                await (self._show_inline if inline else self._show)(answer, said, press)
        await self.deliver(answer)

    async def _typing(self, said: Said) -> None:
        """Show that an answer is being made, if it takes its time."""
        shown = said.update.addressed or grammar.is_command(said.update.text)
        await asyncio.sleep(SLOW_SECONDS)
        while shown:
            await self._sender.typing(said.spot.chat_id, said.spot.thread_id)
            await asyncio.sleep(TYPING_SECONDS)

    async def _show(self, answer: Answer, said: Said, press: Press) -> None:
        """Put the answer where it belongs, and answer the press meanwhile. Raises Unreachable."""
        reply, spot = answer.reply, said.spot
        if reply.place is Place.PRIVATE:
            await self._privately(answer, said, press)
            return
        match reply.buttons:
            case ((Button(private=True) as opens,), *_) if press.answer(url=self._render.opens(opens)):
                return
        told = press.answer(toast(reply, answer.language), alert=reply.alert)
        if not told and reply.toast is not None and (reply.alert or not reply.parts):
            await self._tell_late(reply.toast, answer.language, said)
        if reply.place is Place.TOAST or not reply.parts:
            return
        if reply.place is Place.HERE and press.is_one and spot.message_id is not None:
            message = self._render.message(reply, answer.language)
            if await self._sender.edit(spot.chat_id, spot.message_id, message):
                await self._boards.sent(answer, spot, spot.message_id)
                return
        number = await self._send(reply, answer.language, spot, reply_to=None if press.is_one else spot.message_id)
        await self._boards.sent(answer, spot, number)

    async def _tell_late(self, word: Text, language: str, said: Said) -> None:
        """What a press can't be answered with any more: as a message, to whoever pressed alone, as it is about him."""
        alone = said.spot if said.spot.private else Spot(int(said.update.person.id), private=True)
        if self._chats.is_active(alone.chat_id):
            with suppress(Unreachable):
                await self._send(notice(word), language, alone)

    async def _show_inline(self, answer: Answer, said: Said, press: Press) -> None:
        """Where the bot can change the card that was pressed, and say no more: else to the presser, or in private."""
        reply, language, inline_id = answer.reply, answer.language, said.spot.inline_id
        match reply.buttons:
            case ((Button(private=True) as opens,), *_) if press.answer(url=self._render.opens(opens)):
                return
        if reply.place is not Place.PRIVATE and (not reply.parts or is_card(reply)):
            press.answer(toast(reply, language), alert=reply.alert)
            if inline_id is not None and reply.place is Place.HERE and reply.parts:
                await self._show_card(inline_id, answer)
        elif reply.place is not Place.PRIVATE and (word := told(reply, language)) is not None:
            press.answer(brief(word), alert=True)
        else:
            reply = replace(reply, toast=reply.toast or words.in_private())
            await self._privately(replace(answer, reply=reply), said, press)

    async def _show_card(self, inline_id: str, answer: Answer) -> None:
        await self._sender.edit_inline(inline_id, self._render.message(answer.reply, answer.language))

    async def _list_of(self, update: Update) -> int | None:
        chat = replace(update.chat, id=self.chat_now(update.chat.id))
        return await self._list_in(replace(update, chat=chat))

    async def _post(self, post: Post) -> None:
        """Tell another chat; if that can't be written to, or is none of Telegram's, it isn't told."""
        if (chat := _number(post.chat_id)) is None:
            return
        chat_id = self._chats.id_now(chat)
        if self._chats.is_active(chat_id):
            with suppress(Unreachable):
                topic = int(post.topic) if post.topic else None
                await self._send(post.reply, post.language, Spot(chat_id, chat_id > 0, topic))

    async def _privately(self, answer: Answer, said: Said, press: Press) -> None:
        """From a group into the person's private chat; if that can't be written to, a way to open it."""
        person, language, wanted = said.update.person, answer.language, answer.reply.wish
        private = Spot(int(person.id), private=True)
        if self._chats.is_active(private.chat_id):
            with suppress(Unreachable):
                await self._send(answer.reply, language, private)
                press.answer(toast(answer.reply, language), alert=answer.reply.alert)
                return
        wish = await wishes.keep(
            self._store.db,
            platform=person.platform,
            person_id=person.id,
            text=f"/{grammar.spell(wanted)}" if wanted is not None else grammar.as_typed(said.update),
            now=self._store.now(),
        )
        if not press.answer(url=self._render.opens_with(f"go_{wish}")) and said.spot.inline_id is None:
            opens = words.just_for_you(person.name, wish)
            await self._send(opens, language, said.spot, reply_to=None if press.is_one else said.spot.message_id)

    async def _send(self, reply: Reply, language: str, spot: Spot, reply_to: int | None = None) -> int | None:
        return await self._sender.send(
            spot.chat_id,
            self._render.message(reply, language),
            thread_id=spot.thread_id,
            reply_to=None if spot.private else reply_to,
        )

    # ── What the core asks ───────────────────────────────────────────────────────────────────────────────────────

    async def deliver(self, answer: Answer) -> None:
        """Tell other chats, and bring boards up to date; not before the bot knows who it is."""
        await self._begun.wait()
        try:
            for post in answer.reply.elsewhere:
                await self._post(post)
        finally:  # what can't be said elsewhere must not leave a board behind
            await self._boards.follow(answer.reply)

    def address(self, payload: str) -> str | None:
        """The address that opens the private chat and says `/start` with `payload`."""
        return self._render.opens_with(payload)

    def chat_now(self, chat_id: str) -> str:
        """The supergroup that a group has become."""
        return str(self._chats.id_now(int(chat_id))) if _NUMBER.fullmatch(chat_id) else chat_id

    async def is_admin(self, chat_id: str, person_id: str) -> bool:
        """Whether he runs that group, as Telegram says."""
        group = _number(chat_id)
        return group is not None and await self._rights.is_admin(self._chats.id_now(group), int(person_id))

    def former_ids(self, chat_id: str) -> tuple[str, ...]:
        """The ids of the groups that have become this supergroup."""
        group = _number(chat_id)
        return () if group is None else tuple(map(str, self._chats.ids_before(group)))

    # ── What nobody asked ────────────────────────────────────────────────────────────────────────────────────────

    async def _tell_once(self, spot: Spot, reply: Reply, language: str) -> None:
        if await self._chats.tell(spot.chat_id):
            await self._send(reply, language, spot, reply_to=spot.message_id)

    async def _membership(self, change: Membership) -> None:
        """Came into a chat or was thrown out; blocked or unblocked. Whatever is kept of it stays."""
        chat_id = change.spot.chat_id
        await self._chats.set_active(chat_id, change.is_in)
        if not change.is_in and not change.spot.private:
            await self._chats.all_left(chat_id)
        if not change.is_in or change.kind not in (ChatType.GROUP, ChatType.SUPERGROUP):
            return
        if change.kind == ChatType.SUPERGROUP:
            # A group that becomes a supergroup looks as if the bot had just come; where from is told a little later.
            await asyncio.sleep(MOVING_SECONDS)
        if not await self._chats.is_greeted(chat_id):
            hello = words.greeting(self._me.username, reads_all=change.reads_all)
            if not self._welcome(str(chat_id)):
                hello = words.not_for_you(chat_id)
            await self._send(hello, change.language, change.spot)
            await self._chats.greeted(chat_id)

    async def _left(self, chat_id: int, person_id: str) -> None:
        """Somebody is in a group no more, and not counted there until he talks there again."""
        await self._chats.left(chat_id, person_id)
        group = Chat(receive.PLATFORM, str(chat_id), ChatKind.GROUP)
        await self.deliver(await self._happen(LeftGroup(person_id), group, "en"))

    async def _give_up(self, _update_id: str, payload: str, reference: str) -> None:
        raw = json.loads(payload)
        chat_id = arrived.chat_of(raw)
        if (query_id := arrived.inline_press(raw)) is not None:
            told_so = Reply(toast=words.sorry(reference))
            await self._sender.answer(query_id, toast(told_so, arrived.language_of(raw)), alert=True)
        if chat_id is None or not arrived.is_meant(raw):
            return
        spot = Spot(self._chats.id_now(chat_id), chat_id > 0)
        with suppress(Unreachable):
            await self._send(words.apology(reference), arrived.language_of(raw), spot)


def _number(chat_id: str) -> int | None:
    """A chat's id as Telegram has it; None for what can be none of its chats."""
    return int(chat_id) if re.fullmatch(r"-?[0-9]{1,19}", chat_id) else None


async def who(token: str, api_url: str) -> tuple[bool, str]:
    """Whether the Bot API answers, and as whom the bot is known there, or why not."""
    async with connected(token, api_url) as bot:
        try:
            me = await bot.get_me()
        except InvalidToken:
            return False, "it does not know the token: take it from BotFather again"
        except TelegramError as error:
            return False, str(error)
        return True, f"answers; the bot is @{me.username}"
