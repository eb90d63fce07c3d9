"""What people and groups have set. Table `preferences`: one row for each person and each group that has set something.

`owner` is "person" or "chat", `owner_id` the platform's. The language is older, and stands with people and chats.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

if TYPE_CHECKING:
    import sqlite3

    from storage.database import Database

Owner: TypeAlias = Literal["person", "chat"]
Column: TypeAlias = Literal["country", "zone", "quiet", "answer_links", "on_rating", "show_name"]


@dataclass(frozen=True, slots=True)
class Whose:
    """Who has set something: a person, or a group; `owner_id` is the platform's."""

    platform: str
    owner: Owner
    owner_id: str


@dataclass(frozen=True, slots=True)
class SettingsRow:
    """One owner's settings; by default, those of whoever has set nothing.

    `country` is ISO 3166-1, `zone` IANA's, None where none was chosen. `streaming`: ids and names of services.
    `on_rating`: "leave", "ask" or "back". `answer_links` is a group's alone, `show_name` a person's.
    """

    country: str | None = None
    zone: str | None = None
    streaming: tuple[tuple[int, str], ...] = ()
    quiet: bool = False
    answer_links: bool = False
    on_rating: str = "ask"
    show_name: bool = False


_NAMES: Final = tuple(field.name for field in fields(SettingsRow))


def columns(table: str) -> str:
    """The SQL for the settings of a joined table, to be read by `of_row`."""
    return ", ".join(f"{table}.{name} as {table}_{name}" for name in _NAMES)


def of_row(row: Any, table: str) -> SettingsRow:
    """The settings in a row with `columns(table)`; the defaults where nothing was joined."""
    if row[f"{table}_on_rating"] is None:
        return SettingsRow()
    return SettingsRow(
        country=row[f"{table}_country"],
        zone=row[f"{table}_zone"],
        streaming=_services(row[f"{table}_streaming"]),
        quiet=bool(row[f"{table}_quiet"]),
        answer_links=bool(row[f"{table}_answer_links"]),
        on_rating=row[f"{table}_on_rating"],
        show_name=bool(row[f"{table}_show_name"]),
    )


async def read(db: Database, whose: Whose) -> SettingsRow:
    """An owner's settings; the defaults where nothing was set."""
    rows = await db.query(
        f"select {columns('s')} from preferences s "  # noqa: S608 - names from this file
        "where s.platform = :platform and s.owner = :owner and s.owner_id = :owner_id",
        **_key(whose),
    )
    return of_row(rows[0], "s") if rows else SettingsRow()


async def choose(db: Database, whose: Whose, *, column: Column, value: str | int | None) -> None:
    """Set one of them."""
    assert column in _NAMES  # noqa: S101 - it goes into the SQL
    await db.write(
        f"""
        insert into preferences (platform, owner, owner_id, {column}) values (:platform, :owner, :owner_id, :value)
        on conflict do update set {column} = excluded.{column}
        """,  # noqa: S608 - a name from this file
        value=value,
        **_key(whose),
    )


async def stream(db: Database, whose: Whose, *, service: tuple[int, str], on: bool) -> None:
    """Put a streaming service (id, name) among the owner's, or take it away."""

    def work(connection: sqlite3.Connection) -> None:
        key = (whose.platform, whose.owner, whose.owner_id)
        row = connection.execute(
            "select streaming from preferences where platform = ? and owner = ? and owner_id = ?", key
        ).fetchone()
        kept = [each for each in (_services(row["streaming"]) if row else ()) if each[0] != service[0]]
        connection.execute(
            """
            insert into preferences (platform, owner, owner_id, streaming) values (?, ?, ?, ?)
            on conflict do update set streaming = excluded.streaming
            """,
            (*key, json.dumps([*kept, service] if on else kept, ensure_ascii=False)),
        )

    await db.transaction(work)


async def stream_none(db: Database, whose: Whose) -> None:
    """Take all the owner's streaming services away."""
    await db.write(
        "update preferences set streaming = '[]' "
        "where platform = :platform and owner = :owner and owner_id = :owner_id",
        **_key(whose),
    )


def move(connection: sqlite3.Connection, *, platform: str, old_id: str, new_id: str) -> None:
    """Within a transaction: a group's settings go with it to its new id. What was set there by now stays."""
    where = "where platform = ? and owner = 'chat' and owner_id = ?"
    connection.execute(f"update or ignore preferences set owner_id = ? {where}", (new_id, platform, old_id))  # noqa: S608
    connection.execute(f"delete from preferences {where}", (platform, old_id))  # noqa: S608


def _key(whose: Whose) -> dict[str, str]:
    return {"platform": whose.platform, "owner": whose.owner, "owner_id": whose.owner_id}


def _services(text: str) -> tuple[tuple[int, str], ...]:
    return tuple((number, name) for number, name in json.loads(text))
