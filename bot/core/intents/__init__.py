"""Everything that a person can ask: the vocabulary. What is basic stands here, each further topic has its module.

Each intent is a frozen value named by a verb. `commands` are its words with their line of help; an intent without
them is only ever carried by a button. How it is read and spelled is in `bot.core.grammar`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Final, TypeAlias

from bot.core.intents.base import Command, ImdbId, Intent, Misread, Target, Words
from bot.core.intents.cards import Place, ShowPerson, ShowSeason, ShowSeasons, Unfold, Unfollowed, Where
from bot.core.intents.finding import Airing, Pick, Popular, Random, Recommend, Similar, Trending, Upcoming
from bot.core.intents.listing import (
    EVERYTHING,
    MOST_MARKED,
    ArrangeList,
    Choice,
    HowLong,
    Length,
    ListOrder,
    MarkTitles,
    Only,
    ShowList,
    Sorted,
    TakeOff,
    UndoAll,
)
from bot.core.intents.nights import (
    KeepOptions,
    LeftGroup,
    Night,
    NightDue,
    NightOptions,
    NightStep,
    Rank,
    Score,
    ShowBallot,
    ShowNight,
    ShowNights,
    Until,
    Veto,
    Vote,
)
from bot.core.intents.parties import (
    ArrangeParty,
    BoardFilter,
    BoardOrder,
    ChangeParty,
    FromWatchlist,
    NewParty,
    NoteProposal,
    Opine,
    PartyStep,
    Propose,
    RenameParty,
    Repropose,
    ShowMembers,
    ShowParties,
    ShowParty,
    ShowProposal,
    TakePart,
    TurnParty,
    Unpropose,
)
from bot.core.model import Rating
from bot.core.phrases import N_

__all__ = [
    "EVERYTHING",
    "MOST_MARKED",
    "Airing",
    "ArrangeList",
    "ArrangeParty",
    "BoardFilter",
    "BoardOrder",
    "ChangeParty",
    "Choice",
    "Command",
    "FromWatchlist",
    "HowLong",
    "ImdbId",
    "Intent",
    "KeepOptions",
    "LeftGroup",
    "Length",
    "ListOrder",
    "MarkTitles",
    "Misread",
    "NewParty",
    "Night",
    "NightDue",
    "NightOptions",
    "NightStep",
    "NoteProposal",
    "Only",
    "Opine",
    "PartyStep",
    "Pick",
    "Place",
    "Popular",
    "Propose",
    "Random",
    "Rank",
    "Recommend",
    "RenameParty",
    "Repropose",
    "Score",
    "ShowBallot",
    "ShowList",
    "ShowMembers",
    "ShowNight",
    "ShowNights",
    "ShowParties",
    "ShowParty",
    "ShowPerson",
    "ShowProposal",
    "ShowSeason",
    "ShowSeasons",
    "Similar",
    "Sorted",
    "TakeOff",
    "TakePart",
    "Target",
    "Trending",
    "TurnParty",
    "UndoAll",
    "Unfold",
    "Unfollowed",
    "Unpropose",
    "Until",
    "Upcoming",
    "Veto",
    "Vote",
    "Where",
    "Words",
]


@dataclass(frozen=True, slots=True)
class Start(Intent):
    """Say hello."""

    commands: ClassVar = (Command("start", "", N_("say hello and see what I can do")),)


@dataclass(frozen=True, slots=True)
class Help(Intent):
    """Show what can be asked: the topics, or the commands of one."""

    topic: str = ""
    commands: ClassVar = (Command("help", "", N_("show all commands, with examples to tap")),)


@dataclass(frozen=True, slots=True)
class SignIn(Intent):
    """Have an account to act on; then go on with that command text, if any.

    `token`: the key to an account, for a service without a sign-in of its own. It is a secret.
    """

    then: str = ""
    token: str = field(default="", repr=False)
    commands: ClassVar = (Command("login", "", N_("sign in, or see who you are signed in as")),)


@dataclass(frozen=True, slots=True)
class FinishSignIn(Intent):
    """Come back from the service's page, by the link with that nonce; without one, by saying so."""

    nonce: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class KeepHere(Intent):
    """Have the lists kept by this bot, without an account elsewhere; then go on with that command text, if any."""

    then: str = ""


@dataclass(frozen=True, slots=True)
class CarryOver(Intent):
    """Take what was kept here along to the account that was connected since; `done` titles have been already.

    `left`: how many of them could not be taken along.
    """

    done: int = 0
    left: int = 0


class HouseStep(StrEnum):
    """What to do about the account that a group has of its own."""

    ASK = "ask"
    CONNECT = "connect"
    HERE = "here"
    CONNECTED = "connected"
    EVERYONE = "everyone"
    ADMINS = "admins"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class House(Intent):
    """Set up the account that the group of that chat's id has of its own, from an admin's private chat."""

    chat: str
    step: HouseStep = HouseStep.ASK


@dataclass(frozen=True, slots=True)
class SignOut(Intent):
    """Stop acting on the account from here."""

    commands: ClassVar = (Command("logout", "", N_("sign out")),)


@dataclass(frozen=True, slots=True)
class ShowAccount(Intent):
    """Show whose account this is."""

    commands: ClassVar = (Command("account", "", N_("show your account")),)


@dataclass(frozen=True, slots=True)
class Watch(Intent):
    """Put a title on the watchlist. `own`: of the asker, also where the group has one."""

    title: Target
    own: bool = False
    commands: ClassVar = (Command("watch", "ID", N_("put a title on your watchlist"), "550"),)


@dataclass(frozen=True, slots=True)
class Unwatch(Intent):
    """Take a title off the watchlist."""

    title: Target
    commands: ClassVar = (Command("unwatch", "ID", N_("take a title off your watchlist"), "550"),)


@dataclass(frozen=True, slots=True)
class Favorite(Intent):
    """Make a title a favourite. `own`: of the asker, also where the group has one."""

    title: Target
    own: bool = False
    commands: ClassVar = (Command("fav", "ID", N_("make a title a favourite"), "550"),)


@dataclass(frozen=True, slots=True)
class Unfavorite(Intent):
    """Make a title a favourite no more."""

    title: Target
    commands: ClassVar = (Command("unfav", "ID", N_("take a title off your favourites"), "550"),)


@dataclass(frozen=True, slots=True)
class Rate(Intent):
    """Give a title the asker's rating, or replace the one it had; without a value, show the pad."""

    title: Target
    value: Rating | Misread | None = None
    commands: ClassVar = (Command("rate", "ID VALUE", N_("rate a title, 0.5 to 10 in half points"), "fight club 8.5"),)


@dataclass(frozen=True, slots=True)
class Unrate(Intent):
    """Take the asker's rating of a title away."""

    title: Target
    commands: ClassVar = (Command("unrate", "ID", N_("take your rating away"), "550"),)


@dataclass(frozen=True, slots=True)
class Search(Intent):
    """Titles and people that fit the words, a page of ten. `listed`: as a list even if one is plainly meant."""

    words: str
    page: int = 1
    listed: bool = False
    commands: ClassVar = (Command("search", "WORDS", N_("find films, series and people"), "toy story"),)


@dataclass(frozen=True, slots=True)
class ShowTitle(Intent):
    """A title's card. `anew`: below what is there, instead of in its place."""

    title: Target
    anew: bool = False
    commands: ClassVar = (
        Command("movie", "ID", N_("show a film"), "550"),
        Command("tv", "[ID]", N_("show a series; alone: which have a new episode soon"), "1396"),
    )


@dataclass(frozen=True, slots=True)
class ChooseLanguage(Intent):
    """Speak another language in this chat; without a code, offer those there are."""

    code: str | None = None
    commands: ClassVar = (Command("language", "", N_("choose the language I speak here")),)


class Setting(StrEnum):
    """What can be set, by the word for it after `/settings`."""

    LANGUAGE = "language"
    COUNTRY = "country"
    ZONE = "zone"
    SERVICES = "services"
    QUIET = "quiet"
    WATCHLIST = "watchlist"
    NAME = "name"
    LINKS = "links"


@dataclass(frozen=True, slots=True)
class ShowSettings(Intent):
    """What is set here, by the person in private and for all in a group; or a page of one setting's choices."""

    setting: Setting | None = None
    page: int = 1
    commands: ClassVar = (
        Command("settings", "[WHAT] [VALUE]", N_("your country, language, streaming and more"), "country DE"),
    )


@dataclass(frozen=True, slots=True)
class ChooseSetting(Intent):
    """Set it to that value, as it is spelled or as people say it; a streaming service to `+8`, `-8` or `none`."""

    setting: Setting
    value: str


@dataclass(frozen=True, slots=True)
class ShowHistory(Intent):
    """A page (from 1, ten each) of what was changed on the account from here, newest first."""

    page: int = 1
    commands: ClassVar = (Command("history", "[page]", N_("what I changed for you, each with Undo")),)


@dataclass(frozen=True, slots=True)
class ShowChange(Intent):
    """One change of that history, to be undone or its title opened; `page` is the one to go back to."""

    change: int
    page: int = 1


@dataclass(frozen=True, slots=True)
class Undo(Intent):
    """Go back to before the change of that number, else before the asker's last one in this chat.

    `anyway`: even if the title was changed since.
    """

    change: int | None = None
    anyway: bool = False
    commands: ClassVar = (Command("undo", "", N_("undo your last change")),)


@dataclass(frozen=True, slots=True)
class Go(Intent):
    """Go on with a wish that was too long for a button, kept under that number."""

    wish: int


@dataclass(frozen=True, slots=True)
class FillSamples(Intent):
    """Give the sample people of the local web chat some lists to try things with."""


@dataclass(frozen=True, slots=True)
class Either(Intent):
    """Words and number can be read in several ways, likeliest first: ask which, unless only one makes sense."""

    readings: tuple[Intent, ...]


@dataclass(frozen=True, slots=True)
class Retype(Intent):
    """What somebody typed, to the letter: a button with it is carried by a row, as `Go`."""

    text: str


@dataclass(frozen=True, slots=True)
class Unknown(Intent):
    """A command that there is none of."""

    word: str
    rest: str = ""


Titled: TypeAlias = ShowTitle | Where | Similar | Watch | Unwatch | Favorite | Unfavorite | Rate | Unrate | Propose
"""What is asked of one title."""

INTENTS: Final[tuple[type[Intent], ...]] = (
    Start,
    Help,
    Search,
    ShowTitle,
    Trending,
    Popular,
    Upcoming,
    Airing,
    Similar,
    Recommend,
    Random,
    Unfold,
    ShowSeasons,
    ShowSeason,
    ShowPerson,
    Unfollowed,
    ShowList,
    ArrangeList,
    HowLong,
    MarkTitles,
    TakeOff,
    Watch,
    Unwatch,
    Favorite,
    Unfavorite,
    Rate,
    Unrate,
    Where,
    Night,
    Until,
    Vote,
    ShowBallot,
    Rank,
    Score,
    Veto,
    NightOptions,
    KeepOptions,
    ShowNights,
    ShowNight,
    LeftGroup,
    NightDue,
    ShowParty,
    TurnParty,
    ArrangeParty,
    Propose,
    Unpropose,
    Repropose,
    ShowProposal,
    NoteProposal,
    Opine,
    FromWatchlist,
    ShowParties,
    NewParty,
    RenameParty,
    ChangeParty,
    ShowMembers,
    TakePart,
    SignIn,
    FinishSignIn,
    KeepHere,
    CarryOver,
    House,
    SignOut,
    ShowAccount,
    ShowSettings,
    ChooseSetting,
    ChooseLanguage,
    ShowHistory,
    ShowChange,
    Undo,
    UndoAll,
    Go,
    FillSamples,
    Either,
    Retype,
    Unknown,
)
"""All there are, in the order in which they are listed to people."""

COMMANDS: Final = {command.word: command for intent in INTENTS for command in intent.commands}
