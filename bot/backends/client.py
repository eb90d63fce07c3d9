"""What every dialect over the network shares: one pool, limits of time and size, trying again, and pacing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Final, TypeVar

import httpx
import stamina

from bot.backends.reading import Passing
from bot.backends.together import Together
from bot.core.errors import BackendDown, RateLimited

if TYPE_CHECKING:
    from aiolimiter import AsyncLimiter

T = TypeVar("T")

DEADLINE: Final = 10.0
"""Seconds that a call may take, with all its tries."""
TRIES: Final = 4
LONGEST_PAUSE: Final = 1.0
"""Seconds between two tries, where the service doesn't say how long."""
MOST_BYTES: Final = 2 * 1024 * 1024
"""No answer is read further; a full page has some 10 KB."""

_CONNECTIONS: Final = 20
"""40 calls a second of half a second each. httpcore looks through all of them at every call."""
_PATIENCE: Final = httpx.Timeout(4.0, connect=3.0, pool=DEADLINE)
"""Seconds of silence; short enough that a try that hangs leaves time for another one before the deadline."""
_IDLE: Final = 30.0
"""Seconds that a connection is kept for the next call."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. What it carries may be secret, and is not shown by `repr`."""

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Mapping[str, object] | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `retry_after`: that header as it is, or empty."""

    status: int
    body: bytes = field(repr=False)
    retry_after: str = ""


def pool(
    base_url: str, *, headers: Mapping[str, str] | None = None, timeout: httpx.Timeout = _PATIENCE
) -> httpx.AsyncClient:
    """Connections to the server at `base_url`, which are kept for the next call. Close it at the end.

    It follows no redirect, keeps no cookie, and takes no proxy from the environment. `headers` go with every request.
    """
    return httpx.AsyncClient(
        base_url=base_url,
        headers=headers,
        timeout=timeout,
        limits=httpx.Limits(
            max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS, keepalive_expiry=_IDLE
        ),
        cookies=no_cookies(),
        follow_redirects=False,
        trust_env=False,
    )


def no_cookies() -> CookieJar:
    """A jar that keeps nothing: one person's cookie must never go with another's request."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))


class Client:
    """Calls over `http`, each over within `deadline` seconds: with a value, or with an error of `bot.core.errors`.

    A call is tried up to `tries` times, with at most `pause` seconds of back-off in between, for what may pass: no
    connection, no answer, a status that says so, an answer that can't be read. `limiter` paces all of them.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        deadline: float = DEADLINE,
        tries: int = TRIES,
        pause: float = LONGEST_PAUSE,
        limiter: AsyncLimiter | None = None,
    ) -> None:
        self._http = http
        self._deadline = deadline
        self._tries = tries
        self._pause = pause
        self._limiter = limiter
        self._reads = Together()

    async def call(self, ask: Ask, read: Callable[[Answer], T], *, again: bool = True) -> T:
        """The answer as `read` (pure) understands it, or the error that it raises.

        `again=False` for what must not be done twice: it is tried again only where it was turned away to wait. All
        else names its target state or only reads: where the answer was lost, asking again does no harm.
        Raises BackendDown, RateLimited, and whatever `read` raises.
        """
        until = asyncio.get_running_loop().time() + self._deadline

        def worth_it(error: Exception) -> bool | float:
            """Whether to try again: not at all, after a while, or after so many seconds."""
            match error:
                case RateLimited():
                    wait: float | None = error.retry_after
                case Passing() if again:
                    wait = error.wait
                case _:
                    return False
            if wait is not None and asyncio.get_running_loop().time() + wait >= until:
                return False
            _log.info("%s %s: %s", ask.method, _plain(ask.path), error)
            return True if wait is None else wait

        tries = stamina.retry_context(
            on=worth_it,
            attempts=self._tries,
            timeout=None,
            wait_initial=self._pause / 10,
            wait_max=self._pause,
            wait_jitter=self._pause / 2,
        )
        async with self.in_time():
            async for one_try in tries:
                with one_try:
                    return read(await self._once(ask))
        raise AssertionError("the last try returns or raises")

    async def shared(self, ask: Ask, read: Callable[[Answer], T]) -> T:
        """The same for a read that everybody gets the same answer to: those that come at once are one request.

        Never for a request that carries a session.
        """
        key = (ask.method, ask.path, *sorted(ask.params.items()))
        return await self._reads.read(key, lambda: self.call(ask, read))

    @asynccontextmanager
    async def in_time(self) -> AsyncIterator[None]:
        """What happens inside must be over within the deadline, several calls too. Raises BackendDown."""
        try:
            async with asyncio.timeout(self._deadline):
                yield
        except TimeoutError as error:
            raise BackendDown(f"no answer within {self._deadline:g} s") from error

    async def _once(self, ask: Ask) -> Answer:
        if self._limiter is not None:
            await self._limiter.acquire()
        headers = {"Accept": "application/json", **ask.headers}
        try:
            async with self._http.stream(
                ask.method, ask.path, params=ask.params or None, json=ask.body, headers=headers
            ) as response:
                body = await _content(response)
        except httpx.InvalidURL as error:
            raise BackendDown(type(error).__name__) from error
        except httpx.HTTPError as error:
            # Only its name: its text may quote what was sent.
            raise Passing(type(error).__name__) from error
        return Answer(response.status_code, body, response.headers.get("Retry-After", ""))


async def _content(response: httpx.Response) -> bytes:
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > MOST_BYTES:
            raise BackendDown(f"an answer of more than {MOST_BYTES} bytes")
    return bytes(content)


def _plain(path: str) -> str:
    """A path for the log, without numbers: whose account it was is nobody's business."""
    return "/".join("…" if part.isdigit() else part for part in path.split("/"))
