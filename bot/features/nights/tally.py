"""The count of a vote, round after round, as bars."""

from __future__ import annotations

from typing import Final

from bot.core.deciding import Outcome, Round, RoundKind
from bot.core.night import Candidate
from bot.core.phrases import N_, Text, plain, t
from bot.core.reply import Bar, Tally
from bot.core.text import clean

MOST_ROUNDS: Final = 6
"""Of more, the last ones: the first to drop out had hardly a vote."""

_HEADINGS: Final = {
    RoundKind.COUNT: N_("Votes"),
    RoundKind.SCORES: N_("Points"),
    RoundKind.RUNOFF: N_("Run-off"),
    RoundKind.CHANCES: N_("Chances"),
    RoundKind.DRAW: N_("Chances in percent"),
    RoundKind.WANTED: N_("On watchlists"),
    RoundKind.PICKED: N_("Picked"),
}


def tally(outcome: Outcome, candidates: tuple[Candidate, ...]) -> Tally:
    """What the picture of an outcome shows."""
    names = {one.number: one.name for one in candidates}
    rounds = [one for one in outcome.rounds if one.kind is not RoundKind.DRAW][-MOST_ROUNDS:]
    first = len(outcome.rounds) - len(rounds) + 1
    several = len([one for one in rounds if one.kind is RoundKind.COUNT]) > 1
    return Tally(
        tuple(
            (_heading(one, number if several else None), _bars(one, outcome, names, last=one is rounds[-1]))
            for number, one in enumerate(rounds, first)
        )
    )


def _heading(shown: Round, number: int | None) -> Text:
    heading = Text(_HEADINGS[shown.kind])
    return heading if number is None else t("{heading}, round {number}", heading=heading, number=number)


def _bars(shown: Round, outcome: Outcome, names: dict[int, str], *, last: bool) -> tuple[Bar, ...]:
    most = max(shown.totals.values(), default=0) or 1
    ranked = sorted(
        shown.totals,
        key=lambda number: (
            -shown.totals[number],
            outcome.order.index(number) if number in outcome.order else len(names),
        ),
    )
    return tuple(
        Bar(
            plain(clean(names[number], 60)),
            t("{total}", total=round(shown.totals[number])),
            shown.totals[number] / most,
            wins=last and number == outcome.order[0],
        )
        for number in ranked
    )
