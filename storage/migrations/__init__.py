"""The schema, as numbered steps. Steps are appended and never changed once released.

To add one: write a function `mNNN_what` below the last, decorated with `@steps()`, that gives its
statements to `db.executescript` (inside a transaction sqlite-utils runs them one by one, without a
commit) or uses the rest of sqlite-utils. Tables are STRICT; instants are integer seconds since
1970, UTC. Then give it a row or two in `tests/stored/test_migrations.py`, which walks from each
earlier version to the newest.

All pending steps run in one transaction, with foreign keys checked at its end: a start that is
killed half-way leaves the old version. A sealed value needs a blob column in a table with a rowid,
where a change of keys finds it (see `storage/sealing.py`).
"""

import sqlite3
from pathlib import Path
from typing import Final

import sqlite_utils
from sqlite_utils import Migrations

from storage import copies
from storage.errors import DatabaseForeign, DatabaseTooNew

steps: Final = Migrations("marquee")


def names() -> list[str]:
    """The names of all steps that this version knows, in order."""
    empty = sqlite_utils.Database(memory=True, execute_plugins=False)
    try:
        return [step.name for step in steps.pending(empty)]
    finally:
        empty.close()


def migrate(connection: sqlite3.Connection, path: Path, *, upto: str | None = None) -> list[str]:
    """Bring the schema up to date and return the names of the steps that ran, in order.

    An existing database is copied first, to `<name>.before-<first step>` beside it; one such copy
    is kept. Foreign keys are left off: switch them on afterwards. `upto` (for tests) stops before
    the step of that name.
    Raises DatabaseTooNew when the database has steps that this version does not know, and
    DatabaseForeign when it is another program's.
    """
    database = sqlite_utils.Database(connection, execute_plugins=False)
    done = [step.name for step in steps.applied(database)]
    pending = [step.name for step in steps.pending(database)]
    if strange := set(done) - set(names()):
        raise DatabaseTooNew(path, sorted(strange))
    if not done and database.table_names():
        raise DatabaseForeign(path, min(database.table_names()))
    if not pending:
        return []
    if done:
        copies.copy(connection, path, path.with_name(f"{path.name}.before-{pending[0]}"))
    _apply(database, upto)
    return [step.name for step in steps.applied(database)][len(done) :]


def _apply(database: sqlite_utils.Database, upto: str | None) -> None:
    """Run the pending steps, all or none."""
    # Rebuilding a table that others refer to is only possible with foreign keys off, and they
    # can only be switched outside a transaction: so they are checked before the commit instead.
    database.execute("pragma foreign_keys = off")
    database.execute("begin immediate")
    try:
        steps.apply(database, stop_before=upto)
        if broken := database.execute("pragma foreign_key_check").fetchall():
            raise sqlite3.IntegrityError(f"a step broke the reference {tuple(broken[0])}")
        database.execute("commit")
    except BaseException:
        database.rollback()
        raise


@steps()
def m001_meta(db: sqlite_utils.Database) -> None:
    """What the database knows about itself, such as the value that proves the key (the canary)."""
    db.executescript("create table meta (key text primary key, value text not null) strict;")


@steps()
def m002_people(db: sqlite_utils.Database) -> None:
    """Who talks to the bot and where, their sessions, what they wanted and changed, and the inbox."""
    db.executescript(
        """
        create table people (
            platform text not null,
            person_id text not null,
            name text not null,
            private_chat_id text,
            language text,
            met_at integer not null,
            primary key (platform, person_id)
        ) strict;
        create table chats (
            platform text not null,
            chat_id text not null,
            language text,
            primary key (platform, chat_id)
        ) strict;
        create table sessions (
            service text not null,
            platform text not null,
            chat_id text not null,
            account_id integer not null,
            account_name text not null,
            sealed_token blob not null,
            made_at integer not null,
            signed_out_at integer,
            primary key (service, platform, chat_id)
        ) strict;
        create table wishes (
            id integer primary key autoincrement,
            platform text not null,
            person_id text not null,
            text text not null,
            made_at integer not null,
            unique (platform, person_id, text)
        ) strict;
        create index wishes_by_age on wishes (made_at);
        create table changes (
            id integer primary key autoincrement,
            platform text not null,
            update_id text not null,
            person_id text not null,
            service text not null,
            account_id integer not null,
            kind text not null check (kind in ('movie', 'tv')),
            title_id integer not null,
            before_rating integer check (before_rating between 1 and 20),
            before_watchlist integer not null check (before_watchlist in (0, 1)),
            before_favorite integer not null check (before_favorite in (0, 1)),
            after_rating integer check (after_rating between 1 and 20),
            after_watchlist integer not null check (after_watchlist in (0, 1)),
            after_favorite integer not null check (after_favorite in (0, 1)),
            made_at integer not null,
            unique (platform, update_id, kind, title_id)
        ) strict;
        create table inbox (
            number integer primary key autoincrement,
            platform text not null,
            update_id text not null,
            line text not null,
            sealed_payload blob not null,
            tries integer not null default 0,
            received_at integer not null,
            done_at integer,
            unique (platform, update_id)
        ) strict;
        create index inbox_undone on inbox (platform, number) where done_at is null;
        create index inbox_by_age on inbox (done_at) where done_at is not null;
        """
    )


@steps()
def m003_library(db: sqlite_utils.Database) -> None:
    """The bundled catalogue with its search index, and the embedded service's own accounts."""
    db.executescript(
        """
        create table titles (
            number integer primary key,
            kind text not null check (kind in ('movie', 'tv')),
            title_id integer not null check (title_id between 1 and 2147483647),
            name text not null,
            original_name text,
            year integer,
            release_date text,
            runtime integer,
            genres text not null,
            genre_ids text not null,
            original_language text,
            makers text not null,
            cast_names text not null,
            imdb_id text unique,
            unique (kind, title_id)
        ) strict;
        create virtual table titles_fts using fts5 (
            names, joined, people, tokenize = 'unicode61 remove_diacritics 2'
        );
        create virtual table title_words using fts5vocab (titles_fts, col);
        create table accounts (
            id integer primary key autoincrement,
            name text not null check (name <> ''),
            username text not null check (username <> ''),
            language text not null default 'en',
            country text not null default 'US',
            include_adult integer not null default 0 check (include_adult in (0, 1)),
            made_at integer not null
        ) strict;
        create table account_sessions (
            token_hash text primary key check (length(token_hash) = 64),
            account_id integer not null references accounts (id) on delete cascade,
            made_at integer not null
        ) strict;
        create index account_sessions_by_account on account_sessions (account_id);
        create table entries (
            account_id integer not null references accounts (id) on delete cascade,
            kind text not null,
            title_id integer not null,
            favorite_at integer,
            watchlist_at integer,
            rating integer check (rating between 1 and 20),
            rated_at integer,
            primary key (account_id, kind, title_id),
            foreign key (kind, title_id) references titles (kind, title_id),
            check ((rating is null) = (rated_at is null))
        ) strict, without rowid;
        create index entries_favorite on entries (account_id, kind, favorite_at)
            where favorite_at is not null;
        create index entries_watchlist on entries (account_id, kind, watchlist_at)
            where watchlist_at is not null;
        create index entries_rated on entries (account_id, kind, rated_at)
            where rated_at is not null;
        """
    )


@steps()
def m004_web_chat(db: sqlite_utils.Database) -> None:
    """The web chat: what was said, what its page is told and up to where each person has read."""
    db.executescript(
        """
        create table web_messages (
            number integer primary key autoincrement,
            chat_id text not null,
            author text not null,
            update_id text not null,
            said_at integer not null,
            body text not null,
            unique (update_id, author, chat_id)
        ) strict;
        create index web_messages_by_chat on web_messages (chat_id, number);
        create table web_events (
            seq integer primary key autoincrement,
            happened_at integer not null,
            kind text not null check (kind in ('message', 'answered', 'read')),
            number integer references web_messages (number),
            person_id text,
            chat_id text,
            update_id text,
            body text
        ) strict;
        create index web_events_by_message on web_events (number);
        create table web_chats (
            chat_id text primary key,
            language text not null
        ) strict;
        create table web_reads (
            person_id text not null,
            chat_id text not null,
            number integer not null,
            primary key (person_id, chat_id)
        ) strict;
        """
    )


@steps()
def m005_telegram(db: sqlite_utils.Database) -> None:
    """What the Telegram front end knows of a chat: whether it can write there, and what it has told it already."""
    db.executescript(
        """
        create table telegram_chats (
            chat_id text primary key,
            inactive_since integer,
            greeted_at integer,
            told_at integer,
            moved_to text
        ) strict;
        """
    )


@steps()
def m006_sign_ins(db: sqlite_utils.Database) -> None:
    """Sign-ins by approval, a group's own account with who may change it, and whom a group has brought along."""
    db.executescript(
        """
        create table sign_ins (
            id integer primary key autoincrement,
            nonce_hash text not null unique check (length(nonce_hash) = 64),
            platform text not null,
            person_id text not null,
            private_chat_id text not null,
            chat_id text not null,
            service text not null,
            wish text not null,
            sealed_token blob not null,
            sealed_session blob,
            made_at integer not null,
            used_at integer,
            used_by text,
            returned integer not null default 0 check (returned in (0, 1)),
            burnt_at integer
        ) strict;
        create index sign_ins_by_person on sign_ins (platform, person_id);
        create index sign_ins_by_age on sign_ins (made_at);
        create index sessions_by_account on sessions (service, account_id);
        alter table people add column let_in_by text;
        alter table chats add column name text;
        alter table chats add column house_open integer not null default 0 check (house_open in (0, 1));
        """
    )


@steps()
def m007_posters(db: sqlite_utils.Database) -> None:
    """The posters of titles that another catalogue knows."""
    db.executescript("alter table titles add column poster_path text;")


@steps()
def m008_undone(db: sqlite_utils.Database) -> None:
    """Which update undid a change, and the chat that a change or a wish is from."""
    db.executescript(
        """
        alter table changes add column chat_id text;
        alter table changes add column undone_by text;
        alter table wishes add column chat_id text;
        create index changes_by_person on changes (platform, person_id, id);
        """
    )


@steps()
def m009_mirror(db: sqlite_utils.Database) -> None:
    """What is known of the lists that other services keep; `shelves` shows them and the embedded service's as one."""
    db.executescript(
        """
        create table mirror_lists (
            service text not null check (service <> 'offline'),
            account_id integer not null,
            section text not null check (section in ('favorites', 'watchlist', 'rated')),
            kind text not null check (kind in ('movie', 'tv')),
            total integer not null,
            as_of integer,
            complete integer not null check (complete in (0, 1)),
            primary key (service, account_id, section, kind),
            check (complete = 0 or as_of is not null)
        ) strict, without rowid;
        create table mirror_titles (
            service text not null check (service <> 'offline'),
            account_id integer not null,
            section text not null check (section in ('favorites', 'watchlist', 'rated')),
            kind text not null check (kind in ('movie', 'tv')),
            title_id integer not null check (title_id between 1 and 2147483647),
            place integer not null,
            added_at integer,
            rating integer check (rating between 1 and 20),
            primary key (service, account_id, section, kind, title_id),
            check (rating is null or section = 'rated')
        ) strict, without rowid;
        create index mirror_titles_by_place on mirror_titles (service, account_id, section, kind, place);
        create view shelves as
            select service, account_id, section, kind, title_id, place, added_at, rating from mirror_titles
            union all
            select cast('offline' as text), account_id, cast('favorites' as text), kind, title_id, favorite_at,
                cast(favorite_at / 1000 as integer), cast(null as integer)
            from entries where favorite_at is not null
            union all
            select cast('offline' as text), account_id, cast('watchlist' as text), kind, title_id, watchlist_at,
                cast(watchlist_at / 1000 as integer), cast(null as integer)
            from entries where watchlist_at is not null
            union all
            select cast('offline' as text), account_id, cast('rated' as text), kind, title_id, rated_at,
                cast(rated_at / 1000 as integer), rating
            from entries where rated_at is not null;
        """
    )


@steps()
def m010_preferences(db: sqlite_utils.Database) -> None:
    """What people and groups have set, and the way to what was changed on an account."""
    db.executescript(
        """
        create table preferences (
            platform text not null,
            owner text not null check (owner in ('person', 'chat')),
            owner_id text not null,
            country text check (length(country) = 2),
            zone text,
            streaming text not null default '[]' check (json_valid(streaming)),
            quiet integer not null default 0 check (quiet in (0, 1)),
            answer_links integer not null default 0 check (answer_links in (0, 1)),
            on_rating text not null default 'ask' check (on_rating in ('leave', 'ask', 'back')),
            show_name integer not null default 0 check (show_name in (0, 1)),
            primary key (platform, owner, owner_id)
        ) strict, without rowid;
        create index changes_by_account on changes (service, account_id, id);
        """
    )


@steps()
def m011_members(db: sqlite_utils.Database) -> None:
    """Who has talked in a group."""
    db.executescript(
        """
        create table members (
            platform text not null,
            chat_id text not null,
            person_id text not null,
            since integer not null,
            left_at integer,
            primary key (platform, chat_id, person_id)
        ) strict, without rowid;
        """
    )
