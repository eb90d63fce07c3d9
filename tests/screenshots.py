"""The pictures in the README, taken of the web chat itself: `make screenshots`."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import Page, async_playwright, expect

from tests.conftest import chromium_path
from tests.platforms.browsing import FLAGS, last, press, say

WHERE = Path(__file__).parent.parent / "deploy"
PHONE = {"width": 390, "height": 780}
GAP, COLOURS = 12, 96
VIEWS = {"/movie 550": "Fight Club", "/watchlist": "watchlist", "/rate 550": "How do you rate", "/settings": "Country"}
"""What is typed, and by which words its answer is known."""


async def main() -> None:
    """A sheet for the light and one for the dark look: a card, a list, the rating pad and the settings on a phone."""
    with tempfile.TemporaryDirectory() as folder:
        env = {"PATH": os.defpath, "MARQUEE_DATABASE": f"{folder}/marquee.db", "MARQUEE_WEB_PORT": "0"}
        bot = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "web",
            env=env,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        assert bot.stdout is not None
        url = None
        while url is None:
            url = re.search(rb"http://\S+key=\S+", await bot.stdout.readline())
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
            for look in ("light", "dark"):
                context = await browser.new_context(
                    viewport=PHONE,  # type: ignore[arg-type]
                    color_scheme=look,
                    reduced_motion="reduce",
                )
                page = await context.new_page()
                await page.goto(url[0].decode())
                _sheet(await _views(page, first=look == "light")).save(WHERE / f"phone-{look}.png", optimize=True)
            await browser.close()
        bot.terminate()
        await bot.wait()


async def _views(page: Page, *, first: bool) -> list[Image.Image]:
    """The four views, one after the other. At `first` there is nothing on any list."""
    if first:
        await press(page, "Fill with sample lists")
        await expect(last(page)).not_to_contain_text("Fill with sample lists")
    views = []
    for text, answer in VIEWS.items():
        await say(page, text)
        await expect(last(page)).to_contain_text(answer)
        for picture in await last(page).locator("img").all():
            await expect(picture).to_have_js_property("complete", value=True)
        views.append(Image.open(BytesIO(await page.screenshot(animations="disabled"))).convert("RGB"))
    return views


def _sheet(views: list[Image.Image]) -> Image.Image:
    """The views side by side, in few colours, so that the file is small."""
    width = sum(view.width for view in views) + GAP * (len(views) - 1)
    sheet = Image.new("RGB", (width, views[0].height), (128, 128, 128))
    for number, view in enumerate(views):
        sheet.paste(view, (number * (view.width + GAP), 0))
    return sheet.quantize(COLOURS)


if __name__ == "__main__":
    asyncio.run(main())
