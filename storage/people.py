"""People and chats: who has been here, their private chats and languages. Tables `people` and `chats`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from storage import settings
from storage.sessions import SessionRow, best
from storage.settings import SettingsRow

if TYPE_CHECKING:
    from storage.database import Database


@dataclass(frozen=True, slots=True)
class VisitRow:
    """All that an update needs to know of where it came from, read at once.

    `private_chat_id` is where his private answers go, `kept_private_chat_id` what was kept of that before.
    `language` is the person's own choice, `chat_language` the chat's; None where none was made. `own` is the session of
    the person's private chat, `house` that of the group; `house_open`: everybody there may change its account.
    `let_in_by`: the group that may use the bot, along with which he came. `own_settings` are the person's,
    `chat_settings` the group's.
    """

    name: str | None
    private_chat_id: str | None
    kept_private_chat_id: str | None
    language: str | None
    chat_language: str | None
    house_open: bool
    let_in_by: str | None
    own: SessionRow | None
    house: SessionRow | None
    own_settings: SettingsRow
    chat_settings: SettingsRow


async def visit(
    db: Database,
    *,
    services: tuple[str, str],
    platform: str,
    person_id: str,
    chat_id: str,
    private_chat_id: str | None,
) -> VisitRow:
    """What is known of a person in a chat, with the sessions that he may act with. One read.

    `services`: the one whose sessions count first, then the other. `private_chat_id`: where the update says that his
    private chat is, if it says so.
    """
    private = "coalesce(:private_chat_id, p.private_chat_id)"
    rows = await db.query(
        f"""
        select p.name, {private} as private_chat_id, p.private_chat_id as kept_private_chat_id, p.language,
               c.language as chat_language, coalesce(c.house_open, 0) as house_open, p.let_in_by,
               {_session("o")}, {_session("h")}, {settings.columns("ps")}, {settings.columns("cs")}
        from (select 1)
        left join people p on p.platform = :platform and p.person_id = :person_id
        left join chats c on c.platform = :platform and c.chat_id = :chat_id
        left join sessions o on o.platform = :platform and o.chat_id = {private} and o.service = {best(private)}
        left join sessions h on h.platform = :platform and h.chat_id = :chat_id and h.chat_id is not {private}
            and h.signed_out_at is null and h.service = {best(":chat_id")}
        left join preferences ps on ps.platform = :platform and ps.owner = 'person' and ps.owner_id = :person_id
        left join preferences cs on cs.platform = :platform and cs.owner = 'chat' and cs.owner_id = :chat_id
        """,  # noqa: S608 - text from storage
        main=services[0],
        here=services[1],
        platform=platform,
        person_id=person_id,
        chat_id=chat_id,
        private_chat_id=private_chat_id,
    )
    [row] = rows
    return VisitRow(
        name=row["name"],
        private_chat_id=row["private_chat_id"],
        kept_private_chat_id=row["kept_private_chat_id"],
        language=row["language"],
        chat_language=row["chat_language"],
        house_open=bool(row["house_open"]),
        let_in_by=row["let_in_by"],
        own=_session_of(row, "o"),
        house=_session_of(row, "h"),
        own_settings=settings.of_row(row, "ps"),
        chat_settings=settings.of_row(row, "cs"),
    )


_SESSION: Final = ("service", "account_id", "account_name", "sealed_token", "signed_out_at")


def _session(table: str) -> str:
    return ", ".join(f"{table}.{name} as {table}_{name}" for name in _SESSION)


def _session_of(row: dict[str, Any], table: str) -> SessionRow | None:
    fields = {name: row[f"{table}_{name}"] for name in _SESSION}
    return None if fields["service"] is None else SessionRow(**fields)


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


async def let_in(db: Database, *, platform: str, person_id: str, chat_id: str) -> None:
    """A person, who has been met, may use the bot for as long as that group may."""
    await db.write(
        "update people set let_in_by = :chat_id where platform = :platform and person_id = :person_id",
        platform=platform,
        person_id=person_id,
        chat_id=chat_id,
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


async def name_chat(db: Database, *, platform: str, chat_id: str, name: str) -> None:
    """What a group is called."""
    await db.write(
        """
        insert into chats (platform, chat_id, name) values (:platform, :chat_id, :name)
        on conflict do update set name = excluded.name
        """,
        platform=platform,
        chat_id=chat_id,
        name=name,
    )


async def chat_name(db: Database, *, platform: str, chat_id: str) -> str:
    """What a group is called, as far as it was said; else nothing."""
    rows = await db.query(
        "select name from chats where platform = :platform and chat_id = :chat_id", platform=platform, chat_id=chat_id
    )
    return (rows[0]["name"] or "") if rows else ""


async def called(db: Database, *, platform: str, person_id: str) -> str:
    """What others call a person, if he has been met."""
    rows = await db.query(
        "select name from people where platform = :platform and person_id = :person_id",
        platform=platform,
        person_id=person_id,
    )
    return rows[0]["name"] if rows else ""


async def open_house(db: Database, *, platform: str, chat_id: str, everyone: bool) -> None:
    """Whether everybody in the group may change the account that it has of its own, or its admins alone."""
    await db.write(
        """
        insert into chats (platform, chat_id, house_open) values (:platform, :chat_id, :everyone)
        on conflict do update set house_open = excluded.house_open
        """,
        platform=platform,
        chat_id=chat_id,
        everyone=int(everyone),
    )


async def is_house_open(db: Database, *, platform: str, chat_id: str) -> bool:
    """Whether everybody in the group may change its account."""
    rows = await db.query(
        "select house_open from chats where platform = :platform and chat_id = :chat_id",
        platform=platform,
        chat_id=chat_id,
    )
    return bool(rows and rows[0]["house_open"])


async def language_in(db: Database, *, platform: str, chat_id: str) -> str | None:
    """The language that was chosen for a chat: by its person in private, for all in a group."""
    rows = await db.query(
        """
        select coalesce(
            (select language from people where platform = :platform and private_chat_id = :chat_id),
            (select language from chats where platform = :platform and chat_id = :chat_id)) as language
        """,
        platform=platform,
        chat_id=chat_id,
    )
    language: str | None = rows[0]["language"]
    return language
