"""Who asks, where, and with what rights: what the platform says of an update's sender."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.core.dispatch import Answer
    from bot.core.intents import Target


class ChatKind(StrEnum):
    """A private chat is one person's with the bot; a group is everybody's who is in it.

    Inline is a single message of the bot's that somebody has put into a chat which the bot doesn't see: it is shared
    like a group, but the bot can only change that message, or answer whoever presses a button on it.
    """

    PRIVATE = "private"
    GROUP = "group"
    INLINE = "inline"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a platform. `id` is the platform's, as text; `name` is what others call him.

    `sample`: one of the people whom the local web chat brings along, to try things with.
    """

    platform: str
    id: str
    name: str
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Chat:
    """Where something was said. A private chat's `id` is the one that a private answer goes to; a group has a name.

    `topic`: which of a group's threads it was, where it has some.
    `party`: of an inline message that is known to stand in a group, the list that its title is proposed for.
    """

    platform: str
    id: str
    kind: ChatKind
    name: str = ""
    topic: str = ""
    party: int | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """One thing that a person did, as a front end received it.

    `id` is unique on the platform and survives a restart, so that handling twice can be told from doing twice.
    `text` is command text (typed, or a button's data). `pressed`: it came from a button. `addressed`: the person
    plainly meant the bot (a private chat, a button, the bot's name), so that it must not stay silent.
    """

    id: str
    person: Person
    chat: Chat
    text: str
    pressed: bool = False
    addressed: bool = True
    replies: bool = False
    """In a group: said below a message of the bot's, and perhaps to the others."""
    about: Target | None = None
    """The title of the message that it was said below, where that is about one."""
    private_chat_id: str | None = None
    """Where the person's private answers go: None if he has not opened a private chat with the bot."""
    language: str = "en"
    """The platform's guess at the person's language (ISO 639-1); his own choice goes before it."""
    region: str = ""
    """The country (ISO 3166-1) in that guess, where it has one."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as a handler sees it."""

    update_id: str
    person: Person
    chat: Chat
    language: str
    private_chat_id: str | None
    about: Target | None = None
    """The title of the message that this was said below."""

    @property
    def in_private(self) -> bool:
        """Whether only this person reads the chat."""
        return self.chat.kind is ChatKind.PRIVATE


class Platform(Protocol):
    """What the core may ask of a chat platform."""

    async def deliver(self, answer: Answer) -> None:
        """Say elsewhere what is to be said elsewhere, and bring boards up to date: nobody has asked for it."""
        ...

    async def is_admin(self, chat_id: str, person_id: str) -> bool:
        """Whether that person runs that group, as of a minute ago at most. False where it can't be told."""
        ...

    def chat_now(self, chat_id: str) -> str:
        """That chat's id today: some become another chat, and buttons still name the old one."""
        ...

    def former_ids(self, chat_id: str) -> tuple[str, ...]:
        """What else that chat was called by, where a platform gives one another id."""
        ...

    def address(self, payload: str) -> str | None:
        """The address that opens a person's private chat with the bot and says `/start` with `payload` there.

        `payload` has 1 to 64 letters, digits, `_` and `-`. None where the platform has no such addresses.
        """
        ...
