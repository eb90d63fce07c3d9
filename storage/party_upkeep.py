"""What becomes of a group's lists by themselves: forgotten in the end, moved along with their group.

Tables `parties`, `proposals` and `opinions`; see `storage.parties`. Instants in seconds since 1970, UTC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3

    from storage.database import Database

KEPT_SECONDS: Final = 30 * 24 * 3600
"""For how long what was deleted or taken off can be brought back."""


async def purge(db: Database, *, now: int) -> None:
    """Forget what was deleted or taken off so long ago that nobody brings it back."""

    def work(connection: sqlite3.Connection) -> None:
        since = {"since": now - KEPT_SECONDS}
        gone = """
            select p.id from proposals p join parties l on l.id = p.party_id
            where p.removed_at <= :since or l.deleted_at <= :since
        """
        connection.execute(f"delete from opinions where proposal_id in ({gone})", since)  # noqa: S608 - text from here
        connection.execute(f"delete from proposals where id in ({gone})", since)  # noqa: S608 - as above
        connection.execute("delete from parties where deleted_at <= :since", since)

    await db.transaction(work)


def move(connection: sqlite3.Connection, *, platform: str, old_id: str, new_id: str) -> None:
    """A group has another id now. Part of a transaction. Two lists of one name become one with all that is on both."""
    doubles = connection.execute(
        """
        select o.id as old, n.id as new from parties o
        join parties n on n.platform = o.platform and n.chat_id = ? and n.folded = o.folded and n.deleted_at is null
        where o.platform = ? and o.chat_id = ? and o.deleted_at is null
        """,
        (new_id, platform, old_id),
    ).fetchall()
    for row in doubles:
        _join(connection, row["old"], row["new"])
    connection.execute("update parties set chat_id = ? where platform = ? and chat_id = ?", (new_id, platform, old_id))


def _join(connection: sqlite3.Connection, old_id: int, new_id: int) -> None:
    """All that was on one list is on another of that name, and the first is no more."""
    connection.execute(
        """
        update or ignore opinions set proposal_id = (
            select n.id from proposals n join proposals o on o.kind = n.kind and o.title_id = n.title_id
            where o.id = opinions.proposal_id and n.party_id = :new
                and n.removed_at is null and n.watched_at is null)
        where proposal_id in (
            select o.id from proposals o join proposals n on n.kind = o.kind and n.title_id = o.title_id
            where o.party_id = :old and n.party_id = :new and o.removed_at is null and o.watched_at is null
                and n.removed_at is null and n.watched_at is null)
        """,
        {"old": old_id, "new": new_id},
    )
    # Whoever wanted a double on both lists has said so once already: what is left of it goes with it.
    connection.execute("update or ignore proposals set party_id = ? where party_id = ?", (new_id, old_id))
    connection.execute(
        "delete from opinions where proposal_id in (select id from proposals where party_id = ?)", (old_id,)
    )
    connection.execute("delete from proposals where party_id = ?", (old_id,))
    connection.execute("delete from parties where id = ?", (old_id,))
