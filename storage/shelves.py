"""Reading lists, wherever they are kept: the view `shelves` unites the mirror of other services' and our own `entries`.

`place` orders a list, larger is newer. `added_at` is integer seconds since 1970, UTC, None where not known. Ratings are
in half points (1 to 20). An account is (service, account_id); one that is named twice counts once. Each query names
its account, section and kind in full, so that SQLite looks into the indexes of both tables and reads no other rows.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from storage.mirror import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from storage.database import Database, Value
    from storage.mirror import Shelf

Account = tuple[str, int]
"""(service, account_id)"""
TITLES_AT_ONCE: Final = 1000
"""Titles asked for in one query: SQLite takes 32,766 parameters, and others wait for the database meanwhile."""


@dataclass(frozen=True, slots=True)
class ShelvedRow:
    """A title on a list. `rating` on rated lists alone."""

    title_id: int
    place: int
    added_at: int | None
    rating: int | None


@dataclass(frozen=True, slots=True)
class RatedRow:
    """How many of some accounts rated a title, and the mean of their ratings in half points."""

    kind: str
    title_id: int
    people: int
    mean: float | None


@dataclass(frozen=True, slots=True)
class SaidRow:
    """That a title is on an account's watchlist (`section`), or rated by it."""

    service: str
    account_id: int
    section: str
    rating: int | None


async def page(db: Database, shelf: Shelf, *, newest: bool, limit: int, offset: int = 0) -> list[ShelvedRow]:
    """A piece of a list, newest or oldest first."""
    order = "desc" if newest else "asc"
    # That `place` is among the columns lets SQLite merge the view's parts in the order of their indexes.
    rows = await db.query(
        f"""
        select title_id, place, added_at, rating from shelves
        where service = :service and account_id = :account_id and section = :section and kind = :kind
        order by place {order}, title_id {order} limit :limit offset :offset
        """,  # noqa: S608 - names from this file
        service=shelf.service,
        account_id=shelf.account_id,
        section=shelf.section,
        kind=shelf.kind,
        limit=limit,
        offset=offset,
    )
    return [ShelvedRow(**row) for row in rows]


async def sections(db: Database, account: Account, *, kind: str, title_id: int) -> dict[str, int | None]:
    """The sections that a title is on, each with the rating that stands there."""
    names, params = _in("x", SECTIONS)
    rows = await db.query(
        f"""
        select section, rating from shelves where service = :service and account_id = :account_id
            and section in {names} and kind = :kind and title_id = :title_id
        """,  # noqa: S608 - names of parameters
        service=account[0],
        account_id=account[1],
        kind=kind,
        title_id=title_id,
        **params,
    )
    return {row["section"]: row["rating"] for row in rows}


async def counts(db: Database, account: Account) -> dict[tuple[str, str], int]:
    """How many titles each (section, kind) of the account has; lists without any are missing."""
    rows = await db.query(
        """
        select section, kind, count(*) as titles from shelves
        where service = :service and account_id = :account_id group by section, kind
        """,
        service=account[0],
        account_id=account[1],
    )
    return {(row["section"], row["kind"]): row["titles"] for row in rows}


async def wanted(db: Database, accounts: Iterable[Account], *, kind: str | None) -> list[tuple[str, int, int]]:
    """What is on the accounts' watchlists: (kind, title id, on how many), most wanted first."""
    kinds, params = _in("k", ("movie", "tv") if kind is None else (kind,))
    parts = []
    for condition, more in _each_service(accounts):
        parts.append(
            f"select kind, title_id from shelves where {condition} and section = 'watchlist' and kind in {kinds}"  # noqa: S608 - as above
        )
        params.update(more)
    if not parts:
        return []
    rows = await db.query(
        f"""
        select kind, title_id, count(*) as people from ({" union all ".join(parts)})
        group by kind, title_id order by people desc, kind, title_id
        """,  # noqa: S608 - as above
        **params,
    )
    return [(row["kind"], row["title_id"], row["people"]) for row in rows]


async def wanting(db: Database, accounts: Iterable[Account], *, kind: str, title_id: int) -> int:
    """On how many of the accounts' watchlists a title is."""
    params: dict[str, Value] = {"kind": kind, "title_id": title_id}
    parts = []
    for condition, more in _each_service(accounts):
        parts.append(
            f"select 1 from shelves where {condition}"  # noqa: S608 - as above
            " and section = 'watchlist' and kind = :kind and title_id = :title_id"
        )
        params.update(more)
    if not parts:
        return 0
    rows = await db.query(f"select count(*) as people from ({' union all '.join(parts)})", **params)  # noqa: S608 - as above
    return int(rows[0]["people"])


async def said(db: Database, accounts: Iterable[Account], *, kind: str, title_id: int) -> list[SaidRow]:
    """On which of the accounts' watchlists a title is, and which of them rated it."""
    params: dict[str, Value] = {"kind": kind, "title_id": title_id}
    parts = []
    for condition, more in _each_service(accounts):
        parts.append(
            f"select service, account_id, section, rating from shelves where {condition}"  # noqa: S608 - as above
            " and section in ('watchlist', 'rated') and kind = :kind and title_id = :title_id"
        )
        params.update(more)
    if not parts:
        return []
    return [SaidRow(**row) for row in await db.query(" union all ".join(parts), **params)]


async def rated(db: Database, accounts: Iterable[Account], *, titles: Sequence[tuple[str, int]]) -> list[RatedRow]:
    """Those of the titles (kind, id) that some of the accounts rated, in one query for each thousand."""
    accounts = list(accounts)
    found = []
    for start in range(0, len(titles), TITLES_AT_ONCE):
        found += await _rated(db, accounts, titles[start : start + TITLES_AT_ONCE])
    return found


async def _rated(db: Database, accounts: list[Account], titles: Sequence[tuple[str, int]]) -> list[RatedRow]:
    ids = defaultdict(list)
    for kind, title_id in titles:
        ids[kind].append(title_id)
    params: dict[str, Value] = {}
    parts = []
    for condition, more in _each_service(accounts):
        params.update(more)
        for kind, of_kind in ids.items():
            names, numbers = _in(kind, of_kind)
            parts.append(
                "select kind, title_id, rating from shelves "  # noqa: S608 - as above
                f"where {condition} and section = 'rated' and kind = :{kind} and title_id in {names}"
            )
            params.update({kind: kind, **numbers})
    if not parts:
        return []
    rows = await db.query(
        f"""
        select kind, title_id, count(*) as people, avg(rating) as mean from ({" union all ".join(parts)})
        group by kind, title_id
        """,  # noqa: S608 - as above
        **params,
    )
    return [RatedRow(**row) for row in rows]


async def liked(db: Database, account: Account, *, kind: str, least: int, limit: int) -> list[ShelvedRow]:
    """What the account rated with `least` or more, the highest first, and of those alike the newest."""
    rows = await db.query(
        """
        select title_id, place, added_at, rating from shelves
        where service = :service and account_id = :account_id and section = 'rated' and kind = :kind
            and rating >= :least
        order by rating desc, place desc limit :limit
        """,
        service=account[0],
        account_id=account[1],
        kind=kind,
        least=least,
        limit=limit,
    )
    return [ShelvedRow(**row) for row in rows]


async def kept(db: Database, account: Account, *, titles: Sequence[tuple[str, int]]) -> set[tuple[str, int]]:
    """Those of the titles (kind, id) that are on some list of the account."""
    names, params = _in("x", SECTIONS)
    found: set[tuple[str, int]] = set()
    for kind in dict.fromkeys(kind for kind, _ in titles):
        numbers = [title_id for of, title_id in titles if of == kind]
        for start in range(0, len(numbers), TITLES_AT_ONCE):
            ids, more = _in("t", numbers[start : start + TITLES_AT_ONCE])
            rows = await db.query(
                f"""
                select distinct title_id from shelves where service = :service and account_id = :account_id
                    and section in {names} and kind = :kind and title_id in {ids}
                """,  # noqa: S608 - names of parameters
                service=account[0],
                account_id=account[1],
                kind=kind,
                **params,
                **more,
            )
            found |= {(kind, row["title_id"]) for row in rows}
    return found


async def liked_with(db: Database, *, kind: str, title_id: int, least: int) -> list[RatedRow]:
    """What everybody rated who rated that title with `least` or more: how many, and the mean of their ratings.

    Each account is looked up by itself, as no index begins with the title.
    """
    rows = await db.query(
        """
        select kind, title_id, count(*) as people, avg(rating) as mean from (
            select o.kind, o.title_id, o.rating from accounts a
                cross join entries r on r.account_id = a.id and r.kind = :kind and r.title_id = :title_id
                    and r.rating >= :least
                cross join entries o on o.account_id = a.id and o.rating is not null
            union all
            select o.kind, o.title_id, o.rating from mirror_lists l
                cross join mirror_titles r on r.service = l.service and r.account_id = l.account_id
                    and r.section = l.section and r.kind = l.kind and r.title_id = :title_id and r.rating >= :least
                cross join mirror_titles o on o.service = l.service and o.account_id = l.account_id
                    and o.section = l.section and o.rating is not null
            where l.section = 'rated' and l.kind = :kind
        ) where not (kind = :kind and title_id = :title_id) group by kind, title_id
        """,
        kind=kind,
        title_id=title_id,
        least=least,
    )
    return [RatedRow(**row) for row in rows]


async def most_wanted(db: Database, *, kind: str) -> dict[int, int]:
    """On how many watchlists each title of that kind is that is on one."""
    rows = await db.query(
        """
        select title_id, count(*) as people from shelves
        where section = 'watchlist' and kind = :kind group by title_id
        """,
        kind=kind,
    )
    return {row["title_id"]: row["people"] for row in rows}


def _each_service(accounts: Iterable[Account]) -> Iterator[tuple[str, dict[str, Value]]]:
    """For each service a condition for its accounts, with its parameters: one that spans services finds no index."""
    ids: dict[str, set[int]] = defaultdict(set)
    for service, account_id in accounts:
        ids[service].add(account_id)
    for number, (service, of_service) in enumerate(ids.items()):
        names, params = _in(f"s{number}a", sorted(of_service))
        yield f"service = :s{number} and account_id in {names}", {f"s{number}": service, **params}


def _in(name: str, values: Iterable[str | int]) -> tuple[str, dict[str, Value]]:
    """`(:name0, :name1, …)` and its parameters."""
    params: dict[str, Value] = {f"{name}{number}": value for number, value in enumerate(values)}
    return f"({', '.join(f':{one}' for one in params)})", params
