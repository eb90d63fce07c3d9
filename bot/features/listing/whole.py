"""Reading the whole of a list, for an order or a choice that its service does not have.

Which titles are on it, the mirror knows. What a list's line says of them comes twenty at a time from the list itself,
what only a card says (how long, where it streams) from the catalogue, a few at once. All of it is remembered for
hours, and what there was no time for is read when the list is asked for again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from cachetools import TTLCache

from bot.core.backend import MOST_PAGES, PAGE_SIZE
from bot.core.desk import Desk
from bot.core.discovery import Details
from bot.core.errors import BackendError, MarqueeError, SessionEnded
from bot.core.model import Kind, Order, Page, Rating, Section, Title, TitleRef
from bot.core.sessions import SignedIn

T = TypeVar("T")

MOST_TITLES: Final = MOST_PAGES * PAGE_SIZE
"""On one list; no service shows more."""
MOST_CARDS: Final = 300
"""Read for one answer: TMDB takes some forty requests in a second."""
AT_ONCE: Final = 8
READ_SECONDS: Final = 6.0
"""For all that is read for one answer; a handler has ten."""
KEPT_SECONDS: Final = 6 * 3600.0
MOST_KEPT: Final = 20_000
"""Titles, of about a kilobyte each."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A title on a list, with what was read of it. `card`: also what only a card says; None until it is read."""

    title: Title
    rating: Rating | None
    card: Title | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """A list, newest first, and how many titles of it were not read yet."""

    entries: tuple[Entry, ...]
    unread: int


class WholeLists:
    """Remembers what it has read. `clock` gives seconds; `most_cards` are read for one answer."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most_cards: int = MOST_CARDS) -> None:
        self._clock = clock
        self._most_cards = most_cards
        self._lines: TTLCache[tuple[str, str, TitleRef], Title] = TTLCache(MOST_KEPT, KEPT_SECONDS, clock)
        self._cards: TTLCache[tuple[str, str, TitleRef], Title] = TTLCache(MOST_KEPT, KEPT_SECONDS, clock)

    async def read(
        self, desk: Desk, account: SignedIn, section: Section, kind: Kind, *, cards: Callable[[Title], bool] | None
    ) -> Whole:
        """The list with what is known of its titles; `cards` says of which of them also what a card says."""
        until = self._clock() + READ_SECONDS
        ratings, total = await self._shelved(desk, account, section, kind, until)
        refs = list(ratings)
        await self._read_lines(desk, account, section, kind, refs, until)
        named = desk.caller.language
        lines = {ref: line for ref in refs if (line := self._lines.get((account.service.name, named, ref)))}
        wanted = [ref for ref, line in lines.items() if cards is not None and cards(line)]
        await self._read_cards(desk, wanted, until)
        entries = tuple(Entry(line, ratings[ref], self._card(desk, ref)) for ref, line in lines.items())
        return Whole(entries, max(total, len(refs)) - len(entries))

    @staticmethod
    async def rated(desk: Desk, account: SignedIn, entries: Sequence[Entry]) -> tuple[Entry, ...]:
        """The same with the account's own ratings, also where the list doesn't tell them."""
        refs = [entry.title.ref for entry in entries if entry.rating is None]
        known = await desk.mirror.ratings(account.service, account.session, refs)
        return tuple(replace(entry, rating=entry.rating or known.get(entry.title.ref)) for entry in entries)

    # ── Which titles ─────────────────────────────────────────────────────────────────────────────────────────────

    async def _shelved(
        self, desk: Desk, account: SignedIn, section: Section, kind: Kind, until: float
    ) -> tuple[dict[TitleRef, Rating | None], int]:
        """The list's titles, newest first, as far as they are known here, and how many the service counts."""
        service, session, language = account.service, account.session, desk.caller.language
        try:
            async with asyncio.timeout(max(until - self._clock(), 0) / 2):
                await desk.mirror.refresh(
                    service,
                    session,
                    section,
                    kind,
                    language=language,
                    seen=lambda page: self._take(service.name, language, page),
                )
        except TimeoutError:
            desk.mirror.want(service, session, [(section, kind)])
        rows = await desk.mirror.titles(service, session, section, kind, Order.NEWEST, 1, MOST_TITLES)
        counts = (await desk.mirror.known(service, session)).counts
        return {row.ref: row.rating for row in rows}, counts.get((section, kind), len(rows))

    # ── What a list's line says ──────────────────────────────────────────────────────────────────────────────────

    async def _read_lines(
        self, desk: Desk, account: SignedIn, section: Section, kind: Kind, refs: list[TitleRef], until: float
    ) -> None:
        service, language = account.service, desk.caller.language
        lacking = [at for at, ref in enumerate(refs) if (service.name, language, ref) not in self._lines]
        pages = sorted({at // PAGE_SIZE + 1 for at in lacking})

        async def read(page: int) -> None:
            found = await service.accounts.titles(account.session, section, kind, Order.NEWEST, page, language)
            self._take(service.name, language, found)

        await self._each(pages, read, until)

    def _take(self, service: str, language: str, page: Page) -> None:
        for listed in page.results:
            self._lines[service, language, listed.title.ref] = listed.title

    # ── What only a card says ────────────────────────────────────────────────────────────────────────────────────

    async def _read_cards(self, desk: Desk, refs: Iterable[TitleRef], until: float) -> None:
        lacking = [ref for ref in refs if self._card(desk, ref) is None]

        async def read(ref: TitleRef) -> None:
            try:
                card = await desk.title(ref)
            except BackendError:
                raise
            except MarqueeError:
                card = Title(ref, "?", bare=True)
            self._cards[self._key(desk, ref)] = _slim(card, desk.preferences.country)

        await self._each(lacking[: self._most_cards], read, until)

    def _card(self, desk: Desk, ref: TitleRef) -> Title | None:
        return self._cards.get(self._key(desk, ref))

    @staticmethod
    def _key(desk: Desk, ref: TitleRef) -> tuple[str, str, TitleRef]:
        return desk.preferences.country, desk.caller.language, ref

    async def _each(self, of: Sequence[T], read: Callable[[T], Awaitable[None]], until: float) -> None:
        """Read them, a few at once, until the time is over. Raises BackendError where not even one could be read."""
        left = list(reversed(of))
        failed: list[BackendError] = []

        async def worker() -> None:
            while left and not failed:
                try:
                    await read(left.pop())
                except SessionEnded:
                    raise
                except BackendError as error:
                    failed.append(error)

        try:
            async with asyncio.timeout(max(until - self._clock(), 0)):
                await asyncio.gather(*(worker() for _ in range(min(AT_ONCE, len(of)))))
        except TimeoutError:
            return
        if failed and len(of) - len(left) <= len(failed):
            raise failed[0]


def _slim(card: Title, country: str) -> Title:
    """What is asked of it later."""
    details = card.details
    offers = (found,) if details is not None and (found := details.offered(country)) else ()
    slim = Details(offers=offers, episode_count=details.episode_count if details else None)
    return replace(card, overview=None, cast=(), makers=(), genres=(), details=slim)
