"""Who may talk to the local web chat: no foreign page, name or path gets anything from it, or anything done."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio

from bot.core.store import Store
from bot.frontends.web.app import WebChat
from storage.database import Database
from storage.sealing import Seal
from tests.platforms.parrot import Parrot, title_of
from tests.platforms.web_front import KEY, opened, serving

pytestmark = pytest.mark.asyncio(loop_scope="module")


class House(NamedTuple):
    """A web chat that stands through all of these tests, since none of them should leave a trace in it."""

    url: str
    db: Database
    parrot: Parrot


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    db = await Database.open(tmp_path_factory.mktemp("web") / "marquee.db")
    parrot = Parrot()
    web = WebChat(Store(db, await Seal.load(db, None), lambda: 1_700_000_000), parrot, KEY, title_of)
    async with serving(web) as url:
        yield House(url, db, parrot)
    await db.close()


@pytest.fixture
def url(house: House) -> str:
    return house.url


@pytest.fixture
def parrot(house: House) -> Parrot:
    return house.parrot


@pytest_asyncio.fixture(loop_scope="module")
async def client(url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with opened(url) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def nothing_heard(house: House) -> AsyncIterator[None]:
    """Whatever the test sends, no message comes of it."""
    count = "select count(*) as n from web_messages where update_id not like 'hello:%'"
    before = await house.db.query(count)
    yield
    assert await house.db.query(count) == before


async def raw(url: str, head: str, body: bytes = b"") -> int:
    """Send exactly these lines (PORT filled in, and the cookie), and give the status of the answer."""
    port = urlsplit(url).port
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    cookie = f"Cookie: marquee_{port}={KEY}\r\nConnection: close\r\n\r\n"
    writer.write((head.replace("PORT", str(port)).replace("\n", "\r\n") + "\r\n" + cookie).encode("latin-1") + body)
    try:
        await writer.drain()
        status = await reader.readline()
    finally:
        writer.close()
    return int(status.split()[1])


def said(**more: object) -> dict[str, object]:
    return {"id": str(uuid.UUID(int=1)), "person": "ada", "chat": "ada", "text": "hello", **more}


# ── Host: a foreign name that points to this machine ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "host",
    [
        "Host: evil.example:PORT",
        "Host: evil.example",
        "Host: localhost.evil:PORT",
        "Host: localhost.evil.example:PORT",
        "Host: 127.0.0.1.evil.example:PORT",
        "Host: evil.example@127.0.0.1:PORT",
        "Host: 127.0.0.1:PORT@evil.example",
        "Host: 127.0.0.1",
        "Host: localhost",
        "Host: 127.0.0.1:1",
        "Host: 127.0.0.1:PORT1",
        "Host: 127.1:PORT",
        "Host: 2130706433:PORT",
        "Host: 0.0.0.0:PORT",
        "Host: [::1]:PORT",
        "Host: LOCALHOST.:PORT",
        "Host: 127.0.0.1:PORT\nX-Forwarded-Host: evil.example\nHost: evil.example",
        "Host: evil.example\nX-Forwarded-Host: 127.0.0.1:PORT",
        "Host: evil.example\nForwarded: host=127.0.0.1:PORT",
        "Host: ",
        "X-Nothing: here",
    ],
)
@pytest.mark.parametrize("path", ["/", "/api/snapshot"])
async def test_only_this_machines_name_is_answered(url: str, host: str, path: str) -> None:
    assert await raw(url, f"GET {path} HTTP/1.1\n{host}") in (400, 403, 421)


@pytest.mark.parametrize("host", ["Host: 127.0.0.1:PORT", "Host: localhost:PORT"])
async def test_this_machines_names_are_answered_whatever_a_proxy_says(url: str, host: str) -> None:
    assert await raw(url, f"GET /api/snapshot HTTP/1.1\n{host}") == 200
    assert await raw(url, f"GET /api/snapshot HTTP/1.1\n{host}\nX-Forwarded-Host: evil.example") == 200


@pytest.mark.parametrize("address", ["http://evil.example/", "http://evil.example/api/snapshot", "//evil.example/"])
async def test_an_address_of_its_own_in_the_request_is_refused(url: str, address: str) -> None:
    assert await raw(url, f"GET {address} HTTP/1.1\nHost: 127.0.0.1:PORT") in (400, 421)


@pytest.mark.usefixtures("nothing_heard")
async def test_a_foreign_host_is_refused_before_any_work(url: str) -> None:
    body = json.dumps(said()).encode()
    head = f"POST /api/say HTTP/1.1\nHost: evil.example\nOrigin: http://evil.example\nContent-Length: {len(body)}"
    assert await raw(url, f"{head}\nContent-Type: application/json", body) == 421


# ── Origin and type: another page that the same browser has open ─────────────────────────────────────────────────


@pytest.mark.usefixtures("nothing_heard")
@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "",
        "http://evil.example",
        "https://127.0.0.1:PORT",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "http://127.0.0.1:PORT.evil.example",
        "http://127.0.0.1:PORT/",
        "http://localhost:PORT",
        "http://evil.example http://127.0.0.1:PORT",
        "file://",
    ],
)
@pytest.mark.parametrize("path", ["/api/say", "/api/press", "/api/read"])
async def test_another_page_gets_nothing_done(client: httpx.AsyncClient, origin: str | None, path: str) -> None:
    del client.headers["origin"]
    headers = {} if origin is None else {"origin": origin.replace("PORT", str(client.base_url.port))}
    response = await client.post(path, json=said(message=1, data="1help"), headers=headers)
    assert response.status_code == 403
    assert "sentence" in response.json()


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "POST"])
async def test_other_methods_are_refused_to_another_page_too(client: httpx.AsyncClient, method: str) -> None:
    response = await client.request(method, "/api/say", headers={"origin": "http://evil.example"})
    assert response.status_code == 403
    assert not [name for name in response.headers if name.startswith("access-control")]


@pytest.mark.usefixtures("nothing_heard")
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_other_methods_do_nothing(client: httpx.AsyncClient, method: str) -> None:
    assert (await client.request(method, "/api/say", json=said())).status_code == 405


@pytest.mark.usefixtures("nothing_heard")
@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "application/jsonp"],
)
async def test_a_form_gets_nothing_done(client: httpx.AsyncClient, media_type: str) -> None:
    body = json.dumps(said())
    response = await client.post("/api/say", content=body, headers={"content-type": media_type})
    assert response.status_code == 415


@pytest.mark.usefixtures("nothing_heard")
@pytest.mark.parametrize("path", ["/api/say", "/api/press", "/api/read"])
async def test_nothing_is_changed_by_get(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(path, params={key: str(value) for key, value in said().items()})
    assert response.status_code == 405


async def test_another_page_may_not_even_read(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/snapshot", headers={"origin": "http://127.0.0.1:1"})
    assert response.status_code == 403


async def test_a_websocket_is_not_opened(url: str) -> None:
    head = "GET /api/events?after=0 HTTP/1.1\nHost: 127.0.0.1:PORT\nOrigin: http://evil.example\nUpgrade: websocket"
    assert await raw(url, f"{head}\nSec-WebSocket-Key: dGhlIHNhbXBsZQ==\nSec-WebSocket-Version: 13") == 403


# ── The key ──────────────────────────────────────────────────────────────────────────────────────────────────────

EVERYTHING = [
    "/",
    "/chat.js",
    "/chat.css",
    "/icon.svg",
    "/api/snapshot",
    "/api/events?after=0",
    "/poster/movie/550.png",
]


@pytest.mark.parametrize("path", EVERYTHING)
@pytest.mark.parametrize("cookie", [None, "", "wrong", KEY[:-1], f"{KEY}x", KEY.upper()])
async def test_nothing_without_the_key(url: str, path: str, cookie: str | None) -> None:
    headers = {} if cookie is None else {"cookie": f"marquee_{urlsplit(url).port}={cookie}"}
    async with httpx.AsyncClient(base_url=url) as stranger:
        response = await stranger.get(path, headers=headers)
    assert response.status_code == 401
    assert "use the address with the key that it printed" in response.text
    assert KEY not in response.text


async def test_a_cookie_of_another_port_is_not_ours(url: str) -> None:
    async with httpx.AsyncClient(base_url=url, headers={"cookie": f"marquee_1={KEY}"}) as stranger:
        assert (await stranger.get("/")).status_code == 401


@pytest.mark.parametrize("query", ["key=", "key=wrong", "key=%00", "key=%ff", "key=wrong&key=wrong", "Key=" + KEY])
async def test_a_wrong_key_opens_nothing(url: str, query: str) -> None:
    async with httpx.AsyncClient(base_url=url) as stranger:
        response = await stranger.get(f"/?{query}")
    assert response.status_code == 401
    assert "set-cookie" not in response.headers


async def test_the_key_becomes_a_strict_cookie_and_leaves_the_address(url: str) -> None:
    async with httpx.AsyncClient(base_url=url) as browser:
        response = await browser.get("/", params={"key": KEY})
        assert (response.status_code, response.headers["location"]) == (303, "/")
        cookie = response.headers["set-cookie"].lower()
        assert cookie.startswith(f"marquee_{urlsplit(url).port}=")
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert (await browser.get("/")).status_code == 200
        assert (await browser.get("/", params={"key": KEY})).headers["location"] == "/"


@pytest.mark.parametrize("path", [*EVERYTHING[:4], "/nowhere"])
async def test_every_answer_says_what_a_browser_may_do(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert not [name for name in headers if name.startswith("access-control")]


# ── Paths and sizes ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "path",
    [
        "/../app.py",
        "/..%2fapp.py",
        "/%2e%2e/app.py",
        "/%2e%2e%2f%2e%2e%2fetc/passwd",
        "/....//app.py",
        "/index.html",
        "/app.py",
        "/chat.js/",
        "/chat.js%00",
        "/chat.js%00.css",
        "/CHAT.JS",
        "/page/chat.js",
        "/.git/config",
        "/poster/movie/../../app.py",
        "/poster/movie/..%2f..%2fapp.py",
        "/poster/movie/550",
        "/poster/movie/0550.png",
        "/poster/movie/0.png",
        "/poster/movie/-1.png",
        "/poster/movie/9999999999.png",
        "/poster/movie/2147483648.png",
        "/poster/movie/%D9%A1.png",
        "/poster/book/1.png",
        "/poster/movie/550.png%00",
        "/api",
        "/api/",
        "/api/unknown",
    ],
)
async def test_only_what_is_in_the_table_is_served(url: str, path: str) -> None:
    assert await raw(url, f"GET {path} HTTP/1.1\nHost: 127.0.0.1:PORT") == 404


@pytest.mark.parametrize("after", ["", "-1", "x", "1e9", "9" * 40, "%00", "\u0661"])
async def test_an_event_number_is_a_number(client: httpx.AsyncClient, after: str) -> None:
    assert (await client.get("/api/events", params={"after": after})).status_code == 400


async def test_two_origins_are_none(url: str) -> None:
    head = "POST /api/say HTTP/1.1\nHost: 127.0.0.1:PORT\nContent-Type: application/json\nContent-Length: 2"
    origins = "Origin: http://127.0.0.1:PORT\nOrigin: http://evil.example"
    assert await raw(url, f"{head}\n{origins}", b"{}") == 403


@pytest.mark.parametrize("length", [64 * 1024 + 1, 100 * 2**20, "9" * 30])
async def test_what_is_announced_as_too_large_is_not_waited_for(url: str, length: object) -> None:
    head = "POST /api/say HTTP/1.1\nHost: 127.0.0.1:PORT\nOrigin: http://127.0.0.1:PORT\nContent-Type: application/json"
    async with asyncio.timeout(5):
        assert await raw(url, f"{head}\nContent-Length: {length}") in (400, 413)


@pytest.mark.usefixtures("nothing_heard")
async def test_too_large_is_refused_however_it_comes(client: httpx.AsyncClient) -> None:
    async def drip() -> Any:
        for _ in range(100):
            yield b" " * 1024

    large = json.dumps(said(text="x" * 2**20))
    headers = {"content-type": "application/json"}
    assert (await client.post("/api/say", content=large, headers=headers)).status_code == 413
    assert (await client.post("/api/say", content=drip(), headers=headers)).status_code == 413


@pytest.mark.usefixtures("nothing_heard")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"\xff\xfe",
        b"[" * 60_000,
        b'{"id": "x"}',
        b'{"id": NaN}',
        json.dumps(said(id="1; drop table web_messages")).encode(),
        json.dumps(said(id=str(uuid.UUID(int=1)), text=None)).encode(),
        json.dumps(said(id=str(uuid.UUID(int=2)), text=["a"])).encode(),
    ],
)
async def test_what_is_no_message_gets_a_sentence(client: httpx.AsyncClient, body: bytes) -> None:
    response = await client.post("/api/say", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 400
    assert response.json()["sentence"]


async def test_two_hundred_slow_connections_hold_nobody_up(url: str, client: httpx.AsyncClient) -> None:
    slow = [await asyncio.open_connection("127.0.0.1", urlsplit(url).port) for _ in range(200)]
    for _, writer in slow:
        writer.write(b"POST /api/say HTTP/1.1\r\nHost: ")
    async with asyncio.timeout(5):
        assert (await client.get("/api/snapshot")).status_code == 200
    for _, writer in slow:
        writer.close()
