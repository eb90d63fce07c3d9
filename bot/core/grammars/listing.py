"""How lists are asked for: `watchlist tv newest 2 g18 u120 mine 1990s find heat`, and what is done with such a view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import regex

from bot.core import intents as i
from bot.core import naming
from bot.core.errors import BadArgument, OutOfDate
from bot.core.genres import GENRE_WORDS, GENRES_OF
from bot.core.model import MOST_ID, Kind, Order, Section
from bot.core.text import cut

MOST_PAGE: Final = 1000
"""Pages of ten titles: as many as the account API has of twenty."""
FIRST_OF_LAST_CENTURY: Final = 3
"""`30s` and those above, said without a century, are of the last one."""
MOST_WORDS: Final = 80
"""Characters to find a title by."""

SECTION_WORDS: Final = {section.value: section for section in Section}

_ORDER_WORDS: Final[dict[str, i.ListOrder]] = {
    "newest": Order.NEWEST,
    "oldest": Order.OLDEST,
    **{order.value: order for order in i.Sorted},
}
_ALSO_ORDERS: Final[dict[str, i.ListOrder]] = {
    "neueste": Order.NEWEST,
    "älteste": Order.OLDEST,
    "titel": i.Sorted.NAME,
    "jahr": i.Sorted.YEAR,
    "wertung": i.Sorted.SCORE,
}
_ORDER_SPELLING: Final = {order: word for word, order in _ORDER_WORDS.items()}
_LENGTHS: Final = {length.value: length for length in i.Length}
_GENRE: Final = regex.compile(r"g([0-9]{1,10})")
_DECADE: Final = regex.compile(r"(1[89]|20)?([0-9])0(?:s|er)")
_FIND: Final = "find"
_FIND_WORDS: Final = frozenset({_FIND, "finde", "suche"})


def _show(word: str, rest: str) -> i.ShowList:
    section = SECTION_WORDS[word]
    view, only = i.ShowList(section), i.EVERYTHING
    tokens = rest.split()
    for at, token in enumerate(tokens):
        said = token.lower()
        if said in _FIND_WORDS:
            if not tokens[at + 1 :]:
                raise BadArgument(token, f"/{word} find heat")
            only = _found(only, tokens[at + 1 :])
            break
        if said in naming.KIND_WORDS:
            view = replace(view, kind=naming.KIND_WORDS[said])
        elif (order := _ORDER_WORDS.get(said) or _ALSO_ORDERS.get(said)) is not None:
            view = replace(view, order=order)
        elif naming.NUMBER.fullmatch(said) and 1 <= int(said) <= MOST_PAGE:
            view = replace(view, page=int(said))
        elif (narrower := _narrowed(only, said)) is not None:
            only = narrower
        else:
            # What says nothing about a list names what is looked for on it: `/watchlist heat`.
            only = _found(only, tokens[at:])
            break
    return replace(view, only=_of_kind(only, view.kind))


def _found(only: i.Only, tokens: list[str]) -> i.Only:
    return replace(only, words=cut(" ".join(tokens), MOST_WORDS))


def _narrowed(only: i.Only, token: str) -> i.Only | None:
    """What passes as well as the word says; None for one that says nothing of that kind."""
    if token in _LENGTHS:
        return replace(only, length=_LENGTHS[token])
    if token == "mine":  # noqa: S105 - a word
        return replace(only, mine=True)
    if token in GENRE_WORDS:
        return replace(only, genre=int(GENRE_WORDS[token]))
    if (genre := _GENRE.fullmatch(token)) and 1 <= int(genre[1]) <= MOST_ID:
        return replace(only, genre=int(genre[1]))
    if decade := _DECADE.fullmatch(token):
        return replace(only, decade=_decade(decade[1], int(decade[2])))
    return None


def _decade(century: str | None, tens: int) -> int:
    """Its first year; `90s` are of the last century, `20s` of this one."""
    return 10 * tens + 100 * (int(century) if century else 20 if tens < FIRST_OF_LAST_CENTURY else 19)


def _of_kind(only: i.Only, kind: Kind) -> i.Only:
    """Without a genre that titles of this kind can't have, but those of the other can."""
    others = {genre for genres in GENRES_OF.values() for genre in genres}.difference(GENRES_OF[kind])
    return replace(only, genre=None) if only.genre in others else only


def _view(rest: str) -> i.ShowList:
    word, _, tail = rest.partition(" ")
    if word not in SECTION_WORDS:
        raise OutOfDate
    return _show(word, tail)


def _arrange(_word: str, rest: str) -> i.Intent:
    choice, _, view = rest.partition(" ")
    if choice not in set(i.Choice):
        raise OutOfDate
    return i.ArrangeList(_view(view), i.Choice(choice))


def _how_long(_word: str, rest: str) -> i.Intent:
    return i.HowLong(_view(rest))


def _mark(_word: str, rest: str) -> i.Intent:
    marks, _, rest = rest.partition(" ")
    page, _, view = rest.partition(" ")
    if not regex.fullmatch(r"[0-9a-f]{1,3}", marks) or not regex.fullmatch(r"[0-9a-f]{1,4}", page):
        raise OutOfDate
    if int(marks, 16) >= 1 << i.MOST_MARKED:
        raise OutOfDate
    return i.MarkTitles(_view(view), int(marks, 16), int(page, 16))


def _take_off(_word: str, rest: str) -> i.Intent:
    named, _, view = rest.partition(" ")
    numbers = named.split(",")
    if len(numbers) > i.MOST_MARKED or not all(naming.NUMBER.fullmatch(one) for one in numbers):
        raise OutOfDate
    ids = tuple(int(one) for one in numbers)
    if len(set(ids)) < len(ids) or not all(1 <= one <= MOST_ID for one in ids):
        raise OutOfDate
    return i.TakeOff(_view(view), ids)


def _undo_all(_word: str, rest: str) -> i.Intent:
    if not naming.NUMBER.fullmatch(rest):
        raise OutOfDate
    return i.UndoAll(int(rest))


READERS: Final[dict[str, Callable[[str, str], i.Intent]]] = {
    **dict.fromkeys(SECTION_WORDS, _show),
    "arrange": _arrange,
    "hours": _how_long,
    "mark": _mark,
    "take": _take_off,
    "undoall": _undo_all,
}


def spell(intent: i.Intent) -> str | None:
    """The canonical command text of one of these, without a slash; None for others."""
    match intent:
        case i.ShowList():
            return _spelled(intent)
        case i.ArrangeList(view, choice):
            return f"arrange {choice.value} {_spelled(view)}"
        case i.HowLong(view):
            return f"hours {_spelled(view)}"
        case i.MarkTitles(view, marks, page):
            return f"mark {marks:x} {page:x} {_spelled(view)}"
        case i.TakeOff(view, ids):
            return f"take {','.join(map(str, ids))} {_spelled(view)}"
        case i.UndoAll(change):
            return f"undoall {change}"
        case _:
            return None


def _spelled(view: i.ShowList) -> str:
    only = view.only
    parts = [
        view.section.value,
        "tv" if view.kind is Kind.TV else "",
        _ORDER_SPELLING[view.order],
        str(view.page),
        f"g{only.genre}" if only.genre else "",
        only.length.value if only.length else "",
        "mine" if only.mine else "",
        f"{only.decade}s" if only.decade is not None else "",
        f"{_FIND} {only.words}" if only.words else "",
    ]
    return " ".join(part for part in parts if part)
