"""Deciding on a film: the examples of the literature, the rule for ties, vetoes, the draw, turns, and what is kept."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.core.deciding import Ballot, Entry, Method, Round, RoundKind, decide

SEED = "7f3a"
MEMPHIS, NASHVILLE, CHATTANOOGA, KNOXVILLE = CITIES = (1, 2, 3, 4)
HEAT, ALIEN, UP = FILMS = (1, 2, 3)


def entries(numbers: Sequence[int]) -> list[Entry]:
    return [Entry(number) for number in numbers]


def approving(*approved: set[int]) -> list[Ballot]:
    return [Ballot(approved=frozenset(one)) for one in approved]


def scoring(*groups: tuple[int, tuple[int, ...]]) -> list[Ballot]:
    """So many ballots with these scores for 1, 2, 3 …"""
    return [Ballot(scores=dict(enumerate(scores, 1))) for count, scores in groups for _ in range(count)]


def ranking(*groups: tuple[int, tuple[int, ...]]) -> list[Ballot]:
    return [Ballot(ranking=ranked) for count, ranked in groups for _ in range(count)]


# Which city is to be the capital of Tennessee: Wikipedia's example for each of the methods. Each wants it near.
TENNESSEE_RANKED = (
    (42, (MEMPHIS, NASHVILLE, CHATTANOOGA, KNOXVILLE)),
    (26, (NASHVILLE, CHATTANOOGA, KNOXVILLE, MEMPHIS)),
    (15, (CHATTANOOGA, KNOXVILLE, NASHVILLE, MEMPHIS)),
    (17, (KNOXVILLE, CHATTANOOGA, NASHVILLE, MEMPHIS)),
)


def test_tennessee_by_approval_of_the_two_nearest() -> None:
    ballots = [Ballot(approved=frozenset(ranked[:2])) for count, ranked in TENNESSEE_RANKED for _ in range(count)]
    outcome = decide(Method.APPROVAL, entries(CITIES), ballots, seed=SEED)
    totals = {MEMPHIS: 42, NASHVILLE: 68, CHATTANOOGA: 58, KNOXVILLE: 32}
    assert outcome.rounds == (Round(RoundKind.COUNT, totals),)
    assert outcome.order == (NASHVILLE, CHATTANOOGA, MEMPHIS, KNOXVILLE)
    assert outcome.ties == ()
    assert outcome.voters == 100


def test_tennessee_by_ranking() -> None:
    outcome = decide(Method.RANKED, entries(CITIES), ranking(*TENNESSEE_RANKED), seed=SEED)
    assert outcome.rounds == (
        Round(RoundKind.COUNT, {MEMPHIS: 42, NASHVILLE: 26, CHATTANOOGA: 15, KNOXVILLE: 17}, dropped=CHATTANOOGA),
        Round(RoundKind.COUNT, {MEMPHIS: 42, NASHVILLE: 26, KNOXVILLE: 32}, dropped=NASHVILLE),
        Round(RoundKind.COUNT, {MEMPHIS: 42, KNOXVILLE: 58}),
    )
    # Without Knoxville, Chattanooga has 32; Nashville is dropped, and its votes make it 58.
    assert outcome.order == (KNOXVILLE, CHATTANOOGA, NASHVILLE, MEMPHIS)
    assert outcome.ties == ()


def test_tennessee_by_star() -> None:
    ballots = scoring((42, (5, 2, 1, 0)), (26, (0, 5, 2, 1)), (15, (0, 3, 5, 3)), (17, (0, 2, 4, 5)))
    outcome = decide(Method.STAR, entries(CITIES), ballots, seed=SEED)
    assert outcome.rounds == (
        Round(RoundKind.SCORES, {MEMPHIS: 210, NASHVILLE: 293, CHATTANOOGA: 237, KNOXVILLE: 156}),
        Round(RoundKind.RUNOFF, {NASHVILLE: 68, CHATTANOOGA: 32}),
    )
    assert outcome.order[0] == NASHVILLE


A, B, C, D, E = range(1, 6)


@pytest.mark.parametrize(
    ("groups", "winner"),
    [
        (((51, (5, 0, 4)), (49, (0, 5, 4))), A),  # C has more points; more ballots are for A
        (((51, (5, 0, 4, 4)), (49, (0, 5, 4, 3))), C),
        (((5, (3, 3, 4, 0, 5)), (3, (5, 5, 3, 0, 0)), (1, (5, 3, 3, 0, 0))), A),
        (((4, (3, 2, 4, 5, 0)), (3, (3, 5, 0, 0, 4)), (2, (3, 1, 4, 0, 5))), A),
        (((4, (3, 2, 4, 5, 0)), (3, (3, 5, 0, 0, 4)), (2, (3, 1, 4, 0, 5)), (1, (5, 0, 2, 0, 0))), C),
        (((9, (5, 1, 0)), (12, (0, 5, 1)), (8, (1, 0, 5))), A),
        (((5, (0, 1, 5)), (4, (5, 0, 1)), (8, (1, 5, 0))), C),
    ],
)
def test_stars_published_examples(groups: tuple[tuple[int, tuple[int, ...]], ...], winner: int) -> None:
    """rangevoting.org/StarVoting.html"""
    numbers = range(1, len(groups[0][1]) + 1)
    assert decide(Method.STAR, entries(numbers), scoring(*groups), seed=SEED).order[0] == winner
