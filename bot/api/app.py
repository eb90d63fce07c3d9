"""The ASGI application: the account API's routes over a backend."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route

from bot.api import reading, shapes
from bot.api.faults import Fault, answer, fault_of, no_route, refuse
from bot.api.limits import Limit
from bot.api.openapi import describe
from bot.api.writes import Writes
from bot.core.errors import NotSupported
from bot.core.model import Account, Session

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from bot.core.backend import Accounts, Catalogue, SignUp

Handler = Callable[["Request"], Awaitable["Response"]]

SIGN_UPS_EVERY: Final = 3600.0
"""Seconds over which sign-ups of one address are counted."""


def create_app(
    accounts: Accounts,
    *,
    catalogue: Catalogue | None = None,
    sign_up: SignUp | None = None,
    most_sign_ups: int | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Starlette:
    """The account API over `accounts`, with the extensions that `catalogue` and `sign_up` make possible (404 without).

    `most_sign_ups`: accounts that one address may make in an hour; None, for use in the same process, is any number.
    `clock` gives seconds and never goes back. Run its lifespan, so that stopping waits for the writes under way.
    """
    limit = None if most_sign_ups is None else Limit(most_sign_ups, SIGN_UPS_EVERY, clock)
    server = _Server(accounts, catalogue, sign_up, limit)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await server.writes.finished()

    app = Starlette(
        routes=server.routes(),
        exception_handlers={HTTPException: _no_route},
        lifespan=lifespan,
    )
    # A redirect would be an answer that is not JSON.
    app.router.redirect_slashes = False
    return app


class _Server:
    """The handlers, one to a route. Each reads the request, asks the backend, and shapes the answer."""

    def __init__(
        self, accounts: Accounts, catalogue: Catalogue | None, sign_up: SignUp | None, limit: Limit | None
    ) -> None:
        self._accounts = accounts
        self._catalogue_or_none = catalogue
        self._sign_up_or_none = sign_up
        self._limit = limit
        self.writes: Final = Writes()

    def routes(self) -> list[Route]:
        """Every route; the first that fits answers."""
        return [
            _route("/openapi.json", get=self.openapi),
            _route("/api/account", get=self.account),
            _route("/api/account/{account_id}/{section}/{kinds}", get=self.listed),
            _route("/api/account/{account_id}/{section}", post=self.set_on_list),
            _route("/api/session", post=self.create_session, delete=self.end_session),
            _route("/api/search/{what}", get=self.search),
            _route("/api/find/{imdb_id}", get=self.find),
            _route("/api/{kind}/{id}/rating", post=self.rate, delete=self.unrate),
            _route("/api/{kind}/{id}/account_states", get=self.state),
            _route("/api/{kind}/{id}", get=self.title),
        ]

    async def openapi(self, request: Request) -> Response:  # noqa: ARG002 - the same for everybody
        return answer(_DESCRIPTION)

    async def account(self, request: Request) -> Response:
        account, _ = await self._signed_in(request)
        return answer(shapes.account(account))

    async def listed(self, request: Request) -> Response:
        session = await self._owner(request)
        page = await self._accounts.titles(
            session,
            reading.choice(request.path_params["section"], reading.LISTS, "the list"),
            reading.choice(request.path_params["kinds"], reading.LIST_KINDS, "the kind of titles"),
            reading.order(request),
            reading.page(request),
            reading.language(request),
        )
        return answer(shapes.page(page))

    async def set_on_list(self, request: Request) -> Response:
        session = await self._owner(request)
        section = request.path_params["section"]
        reading.choice(section, reading.WRITTEN, "the list that is written to")
        body = await reading.body(request)
        ref, on = reading.media(body), reading.flag(body, section)
        write = self._accounts.set_favorite if section == "favorite" else self._accounts.set_watchlist
        await self.writes.finish(write(session, ref, on))
        return answer({section: on})

    async def rate(self, request: Request) -> Response:
        _, session = await self._signed_in(request)
        ref = reading.title(request)
        rating = reading.rating(await reading.body(request))
        await self.writes.finish(self._accounts.rate(session, ref, rating))
        return answer(shapes.rated(rating))

    async def unrate(self, request: Request) -> Response:
        _, session = await self._signed_in(request)
        ref = reading.title(request)
        await self.writes.finish(self._accounts.unrate(session, ref))
        return answer(shapes.rated(None))

    async def state(self, request: Request) -> Response:
        _, session = await self._signed_in(request)
        ref = reading.title(request)
        return answer(shapes.state(await self._accounts.state(session, ref), ref.id))

    async def create_session(self, request: Request) -> Response:
        sign_up = self._sign_up
        body = await reading.body(request)
        name = reading.name(body, "name")
        username = None if body.get("username") is None else reading.name(body, "username")
        if self._limit is not None:
            self._limit.take(request.client.host if request.client else "")
        session = await self.writes.finish(sign_up.create(name, username))
        return answer({"token": session.token, "account_id": session.account_id}, 201)

    async def end_session(self, request: Request) -> Response:
        sign_up = self._sign_up
        _, session = await self._signed_in(request)
        await self.writes.finish(sign_up.end(session))
        return answer({"deleted": True})

    async def search(self, request: Request) -> Response:
        page = await self._catalogue.search(
            reading.query(request),
            reading.choice(request.path_params["what"], reading.SEARCHED, "what is searched"),
            reading.year(request),
            reading.language(request),
            reading.page(request),
        )
        return answer(shapes.page(page))

    async def title(self, request: Request) -> Response:
        ref = reading.title(request)
        return answer(shapes.details(await self._catalogue.title(ref, reading.language(request))))

    async def find(self, request: Request) -> Response:
        ref = await self._catalogue.find(reading.imdb_id(request))
        return answer({"media_type": ref.kind.value, "id": ref.id})

    @property
    def _catalogue(self) -> Catalogue:
        if self._catalogue_or_none is None:
            raise NotSupported
        return self._catalogue_or_none

    @property
    def _sign_up(self) -> SignUp:
        if self._sign_up_or_none is None:
            raise NotSupported
        return self._sign_up_or_none

    async def _signed_in(self, request: Request) -> tuple[Account, Session]:
        """Whose request it is. Raises SessionEnded."""
        token = reading.token(request)
        account = await self._accounts.account(token)
        return account, Session(account.id, token, account.name)

    async def _owner(self, request: Request) -> Session:
        """The session, which must be that of the account in the path."""
        account, session = await self._signed_in(request)
        if reading.account_id(request) != account.id:
            raise Fault(403, f"This session is for account {account.id}, and for no other.")
        return session


_DESCRIPTION: Final = describe()


def _route(path: str, **handlers: Handler) -> Route:
    """A route with a handler for each method, whose every error is answered in the one form."""

    async def run(request: Request) -> Response:
        try:
            return await handlers["get" if request.method == "HEAD" else request.method.lower()](request)
        except Exception as error:  # noqa: BLE001 - the last resort: answered, and logged with a reference
            return refuse(fault_of(error))

    return Route(path, run, methods=[method.upper() for method in handlers])


async def _no_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    return no_route(request, error)
