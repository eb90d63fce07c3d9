"""Errors as types, each with its sentence for the person beside it.

Refusal                 the person can do something about it; nothing was changed
├── NotARating          a value that isn't 0.5 to 10 in half points
├── NoSuchTitle         an id that the service doesn't know
├── ForAdults           a title for adults, where the asker's account doesn't want such, or others read along
├── NoSuchImdbTitle     an id of IMDb's that no title here has
├── NoSuchPerson        a person's id that the service doesn't know
├── NoSuchSeason        a season that a series doesn't have
├── NotHere             what only a catalogue can that isn't connected
├── NothingFound        words that fit no title
│   ├── NearMiss        but nearly: the person chooses
│   ├── NobodyFound     a person's name that nobody has
│   └── LeadsNowhere    an address that is neither a title's nor a person's
├── Ambiguous           words that fit several: the person chooses
├── BadArgument         a word after a command that it doesn't take
├── OutOfDate           a button from another time, or forged
├── NotYours            somebody else's button
├── SignInNeeded        no account yet, and this service doesn't make one by itself
│   └── SignedOut       there is one, but its person has signed out of it
├── NotApproved         a sign-in that its person has not approved
├── AdminsOnly          what only those may do who run the group
├── OtherGroups         a list, or what is on it, of a group that this is not
└── PrivateChatNeeded   no private chat yet, which an account belongs to
BackendError            the service under it
├── BackendDown         not reachable, broken, or too slow
├── RateLimited         asked to wait
├── SessionEnded        the token is no longer valid
├── KeyRefused          it does not take this bot's own key
├── NotSupported        a server that lacks this extension
├── NotPutBack          it took a rating, but did not say that the title is on the watchlist again
└── Refused             it won't take what was sent
CantKeep                our own database can't be written to just now
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from bot.core.model import Kind
from bot.core.phrases import N_, Code, Name, Text

if TYPE_CHECKING:
    from bot.core.intents import Words
    from bot.core.model import Title, TitleRef


class MarqueeError(Exception):
    """The root. `says` is marked for translation here and translated when shown."""

    says: ClassVar[str] = N_("Something went wrong. Nothing was lost; please try again.")

    def __init__(self, message: str = "", **values: object) -> None:
        super().__init__(message or self.says)
        self.values = values

    @property
    def sentence(self) -> Text:
        """What the person is told."""
        return Text(self.says, self.values)


class Refusal(MarqueeError):
    """What was asked can't be done as it was asked. Nothing was changed."""


class NotARating(Refusal):
    """`words` is no rating. `title`: what was to be rated."""

    says = N_("A rating is a number from 0.5 to 10 in half points, for example 8.5. I can't read “{words}” as one.")

    def __init__(self, words: str, title: Title | None = None) -> None:
        super().__init__(words=words)
        self.words = words
        self.title = title


class NoSuchTitle(Refusal):
    """The service knows no title of this id. `other`: the series of this number instead of a film, or the film."""

    says = N_("I know no film with the number {number}. Find it by its name: {search}")
    says_of_tv: ClassVar = N_("I know no series with the number {number}. Find it by its name: {search}")
    says_film: ClassVar = N_("{number} is a film: {other}")
    says_series: ClassVar = N_("{number} is a series: {other}")

    def __init__(self, ref: TitleRef, other: Title | None = None) -> None:
        super().__init__(number=str(ref.id), search=Code("/search WORDS"), other=other)
        self.ref = ref
        self.other = other

    @property
    def sentence(self) -> Text:
        """What the person is told: a film and a series may have the same number."""
        film = self.ref.kind is Kind.MOVIE
        if self.other is not None:
            return Text(self.says_series if film else self.says_film, self.values)
        return Text(self.says if film else self.says_of_tv, self.values)


class ForAdults(Refusal):
    """The title is for adults. `alone`: only the asker would see it, but his account doesn't say that he wants to."""

    says = N_(
        "This title is for adults. I show it once your account at TMDB says so: "
        "switch adult titles on in its settings there, sign in with {login}, and ask me again."
    )
    says_among_others: ClassVar = N_(
        "This title is for adults, so I don't show it where others read along. Ask me in our private chat."
    )

    def __init__(self, *, alone: bool) -> None:
        super().__init__(login=Code("/login"))
        self.alone = alone

    @property
    def sentence(self) -> Text:
        """What the person is told: what to do, or where it is not shown at all."""
        return Text(self.says if self.alone else self.says_among_others, self.values)


class NoSuchImdbTitle(Refusal):
    """No title here has this IMDb id."""

    says = N_("I know no title that IMDb calls {imdb_id}. Search by name instead?")

    def __init__(self, imdb_id: str) -> None:
        super().__init__(imdb_id=imdb_id)


class NoSuchPerson(Refusal):
    """The catalogue knows nobody of this id."""

    says = N_("I know nobody with the number {number}. Search by name instead?")

    def __init__(self, person_id: int) -> None:
        super().__init__(number=str(person_id))


class NoSuchSeason(Refusal):
    """The series has no season of this number."""

    says = N_("This series has no season {number}.")

    def __init__(self, number: int) -> None:
        super().__init__(number=str(number))


class NotHere(Refusal):
    """The catalogue can't do it: it takes TMDB's."""

    says = N_("That needs TMDB, which isn't connected here.")


class NothingFound(Refusal):
    """No title fits the words. `said`: the title that they name; None where guessing at one is no use."""

    says = N_("I found nothing for “{words}”. Try fewer words, or the original title.")

    def __init__(self, words: str, said: Words | None = None) -> None:
        super().__init__(words=words)
        self.words = words
        self.said = said


class NearMiss(NothingFound):
    """No title fits the words, but the names of `titles` are nearly that: the person chooses."""

    says = N_("Nothing is called “{words}”. Did you mean one of these?")
    says_one: ClassVar = N_("Nothing is called “{words}”. Did you mean this?")

    def __init__(self, words: str, titles: tuple[Title, ...]) -> None:
        super().__init__(words)
        self.titles = titles

    @property
    def sentence(self) -> Text:
        """What the person is told."""
        return Text(self.says if len(self.titles) > 1 else self.says_one, self.values)


class NobodyFound(NothingFound):
    """Nobody has that name."""

    says = N_("I found nobody called “{words}”. Try the family name alone.")


class LeadsNowhere(NothingFound):
    """An address that is neither a title's nor a person's."""

    says = N_(
        "I know only the pages of films, series and people at TMDB, IMDb and Letterboxd. Send me the name instead."
    )


class Ambiguous(Refusal):
    """The words fit several titles, or one not well enough to act on: the person chooses."""

    says = N_("Which one do you mean by “{words}”?")

    def __init__(self, words: str, titles: tuple[Title, ...]) -> None:
        super().__init__(words=words)
        self.titles = titles


class BadArgument(Refusal):
    """A word that the command doesn't take, or none where it needs some; `usage` shows what it takes."""

    says = N_("I don't understand “{words}” here. Write it like this: {usage}")
    says_of_nothing: ClassVar = N_("There is something missing. Write it like this: {usage}")

    def __init__(self, words: str, usage: str) -> None:
        super().__init__(words=words, usage=Code(usage))
        self.words = words
        self.usage = usage

    @property
    def sentence(self) -> Text:
        """What the person is told."""
        return Text(self.says if self.words else self.says_of_nothing, self.values)


class OutOfDate(Refusal):
    """The button is from an earlier version, for something gone, or forged."""

    says = N_("That is out of date. Nothing was changed.")


class NoNight(Refusal):
    """No film night is open in this group, or in this topic of it."""

    says = N_("No film night is open here. {command} opens one.")

    def __init__(self) -> None:
        super().__init__(command=Code("/night"))


class NotYours(Refusal):
    """The button belongs to somebody else."""

    says = N_("This button belongs to somebody else. Nothing was changed.")
    says_whose: ClassVar = N_("This button is {name}’s. Type the command yourself.")

    def __init__(self, name: str = "") -> None:
        super().__init__(name=Name(name))
        self.name = name

    @property
    def sentence(self) -> Text:
        """What the person is told: whose it is, where everybody could see that."""
        return Text(self.says_whose if self.name else self.says, self.values)


class SignInNeeded(Refusal):
    """There is no account to act on."""

    says = N_("For that you need an account. Choose one, and I go on with what you asked.")


class SignedOut(SignInNeeded):
    """The account waits, but its person has signed out of it."""

    says = N_("You are signed out. Sign in, and I go on with what you asked.")


class NotApproved(Refusal):
    """The sign-in was not approved on the service's page, or was refused there."""

    says = N_("It isn't approved yet. Open the page, press Approve there, and come back.")


class AdminsOnly(Refusal):
    """Only those who run the group may do it."""

    says = N_("Only the admins of this group can do that. Nothing was changed.")


class OtherGroups(Refusal):
    """A group's list, or what was proposed for it: but another group's than this, or than any of the caller's."""

    says = N_("That is another group’s list. Nothing was changed.")


class PrivateChatNeeded(Refusal):
    """An account belongs to a private chat, and the person has not opened one. Dispatch offers to."""


class BackendError(MarqueeError):
    """The service under the bot failed. Whether a write was done may be unknown; sending it again is safe."""


class BackendDown(BackendError):
    """Not reachable, broken, or slower than the deadline."""

    says = N_("The account service isn't answering.")


class RateLimited(BackendError):
    """The service asks to wait; `retry_after` in seconds."""

    says = N_("The account service is busy.")

    def __init__(self, retry_after: float) -> None:
        super().__init__()
        self.retry_after = retry_after


class SessionEnded(BackendError):
    """The service no longer takes this session."""

    says = N_("Your sign-in has ended: the account was signed out elsewhere. Nothing was changed.")


class KeyRefused(BackendError):
    """The service does not take the bot's own key: nothing that the person could do about."""

    says = N_("{service} doesn't take this bot's own key. Whoever runs this bot has to set it right.")

    def __init__(self, service: str) -> None:
        super().__init__(service=service)


class NotSupported(BackendError):
    """The server lacks this extension of the account API."""

    says = N_("The account service can't do this.")


class NotPutBack(BackendError):
    """A title was rated, which may have taken it off the watchlist, and putting it back failed. `ref`: which."""

    says = N_("It is rated, but I can't tell whether it is still on the watchlist. {reason}")

    def __init__(self, ref: TitleRef, why: BackendError) -> None:
        super().__init__(reason=why.sentence)
        self.ref = ref


class CantKeep(MarqueeError):
    """Our own database can't be written to: the disk is full, or another program holds it."""

    says = N_("I can't write anything down just now. Please try again in a while.")


class Refused(BackendError):
    """The service won't take what was sent: a fault in what we send, shown in its own sentence."""

    says = N_("The account service did not accept this: {reason}")

    def __init__(self, reason: str) -> None:
        super().__init__(reason, reason=reason)
