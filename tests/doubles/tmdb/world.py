"""What TMDB consists of: titles, accounts, what each keeps, who is signed in, what was asked. No HTTP in here."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from hashlib import sha1
from itertools import count
from typing import Final, Literal

from tests.doubles.serving import Bell, Clock
from tests.doubles.tmdb.description import Description
from tests.doubles.tmdb.faults import Faults
from tests.doubles.tmdb.refusals import no_session, not_found
from tests.doubles.tmdb.titles import Kind, Person, Title, load
from tests.doubles.tmdb.tokens import Tokens
from tests.doubles.tmdb.wire import Call

READ_TOKEN: Final = "eyJhbGciOiJIUzI1NiJ9.for-tests-only.read-token"
Section = Literal["favorite", "watchlist", "rated"]
Key = tuple[Kind, int]


@dataclass(eq=False)
class Account:
    """One person's account, and what it keeps. A section's titles are in the order in which they were put there."""

    id: int
    username: str
    name: str
    iso_639_1: str = "en"
    iso_3166_1: str = "US"
    include_adult: bool = False
    favorite: dict[Key, None] = field(default_factory=dict)
    watchlist: dict[Key, None] = field(default_factory=dict)
    ratings: dict[Key, float] = field(default_factory=dict)

    @property
    def object_id(self) -> str:
        """How version 4 calls it: 24 hexadecimal digits."""
        return sha1(f"account {self.id}".encode()).hexdigest()[:24]

    @property
    def gravatar(self) -> str:
        """The hash that its picture is found by."""
        return sha1(self.username.encode()).hexdigest()[:32]

    def keeps(self, section: Section) -> list[Key]:
        """A section's titles, the oldest first."""
        match section:
            case "favorite":
                return list(self.favorite)
            case "watchlist":
                return list(self.watchlist)
            case "rated":
                return list(self.ratings)

    def put(self, section: Section, key: Key, there: bool) -> bool:
        """Put it on a list or take it off; whether it was there before."""
        kept = self.favorite if section == "favorite" else self.watchlist
        before = key in kept
        if there:
            kept.setdefault(key)
        else:
            kept.pop(key, None)
        return before

    def rate(self, key: Key, value: float) -> bool:
        """Rate it, which takes it off the watchlist; whether it had a rating before."""
        before = key in self.ratings
        self.ratings[key] = value
        self.watchlist.pop(key, None)
        return before


class Tmdb:
    """The world behind the double. Tests make accounts and read what they keep; the client needs the read token.

    `complaints` collects what the original forgives or the description doesn't name; `calls` what was asked. Without
    a `description` it is held to TMDB's own, where that is (tests/conftest.py says where).
    """

    def __init__(
        self,
        *,
        description: Description | None = None,
        read_token: str = READ_TOKEN,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self.description = description or Description.there()
        self.read_token = read_token
        self.clock = clock or Clock()
        self.faults = Faults()
        self.complaints: list[str] = []
        self.calls: list[Call] = []
        self.accounts: dict[int, Account] = {}
        self.sessions: dict[str, Account] = {}
        self.tokens = Tokens(self.clock)
        self.wording: dict[str, int] = {}
        self._account_ids = count(7_001)
        self._numbers = count(1)
        self._bell = Bell()
        self.titles: dict[Key, Title] = {title.key: title for title in (*load(), *self._coming())}

    # ── Time ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def today(self) -> date:
        """The day, by the world's clock, UTC."""
        return datetime.fromtimestamp(self.clock(), UTC).date()

    def day(self, ahead: int) -> str:
        """The date so many days from now."""
        return (self.today() + timedelta(days=ahead)).isoformat()

    def _coming(self) -> Iterable[Title]:
        for number, name in enumerate(("Tomorrow's Premiere", "Next Month's Feature"), start=9_000_010):
            days = 1 if number == 9_000_010 else 30
            yield Title("movie", number, name, name, self.day(days), 101, ((18, "Drama"),), "en")

    # ── Titles and people ────────────────────────────────────────────────────────────────────────────────────────

    def title(self, kind: Kind, number: int) -> Title:
        """That title. Refused if there is none."""
        found = self.titles.get((kind, number))
        if found is None:
            raise not_found()
        return found

    def of_kind(self, *kinds: Kind) -> list[Title]:
        """All films, all series, or both, the most popular first."""
        found = [title for title in self.titles.values() if title.kind in kinds]
        return sorted(found, key=lambda title: -title.popularity)

    @cached_property
    def people(self) -> dict[int, Person]:
        """Everybody who made or played in a title."""
        everybody = (person for title in self.titles.values() for person in (*title.makers, *title.cast))
        return {person.id: person for person in everybody}

    # ── Accounts and sessions ────────────────────────────────────────────────────────────────────────────────────

    def account(
        self,
        username: str,
        *,
        name: str = "",
        iso_639_1: str = "en",
        iso_3166_1: str = "US",
        include_adult: bool = False,
    ) -> Account:
        """A new account."""
        made = Account(next(self._account_ids), username, name, iso_639_1, iso_3166_1, include_adult)
        self.accounts[made.id] = made
        return made

    def session(self, account: Account) -> str:
        """A new v3 session of an account, as if it had been converted from a token."""
        made = sha1(f"session {account.id} {next(self._numbers)}".encode()).hexdigest()
        self.sessions[made] = account
        return made

    def revoke(self, session: str, *, code: int = 3) -> None:
        """The person took the permission back: the session is refused from now on, with this status code (3 or 17)."""
        del self.sessions[session]
        self.wording[session] = code

    def whose(self, session: str | None) -> Account:
        """Whose session it is. Refused."""
        account = self.sessions.get(session or "")
        if account is None:
            raise no_session(self.wording.get(session or "", 3))
        return account

    # ── Signing in with version 4: what happens in the browser ───────────────────────────────────────────────────

    def approve(self, request_token: str, account: Account) -> str:
        """The person allows it on TMDB's page; gives the address that the browser is sent to then. Refused."""
        return self.tokens.decide(request_token, account.object_id)

    def deny(self, request_token: str) -> str:
        """The person says no; gives the address that the browser is sent to then. Refused."""
        return self.tokens.decide(request_token, None)

    def by_object_id(self, object_id: str) -> Account:
        """The account that version 4 calls so."""
        return next(account for account in self.accounts.values() if account.object_id == object_id)

    # ── Looking ──────────────────────────────────────────────────────────────────────────────────────────────────

    def called(self, method: str, path: str) -> list[Call]:
        """The calls so far whose method is this and whose whole path fits this pattern."""
        return [call for call in self.calls if call.method == method and re.fullmatch(path, call.path)]

    async def until(self, true: Callable[[], object], timeout: float = 10) -> None:  # noqa: ASYNC109
        """Wait until it is true, looking after each call and answer. AssertionError after `timeout` seconds."""
        try:
            async with asyncio.timeout(timeout):
                await self._bell.until(true)
        except TimeoutError:
            calls = "\n".join(map(str, self.calls[-20:]))
            raise AssertionError(f"it did not happen within {timeout} s. The last calls:\n{calls}") from None

    def changed(self) -> None:
        """Wake who waits: a call has come, or was answered."""
        self._bell.ring()

    def complain(self, what: str) -> None:
        """Note what no test should let pass."""
        self.complaints.append(what)
