"""What is like what, and who is in what, by the facts alone: people, genres, decade, language. In memory, no I/O."""

from __future__ import annotations

import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.core.discovery import Star
from bot.core.genres import Genre
from bot.core.model import Kind, Title, TitleRef
from bot.core.text import clean, fold

FIRST_PERSON: Final = 1_500_000_000
"""People's numbers here begin where TMDB's will not get in our time."""
PERSON_NUMBERS: Final = 500_000_000

_MOST_WORDS: Final = 8
_MAKER: Final = 3.0
_PLAYER: Final = 1.5
_GENRES: Final = 4.0
_MUCH: Final = 3.0
_DECADE: Final = 1.0
_LANGUAGE: Final = 0.75
_LEAST: Final = 1.0
"""Less alike than this is not alike."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What a title is compared by. People by their folded names."""

    makers: frozenset[str]
    players: frozenset[str]
    genres: frozenset[int]
    year: int | None
    language: str | None

    @classmethod
    def of(cls, title: Title) -> Traits:
        """A title's."""
        makers, players = frozenset(map(fold, title.makers)), frozenset(map(fold, title.cast))
        return cls(makers, players, frozenset(title.genre_ids), title.year, title.original_language)


class Likeness:
    """Some hundred titles, ready to be compared and looked through: each question takes about a millisecond."""

    def __init__(self, titles: Iterable[Title]) -> None:
        self.titles: dict[TitleRef, Title] = {title.ref: title for title in titles}
        self._traits = {ref: Traits.of(title) for ref, title in self.titles.items()}
        self._weights = _weights(self._traits.values())
        self._works = _works(self._traits)
        self._people = _people(self.titles.values())
        self._parts = {folded: folded.split() for folded in self._people}
        self._every_part = sorted({part for parts in self._parts.values() for part in parts})
        self._numbers = _numbers(self._people)
        self._names = {number: folded for folded, number in self._numbers.items()}
        self.known: dict[TitleRef, int] = {
            ref: sum(len(self._works[one]) - 1 for one in traits.makers | traits.players)
            for ref, traits in self._traits.items()
        }
        """How well connected a title is: in how many others its people are. The more, the better known it may be."""

    # ── Titles ───────────────────────────────────────────────────────────────────────────────────────────────────

    def like(self, title: Title) -> dict[TitleRef, float]:
        """How alike the others of its kind are, of those that are so at all; more is more alike."""
        own = self._traits.get(title.ref) or Traits.of(title)
        alike = {
            ref: self._score(own, other)
            for ref, other in self._traits.items()
            if ref.kind is title.ref.kind and ref != title.ref
        }
        return {ref: score for ref, score in alike.items() if score >= _LEAST}

    def best(self, scores: Mapping[TitleRef, float]) -> list[Title]:
        """Those titles, the best first; of two alike the better known."""
        there = [ref for ref in scores if ref in self.titles]
        there.sort(key=lambda ref: (-round(scores[ref], 6), -self.known[ref], ref))
        return [self.titles[ref] for ref in there]

    def of_kind(self, kind: Kind) -> list[Title]:
        """All of a kind."""
        return [title for ref, title in self.titles.items() if ref.kind is kind]

    def _score(self, one: Traits, other: Traits) -> float:
        people = _MAKER * len(one.makers & other.makers) + _PLAYER * len(
            (one.players & other.players) | (one.makers & other.players) | (one.players & other.makers)
        )
        shared = sum(self._weights[genre] for genre in one.genres & other.genres)
        if not people and not shared:
            return 0
        either = sum(self._weights.get(genre, 0) for genre in one.genres | other.genres)
        # To have nothing but drama in common says little.
        score = people + (_GENRES * shared / either * min(1.0, shared / _MUCH) if either else 0)
        if one.year and other.year:
            score += _DECADE * max(0.0, 1 - abs(one.year - other.year) / 15)
        if one.language and one.language == other.language and one.language != "en":
            score += _LANGUAGE
        return score

    # ── People ───────────────────────────────────────────────────────────────────────────────────────────────────

    def find(self, words: str) -> list[Star]:
        """The people who have all the words, or their beginnings, in their names; else those with one letter amiss."""
        wanted = fold(clean(words)).split()[:_MOST_WORDS]
        if not wanted:
            return []
        found = [name for name, parts in self._parts.items() if all(_begins(word, parts) for word in wanted)]
        if not found and any(len(word) > 3 for word in wanted):
            likely = [self._like(word) for word in wanted]
            found = [name for name, parts in self._parts.items() if all(not like.isdisjoint(parts) for like in likely)]
        text = " ".join(wanted)
        found.sort(
            key=lambda name: (name != text, not f"{name} ".startswith(f"{text} "), -len(self._works[name]), name)
        )
        return [self._star(name) for name in found]

    def person(self, number: int) -> Star | None:
        """Whose number it is."""
        name = self._names.get(number)
        return None if name is None else self._star(name)

    def _like(self, word: str) -> set[str]:
        """The parts of names with one letter wrong, missing, too many or swapped with its neighbour; two in a long."""
        most = 0 if len(word) < 4 else 1 if len(word) < 7 else 2
        near = process.extract(word, self._every_part, scorer=OSA.distance, score_cutoff=most, limit=None)
        return {part for part, _, _ in near}

    def _star(self, name: str) -> Star:
        works = [(ref, self._traits[ref]) for ref in self._works[name]]
        made = [ref for ref, traits in works if name in traits.makers]
        played = [ref for ref, traits in works if name in traits.players]
        films = any(ref.kind is Kind.MOVIE for ref in made)
        department = "Acting" if len(played) > len(made) else "Directing" if films else "Writing"
        first = played if department == "Acting" else made
        refs = sorted((ref for ref, _ in works), key=lambda ref: (ref not in first, -self.known[ref], ref))
        titles = tuple(self.titles[ref] for ref in refs)
        return Star(self._numbers[name], self._people[name], department, known_for=titles)


def _weights(traits: Iterable[Traits]) -> dict[int, float]:
    """How much it says that two titles share a genre: a rare one more than drama."""
    counts = Counter(genre for one in traits for genre in one.genres)
    total = sum(counts.values())
    return {genre: math.log(total / count) for genre, count in counts.items() if genre != Genre.TV_MOVIE} | {
        Genre.TV_MOVIE: 0.0
    }


def _works(traits: Mapping[TitleRef, Traits]) -> dict[str, list[TitleRef]]:
    works: dict[str, list[TitleRef]] = defaultdict(list)
    for ref, one in traits.items():
        for person in one.makers | one.players:
            works[person].append(ref)
    return works


def _people(titles: Iterable[Title]) -> dict[str, str]:
    """By folded name, as it is written."""
    return {
        folded: name for title in titles for name in (*title.makers, *title.cast) if (folded := fold(name)) and name
    }


def _numbers(people: Iterable[str]) -> dict[str, int]:
    """Everybody's number, made from the name: the same in each database, and at each start."""
    taken: set[int] = set()
    numbers = {}
    for name in sorted(people):
        number = zlib.crc32(name.encode()) % PERSON_NUMBERS
        while number in taken:
            number = (number + 1) % PERSON_NUMBERS
        taken.add(number)
        numbers[name] = FIRST_PERSON + number
    return numbers


def _begins(word: str, parts: list[str]) -> bool:
    return any(part.startswith(word) if len(word) > 1 else part == word for part in parts)
