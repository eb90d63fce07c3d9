"""What holds of deciding whatever is voted."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import pytest
import starvote
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.core.deciding import Ballot, Entry, Method, Outcome, RoundKind, TieRule, decide
from bot.core.deciding.words import MOST_REASONS, why
from bot.core.phrases import phrases

few = settings(max_examples=60)
numbers = st.integers(1, 6)  # some are not on the ballot
counts = st.integers(0, 3)
VOTED = (Method.APPROVAL, Method.RANKED, Method.STAR)

ballot = st.builds(
    Ballot,
    approved=st.frozensets(numbers),
    ranking=st.lists(numbers, unique=True).map(tuple),
    scores=st.dictionaries(numbers, st.integers(0, 5)),
    vetoes=st.frozensets(numbers, max_size=2),
)
ballots = st.lists(ballot, max_size=8)
seeds = st.text("0123456789abcdef", min_size=1, max_size=8)
entries = st.integers(1, 5).flatmap(
    lambda count: st.tuples(*(st.builds(Entry, st.just(n), counts, counts, counts) for n in range(1, count + 1)))
)


def first(outcome: Outcome) -> int:
    return outcome.order[0]


@few
@given(st.sampled_from(Method), entries, ballots, seeds, st.integers(0, 4), st.one_of(st.none(), numbers))
def test_every_outcome(
    method: Method, films: tuple[Entry, ...], said: list[Ballot], seed: str, veto_from: int, picked: int | None
) -> None:
    outcome = decide(method, films, said, seed=seed, veto_from=veto_from, picked=picked)
    # Each title that isn't vetoed out is there once.
    assert sorted((*outcome.order, *outcome.vetoed)) == [film.number for film in films]
    assert outcome.order
    assert outcome.voters <= len(said)
    # What is kept says the same, and there are words for it.
    assert Outcome.from_json(outcome.to_json()) == outcome
    assert 1 <= len(why(outcome, {film.number: "Heat" for film in films}, phrases("en"))) <= MOST_REASONS
    # A tie is among titles that had the same in a round, and a title that is dropped isn't the winner.
    for tie in outcome.ties:
        assert tie.chosen in tie.among
        assert any(len({one.totals.get(number) for number in tie.among}) == 1 for one in outcome.rounds)
    assert first(outcome) not in {one.dropped for one in outcome.rounds}


@few
@given(st.sampled_from(Method), entries, ballots, seeds, st.randoms(use_true_random=False))
def test_the_order_of_ballots_and_of_titles_doesnt_matter(
    method: Method, films: tuple[Entry, ...], said: list[Ballot], seed: str, random: Random
) -> None:
    outcome = decide(method, films, said, seed=seed, veto_from=2)
    shuffled_films, shuffled = list(films), list(said)
    random.shuffle(shuffled_films)
    random.shuffle(shuffled)
    assert decide(method, shuffled_films, shuffled, seed=seed, veto_from=2) == outcome


@few
@given(st.sampled_from(VOTED), entries, ballots.filter(bool), seeds, st.data())
def test_what_all_like_best_wins(
    method: Method, films: tuple[Entry, ...], said: list[Ballot], seed: str, data: st.DataObject
) -> None:
    best = data.draw(st.sampled_from(films)).number
    unanimous = [
        Ballot(
            approved=frozenset({best}),
            ranking=(best, *(number for number in one.ranking if number != best)),
            scores={number: min(score, 4) for number, score in one.scores.items()} | {best: 5},
        )
        for one in said
    ]
    assert first(decide(method, films, unanimous, seed=seed)) == best


@few
@given(entries, ballots, seeds)
def test_without_a_loser_the_same_one_is_approved(films: tuple[Entry, ...], said: list[Ballot], seed: str) -> None:
    outcome = decide(Method.APPROVAL, films, said, seed=seed)
    for gone in outcome.order[1:]:
        fewer = [film for film in films if film.number != gone]
        assert first(decide(Method.APPROVAL, fewer, said, seed=seed)) == first(outcome)


@few
@given(st.sampled_from(VOTED), entries, ballots, seeds)
def test_the_runner_up_is_who_wins_without_the_winner(
    method: Method, films: tuple[Entry, ...], said: list[Ballot], seed: str
) -> None:
    outcome = decide(method, films, said, seed=seed)
    rest = [film for film in films if film.number != first(outcome)]
    assert decide(method, rest, said, seed=seed).order == outcome.order[1:]


@few
@given(entries, ballots, seeds)
def test_a_tie_of_approvals_goes_by_the_rule(films: tuple[Entry, ...], said: list[Ballot], seed: str) -> None:
    outcome = decide(Method.APPROVAL, films, said, seed=seed, veto_from=9)
    assume(outcome.ties)
    against = {film.number: sum(film.number in one.vetoes for one in said) for film in films}
    by_number = {film.number: film for film in films}
    (tie,) = outcome.ties
    chosen, others = by_number[tie.chosen], [by_number[number] for number in tie.among if number != tie.chosen]
    for other in others:
        stands = {
            TieRule.FEWER_VETOES: against[chosen.number] - against[other.number],
            TieRule.FEWER_SEEN: chosen.seen_by - other.seen_by,
            TieRule.WAITED: other.waited - chosen.waited,
        }
        for rule, behind in stands.items():
            if rule is tie.rule:
                assert behind < 0
                break
            assert behind == 0


def by_hand(racing: set[int], rankings: list[tuple[int, ...]]) -> int:
    """The instant run-off as books have it, where nothing is level but those without a vote."""
    votes = Counter(next((number for number in one if number in racing), None) for one in rankings)
    del votes[None]
    top = max(racing, key=votes.__getitem__)
    if votes[top] * 2 > votes.total():
        return top
    return by_hand(racing - {min(racing, key=votes.__getitem__)}, rankings)


@few
@given(entries, ballots, seeds)
def test_a_run_off_comes_out_as_by_hand(films: tuple[Entry, ...], said: list[Ballot], seed: str) -> None:
    outcome = decide(Method.RANKED, films, said, seed=seed)
    assume(outcome.rounds[0].kind is RoundKind.COUNT and not outcome.ties)
    assert first(outcome) == by_hand({film.number for film in films}, [one.ranking for one in said])


@few
@given(entries.filter(lambda films: len(films) > 1), ballots, seeds)
def test_starvote_agrees_where_nothing_is_level(films: tuple[Entry, ...], said: list[Ballot], seed: str) -> None:
    outcome = decide(Method.STAR, films, said, seed=seed)
    assume(outcome.rounds[0].kind is RoundKind.SCORES)
    assume(all(tie.rule in {TieRule.POINTS, TieRule.FIVES} for tie in outcome.ties))
    scores = [{str(film.number): one.scores.get(film.number, 0) for film in films} for one in said]
    assert starvote.star_voting(scores, verbosity=0) == [str(first(outcome))]


@pytest.mark.parametrize("method", VOTED)
def test_a_title_that_nobody_likes_is_last(method: Method) -> None:
    films = [Entry(1, wanted=9), Entry(2), Entry(3)]
    said = [Ballot(frozenset({2, 3}), (3, 2), {2: 3, 3: 4})] * 3
    assert decide(method, films, said, seed="7f3a").order[-1] == 1
    assert decide(method, [replace(films[0], wanted=0), *films[1:]], said, seed="7f3a").order[-1] == 1
