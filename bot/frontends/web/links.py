"""Addresses that are for one reader's eyes: the page and the database get another one that leads there."""

from __future__ import annotations

import secrets
from typing import Final

from cachetools import TTLCache
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

KEPT_SECONDS: Final = 15 * 60
"""As long as what is behind them works."""
MOST_KEPT: Final = 1000
AWAY: Final = "marquee_away"
"""The cookie that says who was led away."""


class Links:
    """Kept in memory alone: after a restart a link leads nowhere, and a fresh one is a press away."""

    def __init__(self) -> None:
        self._urls: TTLCache[str, tuple[str, str]] = TTLCache(MOST_KEPT, KEPT_SECONDS)

    def hide(self, url: str, person_id: str) -> str:
        """The address here that leads to `url`, for that person."""
        number = secrets.token_urlsafe(16)
        self._urls[number] = (url, person_id)
        return f"/go/{number}"

    async def go(self, request: Request) -> Response:
        """Lead there."""
        found = self._urls.get(request.path_params["id"])
        if found is None:
            raise HTTPException(404)
        url, person_id = found
        answer = RedirectResponse(url, 303, {"cache-control": "no-store"})
        # Whoever is led away is the one who comes back. A lax cookie comes along from another site's page.
        answer.set_cookie(AWAY, person_id, KEPT_SECONDS, path="/back", httponly=True, samesite="lax")
        return answer
