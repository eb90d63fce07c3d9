"""TMDB over HTTP, on a free port of this machine."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.doubles.serving import CutShort, Listener, gone
from tests.doubles.tmdb import description as described
from tests.doubles.tmdb import details, finding, keeping, people, reference, seasons
from tests.doubles.tmdb.description import Description
from tests.doubles.tmdb.faults import Lost, Planned
from tests.doubles.tmdb.refusals import Refused, bad_body, no_key, not_found, wrong_method
from tests.doubles.tmdb.wire import Asked, Call, Endpoint, Json
from tests.doubles.tmdb.world import Tmdb

_PAGE: Final = b"<html><head><title>TMDB</title></head><body>We are busy.</body></html>"
ENDPOINTS: Final = [
    # A path with a number in it comes after those with a word in its place.
    *finding.ENDPOINTS,
    *reference.ENDPOINTS,
    *keeping.ENDPOINTS,
    *details.ENDPOINTS,
    *seasons.ENDPOINTS,
    *people.ENDPOINTS,
]


class _Drip(Response):
    """An answer that comes a byte at a time."""

    def __init__(self, answer: Response, planned: Planned) -> None:
        super().__init__(answer.body, answer.status_code, media_type="application/json")
        self._planned = planned

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it slowly; at once, when the fault is switched off."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for byte in self.body:
            await send({"type": "http.response.body", "body": bytes([byte]), "more_body": True})
            await self._planned.pause(self._planned.fault.pace)
        await send({"type": "http.response.body", "body": b""})


class Server:
    """Serves a world, and holds each call and each answer to the description, if there is one."""

    def __init__(self, world: Tmdb, description: Description | None) -> None:
        self.world = world
        self.description = description
        methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        self.listener = Listener(Starlette(routes=[Route("/{path:path}", self._endpoint, methods=methods)]))

    async def _endpoint(self, request: Request) -> Response:
        try:
            body = await request.body()
        except ClientDisconnect:
            return Response()  # cut short on its way: it never was a request
        query = dict(request.query_params)
        session = query.pop("session_id", None)
        account = self.world.sessions.get(session or "")
        call = Call(
            len(self.world.calls) + 1,
            request.method,
            request.url.path,
            query,
            _object(body),
            session,
            account.username if account else None,
            self.world.clock(),
        )
        self.world.calls.append(call)
        try:
            return await self.listener.unless_over(self._handle(request, call, body), request)
        finally:
            self.world.changed()

    async def _handle(self, request: Request, call: Call, body: bytes) -> Response:
        planned = self.world.faults.next_for(call)
        self.world.changed()
        transport = self.listener.transport(request)
        early = await self._before(planned, transport) if planned else None
        answer = early or self._answer(request, call, body)
        if planned and not early:
            answer = await self._after(planned, answer, transport)
        lost = planned and (planned.fault.reset or planned.fault.lost in (Lost.RESET, Lost.CUT))
        call.status = 0 if lost else answer.status_code
        return answer

    async def _before(self, planned: Planned, transport: asyncio.Transport | None) -> Response | None:
        await planned.pause(planned.fault.wait)
        if planned.fault.reset:
            return gone(transport)
        if planned.fault.page:
            return Response(_PAGE, planned.fault.page, media_type="text/html")
        return _refusal(planned.fault.refused) if planned.fault.refused else None

    async def _after(self, planned: Planned, answer: Response, transport: asyncio.Transport | None) -> Response:
        await planned.pause(planned.fault.late)
        match planned.fault.lost:
            case None:
                return answer
            case Lost.RESET:
                return gone(transport)
            case Lost.CUT:
                return CutShort(bytes(answer.body), transport)
            case Lost.TRUNCATED:
                return Response(answer.body[: len(answer.body) // 2], answer.status_code, media_type="application/json")
            case Lost.GARBAGE:
                return Response(b"\x00\xff\xfe garbage", media_type="application/json")
            case Lost.HTML:
                return Response(_PAGE, media_type="text/html")
            case Lost.DRIP:
                return _Drip(answer, planned)

    # ── One call ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _answer(self, request: Request, call: Call, body: bytes) -> Response:
        there = [(each, places) for each in ENDPOINTS if (places := each.match(call.path)) is not None]
        meant = next(((each, places) for each, places in there if each.method == call.method), None)
        try:
            if request.headers.get("authorization") != f"Bearer {self.world.read_token}":
                raise no_key()
            if meant is None:
                raise wrong_method() if there else not_found()
            if body and not isinstance(_parsed(body), dict):
                raise bad_body()
            answer = self._done(*meant, request, call)
        except Refused as refused:
            answer = _refusal(refused)
        if meant is None:
            self.world.complain(f"{call.method} {call.path}: the double has no such call")
        elif self.description:
            self._check(self.description, *meant, request, call, body, answer)
        return answer

    def _done(self, endpoint: Endpoint, places: dict[str, str], request: Request, call: Call) -> Response:
        query = dict(request.query_params)
        asked = Asked(call.method, call.path, endpoint.pattern, places, query, call.body, self.world.complain)
        result = endpoint.does(self.world, asked)
        for name in sorted(query.keys() - asked.read):
            self.world.complain(f"{call.method} {call.path}: the double does nothing about {name!r}")
        status, answer = result if isinstance(result, tuple) else (200, result)
        return _json(answer, status)

    def _check(
        self,
        description: Description,
        endpoint: Endpoint,
        places: dict[str, str],
        request: Request,
        call: Call,
        body: bytes,
        answer: Response,
    ) -> None:
        query, headers = request.query_params.multi_items(), dict(request.headers)
        sent = described.Request(call.method, call.path, endpoint.pattern, places, query, headers, body or None)
        told = described.Response(answer.status_code, bytes(answer.body))
        for wrong in description.check(sent, told):
            self.world.complain(f"{call.method} {call.path}: {wrong}")


def _parsed(body: bytes) -> object:
    def refuse(constant: str) -> None:
        raise ValueError(constant)  # NaN and Infinity are no JSON, though Python reads them

    try:
        return json.loads(body, parse_constant=refuse)
    except ValueError:
        return None


def _object(body: bytes) -> Json:
    parsed = _parsed(body) if body else {}
    return parsed if isinstance(parsed, dict) else {}


def _json(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    text = json.dumps(body, ensure_ascii=False).encode()
    return Response(text, status, headers, "application/json;charset=utf-8")


def _refusal(refused: Refused) -> Response:
    return _json(refused.body(), refused.status, refused.headers)


# ── Running ──────────────────────────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def serving(world: Tmdb) -> AsyncIterator[str]:
    """Serve a world on this loop; gives the root address, before /3 and /4."""
    server = Server(world, world.description)
    await server.listener.start()
    try:
        yield server.listener.url
    finally:
        world.faults.clear()
        await server.listener.stop()


@contextmanager
def beside(world: Tmdb) -> Iterator[str]:
    """Serve a world in a thread of its own, for tests that wait for processes; gives the root address."""
    address: Future[str] = Future()
    loop = asyncio.new_event_loop()
    over = asyncio.Event()

    async def serve() -> None:
        async with serving(world) as root:
            address.set_result(root)
            await over.wait()

    def run() -> None:
        try:
            loop.run_until_complete(serve())
        except Exception as error:  # noqa: BLE001  (it belongs to who waits for the address)
            address.set_exception(error)

    thread = threading.Thread(target=run, name="tmdb", daemon=True)
    thread.start()
    try:
        yield address.result(timeout=10)
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(timeout=10)
        loop.close()
