"""Titles whose names are nearly what was typed, for words that nothing fits. They are offered, never acted on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bot.core.desk import Desk
from bot.core.errors import MarqueeError
from bot.core.intents import Words
from bot.core.model import Page, Title, TitleRef
from bot.core.text import likeness, without_article, year_apart

MOST_SEARCHES: Final = 2
"""Further searches of the service."""
MOST_NEAR: Final = 5
NEAR: Final = 70
"""How alike a name and the words must be, of 100: one letter wrong in five."""


async def nearly(said: Words, desk: Desk) -> tuple[Title, ...]:
    """Titles named nearly so, the likeliest first; none where nothing is, or the service fails.

    The bundled catalogue forgives slips and asks nobody. What it doesn't know is looked for by the words without the
    one that is the likeliest slip.
    """
    words, year = year_apart(said.text) or (said.text, None)
    catalogue, language = desk.services.main.catalogue, desk.caller.language
    found: dict[TitleRef, Title] = {}
    try:
        if desk.services.here is not desk.services.main:
            bundled = await desk.services.here.catalogue.search(words, said.kind, None, language, 1)
            found |= _near(words, bundled)
        for fewer in _fewer(words):
            if found:
                break
            found |= _near(words, await catalogue.search(fewer, said.kind, None, language, 1))
    except MarqueeError:
        # That nothing fits the words stays true, and is what was asked.
        pass
    return _best(words, year, found.values())


def _fewer(words: str) -> list[str]:
    """The words without their last one, which people are often still unsure of; and without the longest of the others,
    in which most slips are. Of one word nothing is left.
    """
    said = without_article(words.casefold()).split()
    if len(said) < 2:
        return []
    *others, _ = said
    longest = max(range(len(others)), key=lambda place: len(others[place]))
    tried = (others, [*said[:longest], *said[longest + 1 :]])
    # A year at the end would be taken for one, and searched for in several ways.
    fewer = [year[0] if (year := year_apart(" ".join(each))) else " ".join(each) for each in tried]
    return list(dict.fromkeys(fewer))[:MOST_SEARCHES]


def _near(words: str, page: Page) -> dict[TitleRef, Title]:
    titles = (listed.title for listed in page.results)
    return {title.ref: title for title in titles if _likeness(words, title) >= NEAR}


def _best(words: str, year: int | None, titles: Iterable[Title]) -> tuple[Title, ...]:
    """The likest first. Where a year was said, those of that year alone, if there are any."""
    near = sorted(titles, key=lambda title: -_likeness(words, title))
    of_year = [title for title in near if year is not None and title.year is not None and abs(title.year - year) <= 1]
    return tuple(of_year or near)[:MOST_NEAR]


def _likeness(words: str, title: Title) -> float:
    return likeness(words, title.name, *([title.original_name] if title.original_name else []))
