"""A test reads as a conversation: who, what they say and press, what they see.

`Talk` runs it over a `Front`: the core by itself, or a real front end. Nothing here, and nothing in a conversation,
knows a front end's markup: texts are what a person reads, buttons are found by their labels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import pytest

OVER_THE_CORE: Final = pytest.mark.parametrize("front", ["core"], indirect=True)
"""For the variants of what the one grammar reads: that each front hands it what was typed, other tests tell."""


@dataclass(frozen=True)
class Shown:
    """A message as somebody sees it: `author` is "bot" or a person's key; `buttons` are labels in rows."""

    id: str
    author: str
    text: str
    buttons: tuple[tuple[str, ...], ...] = ()


class Front(Protocol):
    """Somewhere to talk to the bot. Persons are "ada", "ben", "cleo", "dee", "eli"; a chat is "private" or "group"."""

    async def say(self, person: str, chat: str, text: str) -> None:
        """Returns when it has been answered."""
        ...

    async def press(self, person: str, chat: str, message: str, label: str) -> None: ...

    async def link(self, person: str, chat: str, message: str, label: str) -> str:
        """The address that a button of that message opens."""
        ...

    async def come_back(self, person: str, url: str) -> None:
        """Follow an address that leads back to the bot. Returns when it has been answered."""
        ...

    async def shown(self, person: str, chat: str) -> list[Shown]:
        """All messages as this person sees them, oldest first."""
        ...

    async def until(self, person: str, chat: str, true: Callable[[list[Shown]], bool]) -> None:
        """Wait until it is true of all messages as this person sees them."""
        ...

    async def toast(self, person: str) -> str | None:
        """The word beside the last answer to this person, if there was one."""
        ...


class PersonTalk:
    """One person in the conversation, in private with the bot; `in_group` is the same person in the group."""

    def __init__(self, front: Front, person: str, before: dict[str, list[Shown]], chat: str = "private") -> None:
        self._front = front
        self._person = person
        self._before = before
        self._chat = chat

    @property
    def in_group(self) -> PersonTalk:
        """The same person, in the group."""
        return PersonTalk(self._front, self._person, self._before, "group")

    async def says(self, text: str) -> None:
        """Type something, and wait until it is answered."""
        await self._look()
        await self._front.say(self._person, self._chat, text)

    async def presses(self, label: str) -> None:
        """Press the newest button with that label, and wait until it is answered."""
        for message in reversed(await self.messages()):
            if any(label in row for row in message.buttons):
                await self.presses_in(message, label)
                return
        raise AssertionError(f"{self._person} sees no button {label!r} in:\n{await self._transcript()}")

    async def presses_in(self, message: Shown, label: str) -> None:
        """Press a button of that message, and wait until it is answered."""
        await self._look()
        await self._front.press(self._person, self._chat, message.id, label)

    async def link(self, label: str) -> str:
        """The address behind the newest button with that label."""
        for message in reversed(await self.messages()):
            if any(label in row for row in message.buttons):
                return await self._front.link(self._person, self._chat, message.id, label)
        raise AssertionError(f"{self._person} sees no button {label!r} in:\n{await self._transcript()}")

    async def comes_back(self, url: str) -> None:
        """Follow an address that leads back to the bot, and wait until that is answered."""
        await self._look()
        await self._front.come_back(self._person, url)

    async def messages(self) -> list[Shown]:
        """All messages that this person sees here, oldest first."""
        return await self._front.shown(self._person, self._chat)

    async def answer(self) -> Shown:
        """What the bot said last: a new message, or an older one that it has changed."""
        answers = [message for message in await self.messages() if message.author == "bot"]
        assert answers, f"the bot has said nothing to {self._person}"
        fresh = [message for message in answers if message not in self._before.get(self._view(self._chat), [])]
        return (fresh or answers)[-1]

    async def _look(self) -> None:
        """Remember what there is to see, so that what changes can be told."""
        for chat in ("private", "group"):
            self._before[self._view(chat)] = await self._front.shown(self._person, chat)

    def _view(self, chat: str) -> str:
        return chat if chat == "group" else self._person

    async def sees(self, *words: str) -> None:
        """The bot's last answer has all of these."""
        text = (await self.answer()).text
        missing = [word for word in words if word not in text]
        assert not missing, f"{self._person} does not see {missing} in:\n{text}"

    async def comes_to_see(self, *words: str) -> None:
        """One message of the bot's has all of these, or will soon: what is kept up to date may be a little late."""

        def there(shown: list[Shown]) -> bool:
            return any(all(word in _whole(each) for word in words) for each in shown if each.author == "bot")

        try:
            await self._front.until(self._person, self._chat, there)
        except TimeoutError:
            raise AssertionError(f"{self._person} never sees {words} in:\n{await self._transcript()}") from None

    async def sees_no(self, *words: str) -> None:
        """The bot's last answer has none of these, neither in its text nor on its buttons."""
        answer = await self.answer()
        seen = "\n".join([answer.text, *(label for row in answer.buttons for label in row)])
        there = [word for word in words if word in seen]
        assert not there, f"{self._person} sees {there} in:\n{seen}"

    async def buttons(self) -> list[str]:
        """The labels under the bot's last answer."""
        return [label for row in (await self.answer()).buttons for label in row]

    async def sees_button(self, *labels: str) -> None:
        """The bot's last answer has all of these buttons."""
        there = await self.buttons()
        missing = [label for label in labels if label not in there]
        assert not missing, f"{self._person} sees no {missing} among {there}"

    async def sees_no_button(self, *labels: str) -> None:
        """The bot's last answer has none of these buttons."""
        there = await self.buttons()
        assert not [label for label in labels if label in there], there

    async def is_told(self, *words: str) -> None:
        """A word beside the last answer has all of these."""
        toast = await self._front.toast(self._person)
        assert toast is not None, f"{self._person} was told nothing beside the answer"
        missing = [word for word in words if word not in toast]
        assert not missing, f"{self._person} was told {toast!r}"

    async def _transcript(self) -> str:
        return "\n---\n".join(f"{m.author}: {m.text}\n{m.buttons}" for m in await self.messages())


def _whole(shown: Shown) -> str:
    return "\n".join([shown.text, *(label for row in shown.buttons for label in row)])


class Talk:
    """A conversation of Ada, Ben, Cleo, Dee and Eli with the bot, over one front."""

    def __init__(self, front: Front) -> None:
        before: dict[str, list[Shown]] = {}
        self.ada = PersonTalk(front, "ada", before)
        self.ben = PersonTalk(front, "ben", before)
        self.cleo = PersonTalk(front, "cleo", before)
        self.dee = PersonTalk(front, "dee", before)
        self.eli = PersonTalk(front, "eli", before)
