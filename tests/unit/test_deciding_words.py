"""What people are told about how a film was decided on."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from bot.core.deciding import Ballot, Entry, Method, Outcome, decide
from bot.core.deciding.words import explained, method_name, why
from bot.core.phrases import LANGUAGES, phrases

HEAT, ALIEN, UP = range(1, 4)
TITLES = {HEAT: "Heat", ALIEN: "Alien", UP: "Up"}
FILMS = [Entry(HEAT, wanted=2), Entry(ALIEN, seen_by=1), Entry(UP, seen_by=2)]


def approving(*approved: set[int]) -> list[Ballot]:
    return [Ballot(approved=frozenset(one)) for one in approved]


def ranking(*rankings: tuple[int, ...]) -> list[Ballot]:
    return [Ballot(ranking=one) for one in rankings]


def scoring(*scores: tuple[int, ...]) -> list[Ballot]:
    return [Ballot(scores=dict(enumerate(one, 1))) for one in scores]


def of(method: Method, ballots: Iterable[Ballot], films: Iterable[Entry] = FILMS, veto_from: int = 0) -> Outcome:
    return decide(method, [*films], [*ballots], seed="7f3a", veto_from=veto_from)


def turn(picked: int) -> Outcome:
    return decide(Method.TURNS, FILMS, [], seed="7f3a", picked=picked)


SPARED = [Ballot(approved=frozenset({HEAT}), vetoes=frozenset(TITLES))]


@pytest.mark.parametrize(
    ("outcome", "lines"),
    [
        (of(Method.APPROVAL, approving({HEAT}, {HEAT, UP}, {ALIEN})), ["2 of 3 would watch Heat."]),
        (
            of(Method.APPROVAL, approving({HEAT, ALIEN}, {HEAT, UP, ALIEN})),
            ["2 of 2 would watch Heat.", "Heat and Alien were level with 2; fewer of you have seen Heat."],
        ),
        (of(Method.RANKED, ranking((HEAT, UP), (HEAT,), (ALIEN,))), ["Heat was first for 2 of 3."]),
        (
            of(Method.RANKED, ranking((HEAT, UP), (HEAT,), (ALIEN,), (ALIEN,), (UP, ALIEN))),
            ["Alien won the run-off in round 2 with 3 of 5."],
        ),
        (
            of(Method.RANKED, ranking((HEAT,), (HEAT,), (ALIEN,), (UP,))),
            [
                "Heat won the run-off in round 2 with 2 of 3.",
                "Up and Alien were level with 1; Up dropped out, as more of you have seen it.",
            ],
        ),
        (
            of(Method.STAR, scoring((5, 4, 0), (5, 4, 0), (0, 5, 1))),
            ["Most points: Heat 10, Alien 13. In the run-off: Heat 2, Alien 1."],
        ),
        (
            of(Method.STAR, scoring((5, 4), (1, 3))),
            [
                "Most points: Alien 7, Heat 6. In the run-off: Alien 1, Heat 1.",
                "Alien and Heat were level with 1; Alien has more points.",
            ],
        ),
        (of(Method.STAR, scoring((4,)), FILMS[:1]), ["Heat has 4 points."]),
        (of(Method.DRAW, []), ["Drawn with seed 7f3a: Up had 1 of 5 chances."]),
        (turn(UP), ["Up was picked by the one whose turn it was."]),
        (of(Method.APPROVAL, []), ["Nobody has voted.", "2 of you want Heat."]),
        (
            of(Method.APPROVAL, [Ballot(approved=frozenset({HEAT}), vetoes=frozenset({HEAT}))], veto_from=1),
            [
                "None of the films that are left has a vote.",
                "Alien and Up were level with 0; fewer of you have seen Alien.",
            ],
        ),
        (
            of(Method.APPROVAL, SPARED, veto_from=1),
            ["All films had too many vetoes; those with the fewest stayed.", "1 of 1 would watch Heat."],
        ),
        (of(Method.APPROVAL, [], []), []),
    ],
)
def test_why(outcome: Outcome, lines: list[str]) -> None:
    assert why(outcome, TITLES, phrases("en")) == lines


def test_of_many_that_are_level_a_few_are_named() -> None:
    films = [Entry(number, seen_by=number) for number in range(1, 8)]
    titles = {number: f"Film {number}" for number in range(1, 8)}
    lines = why(of(Method.APPROVAL, [], films), titles, phrases("en"))
    assert lines == [
        "Nobody has voted.",
        "Film 1, Film 2, Film 3 and 4 more were level with 0; fewer of you have seen Film 1.",
    ]


def test_a_level_run_off_of_many_rounds_is_told_in_three_lines() -> None:
    """Of three ties the last two, with how much each had then: at first Heat and Alien had 2."""
    films = [*FILMS, Entry(4), Entry(5)]
    ballots = ranking((HEAT,), (HEAT,), (ALIEN,), (ALIEN,), (UP,), (4, HEAT), (5, ALIEN))
    lines = why(of(Method.RANKED, ballots, films), {**TITLES, 4: "Jaws", 5: "Gravity"}, phrases("de"))
    assert lines == [
        "Heat hat die Stichwahl in Runde 4 mit 3 von 6 gewonnen.",
        "Gleichstand mit 1: Jaws und Gravity. Jaws schied durch das Los aus, mit dem Startwert 7f3a.",
        "Gleichstand mit 3: Heat und Alien. Heat haben weniger von euch gesehen.",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_method_is_named_and_explained(language: str) -> None:
    words = phrases(language)
    assert len({method_name(method, words) for method in Method}) == len(Method)
    assert all(explained(method, words).endswith(".") for method in Method)
