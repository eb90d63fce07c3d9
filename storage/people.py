"""People and chats: who has been here, their private chats and languages. Tables `people` and `chats`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.database import Database


@dataclass(frozen=True, slots=True)
class VisitRow:
    """All that an update needs to know of where it came from, read at once.

    `private_chat_id` is where his private answers go, `kept_private_chat_id` what was kept of that before.
    `language` is the person's own choice, `chat_language` the chat's; None where none was made. The session's fields
    are None where the person's private chat has none with that service.
    """

    name: str | None
    private_chat_id: str | None
    kept_private_chat_id: str | None
    language: str | None
    chat_language: str | None
    account_id: int | None
    account_name: str | None
    sealed_token: bytes | None
    signed_out_at: int | None


async def visit(
    db: Database,
    *,
    service: str,
    platform: str,
    person_id: str,
    chat_id: str,
    private_chat_id: str | None,
) -> VisitRow:
    """What is known of a person in a chat, and his session with `service`. One read.

    `private_chat_id`: where the update says that his private chat is, if it says so.
    """
    rows = await db.query(
        """
        select p.name, coalesce(:private_chat_id, p.private_chat_id) as private_chat_id,
               p.private_chat_id as kept_private_chat_id, p.language,
               c.language as chat_language, s.account_id, s.account_name, s.sealed_token, s.signed_out_at
        from (select 1)
        left join people p on p.platform = :platform and p.person_id = :person_id
        left join chats c on c.platform = :platform and c.chat_id = :chat_id
        left join sessions s on s.service = :service and s.platform = :platform
            and s.chat_id = coalesce(:private_chat_id, p.private_chat_id)
        """,
        service=service,
        platform=platform,
        person_id=person_id,
        chat_id=chat_id,
        private_chat_id=private_chat_id,
    )
    return VisitRow(**rows[0])


async def meet(
    db: Database, *, platform: str, person_id: str, name: str, private_chat_id: str | None, now: int
) -> None:
    """Keep what a person is called and where his private chat is (a known one is not forgotten for None)."""
    await db.write(
        """
        insert into people (platform, person_id, name, private_chat_id, met_at)
        values (:platform, :person_id, :name, :private_chat_id, :now)
        on conflict do update set name = excluded.name,
            private_chat_id = coalesce(excluded.private_chat_id, private_chat_id)
        """,
        platform=platform,
        person_id=person_id,
        name=name,
        private_chat_id=private_chat_id,
        now=now,
    )


async def choose_language(db: Database, *, platform: str, person_id: str, language: str) -> None:
    """The language that a person reads in private. He has been met before."""
    await db.write(
        "update people set language = :language where platform = :platform and person_id = :person_id",
        platform=platform,
        person_id=person_id,
        language=language,
    )


async def choose_chat_language(db: Database, *, platform: str, chat_id: str, language: str) -> None:
    """The language that a group is answered in."""
    await db.write(
        """
        insert into chats (platform, chat_id, language) values (:platform, :chat_id, :language)
        on conflict do update set language = excluded.language
        """,
        platform=platform,
        chat_id=chat_id,
        language=language,
    )
