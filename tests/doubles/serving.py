"""What the doubles of other services share: a clock that tests move, a bell, and a listener that can cut off."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import Callable, Coroutine, MutableMapping
from typing import Any

import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

Transports = MutableMapping[tuple[str, int], asyncio.Transport]


class Clock:
    """The real time, and what a test adds to it. Seconds."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead

    def forward(self, seconds: float) -> None:
        """Time passes."""
        self.ahead += seconds


class Bell:
    """Wakes whoever waits for something to change, also from another thread."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Something has changed."""
        for waiting in tuple(self._waiting):
            waiting.get_loop().call_soon_threadsafe(_wake, waiting)

    async def next(self) -> None:
        """Wait for the next change. On one loop nothing is missed between a look and this."""
        await self._listen(lambda: False)

    async def until(self, true: Callable[[], object]) -> None:
        """Wait until it is true, looking whenever it has rung."""
        while not await self._listen(true):
            pass

    async def _listen(self, true: Callable[[], object]) -> bool:
        # Another thread may ring at any time: so listen first, then look.
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        try:
            if true():
                return True
            await waiting
            return False
        finally:
            self._waiting.discard(waiting)


def _wake(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)


class Listener:
    """Serves an application on a free port. It may be stopped and started again, on the same port."""

    def __init__(self, app: ASGIApp) -> None:
        self.port = 0
        self.stopping = asyncio.Event()
        """Set while it is going down: what hangs must then end."""
        self._app = app
        self._transports: Transports = {}
        self._state = ServerState()
        self._listening: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """Its root address."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listen."""
        # With its protocol named, asyncio sets TCP_NODELAY; without it every answer waits 40 ms for an acknowledgement.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(1024)
        self.port = listener.getsockname()[1]
        self.stopping = asyncio.Event()
        # The same protocol that uvicorn runs, without its server's signals and pauses.
        config = uvicorn.Config(
            self._app, lifespan="off", log_config=None, access_log=False, ws="none", timeout_keep_alive=75
        )
        self._state = ServerState()
        protocol = _protocol(self._transports)
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(lambda: protocol(config, self._state, {}), sock=listener)

    async def stop(self) -> None:
        """Close everything: new connections are refused."""
        if self._listening is None:
            return
        self._listening.close()
        self.stopping.set()
        for transport in list(self._transports.values()):
            _reset(transport)
        await asyncio.gather(*self._state.tasks, return_exceptions=True)
        await self._listening.wait_closed()
        self._listening = None

    def transport(self, request: Request) -> asyncio.Transport | None:
        """The connection that a request came over, if it is still there."""
        client = request.scope["client"]
        return self._transports.get((client[0], client[1]))

    async def unless_over(
        self, handling: Coroutine[Any, Any, Response], request: Request, *, forsaken: bool = False
    ) -> Response:
        """What hangs must not hold up the end of a test. `forsaken`: nor go on when whoever asked is gone."""

        async def left() -> None:
            while (await request.receive())["type"] != "http.disconnect":
                pass
            if not forsaken:
                await self.stopping.wait()

        loop = asyncio.get_running_loop()
        doing = loop.create_task(handling)
        tasks = (doing, loop.create_task(self.stopping.wait()), loop.create_task(left()))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return doing.result() if doing.done() else Response(status_code=503)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


class CutShort(Response):
    """An answer that ends in its middle, and its connection with it."""

    def __init__(self, body: bytes, transport: asyncio.Transport | None) -> None:
        super().__init__(body, media_type="application/json")
        self._transport = transport

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the half of it."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body[: len(self.body) // 2], "more_body": True})
        if self._transport:
            self._transport.close()


def gone(transport: asyncio.Transport | None) -> Response:
    """Reset the connection; the answer that nobody gets."""
    if transport:
        _reset(transport)
    return Response()


def _reset(transport: asyncio.Transport) -> None:
    sock = transport.get_extra_info("socket")
    if sock is not None and not transport.is_closing():
        # To linger for no time is what makes a close a reset.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _protocol(transports: Transports) -> type[H11Protocol]:
    """uvicorn's protocol, which keeps its connections where they can be reset."""

    class Protocol(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            if self.client:
                transports[self.client] = transport

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            if self.client:
                transports.pop(self.client, None)

    return Protocol
