"""A Bot API server of our own for one bot, strict and on this machine, and the people who talk to the bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from tests.doubles.bot_api.people import Group, Press, Seen, User
from tests.doubles.bot_api.server import Server
from tests.doubles.bot_api.state import Account, Chat, Member, Message
from tests.doubles.bot_api.wire import Json
from tests.doubles.bot_api.world import Call, World
from tests.doubles.serving import Clock

TOKEN: Final = "7000000001:AAfor-tests-only_0123456789abcdefghi"


class BotApi:
    """The double. The bot needs `url` (TELEGRAM_API_URL) and `token`, and may be a process of its own.

    People act at once (`ada.types("/help")`); tests wait for what the bot does with `until` and what builds on it,
    never for time to pass. `complaints` collects what the original forgives: parameters that don't exist, text that
    was not escaped, a press answered twice.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        name: str = "Marquee",
        username: str = "marquee_test_bot",
        clock: Callable[[], float] | None = None,
    ) -> None:
        self.token = token
        self.clock = clock or Clock()
        bot = Account(int(token.partition(":")[0]), name, is_bot=True, username=username)
        self.world = World(bot, self.clock)
        self.server = Server(self.world, token)
        self.faults = self.server.faults
        self.updates = self.world.updates

    # ── Running ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def up(self) -> None:
        """Serve; after `down` on the same port again."""
        await self.server.start()

    async def down(self) -> None:
        """Close all connections and refuse new ones. What Telegram knows stays."""
        await self.server.stop()

    @property
    def url(self) -> str:
        """Its root address: what stands before `/bot<token>/`."""
        return f"http://127.0.0.1:{self.server.port}"

    @property
    def bot(self) -> Account:
        """The bot's own account."""
        return self.world.bot

    @property
    def complaints(self) -> list[str]:
        """What the bot did that no test should let pass."""
        return self.world.complaints

    # ── People and groups ────────────────────────────────────────────────────────────────────────────────────────

    def user(
        self, name: str, *, language_code: str | None = "en", last_name: str | None = None, started: bool = False
    ) -> User:
        """A person. `started`: has opened the private chat with the bot before."""
        user = User(
            next(self.world.users),
            name,
            username=name.lower() if name.isascii() and name.isalnum() else None,
            last_name=last_name,
            language_code=language_code,
            started=started,
            world=self.world,
        )
        self.world.accounts[user.id] = user
        return user

    def group(self, title: str, members: Sequence[User]) -> Group:
        """A small group of these; the first owns it. The bot is not in it yet."""
        return self._chat(Group(-next(self.world.groups), "group", title, world=self.world, owner=members[0]), members)

    def supergroup(self, title: str, members: Sequence[User], *, username: str | None = None) -> Group:
        """A supergroup."""
        made = Group(-next(self.world.supergroups), "supergroup", title, username, world=self.world, owner=members[0])
        return self._chat(made, members)

    def forum(self, title: str, members: Sequence[User]) -> Group:
        """A supergroup with topics; `forum.topic("Drama")` makes one."""
        made = self.supergroup(title, members)
        made.is_forum = True
        return made

    def channel(self, title: str, owner: User, *, username: str | None = None) -> Group:
        """A channel."""
        made = Group(-next(self.world.supergroups), "channel", title, username, world=self.world, owner=owner)
        return self._chat(made, [owner])

    def _chat(self, chat: Group, members: Sequence[User]) -> Group:
        if chat.type == "group":
            chat.numbers = self.world.small
        self.world.chats[chat.id] = chat
        for member in members:
            chat.members[member.id] = Member(member, "creator" if member is chat.owner else "member")
        return chat

    def inline_message(self, by: User, text: str, buttons: Sequence[tuple[str, str]] = ()) -> Message:
        """A message sent via the bot somewhere where it is not: it knows only its `inline_id`."""
        keyboard: list[list[Json]] = [[{"text": label, "callback_data": data}] for label, data in buttons]
        message = Message(Chat(0, "private"), 0, self.world.now(), by, text=text, keyboard=keyboard)
        message.inline_id = f"inline-{next(self.world.others)}"
        self.world.inline_messages[message.inline_id] = message
        return message

    # ── Looking ──────────────────────────────────────────────────────────────────────────────────────────────────

    def shown(self, user: User, chat: Chat | None = None, thread: int | None = None) -> list[Seen]:
        """What a person sees in a chat."""
        return user.sees(chat, thread)

    def calls(self, method: str, chat: Chat | None = None) -> list[Call]:
        """The bot's calls of a method so far, and how they were answered."""
        found = (call for call in self.world.calls if call.method == method)
        return [call for call in found if chat is None or str(call.values.get("chat_id")) == str(chat.id)]

    def written(self, chat: Chat) -> list[Message]:
        """What the bot sent or edited in a chat, in that order."""
        return [message for message in self.world.written if message.chat is chat]

    # ── Waiting ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def until(self, true: Callable[[], object], timeout: float = 10, what: str = "") -> None:  # noqa: ASYNC109
        """Wait until it is true, looking after each change. AssertionError with the calls so far after `timeout` s."""
        try:
            async with asyncio.timeout(timeout):
                while not true():
                    await self.world.bell.next()
        except TimeoutError:
            calls = "\n".join(map(str, self.world.calls[-20:]))
            raise AssertionError(
                f"{what or 'it'} did not happen within {timeout} s. The last calls:\n{calls}"
            ) from None

    async def confirmed(self, what: Message | Press, timeout: float = 10) -> None:  # noqa: ASYNC109
        """Wait until the bot has confirmed the update that told it of this."""
        assert what.update is not None, "the bot was not told of it"
        await self.until(lambda: what.update in self.updates.confirmed, timeout, "its confirmation")

    async def answered(self, what: Message | Press, timeout: float = 10) -> Message:  # noqa: ASYNC109
        """Wait until the bot has written something in that chat, or privately to that person, since; gives the first.

        A press is waited for until it has its answer, too.
        """
        account = what.account if isinstance(what, Press) else what.sender
        places = [what.chat, self.world.chats.get(account.id) if account else None]

        def found() -> list[Message]:
            return [message for message in self.world.written[what.mark :] if message.chat in places]

        await self.until(found, timeout, "an answer")
        if isinstance(what, Press):
            await what.told(timeout)
        return found()[0]

    async def called(self, method: str, times: int = 1, timeout: float = 10) -> list[Call]:  # noqa: ASYNC109
        """Wait until so many calls of a method have been answered; gives them."""

        def done() -> list[Call]:
            return [call for call in self.calls(method) if call not in self.server.under_way]

        await self.until(lambda: len(done()) >= times, timeout, f"{times} x {method}")
        return done()

    async def polled(self, timeout: float = 30) -> None:  # noqa: ASYNC109
        """Wait until the bot waits for updates, and none is left for it."""
        await self.until(lambda: self.updates.poller and not self.updates.pending(), timeout, "a waiting getUpdates")

    async def idle(self, timeout: float = 10) -> None:  # noqa: ASYNC109
        """Wait until the bot has confirmed everything, answered all presses, and calls nothing but getUpdates.

        A bot that confirms before it handles may still be at work: wait for what it is to do (`answered`) first.
        """

        def still() -> bool:
            busy = [call for call in self.server.under_way if call.method != "getUpdates"]
            open_presses = [query for query in self.world.queries.values() if not query.answer.done()]
            waited = [query for query in open_presses if query.until > self.clock()]
            return bool(self.updates.poller) and not busy and not waited and not self.updates.pending()

        await self.until(still, timeout, "rest")


@asynccontextmanager
async def serving(
    token: str = TOKEN, *, username: str = "marquee_test_bot", clock: Callable[[], float] | None = None
) -> AsyncIterator[BotApi]:
    """A double that runs, and that has nothing to complain of in the end."""
    double = BotApi(token, username=username, clock=clock)
    await double.up()
    try:
        yield double
    finally:
        double.faults.clear()
        await double.down()
    assert not double.complaints, "\n".join(double.complaints)
