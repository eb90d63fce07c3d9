"""The watchlist, the favourites and the rated: showing them page by page, and putting titles on and off."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.core.backend import PAGE_SIZE
from bot.core.cards import changed
from bot.core.desk import Desk
from bot.core.dispatch import Dispatch
from bot.core.intents import Favorite, Help, ShowList, Unfavorite, Unwatch, Watch
from bot.core.model import Kind, Listed, Order, Section
from bot.core.phrases import N_, Text, hint, t
from bot.core.reply import LIST_SIZE, Button, Place, Reply, Row, TitleList, notice
from bot.core.sessions import SignedIn

_HEADINGS: Final = {
    (Section.WATCHLIST, Kind.MOVIE, Order.NEWEST): N_("Films on your watchlist, newest first"),
    (Section.WATCHLIST, Kind.MOVIE, Order.OLDEST): N_("Films on your watchlist, oldest first"),
    (Section.WATCHLIST, Kind.TV, Order.NEWEST): N_("Series on your watchlist, newest first"),
    (Section.WATCHLIST, Kind.TV, Order.OLDEST): N_("Series on your watchlist, oldest first"),
    (Section.FAVORITES, Kind.MOVIE, Order.NEWEST): N_("Your favourite films, newest first"),
    (Section.FAVORITES, Kind.MOVIE, Order.OLDEST): N_("Your favourite films, oldest first"),
    (Section.FAVORITES, Kind.TV, Order.NEWEST): N_("Your favourite series, newest first"),
    (Section.FAVORITES, Kind.TV, Order.OLDEST): N_("Your favourite series, oldest first"),
    (Section.RATED, Kind.MOVIE, Order.NEWEST): N_("Films you have rated, newest first"),
    (Section.RATED, Kind.MOVIE, Order.OLDEST): N_("Films you have rated, oldest first"),
    (Section.RATED, Kind.TV, Order.NEWEST): N_("Series you have rated, newest first"),
    (Section.RATED, Kind.TV, Order.OLDEST): N_("Series you have rated, oldest first"),
}
_OF_A_GROUP: Final = {
    (Section.WATCHLIST, Kind.MOVIE, Order.NEWEST): N_("{name}’s watchlist: films, newest first"),
    (Section.WATCHLIST, Kind.MOVIE, Order.OLDEST): N_("{name}’s watchlist: films, oldest first"),
    (Section.WATCHLIST, Kind.TV, Order.NEWEST): N_("{name}’s watchlist: series, newest first"),
    (Section.WATCHLIST, Kind.TV, Order.OLDEST): N_("{name}’s watchlist: series, oldest first"),
    (Section.FAVORITES, Kind.MOVIE, Order.NEWEST): N_("{name}’s favourites: films, newest first"),
    (Section.FAVORITES, Kind.MOVIE, Order.OLDEST): N_("{name}’s favourites: films, oldest first"),
    (Section.FAVORITES, Kind.TV, Order.NEWEST): N_("{name}’s favourites: series, newest first"),
    (Section.FAVORITES, Kind.TV, Order.OLDEST): N_("{name}’s favourites: series, oldest first"),
    (Section.RATED, Kind.MOVIE, Order.NEWEST): N_("{name}’s ratings: films, newest first"),
    (Section.RATED, Kind.MOVIE, Order.OLDEST): N_("{name}’s ratings: films, oldest first"),
    (Section.RATED, Kind.TV, Order.NEWEST): N_("{name}’s ratings: series, newest first"),
    (Section.RATED, Kind.TV, Order.OLDEST): N_("{name}’s ratings: series, oldest first"),
}
_EMPTY: Final = {
    (Section.WATCHLIST, Kind.MOVIE): N_("No films on your watchlist yet."),
    (Section.WATCHLIST, Kind.TV): N_("No series on your watchlist yet."),
    (Section.FAVORITES, Kind.MOVIE): N_("No favourite films yet."),
    (Section.FAVORITES, Kind.TV): N_("No favourite series yet."),
    (Section.RATED, Kind.MOVIE): N_("You have rated no films yet."),
    (Section.RATED, Kind.TV): N_("You have rated no series yet."),
}
_NEXT_STEP: Final = {
    Section.WATCHLIST: N_("Send me a title's name, open it, and press “+ Watchlist”."),
    Section.FAVORITES: N_("Send me a title's name, open it, and press “+ Favourite”."),
    Section.RATED: N_("Send me a title's name, open it, and press “Rate”."),
}


async def show_list(asked: ShowList, desk: Desk) -> Reply:
    """A page of ten, numbered. A page past the last is the last. In a group with an account of its own: its list."""
    account = await desk.sessions.shown()
    entries, total = await _entries(asked, account, desk)
    pages = max(1, -(-total // LIST_SIZE))
    if asked.page > pages:
        asked = replace(asked, page=pages)
        entries, total = await _entries(asked, account, desk)
    place = Place.HERE if account.house else Place.PRIVATE
    if not entries:
        return _empty(asked, account, place)
    which = (asked.section, asked.kind, asked.order)
    heading = Text(_OF_A_GROUP[which], {"name": account.name}) if account.house else Text(_HEADINGS[which])
    part = TitleList(heading, entries, (asked.page - 1) * LIST_SIZE + 1, total)
    return Reply((part,), _rows(asked, pages), place)


async def _entries(asked: ShowList, account: SignedIn, desk: Desk) -> tuple[tuple[Listed, ...], int]:
    """The ten titles of our page, cut from the service's page of twenty, and the count of the whole list."""
    page, half = divmod(asked.page - 1, PAGE_SIZE // LIST_SIZE)
    found = await account.service.accounts.titles(
        account.session, asked.section, asked.kind, asked.order, page + 1, desk.caller.language
    )
    await desk.mirror.absorb(account.service, account.session, asked.section, asked.kind, asked.order, found)
    return await _rated(found.results[half * LIST_SIZE :][:LIST_SIZE], account, desk), found.total_results


async def _rated(entries: tuple[Listed, ...], account: SignedIn, desk: Desk) -> tuple[Listed, ...]:
    """The same with the account's own ratings, which some services tell only in the list of rated titles."""
    if all(entry.rating is not None for entry in entries) or account.service.embedded:
        return entries
    refs = [entry.title.ref for entry in entries]
    ratings = await desk.mirror.ratings(account.service, account.session, refs)
    return tuple(replace(entry, rating=entry.rating or ratings.get(entry.title.ref)) for entry in entries)


def _rows(asked: ShowList, pages: int) -> tuple[Row, ...]:
    turning: list[Button] = []
    if asked.page > 1:
        turning.append(Button(t("‹ Page {page}", page=asked.page - 1), replace(asked, page=asked.page - 1)))
    if asked.page < pages:
        turning.append(Button(t("Page {page} ›", page=asked.page + 1), replace(asked, page=asked.page + 1)))
    order = (
        Button(t("Oldest first"), replace(asked, order=Order.OLDEST, page=1))
        if asked.order is Order.NEWEST
        else Button(t("Newest first"), replace(asked, order=Order.NEWEST, page=1))
    )
    return (*((tuple(turning),) if turning else ()), (_other_kind(asked), order))


def _other_kind(asked: ShowList) -> Button:
    if asked.kind is Kind.MOVIE:
        return Button(t("Series"), replace(asked, kind=Kind.TV, page=1))
    return Button(t("Films"), replace(asked, kind=Kind.MOVIE, page=1))


def _empty(asked: ShowList, account: SignedIn, place: Place) -> Reply:
    nothing = Text(_EMPTY[asked.section, asked.kind])
    return notice(
        t("{name} has nothing on this list yet.", name=account.name) if account.house else nothing,
        hint(Text(_NEXT_STEP[asked.section])),
        buttons=((_other_kind(asked), Button(t("Help"), Help())),),
        place=place,
    )


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
    dispatch.add(ShowList, show_list)
    dispatch.add(Watch, watch)
    dispatch.add(Unwatch, unwatch)
    dispatch.add(Favorite, favorite)
    dispatch.add(Unfavorite, unfavorite)
