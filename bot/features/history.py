"""What was changed on an account from here: newest first, each to be undone or its title opened."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Final

from bot.core.desk import Desk, from_row
from bot.core.dispatch import Dispatch
from bot.core.errors import MarqueeError, OutOfDate
from bot.core.intents import ShowChange, ShowHistory, ShowTitle, Undo
from bot.core.model import Kind, Title, TitleRef, TitleState
from bot.core.phrases import Moment, Name, Text, hint, plain, t
from bot.core.reply import LIST_SIZE, Button, Place, Reply, Row, notice
from bot.core.sessions import SignedIn
from bot.core.showing import range_of
from storage import changes, people
from storage.changes import ChangeRow, MadeRow

NAMED_SECONDS: Final = 4
"""How long to wait for what a title is called, before it is shown by its number."""


async def show_history(asked: ShowHistory, desk: Desk) -> Reply:
    """A page of ten. A page past the last is the last. In a group with an account of its own: that one's."""
    account = desk.sessions.house() or await desk.sessions.own()
    place = Place.HERE if account.house else Place.PRIVATE
    rows, total, page = await _made(account, asked.page, desk)
    if not rows:
        return notice(
            t("I have changed nothing on this account yet."),
            hint(t("Whatever you change here is listed, and can be undone.")),
            place=place,
        )
    names = await _names([row.change for row in rows], desk)
    first = (page - 1) * LIST_SIZE + 1
    lines = [_line(number, row, names[_ref(row.change)], desk, account) for number, row in enumerate(rows, first)]
    shown = range_of(first, len(rows), total)
    return notice(
        t("What I changed on {account}’s account, newest first:", account=account.name)
        if account.house
        else t("What I changed for you, newest first:"),
        *lines,
        *((shown,) if shown else ()),
        hint(t("Press a number to undo the change, or to open the title.")),
        buttons=_rows(rows, first, page, total),
        place=place,
    )


async def _made(account: SignedIn, page: int, desk: Desk) -> tuple[list[MadeRow], int, int]:
    """The changes of that page, or of the last one there is; how many there are; which page it is."""
    service, account_id = account.key
    total = await changes.count(desk.store.db, service=service, account_id=account_id)
    page = max(1, min(page, -(-total // LIST_SIZE)))
    rows = await changes.made(
        desk.store.db, service=service, account_id=account_id, limit=LIST_SIZE, offset=(page - 1) * LIST_SIZE
    )
    return rows, total, page


def _rows(rows: list[MadeRow], first: int, page: int, total: int) -> tuple[Row, ...]:
    numbers = [Button(plain(str(number)), ShowChange(row.change.id, page)) for number, row in enumerate(rows, first)]
    turning: list[Button] = []
    if page > 1:
        turning.append(Button(t("‹ Page {page}", page=page - 1), ShowHistory(page - 1)))
    if page * LIST_SIZE < total:
        turning.append(Button(t("Page {page} ›", page=page + 1), ShowHistory(page + 1)))
    five = tuple(tuple(numbers[i : i + 5]) for i in range(0, len(numbers), 5))
    return (*five, tuple(turning)) if turning else five


async def show_change(asked: ShowChange, desk: Desk) -> Reply:
    """One change: what it was, with Undo for whoever made it."""
    row = await changes.read(desk.store.db, change_id=asked.change)
    account = desk.sessions.house() or await desk.sessions.own()
    if row is None or account.key != (row.service, row.account_id):
        raise OutOfDate
    ref = _ref(row)
    person = desk.caller.person
    mine = (row.platform, row.person_id) == (person.platform, person.id)
    who = await people.called(desk.store.db, platform=row.platform, person_id=row.person_id)
    lines = [
        _line(None, MadeRow(row, who), (await _names([row], desk))[ref], desk, account),
        *(() if mine or account.house else (t("It was made in another chat of yours: undo it there."),)),
    ]
    buttons: Row = (Button(t("Open"), ShowTitle(ref, anew=True)), Button(t("‹ Back"), ShowHistory(asked.page)))
    if not row.undone and (mine or account.house):
        buttons = (Button(t("Undo"), Undo(row.id)), *buttons)
    return notice(*lines, buttons=(buttons,), place=Place.HERE if account.house else Place.PRIVATE)


# ── One line ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _line(number: int | None, row: MadeRow, title: Text, desk: Desk, account: SignedIn) -> Text:
    """When, which title, what; on a group's account, who; and whether it was undone."""
    change = row.change
    zone = desk.preferences.zone if account.house else desk.preferences.own_zone
    when = Moment(change.made_at, desk.store.now(), zone)
    told = t("{title}: {what}, {when}", title=title, what=_what(change), when=when)
    if account.house:
        told = t("{title}: {what}, {name}, {when}", title=title, what=_what(change), name=Name(row.who), when=when)
    if change.undone:
        told = t("{change} (undone)", change=told)
    return told if number is None else t("{number}. {change}", number=str(number), change=told)


def _what(change: ChangeRow) -> Text:
    """What became of it, in a few words: of a rating also what that did to the watchlist."""
    parts = list(_differences(from_row(change.before), from_row(change.after)))
    if len(parts) == 1:
        return parts[0]
    return t("{first}, {then}", first=parts[0], then=parts[1]) if parts else t("no change")


def _differences(before: TitleState, after: TitleState) -> Iterator[Text]:
    if after.rating != before.rating and after.rating is None:
        yield t("rating {before} taken away", before=before.rating)
    elif after.rating != before.rating and before.rating is None:
        yield t("rated {rating}", rating=after.rating)
    elif after.rating != before.rating:
        yield t("rated {rating} (was {before})", rating=after.rating, before=before.rating)
    if after.watchlist != before.watchlist:
        yield t("watchlist +") if after.watchlist else t("watchlist −")
    if after.favorite != before.favorite:
        yield t("favourites +") if after.favorite else t("favourites −")


def _ref(change: ChangeRow) -> TitleRef:
    return TitleRef(Kind(change.kind), change.title_id)


async def _names(rows: list[ChangeRow], desk: Desk) -> dict[TitleRef, Text]:
    """What the titles are called, asked for at once: a page has no more than ten. Where nobody says it, the number."""
    refs = list(dict.fromkeys(_ref(row) for row in rows))
    found = await asyncio.gather(*(_name(ref, desk) for ref in refs))
    return dict(zip(refs, found, strict=True))


async def _name(ref: TitleRef, desk: Desk) -> Text:
    try:
        async with asyncio.timeout(NAMED_SECONDS):
            title: Title = await desk.title(ref)
    except (MarqueeError, TimeoutError):
        number = str(ref.id)
        return (
            t("film no. {number}", number=number) if ref.kind is Kind.MOVIE else t("series no. {number}", number=number)
        )
    return t("{title}", title=title)


def install(dispatch: Dispatch) -> None:
    """Answer these."""
    dispatch.add(ShowHistory, show_history)
    dispatch.add(ShowChange, show_change)
