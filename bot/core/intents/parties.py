"""What is asked of the lists that a group keeps together."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.core.intents.base import Command, Intent, Target
from bot.core.phrases import N_


class BoardOrder(StrEnum):
    """In which order a group's list stands."""

    WANTED = "wanted"
    NEWEST = "newest"
    SHORTEST = "shortest"


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What is shown of a list only. `minutes`: at most so long; `genre`: TMDB's number."""

    minutes: int | None = None
    genre: int | None = None
    streams: bool = False
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class ShowParty(Intent):
    """A group's list: by its number (a button's), its name, or the one in use."""

    name: str = ""
    party: int | None = None
    page: int = 1
    order: BoardOrder = BoardOrder.WANTED
    only: BoardFilter = BoardFilter()
    commands: ClassVar = (Command("party", "[NAME]", N_("your group’s list, kept up to date")),)


@dataclass(frozen=True, slots=True)
class ArrangeParty(Intent):
    """How a list can be ordered and filtered, to choose from."""

    party: int
    order: BoardOrder = BoardOrder.WANTED
    only: BoardFilter = BoardFilter()


@dataclass(frozen=True, slots=True)
class ShowParties(Intent):
    """The group's lists; with `archived`, those put away too."""

    archived: bool = False
    commands: ClassVar = (Command("lists", "", N_("your group’s lists")),)


@dataclass(frozen=True, slots=True)
class NewParty(Intent):
    """Begin another list of that name."""

    name: str
    commands: ClassVar = (Command("newlist", "NAME", N_("begin another list for your group"), "Christmas"),)


class PartyStep(StrEnum):
    """What to do with a list."""

    MANAGE = "manage"
    ARCHIVE = "archive"
    UNARCHIVE = "unarchive"
    DELETE = "delete"
    RESTORE = "restore"
    MORE = "more"
    """One more proposal for each member at a time."""
    FEWER = "fewer"


@dataclass(frozen=True, slots=True)
class ChangeParty(Intent):
    """Put a list away, delete it, bring it back, or set how many each may propose for it."""

    party: int
    step: PartyStep = PartyStep.MANAGE


@dataclass(frozen=True, slots=True)
class RenameParty(Intent):
    """Give the list in use another name."""

    name: str
    commands: ClassVar = (Command("renamelist", "NAME", N_("give your group’s list another name"), "Movie night"),)


@dataclass(frozen=True, slots=True)
class Propose(Intent):
    """Put a title on the group's list in use; `party`: on that one. Without a title: the one that is replied to."""

    title: Target | None = None
    party: int | None = None
    commands: ClassVar = (Command("propose", "ID", N_("put a title on your group’s list"), "fight club"),)


@dataclass(frozen=True, slots=True)
class Unpropose(Intent):
    """Take a title off the group's list: a button names the proposal."""

    title: Target | None = None
    proposal: int | None = None
    commands: ClassVar = (Command("remove", "ID", N_("take a title off your group’s list"), "550"),)


@dataclass(frozen=True, slots=True)
class Repropose(Intent):
    """Put what was taken off a group's list back on it."""

    proposal: int


@dataclass(frozen=True, slots=True)
class ShowProposal(Intent):
    """One title of a group's list: who proposed it, its note, who wants it."""

    proposal: int


@dataclass(frozen=True, slots=True)
class NoteProposal(Intent):
    """Write a note beside a proposal of one's own."""

    title: Target
    note: str
    commands: ClassVar = (Command("note", "ID WORDS", N_("write a note beside your proposal"), "550 the long cut"),)


@dataclass(frozen=True, slots=True)
class Opine(Intent):
    """Want a proposal, or say that it is not for oneself; saying the same again takes that back."""

    proposal: int
    wants: bool


@dataclass(frozen=True, slots=True)
class FromWatchlist(Intent):
    """In private: a page of one's own watchlist, to propose from for that group's list."""

    party: int
    page: int = 1


@dataclass(frozen=True, slots=True)
class ShowMembers(Intent):
    """Who takes part in this group."""

    commands: ClassVar = (Command("members", "", N_("who takes part here")),)


@dataclass(frozen=True, slots=True)
class TakePart(Intent):
    """Take part in this group's lists and counts, or no more."""

    going: bool
