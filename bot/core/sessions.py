"""Whose account it is: the caller's own, or the one that the group has of its own (its "house" account).

A session belongs to (service, chat), and its sealed token to the same: copied to another row, it opens nothing.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from bot.core.backend import Service, Services
from bot.core.chat import Caller, Platform
from bot.core.errors import (
    AdminsOnly,
    BackendError,
    NotSupported,
    PrivateChatNeeded,
    SessionEnded,
    SignedOut,
    SignInNeeded,
)
from bot.core.mirror import Mirror
from bot.core.model import Session
from bot.core.phrases import Name
from bot.core.store import Store
from bot.core.text import clean
from bot.core.turns import Turns
from storage import people, sessions
from storage.people import VisitRow
from storage.sessions import SessionRow

MOST_NAME: Final = 64
"""Characters of an account's name that a service takes."""
END_SECONDS: Final = 5
"""How long a service may take to end a session before it is forgotten here alone."""
FALLBACK_NAME: Final = "Friend"
"""For somebody whose name has nothing that can be shown."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An account that can be acted on: a session with a service, and the chat that it belongs to.

    `house`: it is the group's, not the caller's own.
    """

    service: Service
    session: Session
    chat_id: str
    house: bool = False
    sealed: bytes = field(default=b"", repr=False)
    """The session as it is kept: what is forgotten is this one, not one that has come since."""

    @property
    def name(self) -> Name:
        """Whose account it is, for a confirmation in a group."""
        return Name(self.session.account_name)

    @property
    def key(self) -> tuple[str, int]:
        """The account, whatever session it is acted on by."""
        return self.service.name, self.session.account_id


class Ended(Enum):
    """How signing out went at the service."""

    DONE = auto()
    UNREACHABLE = auto()
    """It did not say so: the sign-in is forgotten here alone."""
    IMPOSSIBLE = auto()
    """It has no sign-out: whoever has the key can go on using it."""


class Sessions:
    """The accounts that one caller may act on. `used` is the one that was acted on last."""

    def __init__(
        self,
        caller: Caller,
        services: Services,
        store: Store,
        turns: Turns,
        visit: VisitRow,
        platform: Platform | None,
        mirror: Mirror,
    ) -> None:
        self._caller = caller
        self._services = services
        self._store = store
        self._turns = turns
        self._visit = visit
        self._platform = platform
        self._mirror = mirror
        self._own: SignedIn | None = None
        self.used: SignedIn | None = None

    # ── The caller's own ─────────────────────────────────────────────────────────────────────────────────────────

    @property
    def home(self) -> str:
        """The chat that the caller's own session belongs to: his private one. Raises PrivateChatNeeded."""
        if self._caller.private_chat_id is None:
            raise PrivateChatNeeded
        return self._caller.private_chat_id

    @property
    def signed_out(self) -> bool:
        """Whether the caller has signed out of an account that waits for him here."""
        return self._visit.own is not None and self._visit.own.signed_out_at is not None

    def kept(self) -> SignedIn | None:
        """The caller's own account, if he is signed in."""
        if self._own is None and self._visit.own is not None and not self.signed_out:
            self._own = self._opened(self._visit.own, self.home)
        return self._own

    async def own(self) -> SignedIn:
        """The caller's own account. An embedded one is made at first use, where there is no other choice.

        Raises SignInNeeded, PrivateChatNeeded.
        """
        self.used = self.kept() or await self._first_use()
        return self.used

    async def _first_use(self) -> SignedIn:
        if self.signed_out:
            raise SignedOut
        if not self._services.main.embedded:
            raise SignInNeeded
        async with self._turns.of("sign up", self._caller.person.platform, self.home):
            # Somebody who presses in two chats at once must not end with two accounts.
            row = await self.read(self.home)
            if row is not None and row.signed_out_at is None:
                return self._opened(row, self.home)
            return await self.create(self._services.main, self.home, self._caller.person.name)

    # ── The group's ──────────────────────────────────────────────────────────────────────────────────────────────

    def house(self) -> SignedIn | None:
        """The account that the group has of its own, if this is a group that has one."""
        row = self._visit.house
        if row is None or self._caller.in_private:
            return None
        return self._opened(row, self._caller.chat.id, house=True)

    async def shown(self) -> SignedIn:
        """The account whose lists are shown here: the group's where it has one. Raises as `own`."""
        self.used = self.house() or await self.own()
        return self.used

    async def acting_in(self, chat_id: str) -> SignedIn | None:
        """The account that a group has, if the caller may change it from wherever he is. Raises AdminsOnly."""
        account = await self.at(chat_id)
        if account is None or not account.house:
            return None
        platform = self._caller.person.platform
        everyone = await people.is_house_open(self._store.db, platform=platform, chat_id=chat_id)
        if not everyone and not await self.is_admin(chat_id):
            raise AdminsOnly
        self.used = account
        return account

    async def acting(self, *, own: bool = False) -> SignedIn:
        """The account that a change here is made on: the group's where it has one, unless his `own` is meant.

        Raises AdminsOnly where the group lets only its admins change it, SignInNeeded, PrivateChatNeeded.
        """
        house = None if own else self.house()
        if house is None:
            return await self.own()
        if not self._visit.house_open and not await self.is_admin(self._caller.chat.id):
            raise AdminsOnly
        self.used = house
        return house

    async def is_admin(self, chat_id: str) -> bool:
        """Whether the caller runs that group, as the platform says now."""
        if self._platform is None:
            return False
        return await self._platform.is_admin(chat_id, self._caller.person.id)

    # ── Signing in and out ───────────────────────────────────────────────────────────────────────────────────────

    async def create(self, service: Service, chat_id: str, name: str) -> SignedIn:
        """A new account with `service` for that chat, under that name. Raises NotSupported."""
        if service.sign_up is None:
            raise NotSupported
        name = clean(name, MOST_NAME)[:MOST_NAME].strip()
        return await self.keep(service, await service.sign_up.create(name or FALLBACK_NAME), chat_id)

    async def keep(self, service: Service, session: Session, chat_id: str) -> SignedIn:
        """That chat acts on this account from now on; what it acted on before is signed out of.

        Whatever the chat has kept here waits for it to come back.
        """
        before = await self.at(chat_id)
        if service is not self._services.here:
            await self.leave_here(chat_id)
        sealed = self._store.seal.seal(session.token, self._place(service, chat_id))
        await sessions.keep(
            self._store.db,
            service=service.name,
            platform=self._caller.person.platform,
            chat_id=chat_id,
            account_id=session.account_id,
            account_name=session.account_name,
            sealed_token=sealed,
            now=self._store.now(),
        )
        signed_in = SignedIn(service, session, chat_id, chat_id != self._caller.private_chat_id, sealed)
        if signed_in.house:
            await self._for_admins(chat_id)
        else:
            self._own = signed_in
        if before is not None and not before.service.embedded and before.session.token != session.token:
            await self._end_there(before)
        self._mirror.want(service, session)
        return signed_in

    async def keep_here(self, chat_id: str, name: str) -> SignedIn:
        """That chat acts on its embedded account from now on: the one that it had, or a new one."""
        here = self._services.here
        async with self._turns.of("sign up", self._caller.person.platform, chat_id):
            row = await self.kept_here(chat_id)
            if row is None:
                return await self.create(here, chat_id, name)
            place = {"service": here.name, "platform": self._caller.person.platform, "chat_id": chat_id}
            await sessions.sign_in_again(self._store.db, **place)
            signed_in = self.opened(row, chat_id)
            if not signed_in.house:
                self._own = signed_in
            return signed_in

    async def kept_here(self, chat_id: str) -> SessionRow | None:
        """That chat's session with the embedded service, signed out or not."""
        here = self._services.here.name
        platform = self._caller.person.platform
        return await sessions.read(self._store.db, services=(here, here), platform=platform, chat_id=chat_id)

    async def leave_here(self, chat_id: str) -> None:
        """That chat acts on its embedded account no more. The key to it stays: there could be no other."""
        place = {"platform": self._caller.person.platform, "chat_id": chat_id}
        await sessions.sign_out(self._store.db, service=self._services.here.name, **place, now=self._store.now())
        self._own = None

    async def forget(self, signed_in: SignedIn) -> None:
        """That account can't be acted on any more; of an embedded one the key stays."""
        if signed_in.house:
            await self._for_admins(signed_in.chat_id)
        if signed_in.service.embedded:
            await self.leave_here(signed_in.chat_id)
            return
        place = {"platform": self._caller.person.platform, "chat_id": signed_in.chat_id}
        service, account_id = signed_in.key
        await sessions.forget(self._store.db, service=service, **place, sealed_token=signed_in.sealed)
        if not await sessions.linked(self._store.db, service=service, account_id=account_id):
            await self._mirror.forget(signed_in.service, account_id)
        self._own = None

    async def end(self, signed_in: SignedIn) -> Ended:
        """Sign out, at the service too. An embedded account waits for its person, so its service is told nothing."""
        ended = Ended.DONE if signed_in.service.embedded else await self._end_there(signed_in)
        await self.forget(signed_in)
        return ended

    async def _end_there(self, signed_in: SignedIn) -> Ended:
        ends = signed_in.service.approvals or signed_in.service.sign_up
        try:
            if ends is None:
                raise NotSupported
            async with asyncio.timeout(END_SECONDS):
                await ends.end(signed_in.session)
        except SessionEnded:
            return Ended.DONE
        except NotSupported:
            return Ended.IMPOSSIBLE
        except (BackendError, TimeoutError):
            return Ended.UNREACHABLE
        return Ended.DONE

    async def _for_admins(self, chat_id: str) -> None:
        """Another account, another question who may change it: until that is answered, the admins alone."""
        platform = self._caller.person.platform
        await people.open_house(self._store.db, platform=platform, chat_id=chat_id, everyone=False)

    # ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def at(self, chat_id: str) -> SignedIn | None:
        """The account that a chat acts on, if it is signed in."""
        row = await self.read(chat_id)
        if row is None or row.signed_out_at is not None:
            return None
        return self.opened(row, chat_id)

    async def read(self, chat_id: str) -> SessionRow | None:
        """That chat's session, as it is kept."""
        services = (self._services.main.name, self._services.here.name)
        platform = self._caller.person.platform
        return await sessions.read(self._store.db, services=services, platform=platform, chat_id=chat_id)

    def opened(self, row: SessionRow, chat_id: str) -> SignedIn:
        """A kept session as one that can be acted by."""
        return self._opened(row, chat_id, house=chat_id != self._caller.private_chat_id)

    def _opened(self, row: SessionRow, chat_id: str, *, house: bool = False) -> SignedIn:
        service = self._services.named(row.service)
        token = self._store.seal.open(row.sealed_token, self._place(service, chat_id))
        session = Session(row.account_id, token, row.account_name)
        return SignedIn(service, session, chat_id, house, row.sealed_token)

    def _place(self, service: Service, chat_id: str) -> str:
        return sessions.place(service.name, self._caller.person.platform, chat_id)
