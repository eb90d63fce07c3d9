"""The steps since: the mirror, what is set, groups, and what groups decide. A new one goes below the last."""

import sqlite_utils

from storage.migrations.steps import steps


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


@steps()
def m012_totals(db: sqlite_utils.Database) -> None:
    """How many titles each list of an account kept here has, so that no page of it counts them all.

    Triggers keep it right: whatever changes an entry changes the totals in the same statement.
    """
    db.executescript(
        """
        create table totals (
            account_id integer not null,
            kind text not null,
            section text not null check (section in ('favorites', 'watchlist', 'rated')),
            total integer not null check (total >= 0),
            primary key (account_id, kind, section)
        ) strict, without rowid;
        insert into totals
            select account_id, kind, 'favorites', count(*) from entries
            where favorite_at is not null group by account_id, kind;
        insert into totals
            select account_id, kind, 'watchlist', count(*) from entries
            where watchlist_at is not null group by account_id, kind;
        insert into totals
            select account_id, kind, 'rated', count(*) from entries
            where rated_at is not null group by account_id, kind;
        create trigger totals_added after insert on entries begin
            insert into totals values
                (new.account_id, new.kind, 'favorites', new.favorite_at is not null),
                (new.account_id, new.kind, 'watchlist', new.watchlist_at is not null),
                (new.account_id, new.kind, 'rated', new.rated_at is not null)
            on conflict do update set total = total + excluded.total;
        end;
        create trigger totals_changed after update on entries begin
            update totals set total = total + case section
                when 'favorites' then (new.favorite_at is not null) - (old.favorite_at is not null)
                when 'watchlist' then (new.watchlist_at is not null) - (old.watchlist_at is not null)
                else (new.rated_at is not null) - (old.rated_at is not null) end
            where account_id = new.account_id and kind = new.kind;
        end;
        create trigger totals_removed after delete on entries begin
            update totals set total = total - case section
                when 'favorites' then old.favorite_at is not null
                when 'watchlist' then old.watchlist_at is not null
                else old.rated_at is not null end
            where account_id = old.account_id and kind = old.kind;
        end;
        """
    )


@steps()
def m013_parties(db: sqlite_utils.Database) -> None:
    """The lists that groups keep together, what was proposed for them, and who wants what of it."""
    db.executescript(
        """
        create table parties (
            id integer primary key,
            platform text not null,
            chat_id text not null,
            name text not null check (length(name) between 1 and 64),
            folded text not null,
            made_by text not null,
            made_at integer not null,
            used_at integer not null,
            most_each integer check (most_each > 0),
            archived_at integer,
            deleted_at integer
        ) strict;
        create unique index parties_by_name on parties (platform, chat_id, folded) where deleted_at is null;
        create table proposals (
            id integer primary key,
            party_id integer not null references parties (id),
            kind text not null check (kind in ('movie', 'tv')),
            title_id integer not null,
            facts text not null check (json_valid(facts)),
            note text not null default '',
            proposed_by text not null,
            proposed_at integer not null,
            removed_at integer,
            removed_by text,
            watched_at integer
        ) strict;
        create unique index proposals_by_title on proposals (party_id, kind, title_id)
            where removed_at is null and watched_at is null;
        create table opinions (
            proposal_id integer not null references proposals (id),
            person_id text not null,
            wants integer check (wants in (0, 1)),
            said_by text not null,
            said_at integer not null,
            primary key (proposal_id, person_id)
        ) strict, without rowid;
        alter table members add column apart integer not null default 0 check (apart in (0, 1));
        """
    )


@steps()
def m014_nights(db: sqlite_utils.Database) -> None:
    """Film nights: who is in, what is on the ballot, who voted how, and how it ended."""
    db.executescript(
        """
        create table nights (
            id integer primary key,
            platform text not null,
            chat_id text not null,
            topic text not null default '',
            opened_by text not null,
            opened_at integer not null,
            stage text not null check (stage in ('gathering', 'choosing', 'voting', 'decided', 'watched', 'ended')),
            options text not null check (json_valid(options)),
            closes_at integer,
            latest integer,
            nudges_at integer,
            settled_at integer,
            result text check (result is null or json_valid(result)),
            winner integer
        ) strict;
        create unique index nights_open on nights (platform, chat_id, topic)
            where stage in ('gathering', 'choosing', 'voting');
        create index nights_closing on nights (closes_at) where stage = 'voting';
        create index nights_nudging on nights (nudges_at) where stage = 'voting';
        create table attendees (
            night_id integer not null references nights (id),
            person_id text not null,
            name text not null,
            joined_at integer not null,
            left_at integer,
            primary key (night_id, person_id)
        ) strict, without rowid;
        create table candidates (
            night_id integer not null references nights (id),
            number integer not null check (number > 0),
            kind text not null check (kind in ('movie', 'tv')),
            title_id integer not null,
            facts text not null check (json_valid(facts)),
            primary key (night_id, number)
        ) strict, without rowid;
        create table ballots (
            night_id integer not null references nights (id),
            person_id text not null,
            ballot text not null check (json_valid(ballot)),
            cast_at integer not null,
            primary key (night_id, person_id)
        ) strict, without rowid;
        create table presses (
            platform text not null,
            update_id text not null,
            ballot text not null check (json_valid(ballot)),
            pressed_at integer not null,
            primary key (platform, update_id)
        ) strict, without rowid;
        create table night_options (
            platform text not null,
            chat_id text not null,
            options text not null check (json_valid(options)),
            primary key (platform, chat_id)
        ) strict, without rowid;
        """
    )


@steps()
def m015_boards(db: sqlite_utils.Database) -> None:
    """Messages that are kept up to date: which one shows what, and whether it shows what is so now."""
    db.executescript(
        """
        create table boards (
            platform text not null,
            board text not null,
            shown text not null,
            chat_id text not null,
            topic text not null default '',
            message text not null,
            language text not null,
            stale integer not null default 0 check (stale in (0, 1)),
            primary key (platform, board)
        ) strict, without rowid;
        """
    )


@steps()
def m016_telegram_cards(db: sqlite_utils.Database) -> None:
    """Cards that people have put into groups: which list their title is proposed for."""
    db.executescript(
        """
        create table telegram_cards (
            inline_id text not null primary key,
            party_id integer not null references parties (id)
        ) strict, without rowid;
        """
    )
