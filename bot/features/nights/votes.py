"""What a vote is, whichever way it is counted: whether somebody has voted, and when all have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from bot.core.deciding import Ballot, Entry, Method
from bot.core.night import Candidate, Rules
from storage.nights import AttendeeRow, NightState

GRACE_SECONDS: Final = 20
"""How long a vote can still be changed once all have voted; any change begins it anew."""
PRIVATE_GRACE_SECONDS: Final = 60
"""The same where a vote takes several presses."""


def has_voted(rules: Rules, ballot: dict[str, Any] | None) -> bool:
    """Whether somebody has said what he would watch."""
    said = Ballot.from_json(ballot or {})
    match rules.method:
        case Method.RANKED:
            return bool(said.ranking)
        case Method.STAR:
            return bool(said.scores)
        case _:
            return bool(said.approved)


def entries_of(rules: Rules, candidates: Iterable[Candidate], ballots: Sequence[Ballot]) -> list[Entry]:
    """The films as they are counted. In a draw who wants a film has said so tonight, if anybody has."""
    entries = [one.entry for one in candidates]
    if rules.method is not Method.DRAW or not any(one.approved for one in ballots):
        return entries
    return [replace(one, wanted=sum(one.number in said.approved for said in ballots)) for one in entries]


def closing(now: int) -> Callable[[NightState], int | None]:
    """When the voting ends: as was set, or in a moment, once all who are in have voted."""

    def closes_at(state: NightState) -> int | None:
        night = state.night
        if night.stage != "voting":
            return night.closes_at
        rules = Rules.from_json(night.options)
        voted = [has_voted(rules, state.ballots.get(one.person_id)) for one in state.attendees]
        soon = now + (PRIVATE_GRACE_SECONDS if rules.is_private else GRACE_SECONDS)
        if night.latest is None:  # the time was up, and too few had voted
            return soon if any(voted) and enough(rules, sum(voted), len(voted)) else None
        if rules.method is Method.TURNS:
            done = has_voted(rules, state.ballots.get(whose_turn(state)))
        else:
            done = bool(voted) and all(voted)
        return min(night.latest, soon) if done else night.latest

    return closes_at


def whose_turn(state: NightState) -> str:
    """The id of whose turn it is to pick; where he is out again, of who came first. "" where nobody is in."""
    there = [one.person_id for one in state.attendees]
    turn = str(state.night.options.get("turn"))
    return turn if turn in there else next(iter(there), "")


def missing(rules: Rules, state: NightState) -> list[AttendeeRow]:
    """Those who are still to vote."""
    asked = state.attendees
    if rules.method is Method.TURNS:
        asked = tuple(one for one in asked if one.person_id == whose_turn(state))
    return [one for one in asked if not has_voted(rules, state.ballots.get(one.person_id))]


def enough(rules: Rules, voted: int, people: int) -> bool:
    """Whether so many have voted as the group asks for; where one picks, no others are asked."""
    return rules.method is Method.TURNS or voted * 100 >= rules.quorum * people
