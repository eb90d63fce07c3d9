"""Counting the ballots: `decide`.

Whatever the method, the runner-up is who would have won without the winner, and so on down: "next one, please" needs no
new vote. Where nobody has voted for any of those left, they come in the order in which they are wanted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from bot.core.deciding.model import Ballot, Entry, Method, Outcome, Round, RoundKind
from bot.core.deciding.run_offs import Won, run_off, star
from bot.core.deciding.ties import Standing, most, standing


def decide(
    method: Method,
    entries: Sequence[Entry],
    ballots: Sequence[Ballot],
    *,
    seed: str,
    veto_from: int = 0,
    picked: int | None = None,
) -> Outcome:
    """How the group has decided. Neither the order of `entries` nor that of `ballots` matters.

    `veto_from`: a title is out when at least so many have vetoed it; 0: there are no vetoes. `picked`: what whoever's
    turn it is has chosen. What a ballot says of numbers that are not on it is ignored.
    """
    by_number = {entry.number: entry for entry in sorted(entries, key=lambda entry: entry.number)}
    vetoes = {number: sum(number in ballot.vetoes for ballot in ballots) * bool(veto_from) for number in by_number}
    staying, spared = _staying(vetoes, veto_from)
    liked = [_liked(method, ballot) for ballot in ballots]
    standings = {
        number: standing(entry, approvals=sum(number in one for one in liked), vetoes=vetoes[number], seed=seed)
        for number, entry in by_number.items()
    }
    count = _Count(method, by_number, ballots, standings, seed)
    order: list[int] = []
    first: Won | None = None
    while rest := [number for number in staying if number not in order]:
        won = count.winner(rest, len(order) + 1, picked)
        first = first or won
        order.append(won[0])
    return Outcome(
        method=method,
        order=tuple(order),
        rounds=first[1] if first else (),
        ties=first[2] if first else (),
        vetoed=tuple(number for number in by_number if number not in staying),
        seed=seed,
        voters=sum(
            any(number in one or (veto_from and number in ballot.vetoes) for number in by_number)
            for one, ballot in zip(liked, ballots, strict=True)
        ),
        spared=spared,
    )


def _staying(vetoes: Mapping[int, int], veto_from: int) -> tuple[list[int], bool]:
    """Which are not vetoed out; where all would be, those with the fewest vetoes are spared."""
    staying = [number for number, against in vetoes.items() if not veto_from or against < veto_from]
    if staying or not vetoes:
        return staying, False
    fewest = min(vetoes.values())
    return [number for number, against in vetoes.items() if against == fewest], True


def _liked(method: Method, ballot: Ballot) -> Collection[int]:
    """The titles for which a ballot says anything."""
    if method is Method.RANKED:
        return set(ballot.ranking)
    if method is Method.STAR:
        return {number for number, score in ballot.scores.items() if score}
    return ballot.approved


@dataclass(frozen=True, slots=True)
class _Count:
    """One night's ballots, and who wins among some of the titles."""

    method: Method
    entries: Mapping[int, Entry]
    ballots: Sequence[Ballot]
    standings: Mapping[int, Standing]
    seed: str

    def winner(self, rest: Sequence[int], place: int, picked: int | None) -> Won:
        """Who wins among `rest`, for that place (1: the winner)."""
        standings = {number: self.standings[number] for number in rest}
        if self.method is Method.DRAW:
            return self._drawn(rest, place)
        if self.method is Method.TURNS and picked in standings:
            return picked, (Round(RoundKind.PICKED, {picked: 1}),), ()
        approved = {number: -standings[number][0] for number in rest}
        if not any(approved.values()):
            return _most(RoundKind.WANTED, {number: self.entries[number].wanted for number in rest}, standings)
        if self.method is Method.RANKED:
            rankings = [[n for n in dict.fromkeys(ballot.ranking) if n in standings] for ballot in self.ballots]
            return run_off([ranking for ranking in rankings if ranking], standings)
        if self.method is Method.STAR:
            return star([ballot.scores for ballot in self.ballots], standings)
        return _most(RoundKind.COUNT, approved, standings)

    def _drawn(self, rest: Sequence[int], place: int) -> Won:
        """Each title has one chance, and one more for each watchlist that it is on. To do it again by hand:

        Write the titles down by number, each as often as it has chances. The SHA-256 of the seed, read as a number, is
        divided by how many lines there are; the remainder says how many lines to skip, and the next one has won. For
        the second place the winner's lines go, and the seed is `seed:2`; for the third `seed:3`; and so on.
        """
        chances = {number: self.entries[number].wanted + 1 for number in rest}
        seed = self.seed if place == 1 else f"{self.seed}:{place}"
        lines = [number for number in rest for _ in range(chances[number])]
        won = lines[int(sha256(seed.encode()).hexdigest(), 16) % len(lines)]
        odds = {number: 100 * of / len(lines) for number, of in chances.items()}
        return won, (Round(RoundKind.CHANCES, chances), Round(RoundKind.DRAW, odds)), ()


def _most(kind: RoundKind, totals: Mapping[int, int], standings: Mapping[int, Standing]) -> Won:
    won, ties = most(totals, standings)
    return won, (Round(kind, totals),), ties
