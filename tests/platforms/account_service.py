"""An account API of somebody else's, at which a title can be made to hang: over HTTP, on a free port."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.api.app import create_app
from bot.backends.offline import Offline
from storage.database import Database


class _Quiet(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class AccountService:
    """`hold("680")` lets every request for that title hang until `release()`; `held` is set when one does."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._holds: str | None = None
        self._free = asyncio.Event()
        self.held = asyncio.Event()
        self.url = ""

    def hold(self, title_id: str) -> None:
        self._holds = title_id
        self._free.clear()
        self.held.clear()

    def release(self) -> None:
        self._holds = None
        self._free.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._holds is not None and self._holds in scope["path"].split("/"):
            self.held.set()
            await self._free.wait()
        await self._app(scope, receive, send)


@asynccontextmanager
async def account_service(folder: Path) -> AsyncIterator[AccountService]:
    """It runs, with a database of its own."""
    db = await Database.open(folder / "accounts.db")
    offline = await Offline.open(db)
    app = create_app(offline, catalogue=offline, sign_up=offline)
    service = AccountService(app)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        service.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = _Quiet(uvicorn.Config(service, lifespan="off", log_config=None, access_log=False, ws="none"))
        serving = asyncio.get_running_loop().create_task(server.serve([listener]))
        async with app.router.lifespan_context(app):
            try:
                yield service
            finally:
                service.release()
                server.should_exit = True
                server.force_exit = True
                await serving
    await db.close()
