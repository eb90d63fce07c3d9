"""Which of several titles that are level comes first, and which rule says so."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from hashlib import sha256
from typing import Final, TypeAlias

from bot.core.deciding.model import Entry, Tie, TieRule

Standing: TypeAlias = tuple[int, int, int, int, str]
"""How a title stands by each of `_RULES`: the smaller comes first."""

_RULES: Final = (TieRule.APPROVALS, TieRule.FEWER_VETOES, TieRule.FEWER_SEEN, TieRule.WAITED, TieRule.DRAW)


def standing(entry: Entry, *, approvals: int, vetoes: int, seed: str) -> Standing:
    """How a title stands. The draw between titles: the smallest SHA-256 of `seed:number`, in hexadecimal digits."""
    drawn = sha256(f"{seed}:{entry.number}".encode()).hexdigest()
    return (-approvals, vetoes, entry.seen_by, -entry.waited, drawn)


def settled(level: Collection[int], standings: Mapping[int, Standing], *, last: bool = False) -> Tie:
    """Which of at least two that are level comes first, or last."""
    chosen = (max if last else min)(level, key=standings.__getitem__)
    among = sorted(level)
    for at, rule in enumerate(_RULES):
        still = [number for number in among if standings[number][at] == standings[chosen][at]]
        if len(still) == 1:
            return Tie(tuple(among), rule, chosen)
        among = still
    raise ValueError(f"a title can't be level with itself: {level}")


def most(totals: Mapping[int, float], standings: Mapping[int, Standing]) -> tuple[int, tuple[Tie, ...]]:
    """Which has most, and the tie that had to be broken for it."""
    top = max(totals.values())
    level = [number for number, total in totals.items() if total == top]
    if len(level) == 1:
        return level[0], ()
    tie = settled(level, standings)
    return tie.chosen, (tie,)
