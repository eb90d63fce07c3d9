"""Calling a service that fails now and then: what is tried again, for how long, and what is asked only once."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

import httpx
import pytest
from aiolimiter import AsyncLimiter

from bot.backends import reading
from bot.backends.client import MOST_BYTES, Answer, Ask, Client, pool
from bot.backends.reading import Passing
from bot.backends.together import Together
from bot.core.errors import BackendDown, MarqueeError, RateLimited, Refused

ASK = Ask("GET", "/3/movie/550", {"language": "en"})
OK = httpx.Response(200, json={"id": 550})
Reply = httpx.Response | type[httpx.TransportError]


def number(answer: Answer) -> int:
    """The pure function of this test's dialect."""
    match answer.status:
        case 200:
            return reading.whole(reading.fields(reading.parsed(answer.body)), "id", 0, 1000)
        case 429:
            raise RateLimited(reading.seconds(answer.retry_after))
        case 503:
            raise Passing("status 503", reading.seconds(answer.retry_after) if answer.retry_after else None)
        case _:
            raise Refused("no")


class Service:
    """A service that gives these replies one after another, and then the last one for ever. It notes each request."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.asked: list[httpx.Request] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.reached = asyncio.Event()

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        self.reached.set()
        await self.gate.wait()
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, httpx.Response):
            return httpx.Response(reply.status_code, headers=reply.headers, content=reply.content)
        raise reply("canary-secret")


@asynccontextmanager
async def calling(
    service: Service, *, deadline: float = 10, tries: int = 4, limiter: AsyncLimiter | None = None
) -> AsyncIterator[Client]:
    transport = httpx.MockTransport(service)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as http:
        yield Client(http, deadline=deadline, tries=tries, pause=0, limiter=limiter)


# ── Trying again ──


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.ReadTimeout,
        httpx.PoolTimeout,
        httpx.RemoteProtocolError,
        httpx.Response(503),
        httpx.Response(200, content=b""),
        httpx.Response(200, content=b'{"id": 5'),
        httpx.Response(200, content=b"<html>"),
        httpx.Response(200, content=b"\xff\xfe"),
        httpx.Response(200, json={"id": "550"}),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_what_may_pass_is_tried_again(failure: Reply, method: str) -> None:
    service = Service(failure, failure, failure, OK)
    async with calling(service) as client:
        assert await client.call(Ask(method, "/"), number) == 550
    assert len(service.asked) == 4


async def test_four_tries_are_all() -> None:
    service = Service(httpx.ConnectError)
    async with calling(service) as client:
        with pytest.raises(BackendDown):
            await client.call(ASK, number)
    assert len(service.asked) == 4


@pytest.mark.parametrize("failure", [httpx.Response(503), httpx.ReadTimeout, httpx.Response(200)])
async def test_what_must_not_be_done_twice_is_tried_once(failure: Reply) -> None:
    service = Service(failure)
    async with calling(service) as client:
        with pytest.raises(MarqueeError):
            await client.call(Ask("POST", "/session"), number, again=False)
    assert len(service.asked) == 1


async def test_what_was_turned_away_was_not_done_and_is_tried_again() -> None:
    service = Service(httpx.Response(429, headers={"Retry-After": "0"}), OK)
    async with calling(service) as client:
        assert await client.call(Ask("POST", "/session"), number, again=False) == 550
    assert len(service.asked) == 2


async def test_a_refusal_is_final() -> None:
    service = Service(httpx.Response(400))
    async with calling(service) as client:
        with pytest.raises(Refused):
            await client.call(ASK, number)
    assert len(service.asked) == 1


@pytest.mark.parametrize(("status", "error"), [(429, RateLimited), (503, BackendDown)])
async def test_a_wait_that_passes_the_deadline_is_not_begun(status: int, error: type[MarqueeError]) -> None:
    service = Service(httpx.Response(status, headers={"Retry-After": "30"}))
    began = asyncio.get_running_loop().time()
    async with calling(service) as client:
        with pytest.raises(error) as caught:
            await client.call(ASK, number)
    assert len(service.asked) == 1
    assert asyncio.get_running_loop().time() - began < 1
    if isinstance(caught.value, RateLimited):
        assert caught.value.retry_after == 30


async def test_a_wait_that_the_service_asks_for_is_kept() -> None:
    service = Service(httpx.Response(429, headers={"Retry-After": "1"}), OK)
    began = asyncio.get_running_loop().time()
    async with calling(service) as client:
        assert await client.call(ASK, number) == 550
    assert 0.95 < asyncio.get_running_loop().time() - began < 3


async def test_all_tries_are_over_at_the_deadline() -> None:
    service = Service(OK)
    service.gate.clear()
    async with calling(service, deadline=0.05) as client:
        with pytest.raises(BackendDown, match=r"0\.05 s"):
            await client.call(ASK, number)


async def test_an_endless_answer_is_not_read_to_its_end_nor_asked_for_again() -> None:
    service = Service(httpx.Response(200, content=b" " * (MOST_BYTES + 1)))
    async with calling(service) as client:
        with pytest.raises(BackendDown, match="bytes"):
            await client.call(ASK, number)
    assert len(service.asked) == 1


async def test_calls_are_paced() -> None:
    service = Service(OK)
    began = asyncio.get_running_loop().time()
    async with calling(service, limiter=AsyncLimiter(5, 0.1)) as client:
        await asyncio.gather(*(client.call(ASK, number) for _ in range(15)))
    # Five at once, and ten at fifty a second.
    assert 0.15 < asyncio.get_running_loop().time() - began < 2


async def test_a_further_try_is_told_without_what_was_sent(caplog: pytest.LogCaptureFixture) -> None:
    service = Service(httpx.ConnectError, OK)
    ask = Ask("POST", "/3/account/7001/favorite", {"session_id": "canary-secret"}, {"token": "canary-secret"})
    with caplog.at_level(logging.INFO, logger="bot"):
        async with calling(service) as client:
            await client.call(ask, number)
    assert "POST /…/account/…/favorite: ConnectError" in caplog.messages
    assert "canary-secret" not in caplog.text
    assert "canary-secret" not in repr(ask)


async def test_the_pool_follows_nobody_and_believes_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    async with pool("http://service") as http:
        assert not http.follow_redirects
        assert not http.trust_env
        assert not http._mounts
        assert http.timeout.connect == 3


# ── Together ──


async def test_what_is_the_same_at_the_same_time_is_asked_once() -> None:
    service = Service(OK)
    service.gate.clear()
    loop = asyncio.get_running_loop()
    async with calling(service) as client:
        waiting = [loop.create_task(client.shared(ASK, number)) for _ in range(20)]
        await service.reached.wait()
        service.gate.set()
        assert await asyncio.gather(*waiting) == [550] * 20
        assert len(service.asked) == 1
        await client.shared(ASK, number)
        await client.shared(Ask("GET", "/3/movie/550", {"language": "de"}), number)
    assert len(service.asked) == 3


Work = Callable[[], Coroutine[None, None, int]]


class Slow:
    """Work that waits at a gate, and counts."""

    def __init__(self) -> None:
        self.begun = self.cancelled = 0
        self.gate = asyncio.Event()
        self.error: Exception | None = None

    async def __call__(self) -> int:
        self.begun += 1
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if self.error:
            raise self.error
        return self.begun


async def several(together: Together, work: Work, many: int) -> list[asyncio.Task[int]]:
    """So many who wait for the same, once they do."""
    loop = asyncio.get_running_loop()
    tasks = [loop.create_task(together.read("key", work)) for _ in range(many)]
    await asyncio.sleep(0)  # a turn of the loop, in which each of them begins
    return tasks


async def test_one_who_gives_up_leaves_the_others_alone() -> None:
    together, slow = Together(), Slow()
    first, second, third = await several(together, slow, 3)
    first.cancel()
    second.cancel()
    await asyncio.wait([first, second])
    slow.gate.set()
    assert await third == 1
    assert (slow.begun, slow.cancelled, first.cancelled()) == (1, 0, True)


async def test_when_all_give_up_so_does_the_read_and_the_next_one_begins_anew() -> None:
    together, slow = Together(), Slow()
    for task in (tasks := await several(together, slow, 3)):
        task.cancel()
    await asyncio.wait(tasks)
    slow.gate.set()
    assert await together.read("key", slow) == 2
    assert slow.cancelled == 1
    assert not together._running


async def test_an_error_is_everybodys_and_is_not_kept() -> None:
    together, slow = Together(), Slow()
    slow.error = BackendDown("as the test asked")
    tasks = await several(together, slow, 3)
    slow.gate.set()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        assert isinstance(outcome, BackendDown)
    slow.error = None
    assert await together.read("key", slow) == 2
