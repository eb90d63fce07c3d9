"""What comes over the wire: one call, read strictly. What a handler never reads is complained of."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.tmdb.refusals import Refused, bad_id, bad_page, bad_parameters

Json = dict[str, Any]


@dataclass(eq=False)
class Call:
    """One call. `query` is without the session, `account` is the username of whose it was.

    `status` is 0 while it is under way, and where no answer was given.
    """

    number: int
    method: str
    path: str
    query: dict[str, str]
    body: Json
    session: str | None
    account: str | None
    at: float
    status: int = 0

    def __str__(self) -> str:
        asked = f"{self.method} {self.path} {self.query} {self.body or ''}"
        return f"{self.number}. {asked} of {self.account} -> {self.status}"


@dataclass
class Asked:
    """One call: `pattern` is its path as the description writes it. Reading a value of a wrong kind is Refused."""

    method: str
    path: str
    pattern: str
    places: dict[str, str]
    query: dict[str, str]
    body: Json
    complain: Callable[[str], None]
    read: set[str] = field(default_factory=set)

    def place(self, name: str) -> int:
        """A number in the path."""
        if not re.fullmatch("[0-9]{1,10}", self.places[name]):
            raise bad_id()
        return int(self.places[name])

    def text(self, name: str) -> str | None:
        """A text of the query, or None if it wasn't given."""
        self.read.add(name)
        return self.query.get(name)

    def whole(self, name: str) -> int | None:
        """A whole number of the query, or None if it wasn't given."""
        value = self.text(name)
        if value is None:
            return None
        if not re.fullmatch(r"-?[0-9]{1,10}", value):
            raise bad_parameters(f"{name} must be a number")
        return int(value)

    def number(self, name: str) -> float | None:
        """A number of the query, or None if it wasn't given."""
        value = self.text(name)
        try:
            return None if value is None else float(value)
        except ValueError:
            raise bad_parameters(f"{name} must be a number") from None

    def flag(self, name: str) -> bool:
        """A yes or no of the query; no if it wasn't given."""
        value = self.text(name) or "false"
        if value not in ("true", "false"):
            raise bad_parameters(f"{name} must be true or false")
        return value == "true"

    def page(self) -> int:
        """The page that is asked for; the first if none is."""
        try:
            page = self.whole("page")
        except Refused:
            raise bad_page() from None
        if page is None:
            return 1
        if not 1 <= page <= 500:
            raise bad_page()
        return page

    def language(self) -> str | None:
        """The language that is asked for, as `de` or `de-DE`."""
        value = self.text("language")
        if value is not None and not re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", value):
            self.complain(f"{self.method} {self.path}: {value!r} is no language")
        return value

    def known(self, *names: str) -> None:
        """TMDB takes these, and the double does nothing about them."""
        self.read.update(names)


@dataclass(frozen=True)
class Endpoint:
    """A method and a path, and the function that answers. It gives the body, or status and body."""

    method: str
    pattern: str
    does: Callable[[Any, Asked], Json | list[Json] | tuple[int, Json]]

    def match(self, path: str) -> dict[str, str] | None:
        """What stands in the places of the path, or None if it is another path."""
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.pattern), path)
        return found.groupdict() if found else None
