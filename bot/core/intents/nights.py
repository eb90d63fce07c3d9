"""What is asked of a film night: one message that becomes every stage, from who is in to what was watched."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.core.intents.base import Command, Intent
from bot.core.phrases import N_


class NightStep(StrEnum):
    """What to do with a film night, by the word for it after `/night`."""

    SHOW = "show"
    """Show where it stands; where there is none, open one."""
    IN = "in"
    OUT = "out"
    CHOOSE = "choose"
    """Look for films to vote on."""
    OTHERS = "others"
    """Other films than those that were found."""
    BACK = "back"
    """From the films back to who is in."""
    START = "start"
    CLOSE = "close"
    """End the voting now."""
    LONGER = "longer"
    """Prolong the voting."""
    CANCEL = "cancel"
    NEXT = "next"
    """Take the runner-up instead."""
    WATCHED = "watched"
    LATER = "later"
    """Not tonight after all."""


@dataclass(frozen=True, slots=True)
class Night(Intent):
    """Go on with a film night; without a number, with the one that is open here."""

    step: NightStep = NightStep.SHOW
    night: int | None = None
    commands: ClassVar = (Command("night", "[WHAT]", N_("a film night: who is in, vote, see what wins")),)


@dataclass(frozen=True, slots=True)
class Vote(Intent):
    """Vote for the film of that number on the ballot, or take that vote back."""

    candidate: int
    night: int | None = None
    commands: ClassVar = (Command("vote", "NUMBER", N_("vote for a film of tonight’s, by its number"), "1"),)


@dataclass(frozen=True, slots=True)
class Rank(Intent):
    """In private: put that film next in the own ranking of a night's; none of them: show it. `anew`: from the start."""

    night: int
    candidate: int | None = None
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Score(Intent):
    """In private: give a night's film 0 to 5 stars; without any, ask for it; without a film, for the next one."""

    night: int
    candidate: int | None = None
    stars: int | None = None


@dataclass(frozen=True, slots=True)
class Veto(Intent):
    """In private: veto a night's film, or take that back; without a film, show what can be vetoed."""

    night: int
    candidate: int | None = None


@dataclass(frozen=True, slots=True)
class ShowBallot(Intent):
    """In private: the own vote in a night, to be changed there."""

    night: int


@dataclass(frozen=True, slots=True)
class NightOptions(Intent):
    """What is set for a night, or (without its number) for all to come: show it, one thing's choices, or set it."""

    night: int | None = None
    option: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class KeepOptions(Intent):
    """Begin the next nights with what is set for this one."""

    night: int


@dataclass(frozen=True, slots=True)
class Until(Intent):
    """Vote until then, as people say it: `19:30`, `in 2 days`, `45` (minutes)."""

    when: str
    night: int | None = None


@dataclass(frozen=True, slots=True)
class ShowNights(Intent):
    """A page (from 1) of the film nights there were, with what won and why."""

    page: int = 1
    commands: ClassVar = (Command("nights", "[page]", N_("past film nights, with what won and why")),)


@dataclass(frozen=True, slots=True)
class ShowNight(Intent):
    """One past night, whole; `page` is the one of the list to go back to."""

    night: int
    page: int = 1


@dataclass(frozen=True, slots=True)
class LeftGroup(Intent):
    """Somebody, by the platform's id, is in this group no more. Nobody says it."""

    person_id: str


@dataclass(frozen=True, slots=True)
class NightDue(Intent):
    """The time for a night's votes is up, or it is time to remind those who have not voted. Nobody says it."""

    night: int
    nudge: bool = False
