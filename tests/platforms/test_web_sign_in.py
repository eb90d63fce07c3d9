"""Signing in at TMDB from the web chat, in a real browser: away to TMDB's page, and back from another site."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot import settings
from bot.app import build
from bot.app.services import served
from bot.core.posters import Posters
from bot.core.store import Store
from bot.frontends.web.app import WebChat
from bot.frontends.web.people import PEOPLE
from tests.doubles.tmdb import READ_TOKEN, Tmdb, beside
from tests.platforms.browsing import DESKTOP, last, watch
from tests.platforms.web_front import KEY, serving

pytestmark = [pytest.mark.needs("chromium", "tmdb"), pytest.mark.asyncio(loop_scope="module")]


@pytest.fixture
def world() -> Tmdb:
    return Tmdb()


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, store: Store, world: Tmdb, complaints: list[str]) -> AsyncIterator[Page]:
    """Ada in the web chat of a bot that has TMDB behind it."""
    with beside(world) as root:
        environ = {"TMDB_ACCESS_TOKEN": READ_TOKEN, "TMDB_API_URL": root, "TMDB_WEB_URL": "https://tmdb.example"}
        async with served(settings.load(environ), store.db) as services:
            dispatch = build(services, store, tuple(PEOPLE.values()))
            web = WebChat(
                store, dispatch.answer, KEY, lambda ref: services.main.catalogue.title(ref, "en"), Posters(), root
            )
            dispatch.meet("web", web)
            async with serving(web) as address:
                context = await browser.new_context(viewport=DESKTOP)  # type: ignore[arg-type]
                await context.route("https://tmdb.example/**", lambda route: route.fulfill(body="Approve?"))
                shown = await context.new_page()
                watch(shown, complaints)
                await shown.goto(f"{address}/?key={KEY}")
                await expect(last(shown)).to_contain_text("Hello Ada")
                yield shown
                await context.close()
    assert world.complaints == []


async def say(page: Page, text: str) -> None:
    await page.locator("#text").fill(text)
    await page.keyboard.press("Enter")


async def test_away_to_tmdb_and_back_from_another_site(page: Page, world: Tmdb) -> None:
    ann = world.account("ann", name="Ann Arbor")
    await say(page, "/fav 550")
    await expect(last(page)).to_contain_text("you need an account")
    await last(page).get_by_role("button", name="Connect TMDB").click()
    link = last(page).get_by_role("link", name="Approve on TMDB")
    await expect(link).to_be_visible()
    shown = await link.get_attribute("href")
    assert shown is not None
    assert shown.startswith("/go/"), "the token stands nowhere in the page"
    async with page.context.expect_page() as opening:
        await link.click()
    there = await opening.value
    await there.wait_for_url("**/auth/access?**")
    back = world.approve(parse_qs(urlsplit(there.url).query)["request_token"][0], ann)
    # From another site's page the browser brings no strict cookie along.
    await there.set_content(f'<a href="{back}">back</a>')
    await there.get_by_role("link", name="back").click()
    await expect(last(there)).to_contain_text("Added to your favourites.")
    await expect(last(there)).to_contain_text("You are signed in as Ann Arbor at TMDB.")
    assert "login_" not in there.url
    assert ("movie", 550) in ann.favorite


async def test_opening_the_way_back_changes_nothing_by_itself(page: Page, world: Tmdb) -> None:
    before = len(world.calls)
    address = urlsplit(page.url)
    response = await page.context.request.get(
        f"{address.scheme}://{address.netloc}/back?start=login_0123456789abcdefABCDEF"
    )
    assert response.status == 200
    assert len(world.calls) == before
    await expect(last(page)).to_contain_text("Hello Ada")
