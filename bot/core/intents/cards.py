"""What a card leads to: the whole of it, where to watch it, its seasons, people, and addresses that lead nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.core.intents.base import Command, Intent, Target
from bot.core.model import TitleRef
from bot.core.phrases import N_


@dataclass(frozen=True, slots=True)
class Unfold(Intent):
    """A title's card with all that is known, in place of the short one."""

    title: TitleRef


@dataclass(frozen=True, slots=True)
class Where(Intent):
    """Where a title streams, can be rented and bought, in the country of the chat."""

    title: Target
    commands: ClassVar = (Command("where", "ID", N_("where to watch a title"), "550"),)


@dataclass(frozen=True, slots=True)
class ShowSeasons(Intent):
    """The seasons of a series, a page (from 1) of them."""

    title: TitleRef
    page: int = 1


@dataclass(frozen=True, slots=True)
class ShowSeason(Intent):
    """The episodes of a season (0: specials), a page (from 1) of them."""

    title: TitleRef
    season: int
    page: int = 1


@dataclass(frozen=True, slots=True)
class ShowPerson(Intent):
    """Somebody, and what he or she is known for."""

    person: int


class Place(StrEnum):
    """Where an address leads that can't be followed."""

    SHORT = "short"
    IMDB_NAME = "name"


@dataclass(frozen=True, slots=True)
class Unfollowed(Intent):
    """An address that is a title's or a person's, but does not say whose."""

    place: Place
