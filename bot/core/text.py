"""Words as they come and go: cleaning what strangers wrote, and comparing names as people do."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

import regex
from rapidfuzz import fuzz

# Controls, lone surrogates, and the bidirectional controls by which a name could turn a message around.
_UNWANTED: Final = regex.compile(r"[\p{Cc}\p{Cs}\p{Co}\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ufeff]")
_MARKS: Final = regex.compile(r"(\p{M}{4})\p{M}+")
_APART: Final = regex.compile(r"[^\p{L}\p{N}½]+")
_ARTICLES: Final = frozenset({"the", "a", "an"})
_ENDS_WITH_YEAR: Final = regex.compile(r"(.*\S)\s+\(?((?:18[7-9]|19\d|20\d)\d)\)?")
_ROMAN: Final = {
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}

NAMES_REMEMBERED: Final = 8192
LONGEST_NAME: Final = 100


def clean(words: str, most: int = 200) -> str:
    """`words` on one line, fit to be stored and shown: no controls, no piles of accents, at most `most` graphemes."""
    words = _UNWANTED.sub(" ", words)
    words = " ".join(_MARKS.sub(r"\1", words).split())
    return cut(words, most)


def cut(words: str, most: int) -> str:
    """At most `most` graphemes (what a reader counts as characters), the last one an ellipsis where it was cut."""
    if len(words) <= most:
        return words
    graphemes: list[str] = regex.findall(r"\X", words)
    return words if len(graphemes) <= most else "".join(graphemes[: most - 1]).rstrip() + "…"


def fold(words: str) -> str:
    """For comparing names: without case, accents, punctuation; `Amélie!` and `amelie` are the same."""
    # The same names are compared over and over; what is longer than a name is not worth the room.
    return _folded(words) if len(words) <= LONGEST_NAME else _folded.__wrapped__(words)


@lru_cache(NAMES_REMEMBERED)
def _folded(words: str) -> str:
    # ½ must survive: NFKD would make "8½" into "81⁄2".
    apart = unicodedata.normalize("NFKD", words.casefold().replace("½", "\x00"))
    plain = "".join(c for c in apart if not unicodedata.combining(c)).replace("\x00", "½")
    plain = plain.replace("'", "").replace("’", "").replace("·", "").replace("&", " and ")
    return " ".join(_APART.sub(" ", plain).split())


def same_name(words: str, name: str) -> bool:
    """Whether `words` is how somebody would type `name`: case, accents, punctuation and articles aside."""
    return fold(words) == fold(name) or _key(words) == _key(name)


def _key(words: str) -> str:
    tokens = fold(words).split()
    if len(tokens) > 1 and tokens[0] in _ARTICLES:
        tokens = tokens[1:]
    return " ".join(_ROMAN.get(token, token) if i else token for i, token in enumerate(tokens))


def without_article(folded: str) -> str:
    """A folded name as it is filed: `the godfather` under `godfather`."""
    first, _, rest = folded.partition(" ")
    return rest if rest and first in _ARTICLES else folded


def likeness(words: str, *names: str) -> float:
    """How much the beginning of a name is like `words` (0 to 100), so that sequels are as like as the first."""
    said = without_article(fold(words))
    filed = (without_article(fold(name))[: len(said) + 1].strip() for name in names)
    return max(fuzz.ratio(said, name) for name in filed)


def year_apart(words: str) -> tuple[str, int] | None:
    """Words without the year at their end, and that year; None without one."""
    found = _ENDS_WITH_YEAR.fullmatch(words)
    return None if found is None else (found[1], int(found[2]))


def has_number(name: str, number: str) -> bool:
    """Whether `name` has `number` as a word of its own; `Rocky II` has "2"."""
    return number in {_ROMAN.get(token, token) for token in fold(name).split()}
