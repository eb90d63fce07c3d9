"""Joins everything: the services (`services`), the features, and the front ends, and runs them."""

from __future__ import annotations

import asyncio
import logging
import secrets
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Final
from urllib.parse import urlsplit

from bot.app.checks import Check, check
from bot.app.listening import STOP_SECONDS, listening, say, server
from bot.app.services import opened, served, served_api
from bot.core import approving, deadlines, logs
from bot.core.backend import Services
from bot.core.chat import Person
from bot.core.dispatch import Dispatch
from bot.core.errors import MarqueeError
from bot.core.posters import BASE, Posters
from bot.core.store import Store
from bot.features import (
    account,
    carry_over,
    discovery,
    history,
    house,
    inline,
    listing,
    lists,
    nights,
    parties,
    people,
    picking,
    ratings,
    samples,
    search,
    sign_in,
    titles,
    undo,
    watching,
)
from bot.features import help as helping
from bot.features import settings as preferences
from bot.frontends.telegram import receive
from bot.frontends.telegram.app import Telegram, TokenRefused
from bot.frontends.web.app import WebChat
from bot.frontends.web.people import PEOPLE, PLATFORM
from bot.settings import Settings, SettingsError
from storage import inbox, meta, sign_ins, wishes
from storage.errors import StorageError
from storage.nights import purge as purge_presses
from storage.party_upkeep import purge as purge_parties

__all__ = ["Check", "StorageError", "build", "check", "run", "serve_api"]

PORTS_TRIED: Final = 20
UPKEEP_SECONDS: Final = 24 * 3600
ASTRAY_SECONDS: Final = 60

_FEATURES: Final = (
    *(account, carry_over, discovery, helping, history, house, listing, lists, nights, people, picking, preferences),
    *(parties, ratings, search, sign_in, titles, undo, watching),
)

_log: Final = logging.getLogger(__name__)


# ── Putting it together ──────────────────────────────────────────────────────────────────────────────────────────


def build(
    services: Services,
    store: Store,
    sample_people: tuple[Person, ...] = (),
    allowed: frozenset[str] | None = None,
) -> Dispatch:
    """A dispatch with every feature's handlers."""
    dispatch = Dispatch(services, store, allowed=allowed)
    for feature in _FEATURES:
        feature.install(dispatch)
    samples.install(dispatch, sample_people)
    dispatch.check()
    return dispatch


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
        dispatch = build(services, store, tuple(PEOPLE.values()), settings.allowed)
        posters = Posters(f"{settings.tmdb_image_url}/t/p/" if settings.tmdb_image_url else BASE, settings.tmdb_web_url)
        try:
            async with _cut_off_late() as limit, asyncio.TaskGroup() as tasks, AsyncExitStack() as fronts:
                upkeep = tasks.create_task(_upkeep(settings, store, services, posters))
                mirroring = tasks.create_task(dispatch.mirror.run())
                ending = tasks.create_task(_end_astray(store, services))
                running = []
                if web:
                    running.append(
                        await fronts.enter_async_context(_web(settings, store, services, dispatch, posters, tasks))
                    )
                if settings.telegram_bot_token is not None:
                    running.append(
                        await fronts.enter_async_context(_telegram(settings, store, dispatch, posters, tasks))
                    )
                # Only now is it known who is to be told of what came due meanwhile.
                waiting = tasks.create_task(deadlines.keep(dispatch, store))
                say("Stop it with Ctrl+C.")
                await _told_to_stop(*running)
                limit.reschedule(asyncio.get_running_loop().time() + STOP_SECONDS)
                upkeep.cancel()
                mirroring.cancel()
                waiting.cancel()
                ending.cancel()
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
    chat = WebChat(
        store,
        dispatch.answer,
        key,
        lambda ref: services.main.catalogue.title(ref, "en"),
        posters,
        pictures,
        dispatch.happen,
    )
    dispatch.meet(PLATFORM, chat)
    web = server(chat.app)
    with listening("127.0.0.1", settings.web_port, PORTS_TRIED) as listener:
        chat.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        tasks.create_task(chat.run())
        serving = tasks.create_task(web.serve([listener]))
        say(f"Marquee's web chat: {chat.url}/?key={key}")
        yield serving
        chat.stop()
        web.should_exit = True
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
        offers=inline.offering(dispatch),
        list_in=parties.finding(dispatch),
        happen=dispatch.happen,
        welcome=lambda chat_id: dispatch.allows(receive.PLATFORM, chat_id),
        ready=lambda address: say(f"Marquee is on Telegram: {address}"),
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


async def _end_astray(store: Store, services: Services) -> None:
    """Tell the service, as soon as it answers, of sessions that must not go on."""
    while True:
        with suppress(MarqueeError, StorageError):
            await approving.end_astray(store, services)
        await asyncio.sleep(ASTRAY_SECONDS)


async def _upkeep(settings: Settings, store: Store, services: Services, posters: Posters) -> None:
    """Forget every day what is too old to be of use, and ask where pictures are."""
    while True:
        if services.main.image_base is not None and settings.tmdb_image_url is None:
            posters.base = await services.main.image_base()
        try:
            await inbox.purge(store.db, now=store.now())
            await wishes.purge(store.db, now=store.now())
            await sign_ins.purge(store.db, now=store.now())
            await purge_presses(store.db, now=store.now())
            await purge_parties(store.db, now=store.now())
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
    async with opened(settings) as store, served_api(settings, store.db) as app:
        with listening(settings.api_host, settings.api_port, 1) as listener:
            host, port = listener.getsockname()[:2]
            async with asyncio.TaskGroup() as tasks:
                api = server(app, lifespan="on")
                serving = tasks.create_task(api.serve([listener]))
                say(f"The account API: http://{host}:{port}/api, described at http://{host}:{port}/openapi.json")
                await _told_to_stop(serving)
                api.should_exit = True


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
