"""The account API's lives: over our own tables, called in this process, and called over a socket."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Protocol

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp

from bot.api import create_app
from bot.backends.account_api import AccountApi, embedded_client, remote_client
from bot.backends.offline import Offline
from bot.core.backend import Accounts, Catalogue, SignUp
from bot.core.model import Session
from storage.database import Database


class Whole(Accounts, Catalogue, SignUp, Protocol):
    """A service with everything: the contract, and its extensions."""


class Clock:
    """A clock that stands still until it is set. Seconds."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


class Server(uvicorn.Server):
    """uvicorn, which leaves the test runner's signals alone."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """Serve `app` on a free port of this machine; gives its root address."""
    # asyncio sends small packets at once (TCP_NODELAY) only where it is told that the protocol is TCP.
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        server = Server(uvicorn.Config(app, log_config=None, access_log=False, ws="none", lifespan="auto"))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(server.serve([listener]))
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            server.should_exit = True


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the catalogue in it, made once."""
    path = tmp_path_factory.mktemp("prepared") / "marquee.db"

    async def prepare() -> None:
        db = await Database.open(path)
        await Offline.open(db)
        await db.close()

    asyncio.run(prepare())
    return path


@pytest.fixture
async def db(prepared: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A copy of it for each test, in place of the empty one."""
    shutil.copy(prepared, tmp_path / "marquee.db")
    db = await Database.open(tmp_path / "marquee.db")
    yield db
    await db.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def offline(db: Database, clock: Clock) -> Offline:
    return await Offline.open(db, clock=clock)


@pytest.fixture
def app(offline: Offline) -> Starlette:
    """The account API over the embedded service, with nothing left out."""
    return create_app(offline, catalogue=offline, sign_up=offline)


@pytest.fixture(params=["offline", "embedded", "served"])
async def service(request: pytest.FixtureRequest, offline: Offline, app: Starlette) -> AsyncIterator[Whole]:
    match request.param:
        case "offline":
            yield offline
        case "embedded":
            async with embedded_client(app) as http:
                yield AccountApi(http)
        case _:
            async with served(app) as root, remote_client(root) as http:
                yield AccountApi(http)


@pytest.fixture
async def ann(service: Whole) -> Session:
    return await service.create("Ann")


@pytest.fixture
async def ben(service: Whole) -> Session:
    return await service.create("Ben")
