"""The register of methods: a call's name, the parameters it takes, and the function that does it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.doubles.bot_api.refusals import Refused
from tests.doubles.bot_api.wire import Asked
from tests.doubles.bot_api.world import World

Does = Callable[[World, Asked], Awaitable[Any]]


@dataclass(frozen=True)
class Method:
    """`takes`: every parameter that the Bot API knows here, though the double may do nothing about it."""

    name: str
    takes: frozenset[str]
    does: Does


METHODS: dict[str, Method] = {}


def method(name: str, takes: str = "") -> Callable[[Does], Does]:
    """Register a function as that method."""

    def register(does: Does) -> Does:
        METHODS[name.lower()] = Method(name, frozenset(takes.split()), does)
        return does

    return register


def find(name: str) -> Method:
    """The method of that name, in whatever case. Refused."""
    if name.lower() not in METHODS:
        raise Refused(404, "Not Found: method not found")
    return METHODS[name.lower()]
