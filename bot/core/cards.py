"""A title's card as a reply: the same wherever it is shown, opened or changed."""

from __future__ import annotations

from bot.core.desk import Change, Desk
from bot.core.intents import Favorite, Rate, Undo, Unfavorite, Unwatch, Watch
from bot.core.model import Title, TitleState
from bot.core.phrases import Text, t
from bot.core.reply import Button, Place, Reply, Row, TitleCard


def card(
    desk: Desk,
    title: Title,
    state: TitleState | None,
    *,
    change: Text | None = None,
    offers: Row = (),
    place: Place = Place.HERE,
) -> Reply:
    """The card of `title`, with `change` telling what was just done and `offers` to press about it first.

    In a group the card is everybody's: it shows nobody's state, and its buttons add for whoever presses.
    """
    alone = desk.caller.in_private or place is Place.PRIVATE
    shown = state if alone else None
    rows = (*((offers,) if offers else ()), *_rows(title, shown), *(() if alone else _own_rows(title, desk)))
    return Reply((TitleCard(title, shown, change),), rows, place)


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
