"""What is asked without a title in mind: what many look at, what is like something, what suits one, and luck."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.core.discovery import Window
from bot.core.genres import Genre
from bot.core.intents.base import Command, Intent, Target
from bot.core.model import Kind, TitleRef
from bot.core.phrases import N_


@dataclass(frozen=True, slots=True)
class Trending(Intent):
    """What most look at today, or this week; films and series together where `kind` is None."""

    window: Window = Window.DAY
    kind: Kind | None = None
    page: int = 1
    commands: ClassVar = (
        Command("trending", "[day|week] [movies|tv]", N_("what everybody is looking at just now"), "week tv"),
    )


@dataclass(frozen=True, slots=True)
class Popular(Intent):
    """The most popular films or series."""

    kind: Kind = Kind.MOVIE
    page: int = 1
    commands: ClassVar = (Command("popular", "[movies|tv]", N_("films or series that many people like"), "tv"),)


@dataclass(frozen=True, slots=True)
class Upcoming(Intent):
    """Films that are coming to the cinemas here."""

    page: int = 1
    commands: ClassVar = (Command("upcoming", "", N_("films that are coming to the cinemas")),)


@dataclass(frozen=True, slots=True)
class Airing(Intent):
    """Series that have an episode in the next days."""

    page: int = 1
    commands: ClassVar = (Command("airing", "", N_("series with a new episode in the next days")),)


@dataclass(frozen=True, slots=True)
class Similar(Intent):
    """What is like a title, the likest first."""

    title: Target
    page: int = 1
    commands: ClassVar = (Command("similar", "ID", N_("find more like a title"), "550"),)


@dataclass(frozen=True, slots=True)
class Recommend(Intent):
    """What the asker may like, by what he has rated high."""

    page: int = 1
    commands: ClassVar = (Command("recommend", "", N_("what you may like, by what you have rated high")),)


class Pick(StrEnum):
    """What to draw from on a watchlist."""

    ANY = "any"
    SHORT = "short"
    STREAMING = "streaming"


@dataclass(frozen=True, slots=True)
class Random(Intent):
    """A title of the asker's watchlist, drawn at random.

    `seed` shuffles the list, by the update where there is none; `after`: the title in that order whose next is drawn.
    """

    pick: Pick | Genre = Pick.ANY
    seed: int | None = None
    after: TitleRef | None = None
    commands: ClassVar = (
        Command("random", "[short|streaming|GENRE]", N_("draw something from your watchlist"), "drama"),
    )
