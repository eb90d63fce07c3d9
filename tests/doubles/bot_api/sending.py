"""The methods that write into a chat (sendMessage, sendPhoto, sendChatAction) or change what was written."""

from __future__ import annotations

from typing import Final

from tests.doubles.bot_api.content import (
    Picture,
    read_caption,
    read_media,
    read_picture,
    read_place,
    read_preview,
    read_text,
    with_mentions,
)
from tests.doubles.bot_api.keyboards import read_keyboard
from tests.doubles.bot_api.methods import method
from tests.doubles.bot_api.refusals import NOT_MODIFIED, bad
from tests.doubles.bot_api.state import Chat, Message
from tests.doubles.bot_api.wire import Asked, Json
from tests.doubles.bot_api.world import World

TWO_DAYS: Final = 48 * 3600
_ACTIONS: Final = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
_SEND = (
    "business_connection_id chat_id message_thread_id direct_messages_topic_id disable_notification protect_content "
    "allow_paid_broadcast message_effect_id suggested_post_parameters reply_parameters reply_markup "
)
_EDIT = "business_connection_id chat_id message_id inline_message_id reply_markup "


@method("sendMessage", _SEND + "text parse_mode entities link_preview_options")
async def send_message(world: World, asked: Asked) -> Json:
    """A text."""
    chat = world.writable(asked.values.get("chat_id"))
    text, entities = read_text(asked)
    message = _new(world, asked, chat)
    message.text, message.entities = text, with_mentions(world, chat, entities)
    message.preview = read_preview(asked, text, entities)
    return world.add(message, mine=True).json()


@method("sendPhoto", _SEND + "photo caption parse_mode caption_entities show_caption_above_media has_spoiler")
async def send_photo(world: World, asked: Asked) -> Json:
    """A picture: uploaded, from an address, or one that was sent before."""
    chat = world.writable(asked.values.get("chat_id"), "photos")
    picture = read_picture(world, asked)
    message = _new(world, asked, chat)
    _show(world, message, picture)
    return world.add(message, mine=True).json()


def _new(world: World, asked: Asked, chat: Chat) -> Message:
    keyboard = read_keyboard(asked)
    answered, thread = read_place(world, asked, chat)
    message = Message(chat, 0, world.now(), world.bot, keyboard=keyboard, thread=thread, reply_to=answered)
    message.in_topic = thread is not None
    if answered and not message.in_topic and chat.type == "supergroup":
        message.thread = answered.thread or answered.id
    if chat.type == "channel":
        message.sender, message.sender_chat = None, chat
    message.id = next(chat.numbers)
    return message


def _show(world: World, message: Message, picture: Picture) -> None:
    message.photo, message.text = picture.photo, picture.caption
    message.entities = with_mentions(world, message.chat, picture.entities)
    message.caption_above, message.preview = picture.above, None


@method("sendChatAction", "business_connection_id chat_id message_thread_id action")
async def send_chat_action(world: World, asked: Asked) -> bool:
    """Say "is typing": kept in the chat's `actions`."""
    chat = world.writable(asked.values.get("chat_id"))
    if asked.text("action") not in _ACTIONS:
        raise bad("wrong parameter action in request")
    if asked.whole("message_thread_id") not in (None, 1):
        read_place(world, asked, chat)
    chat.actions.append(asked.text("action"))
    return True


def _own(world: World, asked: Asked) -> Message:
    """The message to edit. Refused."""
    if asked.has("inline_message_id"):
        inline = world.inline_messages.get(asked.text("inline_message_id"))
        if inline is None or inline.deleted:
            raise bad("MESSAGE_ID_INVALID")
        return inline
    chat = world.writable(asked.values.get("chat_id"))
    number = asked.whole("message_id")
    if number is None:
        raise bad("message identifier is not specified")
    message = world.find_message(chat, number, "message to edit not found")
    if message.service or (message.sender is not world.bot and chat.type != "channel"):
        raise bad("message can't be edited")
    return message


def _edited(world: World, message: Message, before: object) -> Json | bool:
    if message.content() == before:
        raise bad(NOT_MODIFIED)
    message.edit_date = max(world.now(), message.date)
    world.written.append(message)
    world.bell.ring()
    return True if message.inline_id else message.json()


@method("editMessageText", _EDIT + "text parse_mode entities link_preview_options")
async def edit_message_text(world: World, asked: Asked) -> Json | bool:
    """Another text, preview and keyboard; the keyboard goes if none is given."""
    message = _own(world, asked)
    text, entities = read_text(asked)
    keyboard, preview = read_keyboard(asked), read_preview(asked, text, entities)
    if message.photo:
        raise bad("there is no text in the message to edit")
    before = message.content()
    message.text, message.entities = text, with_mentions(world, message.chat, entities)
    message.keyboard, message.preview = keyboard, preview
    return _edited(world, message, before)


@method("editMessageCaption", _EDIT + "caption parse_mode caption_entities show_caption_above_media")
async def edit_message_caption(world: World, asked: Asked) -> Json | bool:
    """Another caption and keyboard."""
    message = _own(world, asked)
    caption, entities = read_caption(asked)
    keyboard = read_keyboard(asked)
    if not message.photo:
        raise bad("there is no caption in the message to edit")
    before = message.content()
    message.text, message.entities = caption, with_mentions(world, message.chat, entities)
    message.keyboard = keyboard
    message.caption_above = asked.flag("show_caption_above_media")
    return _edited(world, message, before)


@method("editMessageMedia", _EDIT + "media")
async def edit_message_media(world: World, asked: Asked) -> Json | bool:
    """Another picture with its caption, also where a text was."""
    message = _own(world, asked)
    picture, keyboard = read_media(world, asked), read_keyboard(asked)
    before = message.content()
    _show(world, message, picture)
    message.keyboard = keyboard
    return _edited(world, message, before)


@method("editMessageReplyMarkup", _EDIT)
async def edit_message_reply_markup(world: World, asked: Asked) -> Json | bool:
    """Another keyboard, or none."""
    message = _own(world, asked)
    keyboard = read_keyboard(asked)
    before = message.content()
    message.keyboard = keyboard
    return _edited(world, message, before)


@method("deleteMessage", "chat_id message_id")
async def delete_message(world: World, asked: Asked) -> bool:
    """The bot's own, for 48 hours; a person's in a private chat, or as an admin."""
    chat = world.readable(asked.values.get("chat_id"))
    number = asked.whole("message_id")
    if number is None:
        raise bad("message identifier is not specified")
    message = world.find_message(chat, number, "message to delete not found")
    admin = world.status(chat).is_admin
    mine = message.sender is world.bot or chat.person is not None
    if not admin and (not mine or world.now() - message.date > TWO_DAYS):
        raise bad("message can't be deleted for everyone")
    message.deleted = True
    world.bell.ring()
    return True
