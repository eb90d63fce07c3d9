"""Which services there are by the settings, and how the bot reaches them."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

from starlette.types import ASGIApp

from bot.api.app import create_app
from bot.backends.account_api import AccountApi, embedded_client, remote_client
from bot.backends.cached import Cached
from bot.backends.client import TRIES
from bot.backends.fallback import Fallback
from bot.backends.offline import Offline, OfflineDiscovery
from bot.backends.tmdb import Tmdb, tmdb_client
from bot.core.backend import Service, Services
from bot.core.store import Store
from bot.settings import Settings
from storage.database import Database
from storage.sealing import Seal

SIGN_UPS_AN_HOUR: Final = 10
"""Accounts that one address may make on the served API."""


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
        tmdb = await stack.enter_async_context(tmdb_by(settings))
        found = Cached(tmdb) if tmdb is not None and settings.backend != "offline" else None
        offline = await Offline.open(db)
        app = create_app(offline, catalogue=offline, sign_up=offline)
        # ASGITransport runs no lifespan.
        await stack.enter_async_context(app.router.lifespan_context(app))
        api = AccountApi(await stack.enter_async_context(embedded_client(app)))
        discovery = found or await OfflineDiscovery.open(db)
        here = Service("offline", api, api, api, embedded=True, discovery=discovery)
        main = here
        if settings.backend == "tmdb" and tmdb is not None and found is not None:
            main = Service(
                "tmdb",
                tmdb,
                found,
                None,
                embedded=False,
                discovery=found,
                approvals=tmdb,
                label="TMDB",
                image_base=tmdb.image_base,
            )
        elif settings.backend == "account_api":
            url = settings.account_api_url or ""
            remote = AccountApi(await stack.enter_async_context(remote_client(url)), tries=TRIES)
            catalogue = found or Fallback(remote, api)
            label = urlsplit(url).hostname or url
            main = Service(url, remote, catalogue, remote, embedded=False, discovery=discovery, label=label)
        if main is not here:
            # Only now: it may itself fall back on what the embedded service knows.
            offline.beyond = main.catalogue
        yield Services(main, here)


@asynccontextmanager
async def tmdb_by(settings: Settings) -> AsyncIterator[Tmdb | None]:
    """TMDB, where there is a key for it."""
    if settings.tmdb_access_token is None:
        yield None
        return
    async with tmdb_client(settings.tmdb_api_url) as client:
        yield Tmdb(client, settings.tmdb_access_token.get_secret_value(), settings.tmdb_web_url)


@asynccontextmanager
async def served_api(settings: Settings, db: Database) -> AsyncIterator[ASGIApp]:
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
            async with tmdb_by(settings) as tmdb:
                assert tmdb is not None  # noqa: S101 - the settings say so
                yield create_app(tmdb, catalogue=Cached(tmdb))
