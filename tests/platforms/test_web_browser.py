"""The web chat in a real Chromium: what a person sees, with the mouse, the keyboard alone, and on a phone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Locator, Page, async_playwright, expect

from bot.core.desk import Store
from bot.frontends.web.app import WebChat
from tests.conftest import chromium_path
from tests.platforms.parrot import HOSTILE, Parrot, title_of
from tests.platforms.web_front import KEY, serving

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.asyncio(loop_scope="module")]

FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
DESKTOP: Final = {"width": 1280, "height": 800}
PHONE: Final = {"width": 360, "height": 640}

Open = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="module")
async def url(store: Store, parrot: Parrot) -> AsyncIterator[str]:
    async with serving(WebChat(store, parrot, KEY, title_of)) as address:
        yield address


@pytest.fixture
def complaints() -> list[str]:
    """What pages have written to the console: nothing, in a test that doesn't break the connection."""
    return []


@pytest_asyncio.fixture(loop_scope="module")
async def open_page(browser: Browser, url: str, complaints: list[str]) -> AsyncIterator[Open]:
    """Opens the printed address, and waits until the greeting is there. Complaints of any page fail the test."""

    contexts: list[BrowserContext] = []

    async def opening(viewport: dict[str, int] = DESKTOP, address: str = url, **more: Any) -> Page:
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


def watch(page: Page, complaints: list[str]) -> None:
    page.on("console", lambda message: complaints.append(message.text) if message.type != "log" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(f"a dialog: {dialog.message}"))


def last(page: Page) -> Locator:
    """The last message of the bot that is shown."""
    return page.locator(".message.bot:not(.typing)").last


async def say(page: Page, text: str) -> None:
    await page.locator("#text").fill(text)
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.mine").last).to_contain_text(text)


async def press(page: Page, label: str) -> None:
    await last(page).get_by_role("button", name=label, exact=True).click()


# ── Looking around ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_key_leaves_the_address_and_everybody_has_been_greeted(open_page: Open) -> None:
    page = await open_page()
    assert urlsplit(page.url).query == ""
    await expect(page.locator(".message.mine")).to_contain_text("/start")
    for person in ("Ben", "Cleo"):
        await page.get_by_role("radio", name=person).check(force=True)
        await expect(last(page)).to_contain_text("You said: /start")
    await page.get_by_role("button", name="Film club").click()
    await expect(page.locator(".message").first).to_contain_text("Ada")


async def test_unread_marks_are_each_persons_own(open_page: Open) -> None:
    page = await open_page()
    ben = page.locator("#people label", has_text="Ben")
    await expect(ben.locator(".badge")).to_have_text("2")
    await page.get_by_role("radio", name="Ben").check(force=True)
    # His private chat is open now, so only what is in the group is left.
    await expect(ben.locator(".badge")).to_have_text("1")
    await page.get_by_role("button", name="Film club").click()
    await expect(ben.locator(".badge")).to_be_hidden()
    await page.reload()
    await expect(page.locator("#people label", has_text="Ben").locator(".badge")).to_be_hidden()
    await expect(page.locator("#people label", has_text="Cleo").locator(".badge")).to_have_text("2")


async def test_a_second_tab_shows_the_same(open_page: Open) -> None:
    page = await open_page()
    other = await page.context.new_page()
    await other.goto(page.url)
    await say(page, "are you there?")
    await expect(last(other)).to_contain_text("You said: are you there?")


async def test_dark_and_light(open_page: Open) -> None:
    colours = {}
    for scheme in ("dark", "light"):
        page = await open_page(color_scheme=scheme)
        colours[scheme] = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (
        sum(map(int, colours["dark"][4:-1].split(","))) < 150 < 600 < sum(map(int, colours["light"][4:-1].split(",")))
    )


@pytest.mark.parametrize("scheme", ["dark", "light"])
async def test_text_can_be_read_on_its_ground(open_page: Open, scheme: str) -> None:
    page = await open_page(color_scheme=scheme)
    await say(page, "card")
    await expect(last(page)).to_contain_text("Fight Club")
    for selector in (".mine .bubble", ".state span", ".keyboard button", "#about", ".time", ".line", "#people label"):
        assert await page.evaluate(CONTRAST, selector) >= 4.5, selector


CONTRAST = """selector => {
  const parse = (text) => {
    const numbers = text.match(/[\\d.]+/g).map(Number);
    const [r, g, b] = text.startsWith("color(") ? numbers.slice(0, 3).map((n) => n * 255) : numbers;
    return [r, g, b, numbers[3] ?? 1];
  };
  const element = document.querySelector(selector);
  const layers = [];
  for (let at = element; at; at = at.parentElement) layers.push(parse(getComputedStyle(at).backgroundColor));
  const onto = (under, over) => under.map((c, i) => c + (over[i] - c) * over[3]);
  const ground = layers.reverse().reduce(onto, [255, 255, 255]);
  const light = (colour) => colour.slice(0, 3).map((c) => c / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const [a, b] = [light(ground), light(parse(getComputedStyle(element).color))].sort();
  return (b + 0.05) / (a + 0.05);
}"""


# ── The keyboard alone ───────────────────────────────────────────────────────────────────────────────────────────


async def test_everything_by_the_keyboard_alone(open_page: Open) -> None:
    page = await open_page()
    await page.locator("#skip").focus()
    await expect(page.locator("#skip")).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(page.locator("#text")).to_be_focused()
    await page.keyboard.type("hello")
    await page.keyboard.press("Enter")
    await expect(last(page)).to_contain_text("You said: hello")
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Shift+Tab")
    toast = last(page).get_by_role("button", name="Toast")
    await expect(toast).to_be_focused()
    await page.keyboard.press("ArrowDown")
    here = last(page).get_by_role("button", name="Here")
    await expect(here).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(last(page)).to_contain_text("You rated Fight Club")
    # The message was replaced under the focus: it stays on the same button of the new one.
    await expect(here).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator("#text")).to_be_focused()


async def test_people_and_chats_by_the_keyboard(open_page: Open) -> None:
    page = await open_page()
    await page.get_by_role("radio", name="Ada").focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("radio", name="Ben")).to_be_checked()
    await page.keyboard.press("Tab")
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("button", name="Film club")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#name")).to_have_text("Film club")
    await expect(page.locator("#text")).to_be_focused()


async def test_commands_are_suggested_and_what_was_said_recalled(open_page: Open) -> None:
    page = await open_page()
    text, options = page.locator("#text"), page.get_by_role("option")
    await text.press_sequentially("/fav")
    await expect(options).to_have_count(2)
    await page.keyboard.press("Enter")
    # It needs an ID, so it is put into the field to be gone on with.
    await expect(text).to_have_value("/fav ")
    await text.fill("")
    await text.press_sequentially("/he")
    await page.keyboard.press("Enter")
    await expect(last(page)).to_contain_text("You said: /help")
    await text.press_sequentially("/")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("listbox")).to_be_hidden()
    await expect(text).to_be_focused()
    await text.fill("")
    await say(page, "first")
    await say(page, "second")
    for value in ("second", "first", "/help"):
        await page.keyboard.press("ArrowUp")
        await expect(text).to_have_value(value)
    await page.keyboard.press("ArrowDown")
    await expect(text).to_have_value("first")


async def test_shift_and_enter_begin_a_line(open_page: Open) -> None:
    page = await open_page()
    text = page.locator("#text")
    height = await text.evaluate("e => e.offsetHeight")
    await text.press_sequentially("one")
    await page.keyboard.press("Shift+Enter")
    await text.press_sequentially("two")
    assert await text.evaluate("e => e.offsetHeight") > height
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.mine .said").last).to_have_text("one\ntwo")
    await expect(text).to_have_value("")


# ── Pressing ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_word_and_a_warning(open_page: Open) -> None:
    page = await open_page()
    await press(page, "Toast")
    await expect(page.get_by_role("status").filter(has_text="Just a word")).to_be_visible()
    await press(page, "Alert")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Attention")
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(last(page).get_by_role("button", name="Alert")).to_be_focused()


async def test_what_is_private_is_answered_in_the_private_chat(open_page: Open) -> None:
    page = await open_page()
    await page.get_by_role("button", name="Film club").click()
    await say(page, "@marquee hello")
    await expect(last(page)).to_contain_text("You said: hello")
    await press(page, "Privately")
    await page.get_by_role("button", name="Open", exact=True).click()
    await expect(page.locator("#about")).to_have_text("bot")
    await expect(last(page)).to_contain_text("Just for you")
    await page.get_by_role("button", name="Film club").click()
    await press(page, "In private")
    await expect(last(page)).to_contain_text("You said: 1samples")
    await expect(page.locator("#about")).to_have_text("bot")


async def test_a_row_of_a_list_is_the_number_below(open_page: Open, parrot: Parrot) -> None:
    page = await open_page()
    await say(page, "list")
    await expect(last(page)).to_contain_text("11–20 of 47")
    await page.locator(".entry").nth(1).click()
    await expect(last(page)).to_contain_text("A new message")
    assert parrot.said[-1].text == "1movie m550 new"
    await expect(page.get_by_role("button", name="12: Fight Club 1999")).to_be_visible()


async def test_examples_in_the_help_can_be_tapped(open_page: Open) -> None:
    page = await open_page()
    await say(page, "guide")
    await page.get_by_role("button", name="Send /rate fight club 8.5").click()
    await expect(last(page)).to_contain_text("You said: /rate fight club 8.5")
    await page.get_by_role("button", name="/rate ID VALUE").click()
    await expect(page.locator("#text")).to_have_value("/rate ")


async def test_a_button_is_busy_and_the_bot_types_meanwhile(open_page: Open, parrot: Parrot) -> None:
    page = await open_page()
    await say(page, "wait for it")
    await expect(page.locator(".message.typing")).to_be_visible()
    await expect(page.locator("#about")).to_have_text("typing …")
    parrot.go_on.set()
    await expect(last(page)).to_contain_text("You said: wait for it")
    await expect(page.locator(".message.typing")).to_have_count(0)


async def test_the_page_changes_its_language_with_the_person(open_page: Open) -> None:
    page = await open_page()
    await say(page, "deutsch")
    await expect(page.locator("html")).to_have_attribute("lang", "de")
    await page.get_by_role("radio", name="Ben").check(force=True)
    await expect(page.locator("html")).to_have_attribute("lang", "en")


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
