"""What one bot's Telegram consists of, and what its changes make the bot see. No HTTP and no clicking in here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from tests.doubles.bot_api.entities import part
from tests.doubles.bot_api.refusals import QUERY_TOO_OLD, bad, forbidden, migrated
from tests.doubles.bot_api.state import Account, Chat, Json, Member, Message, Photo, given_only
from tests.doubles.bot_api.updates import PRESS_LIFE, TYPED_LIFE, Updates
from tests.doubles.serving import Bell

if TYPE_CHECKING:
    from tests.doubles.bot_api.inline import Article, Offered


@dataclass(frozen=True)
class Answer:
    """What the presser is shown: a toast, an alert that waits to be dismissed, an address that opens; or nothing."""

    text: str = ""
    show_alert: bool = False
    url: str | None = None
    cache_time: int = 0


@dataclass(eq=False)
class Query:
    """A pressed button that waits for its one answer."""

    id: str
    until: float
    answer: asyncio.Future[Answer]
    update: int | None = None
    forgiven: bool = False
    """The bot was not told that its answer had come through, so it may try again."""


@dataclass(eq=False)
class Typed:
    """What somebody types after the bot's name in any chat, and what he is then offered."""

    id: str
    person: Account
    query: str
    until: float
    offered: asyncio.Future[Offered]
    update: int | None = None

    async def told(self, timeout: float = 10) -> Offered:  # noqa: ASYNC109
        """What is offered, or TimeoutError."""
        async with asyncio.timeout(timeout):
            return await asyncio.shield(self.offered)


@dataclass(eq=False)
class Call:
    """One call that the bot made. `status` is 0 while it is under way, and where no answer was given."""

    number: int
    method: str
    values: Json
    at: float
    status: int = 0
    description: str = ""
    result: Any = None
    acted: bool = False

    def __str__(self) -> str:
        return f"{self.number}. {self.method} {self.values} -> {self.status} {self.description}"


@dataclass(eq=False)
class Webhook:
    """Where updates would be sent; this double sends none."""

    url: str = ""
    max_connections: int = 40
    secret_token: str = ""


_PRIVATE_START: Final = 5_000_000_001


@dataclass(eq=False)
class World:
    """All state. `sees_mentions`: whether a plain @mention gets through privacy mode; it doesn't, as documented."""

    bot: Account
    clock: Callable[[], float]
    bell: Bell = field(default_factory=Bell)
    privacy: bool = True
    sees_mentions: bool = False
    accounts: dict[int, Account] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    typed: dict[str, Typed] = field(default_factory=dict)
    inline_feedback: bool = True
    """Whether the bot is told what was chosen (/setinlinefeedback)."""
    inline_feedback_first: bool = False
    """Whether it is told so before it gets the message, where it is there: nobody promises an order."""
    inline_messages: dict[str, Message] = field(default_factory=dict)
    files: dict[str, Photo] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    written: list[Message] = field(default_factory=list)
    """What the bot sent and edited, in order; a message comes again with each edit."""
    webhook: Webhook = field(default_factory=Webhook)
    users: Iterator[int] = field(default_factory=lambda: count(_PRIVATE_START))
    groups: Iterator[int] = field(default_factory=lambda: count(4_000_000_001))
    supergroups: Iterator[int] = field(default_factory=lambda: count(1_001_900_000_001))
    small: Iterator[int] = field(default_factory=lambda: count(101))
    """Numbers of messages in private chats and small groups: one row for all of them; a supergroup has its own."""
    others: Iterator[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.updates = Updates(self.clock, self.bell)
        self.accounts[self.bot.id] = self.bot

    # ── Time and complaints ──────────────────────────────────────────────────────────────────────────────────────

    def now(self) -> int:
        """The time, in whole seconds since 1970."""
        return int(self.clock())

    def complain(self, what: str) -> None:
        """Note what the original would overlook or forgive, and a test should not."""
        self.complaints.append(what)

    # ── Chats ────────────────────────────────────────────────────────────────────────────────────────────────────

    def private(self, account: Account) -> Chat:
        """The private chat of a person and the bot."""
        if account.id not in self.chats:
            self.chats[account.id] = Chat(account.id, "private", person=account, numbers=self.small)
        return self.chats[account.id]

    def status(self, chat: Chat) -> Member:
        """The bot's place in a chat."""
        return chat.member(self.bot)

    def find_chat(self, chat_id: object) -> Chat:
        """The chat that a bot means. Refused if the bot knows none such, or it has moved."""
        if chat_id is None or chat_id == "":
            raise bad("chat_id is empty")
        chat: Chat | None = None
        words = str(chat_id)
        if words.startswith("@"):
            named = (each for each in self.chats.values() if each.username and not each.person)
            chat = next((each for each in named if f"@{each.username}".lower() == words.lower()), None)
        elif words.lstrip("-").isdigit():
            chat = self.chats.get(int(words))
            account = self.accounts.get(int(words))
            if chat is None and account is not None and account is not self.bot:
                chat = self.private(account)
        if chat is None or (not chat.person and self.bot.id not in chat.members):
            raise bad("chat not found")
        if chat.migrated_to:
            raise migrated(chat.migrated_to.id)
        return chat

    def readable(self, chat_id: object) -> Chat:
        """A chat that the bot is in, or one of a person who has started it. Refused."""
        chat = self.find_chat(chat_id)
        if chat.person:
            if not chat.person.started and not chat.person.deactivated:
                raise bad("chat not found")
            return chat
        if chat.deleted:
            raise forbidden(f"the {chat.kind_word()} was deleted")
        status = self.status(chat).status
        if status == "kicked":
            raise forbidden(f"bot was kicked from the {chat.kind_word()}")
        if status == "left":
            raise forbidden(f"bot is not a member of the {chat.kind_word()}")
        return chat

    def writable(self, chat_id: object, what: str = "text messages") -> Chat:
        """A chat that the bot may write to. Refused."""
        chat = self.find_chat(chat_id)
        if chat.person:
            if chat.person.deactivated:
                raise forbidden("user is deactivated")
            if not chat.person.started:
                raise forbidden("bot can't initiate conversation with a user")
            if chat.person.blocked:
                raise forbidden("bot was blocked by the user")
            return chat
        self.readable(chat_id)
        if chat.type == "channel" and not self.status(chat).is_admin:
            raise bad("need administrator rights in the channel chat")
        if chat.muted and not self.status(chat).is_admin:
            raise bad(f"not enough rights to send {what} to the chat")
        return chat

    # ── Messages ─────────────────────────────────────────────────────────────────────────────────────────────────

    def add(self, message: Message, *, mine: bool = False) -> Message:
        """Put a message into its chat; the bot gets it if it may see it and didn't send it itself (`mine`)."""
        chat = message.chat
        chat.messages[message.id] = message
        message.mark = len(self.written)
        if message.sender is not None and message.sender.is_bot and message.sender_chat is None:
            chat.last_bot = message.sender.id
        if not mine:
            message.meant_for_bot = self.sees(message)
            if message.meant_for_bot:
                kind = "channel_post" if chat.type == "channel" else "message"
                message.update = self.updates.push(kind, message.json())
        else:
            self.written.append(message)
        self.bell.ring()
        return message

    def changed(self, message: Message) -> None:
        """Somebody has edited his message."""
        if self.sees(message):
            kind = "edited_channel_post" if message.chat.type == "channel" else "edited_message"
            message.update = self.updates.push(kind, message.json())
        message.mark = len(self.written)
        self.bell.ring()

    def sees(self, message: Message) -> bool:
        """Whether the bot gets it: privacy mode, as in core.telegram.org/bots/features#privacy-mode and /bots/faq.

        Commands for it by name; bare commands if it was the last bot that wrote; answers to its messages and to those
        meant for it; inline messages sent via it; service messages. Plain mentions don't get through (nor in practice,
        as many have found).
        """
        chat = message.chat
        if chat.person:
            return not chat.person.blocked
        status = self.status(chat)
        if not status.is_in:
            return False
        if message.via_bot is self.bot:
            return True
        if message.service or chat.type == "channel" or status.is_admin or not self.privacy:
            return True
        answered = message.reply_to
        if answered is not None and not answered.service and (answered.sender is self.bot or answered.meant_for_bot):
            return True
        return self._names_bot(message)

    def _names_bot(self, message: Message) -> bool:
        name = f"@{self.bot.username}".lower()
        found = {(each["type"], each["offset"]): part(message.text, each).lower() for each in message.entities}
        commands = {offset: words for (kind, offset), words in found.items() if kind == "bot_command"}
        if any(words.endswith(name) for words in commands.values()):
            return True
        if 0 in commands and "@" not in commands[0] and message.chat.last_bot == self.bot.id:
            return True
        return self.sees_mentions and any(kind == "mention" and words == name for (kind, _), words in found.items())

    def find_message(self, chat: Chat, number: int | None, missing: str) -> Message:
        """A message that is there. Refused with these words."""
        message = chat.messages.get(number) if number is not None else None
        if message is None or message.deleted:
            raise bad(missing)
        return message

    # ── Members ──────────────────────────────────────────────────────────────────────────────────────────────────

    def set_member(self, chat: Chat, account: Account, by: Account, status: str, *, anonymous: bool = False) -> None:
        """Change somebody's place in a chat; the bot hears of its own, and as an admin of the others'."""
        old = replace(chat.member(account))
        chat.members[account.id] = Member(account, status, anonymous)
        change = {
            "chat": chat.json(),
            "from": by.json(),
            "date": self.now(),
            "old_chat_member": old.json(),
            "new_chat_member": chat.members[account.id].json(),
        }
        if account is self.bot:
            self.updates.push("my_chat_member", change)
        elif self.status(chat).is_admin:
            self.updates.push("chat_member", change)
        self.bell.ring()

    def set_blocked(self, account: Account, *, blocked: bool) -> None:
        """A person blocks the bot, or thinks better of it."""
        account.blocked = blocked
        member, kicked = Member(self.bot, "member").json(), Member(self.bot, "kicked").json()
        self.updates.push(
            "my_chat_member",
            {
                "chat": self.private(account).json(),
                "from": account.json(),
                "date": self.now(),
                "old_chat_member": member if blocked else kicked,
                "new_chat_member": kicked if blocked else member,
            },
        )

    # ── Presses ──────────────────────────────────────────────────────────────────────────────────────────────────

    def press(self, account: Account, message: Message, data: str) -> Query:
        """Somebody presses a button: the bot is to hear of it, and to answer, within 150 s."""
        number = f"{account.id}{next(self.others):08d}"
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        query = Query(number, self.clock() + PRESS_LIFE, future)
        self.queries[number] = query
        where = {"inline_message_id": message.inline_id} if message.inline_id else {"message": message.json()}
        body = {"id": number, "from": account.json(), "chat_instance": str(-message.chat.id - 7), "data": data}
        query.update = self.updates.push("callback_query", {**body, **where}, PRESS_LIFE)
        return query

    # ── Inline queries ───────────────────────────────────────────────────────────────────────────────────────────

    def typing(self, account: Account, query: str, offset: str, chat_type: str | None) -> Typed:
        """Somebody types after the bot's name: the bot is to hear of it, and to answer, within 30 s."""
        number = f"{account.id}{next(self.others):08d}"
        future: asyncio.Future[Offered] = asyncio.get_running_loop().create_future()
        typed = self.typed[number] = Typed(number, account, query, self.clock() + TYPED_LIFE, future)
        body = {"id": number, "from": account.json(), "query": query, "offset": offset}
        typed.update = self.updates.push("inline_query", body | given_only({"chat_type": chat_type}), TYPED_LIFE)
        return typed

    def offer(self, number: str, offered: Offered) -> None:
        """The bot answers. Refused if it did already, or is too late."""
        typed = self.typed.get(number)
        if typed is None or typed.offered.done() or self.clock() >= typed.until:
            raise bad(QUERY_TOO_OLD)
        typed.offered.set_result(offered)
        self.bell.ring()

    def choose(self, typed: Typed, result: Article, message: Message) -> Message:
        """Somebody has chosen a result: `message` is what it becomes, in a chat that the bot may not see."""
        message.text, message.entities, message.preview = result.text, list(result.entities), result.preview
        message.keyboard, message.via_bot = result.keyboard, self.bot
        message.inline_id = f"inline-{next(self.others)}"
        self.inline_messages[message.inline_id] = message
        if not self.inline_feedback_first:
            self.add(message)
        if self.inline_feedback:
            # Only a message with buttons can be changed, so only then is its id told.
            where = given_only({"inline_message_id": message.inline_id if message.keyboard else None})
            body = {"result_id": result.id, "from": typed.person.json(), "query": typed.query}
            self.updates.push("chosen_inline_result", {**body, **where})
        if self.inline_feedback_first:
            self.add(message)
        return message

    def answer(self, number: str, answer: Answer) -> None:
        """The bot answers a press. Refused if it did already, or is too late."""
        query = self.queries.get(number)
        if query is not None and query.answer.done() and not query.forgiven:
            self.complain(f"answerCallbackQuery: {number} was answered before")
        if query is None or query.answer.done() or self.clock() >= query.until:
            raise bad(QUERY_TOO_OLD)
        query.answer.set_result(answer)
        self.bell.ring()
