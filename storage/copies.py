"""A copy of the database beside it, made before its schema changes."""

from __future__ import annotations

import sqlite3
from pathlib import Path


def copy(connection: sqlite3.Connection, path: Path, to: Path) -> None:
    """Copy the whole database at `path` to `to`, which nobody else may read, and drop older copies."""
    unfinished = to.with_name(f"{to.name}.part")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    target = sqlite3.connect(unfinished)
    try:
        connection.backup(target)
    finally:
        target.close()
    unfinished.replace(to)
    for older in path.parent.glob(f"{path.name}.before-*"):
        if older != to:
            older.unlink()
