"""The lists that a group has: begun, named, limited, put away, deleted, and all that again undone."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.core.desk import Desk
from bot.core.errors import OutOfDate
from bot.core.intents import ChangeParty, NewParty, PartyStep, RenameParty, ShowParties, ShowParty
from bot.core.phrases import Code, Text, hint, plain, t, tn
from bot.core.reply import Button, Reply, Row, notice
from bot.features.parties.which import NOT_YOURS, begin, folded, for_groups, in_group, list_of, may_change, refused
from storage import parties
from storage.parties import PartyRow

LIMITS: Final = (None, 1, 2, 3, 5)
"""How many each may propose; None: any number."""
MOST_LISTED: Final = 10


async def show_lists(asked: ShowParties, desk: Desk) -> Reply:
    """The group's lists, the one in use first."""
    if not in_group(desk):
        return for_groups("/lists")
    chat = desk.caller.chat
    every = await parties.those(desk.store.db, platform=chat.platform, chat_id=chat.id)
    shown = [one for one in every if asked.archived or one.archived_at is None]
    if not shown:
        return notice(
            t("Your group has no list yet: {command} begins with the first.", command=Code("/party")),
            *((t("Some were put away."),) if every else ()),
            buttons=((Button(t("Show all"), ShowParties(archived=True)),),) if every else (),
        )
    lines = [_line(one, in_use=one is every[0]) for one in shown[:MOST_LISTED]]
    rows: list[Row] = [
        (
            Button(plain(one.name), ShowParty(party=one.id)),
            Button(t("Change {name}", name=one.name), ChangeParty(one.id)),
        )
        for one in shown[:MOST_LISTED]
    ]
    if len(shown) < len(every):
        rows.append((Button(t("Also those put away"), ShowParties(archived=True)),))
    begins = hint(t("{command} begins another.", command=Code("/newlist Christmas")))
    return notice(t("Your group’s lists:"), *lines, begins, buttons=tuple(rows))


def _line(party: PartyRow, *, in_use: bool) -> Text:
    told = tn("{name}: {count} title", "{name}: {count} titles", party.titles, name=party.name)
    if party.archived_at is not None:
        return t("{told} (put away)", told=told)
    return t("{told} (in use)", told=told) if in_use else told


async def new(asked: NewParty, desk: Desk) -> Reply:
    """Begin a list, and use it."""
    if not in_group(desk):
        return for_groups("/newlist Christmas")
    party, made = await begin(asked.name, desk)
    if not made and party.archived_at is not None:
        return notice(
            t("Your group has put away a list called “{name}”.", name=party.name),
            buttons=((Button(t("Get it out again"), ChangeParty(party.id, PartyStep.UNARCHIVE)),),),
        )
    if not made:
        return notice(
            t("Your group has a list called “{name}” already.", name=party.name),
            buttons=((Button(t("Show it"), ShowParty(party=party.id)),),),
        )
    return notice(
        t("“{name}” is your group’s list now: what you propose goes there.", name=party.name),
        buttons=((Button(t("Show it"), ShowParty(party=party.id)), Button(t("All lists"), ShowParties())),),
    )


async def rename(asked: RenameParty, desk: Desk) -> Reply:
    """Give the list in use another name."""
    if not in_group(desk):
        return for_groups("/renamelist Movie night")
    chat = desk.caller.chat
    party = await parties.in_use(desk.store.db, platform=chat.platform, chat_id=chat.id)
    if party is None:
        return await show_lists(ShowParties(), desk)
    if not await may_change(party, desk):
        return refused(NOT_YOURS)
    if not await parties.rename(desk.store.db, party.id, name=(asked.name, folded(asked.name))):
        return refused(_taken(asked.name))
    said = t("“{before}” is called “{name}” now.", before=party.name, name=asked.name)
    return replace(notice(said), refresh=(ShowParty(party=party.id),))


def _taken(name: str) -> Text:
    return t("Your group has another list called “{name}”. Nothing was changed.", name=name)


# ── One list ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def change(asked: ChangeParty, desk: Desk) -> Reply:
    """Limit a list, put it away, delete it, or bring it back."""
    if not in_group(desk):
        return for_groups("/lists")
    party = await list_of(asked.party, desk)
    if not await may_change(party, desk):
        return refused(NOT_YOURS)
    if party.deleted_at is not None and asked.step is not PartyStep.RESTORE:
        raise OutOfDate
    reply = await _changed(asked, party, desk)
    return reply if asked.step is PartyStep.MANAGE else replace(reply, refresh=(ShowParty(party=party.id),))


async def _changed(asked: ChangeParty, party: PartyRow, desk: Desk) -> Reply:
    db, now = desk.store.db, desk.store.now()
    match asked.step:
        case PartyStep.MANAGE:
            return _manage(party)
        case PartyStep.LIMIT:
            await parties.limit(db, party.id, most_each=asked.most)
            return _manage(replace(party, most_each=asked.most))
        case PartyStep.ARCHIVE:
            await parties.archive(db, party.id, at=now)
            return _undoable(t("“{name}” is put away.", name=party.name), party, PartyStep.UNARCHIVE)
        case PartyStep.DELETE:
            await parties.delete(db, party.id, at=now)
            said = tn(
                "“{name}” is deleted, with {count} title.",
                "“{name}” is deleted, with {count} titles.",
                party.titles,
                name=party.name,
            )
            return _undoable(said, party, PartyStep.RESTORE)
        case PartyStep.UNARCHIVE:
            await parties.archive(db, party.id, at=None)
        case PartyStep.RESTORE:
            if not await parties.delete(db, party.id, at=None):
                return refused(_taken(party.name))
    return notice(
        t("“{name}” is there again.", name=party.name), buttons=((Button(t("Show it"), ShowParty(party=party.id)),),)
    )


def _undoable(said: Text, party: PartyRow, undo: PartyStep) -> Reply:
    return notice(said, buttons=((Button(t("Undo"), ChangeParty(party.id, undo)),),))


def _manage(party: PartyRow) -> Reply:
    limits: Row = tuple(
        Button(t("✓ {choice}", choice=label) if most == party.most_each else label, _limiting(party, most))
        for most in LIMITS
        for label in [t("any number") if most is None else plain(str(most))]
    )
    away = (
        Button(t("Put it away"), ChangeParty(party.id, PartyStep.ARCHIVE))
        if party.archived_at is None
        else Button(t("Get it out again"), ChangeParty(party.id, PartyStep.UNARCHIVE))
    )
    return notice(
        tn("{name}: {count} title", "{name}: {count} titles", party.titles, name=party.name),
        t("How many may each of you propose?"),
        buttons=(
            limits[:1],
            limits[1:],
            (away, Button(t("Delete it"), ChangeParty(party.id, PartyStep.DELETE))),
            (Button(t("‹ All lists"), ShowParties()),),
        ),
    )


def _limiting(party: PartyRow, most: int | None) -> ChangeParty:
    return ChangeParty(party.id, PartyStep.LIMIT, most)
