"""How titles are named: by number, by an address of TMDB's, IMDb's or Letterboxd's, or by words; how that is spelled.

Reading is pure: it looks nothing up. Numbers are ASCII digits.
"""

from __future__ import annotations

import re
from typing import Final

from bot.core import intents as i
from bot.core.errors import BadArgument
from bot.core.model import MOST_ID, Kind, TitleRef

KIND_WORDS: Final = {
    **dict.fromkeys(("movie", "movies", "film", "films", "filme"), Kind.MOVIE),
    **dict.fromkeys(("tv", "series", "show", "shows", "serie", "serien"), Kind.TV),
}
NUMBER: Final = re.compile(r"[0-9]{1,10}")

_LETTER: Final = {Kind.MOVIE: "m", Kind.TV: "t"}
_REF: Final = re.compile(r"(?P<kind>m|t|tv|movie)(?P<id>[0-9]{1,10})", re.IGNORECASE)
_IMDB: Final = re.compile(r"tt[0-9]{6,9}", re.IGNORECASE)
_TMDB_LINK: Final = re.compile(
    r"(?:https?://)?(?:www\.)?themoviedb\.org/(?P<kind>movie|tv)/(?P<id>[0-9]{1,10})(?:[-/?#]\S*)?", re.IGNORECASE
)
_IMDB_LINK: Final = re.compile(
    r"(?:https?://)?(?:www\.|m\.)?imdb\.com/(?:\w\w/)?title/(?P<id>tt[0-9]{6,9})(?:[/?#]\S*)?", re.IGNORECASE
)


_BEFORE: Final = r"(?<![\w./@=-])(?:https?://)?(?:www\.|m\.)?"
"""No address inside another one is meant."""
_IN_WORDS: Final = re.compile(
    rf"{_BEFORE}(?:"
    r"themoviedb\.org/(?P<kind>movie|tv|person)/(?P<id>[0-9]{1,10})(?![0-9])"
    r"|imdb\.com/(?:\w\w/)?title/(?P<title>tt[0-9]{6,9})(?![0-9])"
    r"|imdb\.com/(?:\w\w/)?name/(?P<name>nm[0-9]{6,9})(?![0-9])"
    r"|letterboxd\.com/(?:[\w-]{1,40}/)?film/(?P<slug>[a-z0-9-]{1,120})"
    r"|letterboxd\.com/(?:actor|director|writer|producer|composer|cinematography|editor)/(?P<who>[a-z0-9-]{1,120})"
    r"|(?P<short>boxd\.it)/\w)",
    re.IGNORECASE,
)
_ANY: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_SAID: Final = re.compile(r"(?P<word>[^\W\d_]{2,15})\s?:\s*(?P<rest>\S.*)")
PERSON_WORDS: Final = frozenset({"person", "people", "actor", "actress", "director", "star", "schauspieler", "regie"})


def address(text: str) -> i.Intent | None:
    """What the first address in `text` leads to that is a film's, a series' or a person's; None without one."""
    found = _IN_WORDS.search(text)
    if found is None:
        return None
    if found["short"]:
        return i.Unfollowed(i.Place.SHORT)
    if found["name"]:
        return i.Unfollowed(i.Place.IMDB_NAME)
    if found["title"]:
        return i.ShowTitle(i.ImdbId(found["title"].lower()))
    if found["who"]:
        return i.Search(f"person: {_words_of(found['who'])}")
    if found["slug"]:
        return i.ShowTitle(i.Words(_words_of(found["slug"])))
    number = int(found["id"])
    if not 1 <= number <= MOST_ID:
        return None
    if found["kind"].lower() == "person":
        return i.ShowPerson(number)
    return i.ShowTitle(TitleRef(Kind(found["kind"].lower()), number))


def is_address(text: str) -> bool:
    """Whether it is an address and nothing else, of whatever."""
    return _ANY.fullmatch(text) is not None


def _words_of(slug: str) -> str:
    """Letterboxd's way to write a name, and its year where there are several: `heat-1995`."""
    return " ".join(slug.lower().split("-")).strip() or slug


def targets(word: str, rest: str, kind: Kind | None = None) -> list[i.Target]:
    """The ways to read `rest` as one title, likeliest first: a bare number is an id, but may be a name too."""
    if not rest:
        raise BadArgument("", usage(word))
    match address(rest):
        case i.ShowTitle(i.Words() as words):
            return [words]
    tokens = rest.split()
    target, left = ref(tokens, kind or Kind.MOVIE)
    if target is None or left:
        named, text = kind_said(rest)
        return [i.Words(text, named or kind)]
    return [target, i.Words(rest, kind)] if number_first(tokens) else [target]


def usage(word: str) -> str:
    """How to write a command, by an example where there is one."""
    command = i.COMMANDS[word]
    return f"/{word} {command.example}" if command.example and "[" not in command.arguments else command.usage


def kind_said(words: str) -> tuple[Kind | None, str]:
    """The kind that is said before the words (`tv: the office`), and the words without it."""
    said = _SAID.fullmatch(words)
    if said is not None and (kind := KIND_WORDS.get(said["word"].lower())) is not None:
        return kind, said["rest"]
    return None, words


def person_said(words: str) -> str | None:
    """The words after `person:`, where that is said."""
    said = _SAID.fullmatch(words)
    return said["rest"] if said is not None and said["word"].lower() in PERSON_WORDS else None


def number_first(tokens: list[str]) -> bool:
    """Whether a number comes first."""
    return bool(tokens) and NUMBER.fullmatch(tokens[0]) is not None


def ref(tokens: list[str], kind: Kind = Kind.MOVIE) -> tuple[TitleRef | i.ImdbId | None, list[str]]:
    """The title that `tokens` begin with, if it is an id or an address, and the tokens after it."""
    if not tokens:
        return None, tokens
    first = tokens[0]
    if link := _TMDB_LINK.fullmatch(first) or _REF.fullmatch(first):
        said = Kind.TV if link["kind"].lower().startswith("t") else Kind.MOVIE
        return title_ref(said, link["id"]), tokens[1:]
    if imdb := _IMDB_LINK.fullmatch(first):
        return i.ImdbId(imdb["id"].lower()), tokens[1:]
    if _IMDB.fullmatch(first):
        return i.ImdbId(first.lower()), tokens[1:]
    if first.lower() in ("tv", "movie") and number_first(tokens[1:]):
        return title_ref(KIND_WORDS[first.lower()], tokens[1]), tokens[2:]
    if number_first(tokens):
        return title_ref(kind, first), tokens[1:]
    return None, tokens


def title_ref(kind: Kind, number: str) -> TitleRef | None:
    """The title of that number; None where no title can have it."""
    return TitleRef(kind, int(number)) if 1 <= int(number) <= MOST_ID else None


def numbered(words: str) -> TitleRef | None:
    """The film whose number is all of `words`."""
    return title_ref(Kind.MOVIE, words) if NUMBER.fullmatch(words) else None


def show_word(title: i.Target) -> str:
    """The command that shows it."""
    kind = None if isinstance(title, i.ImdbId) else title.kind
    return "tv" if kind is Kind.TV else "movie"


def spell_title(title: i.Target) -> str:
    """The canonical way to name it."""
    match title:
        case TitleRef(kind, number):
            return f"{_LETTER[kind]}{number}"
        case i.ImdbId(number):
            return number
        case i.Words(text, kind):
            return f"{kind.value}: {text}" if kind else text
