"""The embedded service's tables: what is kept and in which form, and how the catalogue is brought up to date."""

import json
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.backends.offline import Offline
from bot.backends.offline.facts import FACTS, Facts
from bot.core.errors import NoSuchTitle
from bot.core.model import Kind, Order, Rating, Section, TitleRef
from storage import catalogue, library
from storage.catalogue import IndexRow, TitleRow
from storage.database import Database
from storage.library import ListColumn

FIGHT_CLUB = TitleRef(Kind.MOVIE, 550)
NOTHING = IndexRow("", "", "")


def row(number: int) -> TitleRow:
    return TitleRow("movie", number, f"Film {number}", None, 2000, None, None, (), (), None, (), (), None)


def facts(tmp_path: Path, change: Callable[[dict[str, Any]], bool]) -> Facts:
    """The bundled facts, those alone of which `change` says so after it has changed them."""
    path = tmp_path / "facts.json"
    path.write_text(json.dumps([one for one in json.loads(FACTS.read_bytes()) if change(one)]), encoding="utf-8")
    return Facts.read(path)


async def names(offline: Offline, words: str) -> list[str]:
    return [one.title.name for one in (await offline.search(words, None, None, "en", 1)).results]


async def test_tokens_are_kept_as_hashes_alone(db: Database) -> None:
    session = await (await Offline.open(db)).create("Ann")
    await db.close()
    with sqlite3.connect(db.path) as connection:
        dump = "\n".join(connection.iterdump())
    connection.close()
    assert "'Ann'" in dump
    assert session.token not in dump


async def test_the_facts_are_loaded_once_and_again_when_they_change(db: Database, tmp_path: Path) -> None:
    def renamed(one: dict[str, Any]) -> bool:
        if one["tmdb_id"] == 550:
            one["title"] = "Club of Fights"
        return True

    await Offline.open(db)
    await db.write("update titles set name = 'Touched' where title_id = 550")
    assert (await (await Offline.open(db)).title(FIGHT_CLUB, "en")).name == "Touched"
    offline = await Offline.open(db, facts=facts(tmp_path, renamed))
    assert (await offline.title(FIGHT_CLUB, "en")).name == "Club of Fights"
    assert await names(offline, "club of") == ["Club of Fights"]


async def test_an_imdb_id_may_move_to_another_title(db: Database, tmp_path: Path) -> None:
    def moved(one: dict[str, Any]) -> bool:
        if one["tmdb_id"] == 11:
            one["imdb_id"] = "tt0137523"
        return bool(one["tmdb_id"] != 550)

    await Offline.open(db)
    offline = await Offline.open(db, facts=facts(tmp_path, moved))
    assert await offline.find("tt0137523") == TitleRef(Kind.MOVIE, 11)


async def test_a_title_that_leaves_the_facts_stays_on_lists(db: Database, tmp_path: Path) -> None:
    offline = await Offline.open(db)
    ann = await offline.create("Ann")
    await offline.rate(ann, FIGHT_CLUB, Rating(17))
    offline = await Offline.open(db, facts=facts(tmp_path, lambda one: one["tmdb_id"] != 550))
    page = await offline.titles(ann, Section.RATED, Kind.MOVIE, Order.NEWEST, 1, "en")
    assert [(one.title.name, one.rating) for one in page.results] == [("Fight Club", Rating(17))]
    assert await names(offline, "fight club") == []
    with pytest.raises(NoSuchTitle):
        await offline.title(TitleRef(Kind.TV, 550), "en")


@pytest.mark.parametrize(
    "values",
    [
        "1, 'movie', 550, null, null, 0, 5",
        "1, 'movie', 550, null, null, 21, 5",
        "1, 'movie', 550, null, null, 8.5, 5",
        "1, 'movie', 550, null, null, 17, null",
        "1, 'movie', 550, null, null, null, 5",
        "1, 'movie', 551, 5, null, null, null",  # no such title
        "1, 'book', 550, 5, null, null, null",
        "2, 'movie', 550, 5, null, null, null",  # no such account
        "1, 'movie', 550, 'now', null, null, null",
    ],
)
async def test_the_tables_refuse_what_makes_no_sense(db: Database, values: str) -> None:
    await catalogue.load(db, "x", [(row(550), NOTHING)])
    await library.create_account(db, name="Ann", username=None, token_hash="0" * 64, now=0)
    with pytest.raises(sqlite3.IntegrityError):
        await db.write(f"insert into entries values ({values})")


async def test_an_entry_that_says_nothing_is_dropped(db: Database) -> None:
    offline = await Offline.open(db)
    ann = await offline.create("Ann")
    await offline.rate(ann, FIGHT_CLUB, Rating(17))
    await offline.set_favorite(ann, FIGHT_CLUB, True)
    await offline.unrate(ann, FIGHT_CLUB)
    assert len(await db.query("select * from entries")) == 1
    await offline.set_favorite(ann, FIGHT_CLUB, False)
    assert await db.query("select * from entries") == []


@pytest.mark.parametrize("column", ListColumn)
async def test_a_page_of_a_long_list_costs_hardly_more_than_one_of_a_short_list(
    db: Database, column: ListColumn
) -> None:
    await catalogue.load(db, "x", [(row(number), NOTHING) for number in range(1, 1001)])

    def fill(connection: sqlite3.Connection, account_id: int, count: int) -> None:
        connection.execute("insert into accounts (id, name, username, made_at) values (?, 'A', 'a', 0)", (account_id,))
        connection.executemany(
            "insert into entries values (?, 'movie', ?, ?, ?, 10, ?)",
            [(account_id, number, number, number, number) for number in range(1, count + 1)],
        )

    await db.transaction(lambda connection: fill(connection, 1, 10))
    await db.transaction(lambda connection: fill(connection, 2, 1000))
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    await db.transaction(lambda connection: connection.set_progress_handler(step, 10))

    async def cost(account_id: int, offset: int, newest: bool) -> int:
        """What a page costs, in tens of SQLite's own steps."""
        nonlocal steps
        steps = 0
        rows, total = await library.listed(db, account_id, column, "movie", newest=newest, limit=10, offset=offset)
        assert (len(rows), total) == (10, 10 if account_id == 1 else 1000)
        return steps

    short = await cost(1, 0, newest=True)
    for offset in (0, 990):
        for newest in (True, False):
            # Counting and skipping take a few steps for each title; reading or sorting them all would take dozens.
            assert await cost(2, offset, newest) < short + 12 * 1000 / 10


async def test_the_totals_are_what_is_on_the_lists_whatever_is_done(db: Database) -> None:
    offline = await Offline.open(db)
    ann = await offline.create("Ann")
    chance = random.Random(7)
    for _ in range(300):
        ref = TitleRef(Kind.MOVIE, chance.choice((550, 11, 13, 862)))
        match chance.randrange(5):
            case 0:
                await offline.set_watchlist(ann, ref, chance.random() < 0.5)
            case 1:
                await offline.set_favorite(ann, ref, chance.random() < 0.5)
            case 2:
                await offline.rate(ann, ref, Rating(chance.randint(1, 20)))
            case 3:
                await offline.unrate(ann, ref)
            case _:
                await db.write("delete from entries where title_id = :id", id=ref.id)
        for column in ListColumn:
            rows, total = await library.listed(db, ann.account_id, column, "movie", newest=True, limit=100, offset=0)
            assert len(rows) == total
