"""The bundled catalogue and its search index. Tables `titles`, `titles_fts`, `title_words` and `meta`.

What is indexed is prepared by the caller (folded names, names written as one word, folded people's names), so that
words and names are folded by the same function. Dates are ISO 8601 texts, running times minutes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import sqlite3

    from storage.database import Database

TITLES_AT_ONCE: Final = 1000
"""Titles asked for in one query: SQLite takes 32,766 parameters, and others wait for the database meanwhile."""

_DIGEST: Final = "catalogue digest"
_LISTS: Final = ("genres", "genre_ids", "makers", "cast_names")


@dataclass(frozen=True, slots=True)
class TitleRow:
    """A title of the catalogue. `kind` is `movie` or `tv`."""

    kind: str
    title_id: int
    name: str
    original_name: str | None
    year: int | None
    release_date: str | None
    runtime: int | None
    genres: tuple[str, ...]
    genre_ids: tuple[int, ...]
    original_language: str | None
    makers: tuple[str, ...]
    cast_names: tuple[str, ...]
    imdb_id: str | None
    poster_path: str | None = None


@dataclass(frozen=True, slots=True)
class IndexRow:
    """What a search finds a title by: words with spaces between them."""

    names: str
    joined: str
    people: str


@dataclass(frozen=True, slots=True)
class Term:
    """One word to look for. `columns`: where (of IndexRow's; all if empty); `begins`: as a word's beginning, too."""

    word: str
    begins: bool = False
    columns: tuple[str, ...] = ()

    def __str__(self) -> str:
        quoted = '"' + self.word.replace('"', '""') + '"'
        where = f"{{{' '.join(self.columns)}}} : " if self.columns else ""
        return f"{where}{quoted}{' *' if self.begins else ''}"


async def load(db: Database, digest: str, titles: Sequence[tuple[TitleRow, IndexRow]]) -> None:
    """Bring `titles` in and index them. A title that was there before and is not among them stays, out of the index:
    somebody's list may name it.
    """

    def work(connection: sqlite3.Connection) -> None:
        connection.execute("delete from titles_fts")
        # An id of IMDb's that moved from one title to another must not be with both, not even in passing.
        connection.execute("update titles set imdb_id = null")
        for title, index in titles:
            _put(connection, title, index)
        connection.execute("insert or replace into meta values (?, ?)", (_DIGEST, digest))

    await db.transaction(work)


async def keep(db: Database, title: TitleRow) -> None:
    """Keep a title that is not among the facts, so that lists can name it. It is not found by searching."""

    def work(connection: sqlite3.Connection) -> None:
        taken = connection.execute("select 1 from titles where imdb_id = ?", (title.imdb_id,)).fetchone()
        fields = _fields(title) | ({"imdb_id": None} if taken else {})
        names = ", ".join(f":{name}" for name in fields)
        connection.execute(
            f"insert into titles ({', '.join(fields)}) values ({names}) on conflict do nothing",  # noqa: S608 - as below
            fields,
        )

    await db.transaction(work)


async def digest_loaded(db: Database) -> str | None:
    """The digest that the titles in the database were loaded with; None if none were."""
    rows = await db.query("select value from meta where key = :key", key=_DIGEST)
    return rows[0]["value"] if rows else None


async def title(db: Database, kind: str, title_id: int) -> TitleRow | None:
    """The title of this id, if the catalogue has it."""
    rows = await db.query(
        "select * from titles where kind = :kind and title_id = :title_id",
        kind=kind,
        title_id=title_id,
    )
    return row_of(rows[0]) if rows else None


async def those(db: Database, titles: Sequence[tuple[str, int]]) -> list[TitleRow]:
    """Those of the titles (kind, id) that the catalogue has, in no particular order."""
    found = []
    for kind in dict.fromkeys(kind for kind, _ in titles):
        numbers = [title_id for of, title_id in titles if of == kind]
        for start in range(0, len(numbers), TITLES_AT_ONCE):
            ids = {f"t{at}": title_id for at, title_id in enumerate(numbers[start : start + TITLES_AT_ONCE])}
            among = ", ".join(f":{name}" for name in ids)
            rows = await db.query(
                f"select * from titles where kind = :kind and title_id in ({among})",  # noqa: S608 - names of parameters
                kind=kind,
                **ids,
            )
            found += [row_of(row) for row in rows]
    return found


async def indexed(db: Database) -> list[TitleRow]:
    """All titles that can be found by searching, by kind and id."""
    rows = await db.query("select * from titles where number in (select rowid from titles_fts) order by kind, title_id")
    return [row_of(row) for row in rows]


async def by_imdb(db: Database, imdb_id: str) -> TitleRow | None:
    """The title that IMDb calls `imdb_id`, if the catalogue has it."""
    rows = await db.query("select * from titles where imdb_id = :imdb_id", imdb_id=imdb_id)
    return row_of(rows[0]) if rows else None


async def matching(db: Database, alternatives: Iterable[Sequence[Sequence[Term]]]) -> list[TitleRow]:
    """The titles that fit one of `alternatives`: all of its groups, and of a group any term. In no particular order."""
    wanted = " OR ".join(
        "(" + " AND ".join("(" + " OR ".join(map(str, group)) + ")" for group in groups) + ")"
        for groups in alternatives
    )
    rows = await db.query(
        """
        select titles.* from titles_fts join titles on titles.number = titles_fts.rowid
        where titles_fts match :wanted
        """,
        wanted=wanted,
    )
    return [row_of(row) for row in rows]


async def words(db: Database) -> list[tuple[str, str]]:
    """Every indexed word with the column (of IndexRow's) that it stands in."""
    rows = await db.query("select term, col from title_words")
    return [(row["term"], row["col"]) for row in rows]


def row_of(row: dict[str, Any]) -> TitleRow:
    """The title in `row`, which has every column of `titles` and perhaps others."""
    fields = {name: row[name] for name in TitleRow.__slots__}
    fields.update({name: tuple(json.loads(row[name])) for name in _LISTS})
    return TitleRow(**fields)


def _fields(title: TitleRow) -> dict[str, Any]:
    fields = {name: getattr(title, name) for name in TitleRow.__slots__}
    fields.update({name: json.dumps(fields[name], ensure_ascii=False) for name in _LISTS})
    return fields


def _put(connection: sqlite3.Connection, title: TitleRow, index: IndexRow) -> None:
    fields = _fields(title)
    columns = ", ".join(fields)
    values = ", ".join(f":{name}" for name in fields)
    changes = ", ".join(f"{name} = excluded.{name}" for name in fields)
    row = connection.execute(
        f"insert into titles ({columns}) values ({values}) "  # noqa: S608 - names from this file
        f"on conflict (kind, title_id) do update set {changes} returning number",
        fields,
    ).fetchone()
    connection.execute(
        "insert into titles_fts (rowid, names, joined, people) values (?, ?, ?, ?)",
        (row["number"], index.names, index.joined, index.people),
    )
