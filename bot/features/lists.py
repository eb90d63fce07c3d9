"""Putting titles on the watchlist and the favourites, and off. Showing lists: `bot.features.listing`."""

from __future__ import annotations

from dataclasses import replace

from bot.core.cards import changed
from bot.core.desk import Desk
from bot.core.dispatch import Dispatch
from bot.core.intents import Favorite, Unfavorite, Unwatch, Watch
from bot.core.phrases import t
from bot.core.reply import Reply


async def watch(asked: Watch, desk: Desk) -> Reply:
    """Put the title on the asker's watchlist."""
    change = await desk.change(
        await desk.one_ref(asked.title), lambda state: replace(state, watchlist=True), own=asked.own
    )
    return changed(
        desk,
        change,
        mine=t("Added to your watchlist."),
        shared=t("Added to {account}’s watchlist.", account=change.account.name),
        already=t("It is on your watchlist already."),
    )


async def unwatch(asked: Unwatch, desk: Desk) -> Reply:
    """Take the title off the asker's watchlist."""
    change = await desk.change(await desk.one_ref(asked.title), lambda state: replace(state, watchlist=False))
    return changed(
        desk,
        change,
        mine=t("Taken off your watchlist."),
        shared=t("Taken off {account}’s watchlist.", account=change.account.name),
        already=t("It is not on your watchlist."),
    )


async def favorite(asked: Favorite, desk: Desk) -> Reply:
    """Make the title one of the asker's favourites."""
    change = await desk.change(
        await desk.one_ref(asked.title), lambda state: replace(state, favorite=True), own=asked.own
    )
    return changed(
        desk,
        change,
        mine=t("Added to your favourites."),
        shared=t("Added to {account}’s favourites.", account=change.account.name),
        already=t("It is one of your favourites already."),
    )


async def unfavorite(asked: Unfavorite, desk: Desk) -> Reply:
    """Make the title a favourite no more."""
    change = await desk.change(await desk.one_ref(asked.title), lambda state: replace(state, favorite=False))
    return changed(
        desk,
        change,
        mine=t("Taken off your favourites."),
        shared=t("Taken off {account}’s favourites.", account=change.account.name),
        already=t("It is not one of your favourites."),
    )


def install(dispatch: Dispatch) -> None:
    """Answer these."""
    dispatch.add(Watch, watch)
    dispatch.add(Unwatch, unwatch)
    dispatch.add(Favorite, favorite)
    dispatch.add(Unfavorite, unfavorite)
