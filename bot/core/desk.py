"""What a handler may use: who asks, his accounts, the store, and the few things that every feature does with them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from bot.core import shelved
from bot.core.adults import Adults
from bot.core.backend import Services
from bot.core.chat import Caller, Platform
from bot.core.discovery import Star
from bot.core.errors import (
    Ambiguous,
    BackendError,
    ForAdults,
    MarqueeError,
    NotHere,
    NothingFound,
    NotPutBack,
    NotSupported,
    SessionEnded,
)
from bot.core.intents import ImdbId, Intent, Target, Words
from bot.core.mirror import Mirror
from bot.core.model import Among, Kind, Order, Page, Rating, Section, Title, TitleRef, TitleState
from bot.core.preferences import NOTHING_SET, Preferences
from bot.core.sessions import Sessions, SignedIn
from bot.core.store import Store
from bot.core.text import fold, has_number, same_name
from bot.core.turns import Turns
from storage import changes, members, shelves
from storage.changes import StateRow
from storage.mirror import lists as lists_mirrored

MOST_CHOICES: Final = 8
"""Titles offered when words fit several; more would not fit a phone's screen."""
LOOK_SECONDS: Final = 30
"""How old a list may be that is only looked at."""


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to a title on an account. `id` is Undo's; None where all was so already."""

    title: Title
    before: TitleState
    after: TitleState
    id: int | None
    account: SignedIn
    among: Among | None = None


@dataclass(slots=True)
class Desk:
    """For one intent of one caller.

    `sessions` has the accounts that he may act on, `platform` what can be asked of where he talks, `mirror` what is
    known of accounts' lists without asking, `adults` who is shown what is for adults, `preferences` what is set by him
    and here. `asked` is what is being
    answered (set by dispatch); `writing` turns true when a write to an account begins; `spoken` is a language just
    chosen, to answer in.
    """

    caller: Caller
    services: Services
    store: Store
    turns: Turns
    sessions: Sessions
    platform: Platform | None
    mirror: Mirror
    adults: Adults
    preferences: Preferences = NOTHING_SET
    asked: Intent | None = None
    writing: bool = False
    spoken: str | None = None

    # ── Which title ──────────────────────────────────────────────────────────────────────────────────────────────

    async def title(self, ref: TitleRef) -> Title:
        """All that is known of a title. Raises NoSuchTitle, and ForAdults for one that is not for this reader."""
        title = await self.services.main.catalogue.title(ref, self.caller.language)
        if title.adult and not await self._is_for_adults():
            raise ForAdults(alone=self.caller.in_private)
        return title

    async def _is_for_adults(self) -> bool:
        """Whether what is shown here may be for adults: to one person alone, as his own account says."""
        if not self.caller.in_private or self.sessions.kept() is None:
            return False
        return await self.adults.asks(await self.sessions.own())

    async def of_other_kind(self, ref: TitleRef) -> Title | None:
        """The series that has a film's number, or the film that has a series'; None also where nobody can say."""
        other = TitleRef(Kind.TV if ref.kind is Kind.MOVIE else Kind.MOVIE, ref.id)
        try:
            return await self.title(other)
        except MarqueeError:
            return None

    async def search(self, words: str, kind: Kind | None = None, page: int = 1) -> Page:
        """A page of titles that fit the words, best first."""
        return await self.services.main.catalogue.search(words, kind, None, self.caller.language, page)

    async def people(self, words: str) -> tuple[Star, ...]:
        """People of that name, the best first; nobody where the catalogue knows none at all."""
        try:
            found = await self.services.main.discovery.people(words, self.caller.language, 1)
        except NotHere:
            return ()
        return found.results

    async def one_ref(self, target: Target) -> TitleRef:
        """The one title that is meant, so surely that it may be written to.

        Raises Ambiguous when words fit several titles, or one not by its very name; NothingFound, NoSuchTitle.
        """
        match target:
            case TitleRef():
                return target
            case ImdbId(number):
                return await self.services.main.catalogue.find(number)
            case Words(words, kind):
                found = await self.search(words, kind)
                named = self.named_among(target, found)
                if len(named) == 1:
                    return named[0].ref
                choices = named or tuple(listed.title for listed in found.results)
                if not choices:
                    raise NothingFound(words, target)
                raise Ambiguous(words, choices[:MOST_CHOICES])

    @staticmethod
    def named_among(words: Words, found: Page) -> tuple[Title, ...]:
        """Those found whose very name the words are, with or without their year."""
        return tuple(listed.title for listed in found.results if is_named(words.text, listed.title))

    async def among(self, ref: TitleRef) -> Among | None:
        """What those say of it who have talked in this group, from what is known of their lists; None in private."""
        if self.caller.in_private:
            return None
        chat = self.caller.chat
        accounts = await members.accounts(self.store.db, platform=chat.platform, chat_id=chat.id)
        wanting, rated = await asyncio.gather(
            shelves.wanting(self.store.db, accounts, kind=ref.kind.value, title_id=ref.id),
            shelved.rated_by(self.store.db, accounts, [ref]),
        )
        return Among(wanting, *rated.get(ref, (0, None)), *await self._by_name(ref))

    async def _by_name(self, ref: TitleRef) -> tuple[tuple[str, ...], tuple[tuple[str, Rating], ...]]:
        """Who in this group wants to see it and who rated it, of those who let themselves be named there."""
        chat = self.caller.chat
        names = await members.named(self.store.db, platform=chat.platform, chat_id=chat.id)
        rows = await shelves.said(self.store.db, names, kind=ref.kind.value, title_id=ref.id)
        said = sorted((names[row.service, row.account_id], row.section, row.rating) for row in rows)
        wanted_by = tuple(name for name, section, _ in said if section == Section.WATCHLIST.value)
        return wanted_by, tuple((name, Rating(rating)) for name, _, rating in said if rating is not None)

    @property
    def country(self) -> str:
        """The country (ISO 3166-1) that is meant in this chat."""
        return self.preferences.country

    # ── Changing ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def state(self, ref: TitleRef) -> TitleState:
        """What the caller's own account says of a title."""
        return await self.state_for(await self.sessions.own(), ref)

    async def state_for(self, account: SignedIn, ref: TitleRef, *, within: int = 0) -> TitleState:
        """What that account says of a title; where its service can't be asked, what its lists say.

        They are read anew, unless they were within the last so many seconds: enough for looking, not for writing.
        """
        try:
            return await account.service.accounts.state(account.session, ref)
        except NotSupported:
            rows = await lists_mirrored(self.store.db, service=account.key[0], account_id=account.key[1])
            since = self.store.now() - within
            fresh = {row.section for row in rows if row.kind == ref.kind and (row.as_of or 0) > since}
            lists = [(section, ref.kind) for section in Section if section not in fresh]
            await asyncio.gather(*(self.mirror.refresh(account.service, account.session, *which) for which in lists))
            return await self.mirror.state(account.service, account.session, ref)

    async def counts(self, account: SignedIn) -> dict[tuple[Section, Kind], int]:
        """How many titles are on each of that account's lists."""
        lists = [(section, kind) for section in Section for kind in Kind]
        pages = await asyncio.gather(
            *(
                account.service.accounts.titles(account.session, section, kind, Order.NEWEST, 1, self.caller.language)
                for section, kind in lists
            )
        )
        return {which: page.total_results for which, page in zip(lists, pages, strict=True)}

    async def card(
        self, ref: TitleRef, account: SignedIn | None = None, *, within: int = 0
    ) -> tuple[Title, TitleState]:
        """A title and what an account (the caller's own, if none is given) says of it, asked for at once."""
        account = account or await self.sessions.own()
        title, state = await asyncio.gather(self.title(ref), self.state_for(account, ref, within=within))
        return title, state

    async def change(self, ref: TitleRef, to: Callable[[TitleState], TitleState], *, own: bool = False) -> Change:
        """Bring a title's state from what it is to what `to` makes of it, on the account that is acted on here.

        That is the group's where it has one, unless the caller's `own` is meant. What was there before is written down
        before anything is changed. In order per (account, title).
        """
        account = await self.sessions.acting(own=own)
        async with self.turns.of("title", *account.key, ref):
            title, before = await self.card(ref, account)
            after = to(before)
            if after == before:
                return await self._done_before(title, before, account)
            row = await changes.remember(
                self.store.db,
                platform=self.caller.person.platform,
                update_id=self.caller.update_id,
                person_id=self.caller.person.id,
                chat_id=self.caller.chat.id,
                service=account.service.name,
                account_id=account.session.account_id,
                kind=ref.kind.value,
                title_id=ref.id,
                before=to_row(before),
                after=to_row(after),
                now=self.store.now(),
            )
            await self.move(account, ref, before, after)
            return Change(title, from_row(row.before), after, row.id, account, await self.among(ref))

    async def move(self, account: SignedIn, ref: TitleRef, current: TitleState, goal: TitleState) -> None:
        """Make `current` into `goal` with the fewest writes. Each names its target, so repeating is safe."""
        accounts, session = account.service.accounts, account.session
        self.writing = True
        rated = goal.rating is not None and goal.rating != current.rating
        if rated and goal.rating is not None:
            await accounts.rate(session, ref, goal.rating)
            current = replace(current, watchlist=False)  # rating takes a title off the watchlist
        elif goal.rating is None and current.rating is not None:
            await accounts.unrate(session, ref)
        if goal.watchlist != current.watchlist:
            try:
                await accounts.set_watchlist(session, ref, goal.watchlist)
            except BackendError as error:
                if rated and goal.watchlist and not isinstance(error, SessionEnded):
                    raise NotPutBack(ref, error) from error
                raise
        if goal.favorite != current.favorite:
            await accounts.set_favorite(session, ref, goal.favorite)
        await self.mirror.changed(account.service, session, ref, goal)

    async def _done_before(self, title: Title, state: TitleState, account: SignedIn) -> Change:
        """Nothing to change: it was so already, or this very update was handled before and cut off in its answer."""
        row = await changes.of_update(
            self.store.db,
            platform=self.caller.person.platform,
            update_id=self.caller.update_id,
            kind=title.ref.kind.value,
            title_id=title.ref.id,
        )
        if row is None:
            return Change(title, state, state, None, account)
        among = await self.among(title.ref)
        return Change(title, from_row(row.before), from_row(row.after), row.id, account, among)


def is_named(words: str, title: Title) -> bool:
    """Whether `words` are the title's very name, in English or originally, with or without its year."""
    names = [title.name, *([title.original_name] if title.original_name else [])]
    if any(same_name(words, name) for name in names):
        return True
    *head, year = fold(words).split() or [""]
    return bool(head) and year == str(title.year) and any(same_name(" ".join(head), name) for name in names)


def missed_year(words: str, found: Page) -> int | None:
    """The year said among `words` that no title found fits, by its date (give or take one) or its name; else None."""
    head, _, said = fold(words).rpartition(" ")
    if not head or not re.fullmatch(r"(?:18[7-9]|19[0-9]|20[0-9])[0-9]", said):
        return None
    for title in (listed.title for listed in found.results):
        if has_number(title.name, said) or (title.year is not None and abs(title.year - int(said)) <= 1):
            return None
    return int(said)


def to_row(state: TitleState) -> StateRow:
    """The state as storage keeps it."""
    return StateRow(state.rating.halves if state.rating else None, state.watchlist, state.favorite)


def from_row(row: StateRow) -> TitleState:
    """The state as it was kept."""
    return TitleState(Rating(row.rating) if row.rating else None, row.watchlist, row.favorite)
