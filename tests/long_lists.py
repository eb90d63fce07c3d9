"""Lists longer than any that a person types in."""

from __future__ import annotations

import sqlite3

from storage.database import Database

FIRST = 8_000_000


async def put_on_watchlists(db: Database, lists: dict[int, int]) -> None:
    """Films that only this database has, so many on the embedded watchlist of each of these accounts."""

    def work(connection: sqlite3.Connection) -> None:
        connection.executemany(
            "insert into titles (kind, title_id, name, genres, genre_ids, makers, cast_names) "
            "values ('movie', ?, ?, '[]', '[]', '[]', '[]') on conflict do nothing",
            ((FIRST + number, f"Film {number:05}") for number in range(max(lists.values()))),
        )
        for account, titles in lists.items():
            connection.executemany(
                "insert into entries (account_id, kind, title_id, watchlist_at) values (?, 'movie', ?, ?)",
                ((account, FIRST + number, number + 1) for number in range(titles)),
            )

    await db.transaction(work)
