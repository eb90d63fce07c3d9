"""The client of the account API: of a server of it somewhere, or of our own in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import httpx

from bot.backends.account_api import wire
from bot.core.backend import MOST_PAGES
from bot.core.errors import (
    BackendDown,
    MarqueeError,
    NoSuchImdbTitle,
    NoSuchTitle,
    NotSupported,
    Refused,
    SessionEnded,
)
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

MOST_BYTES: Final = 2 * 1024 * 1024
"""No answer is read further; a full page has some 10 KB."""
MOST_QUERY: Final = 200
"""Characters of a search."""
DEADLINE: Final = 10.0
_LIST_KIND: Final = {Kind.MOVIE: "movies", Kind.TV: "tv"}


def embedded_client(app: Any) -> httpx.AsyncClient:
    """A client of the ASGI application `app` in this process, without a socket. Close it at the end."""
    # This transport has no time-outs of its own: the deadline of AccountApi is the one that counts.
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False),
        base_url="http://marquee.internal",
        cookies=_no_cookies(),
        trust_env=False,
    )


def remote_client(root_url: str) -> httpx.AsyncClient:
    """A client of the server at `root_url` (what stands in front of `/api`), with a pool. Close it at the end."""
    return httpx.AsyncClient(
        base_url=root_url,
        timeout=httpx.Timeout(DEADLINE, connect=5.0),
        limits=httpx.Limits(max_connections=100, max_keepalive_connections=20),
        cookies=_no_cookies(),
        follow_redirects=False,
    )


def _no_cookies() -> CookieJar:
    """A jar that keeps nothing: one person's cookie must never go with another's request."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))


class AccountApi:
    """Accounts, Catalogue and SignUp of `bot.core.backend` by calls of the account API.

    `http` is one of the clients above. `deadline` is the longest that any one call may take, in seconds; after it, and
    for whatever else is wrong with the server or the way to it, BackendDown is raised.
    """

    def __init__(self, http: httpx.AsyncClient, *, deadline: float = DEADLINE) -> None:
        self._http = http
        self._deadline = deadline
        self._tells_states: bool | None = None

    # SignUp

    async def create(self, name: str, username: str | None = None) -> Session:
        """A new account and its session. Raises NotSupported where the server makes none."""
        body = {"name": _sendable(name)}
        if username is not None:
            body["username"] = _sendable(username)
        said = await self._call("POST", "/api/session", body=body, missing=NotSupported())
        return wire.session(said, body["name"])

    async def end(self, session: Session) -> None:
        """Sign out. Raises NotSupported where the server can't."""
        said = await self._call("DELETE", "/api/session", session.token, missing=NotSupported())
        wire.confirm(said, "deleted", True)

    # Accounts

    async def account(self, token: str) -> Account:
        """Whose session it is. Raises SessionEnded."""
        return wire.account(await self._call("GET", "/api/account", token))

    async def titles(
        self, session: Session, section: Section, kind: Kind, order: Order, page: int, language: str
    ) -> Page:
        """A page of a list."""
        said = await self._call(
            "GET",
            f"/api/account/{session.account_id}/{section.value}/{_LIST_KIND[kind]}",
            session.token,
            params={"language": language, "page": str(page), "sort": order.value},
        )
        return wire.page(said, kind, page)

    async def set_favorite(self, session: Session, ref: TitleRef, on: bool) -> None:
        """Put the title on the favourites, or take it off."""
        await self._set(session, "favorite", ref, on)

    async def set_watchlist(self, session: Session, ref: TitleRef, on: bool) -> None:
        """Put the title on the watchlist, or take it off."""
        await self._set(session, "watchlist", ref, on)

    async def rate(self, session: Session, ref: TitleRef, rating: Rating) -> None:
        """Add or replace, and take the title off the watchlist."""
        said = await self._call(
            "POST",
            f"{_path(ref)}/rating",
            session.token,
            body={"value": rating.value},
            missing=NoSuchTitle(ref),
        )
        wire.confirm(said, "rated", {"value": rating.value})

    async def unrate(self, session: Session, ref: TitleRef) -> None:
        """Remove the rating, if there is one."""
        said = await self._call("DELETE", f"{_path(ref)}/rating", session.token, missing=NoSuchTitle(ref))
        wire.confirm(said, "rated", None)

    async def state(self, session: Session, ref: TitleRef) -> TitleState:
        """What the account says of the title. Raises NotSupported where the server has no such call."""
        path = f"{_path(ref)}/account_states"
        async with self._in_time():
            try:
                return wire.state(await self._call("GET", path, session.token, missing=NoSuchTitle(ref)))
            except NoSuchTitle:
                if await self._lacks_states(path):
                    raise NotSupported from None
                raise

    # Catalogue

    async def search(self, words: str, kind: Kind | None, year: int | None, language: str, page: int) -> Page:
        """Best first. Raises NotSupported where the server has no search."""
        words = clean(words)[:MOST_QUERY]
        if not words:
            return _nothing(page)
        params = {"query": words, "language": language, "page": str(page)}
        if year is not None:
            params["year"] = str(year)
        what = "multi" if kind is None else kind.value
        said = await self._call("GET", f"/api/search/{what}", params=params, missing=NotSupported())
        return wire.page(said, kind, page)

    async def title(self, ref: TitleRef, language: str) -> Title:
        """All that is known of the title. Raises NoSuchTitle."""
        said = await self._call("GET", _path(ref), params={"language": language}, missing=NoSuchTitle(ref))
        return wire.title(said, ref)

    async def find(self, imdb_id: str) -> TitleRef:
        """The title that IMDb calls `imdb_id`. Raises NoSuchImdbTitle."""
        path = f"/api/find/{quote(_sendable(imdb_id), safe='')}"
        return wire.ref(await self._call("GET", path, missing=NoSuchImdbTitle(imdb_id)))

    async def _set(self, session: Session, name: str, ref: TitleRef, on: bool) -> None:
        said = await self._call(
            "POST",
            f"/api/account/{session.account_id}/{name}",
            session.token,
            body={"media_type": ref.kind.value, "media_id": ref.id, name: on},
            missing=NoSuchTitle(ref),
        )
        wire.confirm(said, name, on)

    async def _lacks_states(self, path: str) -> bool:
        """Whether the server has no account_states at all, which answers 404 just as an unknown title does.

        Asked without a session, a server that has it says that one is needed.
        """
        if self._tells_states is None:
            try:
                await self._call("GET", path, missing=NotSupported())
            except SessionEnded:
                self._tells_states = True
            except NotSupported:
                self._tells_states = False
        return self._tells_states is False

    async def _call(
        self,
        method: str,
        path: str,
        token: str | None = None,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
        missing: MarqueeError | None = None,
    ) -> object:
        """One call; see `wire.decipher` for what comes of it."""
        headers = {"Accept": "application/json"}
        if token is not None:
            if not wire.TOKEN.fullmatch(token):
                raise SessionEnded
            headers["Authorization"] = f"Bearer {token}"
        try:
            async with (
                self._in_time(),
                self._http.stream(method, path, params=params, json=body, headers=headers) as response,
            ):
                content = await _content(response)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise BackendDown(type(error).__name__) from error
        retry_after = response.headers.get("Retry-After", "")
        return wire.decipher(response.status_code, content, missing=missing, retry_after=retry_after)

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._deadline):
                yield
        except TimeoutError as error:
            raise BackendDown(f"no answer within {self._deadline} s") from error


async def _content(response: httpx.Response) -> bytes:
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > MOST_BYTES:
            raise BackendDown(f"an answer of more than {MOST_BYTES} bytes")
    return bytes(content)


def _path(ref: TitleRef) -> str:
    return f"/api/{ref.kind.value}/{ref.id}"


def _sendable(words: str) -> str:
    """`words` without what can't be encoded. What is too long stays so, for the server to refuse."""
    return clean(words, len(words) + 1)


def _nothing(page: int) -> Page:
    if not 1 <= page <= MOST_PAGES:
        raise Refused(f"Pages are numbered from 1 to {MOST_PAGES}.")
    return Page((), page, 0, 0)
