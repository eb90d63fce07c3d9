"""Taking lists that were kept here along to an account that was connected since. The ids are the same."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final

from bot.core.desk import Desk
from bot.core.dispatch import ANSWER_SECONDS, Dispatch
from bot.core.errors import NoSuchTitle, OutOfDate
from bot.core.intents import CarryOver, ShowList
from bot.core.model import Kind, Order, Section, TitleRef, TitleState
from bot.core.phrases import t, tn
from bot.core.reply import Button, Reply, notice
from bot.core.sessions import SignedIn

AT_ONCE: Final = 8
"""Titles on their way at the same time."""
SECONDS: Final = ANSWER_SECONDS * 0.6
"""How long one press may take; the rest is another press."""


async def carry_over(asked: CarryOver, desk: Desk) -> Reply:
    """Take them along, the oldest first. What the account has already stays as it is. Again does no harm."""
    account = await desk.sessions.own()
    row = await desk.sessions.kept_here(desk.sessions.home)
    if row is None or account.service.embedded:
        raise OutOfDate
    kept = await _kept(desk.sessions.opened(row, desk.sessions.home))
    until = asyncio.get_running_loop().time() + SECONDS
    done = min(asked.done, len(kept))
    while done < len(kept) and asyncio.get_running_loop().time() < until:
        some = kept[done : done + AT_ONCE]
        await asyncio.gather(*(_take(ref, state, account, desk) for ref, state in some))
        done += len(some)
    if done < len(kept):
        return notice(
            t("{done} of {all} titles are on your account now.", done=done, all=len(kept)),
            buttons=((Button(t("Go on"), CarryOver(done)),),),
        )
    return notice(
        tn(
            "{count} title that you kept here is on your account now.",
            "All {count} titles that you kept here are on your account now.",
            len(kept),
        ),
        t("Those that {service} doesn't know stay here alone.", service=account.service.label),
        buttons=((Button(t("Watchlist"), ShowList(Section.WATCHLIST)), Button(t("Rated"), ShowList(Section.RATED))),),
    )


async def _take(ref: TitleRef, state: TitleState, account: SignedIn, desk: Desk) -> None:
    try:
        current = await desk.state_for(account, ref)
        goal = TitleState(
            current.rating or state.rating,
            watchlist=current.watchlist or state.watchlist,
            favorite=current.favorite or state.favorite,
        )
        await desk.move(account, ref, current, goal)
    except NoSuchTitle:
        return


async def _kept(account: SignedIn) -> list[tuple[TitleRef, TitleState]]:
    """All that is kept here, as it came onto the lists."""
    states: dict[TitleRef, TitleState] = {}
    for section in (Section.RATED, Section.FAVORITES, Section.WATCHLIST):
        for kind in Kind:
            page, pages = 1, 1
            while page <= pages:
                found = await account.service.accounts.titles(account.session, section, kind, Order.OLDEST, page, "en")
                for listed in found.results:
                    state = states.get(listed.title.ref, TitleState())
                    match section:
                        case Section.RATED:
                            state = replace(state, rating=listed.rating)
                        case Section.FAVORITES:
                            state = replace(state, favorite=True)
                        case Section.WATCHLIST:
                            state = replace(state, watchlist=True)
                    states[listed.title.ref] = state
                page, pages = page + 1, found.total_pages
    return list(states.items())


def install(dispatch: Dispatch) -> None:
    """Answer this."""
    dispatch.add(CarryOver, carry_over)
