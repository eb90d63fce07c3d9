"""The one loop that does what a time has come for: it ends votes, and reminds those who have not voted.

Deadlines are rows. What is due is claimed by whoever does it, in a transaction: done twice, it does nothing. After a
start everything is done that came due while nothing ran.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from bot.core.chat import Chat, ChatKind, Platform
from bot.core.dispatch import Answer, Dispatch
from bot.core.intents import NightDue
from bot.core.store import Store
from storage import boards, deadlines
from storage.deadlines import DueRow
from storage.errors import StorageError

LONGEST_SECONDS: Final = 60
"""However far the next deadline is, the clock is looked at that often: it may have been set."""
AGAIN_SECONDS: Final = 5
"""After something did not work."""

_log: Final = logging.getLogger(__name__)


async def keep(dispatch: Dispatch, store: Store, wait: Callable[[float], Awaitable[None]] | None = None) -> None:
    """Do what is due, for ever. `wait` waits so many seconds, or until a deadline may have been set."""
    wait = wait or (lambda seconds: _changed_within(dispatch.changed, seconds))
    async with asyncio.TaskGroup() as telling:
        while True:
            dispatch.changed.clear()
            await wait(await do_due(dispatch, store, telling))


async def do_due(dispatch: Dispatch, store: Store, telling: asyncio.TaskGroup) -> float:
    """Do what is due now, and have it told in tasks of that group; gives the seconds after which to look again."""
    try:
        found, later = await deadlines.due(store.db, now=store.now())
    except StorageError:
        _log.exception("Deadlines could not be read")
        return AGAIN_SECONDS
    done = [
        await _do(one, platform, dispatch, store, telling)
        for one in found
        if (platform := dispatch.platform(one.platform))
    ]
    if not all(done):
        return AGAIN_SECONDS
    return LONGEST_SECONDS if later is None else min(LONGEST_SECONDS, max(0, later - store.now()))


async def _do(due: DueRow, platform: Platform, dispatch: Dispatch, store: Store, telling: asyncio.TaskGroup) -> bool:
    """Do it; False if that has to be tried again. A platform that doesn't answer keeps no other waiting."""
    try:
        row = await boards.read(store.db, platform=due.platform, board=f"night {due.night_id}")
        chat = Chat(due.platform, due.chat_id, ChatKind.GROUP)
        answer = await dispatch.happen(NightDue(due.night_id, due.nudge), chat, row.language if row else "en")
    except Exception:  # noqa: BLE001 - one night must not keep all others, and the bot, from going on
        _log.exception("A film night's time came, and nothing could be done")
        return False
    telling.create_task(_tell(answer, platform))
    return True


async def _tell(answer: Answer, platform: Platform) -> None:
    try:
        await platform.deliver(answer)
    except Exception:  # noqa: BLE001 - what was done stands, and boards show it at the next start at the latest
        _log.exception("What came of a film night could not be told")


async def _changed_within(changed: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await changed.wait()
