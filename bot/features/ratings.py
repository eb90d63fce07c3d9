"""Ratings, in half points: giving, changing and taking away."""

from __future__ import annotations

from dataclasses import replace

from bot.core.cards import changed
from bot.core.desk import Change, Desk
from bot.core.dispatch import Dispatch
from bot.core.errors import NotARating
from bot.core.intents import Misread, Rate, Unrate, Watch
from bot.core.model import Rating, TitleRef, TitleState
from bot.core.phrases import Name, Text, t
from bot.core.preferences import OnRating
from bot.core.reply import Button, Place, RatingPad, Reply


async def rate(asked: Rate, desk: Desk) -> Reply:
    """Rate, or show the pad where no value was given."""
    ref = await desk.one_ref(asked.title)
    match asked.value:
        case None:
            return await _pad(ref, desk)
        case Misread(words):
            raise NotARating(words, await desk.title(ref))
        case Rating() as value:
            return await _rated(ref, value, desk)


async def _pad(ref: TitleRef, desk: Desk) -> Reply:
    title, state = await desk.card(ref)
    return Reply((RatingPad(title, state.rating),), place=Place.PRIVATE)


async def _rated(ref: TitleRef, value: Rating, desk: Desk) -> Reply:
    wanted = desk.preferences.on_rating(house=desk.sessions.house() is not None)

    def to(state: TitleState) -> TitleState:
        # A service takes what one rates off the watchlist; rating the same again changes nothing.
        watchlist = state.watchlist and wanted is OnRating.BACK
        return state if state.rating == value else replace(state, rating=value, watchlist=watchlist)

    change = await desk.change(ref, to)
    was_on = change.before.watchlist and change.id is not None
    if was_on:
        change = await _as_it_is(change, desk, back=wanted is OnRating.BACK)
    taken_off = was_on and not change.after.watchlist
    put_back = was_on and change.after.watchlist and wanted is OnRating.BACK
    return changed(
        desk,
        change,
        mine=_mine(change, value, taken_off=taken_off, put_back=put_back),
        shared=_shared(change.account.name, value, taken_off=taken_off, put_back=put_back),
        already=t("You have rated it {rating} already.", rating=value),
        offers=(Button(t("Put it back"), Watch(ref), owned=True),) if taken_off and wanted is OnRating.ASK else (),
    )


async def _as_it_is(change: Change, desk: Desk, *, back: bool) -> Change:
    """The change with what the service says of it now: some accounts are set to leave the title on the watchlist.

    `back`: it shall be there. It is not where this was cut off between its two writes, and is done again.
    """
    ref, account = change.title.ref, change.account
    async with desk.turns.of("title", *account.key, ref):
        after = await desk.state_for(account, ref)
        if back and not after.watchlist:
            goal = replace(after, watchlist=True)
            await desk.move(account, ref, after, goal)
            after = goal
    return replace(change, after=after)


def _mine(change: Change, value: Rating, *, taken_off: bool, put_back: bool) -> Text:
    if taken_off:
        return t("Rated {rating}. That took it off your watchlist.", rating=value)
    if put_back:
        return t("Rated {rating}. It stays on your watchlist.", rating=value)
    if change.before.rating is not None:
        return t("Rated {rating} instead of {before}.", rating=value, before=change.before.rating)
    return t("Rated {rating}.", rating=value)


def _shared(account: Name, value: Rating, *, taken_off: bool, put_back: bool) -> Text:
    if taken_off:
        return t("{account} rated it {rating}. That took it off the watchlist.", account=account, rating=value)
    if put_back:
        return t("{account} rated it {rating}. It stays on the watchlist.", account=account, rating=value)
    return t("{account} rated it {rating}.", account=account, rating=value)


async def unrate(asked: Unrate, desk: Desk) -> Reply:
    """Take the asker's rating away."""
    change = await desk.change(await desk.one_ref(asked.title), lambda state: replace(state, rating=None))
    return changed(
        desk,
        change,
        mine=t("Your rating is gone."),
        shared=t("{account}’s rating is gone.", account=change.account.name),
        already=t("You have not rated it."),
    )


def install(dispatch: Dispatch) -> None:
    """Answer these."""
    dispatch.add(Rate, rate)
    dispatch.add(Unrate, unrate)
