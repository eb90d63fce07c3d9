"""What is asked of a list: a page of it in some order, a part of it, how long it takes, and taking several off."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final, TypeAlias

from bot.core.intents.base import Command, Intent
from bot.core.model import Kind, Order, Section
from bot.core.phrases import N_

MOST_MARKED: Final = 10
"""Titles on a page, and so the most that are taken off at once."""


class Sorted(StrEnum):
    """An order that no service has: the bot reads the whole list for it. The value is its word in command text."""

    NAME = "title"
    YEAR = "year"
    RUNTIME = "runtime"
    RATING = "rating"
    SCORE = "score"


ListOrder: TypeAlias = Order | Sorted


class Length(StrEnum):
    """How long a title takes; the value is its word in command text."""

    SHORT = "u90"
    EVENING = "u120"
    LONG = "o120"


@dataclass(frozen=True, slots=True)
class Only:
    """What is shown of a list; nothing set shows all of it.

    `genre`: TMDB's number. `mine`: what streams on the asker's services. `words`: in the title's name.
    `decade`: its first year.
    """

    genre: int | None = None
    length: Length | None = None
    mine: bool = False
    words: str = ""
    decade: int | None = None


EVERYTHING: Final = Only()


@dataclass(frozen=True, slots=True)
class ShowList(Intent):
    """A page (from 1, ten titles each) of one of the account's lists."""

    section: Section
    kind: Kind = Kind.MOVIE
    order: ListOrder = Order.NEWEST
    page: int = 1
    only: Only = EVERYTHING
    commands: ClassVar = (
        Command("watchlist", "[movies|tv] [oldest|newest] [page] [find WORDS]", N_("what you want to watch"), "tv"),
        Command("favorites", "[movies|tv] [oldest|newest] [page] [find WORDS]", N_("your favourites"), "find star"),
        Command("rated", "[movies|tv] [oldest|newest] [page] [find WORDS]", N_("what you have rated"), "oldest"),
    )


class Choice(StrEnum):
    """What is chosen about a list; the value is its word in command text."""

    ALL = "all"
    ORDER = "order"
    GENRE = "genre"
    DECADE = "decade"
    LENGTH = "length"
    FIND = "find"


@dataclass(frozen=True, slots=True)
class ArrangeList(Intent):
    """Offer what can be chosen about that list, or the choices of one thing."""

    view: ShowList
    choice: Choice = Choice.ALL


@dataclass(frozen=True, slots=True)
class HowLong(Intent):
    """Say how many hours the watchlist takes; `view` is the one to go back to."""

    view: ShowList


@dataclass(frozen=True, slots=True)
class MarkTitles(Intent):
    """Choose among the titles of that page which to take off.

    `marks`: one bit for each title, the first the lowest. `page`: a sum of what stands on it, as the marks mean it.
    """

    view: ShowList
    marks: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True)
class TakeOff(Intent):
    """Take these titles (by their numbers) off the list that `view` shows."""

    view: ShowList
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UndoAll(Intent):
    """Go back to before all that was changed together with the change of that number."""

    change: int
