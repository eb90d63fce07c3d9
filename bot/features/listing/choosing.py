"""Which titles of a whole list are shown, and in which order: pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from bot.core.intents import Length, ListOrder, Only, Sorted
from bot.core.model import Kind, Order, Title
from bot.core.text import fold
from bot.features.listing.whole import Entry

SHORT: Final = 90
EVENING: Final = 120
"""Minutes."""
_NEAR: Final = 85
"""How alike (0 to 100) a part of a name must be to the words looked for, where nothing has them as they are."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is shown, in order; of how many titles what was asked about is not known (they are left out, or last)."""

    entries: tuple[Entry, ...]
    unknown: int
    unread: int
    """Of how many a card is still to be read."""


def needs_cards(only: Only, order: ListOrder) -> bool:
    """Whether a list's own lines don't say enough."""
    return only.length is not None or only.mine or order is Sorted.RUNTIME


def may_fit(only: Only) -> Callable[[Title], bool]:
    """Whether a title is worth a look at its card."""
    return lambda title: _fits(title, only)


def choose(entries: tuple[Entry, ...], only: Only, order: ListOrder, services: frozenset[int], country: str) -> Chosen:
    """Of these, newest first, the ones that are meant, as they are to be shown."""
    fitting = [entry for entry in _named(entries, only.words) if _fits(entry.title, only)]
    unread = sum(entry.card is None for entry in fitting) if needs_cards(only, order) else 0
    kept, unknown = [], 0
    for entry in fitting:
        answers = _answers(entry, only, services, country)
        if False in answers:
            continue
        if None in answers:
            unknown += entry.card is not None
            continue
        kept.append(entry)
    if order is Sorted.RUNTIME and only.length is None:
        unknown += sum(entry.card is not None and not entry.card.runtime for entry in kept)
    if order is Sorted.SCORE:
        unknown += sum(entry.title.vote_average is None for entry in kept)
    return Chosen(tuple(_ordered(kept, order)), unknown, unread)


def minutes(entry: Entry) -> int | None:
    """How long the whole title takes: of a series all its episodes. None where that is not known."""
    card = entry.card
    if card is None or not card.runtime:
        return None
    if card.ref.kind is Kind.MOVIE:
        return card.runtime
    episodes = card.details.episode_count if card.details else None
    return card.runtime * episodes if episodes else None


def _answers(entry: Entry, only: Only, services: frozenset[int], country: str) -> list[bool | None]:
    """What the card says to each thing that is asked of it; None where it doesn't say."""
    card = entry.card
    answers: list[bool | None] = []
    if only.length is not None:
        answers.append(_is_long(card.runtime, only.length) if card is not None and card.runtime else None)
    if only.mine:
        answers.append(None if card is None else card.streams(country, services))
    return answers


def _is_long(runtime: int, length: Length) -> bool:
    match length:
        case Length.SHORT:
            return runtime < SHORT
        case Length.EVENING:
            return runtime < EVENING
        case Length.LONG:
            return runtime >= EVENING


def _fits(title: Title, only: Only) -> bool:
    """By what a list's own lines say."""
    of_genre = only.genre is None or only.genre in title.genre_ids
    return of_genre and (only.decade is None or decade(title) == only.decade)


def decade(title: Title) -> int | None:
    """The first year of its decade; None where nobody knows when it came out."""
    return None if title.year is None else title.year // 10 * 10


def _named(entries: tuple[Entry, ...], words: str) -> tuple[Entry, ...]:
    """Those whose name has the words; where none has, those that have something very like them."""
    looked_for = fold(words)
    if not looked_for:
        return entries
    names = [fold(f"{entry.title.name} {entry.title.original_name or ''}") for entry in entries]
    having = tuple(entry for entry, name in zip(entries, names, strict=True) if looked_for in name)
    if having:
        return having
    return tuple(
        entry
        for entry, name in zip(entries, names, strict=True)
        if fuzz.partial_ratio(looked_for, name, score_cutoff=_NEAR)
    )


def _ordered(entries: list[Entry], order: ListOrder) -> list[Entry]:
    """In that order, what is not known last; what is equal stays newest first."""
    match order:
        case Order.NEWEST:
            return entries
        case Order.OLDEST:
            return entries[::-1]
        case Sorted.NAME:
            return sorted(entries, key=lambda entry: fold(entry.title.name))
        case Sorted.YEAR:
            return sorted(entries, key=lambda entry: -(entry.title.year or 0))
        case Sorted.RUNTIME:
            return sorted(entries, key=lambda entry: (entry.card and entry.card.runtime) or 1 << 30)
        case Sorted.RATING:
            return sorted(entries, key=lambda entry: -(entry.rating.halves if entry.rating else 0))
        case Sorted.SCORE:
            return sorted(entries, key=lambda entry: -(entry.title.vote_average or 0))
