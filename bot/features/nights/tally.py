"""The count of a vote, round after round, as bars."""

from __future__ import annotations

from typing import Final

from bot.core.deciding import Method, Outcome, Round, RoundKind
from bot.core.night import Candidate
from bot.core.phrases import N_, Text, plain, t
from bot.core.reply import Bar, Tally
from bot.core.text import clean

MOST_ROUNDS: Final = 4
"""Of more, the first and the last ones."""

_HEADINGS: Final = {
    RoundKind.COUNT: N_("Votes"),
    RoundKind.SCORES: N_("Points"),
    RoundKind.RUNOFF: N_("Run-off"),
    RoundKind.DRAW: N_("Chances in percent"),
    RoundKind.WANTED: N_("Wanted by"),
    RoundKind.PICKED: N_("Picked"),
}


def tally(outcome: Outcome, candidates: tuple[Candidate, ...]) -> Tally:
    """What the picture of an outcome shows."""
    names = {one.number: plain(clean(one.name, 100)) for one in candidates}
    rounds = [(at, one) for at, one in enumerate(outcome.rounds, 1) if one.kind in _HEADINGS]
    if len(rounds) > MOST_ROUNDS:
        rounds = [rounds[0], *rounds[1 - MOST_ROUNDS :]]
    return Tally(tuple((_heading(at, one, outcome), _bars(one, outcome.order[0], names)) for at, one in rounds))


def _heading(at: int, shown: Round, outcome: Outcome) -> Text:
    if outcome.method is Method.RANKED and shown.kind is RoundKind.COUNT:
        return t("Round {round}", round=at)
    return Text(_HEADINGS[shown.kind])


def _bars(shown: Round, winner: int, names: dict[int, Text]) -> tuple[Bar, ...]:
    """Those with most first."""
    longest = max(*shown.totals.values(), 1)
    ranked = sorted(shown.totals, key=lambda number: (-shown.totals[number], number != winner, number))
    return tuple(
        Bar(
            names[number],
            round(shown.totals[number], 1),
            shown.totals[number] / longest,
            wins=number == winner,
            drops=number == shown.dropped,
        )
        for number in ranked
    )
