"""What can be wrong with the database, as types. Each carries its sentence for the operator."""

from pathlib import Path


class StorageError(Exception):
    """Any of the below: one line that says what is wrong and what to do."""


class DatabaseInUse(StorageError):
    """Another process has the database open: `holder` (`process 4711`)."""

    def __init__(self, path: Path, holder: str) -> None:
        super().__init__(
            f"The database {path} is in use by another Marquee ({holder}): "
            "stop that one, or give this one its own MARQUEE_DATABASE."
        )
        self.holder = holder


class DatabaseDamaged(StorageError):
    """The file is not a database, or its pages do not fit together."""

    def __init__(self, path: Path, finding: str) -> None:
        super().__init__(
            f"The database {path} is damaged ({finding}). Nothing was changed. "
            f"Move {path.name} and its -wal and -shm files away, "
            f"copy your latest backup to {path}, and start again."
        )


class DatabaseMissing(StorageError):
    """A database was here, since its key is, and now there is none, or an empty file."""

    def __init__(self, path: Path, key_file: Path) -> None:
        super().__init__(
            f"The database {path} is missing or empty, though its key {key_file.name} is there: "
            f"copy your latest backup to {path}; or, to start with nothing, remove {key_file}."
        )


class DatabaseForeign(StorageError):
    """The file is another program's database."""

    def __init__(self, path: Path, table: str) -> None:
        super().__init__(
            f"{path} is another program's database (it has a table {table}): "
            "give Marquee a file of its own by MARQUEE_DATABASE. Nothing was changed."
        )


class DatabaseTooNew(StorageError):
    """A later version of Marquee has written the file."""

    def __init__(self, path: Path, steps: list[str]) -> None:
        super().__init__(
            f"The database {path} was written by a newer Marquee (it has {', '.join(steps)}): "
            "run that version or a later one. Nothing was changed."
        )


class DatabaseUnwritable(StorageError):
    """The file cannot be written now: disk full, read-only, no permission.

    Reading goes on, and so does writing as soon as the reason is gone, without a new start.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"The database {path} cannot be written ({reason}): make room, or allow writing there.")


class DatabaseBusy(DatabaseUnwritable):
    """Another program holds SQLite's own lock for longer than we wait (5 seconds)."""


class SqliteTooOld(StorageError):
    """Python was built with a SQLite that lacks what the tables need."""

    def __init__(self, version: str, needed: str) -> None:
        super().__init__(
            f"This Python comes with SQLite {version}, and Marquee needs {needed} or later: "
            "use another Python (make PYTHON=... run)."
        )


class WrongKey(StorageError):
    """The key given does not open what the database holds. Nothing was changed."""


class LostKey(StorageError):
    """The database holds sealed values and there is no key at all. Nothing was changed."""


class SealBroken(StorageError):
    """A sealed value cannot be opened: altered, of another key, or moved from another row."""
