"""What a list, an order and a choice of titles are called."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Final

from bot.core.genres import Genre
from bot.core.intents import Length, ListOrder, Only, ShowList, Sorted
from bot.core.model import Kind, Order, Section
from bot.core.phrases import N_, Text, plain, t
from bot.core.sessions import SignedIn

_LISTS: Final = {
    (Section.WATCHLIST, Kind.MOVIE): N_("Films on your watchlist"),
    (Section.WATCHLIST, Kind.TV): N_("Series on your watchlist"),
    (Section.FAVORITES, Kind.MOVIE): N_("Your favourite films"),
    (Section.FAVORITES, Kind.TV): N_("Your favourite series"),
    (Section.RATED, Kind.MOVIE): N_("Films you have rated"),
    (Section.RATED, Kind.TV): N_("Series you have rated"),
}
_OF_A_GROUP: Final = {
    (Section.WATCHLIST, Kind.MOVIE): N_("{name}’s watchlist: films"),
    (Section.WATCHLIST, Kind.TV): N_("{name}’s watchlist: series"),
    (Section.FAVORITES, Kind.MOVIE): N_("{name}’s favourites: films"),
    (Section.FAVORITES, Kind.TV): N_("{name}’s favourites: series"),
    (Section.RATED, Kind.MOVIE): N_("{name}’s ratings: films"),
    (Section.RATED, Kind.TV): N_("{name}’s ratings: series"),
}
_ORDERS: Final[Mapping[ListOrder, str]] = {
    Order.NEWEST: N_("newest first"),
    Order.OLDEST: N_("oldest first"),
    Sorted.NAME: N_("sorted here by title"),
    Sorted.YEAR: N_("sorted here by year"),
    Sorted.RUNTIME: N_("sorted here, shortest first"),
    Sorted.RATING: N_("sorted here by rating"),
    Sorted.SCORE: N_("sorted here by TMDB’s score"),
}
_LENGTHS: Final = {
    Length.SHORT: N_("under 90 minutes"),
    Length.EVENING: N_("under two hours"),
    Length.LONG: N_("two hours and more"),
}


def heading(view: ShowList, account: SignedIn) -> Text:
    """What stands above a page: whose list, in which order, and what of it is shown."""
    which = (view.section, view.kind)
    shown = Text(_OF_A_GROUP[which], {"name": account.name}) if account.house else Text(_LISTS[which])
    whole = t("{list}, {order}", list=shown, order=order(view.order))
    return reduce(lambda before, one: t("{before} · {one}", before=before, one=one), limits(view.only), whole)


def order(shown: ListOrder) -> Text:
    """`newest first`."""
    return Text(_ORDERS[shown])


def length(shown: Length) -> Text:
    """`under two hours`."""
    return Text(_LENGTHS[shown])


def genre(number: int) -> Text:
    """`Crime`; one that TMDB doesn't have, by its number."""
    return Text(Genre(number).english) if number in set(Genre) else plain(str(number))


def decade(first_year: int) -> Text:
    """`1990s`."""
    return t("{decade}s", decade=str(first_year))


def limits(only: Only) -> list[Text]:
    """What is asked of each title that is shown."""
    said = [genre(only.genre)] if only.genre is not None else []
    if only.decade is not None:
        said.append(decade(only.decade))
    if only.length is not None:
        said.append(length(only.length))
    if only.mine:
        said.append(t("on your services"))
    if only.words:
        said.append(t("“{words}”", words=only.words))
    return said
