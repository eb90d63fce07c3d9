"""Which of the titles found is meant: at once where that is clear, else for the person to choose."""

from __future__ import annotations

from typing import Final

from bot.core.desk import MOST_CHOICES, Desk, is_named, missed_year
from bot.core.errors import Ambiguous, NothingFound
from bot.core.intents import Target, Words
from bot.core.model import Page, Title, TitleRef
from bot.core.text import fold

FAR_AHEAD: Final = 5
"""How many times more votes than the next one make it clear, among those of the very name."""
FAR_AHEAD_BY_WORDS: Final = 10
"""The same among those whose names have all the words."""
MOST_VOTES_SMALL: Final = 100
"""With no more votes than this, nothing is so well known that it must be meant."""


def clearly(said: Words, found: Page) -> Title | None:
    """The title that is plainly meant: the only one, the only one of that name, or by far the best known."""
    titles = [listed.title for listed in found.results]
    if not titles or missed_year(said.text, found) is not None:
        return None
    if len(titles) == 1 and found.total_pages <= 1:
        return titles[0]
    named = [title for title in titles if is_named(said.text, title)]
    if len(named) == 1:
        return named[0]
    if named:
        return _ahead(named, FAR_AHEAD)
    words = set(fold(said.text).split())
    return _ahead([title for title in titles if words <= set(fold(title.name).split())], FAR_AHEAD_BY_WORDS)


def _ahead(titles: list[Title], times: int) -> Title | None:
    """The one that has so many times more votes than any other."""
    if not titles:
        return None
    first, *others = sorted(titles, key=lambda title: title.vote_count or 0, reverse=True)
    votes = first.vote_count or 0
    second = max((title.vote_count or 0 for title in others), default=0)
    return first if votes > MOST_VOTES_SMALL and votes >= times * second else None


async def meant(target: Target, desk: Desk) -> tuple[TitleRef, bool]:
    """The title to show, and whether others were found. Showing changes nothing, so the likeliest will do.

    Raises Ambiguous, NothingFound.
    """
    if not isinstance(target, Words):
        return await desk.one_ref(target), False
    found = await desk.search(target.text, target.kind)
    title = clearly(target, found)
    if title is not None:
        return title.ref, len(found.results) > 1
    choices = desk.named_among(target, found) or tuple(listed.title for listed in found.results)
    if not choices:
        raise NothingFound(target.text, target)
    raise Ambiguous(target.text, choices[:MOST_CHOICES])
