"""What can be chosen about a list: its order, genre, length, what streams on one's services; and how long it takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.core.desk import Desk
from bot.core.genres import GENRES_OF
from bot.core.intents import EVERYTHING, ArrangeList, Choice, HowLong, Length, ListOrder, ShowList, Sorted
from bot.core.model import Kind, Order, Section
from bot.core.phrases import N_, Code, Text, hint, t, tn
from bot.core.reply import Button, Place, Reply, Row, notice
from bot.core.sessions import SignedIn
from bot.features.listing import choosing, words
from bot.features.listing.views import acted_on
from bot.features.listing.whole import WholeLists

_ACROSS: Final = 2
_OURS: Final = N_(
    "Newest and oldest first are the list’s own orders. The others I sort here, which takes a moment for a long list."
)


async def arrange_list(asked: ArrangeList, desk: Desk, whole: WholeLists) -> Reply:
    """All that can be chosen, or the choices of one thing: choosing leads back to the list."""
    account = await acted_on(desk)
    view = asked.view
    match asked.choice:
        case Choice.ALL:
            return _offered(view, account, desk)
        case Choice.ORDER:
            return _choices(view, account, _orders(view, desk), hint(Text(_OURS)))
        case Choice.LENGTH:
            return _choices(view, account, _lengths(view))
        case Choice.GENRE:
            return await _genres(view, account, desk, whole)
        case Choice.DECADE:
            return await _decades(view, account, desk, whole)
        case Choice.FIND:
            typed = Code(f"/{view.section.value} {'tv ' if view.kind is Kind.TV else ''}find heat")
            return notice(
                t("Type {command}, with what you look for as its last words.", command=typed),
                buttons=((_back(view),),),
                place=_place(account),
            )


def _offered(view: ShowList, account: SignedIn, desk: Desk) -> Reply:
    only = view.only
    buttons = [
        Button(t("Order"), ArrangeList(view, Choice.ORDER)),
        Button(_chosen(t("Genre"), on=only.genre is not None), ArrangeList(view, Choice.GENRE)),
        Button(_chosen(t("Decade"), on=only.decade is not None), ArrangeList(view, Choice.DECADE)),
        Button(_chosen(t("Length"), on=only.length is not None), ArrangeList(view, Choice.LENGTH)),
    ]
    if not desk.services.main.embedded or only.mine:
        mine = replace(view, page=1, only=replace(only, mine=not only.mine))
        buttons.append(Button(_chosen(t("On my services"), on=only.mine), mine))
    buttons.append(Button(_chosen(t("Find"), on=bool(only.words)), ArrangeList(view, Choice.FIND)))
    if view.section is Section.WATCHLIST:
        buttons.append(Button(t("How long is all this?"), HowLong(view)))
    if only != EVERYTHING:
        buttons.append(Button(t("Show all"), replace(view, page=1, only=EVERYTHING)))
    buttons.append(Button(t("‹ Back"), view))
    return notice(
        words.heading(view, account),
        hint(t("What would you like to see of it, and in which order?")),
        buttons=_across(buttons),
        place=_place(account),
    )


def _choices(view: ShowList, account: SignedIn, buttons: Sequence[Button], *more: Text) -> Reply:
    return notice(
        words.heading(view, account), *more, buttons=(*_across(buttons), (_back(view),)), place=_place(account)
    )


def _orders(view: ShowList, desk: Desk) -> list[Button]:
    offered: list[tuple[ListOrder, Text]] = [
        (Order.NEWEST, t("Newest first")),
        (Order.OLDEST, t("Oldest first")),
        (Sorted.NAME, t("By title")),
        (Sorted.YEAR, t("By year")),
        (Sorted.RUNTIME, t("Shortest first")),
    ]
    if view.section is not Section.WATCHLIST:
        offered.append((Sorted.RATING, t("By rating")))
    if not desk.services.main.embedded:
        offered.append((Sorted.SCORE, t("By TMDB’s score")))
    return [
        Button(_chosen(label, on=order is view.order), replace(view, page=1, order=order)) for order, label in offered
    ]


def _lengths(view: ShowList) -> list[Button]:
    only = view.only
    buttons = [
        Button(
            _chosen(label, on=length is only.length),
            replace(view, page=1, only=replace(only, length=None if length is only.length else length)),
        )
        for length, label in (
            (Length.SHORT, t("Under 90 minutes")),
            (Length.EVENING, t("Under two hours")),
            (Length.LONG, t("Two hours and more")),
        )
    ]
    return [*buttons, Button(t("Any length"), replace(view, page=1, only=replace(only, length=None)))]


async def _genres(view: ShowList, account: SignedIn, desk: Desk, whole: WholeLists) -> Reply:
    """Those that are on the list, the most usual first, each with how many titles it has."""
    found = await whole.read(desk, account, view.section, view.kind, cards=None)
    counted = Counter(number for entry in found.entries for number in entry.title.genre_ids)
    buttons = [
        Button(
            _chosen(
                t("{genre} ({count})", genre=words.genre(genre), count=counted[genre]), on=genre == view.only.genre
            ),
            replace(view, page=1, only=replace(view.only, genre=genre)),
        )
        for genre in sorted(GENRES_OF[view.kind], key=lambda genre: -counted[genre])
        if counted[genre]
    ]
    every = Button(t("Every genre"), replace(view, page=1, only=replace(view.only, genre=None)))
    if not buttons:
        return _choices(view, account, (), t("I know no genre of what is on this list."))
    return _choices(view, account, [*buttons, every])


async def _decades(view: ShowList, account: SignedIn, desk: Desk, whole: WholeLists) -> Reply:
    """Those that are on the list, the latest first, each with how many titles it has."""
    found = await whole.read(desk, account, view.section, view.kind, cards=None)
    years = (choosing.decade(entry.title) for entry in found.entries)
    counted = Counter(year for year in years if year is not None)
    buttons = [
        Button(
            _chosen(t("{decade} ({count})", decade=words.decade(year), count=count), on=year == view.only.decade),
            replace(view, page=1, only=replace(view.only, decade=year)),
        )
        for year, count in sorted(counted.items(), reverse=True)
    ]
    every = Button(t("Every decade"), replace(view, page=1, only=replace(view.only, decade=None)))
    if not buttons:
        return _choices(view, account, (), t("I know of nothing on this list when it came out."))
    return _choices(view, account, [*buttons, every])


async def how_long(asked: HowLong, desk: Desk, whole: WholeLists) -> Reply:
    """How many hours the watchlist takes, as far as that is known."""
    account = await acted_on(desk)
    view = asked.view
    found = await whole.read(desk, account, view.section, view.kind, cards=lambda _: True)
    known = [taken for entry in found.entries if (taken := choosing.minutes(entry)) is not None]
    unread = found.unread + sum(entry.card is None for entry in found.entries)
    unknown = len(found.entries) + found.unread - len(known) - unread
    lines = [_sum(view.kind, len(known), sum(known))]
    if unknown:
        lines.append(
            tn(
                "{count} more is not counted: nobody knows how long it is.",
                "{count} more are not counted: nobody knows how long they are.",
                unknown,
            )
        )
    if unread:
        lines.append(
            tn(
                "{count} more I have not looked at yet. Ask again in a moment.",
                "{count} more I have not looked at yet. Ask again in a moment.",
                unread,
            )
        )
    again = (Button(t("Ask again"), asked),) if unread else ()
    return notice(*lines, buttons=((*again, Button(t("‹ Back"), view)),), place=_place(account))


def _sum(kind: Kind, titles: int, taken: int) -> Text:
    if not titles:
        return t("I don't know how long anything on this list is.")
    hours = tn("{count} hour", "{count} hours", max(1, (taken + 30) // 60))
    if kind is Kind.MOVIE:
        return tn("About {hours} for {count} film.", "About {hours} for {count} films.", titles, hours=hours)
    return tn(
        "About {hours} for all episodes of {count} series.",
        "About {hours} for all episodes of {count} series.",
        titles,
        hours=hours,
    )


def _chosen(label: Text, *, on: bool) -> Text:
    return t("✓ {choice}", choice=label) if on else label


def _across(buttons: Sequence[Button]) -> tuple[Row, ...]:
    return tuple(tuple(buttons[at : at + _ACROSS]) for at in range(0, len(buttons), _ACROSS))


def _back(view: ShowList) -> Button:
    return Button(t("‹ Back"), ArrangeList(view))


def _place(account: SignedIn) -> Place:
    return Place.HERE if account.house else Place.PRIVATE
