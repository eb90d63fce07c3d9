"""Titles to put into any chat: what fits the words that somebody types there, or else his own watchlist."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final, TypeAlias

from bot.core import naming
from bot.core.backend import MOST_PAGES, PAGE_SIZE
from bot.core.cards import card
from bot.core.chat import Update
from bot.core.desk import Desk
from bot.core.dispatch import Dispatch
from bot.core.errors import ForAdults, NoSuchImdbTitle, NoSuchTitle, NothingFound, SessionEnded
from bot.core.intents import SignIn, Start, Words
from bot.core.model import Kind, Order, Page, Section, Title
from bot.core.offers import MOST, Offers
from bot.core.phrases import Text, t
from bot.core.reply import Button
from bot.core.sessions import SignedIn
from bot.core.text import clean

Offering: TypeAlias = Callable[[Update, int], Awaitable[Offers]]
"""What is offered for the words of an update, from that place on (counted from 0). Raises what `Dispatch.look` does."""

MOST_WORDS: Final = 256
"""Characters that are read."""


def offering(dispatch: Dispatch) -> Offering:
    """How titles are offered to whoever may use the bot; to others nothing is."""

    async def offers(update: Update, start: int) -> Offers:
        found = await dispatch.look(update, lambda desk: offer(update.text, start, desk))
        return Offers(changing=True) if found is None else found

    return offers


async def offer(words: str, start: int, desk: Desk) -> Offers:
    """Films and series that fit, the best first; without words what is on the asker's watchlist, newest first."""
    words = clean(words, MOST_WORDS)
    return await _found(words, start, desk) if words else await _watchlist(start, desk)


def _offers(titles: tuple[Title, ...], following: int | None, desk: Desk) -> Offers:
    cards = tuple(card(desk, title, None) for title in titles)
    return Offers(cards, following, language=desk.caller.language)


async def _found(words: str, start: int, desk: Desk) -> Offers:
    number = start // PAGE_SIZE + 1
    if number > MOST_PAGES:
        return _offers((), None, desk)
    # A bare number is more likely a name while it is being typed: 1917.
    target = naming.targets("search", words)[-1]
    try:
        if not isinstance(target, Words):
            title = await desk.title(await desk.one_ref(target))
            return _offers((title,), None, desk)
        page = await desk.search(target.text, target.kind, number)
    except (NothingFound, NoSuchTitle, NoSuchImdbTitle, ForAdults):
        return _offers((), None, desk)
    following = start + PAGE_SIZE if page.page < page.total_pages else None
    return _offers(tuple(listed.title for listed in page.results[:MOST]), following, desk)


# ── The watchlist ────────────────────────────────────────────────────────────────────────────────────────────────


async def _watchlist(start: int, desk: Desk) -> Offers:
    account = desk.sessions.kept()
    if account is None:
        return _private(t("Sign in to see your watchlist here"), SignIn(), desk)
    try:
        films, series = await asyncio.gather(_part(Kind.MOVIE, start, account, desk), _page(Kind.TV, 1, account, desk))
        left = MOST - len(films.results)
        begin = max(start - films.total_results, 0)
        if left and begin:
            series = await _part(Kind.TV, begin, account, desk)
    except SessionEnded:
        return _private(t("Sign in to see your watchlist here"), SignIn(), desk)
    shown = (*films.results, *series.results[:left])
    if not shown and not start:
        return _private(t("Your watchlist is empty"), Start(), desk)
    end = start + len(shown)
    following = end if shown and end < films.total_results + series.total_results else None
    # Whatever is put into a chat is read by others.
    titles = tuple(one.title for one in shown if not one.title.adult)
    return replace(_offers(titles, following, desk), changing=True)


async def _part(kind: Kind, start: int, account: SignedIn, desk: Desk) -> Page:
    """At most MOST of the titles from that place on, wherever pages begin."""
    number, skipped = divmod(start, PAGE_SIZE)
    page = await _page(kind, number + 1, account, desk)
    results = page.results[skipped:]
    if skipped and page.page < page.total_pages:
        results += (await _page(kind, number + 2, account, desk)).results
    return replace(page, results=results[:MOST])


async def _page(kind: Kind, number: int, account: SignedIn, desk: Desk) -> Page:
    accounts, language = account.service.accounts, desk.caller.language
    return await accounts.titles(account.session, Section.WATCHLIST, kind, Order.NEWEST, number, language)


def _private(label: Text, wanted: SignIn | Start, desk: Desk) -> Offers:
    opens = Button(label, wanted, private=True)
    return Offers(changing=True, opens=opens, language=desk.caller.language)
