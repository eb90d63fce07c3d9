"""The embedded service: accounts kept in our own database, and the bundled catalogue. Needs no network."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from bot.backends.offline.discovery import OfflineDiscovery
from bot.backends.offline.facts import Facts
from bot.backends.offline.rows import row_of, title_of
from bot.backends.offline.search import Search
from bot.core.backend import MOST_PAGES, PAGE_SIZE
from bot.core.errors import NoSuchImdbTitle, NoSuchTitle, Refused, SessionEnded
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
from bot.core.text import clean
from storage import catalogue, library
from storage.library import ListColumn

if TYPE_CHECKING:
    from bot.core.backend import Catalogue
    from storage.database import Database

__all__ = ["MOST_NAME", "Offline", "OfflineDiscovery"]

MOST_NAME: Final = 64
"""Characters of an account's name."""

_COLUMN: Final = {
    Section.FAVORITES: ListColumn.FAVORITE,
    Section.WATCHLIST: ListColumn.WATCHLIST,
    Section.RATED: ListColumn.RATED,
}


class Offline:
    """Accounts, Catalogue and SignUp of `bot.core.backend` over our own database.

    Make one by `await Offline.open(db)`. `clock` gives seconds since 1970. The facts have one language: `language` is
    accepted everywhere and changes nothing.
    """

    def __init__(
        self, db: Database, search: Search, clock: Callable[[], float] = time.time, beyond: Catalogue | None = None
    ) -> None:
        self._db = db
        self._search = search
        self._clock = clock
        self._beyond = beyond

    @classmethod
    async def open(
        cls,
        db: Database,
        *,
        facts: Facts | None = None,
        clock: Callable[[], float] = time.time,
        beyond: Catalogue | None = None,
    ) -> Offline:
        """The service over `db`. The facts (the bundled ones, if none are given) are loaded when they have changed.

        `beyond` knows the titles that are not among them: they can be put on lists, too.
        """
        facts = facts or Facts.read()
        if await catalogue.digest_loaded(db) != facts.digest:
            await catalogue.load(db, facts.digest, facts.titles())
        return cls(db, await Search.over(db), clock, beyond)

    # SignUp

    async def create(self, name: str, username: str | None = None) -> Session:
        """A new account and its session. Raises Refused for a name that isn't 1 to 64 characters."""
        token = secrets.token_urlsafe(32)
        row = await library.create_account(
            self._db,
            name=_name(name),
            username=None if username is None else _name(username),
            token_hash=_hash(token),
            now=self._now(),
        )
        return Session(row.id, token, row.name)

    async def end(self, session: Session) -> None:
        """Sign out. The account and its lists stay, but nobody has the key to them any more."""
        await self._signed_in(session)
        await library.end_session(self._db, _hash(session.token))

    # Accounts

    async def account(self, token: str) -> Account:
        """Whose session it is. Raises SessionEnded."""
        row = await library.account_of(self._db, _hash(token))
        if row is None:
            raise SessionEnded
        return Account(
            id=row.id,
            name=row.name,
            username=row.username,
            language=row.language,
            country=row.country,
            include_adult=row.include_adult,
            # There is no e-mail address to hash, so each account has a picture of its own.
            gravatar=hashlib.sha256(f"marquee account {row.id}".encode()).hexdigest(),
        )

    async def titles(
        self,
        session: Session,
        section: Section,
        kind: Kind,
        order: Order,
        page: int,
        language: str,  # noqa: ARG002 - see the class
    ) -> Page:
        """A page of a list; each title with the account's rating, where it has one."""
        await self._signed_in(session)
        rows, total = await library.listed(
            self._db,
            session.account_id,
            _COLUMN[section],
            kind.value,
            newest=order is Order.NEWEST,
            limit=PAGE_SIZE,
            offset=_offset(page),
        )
        return _page([Listed(title_of(row), Rating(rating) if rating else None) for row, rating in rows], page, total)

    async def set_favorite(self, session: Session, ref: TitleRef, on: bool) -> None:
        """Put the title on the favourites, or take it off."""
        await self._set(session, ListColumn.FAVORITE, ref, on)

    async def set_watchlist(self, session: Session, ref: TitleRef, on: bool) -> None:
        """Put the title on the watchlist, or take it off."""
        await self._set(session, ListColumn.WATCHLIST, ref, on)

    async def rate(self, session: Session, ref: TitleRef, rating: Rating) -> None:
        """Add or replace, and take the title off the watchlist."""
        await self._may_write(session, ref)
        await library.rate(self._db, session.account_id, ref.kind.value, ref.id, rating.halves, self._now())

    async def unrate(self, session: Session, ref: TitleRef) -> None:
        """Remove the rating, if there is one."""
        await self._may_write(session, ref)
        await library.unrate(self._db, session.account_id, ref.kind.value, ref.id)

    async def state(self, session: Session, ref: TitleRef) -> TitleState:
        """What the account says of the title."""
        await self._signed_in(session)
        if self._beyond is None and await catalogue.title(self._db, ref.kind.value, ref.id) is None:
            raise NoSuchTitle(ref)
        entry = await library.entry(self._db, session.account_id, ref.kind.value, ref.id)
        rating = Rating(entry.rating) if entry.rating else None
        return TitleState(rating, watchlist=entry.watchlist, favorite=entry.favorite)

    # Catalogue

    async def search(
        self,
        words: str,
        kind: Kind | None,
        year: int | None,
        language: str,  # noqa: ARG002 - see the class
        page: int,
    ) -> Page:
        """Best first: names, then people, and misspellings when nothing else fits. A year may be among the words."""
        found = [
            row
            for row in await self._search.find(clean(words))
            if kind in {None, Kind(row.kind)} and year in {None, row.year}
        ]
        first = _offset(page)
        rows = found[first : first + PAGE_SIZE]
        return _page([Listed(title_of(row)) for row in rows], page, len(found))

    async def title(self, ref: TitleRef, language: str) -> Title:  # noqa: ARG002 - see the class
        """All that is known of the title. Raises NoSuchTitle."""
        row = await catalogue.title(self._db, ref.kind.value, ref.id)
        if row is None:
            raise NoSuchTitle(ref)
        return title_of(row)

    async def find(self, imdb_id: str) -> TitleRef:
        """The title that IMDb calls `imdb_id`. Raises NoSuchImdbTitle."""
        row = await catalogue.by_imdb(self._db, imdb_id)
        if row is None:
            raise NoSuchImdbTitle(imdb_id)
        return TitleRef(Kind(row.kind), row.title_id)

    async def _set(self, session: Session, column: ListColumn, ref: TitleRef, on: bool) -> None:
        await self._may_write(session, ref)
        if on:
            await library.put_on(self._db, session.account_id, column, ref.kind.value, ref.id, self._now())
        else:
            await library.take_off(self._db, session.account_id, column, ref.kind.value, ref.id)

    async def _may_write(self, session: Session, ref: TitleRef) -> None:
        await self._signed_in(session)
        if await catalogue.title(self._db, ref.kind.value, ref.id) is not None:
            return
        if self._beyond is None:
            raise NoSuchTitle(ref)
        await catalogue.keep(self._db, row_of(await self._beyond.title(ref, "en")))

    async def _signed_in(self, session: Session) -> None:
        """Raises SessionEnded, or Refused where the session is another account's."""
        account = await self.account(session.token)
        if account.id != session.account_id:
            raise Refused(f"This session is not for account {session.account_id}.")

    def _now(self) -> int:
        return int(self._clock() * 1000)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _name(words: str) -> str:
    name = clean(words, MOST_NAME)
    if not name or len(words) > MOST_NAME:
        raise Refused(f"A name has 1 to {MOST_NAME} characters.")
    return name


def _offset(page: int) -> int:
    if not 1 <= page <= MOST_PAGES:
        raise Refused(f"Pages are numbered from 1 to {MOST_PAGES}.")
    return (page - 1) * PAGE_SIZE


def _page(results: list[Listed], page: int, total: int) -> Page:
    return Page(tuple(results), page, total_pages=-(-total // PAGE_SIZE), total_results=total)
