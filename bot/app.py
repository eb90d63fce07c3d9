"""Joins everything: the database, the service that keeps people's lists, the features, and the front ends."""

from __future__ import annotations

import asyncio
import logging
import secrets
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from bot.api.app import create_app
from bot.backends.account_api import AccountApi, embedded_client, remote_client
from bot.backends.offline import Offline
from bot.core import logs
from bot.core.backend import Service
from bot.core.chat import Person
from bot.core.desk import Store
from bot.core.dispatch import Dispatch
from bot.core.errors import MarqueeError
from bot.core.phrases import phrases
from bot.features import help as helping
from bot.features import language, lists, ratings, samples, search, sign_in, titles, undo
from bot.frontends.telegram.app import Telegram, TokenRefused, who
from bot.frontends.web.app import WebChat
from bot.frontends.web.people import PEOPLE
from bot.settings import Settings, SettingsError
from storage import inbox, meta, wishes
from storage.database import Database, is_new
from storage.errors import DatabaseInUse, StorageError
from storage.sealing import Seal

__all__ = ["Check", "StorageError", "build", "check", "run", "serve_api"]

STOP_SECONDS: Final = 4
"""How long a stop may take until what is left is cut off."""
PORTS_TRIED: Final = 20
UPKEEP_SECONDS: Final = 24 * 3600
SIGN_UPS_AN_HOUR: Final = 10
"""Accounts that one address may make on the served API."""

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Check:
    """Whether one service answers, and what it said."""

    name: str
    ok: bool
    detail: str


# ── Putting it together ──────────────────────────────────────────────────────────────────────────────────────────


def build(service: Service, store: Store, sample_people: tuple[Person, ...] = ()) -> Dispatch:
    """A dispatch with every feature's handlers."""
    dispatch = Dispatch(service, store)
    for feature in (helping, language, lists, ratings, search, sign_in, titles, undo):
        feature.install(dispatch)
    samples.install(dispatch, sample_people)
    dispatch.check()
    return dispatch


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Store]:
    """The database and its seal. Raises StorageError."""
    db = await Database.open(settings.database)
    try:
        key = settings.secret_key.get_secret_value() if settings.secret_key else None
        yield Store(db, await Seal.load(db, key), lambda: int(time.time()))
    finally:
        await db.close()


@asynccontextmanager
async def served(settings: Settings, db: Database) -> AsyncIterator[Service]:
    """The account service by `settings`, called through the ordinary client whether it is embedded or remote."""
    async with AsyncExitStack() as stack:
        kept = await stack.enter_async_context(backend(settings, db))
        if isinstance(kept, AccountApi):
            yield Service(settings.account_api_url or "", kept, kept, kept, embedded=False)
        else:
            app = create_app(kept, catalogue=kept, sign_up=kept)
            # ASGITransport runs no lifespan.
            await stack.enter_async_context(app.router.lifespan_context(app))
            api = AccountApi(await stack.enter_async_context(embedded_client(app)))
            yield Service("offline", api, api, api, embedded=True)


@asynccontextmanager
async def backend(settings: Settings, db: Database) -> AsyncIterator[Offline | AccountApi]:
    """What keeps people's lists in the end. Raises SettingsError."""
    match settings.backend:
        case "offline":
            yield await Offline.open(db)
        case "account_api":
            async with remote_client(settings.account_api_url or "") as client:
                yield AccountApi(client)
        case "tmdb":
            raise SettingsError("MARQUEE_BACKEND is tmdb, which this version doesn't know yet: choose another backend.")


# ── Running ──────────────────────────────────────────────────────────────────────────────────────────────────────


def run(settings: Settings, *, web: bool) -> int:
    """Run every chat that is set up until told to stop. Raises SettingsError and StorageError."""
    if not web and settings.telegram_bot_token is None:
        raise SettingsError("MARQUEE_WEB is off and there is no other chat: set it on, or take it away.")
    asyncio.run(_run(settings, web=web))
    return 0


async def _run(settings: Settings, *, web: bool) -> None:
    refused = ""
    async with opened(settings) as store, served(settings, store.db) as service:
        dispatch = build(service, store, tuple(PEOPLE.values()))
        try:
            async with _cut_off_late() as limit, asyncio.TaskGroup() as tasks, AsyncExitStack() as fronts:
                upkeep = tasks.create_task(_upkeep(store))
                running = []
                if web:
                    running.append(await fronts.enter_async_context(_web(settings, store, service, dispatch, tasks)))
                if settings.telegram_bot_token is not None:
                    running.append(await fronts.enter_async_context(_telegram(settings, store, dispatch, tasks)))
                _say("Stop it with Ctrl+C.")
                await _told_to_stop(*running)
                limit.reschedule(asyncio.get_running_loop().time() + STOP_SECONDS)
                upkeep.cancel()
        except* TokenRefused:
            refused = "The Bot API does not know TELEGRAM_BOT_TOKEN: take it from BotFather again."
    if refused:
        raise SettingsError(refused)


@asynccontextmanager
async def _web(
    settings: Settings, store: Store, service: Service, dispatch: Dispatch, tasks: asyncio.TaskGroup
) -> AsyncIterator[asyncio.Task[None]]:
    """The web chat while the block runs; gives the task that ends if it can't go on."""
    key = await _web_key(store)
    chat = WebChat(store, dispatch.answer, key, lambda ref: service.catalogue.title(ref, "en"))
    server = _server(chat.app)
    with _listening("127.0.0.1", settings.web_port, PORTS_TRIED) as listener:
        tasks.create_task(chat.run())
        serving = tasks.create_task(server.serve([listener]))
        _say(f"Marquee's web chat: http://127.0.0.1:{listener.getsockname()[1]}/?key={key}")
        yield serving
        chat.stop()
        server.should_exit = True
        await serving


@asynccontextmanager
async def _telegram(
    settings: Settings, store: Store, dispatch: Dispatch, tasks: asyncio.TaskGroup
) -> AsyncIterator[asyncio.Task[None]]:
    """The bot on Telegram while the block runs; gives the task that ends if it can't go on."""
    assert settings.telegram_bot_token is not None  # noqa: S101 - it is asked for only then
    token = settings.telegram_bot_token.get_secret_value()
    chat = Telegram(store, dispatch.answer, token, settings.telegram_api_url, settings.tmdb_image_url)
    running = tasks.create_task(chat.run())
    _say("Marquee is on Telegram.")
    yield running
    chat.stop()


@asynccontextmanager
async def _cut_off_late() -> AsyncIterator[asyncio.Timeout]:
    """Once rescheduled, a limit for what goes on inside. What it cuts off is kept, and done at the next start."""
    try:
        async with asyncio.timeout(None) as limit:
            yield limit
    except TimeoutError:
        _log.warning("Stopped before everything was answered; the rest is answered at the next start")


async def _upkeep(store: Store) -> None:
    """Forget every day what is too old to be of use."""
    while True:
        try:
            await inbox.purge(store.db, now=store.now())
            await wishes.purge(store.db, now=store.now())
        except StorageError:
            _log.exception("The daily upkeep did not work")
        await asyncio.sleep(UPKEEP_SECONDS)


async def _web_key(store: Store) -> str:
    """The key in the web chat's address: the same at every start, so that yesterday's tab still opens."""
    kept = await meta.read(store.db, "web key")
    if kept is not None:
        key = store.seal.open(kept.encode(), "web key")
    else:
        key = secrets.token_urlsafe(24)
        await meta.keep(store.db, "web key", store.seal.seal(key, "web key").decode())
    logs.register_secret(key)
    return key


def serve_api(settings: Settings) -> int:
    """Serve the account API over the backend that is set, until told to stop. Raises SettingsError and StorageError."""
    asyncio.run(_serve_api(settings))
    return 0


async def _serve_api(settings: Settings) -> None:
    async with opened(settings) as store, backend(settings, store.db) as kept:
        app = create_app(kept, catalogue=kept, sign_up=kept, most_sign_ups=SIGN_UPS_AN_HOUR)
        with _listening(settings.api_host, settings.api_port, 1) as listener:
            host, port = listener.getsockname()[:2]
            async with asyncio.TaskGroup() as tasks:
                server = _server(app, lifespan="on")
                serving = tasks.create_task(server.serve([listener]))
                _say(f"The account API: http://{host}:{port}/api, described at http://{host}:{port}/openapi.json")
                await _told_to_stop(serving)
                server.should_exit = True


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: we stop more than a server."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _server(app: ASGIApp, lifespan: str = "off") -> _Server:
    config = uvicorn.Config(
        app,
        lifespan=lifespan,  # type: ignore[arg-type]
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
        h11_max_incomplete_event_size=64 * 1024,
        ws="none",
    )
    return _Server(config)


async def _told_to_stop(*running: asyncio.Task[None]) -> None:
    """Wait for SIGTERM or SIGINT, or for one of these to end by itself."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    for task in running:
        task.add_done_callback(lambda _: told.set())
    await told.wait()
    _log.info("Stopping")


@contextmanager
def _listening(host: str, port: int, tries: int) -> Iterator[socket.socket]:
    """A socket on the first free port from `port` on. Raises SettingsError if there is none."""
    why = ""
    for candidate in range(port, port + tries) if port else (0,):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # With its protocol named, asyncio sets TCP_NODELAY: else every answer waits 40 ms for an acknowledgement.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
            listener.listen(128)
        except OSError as error:
            listener.close()
            why = error.strerror or str(error)
            continue
        if candidate != port:
            _say(f"Port {port} is busy; taking {candidate}.")
        with listener:
            yield listener
        return
    raise SettingsError(f"No port is free from {port} on ({why}): set another one.")


def check(settings: Settings) -> list[Check]:
    """Ask the database and each service whether it works. Raises nothing that a service does."""
    return asyncio.run(_check(settings))


async def _check(settings: Settings) -> list[Check]:
    """The database as it is, without making one: what a service needs of one, a passing one gives it."""
    database, in_use = await _check_database(settings)
    found = [database]
    if settings.backend == "offline" and in_use:
        found.append(Check("account service (offline)", ok=True, detail="the running Marquee answers for it"))
    elif settings.backend != "offline" or database.ok:
        with TemporaryDirectory(prefix="marquee-check-") as folder:
            passing = settings.model_copy(update={"database": Path(folder) / "marquee.db"})
            async with opened(passing) as store, served(passing, store.db) as service:
                found.append(await _check_service(service))
    if settings.telegram_bot_token is not None:
        token = settings.telegram_bot_token.get_secret_value()
        ok, detail = await who(token, settings.telegram_api_url)
        found.append(Check("Telegram", ok=ok, detail=detail))
    return found


async def _check_database(settings: Settings) -> tuple[Check, bool]:
    """The database, and whether a running Marquee has it."""
    path = settings.database
    if is_new(path):
        return Check("database", ok=True, detail=f"{path} is not there yet: the first start makes it"), False
    try:
        async with opened(settings):
            return Check("database", ok=True, detail=f"{path} is sound"), False
    except DatabaseInUse as error:
        detail = f"{path} is in use by the running Marquee ({error.holder})"
        return Check("database", ok=True, detail=detail), True
    except StorageError as error:
        return Check("database", ok=False, detail=str(error)), False


async def _check_service(service: Service) -> Check:
    name = f"account service ({service.name})"
    try:
        found = await service.catalogue.search("fight club", None, None, "en", 1)
    except MarqueeError as error:
        return Check(name, ok=False, detail=phrases("en").text(error.sentence))
    return Check(name, ok=True, detail=f"answers; it finds {found.total_results} titles for “fight club”")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
