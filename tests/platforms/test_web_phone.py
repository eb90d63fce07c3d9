"""The web chat in a real Chromium: scrolling, on a phone, with hostile text, and with a connection that is lost."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from bot.core.store import Store
from bot.frontends.web.app import WebChat
from tests.platforms.browsing import DESKTOP, PHONE, Open, last, press, say
from tests.platforms.parrot import HOSTILE, Parrot, title_of
from tests.platforms.web_front import KEY, serving

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.asyncio(loop_scope="module")]


# ── Scrolling ────────────────────────────────────────────────────────────────────────────────────────────────────

BOTTOM = "e => e.scrollHeight - e.clientHeight - e.scrollTop"


async def test_who_reads_further_up_is_left_there(open_page: Open) -> None:
    page = await open_page()
    log, pill = page.locator("#log"), page.locator("#newer")
    await page.get_by_role("button", name="Film club").click()
    for number in range(20):
        await say(page, f"talk {number}")
    assert await log.evaluate(BOTTOM) < 2
    other = await page.context.new_page()
    await other.goto(page.url.replace("#ada", "#ben"))
    await expect(other.locator("#name")).to_have_text("Film club")
    await say(other, "at the bottom")
    await expect(page.locator(".message").last).to_contain_text("at the bottom")
    assert await log.evaluate(BOTTOM) < 2
    await log.evaluate("e => { e.scrollTop = 40; }")
    await expect(pill).to_be_visible()
    await say(other, "further down")
    await expect(page.locator(".message").last).to_contain_text("further down")
    await expect(pill).to_have_text("New messages ↓")
    assert await log.evaluate("e => e.scrollTop") == 40
    await pill.click()
    await expect(pill).to_be_hidden()
    await expect(page.locator(".message").last).to_be_in_viewport()


async def test_a_message_is_replaced_where_it_stands(open_page: Open) -> None:
    page = await open_page()
    await say(page, "hello")
    await expect(last(page)).to_contain_text("You said: hello")
    message = page.locator(".message.bot").nth(1)
    for number in range(12):
        await say(page, f"silence {number}")
    await message.get_by_role("button", name="Here").hover()
    top = await message.evaluate("e => e.getBoundingClientRect().top")
    await message.get_by_role("button", name="Here").click()
    await expect(message).to_contain_text("You rated")
    assert abs(await message.evaluate("e => e.getBoundingClientRect().top") - top) < 3


async def test_older_messages_come_when_one_looks_for_them(open_page: Open) -> None:
    page = await open_page()
    for number in range(30):
        await say(page, f"number {number}")
    await expect(last(page)).to_contain_text("You said: number 29")  # what comes after the reload would count too
    await page.reload()
    await expect(page.locator(".message")).to_have_count(50)
    await page.locator("#log").evaluate("e => { e.scrollTop = 0; }")
    await expect(page.locator(".message").first).to_contain_text("/start")


# ── A phone ──────────────────────────────────────────────────────────────────────────────────────────────────────

WIDTHS = "[document.documentElement.scrollWidth, document.getElementById('log').scrollWidth]"


async def test_nothing_is_wider_than_a_phone(open_page: Open) -> None:
    page = await open_page(PHONE)
    for text in ("card", "list", "pad", "guide", "hostile", "x" * 300, "/rate " + "9" * 200):
        await say(page, text)
        await expect(page.locator(".pending")).to_have_count(0)
        assert max(await page.evaluate(WIDTHS)) <= PHONE["width"], text
    await page.locator("#text").fill("")
    await page.locator("#text").press_sequentially("/")
    await expect(page.get_by_role("option").first).to_be_visible()
    assert max(await page.evaluate(WIDTHS)) <= PHONE["width"]


async def test_five_numbers_stand_in_a_row_on_a_phone(open_page: Open) -> None:
    page = await open_page(PHONE)
    await say(page, "list")
    await expect(last(page)).to_contain_text("Your list")
    boxes = [await last(page).locator(".row button").nth(number).bounding_box() for number in range(6)]
    tops = [box["y"] for box in boxes if box]
    assert tops[:5] == [tops[0]] * 5
    assert tops[5] > tops[0]
    assert all(box["width"] >= 44 and box["height"] >= 40 for box in boxes if box)


async def test_the_chats_are_behind_an_arrow_on_a_phone(open_page: Open) -> None:
    page = await open_page(PHONE)
    await expect(page.locator("#side")).to_be_hidden()
    await page.get_by_role("button", name="Back to the chats").click()
    await expect(page.locator("#main")).to_be_hidden()
    await page.get_by_role("button", name="Film club").click()
    await expect(page.locator("#name")).to_have_text("Film club")
    await expect(page.locator("#side")).to_be_hidden()


ONE_LINE = """element => {
  const range = document.createRange();
  range.selectNodeContents(element);
  return new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size === 1;
}"""


async def test_a_cards_buttons_and_its_length_do_not_break_on_a_phone(open_page: Open) -> None:
    page = await open_page(PHONE)
    await page.evaluate("location.hash = '#ada/club'")
    await page.reload()
    await say(page, "@marquee actions")
    for label in ("+ Watchlist", "+ Favourite", "Rate"):
        assert await last(page).get_by_role("button", name=label).evaluate(ONE_LINE), label
    assert "2\u00a0h\u00a019\u00a0min" in (await last(page).locator(".line").text_content() or "")


async def test_a_count_of_unread_leaves_the_arrow_free(open_page: Open) -> None:
    page = await open_page(PHONE)
    # In one go: what comes meanwhile counts anew.
    number, sign = await page.locator("#back").evaluate(
        """back => {
            const badge = back.querySelector(".badge");
            badge.hidden = false;
            badge.textContent = "99+";
            return [badge, back.querySelector("[aria-hidden]")].map((e) => e.getBoundingClientRect().toJSON());
        }"""
    )
    assert number["width"] > 0
    assert sign["width"] > 0
    assert number["left"] >= sign["right"] or number["bottom"] <= sign["top"]


async def test_a_phone_on_its_side_shows_the_chat_alone(open_page: Open) -> None:
    page = await open_page({"width": 740, "height": 360})
    await expect(page.locator("#side")).to_be_hidden()
    await page.get_by_role("button", name="Back to the chats").click()
    await expect(page.locator("#side")).to_be_visible()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_short_word_covers_no_button_of_the_last_message(open_page: Open, viewport: dict[str, int]) -> None:
    page = await open_page(viewport)
    await say(page, "hello")
    await expect(last(page)).to_contain_text("You said: hello")
    await press(page, "Toast")
    toast = await page.locator(".toast").bounding_box()
    head, message = await page.locator("#main > .bar").bounding_box(), await last(page).bounding_box()
    assert toast
    assert head
    assert message
    assert head["y"] + head["height"] < toast["y"]
    assert toast["y"] + toast["height"] < message["y"]


# ── Hostile text ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_markup_is_shown_as_it_was_written(open_page: Open, parrot: Parrot) -> None:
    page = await open_page()
    await say(page, "hostile")
    await expect(last(page).get_by_role("heading")).to_have_text("<img src=x onerror=alert(1)> {evil}")
    await expect(last(page)).to_contain_text("</script><script>alert(2)</script>")
    await expect(last(page).get_by_role("button", name="<b>Press</b>")).to_be_visible()
    await say(page, "<img src=x onerror=alert(4)><a href=javascript:alert(5)>x</a>")
    await expect(last(page)).to_contain_text("<img src=x onerror=alert(4)>")
    await say(page, "list")
    await expect(last(page)).to_contain_text(HOSTILE.name[:20])
    assert (
        await page.evaluate("document.querySelectorAll('#log script, #log a, #log b, #log i, [onerror]').length") == 0
    )
    images = await page.evaluate("[...document.images].map((image) => new URL(image.src).pathname)")
    assert all(path == "/icon.svg" or path.startswith("/poster/") for path in images)


# ── Losing the connection ────────────────────────────────────────────────────────────────────────────────────────


async def test_a_lost_connection_heals_and_nothing_is_lost(
    open_page: Open, store: Store, complaints: list[str]
) -> None:
    parrot = Parrot()
    async with serving(WebChat(store, parrot, KEY, title_of)) as address:
        port = urlsplit(address).port or 0
        page = await open_page(address=address)
        banner = page.locator("#banner")
        await expect(banner).to_be_hidden()
    await expect(banner).to_be_visible()
    await expect(banner).to_contain_text("Reconnecting")
    await page.locator("#text").fill("written meanwhile")
    await page.keyboard.press("Enter")
    waiting = page.locator(".message.pending")
    await expect(waiting).to_contain_text("written meanwhile")
    await expect(waiting).to_contain_text("Will be sent when the connection is back")
    await press(page, "Toast")
    await expect(page.locator("#toasts")).to_contain_text("There is no connection")
    await page.locator("#text").fill("a draft")
    async with serving(WebChat(store, parrot, KEY, title_of), port) as address:
        await expect(banner).to_be_hidden(timeout=15_000)
        await expect(last(page)).to_contain_text("You said: written meanwhile")
        await expect(waiting).to_have_count(0)
        await expect(page.locator("#text")).to_have_value("a draft")
        assert [update.text for update in parrot.said].count("written meanwhile") == 1
        await page.close()
    assert all("net::ERR_" in complaint for complaint in complaints), complaints
    complaints.clear()


async def test_another_key_is_asked_for_in_one_sentence(open_page: Open, store: Store, complaints: list[str]) -> None:
    parrot = Parrot()
    async with serving(WebChat(store, parrot, KEY, title_of)) as address:
        port = urlsplit(address).port or 0
        page = await open_page(address=address)
    async with serving(WebChat(store, parrot, "another key", title_of), port):
        await expect(page.locator("body")).to_contain_text("Open the address that it printed", timeout=15_000)
        await page.close()
    complaints.clear()
