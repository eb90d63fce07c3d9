"""What the double says is understood by the types of python-telegram-bot and of aiogram, to the last field."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiogram.types
import pytest
import telegram
import telegram.error
from PIL import Image
from pydantic import BaseModel
from telegram.request import HTTPXRequest

from tests.doubles.bot_api import BotApi, User
from tests.doubles.bot_api.faults import retry_after
from tests.doubles.conftest import Caller

NEWER = {"can_send_welcome_messages"}
"""What the Bot API has, and python-telegram-bot is yet to learn."""
PREVIEW = telegram.LinkPreviewOptions(
    url="https://image.example.org/1.jpg", prefer_large_media=True, show_above_text=True
)


def png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 60)).save(file, "PNG")
    return file.getvalue()


def keyboard() -> telegram.InlineKeyboardMarkup:
    yes = telegram.InlineKeyboardButton("Yes", callback_data="1yes")
    private = telegram.InlineKeyboardButton("Private", url="https://t.me/marquee_test_bot?start=x")
    return telegram.InlineKeyboardMarkup([[yes, private]])


def article(number: str) -> dict[str, Any]:
    content = {"message_text": "<b>Fight Club</b>", "parse_mode": "HTML", "link_preview_options": PREVIEW.to_dict()}
    return {
        "type": "article",
        "id": number,
        "title": "Fight Club",
        "input_message_content": content,
        "reply_markup": keyboard().to_dict(),
    }


@pytest.fixture
def ada(double: BotApi) -> User:
    return double.user("ada", last_name="Lovelace", started=True)


@pytest.fixture
async def bot(double: BotApi) -> AsyncIterator[telegram.Bot]:
    async with telegram.Bot(double.token, f"{double.url}/bot", request=HTTPXRequest(connection_pool_size=1)) as running:
        yield running


def leftovers(thing: object) -> Iterator[str]:
    """Fields that python-telegram-bot does not know, though it should."""
    if isinstance(thing, telegram.TelegramObject):
        yield from (f"{type(thing).__name__}.{name}" for name in thing.api_kwargs if name not in NEWER)
        for name in thing.__slots__:
            yield from leftovers(getattr(thing, name, None))
    elif isinstance(thing, (list, tuple)):
        for each in thing:
            yield from leftovers(each)


def extras(thing: object) -> Iterator[str]:
    """Fields that aiogram does not know."""
    if isinstance(thing, BaseModel):
        yield from (f"{type(thing).__name__}.{name}" for name in thing.model_extra or ())
        for name in type(thing).model_fields:
            yield from extras(getattr(thing, name))
    elif isinstance(thing, (list, tuple)):
        for each in thing:
            yield from extras(each)


async def everything(double: BotApi, call: Caller, ada: User) -> None:
    """One of all that can happen."""
    await call("getUpdates", allowed_updates=["message", "edited_message", "callback_query", *MORE])
    uwe = double.user("uwe", language_code="de")
    group = double.group("Film club", [ada, uwe])
    group.add_bot()
    group.promote_bot()
    group.promote(uwe)
    group.demote(uwe)
    group.remove(uwe)
    sent = await call("sendMessage", chat_id=group.id, text="hi", reply_markup=keyboard().to_dict())
    await call("pinChatMessage", chat_id=group.id, message_id=sent["message_id"])
    ada.presses(ada.sees(group)[-1], "Yes")
    ada.types("really?", group, reply_to=ada.sees(group)[-1])
    moved = group.migrate()
    moved.promote(ada, anonymous=True)
    moved.promote_bot()
    ada.types("I am the group", moved)
    forum = double.forum("Cinema", [ada])
    forum.add_bot()
    forum.promote_bot()
    ada.edits(ada.types("@uwe https://example.org", forum, thread=forum.topic("Drama")), "/help@marquee_test_bot")
    channel = double.channel("News", ada)
    channel.add_bot(status="administrator")
    ada.types("post", channel)
    ada.types("as a channel", forum, channel=channel)
    ada.presses_data(double.inline_message(ada, "x"), "1yes")
    typed = ada.types_inline("fight")
    await call("answerInlineQuery", inline_query_id=typed.id, results=[article("m550")])
    ada.chooses(typed, "Fight Club", ada.chat)
    gone = ada.starts("x")
    ada.deletes(gone)
    ada.presses_data(gone, "1yes")
    forum.kick_bot()
    ada.blocks_bot()


MORE = ["my_chat_member", "chat_member", "channel_post", "inline_query", "chosen_inline_result"]


async def test_every_update_is_understood(double: BotApi, call: Caller, ada: User) -> None:
    await everything(double, call, ada)
    updates = await call("getUpdates")
    assert {name for update in updates for name in update} == {
        "update_id",
        "message",
        "edited_message",
        "callback_query",
        *MORE,
    }
    for update in updates:
        parsed = telegram.Update.de_json(update, None)
        assert list(leftovers(parsed)) == [], update
        assert _without_defaults(parsed.to_dict()) == _without_defaults(update)
        assert list(extras(aiogram.types.Update.model_validate(update))) == [], update


def _without_defaults(thing: Any) -> Any:
    """What it says, whether or not it says what goes without saying."""
    if isinstance(thing, dict):
        kept = {name: _without_defaults(value) for name, value in thing.items()}
        return {name: value for name, value in kept.items() if value not in (None, False, [], {}, "")}
    return [_without_defaults(each) for each in thing] if isinstance(thing, (list, tuple)) else thing


async def test_every_answer_is_understood(double: BotApi, call: Caller, bot: telegram.Bot, ada: User) -> None:
    group = double.supergroup("Cinema", [ada])
    group.add_bot(status="administrator")
    answers: list[object] = [
        await bot.get_me(),
        message := await bot.send_message(
            ada.id,
            "<b>Hi</b> <a href='https://example.org'>x</a>",
            "HTML",
            reply_markup=keyboard(),
            link_preview_options=PREVIEW,
        ),
        await message.edit_text("Ho", reply_markup=keyboard(), link_preview_options=PREVIEW),
        await message.edit_reply_markup(),
        photo := await bot.send_photo(ada.id, png(), "<i>x</i>", parse_mode="HTML", show_caption_above_media=True),
        await photo.edit_caption("y"),
        await message.edit_media(telegram.InputMediaPhoto(png(), "z")),
        await bot.send_message(ada.id, "x", reply_parameters=telegram.ReplyParameters(message.message_id)),
        await bot.send_message(group.id, f"<a href='tg://user?id={ada.id}'>Ada</a>", "HTML"),
        await bot.get_chat(group.id),
        await bot.get_chat(ada.id),
        await bot.get_chat_administrators(group.id),
        await bot.get_chat_member(group.id, ada.id),
        await bot.get_webhook_info(),
        await bot.get_my_commands(),
    ]
    assert list(leftovers(answers)) == []
    kinds: dict[str, type[BaseModel]] = {
        "sendMessage": aiogram.types.Message,
        "sendPhoto": aiogram.types.Message,
        "editMessageText": aiogram.types.Message,
        "editMessageMedia": aiogram.types.Message,
        "getMe": aiogram.types.User,
        "getChat": aiogram.types.ChatFullInfo,
        "getWebhookInfo": aiogram.types.WebhookInfo,
    }
    for made in double.world.calls:
        if made.method in kinds:
            assert list(extras(kinds[made.method].model_validate(made.result))) == [], made


async def test_the_library_gets_along(double: BotApi, bot: telegram.Bot, ada: User) -> None:
    group = double.group("Film club", [ada])
    group.add_bot(status="administrator")
    sent = await bot.send_message(group.id, "Well?", reply_markup=keyboard(), disable_notification=True)
    await bot.pin_chat_message(group.id, sent.message_id)
    await bot.unpin_chat_message(group.id, sent.message_id)
    await bot.send_chat_action(group.id, "typing")
    press = ada.presses(ada.sees(group)[-1], "Yes")
    updates = await bot.get_updates(allowed_updates=["callback_query"], timeout=0)
    [query] = [update.callback_query for update in updates if update.callback_query]
    await query.answer("Noted", show_alert=True)
    assert (await press.answer).text == "Noted"
    await bot.set_my_commands(
        [("help", "Help")], telegram.BotCommandScopeChatAdministrators(group.id), language_code="de"
    )
    await bot.delete_my_commands(telegram.BotCommandScopeAllPrivateChats())
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_chat_member_count(group.id) == 2
    await bot.delete_message(group.id, sent.message_id)
    await bot.leave_chat(group.id)


@pytest.mark.filterwarnings("ignore:.*retry_after:DeprecationWarning")
async def test_the_library_understands_refusals(double: BotApi, bot: telegram.Bot, ada: User) -> None:
    group = double.group("Film club", [ada])
    group.add_bot()
    moved = group.migrate()
    with pytest.raises(telegram.error.ChatMigrated) as migrated:
        await bot.send_message(group.id, "hi")
    assert migrated.value.new_chat_id == moved.id
    ada.blocks_bot()
    with pytest.raises(telegram.error.Forbidden, match="blocked"):
        await bot.send_message(ada.id, "hi")
    double.faults.add("getMe", retry_after(3))
    with pytest.raises(telegram.error.RetryAfter):
        await bot.get_me()
    with pytest.raises(telegram.error.BadRequest, match="not found"):
        await bot.send_message(1, "hi")


async def test_the_library_can_offer_and_change_what_was_chosen(double: BotApi, bot: telegram.Bot, ada: User) -> None:
    friends = double.group("Friends", [ada])
    typed = ada.types_inline("fight", chat_type="group")
    [update] = await bot.get_updates(allowed_updates=["inline_query", "chosen_inline_result"], timeout=0)
    assert update.inline_query is not None
    result = telegram.InlineQueryResultArticle(
        "m550",
        "Fight Club",
        telegram.InputTextMessageContent("<b>Fight Club</b>", "HTML", link_preview_options=PREVIEW),
        reply_markup=keyboard(),
        description="film",
        thumbnail_url="https://image.example.org/1.jpg",
    )
    button = telegram.InlineQueryResultsButton("Sign in", start_parameter="login")
    assert await update.inline_query.answer([result], cache_time=0, is_personal=True, next_offset="20", button=button)
    offered = await typed.told()
    assert (offered.cache_time, offered.is_personal, offered.next_offset) == (0, True, "20")
    assert (offered.titles, offered.button) == (["Fight Club"], ("Sign in", "login"))
    ada.chooses(typed, "Fight Club", friends)
    [chosen] = [each.chosen_inline_result for each in await bot.get_updates(update.update_id + 1, timeout=0)]
    assert chosen is not None
    assert await bot.edit_message_text("Ho", inline_message_id=chosen.inline_message_id) is True
    assert ada.sees(friends)[-1].text == "Ho"
