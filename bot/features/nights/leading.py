"""Which night is meant, who may go on with it, and how whoever pressed is told what came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import tzinfo
from typing import Final

from bot.core import places
from bot.core.desk import Desk
from bot.core.errors import NoNight, OutOfDate
from bot.core.intents import Night
from bot.core.night import Rules
from bot.core.phrases import Text, t
from bot.core.reply import Place, Reply
from storage import members, nights
from storage.nights import NightRow, NightState

ABANDONED_SECONDS: Final = 10 * 60
"""After that anybody who is in may go on with a night whose opener doesn't."""
NOT_YOURS: Final = t("Only whoever opened this film night, or an admin, can do that. Nothing was changed.")


async def here(night: int | None, desk: Desk) -> NightState:
    """The night that is meant, or the one that goes on here. Raises NoNight, and OutOfDate for another group's."""
    chat = desk.caller.chat
    number = night or await nights.current(desk.store.db, platform=chat.platform, chat_id=chat.id, topic=chat.topic)
    if number is None:
        raise NoNight
    state = await nights.read(desk.store.db, number)
    if state is None or (state.night.platform, state.night.chat_id) != (chat.platform, chat.id):
        raise OutOfDate
    return state


def zone_of(night: NightRow, desk: Desk) -> tzinfo:
    """By which clock a night goes, whoever presses and wherever: the group's, else the one that it was opened by."""
    zone = Rules.from_json(night.options).zone
    set_here = desk.preferences.chat is not None and desk.preferences.chat.zone is not None
    return desk.preferences.zone if set_here or not zone else places.clock(zone)


async def may_lead(state: NightState, desk: Desk) -> bool:
    """Whether the caller may go on with it: its opener, an admin; who is in, once it was left, or by its opener."""
    person = desk.caller.person.id
    rules = Rules.from_json(state.night.options)
    if person == state.night.opened_by and not rules.admins:
        return True
    if await desk.sessions.is_admin(state.night.chat_id):
        return True
    # A vote that has an end comes to it by itself.
    waits = state.night.stage != "voting" or state.night.closes_at is None
    left_lying = waits and desk.store.now() - state.night.opened_at > ABANDONED_SECONDS
    there = any(one.person_id == person for one in state.attendees)
    opener_left = all(one.person_id != state.night.opened_by for one in state.attendees)
    return not rules.admins and there and (left_lying or opener_left)


def told(text: Text, *, alert: bool = False, changed: NightState | None = None) -> Reply:
    """A word to whoever pressed; with `changed`, the night's message is brought up to date at once."""
    refresh = () if changed is None else (Night(night=changed.night.id),)
    return Reply(place=Place.TOAST, toast=text, alert=alert, refresh=refresh)


def at_once(reply: Reply) -> Reply:
    """The same, with the message brought up to date without a wait: another stage has begun."""
    return replace(reply, at_once=True)


def refused(text: Text) -> Reply:
    """Why something can't be done; it waits to be read."""
    return told(text, alert=True)


def late(state: NightState) -> Reply:
    """Why a step can't be taken any more, or not yet. The message is shown as it is now."""
    reason = {
        "gathering": t("The vote has not begun yet. Nothing was changed."),
        "choosing": t("The vote has not begun yet. Nothing was changed."),
        "voting": t("The vote is on: that can't be changed now. Nothing was changed."),
        "decided": t("The vote is over, and its result stands. Nothing was changed."),
        "watched": t("You have watched it already. Nothing was changed."),
    }.get(state.night.stage, t("This film night was called off. Nothing was changed."))
    return at_once(told(reason, alert=True, changed=state))


async def mine(night: int, desk: Desk) -> NightState:
    """A night by its number, for somebody of its group in private. Raises OutOfDate for anybody else."""
    state = await nights.read(desk.store.db, night)
    person = desk.caller.person
    if state is None or state.night.platform != person.platform:
        raise OutOfDate
    if any(one.person_id == person.id for one in state.attendees):
        return state
    place = {"platform": person.platform, "chat_id": state.night.chat_id}
    if not await members.is_member(desk.store.db, **place, person_id=person.id):
        raise OutOfDate
    return state
