"""What the bot changed on people's accounts, with the title's whole state before and after. Table `changes`.

A change is written before it is made, once for (platform, update, title): Undo's memory, and safe to handle twice.
Ratings are in half points (1 to 20), None for none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3

    from storage.database import Database


@dataclass(frozen=True, slots=True)
class StateRow:
    """One account's state of one title."""

    rating: int | None
    watchlist: bool
    favorite: bool


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change: whose, of what, from and to what. `account_id` is the service's."""

    id: int
    platform: str
    person_id: str
    service: str
    account_id: int
    kind: str
    title_id: int
    before: StateRow
    after: StateRow
    made_at: int
    undone: bool
    chat_id: str | None = None
    """Where it was made."""


@dataclass(frozen=True, slots=True)
class MadeRow:
    """A change of an account's history, with what whoever made it is called."""

    change: ChangeRow
    who: str


async def remember(
    db: Database,
    *,
    platform: str,
    update_id: str,
    person_id: str,
    chat_id: str,
    service: str,
    account_id: int,
    kind: str,
    title_id: int,
    before: StateRow,
    after: StateRow,
    now: int,
) -> ChangeRow:
    """Keep a change that is about to be made; for an update handled twice, the one kept the first time."""

    def work(connection: sqlite3.Connection) -> ChangeRow:
        connection.execute(
            """
            insert into changes (platform, update_id, person_id, chat_id, service, account_id, kind, title_id,
                before_rating, before_watchlist, before_favorite,
                after_rating, after_watchlist, after_favorite, made_at)
            values (:platform, :update_id, :person_id, :chat_id, :service, :account_id, :kind, :title_id,
                :before_rating, :before_watchlist, :before_favorite,
                :after_rating, :after_watchlist, :after_favorite, :now)
            on conflict do nothing
            """,
            {
                "platform": platform,
                "update_id": update_id,
                "person_id": person_id,
                "chat_id": chat_id,
                "service": service,
                "account_id": account_id,
                "kind": kind,
                "title_id": title_id,
                "before_rating": before.rating,
                "before_watchlist": before.watchlist,
                "before_favorite": before.favorite,
                "after_rating": after.rating,
                "after_watchlist": after.watchlist,
                "after_favorite": after.favorite,
                "now": now,
            },
        )
        row = connection.execute(
            "select * from changes where platform = ? and update_id = ? and kind = ? and title_id = ?",
            (platform, update_id, kind, title_id),
        ).fetchone()
        return _row(row)

    return await db.transaction(work)


async def read(db: Database, *, change_id: int) -> ChangeRow | None:
    """The change of that number, if there is one."""
    rows = await db.query("select * from changes where id = :change_id", change_id=change_id)
    return _row(rows[0]) if rows else None


async def together(db: Database, *, change_id: int) -> list[ChangeRow]:
    """All that the update changed which made the change of that number, in the order in which it did."""
    rows = await db.query(
        """
        select changes.* from changes join changes this using (platform, update_id)
        where this.id = :change_id order by changes.id
        """,
        change_id=change_id,
    )
    return [_row(row) for row in rows]


async def latest(
    db: Database,
    *,
    platform: str,
    person_id: str,
    service: str,
    account_id: int,
    chat_id: str | None,
    update_id: str,
) -> ChangeRow | None:
    """The person's last change of this account that is not undone, or that this very update has undone already.

    With `chat_id`, only of those made in that chat.
    """
    rows = await db.query(
        """
        select * from changes
        where platform = :platform and person_id = :person_id and service = :service and account_id = :account_id
            and (:chat_id is null or chat_id = :chat_id) and (undone_by is null or undone_by = :update_id)
        order by undone_by is null, id desc
        limit 1
        """,
        platform=platform,
        person_id=person_id,
        service=service,
        account_id=account_id,
        chat_id=chat_id,
        update_id=update_id,
    )
    return _row(rows[0]) if rows else None


async def made(db: Database, *, service: str, account_id: int, limit: int, offset: int = 0) -> list[MadeRow]:
    """A piece of what was changed on the account, the newest first."""
    rows = await db.query(
        """
        select c.*, coalesce(p.name, '') as who from changes c
        left join people p on p.platform = c.platform and p.person_id = c.person_id
        where c.service = :service and c.account_id = :account_id
        order by c.id desc limit :limit offset :offset
        """,
        service=service,
        account_id=account_id,
        limit=limit,
        offset=offset,
    )
    return [MadeRow(_row(row), row["who"]) for row in rows]


async def count(db: Database, *, service: str, account_id: int) -> int:
    """How many changes were made on the account."""
    [row] = await db.query(
        "select count(*) as made from changes where service = :service and account_id = :account_id",
        service=service,
        account_id=account_id,
    )
    made: int = row["made"]
    return made


async def undone(db: Database, *, change_id: int, update_id: str) -> None:
    """The change is undone, by this update."""
    await db.write(
        "update changes set undone_by = :update_id where id = :change_id and undone_by is null",
        change_id=change_id,
        update_id=update_id,
    )


async def of_update(db: Database, *, platform: str, update_id: str, kind: str, title_id: int) -> ChangeRow | None:
    """The change that this update made to this title, if it made one."""
    rows = await db.query(
        """
        select * from changes
        where platform = :platform and update_id = :update_id and kind = :kind and title_id = :title_id
        """,
        platform=platform,
        update_id=update_id,
        kind=kind,
        title_id=title_id,
    )
    return _row(rows[0]) if rows else None


def _row(row: Any) -> ChangeRow:
    return ChangeRow(
        id=row["id"],
        platform=row["platform"],
        person_id=row["person_id"],
        service=row["service"],
        account_id=row["account_id"],
        kind=row["kind"],
        title_id=row["title_id"],
        before=_state(row, "before"),
        after=_state(row, "after"),
        made_at=row["made_at"],
        undone=row["undone_by"] is not None,
        chat_id=row["chat_id"],
    )


def _state(row: Any, when: str) -> StateRow:
    return StateRow(row[f"{when}_rating"], bool(row[f"{when}_watchlist"]), bool(row[f"{when}_favorite"]))
