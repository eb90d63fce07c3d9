"""Taking several titles off a list at once: marked on its page, taken off together, put back together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final
from zlib import crc32

from bot.core.desk import Change, Desk
from bot.core.errors import NoSuchTitle
from bot.core.intents import MarkTitles, ShowList, TakeOff, Undo, UndoAll
from bot.core.model import Listed, Order, Section, Title, TitleRef, TitleState
from bot.core.phrases import N_, Text, hint, plain, t, tn
from bot.core.reply import Button, Notice, Place, Reply, Row, TitleList, notice
from bot.core.sessions import SignedIn
from bot.core.showing import CHOSEN
from bot.features.listing import words
from bot.features.listing.views import Shown, page_of, show_list
from bot.features.listing.whole import WholeLists

_PAGE_SUM: Final = 0xFFFF
_ACROSS: Final = 5
_OFF: Final[dict[Section, Callable[[TitleState], TitleState]]] = {
    Section.WATCHLIST: lambda state: replace(state, watchlist=False),
    Section.FAVORITES: lambda state: replace(state, favorite=False),
    Section.RATED: lambda state: replace(state, rating=None),
}
_TAKEN: Final = {
    Section.WATCHLIST: N_("Taken off the watchlist: {titles}."),
    Section.FAVORITES: N_("Taken off the favourites: {titles}."),
    Section.RATED: N_("Ratings taken away: {titles}."),
}


async def mark_titles(asked: MarkTitles, desk: Desk, whole: WholeLists) -> Reply:
    """The page with its marks. Marks that meant another page than there is now are gone; that is said."""
    await _may_change(desk)
    shown = await page_of(asked.view, desk, whole)
    if not shown.entries:
        return await show_list(asked.view, desk, whole)
    page = _sum_of(shown.entries)
    stale = bool(asked.marks) and (asked.page != page or asked.view != shown.view)
    marks = 0 if stale else asked.marks & ((1 << len(shown.entries)) - 1)
    marked = [at for at in range(len(shown.entries)) if marks >> at & 1]
    part = TitleList(
        words.heading(shown.view, shown.account),
        shown.entries,
        shown.first,
        shown.total,
        marked=frozenset(shown.first + at for at in marked),
    )
    return Reply(
        (part, Notice((hint(t("Press the numbers of those that are to go.")),))),
        _rows(shown, marks, marked, page),
        shown.place,
        toast=t("The list has changed since, so nothing is marked.") if stale else None,
    )


def _rows(shown: Shown, marks: int, marked: list[int], page: int) -> tuple[Row, ...]:
    numbers = [
        Button(
            plain(f"{CHOSEN if at in marked else ''}{shown.first + at}"), MarkTitles(shown.view, marks ^ 1 << at, page)
        )
        for at in range(len(shown.entries))
    ]
    rows = [tuple(numbers[at : at + _ACROSS]) for at in range(0, len(numbers), _ACROSS)]
    cancel = Button(t("Cancel"), shown.view)
    if not marked:
        return (*rows, (cancel,))
    ids = tuple(shown.entries[at].title.ref.id for at in marked)
    return (*rows, (Button(tn("Remove {count}", "Remove {count}", len(ids)), TakeOff(shown.view, ids)), cancel))


async def take_off(asked: TakeOff, desk: Desk) -> Reply:
    """Take them off, the oldest first, each with Undo's memory: cut off in between, it goes on where it was."""
    account = await _may_change(desk)
    view = asked.view
    # Undo puts them back in the same order, so that they stand in the list as before.
    oldest_first = asked.ids if view.order is Order.OLDEST else asked.ids[::-1]
    changes = [await _taken_off(TitleRef(view.kind, number), view, desk) for number in oldest_first]
    done = [change for change in changes if change is not None and change.id is not None]
    place = Place.HERE if desk.sessions.house() else Place.PRIVATE
    back = Button(t("‹ Back to the list"), view)
    if not done:
        return notice(t("They were off this list already."), buttons=((back,),), place=place)
    titles = tuple(
        _named(change.title) for change in sorted(done, key=lambda change: asked.ids.index(change.title.ref.id))
    )
    told = [Text(_TAKEN[view.section], {"titles": titles})]
    if desk.sessions.house():
        told.append(t("That was on {account}’s account.", account=account.name))
    first = done[0].id or 0
    undo = Button(t("Undo all"), UndoAll(first), owned=True) if len(done) > 1 else Button(t("Undo"), Undo(first))
    return notice(*told, buttons=((undo, back),), place=place)


async def _taken_off(ref: TitleRef, view: ShowList, desk: Desk) -> Change | None:
    try:
        return await desk.change(ref, _OFF[view.section])
    except NoSuchTitle:
        # The catalogue has lost it; nobody can say what its state would be put back to.
        return None


def _named(title: Title) -> str:
    """`Heat (1995)`."""
    return f"{title.name} ({title.year})" if title.year else title.name


async def _may_change(desk: Desk) -> SignedIn:
    """The account that is changed. Raises AdminsOnly where a group lets only its admins change its own."""
    return await desk.sessions.acting()


def _sum_of(entries: Sequence[Listed]) -> int:
    return crc32(",".join(str(entry.title.ref.id) for entry in entries).encode()) & _PAGE_SUM
