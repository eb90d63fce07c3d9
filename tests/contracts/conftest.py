"""The account API's lives: over our own tables, called in this process, called over a socket, and TMDB itself."""

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
from bot.backends.client import Client
from bot.backends.offline import Offline
from bot.backends.tmdb import Tmdb, tmdb_client
from bot.core.backend import Accounts, Catalogue, SignUp
from bot.core.model import Session
from storage.database import Database
from tests.conftest import TMDB_OPENAPI
from tests.doubles.tmdb import Description, serving
from tests.doubles.tmdb import Tmdb as World


class Whole(Accounts, Catalogue, SignUp, Protocol):
    """A service with everything: the contract, and its extensions."""


WEB = "https://www.themoviedb.test"
BACK = "https://marquee.test/back"
NOT_OF_TMDB = {
    "test_a_name_has_1_to_64_characters": "accounts are made on TMDB's site, by TMDB's rules",
    "test_an_account_without_a_username_gets_one": "accounts are made on TMDB's site, by TMDB's rules",
    "test_another_account_is_out_of_reach": "TMDB goes by the session, whatever account is named beside it",
    "test_every_list_shows_the_own_rating": "TMDB tells ratings in the list of rated titles alone",
    "test_a_search_is_paged_and_counts_everything": "TMDB counts people among what it finds, who are left out",
    "test_a_title_of_which_only_the_year_is_known_has_one": "TMDB knows a whole date, or none",
}
"""What the contract asks and TMDB does otherwise: expected to fail, so that the list stays true."""


class SigningUp(Tmdb):
    """TMDB as a service that makes accounts: somebody makes one on its site, and approves of us there."""

    def __init__(self, client: Client, world: World) -> None:
        super().__init__(client, world.read_token, WEB)
        self._world = world

    async def create(self, name: str, username: str | None = None) -> Session:
        storable = name.encode(errors="ignore").decode()  # a lone surrogate never got as far as TMDB's tables
        account = self._world.account(username or f"user{len(self._world.accounts)}", name=storable)
        approval = await self.begin(BACK)
        self._world.approve(approval.request_token, account)
        return await self.finish(approval.request_token)

    async def end(self, session: Session) -> None:
        await self.account(session.token)  # SessionEnded, as the other services say it
        await super().end(session)


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


@asynccontextmanager
async def tmdb_double() -> AsyncIterator[tuple[World, str]]:
    """TMDB's double and its address. At the end nothing may have been asked that TMDB does not describe."""
    world = World(description=Description.load(TMDB_OPENAPI) if TMDB_OPENAPI.is_file() else None)
    async with serving(world) as root:
        yield world, root
    assert world.complaints == []


@asynccontextmanager
async def tmdb_over(world: World, root: str) -> AsyncIterator[SigningUp]:
    """TMDB at that address, called as fast as can be."""
    async with tmdb_client(root, pause=0.01, calls_a_second=10_000) as client:
        yield SigningUp(client, world)


@pytest.fixture(params=["offline", "embedded", "served", "tmdb"])
async def service(request: pytest.FixtureRequest, offline: Offline, app: Starlette) -> AsyncIterator[Whole]:
    match request.param:
        case "offline":
            yield offline
        case "embedded":
            async with embedded_client(app) as http:
                yield AccountApi(http)
        case "served":
            async with served(app) as root, remote_client(root) as http:
                yield AccountApi(http)
        case _:
            otherwise = NOT_OF_TMDB.get(request.function.__name__)
            if otherwise:
                request.applymarker(pytest.mark.xfail(reason=otherwise))
            async with tmdb_double() as (world, root), tmdb_over(world, root) as tmdb:
                yield tmdb
                if otherwise:
                    world.complaints.clear()


@pytest.fixture
async def ann(service: Whole) -> Session:
    return await service.create("Ann")


@pytest.fixture
async def ben(service: Whole) -> Session:
    return await service.create("Ben")
