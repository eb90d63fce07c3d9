"""What is asked of the lists that a group keeps together."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from bot.core.intents.base import Command, Intent, Target
from bot.core.model import Kind, TitleRef
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
class TurnParty(Intent):
    """What the message that shows a list shows of it from now on."""

    party: int
    page: int = 1
    order: BoardOrder = BoardOrder.WANTED
    only: BoardFilter = BoardFilter()


@dataclass(frozen=True, slots=True)
class ArrangeParty(Intent):
    """In private: order and filter a list for all like this, with what else there is to choose."""

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
    LIMIT = "limit"
    """How many each may propose: `most`, None for any number."""


@dataclass(frozen=True, slots=True)
class ChangeParty(Intent):
    """Put a list away, delete it, bring it back, or set how many each may propose for it."""

    party: int
    step: PartyStep = PartyStep.MANAGE
    most: int | None = None


@dataclass(frozen=True, slots=True)
class RenameParty(Intent):
    """Give the list in use another name."""

    name: str
    commands: ClassVar = (Command("renamelist", "NAME", N_("give your group’s list another name"), "Movie night"),)


@dataclass(frozen=True, slots=True)
class Propose(Intent):
    """Put a title on the group's list in use; `party`: on that one. Without a title: the one that is replied to.

    `chosen`: it was chosen among several, so that the answer takes the question's place.
    """

    title: Target | None = None
    party: int | None = None
    chosen: bool = False
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
    """Write a note beside a proposal of one's own. Where words name the title, the note is what follows its name."""

    title: Target
    note: str = ""
    commands: ClassVar = (
        Command("note", "ID WORDS", N_("write a note beside your proposal"), "fight club the long cut"),
    )


@dataclass(frozen=True, slots=True)
class Opine(Intent):
    """Want a proposal, or say that it is not for oneself; saying the same again takes that back.

    A button names the proposal, else `title` is on the group's list in use.
    """

    proposal: int | None
    wants: bool
    title: Target | None = None
    commands: ClassVar = (
        Command("wantit", "ID", N_("want a title on your group’s list"), "fight club"),
        Command("notforme", "ID", N_("say that a title there is not for you"), "550"),
    )


@dataclass(frozen=True, slots=True)
class FromWatchlist(Intent):
    """In private: a page of one's own watchlist, to propose from for that group's list; `title` is proposed at once."""

    party: int
    page: int = 1
    kind: Kind = Kind.MOVIE
    title: TitleRef | None = None


@dataclass(frozen=True, slots=True)
class ShowMembers(Intent):
    """Who takes part in this group."""

    commands: ClassVar = (Command("members", "", N_("who takes part here")),)


@dataclass(frozen=True, slots=True)
class TakePart(Intent):
    """Take part in this group's lists and counts, or no more."""

    going: bool
