"""Whose turn it is to choose the film."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def whose_turn(attendees: Sequence[str], last_turn: Mapping[str, int]) -> str:
    """Who of those who are in has waited longest: whoever has never had a turn first, in the order of joining.

    `attendees`: in the order of joining, at least one. `last_turn`: when each last had a turn; later is greater.
    """
    return min(attendees, key=lambda who: (who in last_turn, last_turn.get(who, 0)))
