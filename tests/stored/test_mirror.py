"""The mirror's tables and the view over all lists: what is kept, and that long lists are found by index."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from storage import mirror, shelves
from storage.database import Database
from storage.mirror import KeptRow, ListRow, Settled, Shelf

RATED = Shelf("tmdb", 7, "rated", "movie")
WATCHLIST = Shelf("tmdb", 7, "watchlist", "movie")


def rows(*ids: int) -> list[KeptRow]:
    """Rated rows of these titles, each at the place of its number."""
    return [KeptRow(title_id, title_id, None, 1 + title_id % 20) for title_id in ids]


async def settle(db: Database, shelf: Shelf, put: list[KeptRow], hidden: int = 0) -> None:
    await mirror.bring(db, shelf, gone=(), put=put, settled=Settled(1000, hidden, complete=True))


async def plan(db: Database, sql: str, **params: Any) -> str:
    """How SQLite goes about the query, a step a line."""
    return "\n".join(row["detail"] for row in await db.query(f"explain query plan {sql}", **params))


class Watched(Database):
    """A database that remembers its queries."""

    asked: list[tuple[str, dict[str, Any]]]

    async def query(self, sql: str, /, **params: Any) -> list[dict[str, Any]]:
        self.asked.append((sql, params))
        return await super().query(sql, **params)


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    """A database with ten thousand titles on a list."""
    db = await Watched.open(tmp_path / "marquee.db")
    db.asked = []
    await settle(db, RATED, rows(*range(1, 10_001)))
    yield db
    await db.close()


async def test_no_query_on_ten_thousand_titles_reads_more_than_an_index_gives(watched: Watched) -> None:
    tens = [("tmdb", number) for number in range(10)] + [("offline", 1)]
    await shelves.page(watched, RATED, newest=True, limit=20, offset=5000)
    await shelves.page(watched, RATED, newest=False, limit=20)
    await shelves.sections(watched, ("tmdb", 7), kind="movie", title_id=550)
    await shelves.wanted(watched, tens, kind="movie")
    await shelves.wanted(watched, tens, kind=None)
    await shelves.rated(watched, tens, titles=[("movie", 550), ("tv", 550)])
    await shelves.said(watched, tens, kind="movie", title_id=550)
    asked = list(watched.asked)
    assert len(asked) == 7
    plans = [await plan(watched, sql, **params) for sql, params in asked]
    for steps in plans:
        assert "SEARCH mirror_titles USING" in steps
        # What is scanned is what the searches before it found.
        assert not {"SCAN mirror_titles", "SCAN entries", "SCAN shelves"} & set(steps.splitlines())
    for steps in plans[:2]:
        assert "USING INDEX mirror_titles_by_place (service=? AND account_id=? AND section=? AND kind=?)" in steps
        assert "B-TREE" not in steps, "sorted after reading, instead of read in order"
    everything = "(service=? AND account_id=? AND section=? AND kind=? AND title_id=?)"
    assert all(f"USING PRIMARY KEY {everything}" in steps for steps in (plans[2], plans[5], plans[6]))
    assert all("(service=? AND account_id=? AND section=?" in steps for steps in plans[3:5])


async def test_pages_are_in_order_and_end(db: Database) -> None:
    await settle(db, RATED, rows(*range(1, 46)))
    first = await shelves.page(db, RATED, newest=True, limit=20)
    assert [row.title_id for row in first] == list(range(45, 25, -1))
    last = await shelves.page(db, RATED, newest=False, limit=20, offset=40)
    assert [row.title_id for row in last] == list(range(41, 46))
    assert await shelves.page(db, RATED, newest=True, limit=20, offset=60) == []


async def test_a_list_is_not_known_until_its_last_batch(db: Database) -> None:
    await settle(db, RATED, rows(1, 2, 3), hidden=2)
    found, _ = await mirror.read(db, RATED)
    assert found == ListRow("rated", "movie", 5, 1000, complete=True)
    await mirror.bring(db, RATED, gone=[1, 2], put=rows(4), settled=None)
    found, kept = await mirror.read(db, RATED)
    assert found == ListRow("rated", "movie", 5, None, complete=False)
    assert kept == rows(4, 3)


async def test_hints_do_not_touch_a_known_list(db: Database) -> None:
    await mirror.hint(db, RATED, put=rows(1, 2), total=30)
    assert await mirror.read(db, RATED) == (ListRow("rated", "movie", 30, None, complete=False), rows(2, 1))
    await settle(db, RATED, rows(3))
    await mirror.hint(db, RATED, put=rows(9), total=99)
    assert await mirror.read(db, RATED) == (ListRow("rated", "movie", 3, 1000, complete=True), rows(3, 2, 1))


async def test_a_change_keeps_place_and_time_and_counts_once(db: Database) -> None:
    await settle(db, RATED, rows(1, 2))
    await settle(db, WATCHLIST, [KeptRow(5, 1, None, None)])
    for title_id in (1, 5, 5):
        await mirror.change(
            db, service="tmdb", account_id=7, kind="movie", title_id=title_id, on=["rated"], rating=20, now=2000
        )
    found, kept = await mirror.read(db, RATED)
    assert found == ListRow("rated", "movie", 3, 1000, complete=True)
    assert kept == [KeptRow(5, 3, 2000, 20), *rows(2), KeptRow(1, 1, None, 20)]
    assert await mirror.read(db, WATCHLIST) == (ListRow("watchlist", "movie", 0, 1000, complete=True), [])
    await mirror.change(db, service="tmdb", account_id=7, kind="tv", title_id=5, on=["rated"], rating=1, now=2000)
    assert [row.kind for row in await mirror.lists(db, service="tmdb", account_id=7)] == ["movie", "movie"]


async def test_ratings_are_noted_for_what_is_on_the_list_alone(db: Database) -> None:
    await settle(db, RATED, rows(1))
    await mirror.note(db, RATED, {1: 20, 2: 20})
    _, kept = await mirror.read(db, RATED)
    assert kept == [KeptRow(1, 1, None, 20)]


async def test_accounts_are_apart_by_service_and_number(db: Database) -> None:
    other = Shelf("https://other.example", 7, "rated", "movie")
    await settle(db, RATED, rows(1))
    await settle(db, other, rows(1, 2))
    both = [("tmdb", 7), ("https://other.example", 7)]
    found = await shelves.rated(db, both, titles=[("movie", number) for number in range(1, 3000)])
    assert [(row.title_id, row.people, row.mean) for row in found] == [(1, 2, 2.0), (2, 1, 3.0)]
    await mirror.forget(db, service="tmdb", account_id=7)
    assert await mirror.read(db, RATED) == (None, [])
    assert len((await mirror.read(db, other))[1]) == 2


async def test_our_own_service_is_not_copied(db: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="offline"):
        await settle(db, Shelf("offline", 7, "rated", "movie"), rows(1))


async def test_the_view_shows_our_own_entries_with_seconds(db: Database) -> None:
    for statement in (
        (
            "insert into titles (kind, title_id, name, genres, genre_ids, makers, cast_names)"
            " values ('movie', 550, 'Fight Club', '[]', '[]', '[]', '[]')"
        ),
        "insert into accounts (id, name, username, made_at) values (7, 'Ada', 'ada', 1)",
        "insert into entries values (7, 'movie', 550, 1700000000123, null, 17, 1700000001999)",
    ):
        await db.write(statement)
    assert await db.query("select * from shelves order by section") == [
        {
            "service": "offline",
            "account_id": 7,
            "section": section,
            "kind": "movie",
            "title_id": 550,
            "place": place,
            "added_at": place // 1000,
            "rating": rating,
        }
        for section, place, rating in (("favorites", 1700000000123, None), ("rated", 1700000001999, 17))
    ]
    assert await shelves.sections(db, ("offline", 7), kind="movie", title_id=550) == {"favorites": None, "rated": 17}
    assert await shelves.counts(db, ("offline", 7)) == {("favorites", "movie"): 1, ("rated", "movie"): 1}
