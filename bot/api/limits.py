"""How many accounts one address may make."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Final

from bot.api.faults import too_many

_MOST_ADDRESSES: Final = 10_000


class Limit:
    """At most `most` in any `seconds`, for each address. `clock` gives seconds and never goes back."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float]) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._taken: dict[str, deque[float]] = {}

    def take(self, address: str) -> None:
        """Count one. Raises Fault (429) where there were too many."""
        now = self._clock()
        taken = self._taken.pop(address, deque())
        while taken and taken[0] <= now - self._seconds:
            taken.popleft()
        # Put back at the end: the address that was quiet for longest is the first to be forgotten.
        self._taken[address] = taken
        if len(self._taken) > _MOST_ADDRESSES:
            del self._taken[next(iter(self._taken))]
        if len(taken) >= self._most:
            raise too_many(taken[0] + self._seconds - now)
        taken.append(now)
