"""What the bot answers: a closed set of parts, buttons, and where it goes. Plain values; front ends show them.

A front end matches over `Part` and ends in `assert_never`, so that a part which it doesn't show fails the type check.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final, TypeAlias

from bot.core.intents import Intent, Rate, ShowTitle, Unrate
from bot.core.model import EVERY_RATING, Among, Listed, Rating, Title, TitleState
from bot.core.phrases import Hint, Text, plain, t

LIST_SIZE: Final = 10
"""Titles in one message."""


@dataclass(frozen=True, slots=True)
class Button:
    """A command that somebody typed for you: pressing it says `intent`.

    `private`: it opens the private chat and goes on there, instead of answering here (a platform's deep link).
    `owned`: in a group it is only for whoever this answers.
    """

    label: Text
    intent: Intent
    private: bool = False
    owned: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens a page somewhere else. `secret`: its address is for the reader's eyes alone."""

    label: Text
    url: str
    secret: bool = False


Row: TypeAlias = tuple[Button | Link, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence, or a few: one paragraph each. `picture`: the address of one to show with it."""

    lines: tuple[Text, ...]
    picture: str | None = None


@dataclass(frozen=True, slots=True)
class TitleCard:
    """A title with all that is known of it; with `state`, what the reader's account says of it (never in a group).

    `change`: one line that says what was just changed. `country` (ISO 3166-1): whose age rating and services are meant.
    `whole`: with all that is known, not only what fits a phone's screen. `among`: what a group says of it.
    """

    title: Title
    state: TitleState | None
    change: Text | None = None
    country: str = "US"
    whole: bool = False
    among: Among | None = None


@dataclass(frozen=True, slots=True)
class TitleList:
    """One message's worth of a list or search. `first`: the number of its first entry, from 1.

    `mixed`: films and series together, so that each says which it is. `notes`: what is said of each entry, in their
    order; empty where there is nothing to say of any. `marked`: the numbers of those that are chosen among the entries;
    where it is given, no number opens a title.
    """

    heading: Text
    entries: tuple[Listed, ...]
    first: int
    total: int
    mixed: bool = False
    notes: tuple[Text | None, ...] = ()
    marked: frozenset[int] | None = None

    def note(self, number: int) -> Text | None:
        """What is said of the entry of that number, which counts from `first`."""
        at = number - self.first
        return self.notes[at] if at < len(self.notes) else None


@dataclass(frozen=True, slots=True)
class RatingPad:
    """The half points from 0.5 to 10 to choose from; `current` is the reader's own."""

    title: Title
    current: Rating | None


@dataclass(frozen=True, slots=True)
class Bar:
    """One title's share of a count. `share`: of the longest bar, 0 to 1. `wins` in the end, or `drops` out here."""

    label: Text
    total: float
    share: float
    wins: bool = False
    drops: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """A count as a picture: round after round (heading, bars). Where it is drawn, it is a message of its own."""

    rounds: tuple[tuple[Text, tuple[Bar, ...]], ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """Help: under each heading, commands as (usage, what it does, an example to tap or None)."""

    intro: Text
    groups: tuple[tuple[Text, tuple[tuple[str, Text, str | None], ...]], ...]


Part: TypeAlias = Notice | TitleCard | TitleList | RatingPad | Guide | Tally


class Place(Enum):
    """Where a reply goes."""

    HERE = auto()
    """In place of the message whose button was pressed; a new message if something was typed."""
    ANEW = auto()
    """A new message in this chat."""
    PRIVATE = auto()
    """Personal: in a private chat as HERE; from a group, a new message in the person's private chat."""
    TOAST = auto()
    """A word to the presser alone (`toast`), changing no message; a new message if something was typed."""


@dataclass(frozen=True, slots=True)
class Post:
    """Something to say in another chat of the same platform, or in a topic of it. It is always a new message.

    `language`: of those who read it there; dispatch knows.
    """

    chat_id: str
    reply: Reply
    language: str = "en"
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `toast`: a short word to the presser beside it. `alert`: the toast waits to be dismissed.

    `aloud`: what is said instead of the toast to somebody who has typed, where others read it too.

    `goes_on`: what was wanted before this got in between; dispatch answers that too, below these parts.
    `wish`: what to go on with in the private chat, where that must be opened first; else what was asked.
    `elsewhere`: what other chats are told. `unsay`: what was typed is a secret, to be deleted where that is possible.
    `board`: the message shows that view and is kept up to date from now on, pinned where that is wanted (`pin`) and
    allowed. `turn`: the message that is a board shows that view of it from now on. `refresh`: boards that show
    something else now; `at_once`: which nobody wants to wait for.
    """

    parts: tuple[Part, ...] = ()
    buttons: tuple[Row, ...] = ()
    place: Place = Place.HERE
    toast: Text | None = None
    alert: bool = False
    aloud: Text | None = None
    goes_on: Intent | None = None
    wish: Intent | None = None
    elsewhere: tuple[Post, ...] = ()
    unsay: bool = False
    board: Intent | None = None
    pin: bool = False
    turn: Intent | None = None
    refresh: tuple[Intent, ...] = ()
    at_once: bool = False

    def with_elsewhere(self, *posts: Post) -> Reply:
        """The same, and that said in other chats."""
        return replace(self, elsewhere=(*self.elsewhere, *posts))

    def keyboard(self) -> tuple[Row, ...]:
        """All buttons in their rows: those that the parts bring along, then the reply's own."""
        rows = [row for part in self.parts for row in _rows_of(part)]
        return (*rows, *self.buttons)


def notice(*lines: Text, buttons: tuple[Row, ...] = (), place: Place = Place.HERE) -> Reply:
    """A reply that is a sentence or a few."""
    return Reply((Notice(lines),), buttons, place)


def without_hints(reply: Reply) -> Reply:
    """The reply for those who want short answers. What is nothing but hints stays."""
    return replace(reply, parts=tuple(_short(part) for part in reply.parts))


def _short(part: Part) -> Part:
    if not isinstance(part, Notice):
        return part
    told = tuple(line for line in part.lines if not isinstance(line, Hint))
    return replace(part, lines=told) if told else part


def _rows_of(part: Part) -> Iterator[Row]:
    match part:
        case TitleList(entries=entries, first=first, marked=None):
            numbers = tuple(
                Button(plain(str(number)), ShowTitle(entry.title.ref, anew=True))
                for number, entry in enumerate(entries, first)
            )
            yield from (numbers[i : i + 5] for i in range(0, len(numbers), 5))
        case RatingPad(title=title, current=current):
            pad = tuple(
                Button(
                    t("✓ {rating}", rating=rating) if rating == current else t("{rating}", rating=rating),
                    Rate(title.ref, rating),
                )
                for rating in EVERY_RATING
            )
            yield from (pad[i : i + 5] for i in range(0, len(pad), 5))
            back = Button(t("‹ Back"), ShowTitle(title.ref))
            yield (Button(t("Clear"), Unrate(title.ref)), back) if current else (back,)
        case _:
            return
