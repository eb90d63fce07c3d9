"""The database: order on its thread, transactions, who holds it, and what can be wrong with it."""

import asyncio
import resource
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from storage.database import Database
from storage.errors import (
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseForeign,
    DatabaseInUse,
    DatabaseMissing,
    DatabaseUnwritable,
)
from storage.sealing import Seal, key_file_of


async def keys(db: Database) -> list[str]:
    return [row["key"] for row in await db.query("select key from meta order by rowid")]


async def put(db: Database, key: str, value: str = "x") -> int:
    return await db.write("insert into meta values (:key, :value)", key=key, value=value)


async def test_what_is_written_is_there_after_opening_again(tmp_path: Path) -> None:
    db = await Database.open(tmp_path / "marquee.db")
    assert await put(db, "a", "1") == 1
    await db.close()
    db = await Database.open(tmp_path / "marquee.db")
    assert await db.query("select * from meta where key = :key", key="a") == [{"key": "a", "value": "1"}]
    await db.close()


async def test_an_insert_gives_its_rows_number(db: Database) -> None:
    first = await db.insert("insert into meta values ('a', '1')")
    assert await db.insert("insert into meta values ('b', '1')") == first + 1


async def test_many_writers_at_once_take_their_turns(db: Database) -> None:
    await put(db, "count", "0")
    more = "update meta set value = cast(value as integer) + 1 where key = 'count'"
    changed = await asyncio.gather(*(db.write(more) for _ in range(200)))
    assert set(changed) == {1}
    assert (await db.query("select value from meta"))[0]["value"] == "200"


async def test_the_settings_that_keep_data_safe_are_on(tmp_path: Path) -> None:
    await (await Database.open(tmp_path / "marquee.db")).close()
    db = await Database.open(tmp_path / "marquee.db")
    found = {
        name: next(iter((await db.query(f"pragma {name}"))[0].values()))
        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }
    await db.close()


async def test_an_error_rolls_the_whole_transaction_back(db: Database) -> None:
    def half(connection: sqlite3.Connection) -> None:
        connection.execute("insert into meta values ('a', '1')")
        raise ValueError("half-way")

    with pytest.raises(ValueError, match="half-way"):
        await db.transaction(half)
    assert await keys(db) == []
    await put(db, "b")
    assert await keys(db) == ["b"]


@pytest.mark.parametrize("value", ["\ud800", 2**63], ids=["half a character", "a huge number"])
async def test_a_value_that_sqlite_cannot_hold_changes_nothing(db: Database, value: str | int) -> None:
    with pytest.raises((UnicodeEncodeError, OverflowError)):
        await db.write("insert into meta values ('a', :value)", value=value)
    assert await keys(db) == []


class Pause:
    """Work that says that it has begun, and goes on when told."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.go_on = threading.Event()

    def __call__(self, connection: sqlite3.Connection) -> None:
        connection.execute("insert into meta values ('begun', '1')")
        self.begun.set()
        assert self.go_on.wait(10)
        connection.execute("insert into meta values ('finished', '1')")


async def test_a_cancelled_awaiter_leaves_a_whole_transaction_or_none(db: Database) -> None:
    pause = Pause()
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(db.transaction(pause))
        assert await asyncio.to_thread(pause.begun.wait, 10)
        waiting = tasks.create_task(put(db, "never begun"))
        await asyncio.wait([waiting], timeout=0)
        running.cancel()
        waiting.cancel()
    pause.go_on.set()
    assert await keys(db) == ["begun", "finished"]


async def test_closing_finishes_what_was_asked_for(tmp_path: Path) -> None:
    db = await Database.open(tmp_path / "marquee.db")
    pause = Pause()
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(db.transaction(pause))
        assert await asyncio.to_thread(pause.begun.wait, 10)
        closing = tasks.create_task(db.close())
        await asyncio.wait([closing], timeout=0)
        pause.go_on.set()
        await running
    db = await Database.open(tmp_path / "marquee.db")
    assert await keys(db) == ["begun", "finished"]
    await db.close()


async def test_after_closing_nothing_runs(db: Database) -> None:
    await db.close()
    await db.close()
    with pytest.raises(RuntimeError):
        await keys(db)


async def test_another_programs_lock_is_waited_for_and_then_said(db: Database) -> None:
    other = sqlite3.connect(db.path, isolation_level=None)
    other.execute("begin immediate")
    await db.query("pragma busy_timeout = 1")
    with pytest.raises(DatabaseBusy, match="locked"):
        await put(db, "lost")
    assert await keys(db) == []
    other.close()
    assert await put(db, "after") == 1


async def test_nobody_else_may_read_the_files(tmp_path: Path) -> None:
    db = await Database.open(tmp_path / "new" / "folder" / "marquee.db")
    await Seal.load(db, None)
    modes = {path.name: path.stat().st_mode & 0o777 for path in db.path.parent.iterdir()}
    await db.close()
    assert modes.pop("marquee.db.pid") <= 0o644
    assert modes.keys() >= {"marquee.db", "marquee.db-wal", "marquee.db.key"}
    assert set(modes.values()) == {0o600}
    assert (tmp_path / "new" / "folder").stat().st_mode & 0o777 == 0o700


HOLD = """
import asyncio, sys
from pathlib import Path
from storage.database import Database

async def hold():
    db = await Database.open(Path(sys.argv[1]))
    sys.stdout.write("open\\n")
    sys.stdout.flush()
    sys.stdin.read()
    await db.close()

asyncio.run(hold())
"""


async def test_a_second_process_is_told_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "marquee.db"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with pytest.raises(DatabaseInUse, match=f"process {other.pid}"):
            await Database.open(path)
        # Killed, it leaves its files behind but not its lock.
        other.kill()
        other.wait()
    db = await Database.open(path)
    await db.close()


async def test_a_damaged_page_refuses_to_open(tmp_path: Path) -> None:
    path = tmp_path / "marquee.db"
    db = await Database.open(path)
    for number in range(200):
        await put(db, f"{number}", "x" * 500)
    await db.close()
    pages = bytearray(path.read_bytes())
    pages[4096 * 3 : 4096 * 6] = b"\xa5" * 4096 * 3
    path.write_bytes(pages)
    with pytest.raises(DatabaseDamaged, match="copy your latest backup") as refused:
        await Database.open(path)
    assert "\n" not in str(refused.value)
    assert path.read_bytes() == pages


async def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "marquee.db"
    path.write_text("My holiday diary. " * 100)
    with pytest.raises(DatabaseDamaged):
        await Database.open(path)
    assert path.read_text().startswith("My holiday diary.")


async def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "marquee.db"
    other = sqlite3.connect(path)
    other.execute("create table invoices (id)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseForeign, match="invoices"):
        await Database.open(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("how", ["deleted", "emptied"])
async def test_a_lost_database_is_not_replaced_in_silence(tmp_path: Path, how: str) -> None:
    path = tmp_path / "marquee.db"
    db = await Database.open(path)
    await Seal.load(db, None)
    await db.close()
    if how == "deleted":
        path.unlink()
    else:
        path.write_bytes(b"")
    with pytest.raises(DatabaseMissing, match="backup"):
        await Database.open(path)
    key_file_of(path).unlink()
    db = await Database.open(path)
    await db.close()


async def test_a_full_disk_stops_writes_alone_and_heals(db: Database) -> None:
    await put(db, "before")
    [pages] = await db.query("pragma page_count")
    await db.query(f"pragma max_page_count = {pages['page_count']}")
    with pytest.raises(DatabaseUnwritable, match="full"):
        await put(db, "lost", "x" * 100_000)
    assert await keys(db) == ["before"]
    await db.query("pragma max_page_count = 1000000")
    await put(db, "after", "x" * 100_000)
    assert await keys(db) == ["before", "after"]


async def test_a_file_that_may_not_grow_stops_writes_alone_and_heals(db: Database) -> None:
    await put(db, "before")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = db.path.with_name("marquee.db-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        with pytest.raises(DatabaseUnwritable):
            await put(db, "lost", "x" * 100_000)
        assert await keys(db) == ["before"]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    await put(db, "after", "x" * 100_000)
    assert await keys(db) == ["before", "after"]


async def test_a_read_only_database_says_so_and_can_be_read(db: Database) -> None:
    await put(db, "before")
    await db.query("pragma query_only = on")
    with pytest.raises(DatabaseUnwritable, match="read"):
        await put(db, "lost")
    assert await keys(db) == ["before"]
    await db.query("pragma query_only = off")
    assert await put(db, "after") == 1


async def test_a_folder_in_the_way_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnwritable, match="folder"):
        await Database.open(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(DatabaseUnwritable, match=r"File exists: .*/file"):
        await Database.open(tmp_path / "file" / "marquee.db")
