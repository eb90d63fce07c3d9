"""The watchlist, the favourites and the rated, page by page: as their service keeps them, or as is chosen here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bot.core import showing
from bot.core.backend import PAGE_SIZE
from bot.core.desk import Desk
from bot.core.errors import NotHere
from bot.core.intents import (
    EVERYTHING,
    ArrangeList,
    Choice,
    Help,
    MarkTitles,
    Popular,
    Setting,
    ShowList,
    ShowSettings,
    Sorted,
)
from bot.core.model import Kind, Listed, Order, Section
from bot.core.phrases import N_, Text, hint, t, tn
from bot.core.reply import LIST_SIZE, Button, Notice, Place, Reply, Row, TitleList, notice
from bot.core.sessions import SignedIn
from bot.features.listing import words
from bot.features.listing.choosing import Chosen, choose, may_fit, needs_cards
from bot.features.listing.whole import Entry, WholeLists

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


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of a view. `view` is the one that is shown: of a page past the last, the last. `notes` say what isn't.

    `measures`: how long each entry takes, where that was asked about.
    """

    view: ShowList
    account: SignedIn
    entries: tuple[Listed, ...]
    total: int
    notes: tuple[Text, ...] = ()
    measures: tuple[Text | None, ...] = ()

    @property
    def place(self) -> Place:
        """A group's own list is for all to see; a person's is not."""
        return Place.HERE if self.account.house else Place.PRIVATE

    @property
    def first(self) -> int:
        """The number of the first entry, from 1."""
        return (self.view.page - 1) * LIST_SIZE + 1

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // LIST_SIZE))


async def acted_on(desk: Desk) -> SignedIn:
    """The account whose lists are meant here. Raises SignInNeeded, PrivateChatNeeded."""
    return await desk.sessions.shown()


async def show_list(asked: ShowList, desk: Desk, whole: WholeLists) -> Reply:
    """A page of ten, numbered. A page past the last is the last. In a group with an account of its own: its list."""
    account = await acted_on(desk)
    if asked.only.mine and desk.services.main.embedded:
        raise NotHere
    if asked.only.mine and not desk.preferences.streaming:
        return _no_services(asked, Place.HERE if account.house else Place.PRIVATE)
    shown = await page_of(asked, desk, whole)
    if not shown.entries:
        return _empty(shown)
    heading = words.heading(shown.view, account)
    part = TitleList(heading, shown.entries, shown.first, shown.total, notes=shown.measures)
    return Reply((part, *((Notice(shown.notes),) if shown.notes else ())), _rows(shown), shown.place)


async def page_of(asked: ShowList, desk: Desk, whole: WholeLists) -> Shown:
    """That page. What its service sorts by itself costs one request, however long the list is."""
    account = await acted_on(desk)
    if asked.only != EVERYTHING or isinstance(asked.order, Sorted):
        return await _chosen(asked, account, desk, whole)
    shown = await _plain(asked, asked.order, account, desk)
    if asked.page > shown.pages:
        shown = await _plain(replace(asked, page=shown.pages), asked.order, account, desk)
    return shown


# ── As the service keeps it ──────────────────────────────────────────────────────────────────────────────────────


async def _plain(asked: ShowList, order: Order, account: SignedIn, desk: Desk) -> Shown:
    """The ten titles of our page, cut from the service's page of twenty, and the count of the whole list."""
    page, half = divmod(asked.page - 1, PAGE_SIZE // LIST_SIZE)
    found = await account.service.accounts.titles(
        account.session, asked.section, asked.kind, order, page + 1, desk.caller.language
    )
    await desk.mirror.absorb(account.service, account.session, asked.section, asked.kind, order, found)
    entries = await _rated(found.results[half * LIST_SIZE :][:LIST_SIZE], account, desk)
    return Shown(asked, account, entries, found.total_results)


async def _rated(entries: tuple[Listed, ...], account: SignedIn, desk: Desk) -> tuple[Listed, ...]:
    """The same with the account's own ratings, which some services tell only in the list of rated titles."""
    if all(entry.rating is not None for entry in entries) or account.service.embedded:
        return entries
    refs = [entry.title.ref for entry in entries]
    ratings = await desk.mirror.ratings(account.service, account.session, refs)
    return tuple(replace(entry, rating=entry.rating or ratings.get(entry.title.ref)) for entry in entries)


# ── As it is chosen here ─────────────────────────────────────────────────────────────────────────────────────────


async def _chosen(asked: ShowList, account: SignedIn, desk: Desk, whole: WholeLists) -> Shown:
    cards = may_fit(asked.only) if needs_cards(asked.only, asked.order) else None
    found = await whole.read(desk, account, asked.section, asked.kind, cards=cards)
    entries = found.entries
    if asked.order is Sorted.RATING:
        entries = await whole.rated(desk, account, entries)
    services = frozenset(service.id for service in desk.preferences.streaming)
    chosen = choose(entries, asked.only, asked.order, services, desk.preferences.country)
    total = len(chosen.entries)
    asked = replace(asked, page=min(asked.page, max(1, -(-total // LIST_SIZE))))
    first = (asked.page - 1) * LIST_SIZE
    page = await whole.rated(desk, account, chosen.entries[first : first + LIST_SIZE])
    shown = tuple(Listed(entry.title, entry.rating) for entry in page)
    notes = _notes(asked, chosen, found.unread + chosen.unread)
    return Shown(asked, account, shown, total, notes, tuple(_measure(asked, entry) for entry in page))


def _measure(view: ShowList, entry: Entry) -> Text | None:
    if entry.card is not None and (view.order is Sorted.RUNTIME or view.only.length is not None):
        return showing.runtime(entry.card.runtime)
    return None


def _notes(asked: ShowList, chosen: Chosen, unread: int) -> tuple[Text, ...]:
    """What isn't known of the list, in a sentence each."""
    said = []
    if unread:
        said.append(
            tn(
                "There was no time yet to look at {count} more title. Ask again in a moment, and I'll know more.",
                "There was no time yet to look at {count} more titles. Ask again in a moment, and I'll know more.",
                unread,
            )
        )
    if not chosen.unknown:
        return tuple(said)
    if asked.only.length is not None:
        said.append(
            tn(
                "Of {count} title nobody knows how long it is: it is left out.",
                "Of {count} titles nobody knows how long they are: they are left out.",
                chosen.unknown,
            )
        )
    elif asked.order is Sorted.RUNTIME:
        said.append(
            tn(
                "Of {count} title nobody knows how long it is: it stands at the end.",
                "Of {count} titles nobody knows how long they are: they stand at the end.",
                chosen.unknown,
            )
        )
    else:
        said.append(
            tn(
                "{count} title has no score that I know: it stands at the end.",
                "{count} titles have no score that I know: they stand at the end.",
                chosen.unknown,
            )
        )
    return tuple(said)


# ── Buttons, and what is said of nothing ─────────────────────────────────────────────────────────────────────────


def _rows(shown: Shown) -> tuple[Row, ...]:
    view = shown.view
    turning = turn(shown)
    below: list[Button] = [_other_kind(view), Button(t("Filter & sort"), ArrangeList(view))]
    several = (Button(t("Remove several"), MarkTitles(view)),) if len(shown.entries) > 1 else ()
    return (*((turning,) if turning else ()), tuple(below), *((several,) if several else ()))


def turn(shown: Shown) -> Row:
    """The page before and the one after."""
    view, buttons = shown.view, []
    if view.page > 1:
        buttons.append(Button(t("‹ Page {page}", page=view.page - 1), replace(view, page=view.page - 1)))
    if view.page < shown.pages:
        buttons.append(Button(t("Page {page} ›", page=view.page + 1), replace(view, page=view.page + 1)))
    return tuple(buttons)


def _other_kind(view: ShowList) -> Button:
    """The same of series, or of films; their genres are others."""
    other = replace(view, page=1, only=replace(view.only, genre=None))
    if view.kind is Kind.MOVIE:
        return Button(t("Series"), replace(other, kind=Kind.TV))
    return Button(t("Films"), replace(other, kind=Kind.MOVIE))


def _empty(shown: Shown) -> Reply:
    view = shown.view
    if view.only != EVERYTHING:
        return notice(
            t("Nothing fits: {what}.", what=words.heading(view, shown.account)),
            *shown.notes,
            buttons=(
                (Button(t("Show all"), replace(view, page=1, only=EVERYTHING)), _other_kind(view)),
                (Button(t("Filter & sort"), ArrangeList(view)),),
            ),
            place=shown.place,
        )
    if shown.notes:
        again = (Button(t("Try again"), view), Button(t("Newest first"), replace(view, order=Order.NEWEST)))
        return notice(*shown.notes, buttons=(again,), place=shown.place)
    nothing = Text(_EMPTY[view.section, view.kind])
    return notice(
        t("{name} has nothing on this list yet.", name=shown.account.name) if shown.account.house else nothing,
        hint(Text(_NEXT_STEP[view.section])),
        buttons=((_other_kind(view), Button(t("Help"), Help())), (_popular(view.kind),)),
        place=shown.place,
    )


def _popular(kind: Kind) -> Button:
    return Button(t("Popular films") if kind is Kind.MOVIE else t("Popular series"), Popular(kind))


def _no_services(asked: ShowList, place: Place) -> Reply:
    return notice(
        t("I don't know yet which streaming services you have."),
        buttons=(
            (
                Button(t("Choose your services"), ShowSettings(Setting.SERVICES)),
                Button(t("‹ Back"), ArrangeList(replace(asked, only=replace(asked.only, mine=False)), Choice.ALL)),
            ),
        ),
        place=place,
    )
