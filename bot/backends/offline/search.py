"""Search as people type: without accents or case, with a year among the words, and with slips of the thumb."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

import regex
from rapidfuzz.distance import OSA

from bot.backends.offline.facts import index_of, names_of
from bot.core.text import fold, likeness, same_name, without_article
from storage import catalogue
from storage.catalogue import Term, TitleRow

if TYPE_CHECKING:
    from storage.database import Database

_MOST_WORDS: Final = 16
_ALIKE: Final = 60
_YEAR: Final = regex.compile(r"(?:18[7-9]|19\d|20\d)\d")


class Fit(IntEnum):
    """How well a title fits the words, best first."""

    EXACT = 0
    SAME = 1
    """But for an article, or a number's way of writing."""
    STARTS = 2
    STARTS_WITHIN_A_WORD = 3
    CONTAINS = 4
    PEOPLE = 5
    """Some of the words, or all, are in its people's names."""


@dataclass(frozen=True, slots=True)
class Found:
    """A title, how well it fits, and how alike its name and the words are (0 to 100)."""

    row: TitleRow
    fit: Fit
    likeness: float = 0

    @property
    def rank(self) -> tuple[int, float, int, str, str, int]:
        """Sorts the best first, then the oldest, so that sequels follow in order; never two alike."""
        row = self.row
        return (self.fit, -self.likeness, row.year or 9999, row.name, row.kind, row.title_id)


class Search:
    """Searches the stored catalogue. Make one by `await Search.over(db)`, after it was loaded."""

    def __init__(self, db: Database, words: Iterable[tuple[str, str]]) -> None:
        self._db = db
        everything = list(words)
        self._names = sorted({word for word, column in everything if column != "people"})
        self._people = sorted({word for word, column in everything if column == "people"})

    @classmethod
    async def over(cls, db: Database) -> Search:
        """A search that knows the catalogue's words."""
        return cls(db, await catalogue.words(db))

    async def find(self, words: str) -> list[TitleRow]:
        """All titles that fit, the best first; none when nothing is alike.

        A number is first of all part of a name (so `1917` is a film), then a year; and only when nothing fits are
        misspellings thought of.
        """
        text = " ".join(fold(words).split()[:_MOST_WORDS])
        rest, year = _apart(text)
        found = await self._exactly(text) or _of_year(await self._exactly(rest), year) or await self._nearly(text)
        if not found and rest:
            # A year that fits nothing was misremembered, which is no reason to find nothing.
            found = await self._exactly(rest) or await self._nearly(rest)
            found = _of_year(found, year) or found
        return [one.row for one in sorted(found, key=lambda one: one.rank)]

    async def _exactly(self, text: str) -> list[Found]:
        """The titles that have all the words, or their beginnings, in their names and people."""
        words = _words(text)
        if not words:
            return []
        alternatives = [[[_term(word)] for word in words]]
        if len(joined := "".join(words)) > 3:
            alternatives.append([[Term(joined, begins=True, columns=("joined",))]])
        rows = await catalogue.matching(self._db, alternatives)
        return [Found(row, _fit(text, row)) for row in rows]

    async def _nearly(self, text: str) -> list[Found]:
        """The titles that have all the words, or words spelled like them."""
        groups = [[_term(word), *map(Term, self._like(word))] for word in _words(text)]
        if not groups or all(len(group) == 1 for group in groups):
            return []
        rows = await catalogue.matching(self._db, [groups])
        return [Found(row, Fit.PEOPLE, _likeness(text, row)) for row in rows]

    def _like(self, word: str) -> list[str]:
        """The catalogue's words that `word` may be a slip for: one letter wrong, missing, too many or swapped with its
        neighbour; two in a long word. A number is never a slip for another.
        """
        if len(word) < 4 or any(letter.isdigit() for letter in word):
            return []
        most = 1 if len(word) < 7 else 2
        known = self._names if len(word) < 5 else self._names + self._people
        return [other for other in known if OSA.distance(word, other, score_cutoff=most) <= most]


def _words(text: str) -> list[str]:
    return without_article(text).split()


def _term(word: str) -> Term:
    """The word; as the beginning of others, too, where that says something."""
    return Term(word, begins=len(word) > 2 or not word.isascii())


def _apart(text: str) -> tuple[str, int | None]:
    """`text` without the last year in it, and that year; nothing and None if there are no year and other words."""
    words = text.split()
    for place in range(len(words) - 1, -1, -1):
        if _YEAR.fullmatch(words[place]) and len(words) > 1:
            return " ".join(words[:place] + words[place + 1 :]), int(words[place])
    return "", None


def _of_year(found: list[Found], year: int | None) -> list[Found]:
    """Those of that year, else of the one before or after: festivals and cinemas differ."""
    if year is None:
        return []
    exactly = [one for one in found if one.row.year == year]
    return exactly or [one for one in found if one.row.year and abs(one.row.year - year) == 1]


def _fit(text: str, row: TitleRow) -> Fit:
    """How well a title fits that was found by `text`."""
    names = [fold(name) for name in names_of(row)]
    if text in names:
        return Fit.EXACT
    if any(same_name(text, name) for name in names):
        return Fit.SAME
    bare = without_article(text)
    filed = [without_article(name) for name in names]
    if any(f"{name} ".startswith(f"{bare} ") for name in filed):
        return Fit.STARTS
    if any(name.startswith(bare) for name in filed):
        return Fit.STARTS_WITHIN_A_WORD
    index = index_of(row)
    joined = bare.replace(" ", "")
    if len(joined) > 3 and any(name.startswith(joined) for name in index.joined.split()):
        return Fit.SAME if joined in index.joined.split() else Fit.STARTS_WITHIN_A_WORD
    return Fit.CONTAINS if _has_all(bare.split(), index.names.split()) else Fit.PEOPLE


def _has_all(words: Sequence[str], others: Sequence[str]) -> bool:
    return all(
        word in others or (_term(word).begins and any(other.startswith(word) for other in others)) for word in words
    )


def _likeness(text: str, row: TitleRow) -> float:
    """How much a name's beginning is like `text`; 0 for hardly at all."""
    most = round(likeness(text, *names_of(row)))
    return most if most >= _ALIKE else 0
