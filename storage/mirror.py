"""What is known of the lists that other services keep. Tables `mirror_lists` and `mirror_titles`; `shelves` reads them.

`place` orders a list, larger is newer. `added_at` and `as_of` are integer seconds since 1970, UTC; None where not
known. Ratings are in half points (1 to 20), None for none. A list's `total` is what its service said; it may count
titles that no page shows, so `total` less the rows at hand (`hidden`) stays the same when a title comes or goes.
Without an `as_of` the rows are hints: on the list when they were seen, in about this order, and not all of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from storage.database import Database

SECTIONS: Final = ("favorites", "watchlist", "rated")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Which list: an account's (by its service) section (`favorites`, `watchlist`, `rated`), kind (`movie`, `tv`)."""

    service: str
    account_id: int
    section: str
    kind: str


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A title on a list."""

    title_id: int
    place: int
    added_at: int | None
    rating: int | None


@dataclass(frozen=True, slots=True)
class ListRow:
    """How well a list is known. `complete`: all of it, at `as_of`; else as far as its service lets it be read."""

    section: str
    kind: str
    total: int
    as_of: int | None
    complete: bool


@dataclass(frozen=True, slots=True)
class Settled:
    """A list that is wholly known now: as of when, and how many titles its service counts and doesn't show."""

    as_of: int
    hidden: int
    complete: bool


async def read(db: Database, shelf: Shelf) -> tuple[ListRow | None, list[KeptRow]]:
    """How well the list is known (None: nobody looked yet), and its titles, newest first."""

    def work(connection: sqlite3.Connection) -> tuple[ListRow | None, list[KeptRow]]:
        found = connection.execute(
            f"select section, kind, total, as_of, complete from mirror_lists where {_SHELF}",  # noqa: S608 - our names
            _named(shelf),
        ).fetchone()
        rows = connection.execute(
            f"select title_id, place, added_at, rating from mirror_titles where {_SHELF} "  # noqa: S608 - as above
            "order by place desc, title_id desc",
            _named(shelf),
        )
        return list_row(found) if found else None, [KeptRow(*row) for row in rows]

    return await db.transaction(work)


async def stands(
    db: Database,
    shelf: Shelf,
    shown: Sequence[tuple[int, int | None]],
    *,
    offset: int,
    newest: bool,
    total: int,
    now: int,
) -> bool:
    """Whether a piece of the list (ids with their ratings) and its total are what is known; of its top, noted as such.

    Reads no more of the list than that piece.
    """
    order = "desc" if newest else "asc"

    def work(connection: sqlite3.Connection) -> bool:
        known = connection.execute(
            f"select 1 from mirror_lists where {_SHELF} and as_of is not null and total = :total",  # noqa: S608 - our names
            {**_named(shelf), "total": total},
        ).fetchone()
        if known is None:
            return False
        rows = connection.execute(
            f"select title_id, rating from mirror_titles where {_SHELF} "  # noqa: S608 - as above
            f"order by place {order}, title_id {order} limit :limit offset :offset",
            {**_named(shelf), "limit": len(shown), "offset": offset},
        )
        if [(row[0], row[1]) for row in rows] != list(shown):
            return False
        if newest and offset == 0:
            connection.execute(f"update mirror_lists set as_of = :now where {_SHELF}", {**_named(shelf), "now": now})  # noqa: S608 - as above
        return True

    return await db.transaction(work)


async def lists(db: Database, *, service: str, account_id: int) -> list[ListRow]:
    """How well each list of the account is known, of those that somebody looked at."""
    rows = await db.query(
        """
        select section, kind, total, as_of, complete from mirror_lists
        where service = :service and account_id = :account_id
        """,
        service=service,
        account_id=account_id,
    )
    return [list_row(row) for row in rows]


async def bring(
    db: Database, shelf: Shelf, *, gone: Sequence[int], put: Sequence[KeptRow], settled: Settled | None
) -> None:
    """Take some titles off and put others on or elsewhere, and say that the list is known now.

    Without `settled` more is to come, and until it has come the list counts as not known.
    """

    def work(connection: sqlite3.Connection) -> None:
        connection.executemany(
            f"delete from mirror_titles where {_SHELF} and title_id = :title_id",  # noqa: S608 - our names
            ({**_named(shelf), "title_id": title_id} for title_id in gone),
        )
        _put(connection, shelf, put)
        if settled is None:
            connection.execute(f"update mirror_lists set as_of = null, complete = 0 where {_SHELF}", _named(shelf))  # noqa: S608 - our names
            return
        connection.execute(
            f"""
            insert into mirror_lists (service, account_id, section, kind, total, as_of, complete)
            select :service, :account_id, :section, :kind, count(*) + :hidden, :as_of, :complete
            from mirror_titles where {_SHELF}
            on conflict do update set total = excluded.total, as_of = excluded.as_of, complete = excluded.complete
            """,  # noqa: S608 - our names
            {
                **_named(shelf),
                "hidden": settled.hidden,
                "as_of": settled.as_of,
                "complete": settled.complete,
            },
        )

    await db.transaction(work)


async def hint(db: Database, shelf: Shelf, *, put: Sequence[KeptRow], total: int) -> None:
    """Keep what was seen of a list that is not known. One that is known by now is left as it is."""

    def work(connection: sqlite3.Connection) -> None:
        connection.execute(
            """
            insert into mirror_lists (service, account_id, section, kind, total, as_of, complete)
            values (:service, :account_id, :section, :kind, :total, null, 0)
            on conflict do update set total = excluded.total where as_of is null
            """,
            {**_named(shelf), "total": total},
        )
        if connection.execute("select changes()").fetchone()[0]:
            _put(connection, shelf, put)

    await db.transaction(work)


async def put_on_top(db: Database, shelf: Shelf, *, put: Sequence[KeptRow]) -> None:
    """Put titles on a known list that came onto it since; it stays known as of when it was."""

    def work(connection: sqlite3.Connection) -> None:
        added = sum(_count(connection, shelf, row.title_id) == 0 for row in put)
        _put(connection, shelf, put)
        _shift(connection, shelf, added)

    await db.transaction(work)


async def note(db: Database, shelf: Shelf, ratings: Mapping[int, int]) -> None:
    """Take over the ratings (half points by title id) of those titles that the list is known to have."""

    def work(connection: sqlite3.Connection) -> None:
        connection.executemany(
            f"update mirror_titles set rating = :rating "  # noqa: S608 - our names
            f"where {_SHELF} and title_id = :title_id and rating is not :rating",
            ({**_named(shelf), "title_id": title_id, "rating": rating} for title_id, rating in ratings.items()),
        )

    await db.transaction(work)


async def change(
    db: Database,
    *,
    service: str,
    account_id: int,
    kind: str,
    title_id: int,
    on: Iterable[str],
    rating: int | None,
    now: int,
) -> None:
    """The title is on these sections now and on no other, with this rating. Where it was on already its place stays."""
    sections = set(on)

    def work(connection: sqlite3.Connection) -> None:
        for section in SECTIONS:
            shelf = Shelf(service, account_id, section, kind)
            there = _count(connection, shelf, title_id)
            values = {**_named(shelf), "title_id": title_id, "now": now}
            if section not in sections:
                connection.execute(f"delete from mirror_titles where {_SHELF} and title_id = :title_id", values)  # noqa: S608 - our names
                _shift(connection, shelf, -there)
                continue
            values["rating"] = rating if section == "rated" else None
            connection.execute(
                f"""
                insert into mirror_titles (service, account_id, section, kind, title_id, place, added_at, rating)
                values (:service, :account_id, :section, :kind, :title_id,
                    1 + coalesce((select max(place) from mirror_titles where {_SHELF}), 0), :now, :rating)
                on conflict do update set rating = excluded.rating
                """,  # noqa: S608 - our names
                values,
            )
            _shift(connection, shelf, 1 - there)

    await db.transaction(work)


async def forget(db: Database, *, service: str, account_id: int) -> None:
    """Nothing of the account is left."""

    def work(connection: sqlite3.Connection) -> None:
        for table in ("mirror_titles", "mirror_lists"):
            connection.execute(
                f"delete from {table} where service = ? and account_id = ?",  # noqa: S608 - names from this line
                (service, account_id),
            )

    await db.transaction(work)


def list_row(row: Mapping[str, object] | sqlite3.Row) -> ListRow:
    """The row with its flag as a bool."""
    return ListRow(row["section"], row["kind"], row["total"], row["as_of"], bool(row["complete"]))  # type: ignore[arg-type]


_SHELF: Final = "service = :service and account_id = :account_id and section = :section and kind = :kind"


def _named(shelf: Shelf) -> dict[str, str | int | None]:
    return {
        "service": shelf.service,
        "account_id": shelf.account_id,
        "section": shelf.section,
        "kind": shelf.kind,
    }


def _put(connection: sqlite3.Connection, shelf: Shelf, rows: Iterable[KeptRow]) -> None:
    connection.executemany(
        """
        insert into mirror_titles (service, account_id, section, kind, title_id, place, added_at, rating)
        values (:service, :account_id, :section, :kind, :title_id, :place, :added_at, :rating)
        on conflict do update set place = excluded.place, added_at = excluded.added_at, rating = excluded.rating
        """,
        (
            {
                **_named(shelf),
                "title_id": row.title_id,
                "place": row.place,
                "added_at": row.added_at,
                "rating": row.rating,
            }
            for row in rows
        ),
    )


def _count(connection: sqlite3.Connection, shelf: Shelf, title_id: int) -> int:
    found: int = connection.execute(
        f"select count(*) from mirror_titles where {_SHELF} and title_id = :title_id",  # noqa: S608 - our names
        {**_named(shelf), "title_id": title_id},
    ).fetchone()[0]
    return found


def _shift(connection: sqlite3.Connection, shelf: Shelf, by: int) -> None:
    """The list has `by` titles more than it had, its service's count included."""
    connection.execute(
        f"update mirror_lists set total = total + :by where {_SHELF}",  # noqa: S608 - our names
        {**_named(shelf), "by": by},
    )
