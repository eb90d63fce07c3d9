"""What the client makes of a server that is slow, broken, lying or gone, and what is never half done."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.api import create_app
from bot.backends.account_api import AccountApi, embedded_client, remote_client
from bot.backends.account_api.wire import decipher
from bot.backends.offline import Offline
from bot.backends.reading import MOST_WAIT
from bot.core.errors import (
    BackendDown,
    MarqueeError,
    NoSuchTitle,
    NotSupported,
    RateLimited,
    Refused,
    SessionEnded,
)
from bot.core.model import Kind, Order, Rating, Section, Session, TitleRef, TitleState
from tests.contracts.conftest import served

FIGHT_CLUB = TitleRef(Kind.MOVIE, 550)
ANN = Session(1, "canary-token")
RESULT = {"id": 550, "title": "Fight Club"}
PAGE = {"page": 1, "results": [RESULT], "total_pages": 1, "total_results": 1}
STATES = {"id": 550, "favorite": True, "watchlist": False, "rated": {"value": 8.5}}
SOON = 0.05

Call = Callable[[AccountApi], Awaitable[object]]
CALLS: dict[str, Call] = {
    "create": lambda api: api.create("Ann"),
    "end": lambda api: api.end(ANN),
    "account": lambda api: api.account(ANN.token),
    "titles": lambda api: api.titles(ANN, Section.RATED, Kind.MOVIE, Order.NEWEST, 1, "en"),
    "favorite": lambda api: api.set_favorite(ANN, FIGHT_CLUB, True),
    "watchlist": lambda api: api.set_watchlist(ANN, FIGHT_CLUB, False),
    "rate": lambda api: api.rate(ANN, FIGHT_CLUB, Rating(17)),
    "unrate": lambda api: api.unrate(ANN, FIGHT_CLUB),
    "state": lambda api: api.state(ANN, FIGHT_CLUB),
    "search": lambda api: api.search("fight club", None, None, "en", 1),
    "title": lambda api: api.title(FIGHT_CLUB, "en"),
    "find": lambda api: api.find("tt0137523"),
}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())


class Answers:
    """A server that answers everything alike, and remembers what it was asked."""

    def __init__(self, body: object = None, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        self.content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.status = status
        self.headers = headers or {}
        self.asked: list[Request] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(Request(scope))
        await Response(self.content, self.status, self.headers)(scope, receive, send)


async def hangs(scope: Scope, receive: Receive, send: Send) -> None:
    """A server that never answers, until whoever asked has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def drips(scope: Scope, receive: Receive, send: Send) -> None:
    """A server that begins to answer, and goes on and on."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    while True:
        await send({"type": "http.response.body", "body": b" ", "more_body": True})
        await asyncio.sleep(0)


async def crashes(scope: Scope, receive: Receive, send: Send) -> None:
    """A server that fails."""
    raise RuntimeError("as the test asked")


async def crashes_late(scope: Scope, receive: Receive, send: Send) -> None:
    """A server that fails in the middle of its answer."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b'{"page": 1', "more_body": True})
    raise RuntimeError("as the test asked")


@asynccontextmanager
async def client(app: ASGIApp, deadline: float = 10) -> AsyncIterator[AccountApi]:
    async with embedded_client(app) as http:
        yield AccountApi(http, deadline=deadline)


# ── Slow, crashed, gone ──


@every_call
@pytest.mark.parametrize("app", [hangs, drips])
async def test_a_server_that_hangs_is_down_at_the_deadline(app: ASGIApp, call: Call) -> None:
    async with client(app, SOON) as api:
        with pytest.raises(BackendDown):
            await call(api)


@every_call
@pytest.mark.parametrize("app", [crashes, crashes_late])
async def test_a_server_that_crashes_is_down(app: ASGIApp, call: Call) -> None:
    async with client(app) as api:
        with pytest.raises(BackendDown):
            await call(api)


@pytest.mark.parametrize(
    "said",
    [
        b"",  # hangs up at once
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",  # hangs up in the middle
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"\xff" * 100,
    ],
)
async def test_a_connection_that_breaks_is_down(said: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with remote_client(f"http://127.0.0.1:{port}") as http:
            with pytest.raises(BackendDown):
                await AccountApi(http).account(ANN.token)


async def test_nobody_there_is_down() -> None:
    async with await asyncio.start_server(lambda *_: None, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
    async with remote_client(f"http://127.0.0.1:{port}/") as http:
        with pytest.raises(BackendDown):
            await AccountApi(http).account(ANN.token)


async def test_a_served_api_that_hangs_is_down_at_the_deadline_and_others_go_on(offline: Offline) -> None:
    ann, app = await offline.create("Ann"), create_app(offline)

    async def half(scope: Scope, receive: Receive, send: Send) -> None:
        await (hangs if "rating" in scope.get("path", "") else app)(scope, receive, send)

    async with served(half) as root, remote_client(root) as http:
        api = AccountApi(http, deadline=SOON)
        with pytest.raises(BackendDown):
            await api.rate(ann, FIGHT_CLUB, Rating(1))
        assert (await AccountApi(http).account(ann.token)).name == "Ann"


async def test_the_caller_may_still_give_up_earlier() -> None:
    async with client(hangs) as api:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(SOON):
                await api.account(ANN.token)


# ── Nonsense ──

GARBAGE: dict[str, object] = {
    "nothing": b"",
    "a page": b"<!doctype html><title>Sign in</title>",
    "half": b'{"page": 1, "results": [',
    "latin-1": b'{"name": "Zo\xeb"}',
    "nan": b'{"id": NaN}',
    "deep": b"[" * 100_000,
    "long number": b"1" * 10_000,
    "null": None,
    "list": [],
    "empty": {},
    "word": "ok",
    "success": {"success": True},
    "wrong types": {
        "id": "550",
        "page": "1",
        "results": {"0": RESULT},
        "favorite": 1,
        "watchlist": None,
        "rated": 8.5,
        "token": 7,
        "media_type": ["movie"],
        "deleted": "yes",
    },
}


@every_call
@pytest.mark.parametrize("body", GARBAGE.values(), ids=GARBAGE.keys())
async def test_garbage_is_down(call: Call, body: object) -> None:
    async with client(Answers(body)) as api:
        with pytest.raises(BackendDown):
            await call(api)


async def test_an_endless_answer_is_not_read_to_its_end() -> None:
    async with client(Answers(b" " * 3_000_000 + b"{}")) as api:
        with pytest.raises(BackendDown, match="bytes"):
            await api.account(ANN.token)


@pytest.mark.parametrize("number", [0, -1, 2**31, 2**63, True, 550.0, "550", None])
async def test_a_title_without_a_proper_id_is_refused(number: object) -> None:
    async with client(Answers({**PAGE, "results": [{**RESULT, "id": number}]})) as api:
        with pytest.raises(BackendDown):
            await CALLS["titles"](api)


@pytest.mark.parametrize("rating", [0, 0.3, 10.5, -1, True, "8.5", {"value": 8}])
async def test_a_rating_that_is_none_is_refused(rating: object) -> None:
    async with client(Answers({**PAGE, "results": [{**RESULT, "rating": rating}]})) as api:
        with pytest.raises(BackendDown):
            await CALLS["titles"](api)
    async with client(Answers({**STATES, "rated": {"value": rating}})) as api:
        with pytest.raises(BackendDown):
            await CALLS["state"](api)


async def test_a_write_counts_only_when_the_server_says_what_was_asked_for() -> None:
    said = {"favorite": False, "watchlist": True, "rated": {"value": 8.0}, "deleted": False}
    async with client(Answers(said)) as api:
        for name in ("favorite", "watchlist", "rate", "unrate", "end"):
            with pytest.raises(BackendDown):
                await CALLS[name](api)


async def test_more_results_than_a_page_holds_are_refused() -> None:
    async with client(Answers({**PAGE, "results": [RESULT] * 21})) as api:
        with pytest.raises(BackendDown):
            await CALLS["titles"](api)


async def test_what_is_optional_may_be_missing() -> None:
    async with client(Answers(PAGE)) as api:
        page = await api.titles(ANN, Section.RATED, Kind.MOVIE, Order.NEWEST, 1, "en")
    (one,) = page.results
    assert (one.rating, one.title.ref, one.title.name, one.title.year) == (None, FIGHT_CLUB, "Fight Club", None)
    async with client(Answers({"id": 550})) as api:
        assert (await api.title(FIGHT_CLUB, "en")).name == "movie 550"
    async with client(Answers({"id": 7, "username": "ann"})) as api:
        account = await api.account(ANN.token)
    assert (account.name, account.language, account.country, account.gravatar) == ("ann", "en", "US", "")


async def test_hostile_names_and_paths_are_made_harmless() -> None:
    evil: dict[str, Any] = {
        **RESULT,
        "title": "\u202eFight\x00 \ud800Club" + "!" * 10_000,
        "original_title": ["no"],
        "release_date": "1999-10-15<script>",
        "runtime": -5,
        "genres": [{"id": 18, "name": "Dra\nma"}, {"name": 7}, "x", {"id": 2**70, "name": ""}],
        "credits": {"director": ["\x1b[31mFincher", 7, ""], "cast": "Pitt"},
        "imdb_id": "tt1/../../x",
        "original_language": "<b>",
        "vote_average": 1e308,
    }
    for poster in (
        "//evil.example/x.jpg",
        "/../x.jpg",
        "http://evil.example/x.jpg",
        "/x.svg",
        "/a b.jpg",
        7,
        "/x.jpg\n",
    ):
        async with client(Answers({**evil, "poster_path": poster})) as api:
            assert (await api.title(FIGHT_CLUB, "en")).poster_path is None
    async with client(Answers(evil)) as api:
        title = await api.title(FIGHT_CLUB, "en")
    assert title.name.startswith("Fight Club!!!")
    assert len(title.name) == 200
    assert (title.original_name, title.year, title.release_date, title.runtime) == (None, None, None, None)
    assert (title.genres, title.genre_ids, title.cast) == (("Dra ma",), (18,), ())
    assert title.makers == ("[31mFincher",)
    assert (title.imdb_id, title.original_language, title.vote_average) == (None, None, None)
    async with client(Answers({**RESULT, "poster_path": "/pB8BM7pdSp6B6Ih7QZ4DrQ3PmJK.jpg"})) as api:
        assert (await api.title(FIGHT_CLUB, "en")).poster_path == "/pB8BM7pdSp6B6Ih7QZ4DrQ3PmJK.jpg"


async def test_another_title_than_the_one_asked_for_is_refused() -> None:
    async with client(Answers({**RESULT, "id": 551})) as api:
        with pytest.raises(BackendDown):
            await CALLS["title"](api)


async def test_people_among_the_results_of_a_search_are_left_out() -> None:
    results = [{"id": 287, "media_type": "person", "name": "Brad Pitt"}, {**RESULT, "media_type": "movie"}]
    async with client(Answers({**PAGE, "results": results})) as api:
        page = await api.search("pitt", None, None, "en", 1)
    assert [one.title.ref for one in page.results] == [FIGHT_CLUB]


@pytest.mark.parametrize("rated", [None, False])
async def test_no_rating_may_be_null_or_as_tmdb_has_it(rated: object) -> None:
    async with client(Answers({**STATES, "rated": rated})) as api:
        assert await api.state(ANN, FIGHT_CLUB) == TitleState(favorite=True)


# ── Statuses ──


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (301, BackendDown),
        (204, BackendDown),
        (400, Refused),
        (401, SessionEnded),
        (403, Refused),
        (404, BackendDown),
        (408, BackendDown),
        (413, Refused),
        (418, BackendDown),
        (422, Refused),
        (429, RateLimited),
        (500, BackendDown),
        (502, BackendDown),
        (503, BackendDown),
    ],
)
@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"error": 7}'])
def test_each_status_is_one_error(status: int, error: type[MarqueeError], body: bytes) -> None:
    with pytest.raises(error):
        decipher(status, body)


def test_404_is_what_was_asked_for() -> None:
    for missing in (NotSupported(), NoSuchTitle(FIGHT_CLUB)):
        with pytest.raises(type(missing)):
            decipher(404, b"{}", missing=missing)


def test_the_servers_sentence_is_passed_on_clean() -> None:
    with pytest.raises(Refused) as caught:
        decipher(422, b'{"error": "value\\u202e is\\u0000 0.5 to 10"}')
    assert str(caught.value) == "value is 0.5 to 10"


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        *(("30", 30), ("", 1), ("-5", 1), ("soon", 1), ("nan", 1), ("1e309", MOST_WAIT), ("1" * 400, MOST_WAIT)),
        *(("Wed, 21 Oct 2015 07:28:00 GMT", 1), ("Wed, 21 Oct 2415 07:28:00 GMT", MOST_WAIT)),
    ],
)
async def test_a_busy_server_is_left_alone_as_long_as_it_says(said: str, seconds: float) -> None:
    async with client(Answers({"error": "Busy."}, 429, {"Retry-After": said})) as api:
        with pytest.raises(RateLimited) as caught:
            await api.account(ANN.token)
    assert caught.value.retry_after == seconds


async def test_a_server_without_extensions_is_told_apart_from_one_that_lacks_the_title(offline: Offline) -> None:
    ann, app = await offline.create("Ann"), create_app(offline)

    async def bare(scope: Scope, receive: Receive, send: Send) -> None:
        lacks = "account_states" in scope["path"]
        await (PlainTextResponse("Not Found", 404) if lacks else app)(scope, receive, send)

    nowhere = TitleRef(Kind.MOVIE, 2_000_000_000)
    async with client(bare) as api:
        for _ in range(2):
            with pytest.raises(NotSupported):
                await api.state(ann, FIGHT_CLUB)
        for call in (api.create("Ben"), api.end(ann), api.search("heat", None, None, "en", 1)):
            with pytest.raises(NotSupported):
                await call
        with pytest.raises(NoSuchTitle):
            await api.rate(ann, nowhere, Rating(1))
    async with client(app) as api:
        with pytest.raises(NoSuchTitle):
            await api.state(ann, nowhere)


# ── Secrets ──


async def test_a_servers_cookies_are_not_kept() -> None:
    server = Answers({"id": 1, "username": "ann"}, headers={"Set-Cookie": "session_id=hers; Path=/"})
    async with served(server) as root, remote_client(root) as remote, embedded_client(server) as embedded:
        for http in (remote, embedded):
            for token in ("hers", "his"):
                await AccountApi(http).account(token)
    assert [request.headers["Authorization"] for request in server.asked] == ["Bearer hers", "Bearer his"] * 2
    assert not any("cookie" in request.headers for request in server.asked)


async def test_no_token_gets_into_the_log(offline: Offline, caplog: pytest.LogCaptureFixture) -> None:
    app = create_app(offline, sign_up=offline)
    with caplog.at_level(logging.DEBUG):
        async with served(app) as root, remote_client(root) as http:
            ann = await AccountApi(http).create("Ann")
            await AccountApi(http).rate(ann, FIGHT_CLUB, Rating(17))
            with pytest.raises(SessionEnded):
                await AccountApi(http).account("canary-token")
        async with client(crashes) as api:
            with pytest.raises(BackendDown):
                await api.account("canary-token")
    assert ann.token not in caplog.text
    assert "canary-token" not in caplog.text
    assert ann.token not in repr(ann)


# ── Nothing half done ──


class Gate(Offline):
    """A service whose ratings wait at a gate, and are then done in two steps."""

    def __init__(self, offline: Offline) -> None:
        super().__init__(offline._db, offline._search)
        self.reached = asyncio.Event()
        self.opened = asyncio.Event()

    async def rate(self, session: Session, ref: TitleRef, rating: Rating) -> None:
        await self.set_favorite(session, ref, True)
        self.reached.set()
        await self.opened.wait()
        await super().rate(session, ref, rating)


async def test_a_write_is_finished_when_its_caller_is_cancelled(offline: Offline) -> None:
    ann, gate = await offline.create("Ann"), Gate(offline)
    app = create_app(gate)
    async with app.router.lifespan_context(app), embedded_client(app) as http:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(SOON):
                await AccountApi(http).rate(ann, FIGHT_CLUB, Rating(17))
        assert gate.reached.is_set()
        gate.opened.set()
    # Leaving the lifespan has waited for what was under way.
    assert await offline.state(ann, FIGHT_CLUB) == TitleState(Rating(17), favorite=True)


async def test_a_write_is_finished_when_the_deadline_has_passed(offline: Offline) -> None:
    ann, gate = await offline.create("Ann"), Gate(offline)
    app = create_app(gate)
    async with app.router.lifespan_context(app), embedded_client(app) as http:
        with pytest.raises(BackendDown):
            await AccountApi(http, deadline=SOON).rate(ann, FIGHT_CLUB, Rating(17))
        gate.opened.set()
    assert (await offline.state(ann, FIGHT_CLUB)).rating == Rating(17)


async def test_a_write_that_fails_after_its_caller_has_gone_harms_nobody(
    offline: Offline, caplog: pytest.LogCaptureFixture
) -> None:
    ann, gate = await offline.create("Ann"), Gate(offline)
    app = create_app(gate)
    async with app.router.lifespan_context(app), embedded_client(app) as http:
        with pytest.raises(BackendDown):
            await AccountApi(http, deadline=SOON).rate(ann, FIGHT_CLUB, Rating(17))
        await offline.end(ann)
        gate.opened.set()
        assert (await http.get("/api/account")).status_code == 401
    assert (await offline.state(await offline.create("Ben"), FIGHT_CLUB)) == TitleState()
