"""Command text ⇄ intent: the one grammar. A button's data is command text that somebody typed for you.

`read` is lenient (what a thumb types), `spell` gives the one canonical form, and reading that gives the intent back.
Reading is pure: it looks nothing up. Where words and number can be read in several ways, it gives them all (`Either`).
Numbers are ASCII digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, Protocol, TypeAlias

from bot.core import intents as i
from bot.core import naming, points
from bot.core.chat import Update
from bot.core.errors import BadArgument, MarqueeError, OutOfDate
from bot.core.grammars import cards, finding, listing, nights, parties, settings, signing
from bot.core.model import MOST_ID, Kind, Rating, TitleRef
from bot.core.text import clean

Reader: TypeAlias = Callable[[str, str], i.Intent]
"""Reads a command's word and what follows it. Raises BadArgument, and OutOfDate for what only buttons say."""


class Topic(Protocol):
    """A module of `bot.core.grammars`."""

    READERS: dict[str, Reader]

    def spell(self, intent: i.Intent) -> str | None:
        """The canonical command text of one of its intents, without a slash; None for others."""
        ...


BUTTON_VERSION: Final = "1"
MOST_BUTTON_BYTES: Final = 64
"""What Telegram takes as a button's data."""
MOST_TEXT: Final = 300
"""Characters of a command that are read; no title is longer."""
MOST_SECRET: Final = 2100
"""The same where a key may follow, which is longer."""

_NONCE: Final = re.compile(r"login_([A-Za-z0-9_-]{16,58})")
_CHAT: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
_COMMAND: Final = re.compile(r"/(?P<word>[^\s@]{0,64})(?:@(?P<bot>\w{1,64}))?(?:\s+(?P<rest>.*))?", re.DOTALL)
_JOINED: Final = re.compile(r"_?(?P<number>(?:m|t|tv|tt)?[0-9]{1,10})")
"""What may follow a command's word without a space: `/tv1396`, `/fav_550`."""


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────


def read(text: str) -> i.Intent:
    """What `text` asks. Text that is no command is a title's address or words to search for. BadArgument."""
    said = naming.address(text) if not is_command(text) else None
    if said is not None:
        return said
    text = clean(text, MOST_SECRET if text.lstrip().lower().startswith("/login") else MOST_TEXT)
    command = _COMMAND.fullmatch(text)
    if command is not None:
        return _command(*_apart(command["word"].lower(), command["rest"] or ""))
    if text.startswith("/"):
        return i.Unknown(text[1:])
    target, rest = naming.ref(text.split())
    if isinstance(target, i.ImdbId | TitleRef) and not rest and not text.isdigit():
        return i.ShowTitle(target)
    return i.Search(text)


def read_typed(text: str) -> i.Intent:
    """What somebody asks who typed `text`: the words that are buttons' alone are no commands. BadArgument."""
    command = _COMMAND.fullmatch(clean(text, MOST_TEXT))
    if command is not None and command["word"].lower() in _READERS.keys() - set(_TYPED):
        return i.Unknown(command["word"].lower(), command["rest"] or "")
    return read(text)


def addressee(text: str) -> str | None:
    """The bot that a command names (`/help@marquee_bot`), or None."""
    command = _COMMAND.fullmatch(text.strip())
    return command["bot"] if command else None


def is_command(text: str) -> bool:
    """Whether `text` is a command, known or not."""
    return text.lstrip().startswith("/")


def read_button(data: str) -> i.Intent:
    """What a button asks. OutOfDate for data of another version, and for anything that `button` did not make."""
    if not data.startswith(BUTTON_VERSION):
        raise OutOfDate
    word, _, rest = data.removeprefix(BUTTON_VERSION).partition(" ")
    try:
        intent = _command(word, rest)
    except (BadArgument, ValueError) as error:
        raise OutOfDate from error
    if not _is_carried(intent) or spell(intent) != data.removeprefix(BUTTON_VERSION):
        raise OutOfDate
    return intent


def _is_carried(intent: i.Intent) -> bool:
    """Whether a button may carry it: ids, and nothing that is still to be understood."""
    match intent:
        case i.Unknown() | i.Either() | i.Rate(value=i.Misread()):
            return False
        case i.SignIn(token=secret) | i.FinishSignIn(secret) if secret:
            return False
        case i.Rate() | i.Unrate() | i.Watch() | i.Unwatch() | i.Favorite() | i.Unfavorite() | i.ShowTitle():
            return isinstance(intent.title, TitleRef)
        case i.Similar() | i.Where() | i.Propose() | i.Unpropose() | i.Opine() | i.NoteProposal():
            return intent.title is None or isinstance(intent.title, TitleRef)
        case i.NightDue():
            return False
        case _:
            return True


def fresh(data: str) -> i.Intent:
    """The view to show in place of a message whose button was out of date: what it seems to have been about."""
    if data[1:].startswith("settings"):
        return i.ShowSettings()
    if ref := re.search(r"\b([mt])([0-9]{1,10})\b", data):
        kind = Kind.MOVIE if ref[1] == "m" else Kind.TV
        return i.ShowTitle(TitleRef(kind, int(ref[2]))) if 1 <= int(ref[2]) <= MOST_ID else i.Help()
    if section := re.search("|".join(listing.SECTION_WORDS), data):
        return i.ShowList(listing.SECTION_WORDS[section[0]])
    return i.Help()


def _apart(word: str, rest: str) -> tuple[str, str]:
    """A command's word, and what is meant for it: also where the two were typed as one, or the word in another way."""
    known = [name for name in _TYPED if word.startswith(name) and _JOINED.fullmatch(word[len(name) :])]
    if re.match(r"login[a-z]*[^a-z]", word):
        return "login", f"{word[len('login') :]} {rest}".rstrip()  # a key that the space was forgotten before
    if word not in _TYPED and known:
        name = max(known, key=len)
        word, rest = name, f"{word[len(name) :].lstrip('_')} {rest}".rstrip()
    return _ALSO.get(word, word), rest


def _command(word: str, rest: str) -> i.Intent:
    reader = _READERS.get(word)
    return reader(word, rest.strip()) if reader else i.Unknown(word, rest)


def _bare(intent: Callable[[], i.Intent]) -> Callable[[str, str], i.Intent]:
    return lambda _word, _rest: intent()


def _start(_word: str, rest: str) -> i.Intent:
    """What a link to the bot carried is a wish to go on with, the way back from a sign-in, or a group's set-up."""
    if nonce := _NONCE.fullmatch(rest):
        return i.FinishSignIn(nonce[1])
    if rest == "login":
        return i.SignIn()
    if wish := re.fullmatch(r"go_([0-9]{1,10})", rest):
        return i.Go(int(wish[1]))
    if rest.startswith("house_") and _CHAT.fullmatch(rest.removeprefix("house_")):
        return i.House(rest.removeprefix("house_"))
    return i.Start()


def is_link(text: str) -> bool:
    """Whether it was said by following a link to the bot."""
    command = _COMMAND.fullmatch(text.strip())
    return command is not None and command["word"].lower() == "start"


def payload(intent: i.Intent) -> str | None:
    """What a link to the bot carries for `intent` (64 letters, digits, `_` and `-`); None where it can't carry it."""
    match intent:
        case i.Start():
            return "hello"
        case i.FinishSignIn(nonce) if nonce:
            return f"login_{nonce}"
        case i.SignIn("", ""):
            return "login"
        case i.Go(wish):
            return f"go_{wish}"
        case i.House(chat, i.HouseStep.ASK):
            return f"house_{chat}"
        case _:
            return None


def _help(_word: str, rest: str) -> i.Intent:
    return i.Help(rest.lower() if re.fullmatch(r"[a-z]{1,20}", rest, re.IGNORECASE | re.ASCII) else "")


def _titled(make: Callable[[i.Target], i.Intent]) -> Callable[[str, str], i.Intent]:
    def reader(word: str, rest: str) -> i.Intent:
        readings = [make(target) for target in naming.targets(word, rest)]
        return readings[0] if len(readings) == 1 else i.Either(tuple(readings))

    return reader


def _maybe_own(make: type[i.Watch | i.Favorite]) -> Callable[[str, str], i.Intent]:
    """As `_titled`; a button's `watch m550 own` means one's own account, also where the group has one."""

    def reader(word: str, rest: str) -> i.Intent:
        own = re.fullmatch(r"[mt][0-9]+ own", rest) is not None
        return _titled(lambda target: make(target, own))(word, rest.removesuffix(" own") if own else rest)

    return reader


def _show(word: str, rest: str) -> i.Intent:
    kind = naming.KIND_WORDS[word]
    if not rest and kind is Kind.TV:
        return i.Airing()
    anew = re.fullmatch(r"[mt][0-9]+ new", rest) is not None
    return i.ShowTitle(naming.targets(word, rest.removesuffix(" new") if anew else rest, kind)[0], anew)


def _search(word: str, rest: str) -> i.Intent:
    if not rest:
        raise BadArgument("", naming.usage(word))
    return naming.address(rest) or i.Search(rest)


def _more(_word: str, rest: str) -> i.Intent:
    page, _, words = rest.partition(" ")
    if not words or not naming.NUMBER.fullmatch(page) or not 1 <= int(page) <= listing.MOST_PAGE:
        raise OutOfDate
    return i.Search(words, int(page), listed=int(page) == 1)


def _rate(word: str, rest: str) -> i.Intent:
    tokens = re.sub(r"\s*/\s*([0-9]+)$", r"/\1", re.sub(r"([0-9]) ½", r"\1½", rest)).split()
    target, left = naming.ref(tokens)
    if target is not None and not naming.number_first(tokens):
        return i.Rate(target, _value(" ".join(left)) if left else None)
    readings: list[i.Intent] = []
    words, tail = " ".join(tokens[:-1]), tokens[-1] if tokens else ""
    if target is not None and (len(left) == 0 or len(left) == 1):
        readings.append(i.Rate(target, _value(tail) if left else None))
    if words and points.like_a_rating(tail):
        readings.append(i.Rate(i.Words(words), _value(tail)))
    if not words or not points.like_a_rating(tail) or naming.NUMBER.fullmatch(tail):
        readings += [i.Rate(named) for named in naming.targets(word, " ".join(tokens)) if isinstance(named, i.Words)]
    return readings[0] if len(readings) == 1 else i.Either(tuple(readings))


def _value(words: str) -> Rating | i.Misread:
    return points.read_rating(words) or i.Misread(words)


def _undo(word: str, rest: str) -> i.Intent:
    number, _, anyway = rest.partition(" ")
    if not rest:
        return i.Undo()
    if not naming.NUMBER.fullmatch(number):
        raise BadArgument(rest, naming.usage(word))
    return i.Undo(int(number), anyway == "anyway")


def _go(_word: str, rest: str) -> i.Intent:
    if not naming.NUMBER.fullmatch(rest):
        raise OutOfDate
    return i.Go(int(rest))


def _language(_word: str, rest: str) -> i.Intent:
    return i.ChooseLanguage(rest.lower()[:20] or None)


_READERS: Final[dict[str, Callable[[str, str], i.Intent]]] = {
    "start": _start,
    "help": _help,
    "logout": _bare(i.SignOut),
    "account": _bare(i.ShowAccount),
    "watch": _maybe_own(i.Watch),
    "unwatch": _titled(i.Unwatch),
    "fav": _maybe_own(i.Favorite),
    "unfav": _titled(i.Unfavorite),
    "rate": _rate,
    "unrate": _titled(i.Unrate),
    "search": _search,
    "more": _more,
    "movie": _show,
    "tv": _show,
    "language": _language,
    "undo": _undo,
    "go": _go,
    "samples": _bare(i.FillSamples),
}

_TOPICS: Final[tuple[Topic, ...]] = (cards, finding, listing, nights, parties, settings, signing)
"""The grammars of further topics."""
for _topic in _TOPICS:
    _READERS.update(_topic.READERS)
signing.COMMANDS.update(_READERS)
_ALSO: Final = {"favourites": "favorites", "favourite": "fav", "favorite": "fav"}
"""Other spellings of commands, which people take from our texts."""
_TYPED: Final = (*i.COMMANDS, *_ALSO)


# ── Spelling ─────────────────────────────────────────────────────────────────────────────────────────────────────


def button(intent: i.Intent) -> str:
    """A button's data for `intent`; may be longer than MOST_BUTTON_BYTES, then a row must carry it (`Go`)."""
    return BUTTON_VERSION + spell(intent)


def as_typed(update: Update) -> str:
    """The update as command text that somebody could type, so that it can be gone on with later. Without secrets."""
    if update.pressed:
        return f"/{update.text.removeprefix(BUTTON_VERSION)}"
    return "/login" if is_secret(update.text) else update.text


def is_secret(text: str) -> bool:
    """Whether what was typed has a secret in it: the key to an account, or the way back from a sign-in."""
    try:
        meant = read_typed(text)
    except MarqueeError:
        return False
    match meant:
        case i.SignIn(token=secret) | i.FinishSignIn(secret):
            return bool(secret)
        case _:
            return False


def spell(intent: i.Intent) -> str:  # noqa: C901 - one line for each intent
    """The canonical command text of `intent`, without a slash."""
    match intent:
        case i.Start():
            return "start"
        case i.Help(topic):
            return f"help {topic}".rstrip()
        case i.SignOut():
            return "logout"
        case i.ShowAccount():
            return "account"
        case i.Watch(title, own):
            return f"watch {naming.spell_title(title)}{' own' if own else ''}"
        case i.Unwatch(title):
            return f"unwatch {naming.spell_title(title)}"
        case i.Favorite(title, own):
            return f"fav {naming.spell_title(title)}{' own' if own else ''}"
        case i.Unfavorite(title):
            return f"unfav {naming.spell_title(title)}"
        case i.Rate(title, value):
            shown = value.words if isinstance(value, i.Misread) else str(value or "")
            return f"rate {naming.spell_title(title)} {shown}".rstrip()
        case i.Unrate(title):
            return f"unrate {naming.spell_title(title)}"
        case i.Search(words, page, listed):
            return f"search {words}" if page == 1 and not listed else f"more {page} {words}"
        case i.ShowTitle(title, anew):
            return f"{naming.show_word(title)} {naming.spell_title(title)}{' new' if anew else ''}"
        case i.ChooseLanguage(code):
            return f"language {code or ''}".rstrip()
        case i.Undo(change, anyway):
            return f"undo {'' if change is None else change}{' anyway' if anyway else ''}".rstrip()
        case i.Go(wish):
            return f"go {wish}"
        case i.FillSamples():
            return "samples"
        case _:
            spelled = next((text for topic in _TOPICS if (text := topic.spell(intent)) is not None), None)
            if spelled is None:
                raise TypeError(f"no button carries {intent!r}")
            return spelled
