"""A strict double of Telegram's Bot API: a real HTTP server for the bot, and people for the tests. See `BotApi`.

async with serving() as telegram:
    ada = telegram.user("ada")
    typed = ada.starts()
    await telegram.answered(typed)
    assert "Hello" in ada.sees()[-1].text
    press = ada.presses(ada.sees()[-1], "Help")
    assert (await press.told()).text == ""
"""

from tests.doubles.bot_api.double import TOKEN, BotApi, serving
from tests.doubles.bot_api.inline import Article, Offered
from tests.doubles.bot_api.people import Group, Press, Seen, SeenButton, User
from tests.doubles.bot_api.state import Chat, Message
from tests.doubles.bot_api.world import Answer, Call, Typed
from tests.doubles.serving import Clock

__all__ = [
    "TOKEN",
    "Answer",
    "Article",
    "BotApi",
    "Call",
    "Chat",
    "Clock",
    "Group",
    "Message",
    "Offered",
    "Press",
    "Seen",
    "SeenButton",
    "Typed",
    "User",
    "serving",
]
