"""A web chat that a parrot answers, served on this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from bot.core.store import Store
from bot.frontends.web.app import WebChat
from storage.database import Database
from storage.sealing import Seal
from tests.conftest import chromium_path
from tests.platforms.browsing import DESKTOP, FLAGS, Open, last, watch
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


@pytest.fixture
async def nothing_heard(url: str, store: Store) -> AsyncIterator[None]:
    """Whatever the test sends, no message comes of it."""
    count = "select count(*) as n from web_messages where update_id not like 'hello:%'"
    before = await store.db.query(count)
    yield
    assert await store.db.query(count) == before


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="module")
async def page_url(store: Store, parrot: Parrot) -> AsyncIterator[str]:
    async with serving(WebChat(store, parrot, KEY, title_of)) as address:
        yield address


@pytest.fixture
def complaints() -> list[str]:
    """What pages have written to the console: nothing, in a test that doesn't break the connection."""
    return []


@pytest_asyncio.fixture(loop_scope="module")
async def open_page(browser: Browser, page_url: str, complaints: list[str]) -> AsyncIterator[Open]:
    """Opens the printed address, and waits until the greeting is there. Complaints of any page fail the test."""

    contexts: list[BrowserContext] = []

    async def opening(viewport: dict[str, int] = DESKTOP, address: str = page_url, **more: Any) -> Page:
        context = await browser.new_context(viewport=viewport, **more)  # type: ignore[arg-type]
        contexts.append(context)
        page = await context.new_page()
        watch(page, complaints)
        await page.goto(f"{address}/?key={KEY}")
        await expect(last(page)).to_contain_text("You said: /start")
        return page

    yield opening
    for context in contexts:
        await context.close()
    assert complaints == []
