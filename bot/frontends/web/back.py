"""The page that another site sends people back to. Opening it changes nothing: its script, from here, says who is back.

A browser that comes from another site brings no strict cookie along, so the page is for everybody, and says nothing
that not everybody may know. What its script then sends has the cookie again.
"""

from __future__ import annotations

import html
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.core.phrases import Text, phrases
from bot.frontends.web import words
from bot.frontends.web.guard import browser_language
from bot.frontends.web.links import AWAY
from bot.frontends.web.people import PEOPLE

PATH: Final = "/back"
OPEN: Final = frozenset({PATH, "/back.js"})
"""What it is made of: the paths that need no key."""


async def back(request: Request) -> Response:
    """The page, in the browser's language."""
    spoken = phrases(browser_language(request.headers))
    coming, failed = (html.escape(spoken.text(Text(said))) for said in (words.COMING_BACK, words.NOT_BACK))
    away = request.cookies.get(AWAY, "")
    person = away if away in PEOPLE else next(iter(PEOPLE))
    page = (
        f'<!doctype html><html lang="{spoken.language}"><head><meta charset="utf-8"><title>Marquee</title>'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        '<script type="module" src="/back.js"></script></head><body class="back">'
        f'<p id="told" role="status" data-failed="{failed}" data-person="{person}">{coming}</p>'
        '<p><a href="/">Marquee</a></p></body></html>'
    )
    return HTMLResponse(page, headers={"cache-control": "no-store"})
