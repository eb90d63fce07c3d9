"""Who may talk to the local web chat: this machine's browser, opened by the printed address, and its own page.

Checked before anything else is done: the Host (a foreign name that points here is refused), then the Origin of
whatever isn't just reading, then the key. Nothing that a proxy could say is believed.
"""

from __future__ import annotations

import secrets
from typing import Final

from starlette.datastructures import Headers, QueryParams
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.core.phrases import Text, phrases
from bot.core.places import region
from bot.frontends.web import words

_POLICY: Final = b"content-security-policy"
HEADERS: Final = {
    _POLICY: (b"default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
}
"""On every answer."""

COOKIE_SECONDS: Final = 365 * 24 * 3600


class Guard:
    """Lets requests through to `app` that may come; `key` is the one in the printed address.

    The paths in `keyless` can be read without it. `images`: other hosts whose pictures the page may show.
    """

    def __init__(self, app: ASGIApp, key: str, keyless: frozenset[str] = frozenset(), images: str = "") -> None:
        self._app = app
        self._key = key
        self._keyless = keyless
        policy = f"img-src 'self' {images}; ".encode() + HEADERS[_POLICY] if images else HEADERS[_POLICY]
        self._headers = (HEADERS | {_POLICY: policy}).items()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or connection."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sealed_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers]
            await send(message)

        answer = self._refusal(scope) or self._app
        await answer(scope, receive, sealed_send)

    def _refusal(self, scope: Scope) -> Response | None:
        """The answer to a request that must not go on, or None for one that may."""
        headers = Headers(scope=scope)
        port = (scope.get("server") or ("", None))[1]
        host = _only(headers, "host")
        if host not in (f"127.0.0.1:{port}", f"localhost:{port}") or not _plain_path(scope):
            return refusal(421, words.WRONG_HOST, headers)
        reading = scope["method"] in ("GET", "HEAD")
        # A page of another port is "same site" to the browser, so the cookie alone says nothing about who asks.
        if (not reading or "origin" in headers) and _only(headers, "origin") != f"http://{host}":
            return refusal(403, words.FOREIGN, headers)
        if not reading and not _is_json(headers):
            return refusal(415, words.NOT_JSON, headers)
        return self._locked(scope, headers, f"marquee_{port}")

    def _locked(self, scope: Scope, headers: Headers, cookie: str) -> Response | None:
        """None for who has the key already; the way in for who brings it; 401 for others."""
        known = self._is_key(cookie_parser(headers.get("cookie", "")).get(cookie, ""))
        if scope["path"] == "/" and scope["method"] == "GET" and scope["query_string"]:
            brought = QueryParams(scope["query_string"]).get("key", "")
            if known or self._is_key(brought):
                answer = RedirectResponse("/", 303, {"cache-control": "no-store"})
                if not known:
                    answer.set_cookie(cookie, self._key, COOKIE_SECONDS, httponly=True, samesite="strict")
                return answer
        if known or (scope["path"] in self._keyless and scope["method"] in ("GET", "HEAD")):
            return None
        return _key_needed(headers) if scope["path"] == "/" else refusal(401, words.KEY_NEEDED, headers)

    def _is_key(self, given: str) -> bool:
        return secrets.compare_digest(given.encode("utf-8", "replace"), self._key.encode())


def refusal(status: int, sentence: str, headers: Headers, **values: object) -> Response:
    """One sentence, as JSON, in the browser's language."""
    text = phrases(browser_language(headers)).text(Text(sentence, values))
    return JSONResponse({"sentence": text}, status, {"cache-control": "no-store"})


def browser_language(headers: Headers) -> str:
    """What the browser would rather read (ISO 639-1)."""
    return headers.get("accept-language", "en")[:2].lower()


def browser_region(headers: Headers) -> str:
    """The country (ISO 3166-1) in that: `de-AT,de;q=0.9,en-US` has Austria, and `de,en-US` none."""
    tags = [each.partition(";")[0].strip() for each in headers.get("accept-language", "").split(",")]
    spoken = browser_language(headers)
    return next((found for tag in tags if tag[:2].lower() == spoken and (found := region(tag))), "")


def _key_needed(headers: Headers) -> Response:
    sentence = phrases(browser_language(headers)).text(Text(words.KEY_NEEDED))
    page = (
        '<!doctype html><html><head><meta charset="utf-8"><title>Marquee</title>'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"</head><body><h1>Marquee</h1><p>{sentence}</p></body></html>"
    )
    return HTMLResponse(page, 401, {"cache-control": "no-store"})


def _only(headers: Headers, name: str) -> str | None:
    """The value of a header that must be there once."""
    values = headers.getlist(name)
    return values[0] if len(values) == 1 else None


def _plain_path(scope: Scope) -> bool:
    """Whether the request names a path here, and no address of its own (`GET http://evil/`)."""
    return str(scope["path"]).startswith("/") and not str(scope["path"]).startswith("//")


def _is_json(headers: Headers) -> bool:
    return (_only(headers, "content-type") or "").partition(";")[0].strip().lower() == "application/json"
