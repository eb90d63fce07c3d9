"""Who has talked in a group, so that its accounts can be counted. Table `members`.

`since` and `left_at` are seconds since 1970, UTC. Of accounts those alone are named to others whose people have set
that they may be. Who keeps `apart` is there, but takes no part: he is neither counted nor named.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

    from storage.database import Database

COLUMN = "m.since is not null and m.left_at is null as is_member"
JOIN = "left join members m on m.platform = :platform and m.chat_id = :chat_id and m.person_id = :person_id"
"""What a read about a person in a chat needs, to tell whether he is known there already."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """Somebody who takes part in a group."""

    person_id: str
    name: str


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
        """
        select distinct s.service, s.account_id from members m
        join people p on p.platform = m.platform and p.person_id = m.person_id
        join sessions s on s.platform = p.platform and s.chat_id = p.private_chat_id and s.signed_out_at is null
        where m.platform = :platform and m.chat_id = :chat_id and m.left_at is null and not m.apart
        """,
        platform=platform,
        chat_id=chat_id,
    )
    return [(row["service"], row["account_id"]) for row in rows]


async def named(db: Database, *, platform: str, chat_id: str) -> dict[tuple[str, int], str]:
    """Of those accounts the ones whose people let their names be shown in groups, with the name."""
    rows = await db.query(
        """
        select s.service, s.account_id, p.name from members m
        join preferences c
            on c.platform = m.platform and c.owner = 'person' and c.owner_id = m.person_id and c.show_name
        join people p on p.platform = m.platform and p.person_id = m.person_id
        join sessions s on s.platform = p.platform and s.chat_id = p.private_chat_id and s.signed_out_at is null
        where m.platform = :platform and m.chat_id = :chat_id and m.left_at is null and not m.apart
        order by p.name desc
        """,
        platform=platform,
        chat_id=chat_id,
    )
    return {(row["service"], row["account_id"]): row["name"] for row in rows}


async def present(db: Database, *, platform: str, chat_id: str) -> list[MemberRow]:
    """Those who take part in a group, by their names."""
    rows = await db.query(
        """
        select m.person_id, p.name from members m
        join people p on p.platform = m.platform and p.person_id = m.person_id
        where m.platform = :platform and m.chat_id = :chat_id and m.left_at is null and not m.apart
        order by p.name, m.person_id
        """,
        platform=platform,
        chat_id=chat_id,
    )
    return [MemberRow(**row) for row in rows]


async def take_part(db: Database, *, platform: str, chat_id: str, person_id: str, going: bool) -> bool:
    """Whether somebody who is in a group takes part there; False where that was so already."""
    changed = await db.write(
        """
        update members set apart = :apart
        where platform = :platform and chat_id = :chat_id and person_id = :person_id and apart <> :apart
        """,
        platform=platform,
        chat_id=chat_id,
        person_id=person_id,
        apart=int(not going),
    )
    return changed > 0


async def is_member(db: Database, *, platform: str, chat_id: str, person_id: str) -> bool:
    """Whether somebody has talked in that group, and not left it since."""
    rows = await db.query(
        """
        select 1 from members
        where platform = :platform and chat_id = :chat_id and person_id = :person_id and left_at is null
        """,
        platform=platform,
        chat_id=chat_id,
        person_id=person_id,
    )
    return bool(rows)


async def stands_apart(db: Database, *, platform: str, chat_id: str, person_id: str) -> bool:
    """Whether somebody takes no part in a group."""
    rows = await db.query(
        """
        select 1 from members
        where platform = :platform and chat_id = :chat_id and person_id = :person_id and apart
        """,
        platform=platform,
        chat_id=chat_id,
        person_id=person_id,
    )
    return bool(rows)


async def streaming(db: Database, *, platform: str, chat_id: str) -> set[int]:
    """The streaming services (TMDB's numbers) that the group has, or somebody who takes part there."""
    rows = await db.query(
        """
        select c.streaming from preferences c where c.platform = :platform
            and ((c.owner = 'chat' and c.owner_id = :chat_id)
                or (c.owner = 'person' and c.owner_id in (
                    select m.person_id from members m
                    where m.platform = :platform and m.chat_id = :chat_id and m.left_at is null and not m.apart)))
        """,
        platform=platform,
        chat_id=chat_id,
    )
    return {int(number) for row in rows for number, _ in json.loads(row["streaming"])}


def move(connection: sqlite3.Connection, *, platform: str, old_id: str, new_id: str) -> None:
    """A group has another id now. Part of a transaction. Who stood apart does so there."""
    connection.execute(
        """
        update members set apart = 1 where platform = ? and chat_id = ? and person_id in (
            select o.person_id from members o where o.platform = members.platform and o.chat_id = ? and o.apart)
        """,
        (platform, new_id, old_id),
    )
    connection.execute(
        "update or ignore members set chat_id = ? where platform = ? and chat_id = ?", (new_id, platform, old_id)
    )
    connection.execute("delete from members where platform = ? and chat_id = ?", (platform, old_id))
