"""Undo: back to a title's whole state before a change."""

from __future__ import annotations

from bot.core.cards import card
from bot.core.desk import Desk, from_row
from bot.core.dispatch import Dispatch
from bot.core.errors import NotYours, OutOfDate
from bot.core.intents import ShowList, ShowTitle, Undo, UndoAll
from bot.core.model import Kind, Section, Title, TitleRef, TitleState
from bot.core.phrases import Text, t, tn
from bot.core.reply import Button, Place, Reply, notice
from bot.core.sessions import SignedIn
from storage import changes
from storage.changes import ChangeRow


async def undo(asked: Undo, desk: Desk) -> Reply:
    """Put the title back to what it was. Where it has been changed since, ask first."""
    row = await _meant(asked, desk)
    if row is None and asked.change is None:
        return notice(t("There is no change of yours here that I could undo."))
    if row is None:
        raise OutOfDate
    if asked.change is None and len(rows := await changes.together(desk.store.db, change_id=row.id)) > 1:
        return await _undo_together(rows, desk)
    account = await _account_of(row, desk)
    ref = TitleRef(Kind(row.kind), row.title_id)
    before, after = from_row(row.before), from_row(row.after)
    async with desk.turns.of("title", *account.key, ref):
        title, current = await desk.card(ref, account)
        if current not in (before, after) and not asked.anyway:
            return _ask(row, title, current, before)
        if current != before:
            await desk.move(account, ref, current, before)
    await changes.undone(desk.store.db, change_id=row.id, update_id=desk.caller.update_id)
    done = t("Undone: it is as it was before.")
    if desk.caller.in_private:
        return card(desk, title, before, change=done)
    return card(desk, title, None, change=t("Undone on {account}’s account.", account=account.name))


async def undo_all(asked: UndoAll, desk: Desk) -> Reply:
    """Put back all that was changed together. What was changed again since is left, and offered one by one."""
    rows = await changes.together(desk.store.db, change_id=asked.change)
    if not rows:
        raise OutOfDate
    return await _undo_together(rows, desk)


async def _undo_together(rows: list[ChangeRow], desk: Desk) -> Reply:
    account = await _account_of(rows[0], desk)
    done, left = 0, []
    for row in rows:
        ref, before = TitleRef(Kind(row.kind), row.title_id), from_row(row.before)
        async with desk.turns.of("title", *account.key, ref):
            title, current = await desk.card(ref, account)
            if current not in (before, from_row(row.after)):
                left.append((row, title))
                continue
            if current != before:
                await desk.move(account, ref, current, before)
        await changes.undone(desk.store.db, change_id=row.id, update_id=desk.caller.update_id)
        done += 1
    told = tn("Undone: {count} title is as it was before.", "Undone: {count} titles are as they were before.", done)
    lines = [told] if done else []
    if account.house:
        lines.append(t("That was on {account}’s account.", account=account.name))
    lines += [t("{title} has been changed since then, so I left it.", title=title) for _, title in left]
    each = tuple((Button(t("Undo {title} anyway", title=title), Undo(row.id, anyway=True)),) for row, title in left)
    back = (Button(t("Show the list"), ShowList(_list_of(rows[0]), Kind(rows[0].kind))),)
    return notice(*lines, buttons=(*each, back), place=Place.HERE if account.house else Place.PRIVATE)


def _list_of(row: ChangeRow) -> Section:
    """The list that the change was about."""
    if row.before.rating != row.after.rating:
        return Section.RATED
    return Section.FAVORITES if row.before.favorite != row.after.favorite else Section.WATCHLIST


async def _account_of(row: ChangeRow, desk: Desk) -> SignedIn:
    """The account that was changed: a group's, if it still may be changed, or his own.

    Raises NotYours, OutOfDate, AdminsOnly.
    """
    person = desk.caller.person
    if (row.platform, row.person_id) != (person.platform, person.id):
        raise NotYours
    changed_in = await desk.sessions.acting_in(row.chat_id) if row.chat_id is not None else None
    if changed_in is not None and changed_in.key == (row.service, row.account_id):
        return changed_in
    account = await desk.sessions.own()
    if account.key != (row.service, row.account_id):
        raise OutOfDate
    return account


async def _meant(asked: Undo, desk: Desk) -> ChangeRow | None:
    """The change of that number; without one, the caller's last: in a group, of those that the group has seen."""
    if asked.change is not None:
        return await changes.read(desk.store.db, change_id=asked.change)
    account = await desk.sessions.shown()
    return await changes.latest(
        desk.store.db,
        platform=desk.caller.person.platform,
        person_id=desk.caller.person.id,
        service=account.service.name,
        account_id=account.session.account_id,
        chat_id=None if desk.caller.in_private else desk.caller.chat.id,
        update_id=desk.caller.update_id,
    )


def _ask(row: ChangeRow, title: Title, current: TitleState, before: TitleState) -> Reply:
    return notice(
        t("{title} has been changed since then.", title=title),
        t("Now: {state}.", state=described(current)),
        t("Undo would make it: {state}.", state=described(before)),
        buttons=((Button(t("Undo anyway"), Undo(row.id, anyway=True)), Button(t("Leave it"), ShowTitle(title.ref))),),
        place=Place.PRIVATE,
    )


def described(state: TitleState) -> Text:
    """An account's state of a title in a few words."""
    match state:
        case TitleState(None, False, False):
            return t("not rated, on no list")
        case TitleState(None, True, False):
            return t("on the watchlist")
        case TitleState(None, False, True):
            return t("a favourite")
        case TitleState(None, True, True):
            return t("on the watchlist and a favourite")
        case TitleState(rating, False, False):
            return t("rated {rating}", rating=rating)
        case TitleState(rating, True, False):
            return t("rated {rating}, on the watchlist", rating=rating)
        case TitleState(rating, False, True):
            return t("rated {rating}, a favourite", rating=rating)
        case TitleState(rating, _, _):
            return t("rated {rating}, on the watchlist and a favourite", rating=rating)


def install(dispatch: Dispatch) -> None:
    """Answer these."""
    dispatch.add(Undo, undo)
    dispatch.add(UndoAll, undo_all)
