"""answerCallbackQuery: the one answer to a pressed button."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

from tests.doubles.bot_api.methods import method
from tests.doubles.bot_api.refusals import bad
from tests.doubles.bot_api.wire import Asked
from tests.doubles.bot_api.world import Answer, World

MOST_ALERT: Final = 200


@method("answerCallbackQuery", "callback_query_id text show_alert url cache_time")
async def answer_callback_query(world: World, asked: Asked) -> bool:
    """A toast, an alert, an address of the bot itself, or nothing. Once, and within 150 s."""
    if not asked.has("callback_query_id"):
        raise bad("callback_query_id is not specified")
    text, url = asked.text("text"), asked.text("url")
    if len(text) > MOST_ALERT:
        raise bad("MESSAGE_TOO_LONG")
    if url and start_payload(world, url) is None:
        raise bad("URL_INVALID")
    if url and text:
        asked.complain("answerCallbackQuery: beside a text, apps do not open the address")
    answer = Answer(text, asked.flag("show_alert"), url or None, asked.whole("cache_time") or 0)
    world.answer(asked.text("callback_query_id"), answer)
    return True


def start_payload(world: World, url: str) -> str | None:
    """The payload of an address that opens this very bot, or None: the only ones that an answer may carry.

    With its scheme, and with `start`: `t.me/bot` and others' addresses are refused as URL_INVALID, as many have found.
    """
    parts = urlsplit(url)
    names = parse_qs(parts.query)
    if parts.scheme not in {"http", "https"} or parts.hostname not in {"t.me", "telegram.me", "telegram.dog"}:
        return None
    if parts.path.strip("/").lower() != (world.bot.username or "").lower() or names.keys() != {"start"}:
        return None
    [payload] = names["start"]
    return payload if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload) else None
