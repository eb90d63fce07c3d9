"""Long lists: a page costs the same whether ten titles are on the list or ten thousand; a whole one is read once."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from statistics import median
from urllib.parse import parse_qs, urlsplit

import pytest

from storage.database import Database
from tests.core_front import CoreFront
from tests.doubles.tmdb import Tmdb
from tests.doubles.tmdb.titles import Title
from tests.doubles.tmdb.world import Account
from tests.platforms.web_front import WebFront
from tests.talk import Talk

FIRST = 8_000_000
LIST = r"/3/account/[^/]+/watchlist/movies"
CARD = r"/3/movie/\d+"


@pytest.fixture
def many(world: Tmdb) -> Iterator[list[tuple[str, int]]]:
    """A thousand films that only this test's TMDB has."""
    made = {}
    for number in range(1, 1001):
        title = Title(
            "movie", FIRST + number, f"Film {number:04}", f"Film {number:04}", "1999-01-01", 60, ((18, "Drama"),), "en"
        )
        made[title.key] = title
    world.titles |= made
    yield list(made)
    for key in made:
        del world.titles[key]


async def connected(front: CoreFront, world: Tmdb, titles: list[tuple[str, int]]) -> Talk:
    """Ada, with an account at TMDB that has these titles on its watchlist."""
    talk = Talk(front)
    account: Account = world.account(f"ada{len(world.calls)}", name="Ada")
    account.watchlist = dict.fromkeys(titles)  # type: ignore[arg-type]
    await talk.ada.says("/login")
    link = await talk.ada.link("Approve on TMDB")
    await talk.ada.comes_back(world.approve(parse_qs(urlsplit(link).query)["request_token"][0], account))
    return talk


@pytest.mark.parametrize(
    ("titles", "asked"),
    [
        *((10, asked) for asked in ("/watchlist", "/watchlist oldest")),
        *((1000, asked) for asked in ("/watchlist", "/watchlist 2", "/watchlist oldest", "/watchlist 77")),
    ],
)
async def test_a_page_is_one_request(
    tmdb_core_front: CoreFront, world: Tmdb, many: list[tuple[str, int]], titles: int, asked: str
) -> None:
    talk = await connected(tmdb_core_front, world, many[:titles])
    before = len(world.calls)
    await talk.ada.says(asked)
    await talk.ada.sees("Films on your watchlist", "Film ")
    assert [call.path.split("/")[-1] for call in world.calls[before:]] == ["movies"]


async def test_a_list_that_is_sorted_here_is_read_once_and_then_looked_at_for_changes(
    tmdb_core_front: CoreFront, world: Tmdb, many: list[tuple[str, int]]
) -> None:
    talk = await connected(tmdb_core_front, world, many)
    before = len(world.calls)
    await talk.ada.says("/watchlist title")
    await talk.ada.sees("sorted here by title", "1. Film 0001 (1999)", "10. Film 0010 (1999)")
    assert len(world.calls) - before == 50, "each page once"
    before = len(world.calls)
    await talk.ada.presses("Page 2 ›")
    await talk.ada.sees("11. Film 0011 (1999)")
    assert len(world.calls) == before + 1


async def test_running_times_are_read_by_and_by_and_what_is_missing_is_said(
    tmdb_core_front: CoreFront, world: Tmdb, many: list[tuple[str, int]]
) -> None:
    talk = await connected(tmdb_core_front, world, many[:400])
    before = len(world.called("GET", CARD))
    await talk.ada.says("/watchlist u90")
    await talk.ada.sees("There was no time yet to look at", "Ask again in a moment")
    assert len(world.called("GET", CARD)) - before <= 300


# ── How long a page takes ────────────────────────────────────────────────────────────────────────────────────────


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


@pytest.mark.soak
@pytest.mark.parametrize("asked", ["/watchlist", "/watchlist oldest"])
async def test_a_page_of_ten_thousand_titles_takes_as_long_as_one_of_ten(
    web_front: WebFront, db: Database, asked: str
) -> None:
    for person in ("ada", "ben"):
        await web_front.say(person, "private", "/account")
    few, many = await db.query("select id from accounts order by id")
    await put_on_watchlists(db, {few["id"]: 10, many["id"]: 10_000})
    took: dict[str, list[float]] = {"ada": [], "ben": []}
    for _ in range(100):
        for person, times in took.items():
            began = time.perf_counter()
            await web_front.say(person, "private", asked)
            times.append(time.perf_counter() - began)
    assert "Film 0" in (await web_front.shown("ben", "private"))[-1].text
    assert median(took["ben"]) <= 1.2 * median(took["ada"]), {who: median(times) for who, times in took.items()}
