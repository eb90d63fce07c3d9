"""The connection to the Bot API: what its answers are, and whether a call without one may have been done."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, Final

import httpx
from telegram import Bot
from telegram.error import NetworkError, TelegramError
from telegram.request import HTTPXRequest

READ_SECONDS: Final = 8
"""How long an answer may take. What takes longer holds up its chat, and has most likely been lost."""

_NOT_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.WriteError,
    httpx.WriteTimeout,
)
"""What goes wrong before the whole of a call has left."""


class NoBotApi(NetworkError):
    """Something answers at the address, but it is no Bot API."""

    def __init__(self) -> None:
        super().__init__("nothing at TELEGRAM_API_URL speaks the Bot API")


class Garbled(NetworkError):
    """An answer that says nothing: the call may have been done."""


def may_be_done(error: TelegramError) -> bool:
    """Whether the call that failed may have been done all the same: it was sent, and nobody said what became of it."""
    if isinstance(error, Garbled):
        return True
    return error.__cause__ is not None and not isinstance(error.__cause__, _NOT_SENT)


class Request(HTTPXRequest):
    """The library's own, but for answers that are not the Bot API's: these are told apart, and logged by nobody."""

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Raises NoBotApi, Garbled, and what the library raises."""
        code, payload = await super().do_request(*args, **kwargs)
        body = _object(payload)
        if code < HTTPStatus.MULTIPLE_CHOICES and "result" not in body:
            raise Garbled(f"an answer that says nothing ({code})")
        if code == HTTPStatus.GATEWAY_TIMEOUT and not body:
            raise Garbled("a gateway that got no answer (504)")
        if body.get("ok") is None and code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise NetworkError(f"out of order ({code})")
        if code >= HTTPStatus.MULTIPLE_CHOICES and body.get("ok") is not False:
            raise NoBotApi
        return code, payload


def _object(payload: bytes) -> dict[str, Any]:
    """The JSON object, or an empty one where there is none."""
    try:
        found = json.loads(payload)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


@asynccontextmanager
async def connected(
    token: str, api_url: str, connections: int = 1, read_seconds: float = READ_SECONDS
) -> AsyncIterator[Bot]:
    """The Bot API at `api_url`, not yet asked anything."""
    calls = Request(connections, connect_timeout=5, read_timeout=read_seconds, write_timeout=5, pool_timeout=None)
    updates = Request(1, connect_timeout=5, read_timeout=read_seconds, write_timeout=5, pool_timeout=None)
    async with calls, updates:
        yield Bot(token, f"{api_url}/bot", f"{api_url}/file/bot", request=calls, get_updates_request=updates)
