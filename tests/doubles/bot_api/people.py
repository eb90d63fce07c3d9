"""The tests' side: people with a Telegram app, and the groups that they make. What they do happens at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.doubles.bot_api.entities import Entity, clean, with_found
from tests.doubles.bot_api.menus import menu
from tests.doubles.bot_api.presses import start_payload
from tests.doubles.bot_api.state import ANONYMOUS, CHANNEL_BOT, Account, Chat, Json, Member, Message
from tests.doubles.bot_api.world import Answer, Query, Typed, World


@dataclass(frozen=True)
class SeenButton:
    """A button as a person sees it: with what it sends (`data`) or opens (`url`)."""

    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Seen:
    """A message as a person sees it: plain text after parsing. `preview`: the address shown as a large picture."""

    id: int
    author: str
    text: str
    buttons: tuple[tuple[SeenButton, ...], ...]
    entities: tuple[Entity, ...]
    preview: str | None
    photo: bytes | str | None
    thread: int | None
    reply_to: int | None
    edited: bool
    message: Message = field(repr=False, compare=False)

    @property
    def labels(self) -> list[list[str]]:
        """The buttons' labels, row by row."""
        return [[button.label for button in row] for row in self.buttons]


@dataclass(eq=False)
class Press:
    """A press under way. `await press.answer` gives what the presser is shown."""

    chat: Chat
    account: Account
    answer: asyncio.Future[Answer]
    mark: int
    query: Query | None = None

    @property
    def update(self) -> int | None:
        """The id of the update that told the bot of it."""
        return self.query.update if self.query else None

    async def told(self, timeout: float = 10) -> Answer:  # noqa: ASYNC109
        """What the presser is shown, or TimeoutError."""
        async with asyncio.timeout(timeout):
            return await asyncio.shield(self.answer)


def seen(message: Message) -> Seen:
    """How it looks."""
    author = message.sender_chat.title if message.sender_chat else message.sender.first_name if message.sender else ""
    buttons = tuple(
        tuple(SeenButton(each["text"], each.get("callback_data"), each.get("url")) for each in row)
        for row in message.keyboard
    )
    photo = (message.photo.url or message.photo.content) if message.photo else None
    return Seen(
        message.id,
        author,
        message.text,
        buttons,
        tuple(message.entities),
        (message.preview or {}).get("url"),
        photo,
        message.thread,
        message.reply_to.id if message.reply_to else None,
        message.edit_date is not None,
        message,
    )


@dataclass(eq=False)
class User(Account):
    """A person with the app. Where no chat is named, it is the private one with the bot."""

    world: World = field(kw_only=True, repr=False)

    @property
    def chat(self) -> Chat:
        """The private chat with the bot."""
        return self.world.private(self)

    def types(
        self,
        text: str,
        chat: Chat | None = None,
        *,
        thread: int | None = None,
        reply_to: Message | Seen | None = None,
        channel: Chat | None = None,
        entities: Sequence[Entity] = (),
    ) -> Message:
        """Say something. `channel`: in that channel's name. An anonymous admin speaks as the group by himself."""
        chat = chat or self.chat
        if chat.person:
            self.started = True
            if self.blocked:
                self.unblocks_bot()
        kept, found = clean(text, list(entities))
        message = self._message(chat, reply_to, thread)
        message.text, message.entities = kept, with_found(kept, found)
        if channel is not None:
            message.sender, message.sender_chat = CHANNEL_BOT, channel
        return self.world.add(message)

    def starts(self, payload: str = "") -> Message:
        """Press START, perhaps of a deep link."""
        return self.types(f"/start {payload}".strip())

    def follows(self, url: str) -> Message:
        """Open an address that leads to the bot, and press START there."""
        payload = start_payload(self.world, url)
        names = parse_qs(urlsplit(url).query)
        assert payload is not None or not names, f"{url} does not lead to this bot"
        return self.starts(payload or "")

    def posts(self, chat: Chat, **service: Any) -> Message:
        """Something other than text: the fields of a message (`sticker={...}`, `photo=[...]`, `caption=...`)."""
        message = self._message(chat, None, None)
        message.service = service
        return self.world.add(message)

    def _message(self, chat: Chat, reply_to: Message | Seen | None, thread: int | None) -> Message:
        here = chat.member(self)
        assert chat.person is self or here.is_in or chat.type == "channel", f"{self.first_name} is not in {chat.title}"
        assert chat.migrated_to is None, f"{chat.title} has moved"
        answered = reply_to.message if isinstance(reply_to, Seen) else reply_to
        assert thread is None or thread in chat.topics, f"{chat.title} has no topic {thread}"
        message = Message(chat, next(chat.numbers), self.world.now(), self, thread=thread, reply_to=answered)
        message.in_topic = thread is not None
        if answered and thread is None and chat.type == "supergroup":
            # An answer in a supergroup, and in a forum's General, has a thread too, which is no topic and takes no
            # messages (tdlib/telegram-bot-api#447).
            message.thread = answered.thread or answered.id
            message.in_topic = answered.in_topic
        if here.anonymous:
            message.sender, message.sender_chat = ANONYMOUS, chat
        if chat.type == "channel":
            message.sender, message.sender_chat = None, chat
        return message

    def edits(self, message: Message, text: str) -> Message:
        """Change what he said."""
        message.text, entities = clean(text, [])
        message.entities = with_found(message.text, entities)
        message.edit_date = self.world.now()
        self.world.changed(message)
        return message

    def deletes(self, message: Message | Seen) -> None:
        """Delete it, for everybody; the bot is not told."""
        (message.message if isinstance(message, Seen) else message).deleted = True
        self.world.bell.ring()

    def presses(self, message: Message | Seen, label: str) -> Press:
        """Press the button of that label. A link's answer is there at once: it opens."""
        message = message.message if isinstance(message, Seen) else message
        buttons = [button for row in message.keyboard for button in row]
        found = [button for button in buttons if button["text"] == label]
        assert len(found) == 1, f"{len(found)} buttons {label!r} among {[button['text'] for button in buttons]}"
        if "callback_data" in found[0]:
            return self.presses_data(message, found[0]["callback_data"])
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        answer.set_result(Answer(url=found[0].get("url")))
        return Press(message.chat, self, answer, len(self.world.written))

    def presses_data(self, message: Message | Seen, data: str) -> Press:
        """Send a button's data, though the message need not have it any more, or never had."""
        message = message.message if isinstance(message, Seen) else message
        chat = message.chat
        assert chat.person is self or chat.member(self).is_in or message.inline_id, f"{self.first_name} is not there"
        query = self.world.press(self, message, data)
        return Press(chat, self, query.answer, len(self.world.written), query)

    def types_inline(self, query: str, offset: str = "", chat_type: str | None = "private") -> Typed:
        """Type the bot's name and then this, in a chat of that kind with anybody; `chooses` puts a result there."""
        return self.world.typing(self, query, offset, chat_type)

    def chooses(self, typed: Typed, title: str, chat: Chat) -> Message:
        """Tap the result of that title: it is said in this chat."""
        found = [each for each in typed.offered.result().results if each.title == title]
        assert len(found) == 1, f"{len(found)} results {title!r} among {typed.offered.result().titles}"
        return self.world.choose(typed, found[0], self._message(chat, None, None))

    def blocks_bot(self) -> None:
        """Block it: it gets 403 from now on."""
        self.world.set_blocked(self, blocked=True)

    def unblocks_bot(self) -> None:
        """Let it write again."""
        self.world.set_blocked(self, blocked=False)

    def deactivates(self) -> None:
        """Delete the account: the bot gets 403 and is not told."""
        self.deactivated = True

    def sees(self, chat: Chat | None = None, thread: int | None = None) -> list[Seen]:
        """The messages of a chat, or of one topic."""
        chat = chat or self.chat
        shown = [each for each in chat.messages.values() if not each.deleted and not each.service]
        return [seen(each) for each in shown if thread is None or (each.thread == thread and each.in_topic)]

    def menu(self, chat: Chat | None = None) -> list[Json]:
        """The commands that the app offers there."""
        return menu(self.world, self, chat or self.chat)


@dataclass(eq=False)
class Group(Chat):
    """A group, supergroup, forum or channel. `by` is the owner where nobody is named."""

    world: World = field(kw_only=True, repr=False)
    owner: User = field(kw_only=True, repr=False)

    def add_bot(self, by: User | None = None, status: str = "member") -> None:
        """Put the bot in: it is told twice, as a change of its own membership and by a service message."""
        by = by or self.owner
        self.world.set_member(self, self.world.bot, by, status)
        if self.type != "channel":
            self._notice(by, new_chat_members=[self.world.bot.json()])

    def kick_bot(self, by: User | None = None) -> None:
        """Put the bot out, for good."""
        self.world.set_member(self, self.world.bot, by or self.owner, "kicked")

    def remove_bot(self, by: User | None = None) -> None:
        """Put the bot out; it may be added again."""
        self.world.set_member(self, self.world.bot, by or self.owner, "left")

    def promote_bot(self, by: User | None = None) -> None:
        """Make the bot an administrator: it sees everything."""
        self.world.set_member(self, self.world.bot, by or self.owner, "administrator")

    def demote_bot(self, by: User | None = None) -> None:
        """Make the bot a member like others."""
        self.world.set_member(self, self.world.bot, by or self.owner, "member")

    def mute(self, *, muted: bool = True) -> None:
        """Nobody but administrators may write."""
        self.muted = muted

    def add(self, user: User, by: User | None = None) -> None:
        """Somebody joins."""
        self.world.set_member(self, user, by or user, "member")
        self._notice(by or user, new_chat_members=[user.json()])

    def remove(self, user: User, by: User | None = None) -> None:
        """Somebody goes, or has to go."""
        self.world.set_member(self, user, by or user, "kicked" if by else "left")
        self._notice(by or user, left_chat_member=user.json())

    def promote(self, user: User, *, anonymous: bool = False) -> None:
        """Make somebody an administrator."""
        self.world.set_member(self, user, self.owner, "administrator", anonymous=anonymous)

    def demote(self, user: User) -> None:
        """Make somebody a member like others."""
        self.world.set_member(self, user, self.owner, "member")

    def topic(self, name: str) -> int:
        """Make a topic of a forum; gives its thread."""
        assert self.is_forum, f"{self.title} is no forum"
        number = next(self.numbers)
        said = Message(self, number, self.world.now(), self.owner, thread=number, in_topic=True)
        said.service = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        self.topics[number] = name
        self.world.add(said)
        return number

    def close_topic(self, thread: int) -> None:
        """Only administrators write in it."""
        self.closed_topics.add(thread)

    def delete_topic(self, thread: int) -> None:
        """It and what was said in it are gone; the bot is not told."""
        del self.topics[thread]
        for message in self.messages.values():
            message.deleted = message.deleted or message.thread == thread

    def migrate(self) -> Group:
        """Become a supergroup under a new id. The bot is told three times: it has joined the new one (no word of the
        old one: tdlib/telegram-bot-api#266), and by a service message in each.
        """
        assert self.type == "group", f"{self.title} is a {self.type}"
        made = Group(-next(self.world.supergroups), "supergroup", self.title, world=self.world, owner=self.owner)
        self.world.chats[made.id] = made
        made.members = {number: Member(each.account, each.status) for number, each in self.members.items()}
        made.last_bot = self.last_bot
        status = made.members.pop(self.world.bot.id, None)
        if status is not None and status.is_in:
            self.world.set_member(made, self.world.bot, self.owner, status.status)
        elif status is not None:
            made.members[self.world.bot.id] = status
        self._notice(self.owner, migrate_to_chat_id=made.id)
        said = Message(made, next(made.numbers), self.world.now(), ANONYMOUS, made)
        said.service = {"migrate_from_chat_id": self.id}
        self.world.add(said)
        self.migrated_to = made
        return made

    def _notice(self, by: Account, **service: Any) -> Message:
        return self.world.add(Message(self, next(self.numbers), self.world.now(), by, service=service))
