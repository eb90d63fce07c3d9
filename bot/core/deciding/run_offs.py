"""The two methods with a run-off: by ranking, and STAR ("score then automatic run-off")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import starvote
from pyrankvote import Ballot as Ranking
from pyrankvote import Candidate
from pyrankvote.helpers import CompareMethodIfEqual, ElectionManager

from bot.core.deciding.model import BEST, Round, RoundKind, Tie, TieRule
from bot.core.deciding.ties import Standing, settled

Won: TypeAlias = tuple[int, tuple[Round, ...], tuple[Tie, ...]]
"""Which title has won, by which rounds, and the ties that had to be broken for it."""


def run_off(rankings: Sequence[Sequence[int]], standings: Mapping[int, Standing]) -> Won:
    """Who wins the instant run-off among the titles of `standings`, of which each ranking has at least one.

    Round after round the last one is dropped, and its votes go to who comes next on those ballots, until one has more
    than half of the votes that are left. pyrankvote counts and passes the votes on; who is dropped is said here, as it
    would draw lots between those who are level.
    """
    candidates = {number: Candidate(str(number)) for number in standings}
    votes = [Ranking([candidates[number] for number in ranking]) for ranking in rankings]
    # What it makes of ties is never asked, so the cheapest way will do.
    manager = ElectionManager([*candidates.values()], votes, compare_method_if_equal=CompareMethodIfEqual.Random)
    racing, rounds, ties = sorted(standings), list[Round](), list[Tie]()
    while True:
        totals = {number: round(manager.get_number_of_votes(candidates[number])) for number in racing}
        # Those without any vote have none to pass on: they leave together.
        for number in [number for number in racing if not totals[number]]:
            racing.remove(number)
            manager.reject_candidate(candidates[number])
        top = max(racing, key=totals.__getitem__)
        if totals[top] * 2 > sum(totals.values()):
            return top, (*rounds, Round(RoundKind.COUNT, totals)), tuple(ties)
        if len(racing) == 2:
            tie = settled(racing, standings)
            return tie.chosen, (*rounds, Round(RoundKind.COUNT, totals)), (*ties, tie)
        fewest = min(totals[number] for number in racing)
        level = [number for number in racing if totals[number] == fewest]
        if len(level) > 1:
            ties.append(settled(level, standings, last=True))
        dropped = ties[-1].chosen if len(level) > 1 else level[0]
        rounds.append(Round(RoundKind.COUNT, totals, dropped))
        racing.remove(dropped)
        manager.reject_candidate(candidates[dropped])
        manager.transfer_votes(candidates[dropped], totals[dropped])


def star(scores: Sequence[Mapping[int, int]], standings: Mapping[int, Standing]) -> Won:
    """Who wins by STAR among the titles of `standings`, of which at least one has points.

    The two with most points are in the run-off, where each ballot is for the one that it gives more. A level run-off
    goes to who has more points, then to who has more fives (so starvote has it, which counts it), then by our rule.
    """
    points = {number: sum(ballot.get(number, 0) for ballot in scores) for number in sorted(standings)}
    ahead = sorted(points, key=lambda number: (-points[number], standings[number]))
    rounds = (Round(RoundKind.SCORES, points),)
    if len(ahead) == 1:
        return ahead[0], rounds, ()
    level = [number for number in ahead[1:] if points[number] == points[ahead[1]]]
    ties = [settled(level, standings)] if len(level) > 1 else []
    one, other = finalists = sorted(ahead[:2])
    ours: list[Tie] = []

    def by_our_rule(_options: object, tied: list[str], _desired: int, _error: Exception) -> list[str]:
        ours.append(settled([int(name) for name in tied], standings))
        return [str(ours[0].chosen)]

    pairs = [{str(number): ballot.get(number, 0) for number in finalists} for ballot in scores]
    winner = int(starvote.star_voting(pairs, maximum_score=BEST, tiebreaker=by_our_rule, verbosity=0)[0])
    votes = {
        one: sum(ballot.get(one, 0) > ballot.get(other, 0) for ballot in scores),
        other: sum(ballot.get(other, 0) > ballot.get(one, 0) for ballot in scores),
    }
    if votes[one] == votes[other]:
        rule = TieRule.POINTS if points[one] != points[other] else TieRule.FIVES
        ties += ours or [Tie((one, other), rule, winner)]
    return winner, (*rounds, Round(RoundKind.RUNOFF, votes)), tuple(ties)
