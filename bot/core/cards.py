"""A title's card as a reply: the same wherever it is shown, opened or changed."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import Final

from bot.core.card_words import has_more
from bot.core.chat import ChatKind
from bot.core.desk import LOOK_SECONDS, Change, Desk
from bot.core.intents import (
    Favorite,
    Propose,
    Rate,
    Search,
    ShowSeasons,
    ShowTitle,
    Similar,
    Undo,
    Unfavorite,
    Unfold,
    Unwatch,
    Watch,
)
from bot.core.model import Among, Kind, Title, TitleRef, TitleState
from bot.core.phrases import Text, plain, t
from bot.core.reply import Button, Link, Place, Reply, Row, TitleCard

TMDB: Final = "https://www.themoviedb.org"
IMDB_ID: Final = re.compile(r"tt[0-9]{6,9}")


def card(
    desk: Desk,
    title: Title,
    state: TitleState | None,
    *,
    change: Text | None = None,
    offers: Row = (),
    place: Place = Place.HERE,
    among: Among | None = None,
    whole: bool = False,
) -> Reply:
    """The card of `title`, with `change` telling what was just done and `offers` to press about it first.
    `whole`: all that is known; `among`: what the people of a group say of it.

    In a group the card is everybody's: it shows nobody's state, and its buttons add for whoever presses.
    """
    alone = desk.caller.in_private or place is Place.PRIVATE
    shown = state if alone else None
    first = (offers,) if offers else ()
    own = () if alone else (*_own_rows(title, desk), *_proposing(title, desk))
    rows = (*first, *_rows(title, shown), *own, *_further(title, whole=whole))
    return Reply((TitleCard(title, shown, change, desk.country, whole, among),), rows, place)


async def opened(
    desk: Desk, ref: TitleRef, *, place: Place = Place.HERE, whole: bool = False, others: Search | None = None
) -> Reply:
    """A title's card: in private with the caller's state, in a group everybody's. `others`: what else was found."""
    if desk.caller.in_private and desk.sessions.kept() is not None:
        title, state = await desk.card(ref, within=LOOK_SECONDS)
        reply = card(desk, title, state, place=place, whole=whole)
    else:
        title, among = await asyncio.gather(desk.title(ref), desk.among(ref))
        reply = card(desk, title, None, place=place, whole=whole, among=among)
    if others is None:
        return reply
    return replace(reply, buttons=(*reply.buttons, (Button(t("Other results"), others),)))


def changed(desk: Desk, change: Change, *, mine: Text, shared: Text, already: Text, offers: Row = ()) -> Reply:
    """The card after a change: `mine` says what changed in private, `shared` in a group (on whose account).

    Where nothing had to be changed, `already` says so: in a group to the presser alone.
    """
    in_private = desk.caller.in_private
    if change.id is None:
        if in_private:
            return card(desk, change.title, change.after, change=already)
        told = t("It was so already on {account}’s lists.", account=change.account.name)
        return Reply(place=Place.TOAST, toast=told if change.account.house else already)
    reply = card(
        desk,
        change.title,
        change.after,
        change=mine if in_private else shared,
        offers=(*offers, Button(t("Undo"), Undo(change.id))),
        among=change.among,
    )
    return reply if in_private else _with_toast(reply, shared if change.account.house else mine)


def _with_toast(reply: Reply, toast: Text) -> Reply:
    return Reply(reply.parts, reply.buttons, reply.place, toast)


def _own_rows(title: Title, desk: Desk) -> tuple[Row, ...]:
    """Where a group has an account of its own: the same for the presser's own."""
    if desk.sessions.house() is None:
        return ()
    ref = title.ref
    own = (Button(t("+ My watchlist"), Watch(ref, own=True)), Button(t("+ My favourite"), Favorite(ref, own=True)))
    return (own,)


def _proposing(title: Title, desk: Desk) -> tuple[Row, ...]:
    """For the group's list; on a card that somebody has put into a chat, where it is known to stand in a group."""
    chat = desk.caller.chat
    if chat.kind is not ChatKind.GROUP and chat.party is None:
        return ()
    return ((Button(t("Propose for film night"), Propose(title.ref, chat.party)),),)


def _rows(title: Title, state: TitleState | None) -> tuple[Row, ...]:
    """Buttons that carry the state to be reached, so that pressing twice does nothing twice."""
    ref = title.ref
    watch = Button(t("+ Watchlist"), Watch(ref))
    favorite = Button(t("+ Favourite"), Favorite(ref))
    rate = Button(t("Rate"), Rate(ref))
    if state is not None and state.watchlist:
        watch = Button(t("✓ Watchlist"), Unwatch(ref))
    if state is not None and state.favorite:
        favorite = Button(t("✓ Favourite"), Unfavorite(ref))
    if state is not None and state.rating is not None:
        rate = Button(t("★ {rating}", rating=state.rating), Rate(ref))
    return ((watch, favorite, rate),)


def _further(title: Title, *, whole: bool) -> tuple[Row, ...]:
    """What else there is to see: the whole of it, its seasons, what is like it; and pages elsewhere."""
    ref = title.ref
    here: list[Button] = []
    if whole:
        here.append(Button(t("Less"), ShowTitle(ref)))
    elif has_more(title):
        here.append(Button(t("More"), Unfold(ref)))
    if ref.kind is Kind.TV and title.details is not None and title.details.seasons:
        here.append(Button(t("Seasons"), ShowSeasons(ref)))
    if not title.bare:
        here.append(Button(t("More like this"), Similar(ref)))
    return tuple(row for row in (tuple(here), _elsewhere(title)) if row)


def _elsewhere(title: Title) -> Row:
    trailer = title.details.trailer if title.details is not None else None
    pages = [Link(t("Trailer"), trailer.address)] if trailer is not None else []
    pages.append(Link(plain("TMDB"), f"{TMDB}/{title.ref.kind.value}/{title.ref.id}"))
    if title.imdb_id and IMDB_ID.fullmatch(title.imdb_id):
        pages.append(Link(plain("IMDb"), f"https://www.imdb.com/title/{title.imdb_id}/"))
    return tuple(pages)
