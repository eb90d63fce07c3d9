"""The first steps: people, their accounts, the web chat, Telegram, and signing in."""

import sqlite_utils

from storage.migrations.steps import steps


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
