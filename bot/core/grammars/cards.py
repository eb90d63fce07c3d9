"""How it is said what a card leads to. All but `/where` is said by buttons alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bot.core import intents as i
from bot.core import naming
from bot.core.discovery import MOST_SEASON
from bot.core.errors import OutOfDate
from bot.core.model import MOST_ID, Kind, TitleRef

MOST_PAGE: Final = 1000


def _where(word: str, rest: str) -> i.Intent:
    # It changes nothing, so the likeliest reading will do.
    return i.Where(naming.targets(word, rest)[0])


def _unfold(_word: str, rest: str) -> i.Intent:
    return i.Unfold(_ref(rest))


def _seasons(_word: str, rest: str) -> i.Intent:
    title, *page = rest.split()
    return i.ShowSeasons(_series(title), _number(page, 1, MOST_PAGE))


def _season(_word: str, rest: str) -> i.Intent:
    title, number, *page = rest.split()
    return i.ShowSeason(_series(title), _number([number], 0, MOST_SEASON), _number(page, 1, MOST_PAGE))


def _person(_word: str, rest: str) -> i.Intent:
    return i.ShowPerson(_number([rest], 1, MOST_ID))


def _unfollowed(_word: str, rest: str) -> i.Intent:
    return i.Unfollowed(i.Place(rest))


def _for_buttons(read: Callable[[str, str], i.Intent]) -> Callable[[str, str], i.Intent]:
    def reader(word: str, rest: str) -> i.Intent:
        try:
            return read(word, rest)
        except ValueError:
            raise OutOfDate from None

    return reader


def _ref(rest: str) -> TitleRef:
    target, left = naming.ref(rest.split())
    if not isinstance(target, TitleRef) or left:
        raise OutOfDate
    return target


def _series(rest: str) -> TitleRef:
    ref = _ref(rest)
    if ref.kind is not Kind.TV:
        raise OutOfDate
    return ref


def _number(said: list[str], least: int, most: int) -> int:
    """The one number that was said; the least where none was."""
    if not said:
        return least
    [word] = said
    if not naming.NUMBER.fullmatch(word) or not least <= int(word) <= most:
        raise OutOfDate
    return int(word)


READERS: Final[dict[str, Callable[[str, str], i.Intent]]] = {
    "where": _where,
    **{
        word: _for_buttons(read)
        for word, read in {
            "unfold": _unfold,
            "seasons": _seasons,
            "season": _season,
            "person": _person,
            "unfollowed": _unfollowed,
        }.items()
    },
}


def spell(intent: i.Intent) -> str | None:
    """The canonical command text, without a slash."""
    match intent:
        case i.Where(title):
            return f"where {naming.spell_title(title)}"
        case i.Unfold(title):
            return f"unfold {naming.spell_title(title)}"
        case i.ShowSeasons(title, page):
            return f"seasons {naming.spell_title(title)}{_page(page)}"
        case i.ShowSeason(title, number, page):
            return f"season {naming.spell_title(title)} {number}{_page(page)}"
        case i.ShowPerson(person):
            return f"person {person}"
        case i.Unfollowed(place):
            return f"unfollowed {place.value}"
        case _:
            return None


def _page(page: int) -> str:
    return f" {page}" if page > 1 else ""
