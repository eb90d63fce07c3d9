"""Who takes part in a group: known from what people say and press there, and anybody can stand apart."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.core.desk import Desk
from bot.core.intents import ShowMembers, ShowParty, TakePart
from bot.core.phrases import Text, hint, t, tn
from bot.core.reply import Button, Reply, notice
from bot.features.parties.which import for_groups, in_group
from storage import members, parties
from storage.members import MemberRow

MOST_NAMES: Final = 30


async def show_members(_asked: ShowMembers, desk: Desk) -> Reply:
    """Who takes part here."""
    if not in_group(desk):
        return for_groups("/members")
    chat = desk.caller.chat
    there = await members.present(desk.store.db, platform=chat.platform, chat_id=chat.id)
    return notice(
        _named(there),
        t("I know of whoever has told me something here, or pressed a button."),
        hint(t("Who is left out is counted nowhere in this group, and what he wants is not shown.")),
        buttons=((Button(t("Take part"), TakePart(True)), Button(t("Leave me out"), TakePart(False))),),
    )


def _named(there: list[MemberRow]) -> Text:
    if not there:
        return t("Nobody takes part here yet.")
    names = tuple(one.name for one in there[:MOST_NAMES])
    if len(there) > MOST_NAMES:
        more = len(there) - MOST_NAMES
        return tn("Here: {names} and {count} more", "Here: {names} and {count} more", more, names=", ".join(names))
    return t("Here: {names}", names=names)


async def take_part(asked: TakePart, desk: Desk) -> Reply:
    """Take part here, or be left out of all that is counted and shown."""
    if not in_group(desk):
        return for_groups("/members")
    place = {"platform": desk.caller.chat.platform, "chat_id": desk.caller.chat.id}
    await members.take_part(desk.store.db, **place, person_id=desk.caller.person.id, going=asked.going)
    said = (
        t("You take part here.")
        if asked.going
        else t("You are left out: counted and named nowhere in this group. /members takes you in again.")
    )
    every = await parties.those(desk.store.db, **place)
    boards = tuple(ShowParty(party=one.id) for one in every)
    return replace(await show_members(ShowMembers(), desk), toast=said, alert=not asked.going, refresh=boards)
