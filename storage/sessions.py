"""Sessions with account services, one for each (service, chat). Table `sessions`; tokens come sealed and stay so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

    from storage.database import Database
    from storage.sealing import Seal


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A chat's session with `service`. `account_id` and `account_name` are the service's; one that is signed out has
    kept only the key to an account that could give no other.
    """

    service: str
    account_id: int
    account_name: str
    sealed_token: bytes
    signed_out_at: int | None = None


@dataclass(frozen=True, slots=True)
class LinkedRow:
    """A chat that acts on an account, by the name of its person or group where it is known."""

    platform: str
    chat_id: str
    name: str
    is_group: bool


def place(service: str, platform: str, chat_id: str) -> str:
    """What a session's sealed token is bound to: copied to another row, it opens nothing."""
    return f"session:{service}:{platform}:{chat_id}"


async def read(db: Database, *, services: tuple[str, str], platform: str, chat_id: str) -> SessionRow | None:
    """The chat's session with one of `services`: one that is not signed out before others, then the first service's."""
    rows = await db.query(
        f"""
        select service, account_id, account_name, sealed_token, signed_out_at from sessions
        where platform = :platform and chat_id = :chat_id and service = {best(":chat_id")}
        """,  # noqa: S608 - text from this file
        main=services[0],
        here=services[1],
        platform=platform,
        chat_id=chat_id,
    )
    return SessionRow(**rows[0]) if rows else None


def best(chat_id: str) -> str:
    """The SQL for the service whose session counts in a chat, by `:platform`, `:main` and `:here`."""
    return f"""(
        select service from sessions
        where platform = :platform and chat_id = {chat_id} and service in (:main, :here)
        order by signed_out_at is not null, service = :here limit 1
    )"""  # noqa: S608 - text from storage


async def linked(db: Database, *, service: str, account_id: int) -> list[LinkedRow]:
    """The chats that act on that account, the oldest link first."""
    rows = await db.query(
        """
        select s.platform, s.chat_id, coalesce(c.name, p.name, '') as name, p.person_id is null as is_group
        from sessions s
        left join chats c on c.platform = s.platform and c.chat_id = s.chat_id
        left join people p on p.platform = s.platform and p.private_chat_id = s.chat_id
        where s.service = :service and s.account_id = :account_id and s.signed_out_at is null
        order by s.made_at, s.platform, s.chat_id
        """,
        service=service,
        account_id=account_id,
    )
    return [LinkedRow(row["platform"], row["chat_id"], row["name"], bool(row["is_group"])) for row in rows]


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


async def forget(db: Database, *, service: str, platform: str, chat_id: str, sealed_token: bytes) -> None:
    """The session with that token is gone, and the token with it. One that has come in its place since stays."""
    await db.write(
        """
        delete from sessions
        where service = :service and platform = :platform and chat_id = :chat_id and sealed_token = :sealed_token
        """,
        service=service,
        platform=platform,
        chat_id=chat_id,
        sealed_token=sealed_token,
    )


def move(connection: sqlite3.Connection, seal: Seal, *, platform: str, old_id: str, new_id: str) -> None:
    """Within a transaction: a chat's sessions go with it to its new id. Those that are there by now already stay."""
    rows = connection.execute(
        "select * from sessions where platform = ? and chat_id = ?", (platform, old_id)
    ).fetchall()
    for row in rows:
        token = seal.open(row["sealed_token"], place(row["service"], platform, old_id))
        sealed = seal.seal(token, place(row["service"], platform, new_id))
        connection.execute(
            "update or ignore sessions set chat_id = ?, sealed_token = ? "
            "where service = ? and platform = ? and chat_id = ?",
            (new_id, sealed, row["service"], platform, old_id),
        )
    connection.execute("delete from sessions where platform = ? and chat_id = ?", (platform, old_id))
