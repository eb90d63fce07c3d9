"""The client of the account API: of a server of it somewhere, or of our own in this process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote

import httpx

from bot.backends import reading
from bot.backends.account_api import wire
from bot.backends.client import DEADLINE, Answer, Ask, Client, no_cookies, pool
from bot.core.errors import MarqueeError, NoSuchImdbTitle, NoSuchTitle, NotSupported, SessionEnded
from bot.core.model import Kind, Page
from bot.core.text import clean

if TYPE_CHECKING:
    from bot.core.model import (
        Account,
        Order,
        Rating,
        Section,
        Session,
        Title,
        TitleRef,
        TitleState,
    )

T = TypeVar("T")

_LIST_KIND: Final = {Kind.MOVIE: "movies", Kind.TV: "tv"}


def embedded_client(app: Any) -> httpx.AsyncClient:
    """A client of the ASGI application `app` in this process, without a socket. Close it at the end."""
    # This transport has no time-outs of its own: the deadline of AccountApi is the one that counts.
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False),
        base_url="http://marquee.internal",
        cookies=no_cookies(),
        trust_env=False,
    )


def remote_client(root_url: str) -> httpx.AsyncClient:
    """A client of the server at `root_url` (what stands in front of `/api`), with a pool. Close it at the end."""
    # It may be a small machine: it has the whole deadline for its answer.
    return pool(root_url, timeout=httpx.Timeout(DEADLINE, connect=3.0))


class AccountApi:
    """Accounts, Catalogue and SignUp of `bot.core.backend` by calls of the account API.

    `http` is one of the clients above. `deadline` is the longest that any one call may take, in seconds; after it, and
    for whatever else is wrong with the server or the way to it, BackendDown is raised. `tries`: how often a server is
    asked whose failure may pass. In this process none does.
    """

    def __init__(self, http: httpx.AsyncClient, *, deadline: float = DEADLINE, tries: int = 1) -> None:
        self._client = Client(http, deadline=deadline, tries=tries)
        self._tells_states: bool | None = None

    # SignUp

    async def create(self, name: str, username: str | None = None) -> Session:
        """A new account and its session. Raises NotSupported where the server makes none."""
        body = {"name": _sendable(name)}
        if username is not None:
            body["username"] = _sendable(username)
        return await self._call(
            "POST",
            "/api/session",
            lambda said: wire.session(said, body["name"]),
            body=body,
            missing=NotSupported(),
            again=False,  # it would make a second account
        )

    async def end(self, session: Session) -> None:
        """Sign out. Raises NotSupported where the server can't."""
        await self._call(
            "DELETE",
            "/api/session",
            lambda said: wire.confirm(said, "deleted", True),
            session.token,
            missing=NotSupported(),
        )

    # Accounts

    async def account(self, token: str) -> Account:
        """Whose session it is. Raises SessionEnded."""
        return await self._call("GET", "/api/account", reading.account, token)

    async def titles(
        self, session: Session, section: Section, kind: Kind, order: Order, page: int, language: str
    ) -> Page:
        """A page of a list."""
        return await self._call(
            "GET",
            f"/api/account/{session.account_id}/{section.value}/{_LIST_KIND[kind]}",
            lambda said: wire.page(said, kind, page),
            session.token,
            params={"language": language, "page": str(page), "sort": order.value},
        )

    async def set_favorite(self, session: Session, ref: TitleRef, on: bool) -> None:
        """Put the title on the favourites, or take it off."""
        await self._set(session, "favorite", ref, on)

    async def set_watchlist(self, session: Session, ref: TitleRef, on: bool) -> None:
        """Put the title on the watchlist, or take it off."""
        await self._set(session, "watchlist", ref, on)

    async def rate(self, session: Session, ref: TitleRef, rating: Rating) -> None:
        """Add or replace, and take the title off the watchlist."""
        await self._call(
            "POST",
            f"{_path(ref)}/rating",
            lambda said: wire.confirm(said, "rated", {"value": rating.value}),
            session.token,
            body={"value": rating.value},
            missing=NoSuchTitle(ref),
        )

    async def unrate(self, session: Session, ref: TitleRef) -> None:
        """Remove the rating, if there is one."""
        await self._call(
            "DELETE",
            f"{_path(ref)}/rating",
            lambda said: wire.confirm(said, "rated", None),
            session.token,
            missing=NoSuchTitle(ref),
        )

    async def state(self, session: Session, ref: TitleRef) -> TitleState:
        """What the account says of the title. Raises NotSupported where the server has no such call."""
        if self._tells_states is False:
            raise NotSupported
        path = f"{_path(ref)}/account_states"
        async with self._client.in_time():
            try:
                return await self._call("GET", path, reading.state, session.token, missing=NoSuchTitle(ref))
            except NoSuchTitle:
                if await self._lacks_states(path):
                    raise NotSupported from None
                raise

    # Catalogue

    async def search(self, words: str, kind: Kind | None, year: int | None, language: str, page: int) -> Page:
        """Best first. Raises NotSupported where the server has no search."""
        words = reading.query(words)
        if not words:
            return reading.nothing(page)
        params = {"query": words, "language": language, "page": str(page)}
        if year is not None:
            params["year"] = str(year)
        what = "multi" if kind is None else kind.value
        return await self._call(
            "GET",
            f"/api/search/{what}",
            lambda said: wire.page(said, kind, page),
            params=params,
            missing=NotSupported(),
        )

    async def title(self, ref: TitleRef, language: str) -> Title:
        """All that is known of the title. Raises NoSuchTitle."""
        return await self._call(
            "GET",
            _path(ref),
            lambda said: wire.title(said, ref),
            params={"language": language},
            missing=NoSuchTitle(ref),
        )

    async def find(self, imdb_id: str) -> TitleRef:
        """The title that IMDb calls `imdb_id`. Raises NoSuchImdbTitle."""
        path = f"/api/find/{quote(_sendable(imdb_id), safe='')}"
        return await self._call("GET", path, wire.ref, missing=NoSuchImdbTitle(imdb_id))

    async def _set(self, session: Session, name: str, ref: TitleRef, on: bool) -> None:
        await self._call(
            "POST",
            f"/api/account/{session.account_id}/{name}",
            lambda said: wire.confirm(said, name, on),
            session.token,
            body={"media_type": ref.kind.value, "media_id": ref.id, name: on},
            missing=NoSuchTitle(ref),
        )

    async def _lacks_states(self, path: str) -> bool:
        """Whether the server has no account_states at all, which answers 404 just as an unknown title does.

        Asked without a session, a server that has it says that one is needed.
        """
        if self._tells_states is None:
            try:
                await self._call("GET", path, lambda _: None, missing=NotSupported())
            except SessionEnded:
                self._tells_states = True
            except NotSupported:
                self._tells_states = False
        return self._tells_states is False

    async def _call(
        self,
        method: str,
        path: str,
        read: Callable[[object], T],
        token: str | None = None,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
        missing: MarqueeError | None = None,
        again: bool = True,
    ) -> T:
        """One call, whose value `read` makes of the answer; see `wire.decipher` for what else comes of it."""
        headers = {}
        if token is not None:
            if not wire.TOKEN.fullmatch(token):
                raise SessionEnded
            headers["Authorization"] = f"Bearer {token}"

        def made_of(answer: Answer) -> T:
            return read(wire.decipher(answer.status, answer.body, missing=missing, retry_after=answer.retry_after))

        ask = Ask(method, path, params or {}, body, headers)
        return await self._client.call(ask, made_of, again=again)


def _path(ref: TitleRef) -> str:
    return f"/api/{ref.kind.value}/{ref.id}"


def _sendable(words: str) -> str:
    """`words` without what can't be encoded. What is too long stays so, for the server to refuse."""
    return clean(words, len(words) + 1)
