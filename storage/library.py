"""The embedded service's accounts.

Tables `accounts`, `account_sessions` (their tokens only as SHA-256), `entries` and `totals`.

An entry is what one account says of one title: when it came onto each list, and its rating in half points (1 to 20).
Instants are integer milliseconds since 1970, UTC. Every write names its target state: doing it twice changes nothing.
The totals of lists are kept by triggers.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from storage.catalogue import TitleRow, row_of

if TYPE_CHECKING:
    import sqlite3

    from storage.database import Database


class ListColumn(Enum):
    """The column that says when a title came onto a list."""

    FAVORITE = "favorite_at"
    WATCHLIST = "watchlist_at"
    RATED = "rated_at"

    @property
    def section(self) -> str:
        """What `totals` calls the list."""
        return {"favorite_at": "favorites", "watchlist_at": "watchlist", "rated_at": "rated"}[self.value]


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account. `language` is ISO 639-1, `country` ISO 3166-1."""

    id: int
    name: str
    username: str
    language: str
    country: str
    include_adult: bool


@dataclass(frozen=True, slots=True)
class EntryRow:
    """What an account says of a title. `rating` is in half points."""

    rating: int | None = None
    watchlist: bool = False
    favorite: bool = False


async def create_account(db: Database, *, name: str, username: str | None, token_hash: str, now: int) -> AccountRow:
    """A new account with its first session. Without a `username` it is called after its number."""

    def work(connection: sqlite3.Connection) -> int:
        account_id = connection.execute(
            "insert into accounts (name, username, made_at) values (?, ?, ?)",
            (name, username or "?", now),
        ).lastrowid
        assert account_id is not None  # noqa: S101 - every insert has one
        if username is None:
            connection.execute(
                "update accounts set username = ? where id = ?",
                (f"account{account_id}", account_id),
            )
        connection.execute("insert into account_sessions values (?, ?, ?)", (token_hash, account_id, now))
        return account_id

    await db.transaction(work)
    account = await account_of(db, token_hash)
    assert account is not None  # noqa: S101 - just made
    return account


async def account_of(db: Database, token_hash: str) -> AccountRow | None:
    """Whose session this is; None if it is nobody's, or ended."""
    rows = await db.query(
        """
        select a.id, a.name, a.username, a.language, a.country, a.include_adult
        from account_sessions s join accounts a on a.id = s.account_id
        where s.token_hash = :token_hash
        """,
        token_hash=token_hash,
    )
    if not rows:
        return None
    return AccountRow(**{**rows[0], "include_adult": bool(rows[0]["include_adult"])})


async def end_session(db: Database, token_hash: str) -> None:
    """Sign out. The account and its lists stay."""
    await db.write("delete from account_sessions where token_hash = :hash", hash=token_hash)


async def listed(
    db: Database,
    account_id: int,
    column: ListColumn,
    kind: str,
    *,
    newest: bool,
    limit: int,
    offset: int,
) -> tuple[list[tuple[TitleRow, int | None]], int]:
    """A piece of a list, with the account's own ratings, and how many titles the whole list has."""
    at = column.value
    order = "desc" if newest else "asc"
    # The page is cut from the index before the titles are read, so that a long list costs no more than a short one.
    rows = await db.query(
        f"""
        select t.*, e.rating from (
            select kind, title_id, rating, {at} as at from entries
            where account_id = :account_id and kind = :kind and {at} is not null
            order by {at} {order} limit :limit offset :offset
        ) e join titles t using (kind, title_id) order by e.at {order}
        """,  # noqa: S608 - names from this file
        account_id=account_id,
        kind=kind,
        limit=limit,
        offset=offset,
    )
    counted = await db.query(
        "select total from totals where account_id = :account_id and kind = :kind and section = :section",
        account_id=account_id,
        kind=kind,
        section=column.section,
    )
    return [(row_of(row), row["rating"]) for row in rows], counted[0]["total"] if counted else 0


async def entry(db: Database, account_id: int, kind: str, title_id: int) -> EntryRow:
    """What the account says of the title; nothing is an entry as well."""
    rows = await db.query(
        """
        select rating, watchlist_at is not null as watchlist, favorite_at is not null as favorite
        from entries where account_id = :account_id and kind = :kind and title_id = :title_id
        """,
        account_id=account_id,
        kind=kind,
        title_id=title_id,
    )
    if not rows:
        return EntryRow()
    row = rows[0]
    return EntryRow(row["rating"], bool(row["watchlist"]), bool(row["favorite"]))


async def put_on(db: Database, account_id: int, column: ListColumn, kind: str, title_id: int, now: int) -> None:
    """Put the title on the favourites or the watchlist; where it is already, it keeps its place."""
    at = column.value
    await _write(
        db,
        f"""
        insert into entries (account_id, kind, title_id, {at})
        values (:account_id, :kind, :title_id, {_next(at)})
        on conflict do update set {at} = coalesce({at}, excluded.{at})
        """,  # noqa: S608 - names from this file
        account_id,
        kind,
        title_id,
        now=now,
    )


async def take_off(db: Database, account_id: int, column: ListColumn, kind: str, title_id: int) -> None:
    """Take the title off the favourites or the watchlist."""
    await _write(
        db,
        f"update entries set {column.value} = null where {_THIS}",  # noqa: S608 - names from this file
        account_id,
        kind,
        title_id,
    )


async def rate(db: Database, account_id: int, kind: str, title_id: int, rating: int, now: int) -> None:
    """Rate the title, or replace its rating (its place in the list stays), and take it off the watchlist."""
    await _write(
        db,
        f"""
        insert into entries (account_id, kind, title_id, rating, rated_at)
        values (:account_id, :kind, :title_id, :rating, {_next("rated_at")})
        on conflict do update set rating = excluded.rating, watchlist_at = null,
            rated_at = coalesce(rated_at, excluded.rated_at)
        """,  # noqa: S608 - names from this file
        account_id,
        kind,
        title_id,
        now=now,
        rating=rating,
    )


async def unrate(db: Database, account_id: int, kind: str, title_id: int) -> None:
    """Remove the title's rating."""
    await _write(
        db,
        f"update entries set rating = null, rated_at = null where {_THIS}",  # noqa: S608 - as above
        account_id,
        kind,
        title_id,
    )


_THIS = "account_id = :account_id and kind = :kind and title_id = :title_id"


def _next(at: str) -> str:
    """The SQL for when a title comes onto a list: now, yet after all that is on it, whatever the clock does."""
    return f"""max(:now, 1 + coalesce((
        select max({at}) from entries
        where account_id = :account_id and kind = :kind and {at} is not null), 0))"""  # noqa: S608


async def _write(db: Database, sql: str, account_id: int, kind: str, title_id: int, **values: int) -> None:
    """Run `sql` on an entry, and drop the entry if it says nothing any more."""
    this = {"account_id": account_id, "kind": kind, "title_id": title_id}

    def work(connection: sqlite3.Connection) -> None:
        connection.execute(sql, {**this, **values})
        connection.execute(
            f"delete from entries where {_THIS} "  # noqa: S608 - names from this file
            "and favorite_at is null and watchlist_at is null and rated_at is null",
            this,
        )

    await db.transaction(work)
