"""Accounts at somebody's service: shelves read page by page, that change elsewhere, fail, and count who asks."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.backends.nothing import NoDiscovery
from bot.core.backend import MOST_PAGES, PAGE_SIZE, Service
from bot.core.errors import BackendDown, NoSuchImdbTitle, NoSuchTitle, Refused
from bot.core.model import (
    Account,
    Kind,
    Listed,
    Order,
    Page,
    Rating,
    Section,
    Session,
    Title,
    TitleRef,
    TitleState,
)

Key = tuple[int, Section, Kind]
"""(account id, section, kind)"""


@dataclass
class ShelfAccounts:
    """The lists of any number of accounts, newest first; a token is not looked at.

    `page_size`: titles on a page. `unseen`: titles that are counted and that no page shows. `before`: done once before
    the request of that number (from 1) is answered, such as a change elsewhere or `fail`. `asked`: every list request.
    """

    page_size: int = PAGE_SIZE
    unseen: set[int] = field(default_factory=set)
    shelves: defaultdict[Key, list[int]] = field(default_factory=lambda: defaultdict(list))
    rated: dict[tuple[int, TitleRef], Rating] = field(default_factory=dict)
    before: dict[int, Callable[[], object]] = field(default_factory=dict)
    asked: list[tuple[int, Section, Kind, int]] = field(default_factory=list)

    # ── Elsewhere ────────────────────────────────────────────────────────────────────────────────────────────────

    def put(self, key: Key, *ids: int, rating: Rating = Rating(14)) -> None:
        """Put titles on top, the last uppermost; those that are there already keep their place."""
        for title_id in ids:
            if title_id not in self.shelves[key]:
                self.shelves[key].insert(0, title_id)
            if key[1] is Section.RATED:
                self.rated[key[0], TitleRef(key[2], title_id)] = rating

    def drop(self, key: Key, *ids: int) -> None:
        """Take titles off."""
        for title_id in ids:
            self.shelves[key].remove(title_id)
            if key[1] is Section.RATED:
                del self.rated[key[0], TitleRef(key[2], title_id)]

    # ── As a service ─────────────────────────────────────────────────────────────────────────────────────────────

    async def account(self, token: str) -> Account:
        return Account(int(token), f"Person {token}", f"person{token}")

    async def titles(
        self, session: Session, section: Section, kind: Kind, order: Order, page: int, language: str
    ) -> Page:
        self.asked.append((session.account_id, section, kind, page))
        number = len(self.asked)
        await asyncio.sleep(0)  # as over a network, others have their turn meanwhile
        if act := self.before.pop(number, None):
            act()
        if not 1 <= page <= MOST_PAGES:
            raise Refused("a page is from 1 to 500")
        counted = self.shelves[session.account_id, section, kind]
        shown = [title_id for title_id in counted if title_id not in self.unseen]
        if order is Order.OLDEST:
            shown.reverse()
        first = (page - 1) * self.page_size
        refs = [TitleRef(kind, title_id) for title_id in shown[first : first + self.page_size]]
        # Ratings stand on all lists, as some servers have it.
        results = tuple(Listed(Title(ref, f"Film {ref.id}"), self.rated.get((session.account_id, ref))) for ref in refs)
        return Page(results, page, -(-len(counted) // self.page_size), len(counted))

    async def set_favorite(self, session: Session, ref: TitleRef, on: bool) -> None:
        self._set((session.account_id, Section.FAVORITES, ref.kind), ref.id, on)

    async def set_watchlist(self, session: Session, ref: TitleRef, on: bool) -> None:
        self._set((session.account_id, Section.WATCHLIST, ref.kind), ref.id, on)

    async def rate(self, session: Session, ref: TitleRef, rating: Rating) -> None:
        self.put((session.account_id, Section.RATED, ref.kind), ref.id, rating=rating)
        await self.set_watchlist(session, ref, False)

    async def unrate(self, session: Session, ref: TitleRef) -> None:
        self._set((session.account_id, Section.RATED, ref.kind), ref.id, False)

    async def state(self, session: Session, ref: TitleRef) -> TitleState:
        def on(section: Section) -> bool:
            return ref.id in self.shelves[session.account_id, section, ref.kind]

        return TitleState(self.rated.get((session.account_id, ref)), on(Section.WATCHLIST), on(Section.FAVORITES))

    def _set(self, key: Key, title_id: int, on: bool) -> None:
        if on:
            self.put(key, title_id)
        elif title_id in self.shelves[key]:
            self.drop(key, title_id)


class NoCatalogue:
    """A catalogue that knows no title."""

    async def search(self, words: str, kind: Kind | None, year: int | None, language: str, page: int) -> Page:
        return Page((), page, 0, 0)

    async def title(self, ref: TitleRef, language: str) -> Title:
        raise NoSuchTitle(ref)

    async def find(self, imdb_id: str) -> TitleRef:
        raise NoSuchImdbTitle(imdb_id)


def down() -> None:
    """For `before`: the service doesn't answer."""
    raise BackendDown("as the test asked")


def service(accounts: ShelfAccounts, name: str = "tmdb") -> Service:
    """A remote service of these accounts."""
    return Service(name, accounts, NoCatalogue(), None, embedded=False, discovery=NoDiscovery())
