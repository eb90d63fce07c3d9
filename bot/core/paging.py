"""Pages of ten out of a service's pages of twenty, and the buttons that turn them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from bot.core.backend import MOST_PAGES, PAGE_SIZE
from bot.core.intents import Intent
from bot.core.model import Listed, Page
from bot.core.phrases import t
from bot.core.reply import LIST_SIZE, Button, Row

MOST_PAGE: Final = MOST_PAGES * PAGE_SIZE // LIST_SIZE
"""The last page of ten that there can be."""


async def ten(page: int, fetch: Callable[[int], Awaitable[Page]]) -> tuple[tuple[Listed, ...], int]:
    """The titles of our page, out of what `fetch` gives for the service's, and how many there are in all."""
    theirs, half = divmod(page - 1, PAGE_SIZE // LIST_SIZE)
    found = await fetch(theirs + 1)
    return found.results[half * LIST_SIZE :][:LIST_SIZE], found.total_results


def first(page: int) -> int:
    """The number of a page's first title."""
    return (page - 1) * LIST_SIZE + 1


def turning(page: int, total: int, to: Callable[[int], Intent]) -> tuple[Row, ...]:
    """The row that turns the page, where there is another one; `to` asks for a page."""
    row = []
    if page > 1:
        row.append(Button(t("‹ Page {page}", page=page - 1), to(page - 1)))
    if page * LIST_SIZE < total and page < MOST_PAGE:
        row.append(Button(t("Page {page} ›", page=page + 1), to(page + 1)))
    return (tuple(row),) if row else ()
