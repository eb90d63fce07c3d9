"""What `python -m bot check` says: whether the database is sound, and whether each service answers, and how fast."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.app.services import opened, served, tmdb_by
from bot.core.backend import Accounts, Catalogue
from bot.core.errors import KeyRefused, MarqueeError, SessionEnded
from bot.core.phrases import phrases
from bot.frontends.telegram.app import who
from bot.settings import Settings
from storage.database import is_new
from storage.errors import DatabaseInUse, StorageError


@dataclass(frozen=True, slots=True)
class Check:
    """Whether one service answers, and what it said. `warns`: it works, and should be seen to."""

    name: str
    ok: bool
    detail: str
    warns: bool = False


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
        found.append(await _check_accounts(settings))
    if settings.tmdb_access_token is not None:
        found.append(await _check_tmdb(settings))
    if settings.telegram_bot_token is not None:
        token = settings.telegram_bot_token.get_secret_value()
        begun = time.monotonic()
        ok, detail = await who(token, settings.telegram_api_url)
        found.append(Check("Telegram", ok=ok, detail=f"{detail} ({_milliseconds(begun)})" if ok else detail))
        if settings.allowed is not None or settings.tmdb_access_token is not None:
            found.append(_check_open(settings))
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


async def _check_accounts(settings: Settings) -> Check:
    """The service that keeps people's lists; one that is TMDB is asked in `_check_tmdb`."""
    name = f"account service ({settings.account_api_url or settings.backend})"
    if settings.backend == "tmdb":
        return Check(name, ok=True, detail="people's lists are kept at TMDB")
    with TemporaryDirectory(prefix="marquee-check-") as folder:
        passing = settings.model_copy(update={"database": Path(folder) / "marquee.db"})
        async with opened(passing) as store, served(passing, store.db) as services:
            if services.main.embedded:
                return await _asked(name, _finds(services.main.catalogue))
            return await _asked(name, _refuses_strangers(services.main.accounts))


async def _refuses_strangers(accounts: Accounts) -> str:
    """Every server of the account API has this call, whatever else it lacks."""
    with suppress(SessionEnded):
        await accounts.account("no-session")
    return "answers"


async def _finds(catalogue: Catalogue) -> str:
    found = await catalogue.search("fight club", None, None, "en", 1)
    return f"answers; it finds {found.total_results} titles for “fight club”"


async def _check_tmdb(settings: Settings) -> Check:
    async with tmdb_by(settings) as tmdb:
        assert tmdb is not None  # noqa: S101 - it is asked for only then
        found = await _asked("TMDB", tmdb.check())
    if found.detail == phrases("en").text(KeyRefused("TMDB").sentence):
        return Check("TMDB", ok=False, detail="it refuses TMDB_ACCESS_TOKEN: take the API Read Access Token anew")
    return found


async def _asked(name: str, question: Awaitable[str]) -> Check:
    begun = time.monotonic()
    try:
        detail = await question
    except MarqueeError as error:
        return Check(name, ok=False, detail=phrases("en").text(error.sentence))
    return Check(name, ok=True, detail=f"{detail} ({_milliseconds(begun)})")


def _check_open(settings: Settings) -> Check:
    """Whoever finds an open bot spends its host's key."""
    if settings.allowed is not None:
        return Check("MARQUEE_ALLOWED", ok=True, detail=f"only {len(settings.allowed)} persons and groups may use it")
    detail = "everybody who finds the bot may use it, and spends your TMDB key: name who may in this setting"
    return Check("MARQUEE_ALLOWED", ok=True, detail=detail, warns=True)


def _milliseconds(begun: float) -> str:
    return f"{(time.monotonic() - begun) * 1000:.0f} ms"
