"""A web chat that a parrot answers, served on this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.core.desk import Store
from bot.frontends.web.app import WebChat
from storage.database import Database
from storage.sealing import Seal
from tests.platforms.parrot import Parrot, title_of
from tests.platforms.web_front import KEY, WebFront, opened, serving

NOW = 1_700_000_000


@pytest.fixture
def store(db: Database, seal: Seal) -> Store:
    return Store(db, seal, lambda: NOW)


@pytest.fixture
def parrot() -> Parrot:
    return Parrot()


@pytest.fixture
async def url(store: Store, parrot: Parrot) -> AsyncIterator[str]:
    """The address of a web chat that is running."""
    async with serving(WebChat(store, parrot, KEY, title_of)) as address:
        yield address


@pytest.fixture
async def client(url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that has the cookie."""
    async with opened(url) as browser:
        yield browser


@pytest.fixture
def front(client: httpx.AsyncClient) -> WebFront:
    return WebFront(client)
