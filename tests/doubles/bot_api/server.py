"""The Bot API over HTTP: `/bot<token>/<method>`, on a free port of this machine."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import struct
from collections.abc import Coroutine, MutableMapping
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from tests.doubles.bot_api import chats, menus, polling, presses, sending  # noqa: F401  (they register their methods)
from tests.doubles.bot_api.faults import Faults, Lost, Planned
from tests.doubles.bot_api.methods import find
from tests.doubles.bot_api.refusals import Refused
from tests.doubles.bot_api.wire import Asked, read
from tests.doubles.bot_api.world import Call, World

_PAGE = b"<html><head><title>200 OK</title></head><body>nothing to see here</body></html>"
Transports = MutableMapping[tuple[str, int], asyncio.Transport]


class _Cut(Response):
    """An answer that ends in its middle."""

    def __init__(self, body: bytes, transport: asyncio.Transport | None) -> None:
        super().__init__(body, media_type="application/json")
        self._transport = transport

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body[: len(self.body) // 2], "more_body": True})
        if self._transport:
            self._transport.close()


class Server:
    """Serves a world. It may be stopped and started again, on the same port: Telegram is down for a while."""

    def __init__(self, world: World, token: str) -> None:
        self.world = world
        self.token = token
        self.faults = Faults()
        self.port = 0
        self.transports: Transports = {}
        self.under_way: set[Call] = set()
        self._stopping = asyncio.Event()
        self._state = ServerState()
        self._listening: asyncio.Server | None = None
        path = "/bot{token}/{method}"
        self._app = Starlette(routes=[Route(path, self._endpoint, methods=["GET", "POST"])])

    # ── Running ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def start(self) -> None:
        """Listen."""
        # With its protocol named, asyncio sets TCP_NODELAY; without it every answer waits 40 ms for an acknowledgement.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(1024)
        self.port = listener.getsockname()[1]
        self._stopping = asyncio.Event()
        # The same protocol that uvicorn runs, without its server's signals and pauses.
        config = uvicorn.Config(
            self._app, lifespan="off", log_config=None, access_log=False, ws="none", timeout_keep_alive=75
        )
        self._state = ServerState()
        protocol = _protocol(self.transports)
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(lambda: protocol(config, self._state, {}), sock=listener)

    async def stop(self) -> None:
        """Close everything: new connections are refused."""
        if self._listening is None:
            return
        self._listening.close()
        self._stopping.set()
        for transport in list(self.transports.values()):
            _reset(transport)
        await asyncio.gather(*self._state.tasks, return_exceptions=True)
        await self._listening.wait_closed()
        self._listening = None

    # ── One call ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def _endpoint(self, request: Request) -> Response:
        token, name = request.path_params["token"], request.path_params["method"]
        if not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", token):
            return _answer(Refused(404, "Not Found"))
        if token != self.token:
            return _answer(Refused(401, "Unauthorized"))
        try:
            body = await request.body()
        except ClientDisconnect:
            return Response()  # cut short on its way: it never was a request
        kind = request.headers.get("content-type", "")
        call = Call(len(self.world.calls) + 1, name, {}, self.world.clock())
        self.world.calls.append(call)
        self.under_way.add(call)
        client = request.scope["client"]
        transport = self.transports.get((client[0], client[1]))
        try:
            handling = self._handle(call, request.scope["query_string"], kind, body, transport)
            return await self._unless_over(handling, request, call)
        finally:
            self.under_way.discard(call)
            self.world.bell.ring()

    async def _unless_over(self, handling: Coroutine[Any, Any, Response], request: Request, call: Call) -> Response:
        """What hangs must not hold up the end of a test, and a poll is over when its bot is gone (killed, perhaps)."""

        async def left() -> None:
            while (await request.receive())["type"] != "http.disconnect":
                pass
            if call.method != "getUpdates":
                await self._stopping.wait()

        loop = asyncio.get_running_loop()
        doing = loop.create_task(handling)
        tasks = (doing, loop.create_task(self._stopping.wait()), loop.create_task(left()))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return doing.result() if doing.done() else Response(status_code=503)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _handle(
        self, call: Call, query: bytes, kind: str, body: bytes, transport: asyncio.Transport | None
    ) -> Response:
        planned: Planned | None = None
        try:
            method = find(call.method)
            call.method = method.name
            asked = read(method.name, query, kind, body, self.world.complain)
            call.values = asked.values
            for name in (asked.values.keys() | asked.files.keys()) - method.takes:
                if f"attach://{name}" not in str(asked.values):
                    self.world.complain(f"{method.name} has no parameter {name!r}")
            planned = self.faults.next_for(asked)
            if planned and (instead := await self._before(planned, call, transport)):
                return instead
            call.result = await method.does(self.world, asked)
            call.acted, call.status = True, 200
        except Refused as refused:
            call.status, call.description = refused.code, refused.description
            if refused.code == 404:
                self.world.complain(f"there is no method {call.method!r}")
            answer = _answer(refused)
        else:
            answer = _answer(call.result)
            if planned and planned.fault.lost:
                self._forgive(asked)
        self.world.bell.ring()
        return await self._after(planned, call, answer, transport) if planned else answer

    async def _before(self, planned: Planned, call: Call, transport: asyncio.Transport | None) -> Response | None:
        fault = planned.fault
        if fault.wait:
            await fault.wait.wait()
        if fault.hangs:
            await planned.over.wait()
        if fault.reset or fault.hangs:
            return _gone(transport)
        if fault.page:
            call.status = fault.page[0]
            return Response(fault.page[1], fault.page[0], media_type="text/html")
        if fault.refused:
            raise fault.refused
        return None

    async def _after(
        self, planned: Planned, call: Call, answer: Response, transport: asyncio.Transport | None
    ) -> Response:
        if planned.fault.late:
            await planned.fault.late.wait()
        match planned.fault.lost:
            case None:
                return answer
            case Lost.CUT:
                answer = _Cut(bytes(answer.body), transport)
            case Lost.GARBAGE:
                answer = Response(_PAGE, media_type="text/html")
            case Lost.RESET | Lost.HANGS:
                if planned.fault.lost is Lost.HANGS:
                    await planned.over.wait()
                answer = _gone(transport)
        call.status = 0
        return answer

    def _forgive(self, asked: Asked) -> None:
        query = self.world.queries.get(str(asked.values.get("callback_query_id")))
        if query:
            query.forgiven = True


def _answer(result: object) -> Response:
    if isinstance(result, Refused):
        wait = result.parameters.get("retry_after")
        headers = {"retry-after": str(wait)} if wait is not None else {}
        return Response(json.dumps(result.body()), result.code, headers, "application/json")
    return Response(json.dumps({"ok": True, "result": result}), media_type="application/json")


def _reset(transport: asyncio.Transport) -> None:
    sock = transport.get_extra_info("socket")
    if sock is not None and not transport.is_closing():
        # To linger for no time is what makes a close a reset.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _gone(transport: asyncio.Transport | None) -> Response:
    if transport:
        _reset(transport)
    return Response()


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
