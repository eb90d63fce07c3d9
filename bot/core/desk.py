"""What a handler may use: who asks, the service, the store, and the few things that every feature does with them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from bot.core.backend import Service
from bot.core.chat import Caller, Chat, ChatKind, Person
from bot.core.errors import Ambiguous, MarqueeError, NothingFound, NotSupported, PrivateChatNeeded, SignInNeeded
from bot.core.intents import ImdbId, Intent, Target, Words
from bot.core.model import Kind, Page, Rating, Session, Title, TitleRef, TitleState
from bot.core.phrases import Name
from bot.core.text import clean, fold, has_number, same_name
from bot.core.turns import Turns
from storage import changes, people, sessions
from storage.changes import StateRow
from storage.database import Database
from storage.people import VisitRow
from storage.sealing import Seal

MOST_NAME: Final = 64
"""Characters of an account's name that a service takes."""
FALLBACK_NAME: Final = "Friend"
"""For somebody whose name has nothing that can be shown."""
MOST_CHOICES: Final = 8
"""Titles offered when words fit several; more would not fit a phone's screen."""


@dataclass(frozen=True, slots=True)
class Store:
    """The database, the seal of its secrets, and the clock (seconds since 1970, UTC)."""

    db: Database
    seal: Seal
    now: Callable[[], int]


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to a title on an account. `id` is Undo's; None where all was so already."""

    title: Title
    before: TitleState
    after: TitleState
    id: int | None


@dataclass(slots=True)
class Desk:
    """For one intent of one caller.

    `asked` is what is being answered (set by dispatch); `writing` turns true when a write to the account begins;
    `spoken` is a language just chosen, to answer in.
    """

    caller: Caller
    service: Service
    store: Store
    turns: Turns
    visit: VisitRow
    asked: Intent | None = None
    writing: bool = False
    spoken: str | None = None
    _session: Session | None = field(default=None, repr=False)

    # ── Whose account ────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def home(self) -> str:
        """The chat that the caller's session belongs to: his private one. Raises PrivateChatNeeded."""
        if self.caller.private_chat_id is None:
            raise PrivateChatNeeded
        return self.caller.private_chat_id

    @property
    def has_account(self) -> bool:
        """Whether the caller has a session already, so that there is a state to show."""
        return self._session is not None or self._kept() is not None

    async def session(self) -> Session:
        """The caller's session. An embedded account is made at first use. SignInNeeded, PrivateChatNeeded."""
        if self._session is None:
            self._session = self._kept() or await self.sign_up()
        return self._session

    async def account_name(self) -> Name:
        """Whose account a confirmation in a group names."""
        return Name((await self.session()).account_name)

    async def sign_up(self) -> Session:
        """A new account for the caller, where the service makes accounts by itself. Raises SignInNeeded."""
        if not self.service.embedded or self.visit.signed_out_at is not None:
            raise SignInNeeded
        async with self.turns.of("sign up", self.caller.person.platform, self.home):
            # Somebody who presses in two chats at once must not end with two accounts.
            if (made := await self._read_again()) is not None:
                return made
            return await self.create_account()

    async def create_account(self) -> Session:
        """A new account with the service, under the caller's name. Raises NotSupported."""
        if self.service.sign_up is None:
            raise NotSupported
        name = clean(self.caller.person.name, MOST_NAME)[:MOST_NAME].strip()
        session = await self.service.sign_up.create(name or FALLBACK_NAME)
        await self.keep_session(session)
        return session

    async def keep_session(self, session: Session) -> None:
        """Act on this account from now on."""
        self._session = session
        await sessions.keep(
            self.store.db,
            service=self.service.name,
            platform=self.caller.person.platform,
            chat_id=self.home,
            account_id=session.account_id,
            account_name=session.account_name,
            sealed_token=self.store.seal.seal(session.token, self._place()),
            now=self.store.now(),
        )

    async def look_again(self) -> None:
        """Read once more what is known of the caller: his sign-in has just changed."""
        self._session = None
        self.visit = await self._visit(self.caller.person, self.home)

    async def of(self, person: Person, private_chat_id: str) -> Desk:
        """The same desk for another person, in his private chat."""
        chat = Chat(person.platform, private_chat_id, ChatKind.PRIVATE)
        visit = await self._visit(person, private_chat_id)
        caller = Caller(self.caller.update_id, person, chat, self.caller.language, private_chat_id)
        return Desk(caller, self.service, self.store, self.turns, visit)

    async def _visit(self, person: Person, private_chat_id: str) -> VisitRow:
        return await people.visit(
            self.store.db,
            service=self.service.name,
            platform=person.platform,
            person_id=person.id,
            chat_id=private_chat_id,
            private_chat_id=private_chat_id,
        )

    def _place(self) -> str:
        return f"session:{self.service.name}:{self.caller.person.platform}:{self.home}"

    def _kept(self, visit: VisitRow | None = None) -> Session | None:
        visit = visit or self.visit
        if visit.sealed_token is None or visit.signed_out_at is not None or visit.account_id is None:
            return None
        token = self.store.seal.open(visit.sealed_token, self._place())
        return Session(visit.account_id, token, visit.account_name or "")

    async def _read_again(self) -> Session | None:
        row = await sessions.read(
            self.store.db, service=self.service.name, platform=self.caller.person.platform, chat_id=self.home
        )
        if row is None:
            return None
        return Session(row.account_id, self.store.seal.open(row.sealed_token, self._place()), row.account_name)

    # ── Which title ──────────────────────────────────────────────────────────────────────────────────────────────

    async def title(self, ref: TitleRef) -> Title:
        """All that is known of a title. Raises NoSuchTitle."""
        return await self.service.catalogue.title(ref, self.caller.language)

    async def of_other_kind(self, ref: TitleRef) -> Title | None:
        """The series that has a film's number, or the film that has a series'; None also where nobody can say."""
        other = TitleRef(Kind.TV if ref.kind is Kind.MOVIE else Kind.MOVIE, ref.id)
        try:
            return await self.title(other)
        except MarqueeError:
            return None

    async def search(self, words: str, kind: Kind | None = None, page: int = 1) -> Page:
        """A page of titles that fit the words, best first."""
        return await self.service.catalogue.search(words, kind, None, self.caller.language, page)

    async def one_ref(self, target: Target) -> TitleRef:
        """The one title that is meant, so surely that it may be written to.

        Raises Ambiguous when words fit several titles, or one not by its very name; NothingFound, NoSuchTitle.
        """
        match target:
            case TitleRef():
                return target
            case ImdbId(number):
                return await self.service.catalogue.find(number)
            case Words(words, kind):
                found = await self.search(words, kind)
                named = self.named_among(target, found)
                if len(named) == 1:
                    return named[0].ref
                choices = named or tuple(listed.title for listed in found.results)
                if not choices:
                    raise NothingFound(words)
                raise Ambiguous(words, choices[:MOST_CHOICES])

    @staticmethod
    def named_among(words: Words, found: Page) -> tuple[Title, ...]:
        """Those found whose very name the words are, with or without their year."""
        return tuple(listed.title for listed in found.results if is_named(words.text, listed.title))

    # ── Changing ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def state(self, ref: TitleRef) -> TitleState:
        """What the caller's account says of a title."""
        return await self.service.accounts.state(await self.session(), ref)

    async def card(self, ref: TitleRef) -> tuple[Title, TitleState]:
        """A title and the caller's state of it, asked for at once."""
        await self.session()
        title, state = await asyncio.gather(self.title(ref), self.state(ref))
        return title, state

    async def change(self, ref: TitleRef, to: Callable[[TitleState], TitleState]) -> Change:
        """Bring a title's state on the caller's account from what it is to what `to` makes of it.

        What was there before is written down before anything is changed. In order per (account, title).
        """
        session = await self.session()
        async with self.turns.of("title", self.service.name, session.account_id, ref):
            title, before = await self.card(ref)
            after = to(before)
            if after == before:
                return await self._done_before(title, before)
            row = await changes.remember(
                self.store.db,
                platform=self.caller.person.platform,
                update_id=self.caller.update_id,
                person_id=self.caller.person.id,
                chat_id=self.caller.chat.id,
                service=self.service.name,
                account_id=session.account_id,
                kind=ref.kind.value,
                title_id=ref.id,
                before=to_row(before),
                after=to_row(after),
                now=self.store.now(),
            )
            await self.move(session, ref, before, after)
            return Change(title, from_row(row.before), after, row.id)

    async def move(self, session: Session, ref: TitleRef, current: TitleState, goal: TitleState) -> None:
        """Make `current` into `goal` with the fewest writes. Each names its target, so repeating is safe."""
        accounts = self.service.accounts
        self.writing = True
        if goal.rating is not None and goal.rating != current.rating:
            await accounts.rate(session, ref, goal.rating)
            current = replace(current, watchlist=False)  # rating takes a title off the watchlist
        elif goal.rating is None and current.rating is not None:
            await accounts.unrate(session, ref)
        if goal.watchlist != current.watchlist:
            await accounts.set_watchlist(session, ref, goal.watchlist)
        if goal.favorite != current.favorite:
            await accounts.set_favorite(session, ref, goal.favorite)

    async def _done_before(self, title: Title, state: TitleState) -> Change:
        """Nothing to change: it was so already, or this very update was handled before and cut off in its answer."""
        row = await changes.of_update(
            self.store.db,
            platform=self.caller.person.platform,
            update_id=self.caller.update_id,
            kind=title.ref.kind.value,
            title_id=title.ref.id,
        )
        if row is None:
            return Change(title, state, state, None)
        return Change(title, from_row(row.before), from_row(row.after), row.id)


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
