"""Sessions with account services, one for each (service, chat). Table `sessions`; tokens come sealed and stay so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.database import Database


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A chat's session. `account_id` and `account_name` are the service's."""

    account_id: int
    account_name: str
    sealed_token: bytes


async def read(db: Database, *, service: str, platform: str, chat_id: str) -> SessionRow | None:
    """The chat's session with `service`, unless it is signed out."""
    rows = await db.query(
        """
        select account_id, account_name, sealed_token from sessions
        where service = :service and platform = :platform and chat_id = :chat_id and signed_out_at is null
        """,
        service=service,
        platform=platform,
        chat_id=chat_id,
    )
    return SessionRow(**rows[0]) if rows else None


async def keep(
    db: Database,
    *,
    service: str,
    platform: str,
    chat_id: str,
    account_id: int,
    account_name: str,
    sealed_token: bytes,
    now: int,
) -> None:
    """The chat's session with `service`, in place of any earlier one."""
    await db.write(
        """
        insert into sessions (service, platform, chat_id, account_id, account_name, sealed_token, made_at)
        values (:service, :platform, :chat_id, :account_id, :account_name, :sealed_token, :now)
        on conflict do update set account_id = excluded.account_id, account_name = excluded.account_name,
            sealed_token = excluded.sealed_token, made_at = excluded.made_at, signed_out_at = null
        """,
        service=service,
        platform=platform,
        chat_id=chat_id,
        account_id=account_id,
        account_name=account_name,
        sealed_token=sealed_token,
        now=now,
    )


async def sign_out(db: Database, *, service: str, platform: str, chat_id: str, now: int) -> None:
    """Act on the account no more, but keep the key to it: for a service that could give no other."""
    await db.write(
        """
        update sessions set signed_out_at = :now
        where service = :service and platform = :platform and chat_id = :chat_id
        """,
        service=service,
        platform=platform,
        chat_id=chat_id,
        now=now,
    )


async def sign_in_again(db: Database, *, service: str, platform: str, chat_id: str) -> None:
    """Act on the account again, after `sign_out`."""
    await db.write(
        """
        update sessions set signed_out_at = null
        where service = :service and platform = :platform and chat_id = :chat_id
        """,
        service=service,
        platform=platform,
        chat_id=chat_id,
    )


async def forget(db: Database, *, service: str, platform: str, chat_id: str) -> None:
    """The session is gone, and its token with it."""
    await db.write(
        "delete from sessions where service = :service and platform = :platform and chat_id = :chat_id",
        service=service,
        platform=platform,
        chat_id=chat_id,
    )
