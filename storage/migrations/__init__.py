"""The schema, as numbered steps. Steps are appended and never changed once released.

To add one: write a function `mNNN_what` below the last of the last module, decorated with `@steps()`, that gives its
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

import sqlite_utils

from storage import copies
from storage.errors import DatabaseForeign, DatabaseTooNew

# In this order: each module registers its steps.
from storage.migrations import m001_to_m008, m009_on  # noqa: F401
from storage.migrations.steps import steps


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
    is kept. Foreign keys are left off: switch them on afterwards. `upto` (for tests) stops before
    the step of that name.
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
        copies.copy(connection, path, path.with_name(f"{path.name}.before-{pending[0]}"))
    _apply(database, upto)
    return [step.name for step in steps.applied(database)][len(done) :]


def _apply(database: sqlite_utils.Database, upto: str | None) -> None:
    """Run the pending steps, all or none."""
    # Rebuilding a table that others refer to is only possible with foreign keys off, and they
    # can only be switched outside a transaction: so they are checked before the commit instead.
    database.execute("pragma foreign_keys = off")
    database.execute("begin immediate")
    try:
        steps.apply(database, stop_before=upto)
        if broken := database.execute("pragma foreign_key_check").fetchall():
            raise sqlite3.IntegrityError(f"a step broke the reference {tuple(broken[0])}")
        database.execute("commit")
    except BaseException:
        database.rollback()
        raise
