"""The web chat in a real Chromium: what a person sees and does, with the mouse and with the keyboard alone."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from tests.platforms.browsing import Open, last, press, say
from tests.platforms.parrot import Parrot

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.asyncio(loop_scope="module")]


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


async def test_enter_twice_presses_nothing_that_was_not_chosen(open_page: Open, parrot: Parrot) -> None:
    page = await open_page()
    await say(page, "hello")
    await expect(last(page)).to_contain_text("You said: hello")
    await last(page).get_by_role("button", name="Rate").focus()
    await page.keyboard.press("Enter")
    await expect(last(page)).to_contain_text("How do you rate Fight Club")
    own = last(page).get_by_role("button", name="✓ 8.5")
    await expect(own).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(last(page)).to_contain_text("You rated Fight Club")
    await expect(last(page)).to_be_focused()
    await page.keyboard.press("Enter")
    await say(page, "that was all")
    assert [update.text for update in parrot.said if update.pressed] == ["1rate m550", "1rate m550 8.5"]


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
