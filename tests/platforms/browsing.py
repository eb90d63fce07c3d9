"""The web chat in a real Chromium: opened, spoken to and pressed, for the tests that look at it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from playwright.async_api import Locator, Page, expect

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
