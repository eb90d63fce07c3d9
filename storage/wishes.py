"""What somebody wanted and is too long for a button: command text with its owner. Table `wishes`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from storage.database import Database

KEPT_SECONDS: Final = 30 * 24 * 3600
"""How long a wish can still be gone on with."""


async def keep(db: Database, *, platform: str, person_id: str, text: str, now: int) -> int:
    """The number under which `text` is kept; the same for the same text of the same person."""

    rows = await db.query(
        "select id from wishes where platform = :platform and person_id = :person_id and text = :text",
        platform=platform,
        person_id=person_id,
        text=text,
    )
    if rows:
        return int(rows[0]["id"])
    return await db.insert(
        "insert into wishes (platform, person_id, text, made_at) values (:platform, :person_id, :text, :now)",
        platform=platform,
        person_id=person_id,
        text=text,
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


async def purge(db: Database, *, now: int) -> None:
    """Delete what is too old to be gone on with."""
    await db.write("delete from wishes where made_at <= :since", since=now - KEPT_SECONDS)
