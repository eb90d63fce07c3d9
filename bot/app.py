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
from urllib.parse import urlsplit

import uvicorn
from starlette.types import ASGIApp

from bot.api.app import create_app
from bot.backends.account_api import AccountApi, embedded_client, remote_client
from bot.backends.cached import Cached
from bot.backends.client import TRIES
from bot.backends.fallback import Fallback
from bot.backends.offline import Offline
from bot.backends.tmdb import Tmdb, tmdb_client
from bot.core import logs
from bot.core.backend import Service, Services
from bot.core.chat import Person
from bot.core.dispatch import Dispatch
from bot.core.errors import MarqueeError
from bot.core.phrases import phrases
from bot.core.posters import BASE, Posters
from bot.core.store import Store
from bot.features import (
    account,
    carry_over,
    history,
    house,
    lists,
    ratings,
    samples,
    search,
    sign_in,
    titles,
    undo,
)
from bot.features import help as helping
from bot.features import settings as preferences
from bot.frontends.telegram import receive
from bot.frontends.telegram.app import Telegram, TokenRefused, who
from bot.frontends.web.app import WebChat
from bot.frontends.web.people import PEOPLE, PLATFORM
from bot.settings import Settings, SettingsError
from storage import inbox, meta, sign_ins, wishes
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

_FEATURES: Final = (
    *(account, carry_over, helping, history, house, lists, preferences, ratings, search, sign_in, titles, undo),
)

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Check:
    """Whether one service answers, and what it said."""

    name: str
    ok: bool
    detail: str


# ── Putting it together ──────────────────────────────────────────────────────────────────────────────────────────


def build(services: Services, store: Store, sample_people: tuple[Person, ...] = ()) -> Dispatch:
    """A dispatch with every feature's handlers."""
    dispatch = Dispatch(services, store)
    for feature in _FEATURES:
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
async def served(settings: Settings, db: Database) -> AsyncIterator[Services]:
    """The account services by `settings`, called through the ordinary client whether embedded or remote."""
    async with AsyncExitStack() as stack:
        tmdb = await stack.enter_async_context(_tmdb(settings))
        found = Cached(tmdb) if tmdb is not None else None
        offline = await Offline.open(db, beyond=None if settings.backend == "offline" else found)
        app = create_app(offline, catalogue=offline, sign_up=offline)
        # ASGITransport runs no lifespan.
        await stack.enter_async_context(app.router.lifespan_context(app))
        api = AccountApi(await stack.enter_async_context(embedded_client(app)))
        here = Service("offline", api, api, api, embedded=True)
        main = here
        if settings.backend == "tmdb" and tmdb is not None and found is not None:
            main = Service(
                "tmdb", tmdb, found, None, embedded=False, approvals=tmdb, label="TMDB", image_base=tmdb.image_base
            )
        elif settings.backend == "account_api":
            url = settings.account_api_url or ""
            remote = AccountApi(await stack.enter_async_context(remote_client(url)), tries=TRIES)
            catalogue = found or Fallback(remote, api)
            main = Service(url, remote, catalogue, remote, embedded=False, label=urlsplit(url).hostname or url)
        yield Services(main, here)


@asynccontextmanager
async def _tmdb(settings: Settings) -> AsyncIterator[Tmdb | None]:
    """TMDB, where there is a key for it."""
    if settings.tmdb_access_token is None:
        yield None
        return
    async with tmdb_client(settings.tmdb_api_url) as client:
        yield Tmdb(client, settings.tmdb_access_token.get_secret_value(), settings.tmdb_web_url)


@asynccontextmanager
async def _api(settings: Settings, db: Database) -> AsyncIterator[ASGIApp]:
    """The account API over what keeps people's lists in the end."""
    match settings.backend:
        case "offline":
            kept = await Offline.open(db)
            yield create_app(kept, catalogue=kept, sign_up=kept, most_sign_ups=SIGN_UPS_AN_HOUR)
        case "account_api":
            async with remote_client(settings.account_api_url or "") as client:
                api = AccountApi(client, tries=TRIES)
                yield create_app(api, catalogue=api, sign_up=api, most_sign_ups=SIGN_UPS_AN_HOUR)
        case "tmdb":
            async with _tmdb(settings) as tmdb:
                assert tmdb is not None  # noqa: S101 - the settings say so
                yield create_app(tmdb, catalogue=Cached(tmdb))


# ── Running ──────────────────────────────────────────────────────────────────────────────────────────────────────


def run(settings: Settings, *, web: bool) -> int:
    """Run every chat that is set up until told to stop. Raises SettingsError and StorageError."""
    if not web and settings.telegram_bot_token is None:
        raise SettingsError("MARQUEE_WEB is off and there is no other chat: set it on, or take it away.")
    asyncio.run(_run(settings, web=web))
    return 0


async def _run(settings: Settings, *, web: bool) -> None:
    refused = ""
    async with opened(settings) as store, served(settings, store.db) as services:
        dispatch = build(services, store, tuple(PEOPLE.values()))
        posters = Posters(f"{settings.tmdb_image_url}/t/p/" if settings.tmdb_image_url else BASE, settings.tmdb_web_url)
        try:
            async with _cut_off_late() as limit, asyncio.TaskGroup() as tasks, AsyncExitStack() as fronts:
                upkeep = tasks.create_task(_upkeep(settings, store, services, posters))
                running = []
                if web:
                    running.append(
                        await fronts.enter_async_context(_web(settings, store, services, dispatch, posters, tasks))
                    )
                if settings.telegram_bot_token is not None:
                    running.append(
                        await fronts.enter_async_context(_telegram(settings, store, dispatch, posters, tasks))
                    )
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
    settings: Settings,
    store: Store,
    services: Services,
    dispatch: Dispatch,
    posters: Posters,
    tasks: asyncio.TaskGroup,
) -> AsyncIterator[asyncio.Task[None]]:
    """The web chat while the block runs; gives the task that ends if it can't go on."""
    key = await _web_key(store)
    pictures = "" if services.main.embedded else _picture_hosts(settings)
    chat = WebChat(store, dispatch.answer, key, lambda ref: services.main.catalogue.title(ref, "en"), posters, pictures)
    dispatch.meet(PLATFORM, chat)
    server = _server(chat.app)
    with _listening("127.0.0.1", settings.web_port, PORTS_TRIED) as listener:
        chat.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        tasks.create_task(chat.run())
        serving = tasks.create_task(server.serve([listener]))
        _say(f"Marquee's web chat: {chat.url}/?key={key}")
        yield serving
        chat.stop()
        server.should_exit = True
        await serving


def _picture_hosts(settings: Settings) -> str:
    """Where the pictures of titles and people come from, as a content security policy has it."""
    images = settings.tmdb_image_url
    own = "{0.scheme}://{0.netloc}".format(urlsplit(images)) if images else "https://*.tmdb.org"
    return f"{own} https://www.gravatar.com"


@asynccontextmanager
async def _telegram(
    settings: Settings, store: Store, dispatch: Dispatch, posters: Posters, tasks: asyncio.TaskGroup
) -> AsyncIterator[asyncio.Task[None]]:
    """The bot on Telegram while the block runs; gives the task that ends if it can't go on."""
    assert settings.telegram_bot_token is not None  # noqa: S101 - it is asked for only then
    token = settings.telegram_bot_token.get_secret_value()
    chat = Telegram(
        store,
        dispatch.answer,
        token,
        api_url=settings.telegram_api_url,
        posters=posters,
        ready=lambda address: _say(f"Marquee is on Telegram: {address}"),
    )
    dispatch.meet(receive.PLATFORM, chat)
    running = tasks.create_task(chat.run())
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


async def _upkeep(settings: Settings, store: Store, services: Services, posters: Posters) -> None:
    """Forget every day what is too old to be of use, and ask where pictures are."""
    while True:
        if services.main.image_base is not None and settings.tmdb_image_url is None:
            posters.base = await services.main.image_base()
        try:
            await inbox.purge(store.db, now=store.now())
            await wishes.purge(store.db, now=store.now())
            await sign_ins.purge(store.db, now=store.now())
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
    async with opened(settings) as store, _api(settings, store.db) as app:
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
            async with opened(passing) as store, served(passing, store.db) as services:
                found.append(await _check_service(services.main))
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
