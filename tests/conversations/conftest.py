"""The same conversations over the core and over every front end."""

from __future__ import annotations

import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from cryptography.fernet import Fernet

from bot import settings
from bot.api.app import create_app
from bot.app import build
from bot.app.services import served
from bot.backends.account_api import AccountApi, embedded_client
from bot.backends.offline import Offline, OfflineDiscovery
from bot.backends.offline.likeness import Likeness
from bot.backends.offline.rows import title_of
from bot.core.backend import Service, Services
from bot.core.dispatch import Dispatch
from bot.core.model import Title, TitleRef
from bot.core.store import Store
from bot.frontends.web.app import WebChat
from bot.frontends.web.people import PEOPLE
from storage import catalogue
from storage.database import Database
from storage.sealing import Seal
from tests.core_front import CoreFront
from tests.doubles.bot_api import BotApi
from tests.doubles.tmdb import READ_TOKEN, Tmdb, beside
from tests.platforms.telegram_front import Aside, FrontAside, TelegramFront, bot_aside
from tests.platforms.web_front import KEY, WebFront, opened, serving
from tests.talk import Front, Talk

NOW = 1_700_000_000
KEY_AT_REST = Fernet.generate_key().decode()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that is made and has the catalogue, to begin each conversation with a copy of."""
    path = tmp_path_factory.mktemp("template") / "marquee.db"
    db = await Database.open(path)
    await Seal.load(db, KEY_AT_REST)
    await Offline.open(db)
    await db.close()
    return path


@pytest.fixture
async def db(template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    path = tmp_path / "marquee.db"
    shutil.copy(template, path)
    db = await Database.open(path)
    yield db
    await db.close()


@pytest.fixture
async def seal(db: Database) -> Seal:
    return await Seal.load(db, KEY_AT_REST)


@pytest.fixture
def now() -> list[int]:
    """The time, as the core and the web chat have it; a process has its own."""
    return [NOW]


@pytest.fixture
def store(db: Database, seal: Seal, now: list[int]) -> Store:
    return Store(db, seal, lambda: now[0])


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def likeness(template: Path) -> Likeness:
    """What the catalogue's titles have in common, which is the same in each conversation."""
    db = await Database.open(template)
    found = Likeness(map(title_of, await catalogue.indexed(db)))
    await db.close()
    return found


@pytest.fixture
async def service(db: Database, likeness: Likeness) -> AsyncIterator[Service]:
    """The embedded service, over the road that the program takes to it."""
    offline = await Offline.open(db)
    async with embedded_client(create_app(offline, catalogue=offline, sign_up=offline)) as client:
        api = AccountApi(client)
        yield Service("offline", api, api, api, embedded=True, discovery=OfflineDiscovery(db, likeness, time.monotonic))


@pytest.fixture(scope="session")
def telegram(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Aside, BotApi]]:
    """One bot on Telegram for all conversations; each brings along new people and a new group."""
    with bot_aside(tmp_path_factory.mktemp("telegram")) as (aside, double, _):
        yield aside, double


@pytest.fixture
def services(service: Service) -> Services:
    return Services(service, service)


# ── With TMDB ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def world_aside() -> Iterator[tuple[Tmdb, str]]:
    """One TMDB for all conversations, in a thread of its own, since a process talks to it as well."""
    world = Tmdb()
    with beside(world) as root:
        yield world, root


@pytest.fixture
def world(world_aside: tuple[Tmdb, str]) -> Iterator[Tmdb]:
    """TMDB, to make accounts in and to look at; whatever it is asked must be as TMDB's description has it."""
    yield world_aside[0]
    assert world_aside[0].complaints == []


@pytest.fixture(scope="session")
def telegram_with_tmdb(
    tmp_path_factory: pytest.TempPathFactory, world_aside: tuple[Tmdb, str]
) -> Iterator[tuple[Aside, BotApi]]:
    """Another bot on Telegram, whose people can connect TMDB accounts."""
    with bot_aside(tmp_path_factory.mktemp("telegram"), **with_tmdb(world_aside[1])) as (aside, double, _):
        yield aside, double


def with_tmdb(root: str) -> dict[str, str]:
    """The settings of a bot with that TMDB."""
    return {"TMDB_ACCESS_TOKEN": READ_TOKEN, "TMDB_API_URL": root, "TMDB_WEB_URL": root}


@pytest.fixture
async def tmdb_services(world_aside: tuple[Tmdb, str], db: Database) -> AsyncIterator[Services]:
    async with served(settings.load(with_tmdb(world_aside[1])), db) as found:
        yield found


def _title(services: Services) -> Callable[[TitleRef], Awaitable[Title]]:
    return lambda ref: services.main.catalogue.title(ref, "en")


@pytest.fixture
def tmdb_dispatch(tmdb_services: Services, store: Store) -> Dispatch:
    return build(tmdb_services, store, tuple(PEOPLE.values()))


@pytest.fixture
def tmdb_core_front(tmdb_dispatch: Dispatch) -> CoreFront:
    return CoreFront(tmdb_dispatch)


@pytest.fixture
async def tmdb_web_front(tmdb_dispatch: Dispatch, tmdb_services: Services, store: Store) -> AsyncIterator[WebFront]:
    web = WebChat(store, tmdb_dispatch.answer, KEY, _title(tmdb_services), happen=tmdb_dispatch.happen)
    tmdb_dispatch.meet("web", web)
    async with serving(web) as url, opened(url) as client:
        yield WebFront(client)


@pytest.fixture
def tmdb_telegram_front(telegram_with_tmdb: tuple[Aside, BotApi]) -> FrontAside:
    aside, double = telegram_with_tmdb
    return FrontAside(aside, TelegramFront(double))


@pytest.fixture(params=["core", "web", "telegram"])
def tmdb_front(request: pytest.FixtureRequest) -> Front:
    """A bot with TMDB behind it, over each front."""
    found: Front = request.getfixturevalue(f"tmdb_{request.param}_front")
    return found


@pytest.fixture
def core_front(services: Services, store: Store) -> CoreFront:
    return CoreFront(build(services, store, tuple(PEOPLE.values())))


@pytest.fixture
async def web_front(services: Services, store: Store) -> AsyncIterator[WebFront]:
    dispatch = build(services, store, tuple(PEOPLE.values()))
    web = WebChat(store, dispatch.answer, KEY, _title(services), happen=dispatch.happen)
    dispatch.meet("web", web)
    async with serving(web) as url, opened(url) as client:
        yield WebFront(client)


@pytest.fixture
def telegram_front(telegram: tuple[Aside, BotApi]) -> FrontAside:
    aside, double = telegram
    return FrontAside(aside, TelegramFront(double))


@pytest.fixture(params=["core", "web", "telegram"])
def front(request: pytest.FixtureRequest) -> Front:
    found: Front = request.getfixturevalue(f"{request.param}_front")
    return found


@pytest.fixture
def talk(front: Front) -> Talk:
    return Talk(front)
