"""What the database knows about itself. Table `meta`: texts by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.database import Database


async def read(db: Database, key: str) -> str | None:
    """The value kept under `key`, if there is one."""
    rows = await db.query("select value from meta where key = :key", key=key)
    return str(rows[0]["value"]) if rows else None


async def keep(db: Database, key: str, value: str) -> None:
    """Keep `value` under `key`, in place of any earlier one."""
    await db.write(
        "insert into meta (key, value) values (:key, :value) on conflict do update set value = excluded.value",
        key=key,
        value=value,
    )
