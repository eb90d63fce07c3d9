"""What is to go wrong, and when: for the next calls of a method, or for as long as it is switched on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from tests.doubles.bot_api.refusals import Refused, too_many
from tests.doubles.bot_api.wire import Asked


class Lost(Enum):
    """How an answer gets lost after the call was done."""

    RESET = auto()
    """The connection is reset."""
    CUT = auto()
    """The body ends in its middle."""
    GARBAGE = auto()
    """200, with HTML for a body."""
    HANGS = auto()
    """It doesn't come while the fault is on."""


@dataclass(frozen=True)
class Fault:
    """One way to fail. Before the call is done: `wait`, `reset`, `refused`, `page`. After it: `late`, `lost`."""

    wait: asyncio.Event | None = None
    reset: bool = False
    refused: Refused | None = None
    page: tuple[int, bytes] | None = None
    late: asyncio.Event | None = None
    lost: Lost | None = None
    hangs: bool = False


def delayed(until: asyncio.Event) -> Fault:
    """Nothing is done until the event is set; then all goes well."""
    return Fault(wait=until)


def answered_late(until: asyncio.Event) -> Fault:
    """Done at once, and answered when the event is set."""
    return Fault(late=until)


def retry_after(seconds: int) -> Fault:
    """429 Too Many Requests."""
    return Fault(refused=too_many(seconds))


def refused(code: int, description: str, **parameters: int) -> Fault:
    """Any answer with `ok: false`."""
    return Fault(refused=Refused(code, description, parameters))


def server_error(status: int = 502) -> Fault:
    """5xx with a page of HTML, as a proxy sends it; 500 as the Bot API server itself says it."""
    if status == 500:
        return Fault(refused=Refused(500, "Internal Server Error: restart"))
    title = {502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Time-out"}.get(status, "Error")
    return Fault(page=(status, f"<html><head><title>{status} {title}</title></head></html>".encode()))


def reset_before() -> Fault:
    """The connection is reset before anything was done."""
    return Fault(reset=True)


def reset_after() -> Fault:
    """Done, and the connection is reset instead of an answer."""
    return Fault(lost=Lost.RESET)


def truncated() -> Fault:
    """Done, and the answer ends in its middle."""
    return Fault(lost=Lost.CUT)


def garbage() -> Fault:
    """Done, and answered with 200 and a page of HTML."""
    return Fault(lost=Lost.GARBAGE)


def hangs() -> Fault:
    """Nothing is done, and nothing is answered, until it is switched off; the connection is then reset."""
    return Fault(hangs=True)


def hangs_after() -> Fault:
    """Done, and nothing is answered until it is switched off; the connection is then reset."""
    return Fault(lost=Lost.HANGS)


@dataclass(eq=False)
class Planned:
    """A fault that is to happen. `left` calls of it, or None: all until `off()`."""

    method: str
    fault: Fault
    left: int | None
    chat: int | None = None
    when: Callable[[Asked], bool] | None = None
    hits: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    """A call has run into it."""
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def off(self) -> None:
        """No more of it; what hangs is let go."""
        self.left = 0
        self.over.set()

    def takes(self, asked: Asked) -> bool:
        """Whether this call runs into it."""
        if self.left == 0 or self.method not in ("*", asked.method):
            return False
        if self.chat is not None and str(asked.values.get("chat_id")) != str(self.chat):
            return False
        return self.when is None or self.when(asked)

    def __enter__(self) -> Planned:
        return self

    def __exit__(self, *_: object) -> None:
        self.off()


class Faults:
    """The plan. The first that fits a call happens to it."""

    def __init__(self) -> None:
        self._planned: list[Planned] = []

    def add(
        self,
        method: str,
        fault: Fault,
        *,
        times: int | None = 1,
        chat: Any = None,
        when: Callable[[Asked], bool] | None = None,
    ) -> Planned:
        """Plan it for the next `times` calls of `method` ("*": of all), or with None until it is switched off."""
        planned = Planned(method, fault, times, getattr(chat, "id", chat), when)
        self._planned.append(planned)
        return planned

    def next_for(self, asked: Asked) -> Planned | None:
        """What is to happen to this call."""
        for planned in self._planned:
            if planned.takes(asked):
                planned.hits += 1
                planned.left = None if planned.left is None else planned.left - 1
                planned.reached.set()
                return planned
        return None

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        for planned in self._planned:
            planned.off()
        self._planned.clear()
