"""Signing in by approving on the service's own page, as TMDB's version 4 has it: the way there, and the way back.

The link back carries a nonce (128 bits, kept hashed) that is bound to who asked, works once and for 15 minutes. A
service's tokens may show where they lead back to, so whoever holds the link knows the nonce: when another person comes
back by it, the link went astray, and whatever was made with it is taken back at once.
"""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass

from bot.core import grammar
from bot.core.backend import Approvals, Services
from bot.core.desk import Desk
from bot.core.errors import (
    AdminsOnly,
    BackendDown,
    BackendError,
    NotApproved,
    NotSupported,
    OutOfDate,
    SessionEnded,
)
from bot.core.intents import FinishSignIn
from bot.core.model import Session
from bot.core.phrases import t
from bot.core.reply import Button, Link, Row
from bot.core.sessions import SignedIn
from bot.core.store import Store
from storage import sessions, sign_ins
from storage.sign_ins import SignInRow


class SignInOver(OutOfDate):
    """The link was used before or, if `late`, came back too late. `row` has what was to be done after it."""

    def __init__(self, row: SignInRow, *, late: bool) -> None:
        super().__init__()
        self.row = row
        self.late = late


class SignInRefused(NotApproved):
    """Nobody has approved it. `row` has what was to be done after it."""

    def __init__(self, row: SignInRow) -> None:
        super().__init__()
        self.row = row


class SignInFailed(BackendDown):
    """The service could not finish it: it can be tried again, and `row` has what was to be done after it."""

    def __init__(self, row: SignInRow) -> None:
        super().__init__()
        self.row = row


class SignInAstray(OutOfDate):
    """Another person came back by the link. `undone`: an account had been connected by it, which was taken back."""

    def __init__(self, row: SignInRow, *, undone: bool) -> None:
        super().__init__()
        self.row = row
        self.undone = undone


@dataclass(frozen=True, slots=True)
class Returned:
    """A sign-in that is done: whose account it is, and what was wanted."""

    account: SignedIn
    wish: str


async def approval(desk: Desk, chat_id: str, wish: str = "") -> tuple[Row, ...]:
    """Buttons that lead to the service's page, for the account that the chat of that id will act on.

    `wish`: command text to go on with afterwards. Raises BackendError.
    """
    nonce = secrets.token_urlsafe(16)
    back = desk.platform.address(grammar.payload(FinishSignIn(nonce)) or "") if desk.platform else None
    begun = await _approvals(desk).begin(back)
    digest = _digest(nonce)
    await sign_ins.begin(
        desk.store.db,
        nonce_hash=digest,
        platform=desk.caller.person.platform,
        person_id=desk.caller.person.id,
        private_chat_id=desk.sessions.home,
        chat_id=chat_id,
        service=desk.services.main.name,
        wish=wish,
        sealed_token=desk.store.seal.seal(begun.request_token, f"sign-in:{digest}"),
        now=desk.store.now(),
    )
    rows: tuple[Row, ...] = (
        (Link(t("Approve on {service}", service=desk.services.main.label), begun.url, secret=True),),
    )
    if back is None:
        rows += ((Button(t("I have approved it"), FinishSignIn()),),)
    return rows


async def come_back(desk: Desk, nonce: str) -> Returned:
    """Finish the sign-in that the caller has come back from; his newest one without a nonce, where no link comes back.

    Raises OutOfDate (SignInOver, SignInAstray), SignInRefused, SignInFailed, AdminsOnly.
    """
    digest = _digest(nonce) if nonce else await _newest(desk)
    # Two who come back at once are told one after the other, so that the second sees what the first has made.
    async with desk.turns.of("sign-in", digest):
        return await _come_back(desk, digest)


async def _come_back(desk: Desk, digest: str) -> Returned:
    person, now = desk.caller.person, desk.store.now()
    taken = await sign_ins.take(
        desk.store.db,
        nonce_hash=digest,
        platform=person.platform,
        person_id=person.id,
        update_id=desk.caller.update_id,
        now=now,
    )
    if taken is None:
        raise OutOfDate
    row, first = taken
    if (row.platform, row.person_id) != (person.platform, person.id):
        raise SignInAstray(row, undone=await _take_back(desk, row, digest))
    late = now >= row.made_at + sign_ins.LIVES_SECONDS
    if late or not first or row.service != desk.services.main.name:
        raise SignInOver(row, late=late)
    chat_id = desk.platform.chat_now(row.chat_id) if desk.platform else row.chat_id
    if chat_id != desk.sessions.home and not await desk.sessions.is_admin(chat_id):
        raise AdminsOnly
    if row.sealed_session is not None:
        return await _made_before(desk, row, digest, chat_id)
    session = await _session(desk, row, digest)
    sealed = desk.store.seal.seal(session.token, f"made by:{digest}")
    await sign_ins.finish(desk.store.db, sign_in_id=row.id, sealed_session=sealed)
    return Returned(await desk.sessions.keep(desk.services.main, session, chat_id), row.wish)


async def _session(desk: Desk, row: SignInRow, digest: str) -> Session:
    try:
        return await _approvals(desk).finish(_request_token(desk, row, digest))
    except NotApproved as refused:
        if row.used_at is not None:
            # This very update was cut off before: what it had made by then can't be had again.
            raise SignInOver(row, late=False) from refused
        raise SignInRefused(row) from refused
    except BackendError as down:
        await sign_ins.reopen(desk.store.db, sign_in_id=row.id)
        raise SignInFailed(row) from down


async def _made_before(desk: Desk, row: SignInRow, digest: str, chat_id: str) -> Returned:
    """This very update was handled before, and cut off in its answer."""
    current = await desk.sessions.at(chat_id)
    if current is None or row.sealed_session is None:
        raise SignInOver(row, late=False)
    if current.session.token != desk.store.seal.open(row.sealed_session, f"made by:{digest}"):
        raise SignInOver(row, late=False)
    return Returned(current, row.wish)


async def _take_back(desk: Desk, row: SignInRow, digest: str) -> bool:
    """End whatever was made with a link that went astray. Whether an account had been connected by it."""
    if row.sealed_session is None:
        # If this fails, nothing was made with it, and the token is never asked for again.
        with suppress(BackendError, NotApproved):
            await _approvals(desk).end(await _approvals(desk).finish(_request_token(desk, row, digest)))
        return False
    account_id = await _forget_made(desk.store, desk.services, row, digest)
    if account_id is not None:
        await desk.mirror.forget(desk.services.main, account_id)
    with suppress(BackendError):  # `end_astray` tells the service later
        await _end_made(desk.store, desk.services, row, digest)
    return True


async def end_astray(store: Store, services: Services) -> None:
    """Tell the service of sessions that went astray, and that it could not be told of at once. Raises BackendError."""
    for digest, row in await sign_ins.astray(store.db):
        await _end_made(store, services, row, digest)


async def _forget_made(store: Store, services: Services, row: SignInRow, digest: str) -> int | None:
    """The chat acts no more on what was made with the sign-in: its account; what came in its place since stays."""
    main = services.main.name
    kept = await sessions.read(store.db, services=(main, main), platform=row.platform, chat_id=row.chat_id)
    if kept is None or row.sealed_session is None:
        return None
    token = store.seal.open(kept.sealed_token, sessions.place(main, row.platform, row.chat_id))
    if token != store.seal.open(row.sealed_session, f"made by:{digest}"):
        return None
    place = {"service": main, "platform": row.platform, "chat_id": row.chat_id}
    await sessions.forget(store.db, **place, sealed_token=kept.sealed_token)
    linked = await sessions.linked(store.db, service=main, account_id=kept.account_id)
    return None if linked else kept.account_id


async def _end_made(store: Store, services: Services, row: SignInRow, digest: str) -> None:
    """End at the service what was made with the sign-in. Raises BackendError."""
    if row.sealed_session is None or services.main.approvals is None or row.service != services.main.name:
        return
    token = store.seal.open(row.sealed_session, f"made by:{digest}")
    with suppress(SessionEnded):
        await services.main.approvals.end(Session(0, token))
    await sign_ins.finish(store.db, sign_in_id=row.id, sealed_session=None)


async def _newest(desk: Desk) -> str:
    """The hash of the caller's newest sign-in, where saying so is enough: no link comes back, or one has."""
    person = desk.caller.person
    newest = await sign_ins.newest(desk.store.db, platform=person.platform, person_id=person.id)
    links = desk.platform is not None and desk.platform.address("hello") is not None
    if newest is None or (links and not newest[1]):
        raise OutOfDate
    return newest[0]


def _approvals(desk: Desk) -> Approvals:
    """Raises NotSupported where the service has no such sign-in."""
    if desk.services.main.approvals is None:
        raise NotSupported
    return desk.services.main.approvals


def _request_token(desk: Desk, row: SignInRow, digest: str) -> str:
    return desk.store.seal.open(row.sealed_token, f"sign-in:{digest}")


def _digest(nonce: str) -> str:
    return hashlib.sha256(nonce.encode()).hexdigest()
