"""The schema, as numbered steps. Steps are appended and never changed once released.

To add one: write a function `mNNN_what` below the last, decorated with `@steps()`, that gives its
statements to `db.executescript` (inside a transaction sqlite-utils runs them one by one, without a
commit) or uses the rest of sqlite-utils. Tables are STRICT; instants are integer seconds since
1970, UTC. Then give it a row or two in `tests/stored/test_migrations.py`, which walks from each
earlier version to the newest.

All pending steps run in one transaction, with foreign keys checked at its end: a start that is
killed half-way leaves the old version. A sealed value needs a blob column in a table with a rowid,
where a change of keys finds it (see `storage/sealing.py`).
"""

import sqlite3
from pathlib import Path
from typing import Final

import sqlite_utils
from sqlite_utils import Migrations

from storage.errors import DatabaseForeign, DatabaseTooNew

steps: Final = Migrations("marquee")


def names() -> list[str]:
    """The names of all steps that this version knows, in order."""
    empty = sqlite_utils.Database(memory=True, execute_plugins=False)
    try:
        return [step.name for step in steps.pending(empty)]
    finally:
        empty.close()


def migrate(connection: sqlite3.Connection, path: Path, *, upto: str | None = None) -> list[str]:
    """Bring the schema up to date and return the names of the steps that ran, in order.

    An existing database is copied first, to `<name>.before-<first step>` beside it; one such copy
    is kept. `upto` (for tests) stops before the step of that name.
    Raises DatabaseTooNew when the database has steps that this version does not know, and
    DatabaseForeign when it is another program's.
    """
    database = sqlite_utils.Database(connection, execute_plugins=False)
    done = [step.name for step in steps.applied(database)]
    pending = [step.name for step in steps.pending(database)]
    if strange := set(done) - set(names()):
        raise DatabaseTooNew(path, sorted(strange))
    if not done and database.table_names():
        raise DatabaseForeign(path, min(database.table_names()))
    if not pending:
        return []
    if done:
        _copy(connection, path, path.with_name(f"{path.name}.before-{pending[0]}"))
    _apply(database, upto)
    return [step.name for step in steps.applied(database)][len(done) :]


def _apply(database: sqlite_utils.Database, upto: str | None) -> None:
    """Run the pending steps, all or none."""
    # Rebuilding a table that others refer to is only possible with foreign keys off, and they
    # can only be switched outside a transaction: so they are checked before the commit instead.
    database.execute("pragma foreign_keys = off")
    try:
        database.execute("begin immediate")
        try:
            steps.apply(database, stop_before=upto)
            if broken := database.execute("pragma foreign_key_check").fetchall():
                raise sqlite3.IntegrityError(f"a step broke the reference {broken[0]!r}")
            database.execute("commit")
        except BaseException:
            database.rollback()
            raise
    finally:
        database.execute("pragma foreign_keys = on")


def _copy(connection: sqlite3.Connection, path: Path, copy: Path) -> None:
    """Copy the whole database to `copy`, which nobody else may read, and drop older copies."""
    unfinished = copy.with_name(f"{copy.name}.part")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    target = sqlite3.connect(unfinished)
    try:
        connection.backup(target)
    finally:
        target.close()
    unfinished.replace(copy)
    for older in path.parent.glob(f"{path.name}.before-*"):
        if older != copy:
            older.unlink()


@steps()
def m001_meta(db: sqlite_utils.Database) -> None:
    """What the database knows about itself, such as the value that proves the key (the canary)."""
    db.executescript("create table meta (key text primary key, value text not null) strict;")
