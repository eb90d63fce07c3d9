"""The core by itself as a front: replies in plain text, kept in a list. What front ends show is theirs to test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import assert_never

from bot.core import boards, card_words, grammar
from bot.core.chat import Chat, ChatKind, Person, Update
from bot.core.dispatch import Answer, Dispatch
from bot.core.intents import Intent
from bot.core.model import TitleState
from bot.core.phrases import Phrases, phrases
from bot.core.reply import Button, Guide, Link, Notice, Part, Place, RatingPad, Reply, Tally, TitleCard, TitleList
from bot.frontends.web.people import GROUP, PEOPLE
from tests.talk import Shown


@dataclass(frozen=True)
class _Kept:
    shown: Shown
    data: dict[str, str]
    links: dict[str, str] = field(default_factory=dict)
    private: frozenset[str] = frozenset()


class CoreFront:
    """Hands updates to a dispatch and keeps what it replies. `stranger`: nobody has opened a private chat yet.

    `addresses`: there are links that come back to the bot.
    """

    def __init__(self, dispatch: Dispatch, *, stranger: bool = False, addresses: bool = True) -> None:
        self._addresses = addresses
        self.dispatch = dispatch
        self._stranger = stranger
        self._rooms: dict[str, list[_Kept]] = {}
        self._toasts: dict[str, str | None] = {}
        self._numbers = count(1)
        self._boards: dict[str, tuple[str, Intent, str]] = {}
        dispatch.meet("web", self)

    def address(self, payload: str) -> str | None:
        return f"https://core.example/?start={payload}" if self._addresses else None

    def chat_now(self, chat_id: str) -> str:
        return chat_id

    def former_ids(self, chat_id: str) -> tuple[str, ...]:
        return ()

    async def is_admin(self, chat_id: str, person_id: str) -> bool:
        return chat_id == GROUP.chat.id and person_id == "ada"

    async def say(self, person: str, chat: str, text: str) -> None:
        room = self._room(person, chat)
        room.append(_Kept(Shown(str(next(self._numbers)), person, text), {}))
        await self._handle(person, chat, text, None)

    async def press(self, person: str, chat: str, message: str, label: str) -> None:
        [kept] = [kept for kept in self._room(person, chat) if kept.shown.id == message]
        if label in kept.private and not self._stranger:
            await self._handle(person, "private", kept.data[label], "")
        else:
            await self._handle(person, chat, kept.data[label], message)

    async def press_data(self, person: str, chat: str, data: str) -> None:
        """A forged press: data that no message has."""
        message = self._room(person, chat)[-1].shown.id if self._room(person, chat) else "0"
        await self._handle(person, chat, data, message)

    async def link(self, person: str, chat: str, message: str, label: str) -> str:
        [kept] = [kept for kept in self._room(person, chat) if kept.shown.id == message]
        return kept.links[label]

    async def come_back(self, person: str, url: str) -> None:
        assert url.startswith("https://core.example/?start=")
        await self._handle(person, "private", f"/start {url.partition('=')[2]}", None)

    async def shown(self, person: str, chat: str) -> list[Shown]:
        return [kept.shown for kept in self._room(person, chat)]

    async def until(self, person: str, chat: str, true: Callable[[list[Shown]], bool]) -> None:
        """All that comes has come."""
        if not true(await self.shown(person, chat)):
            raise TimeoutError

    async def toast(self, person: str) -> str | None:
        return self._toasts.get(person)

    async def again(self, person: str) -> str:
        """Handle the last update once more, as after a crash; what it answers now."""
        answer = await self.dispatch.answer(self.last)
        return "\n".join(_text(part, phrases(answer.language)) for part in answer.reply.parts)

    def opens_private(self, label: str) -> bool:
        """Whether the group's last message has that button, and it opens the private chat."""
        return label in self._rooms["group"][-1].private

    def wish(self, label: str) -> int:
        """The number of the wish that a button of the group's last message carries."""
        return int(self._rooms["group"][-1].data[label].removeprefix("1go "))

    def _room(self, person: str, chat: str) -> list[_Kept]:
        return self._rooms.setdefault("group" if chat == "group" else person, [])

    async def _handle(self, key: str, chat: str, text: str, pressed: str | None) -> None:
        person: Person = PEOPLE[key]
        where = GROUP.chat if chat == "group" else Chat("web", key, ChatKind.PRIVATE)
        update = Update(
            id=f"u{next(self._numbers)}",
            person=person,
            chat=where,
            text=text,
            pressed=pressed is not None,
            addressed=chat == "private" or pressed is not None,
            private_chat_id=None if self._stranger and chat == "group" else key,
        )
        self.last = update
        answer = await self.dispatch.answer(update)
        reply, spoken = answer.reply, phrases(answer.language)
        self._toasts[key] = spoken.text(reply.toast) if reply.toast else None
        if reply.unsay:
            self._room(key, chat).pop()
        for post in reply.elsewhere:
            there = self._room(post.chat_id, "group" if post.chat_id == GROUP.chat.id else "private")
            there.append(self._kept(post.reply, phrases(post.language)))
        shown = self._show(reply, spoken, key, chat, pressed)
        if reply.board is not None and shown is not None:
            if (before := self._boards.get(boards.key(reply.board))) is not None and before[0] != shown:
                self._put(before[0], self._kept(boards.stub(), spoken))
            self._boards[boards.key(reply.board)] = shown, reply.board, answer.language
        await self._follow(reply)

    async def deliver(self, answer: Answer) -> None:
        for post in answer.reply.elsewhere:
            there = self._room(post.chat_id, "group" if post.chat_id == GROUP.chat.id else "private")
            there.append(self._kept(post.reply, phrases(post.language)))
        await self._follow(answer.reply)

    async def _follow(self, reply: Reply) -> None:
        """Bring boards up to date, at once."""
        changed = list(reply.refresh)
        if reply.turn is not None and (known := self._boards.get(boards.key(reply.turn))):
            self._boards[boards.key(reply.turn)] = known[0], reply.turn, known[2]
            changed.append(reply.turn)
        for name in dict.fromkeys(map(boards.key, changed)):
            if name in self._boards:
                message, view, language = self._boards[name]
                answer = await self.dispatch.happen(view, GROUP.chat, language)
                self._put(message, self._kept(answer.reply, phrases(answer.language)))

    def _put(self, message: str, kept: _Kept) -> None:
        room = self._room("", "group")
        [at] = [at for at, each in enumerate(room) if each.shown.id == message]
        room[at] = replace(kept, shown=replace(kept.shown, id=message))

    def _show(self, reply: Reply, spoken: Phrases, key: str, chat: str, pressed: str | None) -> str | None:
        """Put the reply where it belongs; the id of its message."""
        if not reply.parts:
            return None
        kept = self._kept(reply, spoken)
        room = self._room(key, "private" if reply.place is Place.PRIVATE else chat)
        old = [i for i, each in enumerate(room) if each.shown.id == pressed]
        if reply.place is Place.HERE and old:
            room[old[0]] = replace(kept, shown=replace(kept.shown, id=room[old[0]].shown.id))
            return room[old[0]].shown.id
        room.append(kept)
        return kept.shown.id

    def _kept(self, reply: Reply, spoken: Phrases) -> _Kept:
        rows = reply.keyboard()
        labels = tuple(tuple(spoken.text(button.label) for button in row) for row in rows)
        buttons = {spoken.text(button.label): button for row in rows for button in row}
        data = {label: grammar.button(b.intent) for label, b in buttons.items() if isinstance(b, Button)}
        links = {label: b.url for label, b in buttons.items() if isinstance(b, Link)}
        private = frozenset(label for label, b in buttons.items() if isinstance(b, Button) and b.private)
        assert all(len(each.encode()) <= grammar.MOST_BUTTON_BYTES for each in data.values())
        text = "\n".join(_text(part, spoken) for part in reply.parts)
        return _Kept(Shown(str(next(self._numbers)), "bot", text, labels), data, links, private)


def _text(part: Part, spoken: Phrases) -> str:
    return "\n".join(_lines(part, spoken))


def _lines(part: Part, spoken: Phrases) -> list[str]:
    match part:
        case Notice(lines=sentences):
            return [spoken.text(sentence) for sentence in sentences]
        case TitleCard(title, state, change):
            people = [name for _, names in card_words.people(part) for name in names]
            score = card_words.score(title, spoken)
            facts = [spoken.title(title), title.original_name or "", *card_words.facts(part, spoken)]
            facts += [*card_words.genres(part, spoken), spoken.text(score) if score else "", *people]
            facts += [
                card_words.overview(part) or "",
                *(spoken.text(line) for _, line in card_words.after(part, spoken)),
            ]
            return [*facts, *([_state(state, spoken)] if state else []), *([spoken.text(change)] if change else [])]
        case TitleList(heading, entries, first, total, marked=marked):
            numbered = [
                f"{'✓ ' if number in (marked or ()) else ''}{number}. {spoken.title(entry.title)}"
                + (f" ★ {spoken.number(entry.rating)}" if entry.rating else "")
                + (f" · {spoken.text(note)}" if (note := part.note(number)) else "")
                for number, entry in enumerate(entries, first)
            ]
            return [spoken.text(heading), *numbered, str(total)]
        case RatingPad(title, current):
            return [spoken.title(title), *([f"★ {spoken.number(current)}"] if current else [])]
        case Guide(intro, groups):
            return [spoken.text(intro), *(usage for _, commands in groups for usage, _, _ in commands)]
        case Tally(rounds):
            return [
                line
                for heading, bars in rounds
                for line in (spoken.text(heading), *(f"{spoken.text(b.label)} {spoken.number(b.total)}" for b in bars))
            ]
        case _:
            assert_never(part)


def _state(state: TitleState, spoken: Phrases) -> str:
    rating = [f"★ {spoken.number(state.rating)}"] if state.rating else []
    return " · ".join(
        [*rating, *(["watchlist"] if state.watchlist else []), *(["favourite"] if state.favorite else [])]
    )
