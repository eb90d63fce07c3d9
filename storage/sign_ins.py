"""Sign-ins by approval that are under way, and for a while those that are done. Table `sign_ins`.

A nonce is known by its hash alone. What was made with one is kept as long as it can still come back by another person,
who then proves that it went astray. Tokens come sealed and stay so; instants are seconds since 1970, UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from storage.database import Database

LIVES_SECONDS: Final = 15 * 60
"""How long a link can be come back by; TMDB's request tokens live as long."""
KEPT_SECONDS: Final = 24 * 3600
"""How long is known what was made with it."""


@dataclass(frozen=True, slots=True)
class SignInRow:
    """A sign-in: who asked for it, for which chat, and what he wanted to do after it.

    `burnt_at`: another person came back by it. `returned`: he has come back, but the service could not finish it.
    `sealed_session` is what was made with it, in the end.
    """

    id: int
    platform: str
    person_id: str
    private_chat_id: str
    chat_id: str
    service: str
    wish: str
    sealed_token: bytes
    sealed_session: bytes | None
    made_at: int
    used_at: int | None
    returned: bool
    burnt_at: int | None


async def begin(
    db: Database,
    *,
    nonce_hash: str,
    platform: str,
    person_id: str,
    private_chat_id: str,
    chat_id: str,
    service: str,
    wish: str,
    sealed_token: bytes,
    now: int,
) -> None:
    """Keep a sign-in. `sealed_token` is bound to the hash of its nonce."""
    await db.write(
        """
        insert into sign_ins (nonce_hash, platform, person_id, private_chat_id, chat_id, service, wish, sealed_token,
            made_at)
        values (:nonce_hash, :platform, :person_id, :private_chat_id, :chat_id, :service, :wish, :sealed_token, :now)
        """,
        nonce_hash=nonce_hash,
        platform=platform,
        person_id=person_id,
        private_chat_id=private_chat_id,
        chat_id=chat_id,
        service=service,
        wish=wish,
        sealed_token=sealed_token,
        now=now,
    )


async def take(
    db: Database, *, nonce_hash: str, platform: str, person_id: str, update_id: str, now: int
) -> tuple[SignInRow, bool] | None:
    """The sign-in of that nonce, and whether its person comes back by it for the first time.

    It counts as used from now on, by that update: handled twice, it is still the first. Another person burns it. None
    where there is no such sign-in, or it is long over.
    """

    def work(connection: Any) -> tuple[SignInRow, bool] | None:
        row = connection.execute("select * from sign_ins where nonce_hash = ?", (nonce_hash,)).fetchone()
        if row is None:
            return None
        if (row["platform"], row["person_id"]) != (platform, person_id):
            connection.execute(
                "update sign_ins set burnt_at = coalesce(burnt_at, ?), used_at = coalesce(used_at, ?) where id = ?",
                (now, now, row["id"]),
            )
            return _row(row), False
        first = connection.execute(
            """
            update sign_ins set used_at = ?, used_by = ?
            where id = ? and burnt_at is null and (used_at is null or used_by = ?)
            """,
            (now, update_id, row["id"], update_id),
        ).rowcount
        return _row(row), bool(first)

    return await db.transaction(work)


async def newest(db: Database, *, platform: str, person_id: str) -> tuple[str, bool] | None:
    """The hash of the nonce of this person's newest sign-in that is open, and whether he has come back by it."""
    rows = await db.query(
        """
        select nonce_hash, returned from sign_ins
        where platform = :platform and person_id = :person_id and used_at is null
        order by id desc limit 1
        """,
        platform=platform,
        person_id=person_id,
    )
    return (rows[0]["nonce_hash"], bool(rows[0]["returned"])) if rows else None


async def reopen(db: Database, *, sign_in_id: int) -> None:
    """Its person has come back, but the service could not finish it: it can be tried again."""
    await db.write(
        "update sign_ins set used_at = null, returned = 1 where id = :sign_in_id and burnt_at is null",
        sign_in_id=sign_in_id,
    )


async def finish(db: Database, *, sign_in_id: int, sealed_session: bytes | None) -> None:
    """Keep what was made with it; None once that is revoked."""
    await db.write(
        "update sign_ins set sealed_session = :sealed_session where id = :sign_in_id",
        sealed_session=sealed_session,
        sign_in_id=sign_in_id,
    )


async def astray(db: Database) -> list[tuple[str, SignInRow]]:
    """Those that another person came back by, and whose session the service could not yet be told to end.

    Each with the hash of its nonce.
    """
    rows = await db.query("select * from sign_ins where burnt_at is not null and sealed_session is not null")
    return [(row["nonce_hash"], _row(row)) for row in rows]


async def purge(db: Database, *, now: int) -> None:
    """Delete those that are long over."""
    await db.write("delete from sign_ins where made_at <= :since", since=now - KEPT_SECONDS)


def _row(row: Any) -> SignInRow:
    return SignInRow(**{name: row[name] for name in SignInRow.__slots__} | {"returned": bool(row["returned"])})
