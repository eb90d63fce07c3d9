"""Sealing: what must not be readable in a stolen copy of the database is encrypted in it.

The key lives outside the database: in MARQUEE_SECRET_KEY, or in a file beside the database that
the first start makes. That protects copies and backups, not a machine that somebody else controls.

A sealed value is kept in a blob column of a table with a rowid, or as a text in `meta`. To change
keys, put the new key first and the old one after it, start once, and take the old one away: that
start finds whatever is sealed, in any table, and seals it with the first key again.
"""

import json
import logging
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from storage.errors import DatabaseUnwritable, LostKey, SealBroken, WrongKey

if TYPE_CHECKING:
    from storage.database import Database

_log: Final = logging.getLogger(__name__)
_CANARY: Final = "key canary"
_BEGINS: Final = b"gAAAA"  # the version byte and the zeros of the time, as every Fernet token has


def key_file_of(database_path: Path) -> Path:
    """Where the key of a database lies when no setting gives it."""
    return database_path.with_name(f"{database_path.name}.key")


def are_keys(text: str) -> bool:
    """Whether `text` is one key or several, newest first, between commas."""
    try:
        return bool([Fernet(key) for key in _split(text)])
    except ValueError:
        return False


class Seal:
    """Seals and opens texts with the newest key, and opens those of earlier keys."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._newest = Fernet(keys[0])
        self._all = MultiFernet([Fernet(key) for key in keys])

    @classmethod
    async def load(cls, database: "Database", secret_key: str | None) -> Self:
        """The seal of this database, by the setting's keys or else by the key file beside it.

        Without either, a new database gets a key file (mode 0600). Where a second key is given,
        everything is sealed with the first one again. Raises WrongKey when the key does not fit,
        LostKey when there is none though values were sealed; neither changes anything.
        """
        rows = await database.query("select value from meta where key = :key", key=_CANARY)
        key_file = key_file_of(database.path)
        if secret_key is not None:
            if not are_keys(secret_key):
                raise WrongKey("MARQUEE_SECRET_KEY does not hold a key.")
            keys, source = _split(secret_key), "MARQUEE_SECRET_KEY"
        else:
            keys, source = _keys_in_file(key_file, make=not rows), str(key_file)
        seal = cls(keys)
        if not rows:
            canary = seal.seal(_CANARY, _CANARY).decode("ascii")
            await database.write("insert into meta values (:key, :value)", key=_CANARY, value=canary)
            return seal
        canary = rows[0]["value"]
        try:
            seal.open(canary.encode("ascii"), _CANARY)
        except SealBroken:
            raise WrongKey(
                f"The key in {source} does not open the database {database.path}. Nothing was "
                "changed. Give the key that it was made with (an old one goes after a comma)."
            ) from None
        if not seal._newest_opens(canary.encode("ascii")):
            count = await database.transaction(seal._reseal_everything)
            _log.info("Sealed %d values with the new key; the old key can go now", count)
        return seal

    def seal(self, text: str, bound_to: str) -> bytes:
        """Encrypt `text` for the place `bound_to`, such as "offline:web:ada"."""
        return self._newest.encrypt(json.dumps([bound_to, text]).encode("ascii"))

    def open(self, blob: bytes, bound_to: str) -> str:
        """The text in `blob`. Raises SealBroken unless it was sealed for `bound_to` by our keys."""
        try:
            place, text = json.loads(self._all.decrypt(blob))
        except InvalidToken:
            raise SealBroken(f"The sealed value of {bound_to} cannot be opened.") from None
        # Fernet cannot bind a value to its row, so the row's name is inside.
        if place != bound_to:
            raise SealBroken(f"The sealed value of {bound_to} belongs to another row.")
        return str(text)

    def _newest_opens(self, blob: bytes) -> bool:
        try:
            self._newest.decrypt(blob)
        except InvalidToken:
            return False
        return True

    def _reseal_everything(self, connection: sqlite3.Connection) -> int:
        """Seal every value with the newest key, the canary too, and return how many there were."""
        count = 0
        for table, column in [*_blob_columns(connection), ("meta", "value")]:
            rows = connection.execute(
                f'select rowid, "{column}" from "{table}" where substr("{column}", 1, 5) in (?, ?)',  # noqa: S608
                (_BEGINS, _BEGINS.decode("ascii")),
            ).fetchall()
            for rowid, sealed in rows:
                connection.execute(
                    f'update "{table}" set "{column}" = ? where rowid = ?',  # noqa: S608
                    (self._rotated(sealed), rowid),
                )
            count += len(rows)
        return count

    def _rotated(self, sealed: str | bytes) -> str | bytes:
        # What none of the keys opens stays as it is, for somebody who has its key.
        try:
            rotated = self._all.rotate(sealed)
        except InvalidToken:
            return sealed
        return rotated.decode("ascii") if isinstance(sealed, str) else rotated


def _blob_columns(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Table and column of every blob, those of the search index and other shadow tables apart."""
    rows = connection.execute(
        """
        select tables.name, columns.name
        from pragma_table_list as tables, pragma_table_info(tables.name) as columns
        where tables.schema = 'main' and tables.type = 'table' and not tables.wr
            and columns.type = 'BLOB'
        """
    )
    return [(table, column) for table, column in rows]


def _keys_in_file(key_file: Path, *, make: bool) -> list[str]:
    """The keys in the file beside the database. With `make`, a missing one is made, mode 0600."""
    try:
        if make and not key_file.exists():
            _make_key_file(key_file)
        text = key_file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise LostKey(
            f"The database's key is lost: {key_file} is missing, and MARQUEE_SECRET_KEY is not "
            "set. Nothing was changed. Put the key back from your backup, or start a new database "
            "by another MARQUEE_DATABASE."
        ) from None
    except UnicodeDecodeError:
        raise WrongKey(f"{key_file} does not hold a key. Put it back from your backup.") from None
    except OSError as error:
        raise DatabaseUnwritable(key_file, error.strerror or str(error)) from error
    if not are_keys(text):
        raise WrongKey(f"{key_file} does not hold a key. Put it back from your backup.")
    return _split(text)


def _make_key_file(key_file: Path) -> None:
    """Write a new key, whole or not at all, that only we can read."""
    unfinished = key_file.with_name(f"{key_file.name}.part")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(Fernet.generate_key() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(key_file)


def _split(text: str) -> list[str]:
    return [key.strip() for key in text.split(",") if key.strip()]
