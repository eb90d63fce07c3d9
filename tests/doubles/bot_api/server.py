"""The Bot API over HTTP: `/bot<token>/<method>`, on a free port of this machine."""

from __future__ import annotations

import asyncio
import json
import re

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from tests.doubles.bot_api import chats, inline, menus, polling, presses, sending  # noqa: F401  (they register their methods)
from tests.doubles.bot_api.faults import Faults, Lost, Planned
from tests.doubles.bot_api.methods import find
from tests.doubles.bot_api.refusals import Refused
from tests.doubles.bot_api.wire import Asked, read
from tests.doubles.bot_api.world import Call, World
from tests.doubles.serving import CutShort, Listener, gone

_PAGE = b"<html><head><title>200 OK</title></head><body>nothing to see here</body></html>"


class Server:
    """Serves a world. It may be stopped and started again, on the same port: Telegram is down for a while."""

    def __init__(self, world: World, token: str) -> None:
        self.world = world
        self.token = token
        self.faults = Faults()
        self.under_way: set[Call] = set()
        path = "/bot{token}/{method}"
        self._listener = Listener(Starlette(routes=[Route(path, self._endpoint, methods=["GET", "POST"])]))

    @property
    def port(self) -> int:
        """Where it listens, or did; 0 before the first time."""
        return self._listener.port

    async def start(self) -> None:
        """Listen."""
        await self._listener.start()

    async def stop(self) -> None:
        """Close everything: new connections are refused."""
        await self._listener.stop()

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
        transport = self._listener.transport(request)
        try:
            handling = self._handle(call, request.scope["query_string"], kind, body, transport)
            # A poll is over when its bot is gone (killed, perhaps).
            return await self._listener.unless_over(handling, request, forsaken=call.method == "getUpdates")
        finally:
            self.under_way.discard(call)
            self.world.bell.ring()

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
            return gone(transport)
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
                answer = CutShort(bytes(answer.body), transport)
            case Lost.GARBAGE:
                answer = Response(_PAGE, media_type="text/html")
            case Lost.RESET | Lost.HANGS:
                if planned.fault.lost is Lost.HANGS:
                    await planned.over.wait()
                answer = gone(transport)
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
