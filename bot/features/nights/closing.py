"""How a vote ends, and what becomes of its result: the next one, watched, or another night."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Final

from bot.core.deciding import Ballot, Method, Outcome, decide
from bot.core.desk import Desk
from bot.core.intents import Night, NightDue, NightStep, ShowBallot, ShowParty
from bot.core.night import Candidate, Rules
from bot.core.phrases import Mention, Name, Text, t, tn
from bot.core.reply import Button, Notice, Post, Reply, notice
from bot.features.nights import board, leading
from bot.features.nights.candidates import from_rows
from bot.features.nights.leading import at_once, refused, told
from bot.features.nights.tally import tally
from bot.features.nights.votes import enough, entries_of, has_voted, missing, whose_turn
from storage import deadlines, night_attendees, nights, parties, people
from storage.nights import Json, NightState, NotOpen

MOST_MENTIONED: Final = 20
"""People named in a message to remind them; of more, so many and how many others."""
TWICE_SECONDS: Final = 3
"""Within which two who press "Next one" mean the same film."""


async def close(state: NightState, desk: Desk) -> Reply:
    """End the vote now."""
    after = await _settle(state, desk)
    return at_once(told(t("The vote is over."), changed=after)).with_elsewhere(_announced(after, desk))


async def due(asked: NightDue, desk: Desk) -> Reply:
    """The time is up, or it is time to remind somebody. Nothing, where that is not so any more."""
    state = await nights.read(desk.store.db, asked.night)
    if state is None or state.night.stage != "voting" or state.night.closes_at is None:
        return Reply()
    if asked.nudge:
        return await _nudge(state, desk)
    try:
        after = await _settle(state, desk, due=True)
    except _TooFew:
        return await _wait(state, desk)
    except NotOpen:
        return Reply()
    return _board_anew(after).with_elsewhere(_announced(after, desk))


async def _wait(state: NightState, desk: Desk) -> Reply:
    try:
        after = await nights.wait(desk.store.db, state.night.id, now=desk.store.now())
    except NotOpen:
        return Reply()
    short = tn(
        "The time is up, and only {count} has voted. Look at the vote above.",
        "The time is up, and only {count} have voted. Look at the vote above.",
        _voted(after),
    )
    return _board_anew(after).with_elsewhere(_post(after, notice(short)))


def _voted(state: NightState) -> int:
    """How many of those who are in have voted."""
    rules = Rules.from_json(state.night.options)
    return sum(has_voted(rules, state.ballots.get(one.person_id)) for one in state.attendees)


def _board_anew(state: NightState) -> Reply:
    return Reply(refresh=(Night(night=state.night.id),), at_once=True)


def _post(state: NightState, reply: Reply) -> Post:
    return Post(state.night.chat_id, reply, topic=state.night.topic)


def _announced(state: NightState, desk: Desk) -> Post:
    """The result as a message of its own, so that nobody misses it: what, why, and a picture of the count."""
    seen = board.view(state, desk)
    lines = (board.told_result(seen), *board.why(seen))
    assert state.night.result is not None  # noqa: S101 - it was settled just now
    return _post(state, Reply((Notice(lines), tally(Outcome.from_json(state.night.result), seen.candidates))))


class _TooFew(Exception):
    """Fewer have voted than the group asks for."""


async def _settle(state: NightState, desk: Desk, *, due: bool = False) -> NightState:
    """Count what is voted at this moment. Raises NotOpen where that was done already.

    `due`: only if the time is up, which somebody may have prolonged just now, and enough have voted; else _TooFew.
    """
    seed = secrets.token_hex(4)

    def count(now: NightState) -> tuple[Json, int]:
        if due and not nights.is_up(now.night, desk.store.now()):
            raise NotOpen
        if due and not enough(Rules.from_json(now.night.options), _voted(now), len(now.attendees)):
            raise _TooFew
        outcome = outcome_of(now, seed)
        winner = outcome.order[0]
        turn = {"turn": whose_turn(now)} if outcome.method is Method.TURNS else {}
        return outcome.to_json() | _whose(from_rows(now.candidates), winner) | turn, winner

    return await nights.move(
        desk.store.db, state.night.id, before=("voting",), stage="decided", now=desk.store.now(), settle=count
    )


def outcome_of(state: NightState, seed: str) -> Outcome:
    """What the ballots of those who are in come to."""
    rules = Rules.from_json(state.night.options)
    ballots = {who: Ballot.from_json(said) for who, said in state.ballots.items()}
    there = [ballots[one.person_id] for one in state.attendees if one.person_id in ballots]
    picked = None
    if rules.method is Method.TURNS:
        picked = min(ballots.get(whose_turn(state), Ballot()).approved, default=None)
    return decide(
        rules.method,
        entries_of(rules, from_rows(state.candidates), there),
        there,
        seed=seed,
        veto_from=rules.veto_from if rules.vetoes else 0,
        picked=picked,
    )


def _whose(candidates: tuple[Candidate, ...], winner: int) -> Json:
    """Whose proposal has won, for who waits how long."""
    film = next(one for one in candidates if one.number == winner)
    return {"proposed_by": film.proposed_by, "proposer": film.proposer}


# ── Reminding ────────────────────────────────────────────────────────────────────────────────────────────────────


async def _nudge(state: NightState, desk: Desk) -> Reply:
    """Remind those who have not voted: alone where they can be written to, else once in the group."""
    if not await deadlines.nudged(desk.store.db, state.night.id, now=desk.store.now()):
        return Reply()
    rules = Rules.from_json(state.night.options)
    late = missing(rules, state)
    private = await night_attendees.private_chats(desk.store.db, state.night.id)
    assert state.night.closes_at is not None  # noqa: S101 - asked before
    ends = board.when(state.night.closes_at, desk.store.now(), leading.zone_of(state.night, desk))
    place = {"platform": state.night.platform, "chat_id": state.night.chat_id}
    group = await people.chat_name(desk.store.db, **place)
    said = t("The film night’s vote ends at {time}, and yours is missing.", time=ends)
    ask = notice(
        t("{group}: {said}", group=Name(group), said=said) if group else said,
        buttons=((Button(t("Vote"), ShowBallot(state.night.id)),),),
    )
    posts = [Post(private[one.person_id], ask) for one in late if one.person_id in private]
    rest = [Mention(one.person_id, one.name) for one in late if one.person_id not in private]
    if rest:
        names = listed(rest)
        posts.append(_post(state, notice(t("{names}: your vote is missing, until {time}.", names=names, time=ends))))
    return Reply(elsewhere=tuple(posts))


def listed(mentions: list[Mention]) -> Text:
    """Those people in a row; not more than a message can mention."""
    names = Text("{name}", {"name": mentions[0]})
    for one in mentions[1:MOST_MENTIONED]:
        names = Text("{names}, {name}", {"names": names, "name": one})
    more = len(mentions) - MOST_MENTIONED
    return names if more <= 0 else tn("{names} and {count} more", "{names} and {count} more", more, names=names)


# ── Afterwards ───────────────────────────────────────────────────────────────────────────────────────────────────


async def after(step: NightStep, state: NightState, desk: Desk) -> Reply:
    """The runner-up instead, watched, or not tonight after all."""
    if step is NightStep.WATCHED:
        if all(one.person_id != desk.caller.person.id for one in state.attendees):
            return refused(t("Only those who are in can say so. Nothing was changed."))
        return await _watched(state, desk)
    if not await leading.may_lead(state, desk):
        return refused(leading.NOT_YOURS)
    if step is NightStep.LATER:
        moved = await _move(state, desk, "ended")
        return at_once(told(t("Another night, then."), changed=moved))
    return await _next(state, desk)


async def _watched(state: NightState, desk: Desk) -> Reply:
    moved = await _move(state, desk, "watched")
    film = next(one for one in from_rows(moved.candidates) if one.number == moved.night.winner)
    place = {"platform": state.night.platform, "chat_id": state.night.chat_id}
    party = await parties.in_use(desk.store.db, **place)
    if party is not None:
        await parties.watched(
            desk.store.db, party_id=party.id, kind=film.ref.kind.value, title_id=film.ref.id, now=desk.store.now()
        )
    reply = at_once(told(t("Enjoyed it? Rate it: the button is there now."), changed=moved))
    return reply if party is None else replace(reply, refresh=(*reply.refresh, ShowParty(party=party.id)))


async def _next(state: NightState, desk: Desk) -> Reply:
    night = state.night
    if night.stage != "decided" or night.result is None:
        return leading.late(state)
    if night.result.get("passed") and desk.store.now() - (night.settled_at or 0) < TWICE_SECONDS:
        return refused(t("Somebody has gone on to the next one just now."))
    following = board.next_of(Outcome.from_json(night.result), night.winner)
    if following is None:
        return refused(t("There is no other film on this ballot. Nothing was changed."))

    def take(now: NightState) -> tuple[Json | None, int | None]:
        if now.night.winner != night.winner or now.night.result is None:
            raise NotOpen
        return {**now.night.result, **_whose(from_rows(now.candidates), following), "passed": True}, following

    moved = await nights.move(
        desk.store.db, night.id, before=("decided",), stage="decided", now=desk.store.now(), settle=take
    )
    seen = board.view(moved, desk)
    return at_once(told(t("Then it is {title}.", title=seen.named(following).title), changed=moved))


async def _move(state: NightState, desk: Desk, stage: str) -> NightState:
    return await nights.move(desk.store.db, state.night.id, before=("decided",), stage=stage, now=desk.store.now())
