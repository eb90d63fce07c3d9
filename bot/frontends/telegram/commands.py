"""The commands that Telegram suggests while somebody types: by kind of chat and language, sent only when changed."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from functools import partial
from typing import Final, TypeAlias

from telegram import (
    Bot,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)
from telegram.error import TelegramError

from bot.core.intents import COMMANDS
from bot.core.phrases import LANGUAGES, Text, phrases
from bot.core.store import Store
from bot.frontends.telegram.send import Sender
from storage import meta
from storage.errors import StorageError

IN_GROUPS: Final = (
    *("night", "party", "propose", "search", "movie", "tv", "trending", "similar", "watch", "fav", "rate", "watchlist"),
    *("undo", "help"),
)
FOR_ADMINS: Final = (*IN_GROUPS, "settings", "language", "login")
"""Who runs a group can set it up, and connect an account of its own."""
KEY: Final = "telegram commands"

Menu: TypeAlias = tuple[BotCommandScope, str | None, list[tuple[str, str]]]

_log: Final = logging.getLogger(__name__)


def menus() -> Iterator[Menu]:
    """Every menu: its scope, its language (None: for all that have none of their own), its commands."""
    scopes: tuple[tuple[BotCommandScope, tuple[str, ...]], ...] = (
        (BotCommandScopeAllPrivateChats(), tuple(COMMANDS)),
        (BotCommandScopeAllGroupChats(), IN_GROUPS),
        (BotCommandScopeAllChatAdministrators(), FOR_ADMINS),
    )
    for scope, words in scopes:
        for language in LANGUAGES:
            spoken = phrases(language)
            commands = [(word, spoken.text(Text(COMMANDS[word].summary))) for word in words]
            yield scope, None if language == "en" else language, commands


async def register(bot: Bot, sender: Sender, store: Store) -> None:
    """Tell Telegram the menus, unless it was told the same before. What fails is done at the next start."""
    wanted = list(menus())
    told = json.dumps([bot.id, *([scope.type, language, commands] for scope, language, commands in wanted)])
    digest = hashlib.sha256(told.encode()).hexdigest()
    if await meta.read(store.db, KEY) == digest:
        return
    try:
        for scope, language, commands in wanted:
            await sender.call(partial(bot.set_my_commands, commands, scope, language))
        await meta.keep(store.db, KEY, digest)
    except (TelegramError, StorageError) as error:
        _log.warning("The commands' menus were not taken: %s", error)
