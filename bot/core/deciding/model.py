"""What a group decides with: the titles on the ballot, what each person says, and how it came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

BEST: Final = 5
"""The most points that a ballot gives a title."""


class Method(StrEnum):
    """A way to decide."""

    APPROVAL = "approval"
    RANKED = "ranked"
    STAR = "star"
    DRAW = "draw"
    TURNS = "turns"


@dataclass(frozen=True, slots=True)
class Entry:
    """A title on the ballot. `number` is from 1. The counts are of those who are in.

    `wanted`: on how many watchlists it is; `seen_by`: how many have seen it; `waited`: nights since a film of whoever
    proposed it has won.
    """

    number: int
    wanted: int = 0
    seen_by: int = 0
    waited: int = 0


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one person says, by the titles' numbers. `ranking`: best first; the others are below all of them.

    `scores`: 0 to 5; what is not scored has 0. Raises ValueError for another score.
    """

    approved: frozenset[int] = frozenset()
    ranking: tuple[int, ...] = ()
    scores: Mapping[int, int] = field(default_factory=dict)
    vetoes: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if any(not 0 <= score <= BEST for score in self.scores.values()):
            raise ValueError(f"a score is from 0 to {BEST}: {dict(self.scores)}")

    def to_json(self) -> dict[str, Any]:
        """As it is kept: `{"a": [1, 3], "r": [3, 1], "s": {"1": 5}, "v": [2]}`, without what is empty."""
        said = {
            "a": sorted(self.approved),
            "r": list(self.ranking),
            "s": {str(number): score for number, score in sorted(self.scores.items())},
            "v": sorted(self.vetoes),
        }
        return {key: value for key, value in said.items() if value}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Ballot:
        """What `to_json` has made. Raises ValueError."""
        return cls(
            approved=frozenset(kept.get("a", ())),
            ranking=tuple(kept.get("r", ())),
            scores={int(number): score for number, score in kept.get("s", {}).items()},
            vetoes=frozenset(kept.get("v", ())),
        )


class TieRule(StrEnum):
    """What breaks a tie, in this order. The first two are STAR's own, for its run-off."""

    POINTS = "points"
    FIVES = "fives"
    APPROVALS = "approvals"
    FEWER_VETOES = "fewer_vetoes"
    FEWER_SEEN = "fewer_seen"
    WAITED = "waited"
    DRAW = "draw"


@dataclass(frozen=True, slots=True)
class Tie:
    """Titles that were level until `rule` spoke for the one `chosen`: to win, to be in the run-off, or to be dropped.

    `among` are those that were still level when it did.
    """

    among: tuple[int, ...]
    rule: TieRule
    chosen: int


class RoundKind(StrEnum):
    """What a round's totals are: votes, points, votes in STAR's run-off …"""

    COUNT = "count"
    SCORES = "scores"
    RUNOFF = "runoff"
    CHANCES = "chances"
    """Of the draw: how many of all the chances each title had."""
    DRAW = "draw"
    """Of the draw: the same in percent."""
    WANTED = "wanted"
    """Nobody has voted: on how many watchlists each title is."""
    PICKED = "picked"
    """The one that was picked by whose turn it was."""


@dataclass(frozen=True, slots=True)
class Round:
    """One count. `totals` by the titles' numbers; `dropped`: which one left after it."""

    kind: RoundKind
    totals: Mapping[int, float]
    dropped: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it came out. `order`: the winner first, then the runners-up; without those that were vetoed out.

    `ties`: those that mattered for the winner. `voters`: how many ballots said anything. `spared`: all titles had too
    many vetoes, so that those with the fewest stayed.
    """

    method: Method
    order: tuple[int, ...]
    rounds: tuple[Round, ...]
    ties: tuple[Tie, ...]
    vetoed: tuple[int, ...]
    seed: str
    voters: int
    spared: bool = False

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "method": self.method.value,
            "order": list(self.order),
            "rounds": [
                {"kind": one.kind.value, "totals": {str(n): total for n, total in one.totals.items()}}
                | ({} if one.dropped is None else {"dropped": one.dropped})
                for one in self.rounds
            ],
            "ties": [{"among": list(tie.among), "rule": tie.rule.value, "chosen": tie.chosen} for tie in self.ties],
            "vetoed": list(self.vetoed),
            "seed": self.seed,
            "voters": self.voters,
            "spared": self.spared,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Outcome:
        """What `to_json` has made."""
        return cls(
            method=Method(kept["method"]),
            order=tuple(kept["order"]),
            rounds=tuple(
                Round(RoundKind(one["kind"]), {int(n): total for n, total in one["totals"].items()}, one.get("dropped"))
                for one in kept["rounds"]
            ),
            ties=tuple(Tie(tuple(tie["among"]), TieRule(tie["rule"]), tie["chosen"]) for tie in kept["ties"]),
            vetoed=tuple(kept["vetoed"]),
            seed=kept["seed"],
            voters=kept["voters"],
            spared=kept["spared"],
        )
