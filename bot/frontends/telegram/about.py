"""Which title a message is about, and whether it is the bot's. `bot_id` is the bot's own number."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

import telegram

from bot.core import grammar, naming
from bot.core.errors import MarqueeError
from bot.core.intents import ShowTitle, Target, Unwatch, Watch
from bot.core.model import TitleRef

MOST_TEXT: Final = 4096
"""Characters of a message. Telegram sends no longer ones; a server that did should not keep everybody waiting."""


def is_below(message: telegram.Message, bot_id: int) -> bool:
    """Whether it was said below a message of the bot's."""
    answered = message.reply_to_message
    return answered is not None and answered.from_user is not None and answered.from_user.id == bot_id


def is_via(message: telegram.Message, bot_id: int) -> bool:
    """Whether somebody has put it there by typing the bot's name: then it is ours, too, though not from us."""
    return message.via_bot is not None and message.via_bot.id == bot_id


def about(message: telegram.Message, bot_id: int) -> Target | None:
    """The title of the message that it was said below: that of a card of ours, or of a title's address."""
    answered = message.reply_to_message
    if answered is None:
        return None
    if is_via(answered, bot_id) or is_below(message, bot_id):
        return title_of(answered)
    named = naming.address((answered.text or answered.caption or "")[:MOST_TEXT])
    return named.title if isinstance(named, ShowTitle) else None


def title_of(message: telegram.Message) -> TitleRef | None:
    """The title of a card of ours, by the button that puts it on a watchlist."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup is not None else ()
    for data in (button.callback_data for row in rows for button in row if isinstance(button.callback_data, str)):
        with suppress(MarqueeError):
            match grammar.read_button(data):
                case Watch(TitleRef() as title) | Unwatch(TitleRef() as title):
                    return title
    return None
