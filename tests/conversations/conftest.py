"""The same conversations over the core and over every front end."""

from __future__ import annotations

import pytest

from bot.app import build
from bot.backends.offline import Offline
from bot.core.backend import Service
from bot.core.desk import Store
from bot.frontends.web.people import PEOPLE
from storage.database import Database
from storage.sealing import Seal
from tests.core_front import CoreFront
from tests.talk import Front, Talk

NOW = 1_700_000_000


@pytest.fixture
def store(db: Database, seal: Seal) -> Store:
    return Store(db, seal, lambda: NOW)


@pytest.fixture
async def service(db: Database) -> Service:
    offline = await Offline.open(db)
    return Service("offline", offline, offline, offline, embedded=True)


@pytest.fixture(params=["core"])
async def front(request: pytest.FixtureRequest, service: Service, store: Store) -> Front:
    dispatch = build(service, store, tuple(PEOPLE.values()))
    return CoreFront(dispatch)


@pytest.fixture
def talk(front: Front) -> Talk:
    return Talk(front)
