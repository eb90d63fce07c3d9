"""Who has talked in a group, so that its accounts can be counted. Table `members`.

`since`, `left_at` and `out_at` are seconds since 1970, UTC. Whoever is `out` is in the group, but takes no part in what
is counted there. Those alone are named beside what is on their lists who have set that they may be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

    from storage.database import Database

COUNTS = "m.left_at is null and m.out_at is null"
"""Of a joined `members m`: whether he is counted."""
COLUMN = "m.since is not null and m.left_at is null as is_member"
JOIN = "left join members m on m.platform = :platform and m.chat_id = :chat_id and m.person_id = :person_id"
"""What a read about a person in a chat needs, to tell whether he is known there already."""


async def join(db: Database, *, platform: str, chat_id: str, person_id: str, now: int) -> None:
    """A person is in a group, or again."""
    await db.write(
        """
        insert into members (platform, chat_id, person_id, since) values (:platform, :chat_id, :person_id, :now)
        on conflict do update set left_at = null
        """,
        platform=platform,
        chat_id=chat_id,
        person_id=person_id,
        now=now,
    )


async def leave(db: Database, *, platform: str, chat_id: str, person_id: str, now: int) -> None:
    """A person is in a group no more."""
    await db.write(
        """
        update members set left_at = :now
        where platform = :platform and chat_id = :chat_id and person_id = :person_id and left_at is null
        """,
        platform=platform,
        chat_id=chat_id,
        person_id=person_id,
        now=now,
    )


async def leave_all(db: Database, *, platform: str, chat_id: str, now: int) -> None:
    """Nobody is told of who leaves a group from now on: whoever talks there again is there."""
    await db.write(
        "update members set left_at = :now where platform = :platform and chat_id = :chat_id and left_at is null",
        platform=platform,
        chat_id=chat_id,
        now=now,
    )


async def accounts(db: Database, *, platform: str, chat_id: str) -> list[tuple[str, int]]:
    """The accounts (service, account_id) that the people in a group are signed in to, each once."""
    rows = await db.query(
        f"""
        select distinct s.service, s.account_id from members m
        join people p on p.platform = m.platform and p.person_id = m.person_id
        join sessions s on s.platform = p.platform and s.chat_id = p.private_chat_id and s.signed_out_at is null
        where m.platform = :platform and m.chat_id = :chat_id and {COUNTS}
        """,  # noqa: S608 - text from here
        platform=platform,
        chat_id=chat_id,
    )
    return [(row["service"], row["account_id"]) for row in rows]


async def named(db: Database, *, platform: str, chat_id: str) -> dict[tuple[str, int], str]:
    """Of those accounts the ones whose people let their names be shown in groups, with the name."""
    rows = await db.query(
        f"""
        select s.service, s.account_id, p.name from members m
        join preferences c
            on c.platform = m.platform and c.owner = 'person' and c.owner_id = m.person_id and c.show_name
        join people p on p.platform = m.platform and p.person_id = m.person_id
        join sessions s on s.platform = p.platform and s.chat_id = p.private_chat_id and s.signed_out_at is null
        where m.platform = :platform and m.chat_id = :chat_id and {COUNTS} order by p.name desc
        """,  # noqa: S608 - text from here
        platform=platform,
        chat_id=chat_id,
    )
    return {(row["service"], row["account_id"]): row["name"] for row in rows}


async def standing(db: Database, *, platform: str, chat_id: str, person_id: str) -> tuple[bool, bool]:
    """Whether a person is in a group, and takes part there."""
    rows = await db.query(
        """
        select left_at is null as here, out_at is null as part from members
        where platform = :platform and chat_id = :chat_id and person_id = :person_id
        """,
        platform=platform,
        chat_id=chat_id,
        person_id=person_id,
    )
    return (bool(rows[0]["here"]), bool(rows[0]["here"] and rows[0]["part"])) if rows else (False, False)


async def take_part(db: Database, *, platform: str, chat_id: str, person_id: str, going: bool, now: int) -> bool:
    """A member takes part from now on, or no more; False where that was so already."""
    changed = await db.write(
        """
        update members set out_at = :out_at
        where platform = :platform and chat_id = :chat_id and person_id = :person_id and (out_at is null) is not :going
        """,
        platform=platform,
        chat_id=chat_id,
        person_id=person_id,
        out_at=None if going else now,
        going=int(going),
    )
    return changed > 0


async def taking_part(db: Database, *, platform: str, chat_id: str) -> list[tuple[str, str]]:
    """Those who take part in a group (id, name), by their names."""
    rows = await db.query(
        f"""
        select m.person_id, p.name from members m
        join people p on p.platform = m.platform and p.person_id = m.person_id
        where m.platform = :platform and m.chat_id = :chat_id and {COUNTS} order by p.name, m.person_id
        """,  # noqa: S608 - text from here
        platform=platform,
        chat_id=chat_id,
    )
    return [(row["person_id"], row["name"]) for row in rows]


def move(connection: sqlite3.Connection, *, platform: str, old_id: str, new_id: str) -> None:
    """A group has another id now. Part of a transaction. Who took no part takes none there."""
    connection.execute(
        """
        update members set out_at = coalesce(out_at, (
            select o.out_at from members o
            where o.platform = members.platform and o.chat_id = ? and o.person_id = members.person_id))
        where platform = ? and chat_id = ?
        """,
        (old_id, platform, new_id),
    )
    connection.execute(
        "update or ignore members set chat_id = ? where platform = ? and chat_id = ?", (new_id, platform, old_id)
    )
    connection.execute("delete from members where platform = ? and chat_id = ?", (platform, old_id))
