"""A Telegram that runs, and a bot that does only what a test says; a TMDB that runs, and a client that does so."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.doubles import tmdb
from tests.doubles.bot_api import BotApi, Clock, serving
from tests.doubles.bot_api.refusals import Refused
from tests.doubles.tmdb import Account, Tmdb


class Caller:
    """Calls methods as a form, like python-telegram-bot; gives the result, or raises what was refused."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def __call__(self, method: str, **parameters: Any) -> Any:
        files = {name: value for name, value in parameters.items() if isinstance(value, bytes)}
        form = {name: _written(value) for name, value in parameters.items() if name not in files}
        response = await self.client.post(method, data=form, files=files or None)
        answer = response.json()
        if not answer["ok"]:
            assert response.status_code == answer["error_code"]
            raise Refused(answer["error_code"], answer["description"], answer.get("parameters"))
        return answer["result"]

    async def refused(self, method: str, **parameters: Any) -> str:
        """What the refusal says. AssertionError if it was done."""
        try:
            result = await self(method, **parameters)
        except Refused as refused:
            return refused.description
        raise AssertionError(f"{method} was done: {result}")


def _client(root: str, **more: Any) -> httpx.AsyncClient:
    # To read the system's certificates takes longer than most tests, and nothing here is encrypted.
    return httpx.AsyncClient(base_url=root, verify=False, **more)


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def double(clock: Clock) -> AsyncIterator[BotApi]:
    async with serving(clock=clock) as running:
        yield running


@pytest.fixture
async def call(double: BotApi) -> AsyncIterator[Caller]:
    async with _client(f"{double.url}/bot{double.token}/", timeout=20) as client:
        yield Caller(client)


def complaint(double: BotApi) -> str:
    """The one thing that the double complains of: what the test has done on purpose."""
    [only] = double.complaints
    double.complaints.clear()
    return only


# ── TMDB ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Client:
    """Calls the double as a client would, with the read token and, if it has one, a session."""

    def __init__(self, http: httpx.AsyncClient, session: str | None = None) -> None:
        self.http = http
        self.session = session

    async def __call__(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The answer's JSON. AssertionError if it was refused."""
        response = await self.send(method, path, body, **query)
        assert response.is_success, response.text
        return response.json()

    async def refused(self, method: str, path: str, body: Any = None, **query: Any) -> tuple[int, int]:
        """HTTP status and TMDB's status code. AssertionError if it was done."""
        response = await self.send(method, path, body, **query)
        assert response.json()["success"] is False
        return response.status_code, response.json()["status_code"]

    async def send(self, method: str, path: str, body: Any = None, **query: Any) -> httpx.Response:
        session = {"session_id": self.session} if self.session else {}
        return await self.http.request(method, path, json=body, params={**query, **session})


@pytest.fixture
def world(clock: Clock) -> Tmdb:
    return Tmdb(clock=clock)


@pytest.fixture
async def http(world: Tmdb) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"authorization": f"Bearer {world.read_token}"}
    async with tmdb.serving(world) as root, _client(root, headers=headers) as http:
        yield http
    assert world.complaints == []


@pytest.fixture
def ann(world: Tmdb) -> Account:
    return world.account("ann", name="Ann", iso_639_1="de", iso_3166_1="DE")


@pytest.fixture
def ask(http: httpx.AsyncClient, world: Tmdb, ann: Account) -> Client:
    """Calls with Ann's session."""
    return Client(http, world.session(ann))


@pytest.fixture
def plain(http: httpx.AsyncClient) -> Client:
    """Calls without a session."""
    return Client(http)


def complaints(world: Tmdb) -> str:
    """What the double complains of, since the test does it on purpose."""
    said = "\n".join(world.complaints)
    world.complaints.clear()
    return said
