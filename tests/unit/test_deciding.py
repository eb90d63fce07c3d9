"""Deciding on a film: the examples of the literature, the rule for ties, vetoes, the draw, turns, and what is kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256

import pytest

from bot.core.deciding import Ballot, Entry, Method, Outcome, Round, RoundKind, Tie, TieRule, decide
from bot.core.deciding.rota import whose_turn

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


def test_a_tie_goes_by_the_rule() -> None:
    """Approvals are level, so it is by who is against, who has seen it, who has waited, and then the seed."""
    level = approving({HEAT, ALIEN, UP}, {HEAT, ALIEN, UP})
    against = Ballot(vetoes=frozenset({HEAT}))

    def tie(*films: Entry, ballots: Sequence[Ballot] = (), veto_from: int = 0) -> Tie:
        outcome = decide(Method.APPROVAL, films, [*level, *ballots], seed=SEED, veto_from=veto_from)
        (tie,) = outcome.ties
        assert tie.chosen == outcome.order[0]
        return tie

    seen = (Entry(HEAT, seen_by=1), Entry(ALIEN, seen_by=2), Entry(UP, seen_by=2, waited=9))
    assert tie(*seen) == Tie(FILMS, TieRule.FEWER_SEEN, HEAT)
    # Heat has a veto too few to be out, and is behind for it.
    assert tie(*seen, ballots=[against], veto_from=2) == Tie((ALIEN, UP), TieRule.WAITED, UP)
    assert tie(Entry(HEAT), Entry(ALIEN), ballots=[against], veto_from=2) == Tie((1, 2), TieRule.FEWER_VETOES, ALIEN)
    # Where there are no vetoes, nobody is against anything.
    assert tie(*seen, ballots=[against]) == Tie(FILMS, TieRule.FEWER_SEEN, HEAT)


@pytest.mark.parametrize("seed", "0123456789")
def test_what_is_level_in_everything_is_drawn(seed: str) -> None:
    drawn = min(FILMS, key=lambda number: sha256(f"{seed}:{number}".encode()).hexdigest())
    outcome = decide(Method.APPROVAL, entries(FILMS), approving(set(FILMS)), seed=seed)
    assert outcome.ties == (Tie(FILMS, TieRule.DRAW, drawn),)


def test_a_level_run_off_goes_to_the_one_on_more_ballots() -> None:
    ballots = ranking((2, (HEAT, ALIEN)), (2, (ALIEN,)))
    outcome = decide(Method.RANKED, entries(FILMS), ballots, seed=SEED)
    assert outcome.rounds == (Round(RoundKind.COUNT, {HEAT: 2, ALIEN: 2, UP: 0}),)
    assert outcome.ties == (Tie((HEAT, ALIEN), TieRule.APPROVALS, ALIEN),)
    assert outcome.order == (ALIEN, HEAT, UP)


def test_a_vote_passes_over_those_that_have_left() -> None:
    # Nobody has Jaws first. When Up is dropped, its vote goes past Jaws to Alien.
    jaws = 4
    ballots = ranking((4, (HEAT,)), (3, (ALIEN,)), (2, (UP, jaws, ALIEN)))
    outcome = decide(Method.RANKED, entries((*FILMS, jaws)), ballots, seed=SEED)
    assert outcome.rounds[1] == Round(RoundKind.COUNT, {HEAT: 4, ALIEN: 5})


def test_who_is_dropped_of_those_level_at_the_bottom() -> None:
    ballots = ranking((2, (HEAT,)), (1, (ALIEN, UP)), (1, (UP, HEAT)))
    films = [Entry(HEAT), Entry(ALIEN, seen_by=3), Entry(UP, seen_by=4)]
    outcome = decide(Method.RANKED, films, ballots, seed=SEED)
    # Alien is on fewer ballots than Up.
    assert outcome.ties[0] == Tie((ALIEN, UP), TieRule.APPROVALS, ALIEN)
    assert outcome.rounds[0].dropped == ALIEN
    # Alien's vote has gone to Up: two each. Heat is on more ballots.
    assert outcome.rounds[1] == Round(RoundKind.COUNT, {HEAT: 2, UP: 2})
    assert outcome.ties[1:] == (Tie((HEAT, UP), TieRule.APPROVALS, HEAT),)


def test_an_elimination_ties_by_what_speaks_against_it() -> None:
    ballots = ranking((2, (HEAT,)), (1, (ALIEN,)), (1, (UP,)))
    films = [Entry(HEAT), Entry(ALIEN, seen_by=4, waited=9), Entry(UP, seen_by=3)]
    outcome = decide(Method.RANKED, films, ballots, seed=SEED)
    assert outcome.ties == (Tie((ALIEN, UP), TieRule.FEWER_SEEN, ALIEN),)
    assert outcome.order[0] == HEAT


@pytest.mark.parametrize(
    ("groups", "rule", "winner"),
    [
        (((1, (5, 4)), (1, (1, 3))), TieRule.POINTS, ALIEN),
        (((1, (5, 4)), (1, (2, 3)), (1, (3, 3))), TieRule.FIVES, HEAT),
        (((1, (4, 1)), (1, (2, 0)), (1, (0, 2)), (1, (0, 3))), TieRule.APPROVALS, ALIEN),
    ],
)
def test_a_level_run_off_by_points(groups: tuple[tuple[int, tuple[int, ...]], ...], rule: TieRule, winner: int) -> None:
    outcome = decide(Method.STAR, entries((HEAT, ALIEN)), scoring(*groups), seed=SEED)
    assert outcome.ties == (Tie((HEAT, ALIEN), rule, winner),)


def test_a_tie_for_the_second_place_in_the_run_off() -> None:
    ballots = scoring((1, (5, 3, 2)), (1, (4, 0, 1)))
    outcome = decide(Method.STAR, entries(FILMS), ballots, seed=SEED)
    assert outcome.rounds[0].totals == {HEAT: 9, ALIEN: 3, UP: 3}
    assert outcome.ties == (Tie((ALIEN, UP), TieRule.APPROVALS, UP),)
    assert outcome.rounds[1] == Round(RoundKind.RUNOFF, {HEAT: 2, UP: 0})


def test_vetoes() -> None:
    ballots = [
        Ballot(approved=frozenset({HEAT, UP}), vetoes=frozenset({ALIEN})),
        Ballot(approved=frozenset({HEAT}), vetoes=frozenset({ALIEN, UP})),
        Ballot(approved=frozenset({ALIEN}), vetoes=frozenset({HEAT})),
    ]
    two = decide(Method.APPROVAL, entries(FILMS), ballots, seed=SEED, veto_from=2)
    assert (two.order, two.vetoed, two.spared) == ((HEAT, UP), (ALIEN,), False)
    # All would be out: those with the fewest vetoes stay.
    one = decide(Method.APPROVAL, entries(FILMS), ballots, seed=SEED, veto_from=1)
    assert (one.order, one.vetoed, one.spared) == ((HEAT, UP), (ALIEN,), True)
    none = decide(Method.APPROVAL, entries(FILMS), ballots, seed=SEED)
    assert (none.vetoed, none.spared) == ((), False)


def test_who_only_vetoes_has_voted_where_there_are_vetoes() -> None:
    ballots = [Ballot(vetoes=frozenset({UP})), Ballot(vetoes=frozenset({7})), Ballot()]
    assert decide(Method.APPROVAL, entries(FILMS), ballots, seed=SEED, veto_from=2).voters == 1
    assert decide(Method.APPROVAL, entries(FILMS), ballots, seed=SEED).voters == 0


def test_nobody_voted() -> None:
    films = [Entry(HEAT, wanted=1), Entry(ALIEN, wanted=2, seen_by=1), Entry(UP, wanted=2)]
    for method in (Method.APPROVAL, Method.RANKED, Method.STAR, Method.TURNS):
        outcome = decide(method, films, [Ballot(), Ballot(approved=frozenset({7}))], seed=SEED)
        assert outcome.order == (UP, ALIEN, HEAT)
        assert outcome.rounds == (Round(RoundKind.WANTED, {HEAT: 1, ALIEN: 2, UP: 2}),)
        assert outcome.ties == (Tie((ALIEN, UP), TieRule.FEWER_SEEN, UP),)
        assert outcome.voters == 0


def test_runners_up_without_any_vote_come_as_they_are_wanted() -> None:
    films = [Entry(HEAT, wanted=1), Entry(ALIEN), Entry(UP, wanted=2)]
    says = Ballot(approved=frozenset({ALIEN}), ranking=(ALIEN,), scores={ALIEN: 5})
    for method in (Method.APPROVAL, Method.RANKED, Method.STAR):
        assert decide(method, films, [says], seed=SEED).order == (ALIEN, UP, HEAT)


def test_a_draw_can_be_checked() -> None:
    films = [Entry(UP, wanted=4), Entry(HEAT, wanted=2), Entry(ALIEN)]
    outcome = decide(Method.DRAW, films, [], seed=SEED)
    chances, odds = outcome.rounds
    assert chances == Round(RoundKind.CHANCES, {HEAT: 3, ALIEN: 1, UP: 5})
    assert odds.kind is RoundKind.DRAW
    assert odds.totals == pytest.approx({HEAT: 100 / 3, ALIEN: 100 / 9, UP: 500 / 9})
    for seed in ("7f3a", *"0123456789"):
        lines = [HEAT] * 3 + [ALIEN] + [UP] * 5
        first = lines[int(sha256(seed.encode()).hexdigest(), 16) % 9]
        lines = [number for number in lines if number != first]
        second = lines[int(sha256(f"{seed}:2".encode()).hexdigest(), 16) % len(lines)]
        assert decide(Method.DRAW, films, [], seed=seed).order[:2] == (first, second)


def test_a_draw_keeps_to_its_odds() -> None:
    films = [Entry(HEAT, wanted=2), Entry(ALIEN)]
    heat = sum(decide(Method.DRAW, films, [], seed=str(seed)).order[0] == HEAT for seed in range(1000))
    assert heat == pytest.approx(750, abs=50)


def test_turns() -> None:
    ballots = approving({ALIEN}, {ALIEN, UP})
    assert decide(Method.TURNS, entries(FILMS), ballots, seed=SEED, picked=HEAT).order == (HEAT, ALIEN, UP)
    picked = decide(Method.TURNS, entries(FILMS), ballots, seed=SEED, picked=HEAT)
    assert picked.rounds == (Round(RoundKind.PICKED, {HEAT: 1}),)
    # Nothing was picked, or it isn't there any more.
    for gone in (None, 7):
        assert decide(Method.TURNS, entries(FILMS), ballots, seed=SEED, picked=gone).order == (ALIEN, UP, HEAT)


def test_whose_turn_it_is() -> None:
    assert whose_turn(["ada", "ben", "cleo"], {}) == "ada"
    assert whose_turn(["ada", "ben", "cleo"], {"ada": 3}) == "ben"
    assert whose_turn(["ada", "ben", "cleo"], {"ada": 3, "ben": 2, "cleo": 4, "dan": 1}) == "ben"
    assert whose_turn(["ada", "ben"], {"ada": 0}) == "ben"


def test_what_is_kept_comes_back() -> None:
    ballot = Ballot(frozenset({2, 1}), (2, 1), {1: 5, 2: 0}, frozenset({3}))
    kept = {"a": [1, 2], "r": [2, 1], "s": {"1": 5, "2": 0}, "v": [3]}
    assert ballot.to_json() == kept
    assert Ballot.from_json(json.loads(json.dumps(kept))) == ballot
    assert Ballot().to_json() == {}
    assert Ballot.from_json({}) == Ballot()
    for method in Method:
        outcome = decide(method, entries(CITIES), ranking(*TENNESSEE_RANKED), seed=SEED)
        assert Outcome.from_json(json.loads(json.dumps(outcome.to_json()))) == outcome


def test_a_score_is_from_0_to_5() -> None:
    for score in (-1, 6):
        with pytest.raises(ValueError, match="from 0 to 5"):
            Ballot(scores={1: score})


def test_one_film_and_none() -> None:
    says = Ballot(approved=frozenset({12}), ranking=(12, 12, 3), scores={12: 2})
    for method in Method:
        assert decide(method, [Entry(12)], [says], seed=SEED).order == (12,)
        assert decide(method, [], [says], seed=SEED).order == ()
