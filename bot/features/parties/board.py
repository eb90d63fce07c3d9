"""The one message that shows a group's list to all: pages, orders and filters are everybody's, nothing is personal.

Twelve lines at most, so that it fits a phone's screen with its buttons.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from bot.core import showing
from bot.core.desk import Desk
from bot.core.intents import (
    ArrangeParty,
    BoardFilter,
    BoardOrder,
    FromWatchlist,
    NewParty,
    Night,
    Opine,
    ShowParties,
    ShowParty,
    ShowProposal,
    TurnParty,
)
from bot.core.model import Listed
from bot.core.phrases import Code, Name, Text, hint, plain, t, tn
from bot.core.reply import Button, Notice, Part, Place, Reply, Row, TitleList, notice
from bot.core.text import cut
from bot.features.parties.choosing import chosen, described
from bot.features.parties.which import folded, for_groups, in_group, in_use, known, list_of, title_of
from storage import parties
from storage.parties import PartyRow, ProposalRow

PAGE: Final = 6
"""Titles on a page."""
MOST_NOTE: Final = 24
"""Characters of a note that are shown here."""


async def show(asked: ShowParty, desk: Desk) -> Reply:
    """The list in a message of its own from now on; where nobody asks, what that message is to show now."""
    if not in_group(desk):
        return for_groups("/party")
    if not desk.caller.person.id and asked.party is not None:
        return await _view(asked, await list_of(asked.party, desk), desk)
    found = await _found(asked, desk)
    if isinstance(found, Reply):
        return found
    view, party = found
    if party.archived_at is not None or party.deleted_at is not None:
        return await _view(view, party, desk)
    await parties.use(desk.store.db, party.id, now=desk.store.now())
    return replace(await _view(view, party, desk), pin=True)


async def _found(asked: ShowParty, desk: Desk) -> tuple[ShowParty, PartyRow] | Reply:
    """The view that is meant, and its list; or that there is none of that name."""
    if asked.party is not None:
        return asked, await list_of(asked.party, desk)
    if not asked.name:
        party = await in_use(desk)
        return replace(asked, party=party.id), party
    chat = desk.caller.chat
    every = await parties.those(desk.store.db, platform=chat.platform, chat_id=chat.id)
    party_named = next((one for one in every if one.folded == folded(asked.name)), None)
    if party_named is not None:
        return ShowParty(party=party_named.id), party_named
    view = _arranged(asked.name)
    if view is not None:
        party = await in_use(desk)
        return replace(view, party=party.id), party
    return notice(
        t("Your group has no list called “{name}”.", name=asked.name),
        buttons=((Button(t("Begin it"), NewParty(asked.name)), Button(t("All lists"), ShowParties())),),
    )


def _arranged(words: str) -> ShowParty | None:
    """`newest unseen 120`: how the list in use is to be shown; None where these are other words."""
    view = ShowParty()
    for word in words.lower().split():
        if word in list(BoardOrder):
            view = replace(view, order=BoardOrder(word))
        elif word == "unseen":
            view = replace(view, only=replace(view.only, unseen=True))
        elif word == "streams":
            view = replace(view, only=replace(view.only, streams=True))
        elif re.fullmatch(r"[1-9][0-9]{1,2}", word):
            view = replace(view, only=replace(view.only, minutes=int(word)))
        else:
            return None
    return view


async def turn(asked: TurnParty, desk: Desk) -> Reply:
    """Another page of the list, for all."""
    if not in_group(desk):
        return for_groups("/party")
    await list_of(asked.party, desk)
    page = t("Page {page} is shown now.", page=asked.page)
    return Reply(place=Place.TOAST, toast=page, turn=_shown(asked), at_once=True)


def _shown(asked: TurnParty | ArrangeParty) -> ShowParty:
    page = asked.page if isinstance(asked, TurnParty) else 1
    return ShowParty(party=asked.party, page=page, order=asked.order, only=asked.only)


# ── What it says ─────────────────────────────────────────────────────────────────────────────────────────────────


async def _view(asked: ShowParty, party: PartyRow, desk: Desk) -> Reply:
    if party.deleted_at is not None:
        return _as_board(notice(t("The list “{name}” was deleted.", name=party.name)), asked)
    if party.archived_at is not None:
        told_so = t("The list “{name}” was put away. {command} shows all.", name=party.name, command=Code("/lists all"))
        return _as_board(notice(told_so), asked)
    rows = await chosen(party, asked.order, asked.only, desk)
    last = max(1, -(-len(rows) // PAGE))
    asked = replace(asked, page=min(asked.page, last))
    shown = rows[(asked.page - 1) * PAGE :][:PAGE]
    if not rows:
        return _as_board(_empty(asked, party), asked)
    what = described(asked.order, asked.only)
    lines = ([what] if what is not None else []) + [hint(t("Press a number if you want that title; again, if not."))]
    return _as_board(Reply((_list(asked, party, rows, shown), Notice(tuple(lines))), _rows(asked, shown, last)), asked)


def _as_board(reply: Reply, asked: ShowParty) -> Reply:
    return replace(reply, place=Place.ANEW, board=asked)


def _list(asked: ShowParty, party: PartyRow, rows: list[ProposalRow], shown: list[ProposalRow]) -> Part:
    heading = tn("🍿 {name}: {count} title", "🍿 {name}: {count} titles", len(rows), name=Name(party.name))
    return TitleList(
        heading,
        tuple(Listed(title_of(row)) for row in shown),
        (asked.page - 1) * PAGE + 1,
        len(rows),
        mixed=len({row.kind for row in rows}) > 1,
        notes=tuple(showing.joined([*known(row), *_note(row)]) for row in shown),
        marked=frozenset(),
    )


def _note(row: ProposalRow) -> list[Text]:
    return [t("“{note}”", note=cut(row.note, MOST_NOTE))] if row.note else []


def _empty(asked: ShowParty, party: PartyRow) -> Reply:
    assert asked.party is not None  # noqa: S101 - a view of a list
    if asked.only != BoardFilter() and party.titles:
        what = described(BoardOrder.WANTED, asked.only)
        return notice(
            t("🍿 {name}: nothing on it fits.", name=Name(party.name)),
            *([what] if what is not None else []),
            buttons=((Button(t("Show all"), TurnParty(asked.party)), *_arranging(asked)),),
        )
    return notice(
        t("🍿 {name}: nothing is on it yet.", name=Name(party.name)),
        t("Propose something: {command}, or the button below a title.", command=Code("/propose fight club")),
        buttons=((_own(asked.party), Button(t("Film night"), Night())),),
    )


def _rows(asked: ShowParty, shown: list[ProposalRow], last: int) -> tuple[Row, ...]:
    assert asked.party is not None  # noqa: S101 - a view of a list
    first = (asked.page - 1) * PAGE + 1
    numbers = tuple(Button(plain(str(number)), Opine(row.id, True)) for number, row in enumerate(shown, first))
    page = TurnParty(asked.party, asked.page, asked.order, asked.only)
    pages = []
    if asked.page > 1:
        pages.append(Button(t("‹ Page {page}", page=asked.page - 1), replace(page, page=asked.page - 1)))
    if asked.page < last:
        pages.append(Button(t("Page {page} ›", page=asked.page + 1), replace(page, page=asked.page + 1)))
    return (
        numbers,
        *((tuple(pages),) if pages else ()),
        (_own(asked.party), Button(t("One by one"), ShowProposal(shown[0].id))),
        (*_arranging(asked), Button(t("Film night"), Night())),
    )


def _own(party: int) -> Button:
    return Button(t("From my watchlist"), FromWatchlist(party))


def _arranging(asked: ShowParty) -> Row:
    assert asked.party is not None  # noqa: S101 - a view of a list
    return (Button(t("Filter & sort"), ArrangeParty(asked.party, asked.order, asked.only)),)
