"""Migrations: from each earlier version to the newest, nothing lost, all or nothing.

A new step adds its rows to ROWS: what a database of that version may hold.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from storage import migrations
from storage.database import Database
from storage.errors import DatabaseTooNew
from storage.migrations.steps import steps as registered

ROWS: dict[str, list[str]] = {
    "m001_meta": ["insert into meta values ('colour', 'red')"],
    "m002_people": [
        (
            "insert into people (platform, person_id, name, private_chat_id, language, met_at)"
            " values ('web', 'ada', 'Ada', 'c1', 'de', 1700000000)"
        ),
        "insert into chats (platform, chat_id, language) values ('web', 'club', 'en')",
        "insert into sessions values ('offline', 'web', 'c1', 7, 'Ada', x'67', 1700000000, null)",
        (
            "insert into wishes (id, platform, person_id, text, made_at)"
            " values (3, 'web', 'ada', 'search fight club', 1700000000)"
        ),
        (
            "insert into changes (id, platform, update_id, person_id, service, account_id, kind, title_id,"
            " before_rating, before_watchlist, before_favorite, after_rating, after_watchlist, after_favorite, made_at)"
            " values (4, 'web', 'u1', 'ada', 'offline', 7, 'movie', 550, null, 1, 0, 17, 0, 0, 1700000000)"
        ),
        "insert into inbox values (5, 'web', 'u1', 'ada', x'67', 1, 1700000000, null)",
    ],
    "m003_library": [
        (
            "insert into titles (number, kind, title_id, name, genres, genre_ids, makers, cast_names)"
            " values (1, 'movie', 550, 'Fight Club', '[]', '[]', '[]', '[]')"
        ),
        "insert into titles_fts (rowid, names) values (1, 'fight club')",
        "insert into accounts (id, name, username, made_at) values (7, 'Ada', 'ada', 1700000000)",
        f"insert into account_sessions values ('{'0' * 64}', 7, 1700000000)",
        "insert into entries values (7, 'movie', 550, 1700000000, null, 17, 1700000001)",
    ],
    "m004_web_chat": [
        "insert into web_messages values (8, 'club', 'ada', 'u1', 1700000000, '{}')",
        "insert into web_events (seq, happened_at, kind, number) values (9, 1700000000, 'read', 8)",
        "insert into web_chats values ('club', 'de')",
        "insert into web_reads values ('ada', 'club', 8)",
    ],
    "m005_telegram": ["insert into telegram_chats values ('-1', 1700000000, 1700000000, null, '-1001')"],
    "m006_sign_ins": [
        (
            f"insert into sign_ins values (1, '{'0' * 64}', 'web', 'ada', 'c1', 'club', 'tmdb', '/fav 550',"
            " x'67', x'67', 1700000000, 1700000001, 'u1', 1, null)"
        ),
        "update chats set name = 'Film club', house_open = 1",
        "update people set let_in_by = 'club'",
    ],
    "m007_posters": ["update titles set poster_path = '/poster.jpg'"],
    "m008_undone": [
        "update changes set chat_id = 'club', undone_by = 'u2' where id = 4",
        "insert into wishes values (10, 'web', 'ada', '/watch m550', 1700000000, 'club')",
    ],
    "m009_mirror": [
        "insert into mirror_lists values ('tmdb', 7, 'rated', 'movie', 1, 1700000000, 1)",
        "insert into mirror_titles values ('tmdb', 7, 'rated', 'movie', 550, 1, null, 17)",
    ],
    "m010_preferences": [
        """insert into preferences values ('web', 'person', 'ada', 'DE', null, '[[8,"Netflix"]]', 1, 0, 'back', 1)""",
        "insert into preferences (platform, owner, owner_id, answer_links) values ('telegram', 'chat', '-1', 1)",
    ],
    "m011_members": [
        "insert into members (platform, chat_id, person_id, since) values ('web', 'club', 'ada', 1700000000)"
    ],
    "m012_totals": ["update entries set watchlist_at = 1700000002 where account_id = 7"],
    "m013_parties": [
        "insert into parties values (1, 'web', 'club', 'Film night', 'film night', 'ada', 1700, 1700, 3, null, null)",
        "insert into proposals values (1, 1, 'movie', 550, '{}', 'the long cut', 'ada', 1700000000, null, null, null)",
        "insert into opinions values (1, 'ada', 1, 'u1', 1700000000)",
        "update members set apart = 1",
    ],
    "m014_nights": [
        (
            "insert into nights values (1, 'web', 'club', '', 'ada', 1700000000, 'voting', '{}', 1700001800,"
            " 1700001800, 1700001350, null, null, null)"
        ),
        "insert into attendees values (1, 'ada', 'Ada', 1700000000, null)",
        "insert into candidates values (1, 1, 'movie', 550, '{}')",
        "insert into ballots values (1, 'ada', '{\"a\": [1]}', 1700000000)",
        "insert into presses values ('web', 'u1', '{\"a\": [1]}', 1700000000)",
        "insert into night_options values ('web', 'club', '{}')",
    ],
    "m015_boards": ["insert into boards values ('web', 'night 1', '1night 1', 'club', '', '8', 'en', 0)"],
    "m016_telegram_cards": ["insert into telegram_cards values ('AbC-1', 1)"],
}
"""Statements by step, each run once that step and all before it are applied."""

STEPS = migrations.names()


def connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


def make(path: Path, last: str) -> None:
    """A database as the version whose last step is `last` would leave it."""
    following = STEPS.index(last) + 1
    with closing(connect(path)) as connection:
        migrations.migrate(connection, path, upto=STEPS[following] if following < len(STEPS) else None)
        for step in STEPS[:following]:
            for statement in ROWS.get(step, []):
                connection.execute(statement)


def tables(connection: sqlite3.Connection) -> Iterator[str]:
    for row in connection.execute("select name from pragma_table_list where type = 'table'"):
        if not row[0].startswith(("sqlite_", "_sqlite")):
            yield row[0]


def contents(path: Path) -> dict[str, list[dict[str, Any]]]:
    with closing(connect(path)) as connection:
        return {
            table: [dict(row) for row in connection.execute(f'select * from "{table}"')] for table in tables(connection)
        }


def schema(path: Path) -> set[tuple[str, str]]:
    with closing(connect(path)) as connection:
        return {tuple(row) for row in connection.execute("select name, sql from sqlite_master")}


async def opened(path: Path) -> None:
    db = await Database.open(path)
    await db.close()


def test_every_step_has_rows_to_carry_over() -> None:
    assert list(ROWS) == STEPS, "give the new step its rows in ROWS"


@pytest.mark.parametrize("last", STEPS)
async def test_each_earlier_version_comes_up_to_date_and_loses_nothing(tmp_path: Path, last: str) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    make(old, last)
    before = contents(old)
    await opened(old)
    await opened(new)
    assert schema(old) == schema(new)
    after = contents(old)
    for table, rows in before.items():
        # A later step may add columns to a row, and takes none away.
        assert len(after[table]) == len(rows)
        for row, kept in zip(rows, after[table], strict=True):
            assert row.items() <= kept.items()


async def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "marquee.db"
    make(path, STEPS[-1])
    await opened(path)
    before = schema(path), contents(path)
    await opened(path)
    assert (schema(path), contents(path)) == before
    assert not list(tmp_path.glob("*.before-*"))


Add = Callable[[str, str], None]


@pytest.fixture
def add_step() -> Iterator[Add]:
    """Adds steps of a version to come: a name and the SQL that it runs."""

    def add(name: str, sql: str) -> None:
        registered(name=name)(lambda db: ignore(db.executescript(sql)))

    yield add
    del registered._migrations[len(STEPS) :]


def ignore(_: object) -> None:
    """For a lambda that returns nothing."""


async def test_an_existing_database_is_copied_before(tmp_path: Path, add_step: Add) -> None:
    path = tmp_path / "marquee.db"
    make(path, STEPS[-1])
    before = contents(path)
    add_step("m901_later", "create table later (id integer primary key) strict; delete from meta;")
    await opened(path)
    assert contents(path)["meta"] == []
    assert contents(path.with_name("marquee.db.before-m901_later")) == before
    add_step("m902_again", "drop table later;")
    await opened(path)
    [copy] = sorted(path.parent.glob("marquee.db.before-*"))
    assert copy.name == "marquee.db.before-m902_again"
    assert copy.stat().st_mode & 0o777 == 0o600


async def test_a_step_that_fails_takes_those_before_it_along(tmp_path: Path, add_step: Add) -> None:
    path = tmp_path / "marquee.db"
    make(path, STEPS[-1])
    before = schema(path), contents(path)
    add_step("m901_later", "create table later (id integer primary key) strict; delete from meta;")
    add_step("m902_fail", "insert into later values (1); insert into nowhere values (1);")
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        await Database.open(path)
    assert (schema(path), contents(path)) == before


async def test_a_broken_reference_is_found_before_the_commit(tmp_path: Path, add_step: Add) -> None:
    path = tmp_path / "marquee.db"
    await opened(path)
    before = schema(path)
    add_step(
        "m901_orphan",
        "create table child (parent text references meta (key)) strict;insert into child values ('nobody');",
    )
    with pytest.raises(sqlite3.IntegrityError, match="reference"):
        await Database.open(path)
    assert schema(path) == before


async def test_a_newer_database_is_refused_and_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "marquee.db"
    await opened(path)
    with closing(connect(path)) as connection:
        connection.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at)"
            " values ('marquee', 'm999_future', '2099-01-01')"
        )
    before = path.read_bytes()
    with pytest.raises(DatabaseTooNew, match="m999_future"):
        await Database.open(path)
    assert path.read_bytes() == before
