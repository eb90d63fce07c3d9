"""What somebody wanted and is too long for a button: command text with its owner. Table `wishes`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from storage.database import Database

KEPT_SECONDS: Final = 30 * 24 * 3600
"""How long a wish can still be gone on with."""


async def keep(db: Database, *, platform: str, person_id: str, text: str, now: int, chat_id: str | None = None) -> int:
    """The number under which `text` is kept; the same for the same text of the same person.

    `chat_id`: the group whose members see whose it is.
    """
    rows = await db.query(
        "select id, chat_id from wishes where platform = :platform and person_id = :person_id and text = :text",
        platform=platform,
        person_id=person_id,
        text=text,
    )
    if rows:
        wish_id = int(rows[0]["id"])
        if chat_id not in (None, rows[0]["chat_id"]):
            await db.write("update wishes set chat_id = :chat_id where id = :wish_id", chat_id=chat_id, wish_id=wish_id)
        return wish_id
    return await db.insert(
        """
        insert into wishes (platform, person_id, text, chat_id, made_at)
        values (:platform, :person_id, :text, :chat_id, :now)
        """,
        platform=platform,
        person_id=person_id,
        text=text,
        chat_id=chat_id,
        now=now,
    )


async def read(db: Database, *, wish_id: int, now: int) -> tuple[str, str, str] | None:
    """The wish's platform, owner and text; None if there is none, or it is too old."""
    rows = await db.query(
        "select platform, person_id, text from wishes where id = :wish_id and made_at > :since",
        wish_id=wish_id,
        since=now - KEPT_SECONDS,
    )
    return (rows[0]["platform"], rows[0]["person_id"], rows[0]["text"]) if rows else None


async def owner_in(db: Database, *, wish_id: int, platform: str, chat_id: str) -> str | None:
    """What the wish's owner is called, if it is from that group; None for all other wishes."""
    rows = await db.query(
        """
        select people.name from wishes join people using (platform, person_id)
        where wishes.id = :wish_id and platform = :platform and wishes.chat_id = :chat_id
        """,
        wish_id=wish_id,
        platform=platform,
        chat_id=chat_id,
    )
    return str(rows[0]["name"]) if rows else None


async def purge(db: Database, *, now: int) -> None:
    """Delete what is too old to be gone on with."""
    await db.write("delete from wishes where made_at <= :since", since=now - KEPT_SECONDS)
