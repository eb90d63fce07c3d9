"""What is to go wrong, and when: for calls that fit a method and a path, or for a share of all of them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from math import inf
from random import Random

from tests.doubles.serving import Bell
from tests.doubles.tmdb.refusals import Refused, broken, too_many_requests
from tests.doubles.tmdb.wire import Call


class Lost(Enum):
    """What becomes of the answer after the call was done."""

    RESET = auto()
    """The connection is reset."""
    CUT = auto()
    """The body ends in its middle, and the connection with it."""
    TRUNCATED = auto()
    """The whole answer is a JSON text that stops in its middle."""
    GARBAGE = auto()
    """200 with bytes that are no text."""
    HTML = auto()
    """200 with a page of HTML."""
    DRIP = auto()
    """It comes a byte at a time."""


@dataclass(frozen=True)
class Fault:
    """One way to fail. Before the call is done: `wait`, `reset`, `refused`, `page`. After it: `late`, `lost`.

    `wait`, `late` and `pace` are seconds, cut short when the fault is switched off.
    """

    wait: float = 0
    reset: bool = False
    refused: Refused | None = None
    page: int = 0
    late: float = 0
    lost: Lost | None = None
    pace: float = 0


def delayed(seconds: float) -> Fault:
    """Nothing is done for so long; then all goes well."""
    return Fault(wait=seconds)


def hangs() -> Fault:
    """Nothing is done, and nothing answered, until it is switched off; then all goes well."""
    return Fault(wait=inf)


def answered_late(seconds: float) -> Fault:
    """Done at once, and answered after so long."""
    return Fault(late=seconds)


def retry_after(seconds: int) -> Fault:
    """429, and when to ask again."""
    return Fault(refused=too_many_requests(seconds))


def server_error(status: int = 503) -> Fault:
    """5xx, as TMDB itself says it (500, 502, 503, 504)."""
    return Fault(refused=broken(status))


def error_page(status: int = 502) -> Fault:
    """5xx with a page of HTML, as a proxy before TMDB says it."""
    return Fault(page=status)


def reset_before() -> Fault:
    """The connection is reset before anything was done."""
    return Fault(reset=True)


def reset_after() -> Fault:
    """Done, and the connection is reset instead of an answer."""
    return Fault(lost=Lost.RESET)


def cut() -> Fault:
    """Done, and the connection ends in the middle of the answer."""
    return Fault(lost=Lost.CUT)


def truncated() -> Fault:
    """Done, and answered in full length with half of the JSON."""
    return Fault(lost=Lost.TRUNCATED)


def garbage() -> Fault:
    """Done, and answered with 200 and bytes that are no text."""
    return Fault(lost=Lost.GARBAGE)


def html() -> Fault:
    """Done, and answered with 200 and a page of HTML."""
    return Fault(lost=Lost.HTML)


def drip(pace: float = 0.05) -> Fault:
    """Done, and the answer comes a byte at a time, `pace` seconds between two."""
    return Fault(lost=Lost.DRIP, pace=pace)


class Switch:
    """Whether a fault is still on. It may be switched off from another thread than the one that waits."""

    def __init__(self) -> None:
        self.on = True
        self.bell = Bell()

    def off(self) -> None:
        """Let go what waits."""
        self.on = False
        self.bell.ring()


@dataclass(eq=False)
class Planned:
    """A fault that is to happen. `left` calls of it, or None: all until `off()`."""

    method: str
    path: str
    fault: Fault
    left: int | None
    when: Callable[[Call], bool] | None = None
    hits: int = 0
    switch: Switch = field(default_factory=Switch)

    def off(self) -> None:
        """No more of it; what waits is let go."""
        self.left = 0
        self.switch.off()

    def takes(self, call: Call) -> bool:
        """Whether this call runs into it."""
        if self.left == 0 or self.method not in ("*", call.method) or not re.search(self.path, call.path):
            return False
        return self.when is None or self.when(call)

    async def pause(self, seconds: float) -> None:
        """Let so much time pass, or less if it is switched off."""
        if seconds:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self.switch.bell.until(lambda: not self.switch.on)

    def __enter__(self) -> Planned:
        return self

    def __exit__(self, *_: object) -> None:
        self.off()


@dataclass(frozen=True)
class Mix:
    """How large a share of the calls goes wrong in which way."""

    shares: dict[Fault, float]
    random: Random
    switch: Switch = field(default_factory=Switch)

    def draw(self) -> Fault | None:
        """What happens to the next call; mostly nothing."""
        drawn = self.random.random()
        for fault, share in self.shares.items():
            drawn -= share
            if drawn < 0:
                return fault
        return None


class Faults:
    """The plan. The first that fits a call happens to it; if none does, the mix may have something."""

    def __init__(self) -> None:
        self._planned: list[Planned] = []
        self._mix: Mix | None = None

    def add(
        self,
        fault: Fault,
        *,
        method: str = "*",
        path: str = "",
        times: int | None = 1,
        when: Callable[[Call], bool] | None = None,
    ) -> Planned:
        """Plan it for the next `times` calls of `method` ("*": any) whose path has the pattern `path` in it.

        With None as `times` it stays until it is switched off.
        """
        planned = Planned(method, path, fault, times, when)
        self._planned.append(planned)
        return planned

    def mix(self, seed: int, shares: dict[Fault, float] | None = None) -> None:
        """From now on so large a share of all calls fails so; without shares, a bad day: 5 % 500, 2 % 429 and so on."""
        bad_day = {
            server_error(500): 0.05,
            retry_after(1): 0.02,
            reset_before(): 0.005,
            reset_after(): 0.005,
            garbage(): 0.01,
        }
        self._mix = Mix(shares or bad_day, Random(seed))

    def next_for(self, call: Call) -> Planned | None:
        """What is to happen to this call."""
        for planned in self._planned:
            if planned.takes(call):
                planned.hits += 1
                planned.left = None if planned.left is None else planned.left - 1
                return planned
        drawn = self._mix.draw() if self._mix else None
        return Planned(call.method, "", drawn, 0, switch=self._mix.switch) if self._mix and drawn else None

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        for planned in self._planned:
            planned.off()
        self._planned.clear()
        if self._mix:
            self._mix.switch.off()
        self._mix = None
