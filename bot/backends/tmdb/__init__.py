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
from bot.backends.client import LONGEST_PAUSE, Answer, Ask, Client, pool
from bot.backends.tmdb import wire
from bot.core.backend import Approval
from bot.core.errors import MarqueeError, NoSuchImdbTitle, NoSuchTitle, NotApproved, SessionEnded
from bot.core.model import Kind, Section

if TYPE_CHECKING:
    from bot.backends.reading import Fields
    from bot.core.model import Account, Order, Page, Rating, Session, Title, TitleRef, TitleState

T = TypeVar("T")

IMAGES: Final = "https://image.tmdb.org/t/p/"
"""Where TMDB keeps its pictures, unless it says something else."""
CALLS_A_SECOND: Final = 40
"""TMDB's limit, about: https://developer.themoviedb.org/docs/rate-limiting"""

_BURST_SECONDS: Final = 0.25
_IMAGES_SECONDS: Final = 24 * 3600.0
_IMAGES_AGAIN_SECONDS: Final = 300.0
_PATH: Final = {Section.FAVORITES: "favorite", Section.WATCHLIST: "watchlist", Section.RATED: "rated"}
_LIST_KIND: Final = {Kind.MOVIE: "movies", Kind.TV: "tv"}
_YEAR: Final = {Kind.MOVIE: "primary_release_year", Kind.TV: "first_air_date_year"}
_WITH: Final = {Kind.MOVIE: "credits", Kind.TV: "credits,external_ids"}

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


class Tmdb:
    """Accounts, Catalogue and Approvals of `bot.core.backend` by TMDB.

    `access_token` is the application's own ("API Read Access Token"); a person's is `wire.Keys`. `web_url` is TMDB's
    site, where people approve. Raises KeyRefused where TMDB doesn't take the application's token.
    """

    def __init__(self, client: Client, access_token: str, web_url: str) -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {access_token}"}
        self._web_url = web_url.rstrip("/")
        self._images = IMAGES
        self._images_until = float("-inf")

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
            f"{_path(ref)}/rating",
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
                f"{_path(ref)}/rating",
                lambda said: wire.confirm(said, removes=True),
                session.token,
                missing=NoSuchTitle(ref),
            )
        except NoSuchTitle:
            # It may mean the rating: only the title's own state tells.
            await self.state(session, ref)

    async def state(self, session: Session, ref: TitleRef) -> TitleState:
        """All that the account says of one title. Raises NoSuchTitle."""
        path = f"{_path(ref)}/account_states"
        return await self._call("GET", path, reading.state, session.token, missing=NoSuchTitle(ref))

    # Catalogue

    async def search(self, words: str, kind: Kind | None, year: int | None, language: str, page: int) -> Page:
        """Best first, without people, and without titles for adults. A year may stand at the end of the words.

        Where it finds both kinds on more than one page, `total_results` counts people as well.
        """
        words = reading.query(words)
        if not words:
            return reading.nothing(page)
        reading.checked(page)
        found = await self._search(words, kind, year, language, page)
        apart = wire.apart(words) if year is None and not found.total_results else None
        return found if apart is None else await self._search(apart[0], kind, apart[1], language, page)

    async def title(self, ref: TitleRef, language: str) -> Title:
        """All that is known of a title, in one request. Raises NoSuchTitle."""
        return await self._look_up(
            _path(ref),
            lambda said: wire.title(said, ref),
            {"language": wire.language(language), "append_to_response": _WITH[ref.kind]},
            NoSuchTitle(ref),
        )

    async def find(self, imdb_id: str) -> TitleRef:
        """The title that IMDb calls `imdb_id`. Raises NoSuchImdbTitle."""
        missing = NoSuchImdbTitle(imdb_id)
        if not wire.IMDB_ID.fullmatch(imdb_id):
            raise missing
        found = await self._look_up(f"/3/find/{imdb_id}", wire.by_imdb, {"external_source": "imdb_id"}, missing)
        if found is None:
            raise missing
        return found

    # What else the bot asks of TMDB

    async def image_base(self) -> str:
        """In front of a size (`w342`) and a poster's path. Asked once a day; the usual one while TMDB doesn't say."""
        now = asyncio.get_running_loop().time()
        if now >= self._images_until:
            try:
                self._images = await self._look_up("/3/configuration", wire.image_base)
                self._images_until = now + _IMAGES_SECONDS
            except MarqueeError as error:
                _log.warning("TMDB does not say where its pictures are: %s", type(error).__name__)
                self._images_until = now + _IMAGES_AGAIN_SECONDS
        return self._images

    async def check(self) -> str:
        """Whether TMDB answers and takes the application's token; says so. Raises KeyRefused, BackendDown."""
        await self._look_up("/3/authentication", wire.succeeded)
        return "answers, and takes TMDB_ACCESS_TOKEN"

    # ── Calls ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _search(self, words: str, kind: Kind | None, year: int | None, language: str, page: int) -> Page:
        if kind is None and year is not None:
            # TMDB's search for both kinds takes no year.
            films, series = await asyncio.gather(
                *(self._search(words, one, year, language, wire.halved(page)) for one in (Kind.MOVIE, Kind.TV))
            )
            return wire.mixed(films, series, page)
        params = {
            "query": words,
            "include_adult": "false",
            "language": wire.language(language),
            "page": str(page),
        }
        if kind is not None and year is not None:
            params[_YEAR[kind]] = str(year)
        path = f"/3/search/{kind.value if kind else 'multi'}"
        return await self._look_up(path, lambda said: wire.found(said, kind, page), params)

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
            await self._client.call(ask, _reader(wire.succeeded, personal=True, missing=SessionEnded()))
        except SessionEnded:
            return

    async def _look_up(
        self,
        path: str,
        read: Callable[[Fields], T],
        params: Mapping[str, str] | None = None,
        missing: MarqueeError | None = None,
    ) -> T:
        """A read that is the same for everybody."""
        ask = Ask("GET", path, params or {}, headers=self._headers)
        return await self._client.shared(ask, _reader(read, missing=missing))

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
        return await self._client.call(ask, _reader(read, personal=token is not None, missing=missing), again=again)


def _reader(
    read: Callable[[Fields], T], *, personal: bool = False, missing: MarqueeError | None = None
) -> Callable[[Answer], T]:
    def made_of(answer: Answer) -> T:
        said = wire.decipher(answer.status, answer.body, answer.retry_after, personal=personal, missing=missing)
        return read(said)

    return made_of


def _path(ref: TitleRef) -> str:
    return f"/3/{ref.kind.value}/{ref.id}"
