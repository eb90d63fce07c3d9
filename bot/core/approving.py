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
from bot.core.backend import Approvals
from bot.core.desk import Desk
from bot.core.errors import AdminsOnly, BackendError, NotApproved, NotSupported, OutOfDate, SessionEnded
from bot.core.intents import FinishSignIn
from bot.core.model import Session
from bot.core.phrases import t
from bot.core.reply import Button, Link, Row
from bot.core.sessions import SignedIn
from storage import sign_ins
from storage.sign_ins import SignInRow


class SignInOver(OutOfDate):
    """The link was used before or, if `late`, came back too late. `row` has what was to be done after it."""

    def __init__(self, row: SignInRow, *, late: bool) -> None:
        super().__init__()
        self.row = row
        self.late = late


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

    Raises OutOfDate (SignInOver, SignInAstray), NotApproved, AdminsOnly, BackendError.
    """
    digest = _digest(nonce) if nonce else await _newest(desk)
    now = desk.store.now()
    taken = await sign_ins.take(desk.store.db, nonce_hash=digest, update_id=desk.caller.update_id, now=now)
    if taken is None:
        raise OutOfDate
    row, first = taken
    if (row.platform, row.person_id) != (desk.caller.person.platform, desk.caller.person.id):
        raise SignInAstray(row, undone=await _take_back(desk, row, digest))
    late = now >= row.made_at + sign_ins.LIVES_SECONDS
    if late or not first or row.service != desk.services.main.name:
        raise SignInOver(row, late=late)
    if row.chat_id != desk.sessions.home and not await desk.sessions.is_admin(row.chat_id):
        raise AdminsOnly
    try:
        session = await _approvals(desk).finish(_request_token(desk, row, digest))
    except NotApproved:
        raise
    except BackendError:
        await sign_ins.reopen(desk.store.db, sign_in_id=row.id)
        raise
    sealed = desk.store.seal.seal(session.token, f"made by:{digest}")
    await sign_ins.finish(desk.store.db, sign_in_id=row.id, sealed_session=sealed)
    return Returned(await desk.sessions.keep(desk.services.main, session, row.chat_id), row.wish)


async def _take_back(desk: Desk, row: SignInRow, digest: str) -> bool:
    """End whatever was made with a link that went astray. Whether an account had been connected by it."""
    if row.sealed_session is not None:
        token = desk.store.seal.open(row.sealed_session, f"made by:{digest}")
        current = await desk.sessions.at(row.chat_id)
        if current is not None and current.session.token == token:
            await desk.sessions.forget(current)
        await _end(desk, Session(0, token))
        await sign_ins.finish(desk.store.db, sign_in_id=row.id, sealed_session=None)
        return True
    # If this fails, nothing was made with it, and the token is never asked for again.
    with suppress(NotApproved, BackendError):
        await _end(desk, await _approvals(desk).finish(_request_token(desk, row, digest)))
    return False


async def _end(desk: Desk, session: Session) -> None:
    with suppress(SessionEnded):
        await _approvals(desk).end(session)


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
