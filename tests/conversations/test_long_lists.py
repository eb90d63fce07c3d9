"""Long lists: a page costs the same whether ten titles are on the list or ten thousand; a whole one is read once."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from storage.database import Database
from tests.core_front import CoreFront
from tests.doubles.tmdb import Tmdb
from tests.doubles.tmdb.titles import Title
from tests.doubles.tmdb.world import Account
from tests.long_lists import FIRST, put_on_watchlists
from tests.talk import Talk

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


# ── What a page costs ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("asked", ["/watchlist", "/watchlist oldest", "/watchlist 3"])
async def test_a_page_of_ten_thousand_titles_costs_the_database_what_one_of_sixty_does(
    core_front: CoreFront, db: Database, asked: str
) -> None:
    """Counted in the steps of SQLite's machine, which are the same each time; how long they take, `make bench` says."""
    for person in ("ada", "ben"):
        await core_front.say(person, "private", "/account")
    few, many = await db.query("select id from accounts order by id")
    await put_on_watchlists(db, {few["id"]: 60, many["id"]: 10_000})
    steps: dict[str, int] = {}
    for person in ("ada", "ben"):
        await core_front.say(person, "private", asked)  # what is read once and remembered
        counted = Counted()
        await db.transaction(lambda connection, counted=counted: connection.set_progress_handler(counted, 1))  # type: ignore[misc]
        await core_front.say(person, "private", asked)
        await db.transaction(lambda connection: connection.set_progress_handler(None, 0))
        steps[person] = counted.steps
    assert "Film 0" in (await core_front.shown("ben", "private"))[-1].text
    assert 100 < steps["ben"] <= 1.2 * steps["ada"], steps


class Counted:
    """Called by SQLite at each step."""

    def __init__(self) -> None:
        self.steps = 0

    def __call__(self) -> int:
        self.steps += 1
        return 0
