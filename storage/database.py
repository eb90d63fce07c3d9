"""The database: one SQLite connection on one thread, awaited from outside.

Every write is a transaction of its own that begins IMMEDIATE, so it either waits for its turn or
fails at once, never half-way. When whoever awaits is cancelled, what had begun still finishes (or
rolls back) on the thread; what had not begun never does.
"""

import asyncio
import contextlib
import logging
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, Self, TypeVar

from filelock import FileLock, Timeout

from storage.errors import (
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseInUse,
    DatabaseMissing,
    DatabaseUnwritable,
    SqliteTooOld,
    StorageError,
)
from storage.migrations import migrate
from storage.sealing import key_file_of

T = TypeVar("T")
Value = str | bytes | int | float | None
"""What a column can hold, and what a named parameter can be."""

BUSY_SECONDS: Final = 5
"""How long a write waits for another program's lock before it fails with DatabaseBusy."""
SQLITE_NEEDED: Final = (3, 37, 0)
"""The first version with STRICT tables."""

_log: Final = logging.getLogger(__name__)
_UNWRITABLE: Final = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
    }
)


class Database:
    """An open database. Make one by `await Database.open(path)`, and `await db.close()` it."""

    def __init__(self, path: Path, thread: ThreadPoolExecutor) -> None:
        self.path: Final = path.absolute()
        self._held: Final = _Hold(self.path)
        self._thread: Final = thread
        self._connection: sqlite3.Connection
        self._closed = False

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open the database at `path`, made if missing, checked, and brought to today's schema.

        Raises a StorageError that says what is wrong and what to do: DatabaseInUse,
        DatabaseDamaged, DatabaseMissing, DatabaseTooNew, DatabaseForeign, DatabaseUnwritable,
        SqliteTooOld.
        """
        if sqlite3.sqlite_version_info < SQLITE_NEEDED:
            raise SqliteTooOld(sqlite3.sqlite_version, ".".join(map(str, SQLITE_NEEDED)))
        thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")
        database = cls(path, thread)
        try:
            await database._on_thread(database._begin)
        except BaseException:
            await asyncio.shield(database.close())
            raise
        return database

    async def query(self, sql: str, /, **params: Value) -> list[dict[str, Any]]:
        """The rows that a SELECT finds, each as column name to value."""

        def work() -> list[dict[str, Any]]:
            return [dict(row) for row in self._connection.execute(sql, params)]

        return await self._on_thread(work)

    async def write(self, sql: str, /, **params: Value) -> int:
        """Run one statement as a transaction, and return how many rows it changed."""
        return await self.transaction(lambda connection: connection.execute(sql, params).rowcount)

    async def insert(self, sql: str, /, **params: Value) -> int:
        """Run one INSERT as a transaction, and return the number (rowid) of the new row."""

        def work(connection: sqlite3.Connection) -> int:
            number = connection.execute(sql, params).lastrowid
            assert number is not None, "not an INSERT"  # noqa: S101 - a mistake of ours
            return number

        return await self.transaction(work)

    async def transaction(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` on the connection as one transaction, and return what it returns.

        Rows read in it are found by name (`row["key"]`). An exception in it rolls everything back
        and is raised here. It runs on the database's thread: it must not wait for anything else.
        Raises DatabaseUnwritable (disk full, read-only) or DatabaseBusy; both pass by themselves.
        """
        return await self._on_thread(lambda: self._transact(work))

    async def close(self) -> None:
        """Finish what was asked for before, close the file, and let others open it."""
        if self._closed:
            return
        self._closed = True
        try:
            await asyncio.wrap_future(self._thread.submit(self._end))
        finally:
            self._thread.shutdown(wait=False)

    async def _on_thread(self, work: Callable[[], T]) -> T:
        """Run `work` on the thread. SQLite's errors come out as ours."""
        try:
            return await asyncio.wrap_future(self._thread.submit(work))
        except sqlite3.Error as error:
            if ours := _translated(self.path, error):
                raise ours from error
            raise

    def _transact(self, work: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._connection
        connection.execute("begin immediate")
        try:
            result = work(connection)
            connection.execute("commit")
        except BaseException:
            # SQLite has rolled back by itself when the disk is full, and says so when asked again.
            with contextlib.suppress(sqlite3.Error):
                if connection.in_transaction:
                    connection.execute("rollback")
            raise
        return result

    def _begin(self) -> None:
        """Everything that opening does, on the thread."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._held.take()
            _expect(self.path)
        except OSError as error:
            raise DatabaseUnwritable(self.path, f"{error.strerror}: {error.filename}") from error
        # Transactions are ours: with isolation_level None the driver never begins one by itself.
        connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
        self._connection = connection
        connection.row_factory = sqlite3.Row
        findings = [row[0] for row in connection.execute("pragma quick_check(1)")]
        if findings != ["ok"]:
            raise DatabaseDamaged(self.path, " ".join(findings[0].split()))
        ran = migrate(connection, self.path)
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        connection.execute("pragma journal_size_limit = 67108864")
        connection.execute("pragma foreign_keys = on")
        _log.info("SQLite %s, database %s", sqlite3.sqlite_version, self.path)
        if ran:
            _log.info("Brought the database up to date: %s", ", ".join(ran))

    def _end(self) -> None:
        try:
            if hasattr(self, "_connection"):
                self._connection.close()
        finally:
            self._held.leave()


class _Hold:
    """The lock file beside the database, and who holds it, for a second process to name."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = FileLock(path.with_name(f"{path.name}.lock"), timeout=0, mode=0o600, thread_local=False)
        self._owner = path.with_name(f"{path.name}.pid")

    def take(self) -> None:
        """Take the lock, or raise DatabaseInUse with the process that has it."""
        try:
            self._lock.acquire()
        except Timeout:
            with contextlib.suppress(OSError, ValueError):
                pid = int(self._owner.read_text(encoding="ascii"))
                raise DatabaseInUse(self._path, f"process {pid}") from None
            raise DatabaseInUse(self._path, "its process is not known") from None
        self._owner.write_text(f"{os.getpid()}\n", encoding="ascii")

    def leave(self) -> None:
        """Let others in. Nothing happens when the lock was never ours."""
        if self._lock.is_locked:
            with contextlib.suppress(OSError):
                self._owner.unlink(missing_ok=True)
            self._lock.release()


def is_new(path: Path) -> bool:
    """Whether opening `path` would make a new database: there is none, nor the key of one that was there."""
    return not key_file_of(path).exists() and not (path.exists() and (path.is_dir() or path.stat().st_size > 0))


def _expect(path: Path) -> None:
    """Make an empty file where none was; where its key shows that one was, refuse instead."""
    if path.is_dir():
        raise DatabaseUnwritable(path, "it is a folder")
    if path.exists() and path.stat().st_size > 0:
        return
    if (key := key_file_of(path)).exists():
        raise DatabaseMissing(path, key)
    # SQLite gives its -wal and -shm files the same rights.
    path.touch(mode=0o600)


def _translated(path: Path, error: sqlite3.Error) -> StorageError | None:
    """Our error for SQLite's, or None where the statement itself was wrong."""
    # The higher bits tell kinds of one error apart (which system call failed, and so on).
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return DatabaseBusy(path, "another program has locked it")
    if code in _UNWRITABLE:
        return DatabaseUnwritable(path, str(error))
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return DatabaseDamaged(path, str(error))
    return None
