"""A film night from its opening to what becomes of it: every step of its one message."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from bot.core.chat import ChatKind
from bot.core.deciding import Method
from bot.core.deciding.rota import whose_turn
from bot.core.desk import Desk
from bot.core.intents import Help, LeftGroup, Night, NightStep, ShowParty, Until
from bot.core.night import Rules
from bot.core.phrases import Code, t
from bot.core.reply import Button, Reply, notice
from bot.features.nights import closing
from bot.features.nights.board import board, when
from bot.features.nights.candidates import NEXT, are_found, choose
from bot.features.nights.leading import NOT_YOURS, at_once, here, late, may_lead, refused, told, zone_of
from bot.features.nights.votes import closing as closes
from storage import nights, parties, past_nights
from storage.nights import NightState, NotOpen

LONGER_SECONDS: Final = 30 * 60
NUDGED_SECONDS: Final = 20 * 60
"""Nobody is reminded of a shorter vote."""
LONGEST_DAYS: Final = 14


# ── Steps ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def night(asked: Night, desk: Desk) -> Reply:
    """One step of a film night."""
    if desk.caller.chat.kind is not ChatKind.GROUP:
        return notice(
            t("A film night is for a group: add me to one and type {command} there.", command=Code("/night")),
            buttons=((Button(t("What can you do?"), Help()),),),
        )
    if asked.step is NightStep.SHOW:
        return await _show(asked, desk)
    state = await here(asked.night, desk)
    try:
        return await _step(asked.step, state, desk)
    except NotOpen:
        return late(await here(state.night.id, desk))


async def _show(asked: Night, desk: Desk) -> Reply:
    if asked.night is not None:
        return await board(await here(asked.night, desk), desk)
    chat = desk.caller.chat
    open_one = await nights.current(desk.store.db, platform=chat.platform, chat_id=chat.id, topic=chat.topic)
    state = await nights.read(desk.store.db, open_one) if open_one is not None else None
    if state is not None and state.night.stage in nights.OPEN:
        return await board(state, desk)
    kept = await past_nights.options_of(desk.store.db, platform=chat.platform, chat_id=chat.id)
    if Rules.from_json(kept).admins and not await desk.sessions.is_admin(chat.id):
        return refused(t("In this group only admins open a film night. Ask one of them."))
    number, _ = await nights.open_night(
        desk.store.db,
        platform=chat.platform,
        chat_id=chat.id,
        topic=chat.topic,
        person=(desk.caller.person.id, desk.caller.person.name),
        options={**kept, "zone": getattr(desk.preferences.zone, "key", "UTC")},
        now=desk.store.now(),
    )
    _read_lists(desk)
    return await board(await here(number, desk), desk)


async def _step(step: NightStep, state: NightState, desk: Desk) -> Reply:
    match step:
        case NightStep.IN | NightStep.OUT:
            return await _attend(state, desk, going=step is NightStep.IN)
        case NightStep.NEXT | NightStep.WATCHED | NightStep.LATER:
            return await closing.after(step, state, desk)
        case _ if not await may_lead(state, desk):
            return refused(NOT_YOURS)
        case NightStep.CHOOSE | NightStep.OTHERS:
            return await _choose(state, desk, others=step is NightStep.OTHERS)
        case NightStep.BACK:
            await nights.choose(desk.store.db, state.night.id, (), choosing=False)
            return at_once(told(t("Back to who is in."), changed=state))
        case NightStep.START:
            return await _start(state, desk)
        case NightStep.CLOSE:
            return await closing.close(state, desk)
        case NightStep.LONGER:
            return await _longer(state, desk)
        case NightStep.CANCEL:
            await nights.move(desk.store.db, state.night.id, before=nights.OPEN, stage="ended", now=desk.store.now())
            return at_once(told(t("Called off."), changed=state))
        case NightStep.SHOW:
            return await board(state, desk)


async def _attend(state: NightState, desk: Desk, *, going: bool) -> Reply:
    person, now = desk.caller.person, desk.store.now()
    changed, after = await nights.attend(
        desk.store.db, state.night.id, person=(person.id, person.name), going=going, closes=closes(now), now=now
    )
    if going:
        _read_lists(desk)
        return told(t("You’re in.") if changed else t("You are in already."), changed=after if changed else None)
    word = t("You are out; a vote of yours is gone too.") if changed else t("You are not in.")
    return told(word, changed=after if changed else None)


async def left(asked: LeftGroup, desk: Desk) -> Reply:
    """Somebody is in this group no more: he and his vote are out of its nights, and nobody waits for him there.

    What he wants is not counted on its lists any more.
    """
    chat, now = desk.caller.chat, desk.store.now()
    place = {"platform": chat.platform, "chat_id": chat.id}
    out_of = await nights.leave_chat(desk.store.db, **place, person_id=asked.person_id, closes=closes(now), now=now)
    lists = [ShowParty(party=one.id) for one in await parties.those(desk.store.db, **place)]
    return at_once(Reply(refresh=(*(Night(night=one) for one in out_of), *lists)))


def _read_lists(desk: Desk) -> None:
    """Have the lists of whoever comes along read in the background, so that what all share is known when it matters."""
    account = desk.sessions.kept()
    if account is not None:
        desk.mirror.want(account.service, account.session)


async def _choose(state: NightState, desk: Desk, *, others: bool) -> Reply:
    def passed_over(kept: nights.Json) -> nights.Json:
        return {**kept, "skip": kept.get(NEXT, 0) if others else 0}

    await nights.set_options(desk.store.db, state.night.id, passed_over)
    await choose(await here(state.night.id, desk), desk)
    after = await here(state.night.id, desk)
    before, found = ({(one.kind, one.title_id) for one in night.candidates} for night in (state, after))
    if others and before == found:
        return told(t("There are no other films that fit. These stay."), alert=True, changed=after)
    return at_once(told(t("Here are some films."), changed=after))


async def _start(state: NightState, desk: Desk) -> Reply:
    rules, now = Rules.from_json(state.night.options), desk.store.now()
    if not state.attendees:
        return refused(t("Nobody is in, so nobody would vote. Press “‹ Back” and ask who is. Nothing was changed."))
    if not are_found(state):
        await choose(state, desk)
        return at_once(told(t("These are other films now. Look at them first."), changed=state))
    if rules.method is Method.TURNS:
        turn = whose_turn([one.person_id for one in state.attendees], await _last_turns(state, desk))
        await nights.set_options(desk.store.db, state.night.id, lambda kept: {**kept, "turn": turn})
    ends = rules.ends(now)
    after = await nights.start(desk.store.db, state.night.id, closes_at=ends, nudges_at=nudging(now, ends))
    return at_once(told(t("The vote is on. Press what you would watch."), changed=after))


async def _last_turns(state: NightState, desk: Desk) -> dict[str, int]:
    """When each last had a turn: later is greater."""
    before = await past_nights.won(desk.store.db, platform=state.night.platform, chat_id=state.night.chat_id)
    turns = [((night.result or {}).get("turn"), -at) for at, night in enumerate(before)]
    return {who: at for who, at in reversed(turns) if who}


def nudging(now: int, ends: int) -> int | None:
    """When to remind those who have not voted: in the last quarter of the time, where that is worth while."""
    return ends - (ends - now) // 4 if ends - now >= NUDGED_SECONDS else None


async def _longer(state: NightState, desk: Desk) -> Reply:
    now = desk.store.now()
    return await _prolonged(state, max(now, state.night.latest or now) + LONGER_SECONDS, desk)


async def _prolonged(state: NightState, ends: int, desk: Desk) -> Reply:
    nudges_at = nudging(desk.store.now(), ends)
    after = await nights.prolong(desk.store.db, state.night.id, closes_at=ends, nudges_at=nudges_at)
    clock = when(ends, desk.store.now(), zone_of(state.night, desk))
    return at_once(told(t("The vote now runs until {time} at the latest.", time=clock), changed=after))


# ── Until when ───────────────────────────────────────────────────────────────────────────────────────────────────


async def until(asked: Until, desk: Desk) -> Reply:
    """Vote until then: of a vote that is on, at once; before, when it begins."""
    state = await here(asked.night, desk)
    if not await may_lead(state, desk):
        return refused(NOT_YOURS)
    now = desk.store.now()
    ends = read_time(asked.when, datetime.fromtimestamp(now, zone_of(state.night, desk)))
    if ends is None:
        example = Code("/night until 19:30")
        return refused(t("I can’t read that as a time to come. Say it like this: {example}", example=example))
    try:
        if state.night.stage == "voting":
            return await _prolonged(state, ends, desk)
        await nights.set_options(desk.store.db, state.night.id, lambda kept: {**kept, "until": ends})
    except NotOpen:
        return late(state)
    clock = when(ends, now, zone_of(state.night, desk))
    return told(t("When the vote begins, it runs until {time}.", time=clock), changed=state)


def read_time(words: str, now: datetime) -> int | None:
    """`19:30`, `tonight 19:30`, `in 2 days`, `45` (minutes), in seconds since 1970; None for anything else."""
    said = " ".join(words.lower().split()).removeprefix("tonight ").removeprefix("heute ").removeprefix("um ")
    if at := re.fullmatch(r"(?:at )?([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(?: uhr)?", said):
        then = now.replace(hour=int(at[1]), minute=int(at[2]), second=0, microsecond=0)
        return int((then if then > now else then + timedelta(days=1)).timestamp())
    if span := re.fullmatch(
        r"(?:in )?([1-9][0-9]{0,3}) ?(m|min|minutes?|minuten?|h|hours?|stunden?|d|days?|tag(?:en?)?)?", said
    ):
        unit = {"h": 60, "s": 60, "d": 24 * 60, "t": 24 * 60}.get((span[2] or "m")[0], 1)
        minutes = int(span[1]) * unit
        return int(now.timestamp()) + minutes * 60 if minutes <= LONGEST_DAYS * 24 * 60 else None
    return None
