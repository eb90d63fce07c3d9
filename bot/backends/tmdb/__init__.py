"""TMDB, by version 3 of its API; people sign in by version 4. https://developer.themoviedb.org/docs"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import quote

from aiolimiter import AsyncLimiter

from bot.backends import reading
from bot.backends.client import LONGEST_PAUSE, Ask, Client, pool
from bot.backends.tmdb import wire
from bot.backends.tmdb.titles import IMAGES, Titles
from bot.core.backend import Approval
from bot.core.errors import MarqueeError, NoSuchTitle, NotApproved, SessionEnded
from bot.core.model import Kind, Section

if TYPE_CHECKING:
    from bot.backends.reading import Fields
    from bot.core.model import Account, Order, Page, Rating, Session, TitleRef, TitleState

__all__ = ["CALLS_A_SECOND", "IMAGES", "Tmdb", "tmdb_client"]

T = TypeVar("T")

CALLS_A_SECOND: Final = 40
"""TMDB's limit, about: https://developer.themoviedb.org/docs/rate-limiting"""

_BURST_SECONDS: Final = 0.25
_PATH: Final = {Section.FAVORITES: "favorite", Section.WATCHLIST: "watchlist", Section.RATED: "rated"}
_LIST_KIND: Final = {Kind.MOVIE: "movies", Kind.TV: "tv"}

_log = logging.getLogger(__name__)


@asynccontextmanager
async def tmdb_client(
    api_url: str, *, pause: float = LONGEST_PAUSE, calls_a_second: float = CALLS_A_SECOND
) -> AsyncIterator[Client]:
    """A client for the whole process, so that all chats share its connections and its pace. See `Client` for `pause`.

    `api_url` is what stands in front of `/3` and `/4`.
    """
    limiter = AsyncLimiter(calls_a_second * _BURST_SECONDS, _BURST_SECONDS)
    async with pool(api_url) as http:
        yield Client(http, pause=pause, limiter=limiter)


class Tmdb(Titles):
    """Accounts, Catalogue, Discovery and Approvals of `bot.core.backend` by TMDB.

    `access_token` is the application's own ("API Read Access Token"); a person's is `wire.Keys`. `web_url` is TMDB's
    site, where people approve. Raises KeyRefused where TMDB doesn't take the application's token.
    """

    def __init__(self, client: Client, access_token: str, web_url: str) -> None:
        super().__init__(client, access_token)
        self._web_url = web_url.rstrip("/")

    # Approvals

    async def begin(self, back: str | None) -> Approval:
        """A sign-in to approve within 15 minutes. https://developer.themoviedb.org/v4/docs/authentication-user"""
        body = {} if back is None else {"redirect_to": back}
        token = await self._call("POST", "/4/auth/request_token", wire.request_token, body=body, again=False)
        return Approval(f"{self._web_url}/auth/access?request_token={quote(token, safe='')}", token)

    async def finish(self, request_token: str) -> Session:
        """The session of whoever approved it. Raises NotApproved. What was made is taken back if the rest fails."""
        if not wire.TOKEN.fullmatch(request_token):
            raise NotApproved
        body = {"request_token": request_token}
        access = await self._call("POST", "/4/auth/access_token", wire.access_token, body=body, again=False)
        session: str | None = None
        try:
            async with self._client.in_time():
                session = await self._call(
                    "POST",
                    "/3/authentication/session/convert/4",
                    wire.v3_session,
                    body={"access_token": access},
                    again=False,
                )
                keys = wire.Keys(session, access)
                return wire.session(await self.account(keys.token), keys)
        except BaseException:
            await self._take_back(session, access)
            raise

    async def end(self, session: Session) -> None:
        """Sign out at TMDB, too. A session that has ended already is no error."""
        try:
            keys = wire.Keys.of(session.token)
        except SessionEnded:
            return
        await self._revoke(keys.session, keys.access)

    # Accounts

    async def account(self, token: str) -> Account:
        """Whose session it is. Raises SessionEnded."""
        return await self._call("GET", "/3/account", wire.account, token)

    async def titles(
        self, session: Session, section: Section, kind: Kind, order: Order, page: int, language: str
    ) -> Page:
        """A page of a list. TMDB tells the own rating in the list of rated titles alone."""
        return await self._call(
            "GET",
            f"/3/account/{session.account_id}/{_PATH[section]}/{_LIST_KIND[kind]}",
            lambda said: wire.page(said, kind, page),
            session.token,
            params={
                "language": wire.language(language),
                "page": str(reading.checked(page)),
                "sort_by": order.value,
            },
        )

    async def set_favorite(self, session: Session, ref: TitleRef, on: bool) -> None:
        """Make it a favourite, or one no more."""
        await self._set(session, "favorite", ref, on)

    async def set_watchlist(self, session: Session, ref: TitleRef, on: bool) -> None:
        """Put it on the watchlist, or take it off."""
        await self._set(session, "watchlist", ref, on)

    async def rate(self, session: Session, ref: TitleRef, rating: Rating) -> None:
        """Add or replace. TMDB takes the title off the watchlist, unless the person has told it not to."""
        await self._call(
            "POST",
            f"{wire.path(ref)}/rating",
            wire.confirm,
            session.token,
            body={"value": rating.value},
            missing=NoSuchTitle(ref),
        )

    async def unrate(self, session: Session, ref: TitleRef) -> None:
        """Take the rating away, if there is one."""
        try:
            await self._call(
                "DELETE",
                f"{wire.path(ref)}/rating",
                lambda said: wire.confirm(said, removes=True),
                session.token,
                missing=NoSuchTitle(ref),
            )
        except NoSuchTitle:
            # It may mean the rating: only the title's own state tells.
            await self.state(session, ref)

    async def state(self, session: Session, ref: TitleRef) -> TitleState:
        """All that the account says of one title. Raises NoSuchTitle."""
        path = f"{wire.path(ref)}/account_states"
        return await self._call("GET", path, reading.state, session.token, missing=NoSuchTitle(ref))

    # ── Calls ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _set(self, session: Session, name: str, ref: TitleRef, on: bool) -> None:
        await self._call(
            "POST",
            f"/3/account/{session.account_id}/{name}",
            lambda said: wire.confirm(said, removes=not on),
            session.token,
            body={"media_type": ref.kind.value, "media_id": ref.id, name: on},
            missing=NoSuchTitle(ref),
        )

    async def _take_back(self, session: str | None, access: str) -> None:
        """Leave nothing behind of a sign-in that didn't come to its end."""
        try:
            await self._revoke(session, access)
        except MarqueeError:
            _log.warning("TMDB keeps a session that nobody has: a sign-in failed, and could not be taken back")

    async def _revoke(self, session: str | None, access: str | None) -> None:
        """End both, the one also where the other can't be ended."""
        ends = []
        if session is not None:
            ends.append(self._end("/3/authentication/session", {"session_id": session}))
        if access is not None:
            ends.append(self._end("/4/auth/access_token", {"access_token": access}))
        for ended in await asyncio.gather(*ends, return_exceptions=True):
            if ended is not None:
                raise ended

    async def _end(self, path: str, body: Mapping[str, object]) -> None:
        ask = Ask("DELETE", path, body=body, headers=self._headers)
        try:
            await self._client.call(ask, wire.reader(wire.succeeded, personal=True, missing=SessionEnded()))
        except SessionEnded:
            return

    async def _call(
        self,
        method: str,
        path: str,
        read: Callable[[Fields], T],
        token: str | None = None,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
        missing: MarqueeError | None = None,
        again: bool = True,
    ) -> T:
        """One call, for the person whose `token` it is; see `wire.decipher` for what comes of it."""
        params = dict(params or {})
        if token is not None:
            params["session_id"] = wire.Keys.of(token).session
        ask = Ask(method, path, params, body, self._headers)
        return await self._client.call(ask, wire.reader(read, personal=token is not None, missing=missing), again=again)
