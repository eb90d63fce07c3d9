"""How it is said what to find without a title in mind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from bot.core import intents as i
from bot.core import naming
from bot.core.discovery import Window
from bot.core.errors import BadArgument
from bot.core.genres import GENRE_WORDS, Genre
from bot.core.intents import Pick
from bot.core.model import Kind, TitleRef

MOST_PAGE: Final = 1000
"""Pages of ten titles: as many as TMDB has of twenty."""

_WINDOWS: Final = {
    **dict.fromkeys(("day", "today", "heute", "tag"), Window.DAY),
    **dict.fromkeys(("week", "woche"), Window.WEEK),
}
_PICKS: Final = {"kurz": Pick.SHORT, "stream": Pick.STREAMING}
_KINDS: Final = {Kind.MOVIE: "movies", Kind.TV: "tv"}
_PAGED: Final = re.compile(r"(?P<title>[mt][0-9]{1,10}) (?P<page>[1-9][0-9]{0,3})")
_DRAW: Final = re.compile(
    r"(?P<pick>any|short|streaming|g(?P<genre>[0-9]{1,5}))"
    r"(?: (?P<seed>0|[1-9][0-9]{0,9}))?(?: (?P<after>[mt][1-9][0-9]{0,9}))?"
)


def _trending(word: str, rest: str) -> i.Intent:
    window, kind, page = Window.DAY, None, 1
    for token in _tokens(rest):
        if token in _WINDOWS:
            window = _WINDOWS[token]
        elif token in naming.KIND_WORDS:
            kind = naming.KIND_WORDS[token]
        else:
            page = _page(token, word)
    return i.Trending(window, kind, page)


def _popular(word: str, rest: str) -> i.Intent:
    kind, page = Kind.MOVIE, 1
    for token in _tokens(rest):
        if token in naming.KIND_WORDS:
            kind = naming.KIND_WORDS[token]
        else:
            page = _page(token, word)
    return i.Popular(kind, page)


def _pages_of(make: Callable[[int], i.Intent]) -> Callable[[str, str], i.Intent]:
    def reader(word: str, rest: str) -> i.Intent:
        return make(_page(rest, word) if rest else 1)

    return reader


def _similar(word: str, rest: str) -> i.Intent:
    paged = _PAGED.fullmatch(rest)
    page = _page(paged["page"], word) if paged else 1
    # It changes nothing, so the likeliest reading will do.
    return i.Similar(naming.targets(word, paged["title"] if paged else rest)[0], page)


def _random(word: str, rest: str) -> i.Intent:
    if not rest:
        return i.Random()
    if (said := _PICKS.get(rest.lower()) or GENRE_WORDS.get(rest.lower())) is not None:
        return i.Random(said)
    draw = _DRAW.fullmatch(rest.lower())
    pick = _pick(draw["pick"], draw["genre"]) if draw else None
    if draw is None or pick is None:
        raise BadArgument(rest, naming.usage(word))
    after = naming.ref([draw["after"]])[0] if draw["after"] else None
    return i.Random(
        pick,
        int(draw["seed"]) if draw["seed"] else None,
        after if isinstance(after, TitleRef) else None,
    )


def _pick(word: str, genre: str | None) -> Pick | Genre | None:
    if genre is None:
        return Pick(word)
    return Genre(int(genre)) if int(genre) in set(Genre) else None


def _tokens(rest: str) -> Iterator[str]:
    yield from rest.lower().split()


def _page(token: str, word: str) -> int:
    if not naming.NUMBER.fullmatch(token) or not 1 <= int(token) <= MOST_PAGE:
        raise BadArgument(token, naming.usage(word))
    return int(token)


READERS: Final[dict[str, Callable[[str, str], i.Intent]]] = {
    "trending": _trending,
    "popular": _popular,
    "upcoming": _pages_of(i.Upcoming),
    "airing": _pages_of(i.Airing),
    "similar": _similar,
    "recommend": _pages_of(i.Recommend),
    "random": _random,
}


def spell(intent: i.Intent) -> str | None:
    """The canonical command text of one of these, without a slash; None for others."""
    match intent:
        case i.Trending(window, kind, page):
            return _said("trending", window.value, kind and _KINDS[kind], page)
        case i.Popular(kind, page):
            return _said("popular", _KINDS[kind], page)
        case i.Upcoming(page):
            return f"upcoming {page}"
        case i.Airing(page):
            return f"airing {page}"
        case i.Similar(title, page):
            return _said("similar", naming.spell_title(title), None if page == 1 else page)
        case i.Recommend(page):
            return f"recommend {page}"
        case i.Random(pick, seed, after):
            drawn = f"g{int(pick)}" if isinstance(pick, Genre) else pick.value
            return _said("random", drawn, seed, naming.spell_title(after) if after else None)
        case _:
            return None


def _said(*words: str | int | None) -> str:
    said: Iterable[str | int] = (word for word in words if word is not None)
    return " ".join(map(str, said))
