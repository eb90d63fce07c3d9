"""What is known of those who are in a film night: their accounts, services and private chats.

Instants in seconds since 1970, UTC.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.database import Database


async def accounts(db: Database, night_id: int) -> list[tuple[str, int]]:
    """The accounts (service, account_id) of those who are in, each once."""
    rows = await db.query(
        """
        select distinct s.service, s.account_id from nights n
        join attendees a on a.night_id = n.id and a.left_at is null
        join people p on p.platform = n.platform and p.person_id = a.person_id
        join sessions s on s.platform = p.platform and s.chat_id = p.private_chat_id and s.signed_out_at is null
        where n.id = :id
        """,
        id=night_id,
    )
    return [(row["service"], row["account_id"]) for row in rows]


async def read_at(db: Database, night_id: int) -> int | None:
    """When the watchlists of those who are in were last known to be so, all of them; None where none is a mirror's."""
    rows = await db.query(
        """
        select min(l.as_of) as as_of from nights n join attendees a on a.night_id = n.id and a.left_at is null
        join people p on p.platform = n.platform and p.person_id = a.person_id
        join sessions s on s.platform = p.platform and s.chat_id = p.private_chat_id and s.signed_out_at is null
        join mirror_lists l on l.service = s.service and l.account_id = s.account_id and l.section = 'watchlist'
        where n.id = :id and l.as_of is not null
        """,
        id=night_id,
    )
    found: int | None = rows[0]["as_of"]
    return found


async def streaming(db: Database, night_id: int) -> set[int]:
    """The streaming services (TMDB's numbers) that somebody who is in has, or the group."""
    rows = await db.query(
        """
        select c.streaming from nights n join preferences c on c.platform = n.platform
            and ((c.owner = 'chat' and c.owner_id = n.chat_id)
                or (c.owner = 'person' and c.owner_id in
                    (select person_id from attendees where night_id = n.id and left_at is null)))
        where n.id = :id
        """,
        id=night_id,
    )
    return {int(number) for row in rows for number, _ in json.loads(row["streaming"])}


async def private_chats(db: Database, night_id: int) -> dict[str, str]:
    """Where those who are in can be written to alone: private chats by their people's ids."""
    rows = await db.query(
        """
        select a.person_id, p.private_chat_id from nights n join attendees a on a.night_id = n.id and a.left_at is null
        join people p on p.platform = n.platform and p.person_id = a.person_id
        where n.id = :id and p.private_chat_id is not null
        """,
        id=night_id,
    )
    return {row["person_id"]: row["private_chat_id"] for row in rows}
