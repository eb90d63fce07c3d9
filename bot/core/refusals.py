"""An error as a reply: its sentence, and what to press next."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.core import grammar, points
from bot.core.chat import ChatKind, Update
from bot.core.desk import Desk
from bot.core.errors import (
    AdminsOnly,
    Ambiguous,
    BackendError,
    BadArgument,
    CantKeep,
    MarqueeError,
    NearMiss,
    NoSuchImdbTitle,
    NoSuchPerson,
    NoSuchTitle,
    NotARating,
    NotHere,
    NothingFound,
    NotPutBack,
    NotYours,
    OtherGroups,
    OutOfDate,
    PrivateChatNeeded,
    SessionEnded,
    SignInNeeded,
)
from bot.core.intents import (
    Airing,
    ChooseLanguage,
    ChooseSetting,
    Help,
    House,
    Intent,
    KeepHere,
    Misread,
    Popular,
    Propose,
    Random,
    Rate,
    Recommend,
    Retype,
    ShowSettings,
    ShowTitle,
    SignIn,
    Titled,
    Watch,
)
from bot.core.model import Kind, Title, TitleRef
from bot.core.phrases import Text, kind_word, t
from bot.core.reply import Button, Place, Reply, Row, notice
from bot.core.sessions import Ended
from bot.core.text import clean, cut

MOST_NAME: Final = 40
"""Characters of a title's name on a button; a platform cuts a long label at its end, where the rating stands."""


def reply(error: MarqueeError, desk: Desk, update: Update) -> Reply:
    """What the person is told. Where a write had begun, nobody knows yet whether it was done."""
    intent, maybe_done = desk.asked, desk.writing
    match error:
        case SessionEnded() if desk.sessions.used is not None and desk.sessions.used.house:
            house = Button(t("Connect it again"), House(desk.sessions.used.chat_id), private=True)
            return notice(t("This group's account was signed out elsewhere. Nothing was changed."), buttons=((house,),))
        case SignInNeeded() | SessionEnded():
            return notice(error.sentence, buttons=account_choices(desk, grammar.as_typed(update)), place=Place.PRIVATE)
        case PrivateChatNeeded():
            return Reply(place=Place.PRIVATE)
        case BackendError() | CantKeep():
            return _failed(error, update, maybe_done=maybe_done)
        case Ambiguous(titles=titles) if isinstance(intent, Titled):
            return notice(error.sentence, buttons=choices(intent, titles))
        case NearMiss(titles=titles):
            return notice(error.sentence, buttons=choices(_shown(intent, titles), titles))
        case NotARating(words=words, title=Title() as title):
            return notice(error.sentence, t("How do you rate {title}?", title=title), buttons=_nearest(title, words))
        case OutOfDate() | NotYours() | AdminsOnly() | OtherGroups():
            return _aside(error, intent, update)
        case NoSuchTitle(other=Title() as other) if isinstance(intent, Titled):
            return notice(error.sentence, buttons=choices(intent, (other,)))
        case BadArgument() | NoSuchTitle() | NoSuchImdbTitle() | NoSuchPerson() | NothingFound() | NotHere():
            return notice(error.sentence, buttons=_instead(error, intent))
        case _:
            return notice(error.sentence)


def account_choices(desk: Desk, then: str) -> tuple[Row, ...]:
    """The accounts that somebody without one can choose, each going on with the command text `then`, if any."""
    main = desk.services.main
    wish = then if then.startswith("/") else f"/search {then}" if then else ""
    keep = Button(t("Keep it here"), KeepHere(wish))
    if main.embedded:
        return ((Button(t("Sign in and go on") if wish else t("Sign in"), SignIn(wish)),),)
    return ((Button(t("Connect {service}", service=main.label), SignIn(wish)),), (keep,))


def ended_there(ended: Ended, service: str) -> Text:
    """What became of a session at its service, once its person has signed out."""
    match ended:
        case Ended.DONE:
            return t("The lists stay with the account, and it can be connected again.")
        case Ended.UNREACHABLE:
            return t(
                "{service} isn't answering, so I have forgotten the sign-in here alone. "
                "You can end it in your settings there.",
                service=service,
            )
        case Ended.IMPOSSIBLE:
            return t("{service} has no sign-out: I have forgotten your key, but it stays valid there.", service=service)


def _aside(error: MarqueeError, intent: Intent | None, update: Update) -> Reply:
    """A word to the presser alone. Who typed what sets something of a group's is shown the way to his own."""
    if update.pressed or not isinstance(intent, ShowSettings | ChooseSetting | ChooseLanguage):
        return Reply(place=Place.TOAST, toast=error.sentence, alert=True)
    own = Button(t("My own settings"), ShowSettings(), private=True)
    return notice(error.sentence, buttons=((own,),))


def _instead(error: MarqueeError, intent: Intent | None) -> tuple[Row, ...]:
    """What to press next, where something can't be done as it was asked."""
    match error:
        case BadArgument(usage=usage) if usage.startswith("/settings "):
            return ((Button(t("All settings"), ShowSettings()),),)
        case BadArgument():
            return ((Button(t("All commands"), Help()),),)
        case NotHere():
            series = Button(t("Popular series"), Popular(Kind.TV))
            films = Button(t("Popular films"), Popular())
            first = (series if isinstance(intent, Airing) else films, Button(t("What I may like"), Recommend()))
            # In a row of two its words would be cut on a phone.
            return (first, (Button(t("Draw from my watchlist"), Random()),))
        case _:
            return ((Button(t("How to find a title"), Help("find")),),)


def _failed(error: BackendError | CantKeep, update: Update, *, maybe_done: bool) -> Reply:
    if isinstance(error, NotPutBack):
        back = Button(t("Put it back"), Watch(error.ref), owned=True)
        return notice(error.sentence, buttons=((back,),), place=Place.ANEW)
    saved = _saved(maybe_done=maybe_done)
    if update.pressed and update.chat.kind is ChatKind.GROUP:
        # The message is the whole group's: what failed for one leaves it to the others.
        told = Text("{said} {saved}", {"said": error.sentence, "saved": saved})
        return Reply(place=Place.TOAST, toast=told, alert=True)
    again = Button(t("Try again"), Retype(grammar.as_typed(update)))
    return notice(error.sentence, saved, buttons=() if isinstance(error, CantKeep) else ((again,),))


def _saved(*, maybe_done: bool) -> Text:
    if maybe_done:
        return t("I can't tell yet whether it was saved; trying again is safe.")
    return t("Nothing was changed.")


def choices(intent: Titled, titles: tuple[Title, ...]) -> tuple[Row, ...]:
    """A button for each title, which goes on with `intent` on it."""
    mixed = len({title.ref.kind for title in titles}) > 1
    meant = [(title, aimed(intent, title.ref)) for title in titles]
    return tuple((Button(label(goes_on, named(title, mixed=mixed)), goes_on, owned=True),) for title, goes_on in meant)


def _shown(intent: Intent | None, titles: tuple[Title, ...]) -> Titled:
    """What to do with the one that is chosen of them: what was asked of it, or to show it."""
    return intent if isinstance(intent, Titled) else ShowTitle(titles[0].ref)


def aimed(intent: Titled, ref: TitleRef) -> Titled:
    """The intent with its words replaced by the title that was meant; a value that is no rating is asked for anew."""
    if isinstance(intent, Rate) and isinstance(intent.value, Misread):
        return Rate(ref)
    if isinstance(intent, Propose):
        return replace(intent, title=ref, chosen=True)
    return replace(intent, title=ref)


def label(intent: Titled, title: Text) -> Text:
    """What pressing does: a rating that is given at once is named."""
    match intent:
        case Rate(_, None):
            return t("{title}: choose a rating", title=title)
        case Rate(_, value):
            return t("Rate {title}: {rating}", title=title, rating=value)
        case _:
            return title


def named(title: Title, *, mixed: bool) -> Text:
    """A title on a button, short enough for what comes after it. `mixed`: films and series are offered together."""
    title = replace(title, name=cut(clean(title.name), MOST_NAME))
    if mixed:
        return t("{title}, {kind}", title=title, kind=kind_word(title.ref.kind))
    return t("{title}", title=title)


def _nearest(title: Title, words: str) -> tuple[Row, ...]:
    """The two ratings nearest to what was written; the whole pad where it was no number."""
    nearest = points.nearest_ratings(words)
    row = tuple(Button(t("{rating}", rating=rating), Rate(title.ref, rating), owned=True) for rating in nearest)
    return (row,) if row else ((Button(t("Choose a rating"), Rate(title.ref), owned=True),),)
