"""What goes into a message: texts, captions, pictures, previews, what it answers and where it stands."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from typing import Final

from PIL import Image, UnidentifiedImageError

from tests.doubles.bot_api.entities import Entity, clean, given, is_blank, overlapping, parse_html, with_found
from tests.doubles.bot_api.refusals import bad
from tests.doubles.bot_api.state import Chat, Message, Photo
from tests.doubles.bot_api.wire import Asked, Json
from tests.doubles.bot_api.world import World

MOST_TEXT: Final = 4096
MOST_CAPTION: Final = 1024
MOST_PHOTO_BYTES: Final = 10 * 1024 * 1024
MOST_PHOTO_SIDES: Final = 10_000

_ENTITY_FIELDS: Final = {"type", "offset", "length", "url", "user", "language", "custom_emoji_id"}
_PREVIEW_FIELDS: Final = {"is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text"}
_PERSON: Final = re.compile(r"tg:(?://)?user\?id=([0-9]{1,19})", re.IGNORECASE)
_REPLY_FIELDS: Final = {
    "message_id",
    "chat_id",
    "allow_sending_without_reply",
    "quote",
    "quote_parse_mode",
    "quote_entities",
    "quote_position",
}


def read_text(asked: Asked) -> tuple[str, list[Entity]]:
    """`text` as it will be shown, of 1 to 4,096 characters. Refused."""
    if not asked.text("text"):
        raise bad("message text is empty")
    text, entities = _formatted(asked, asked.text("text"), asked.text("parse_mode"), asked.items("entities"))
    if is_blank(text):
        raise bad("text must be non-empty")
    if len(text) > MOST_TEXT:
        raise bad("message is too long")
    return text, entities


def read_caption(asked: Asked) -> tuple[str, list[Entity]]:
    """`caption` as it will be shown, of at most 1,024 characters. Refused."""
    return _caption(asked, asked.text("caption"), asked.text("parse_mode"), asked.items("caption_entities"))


def _caption(asked: Asked, caption: str, parse_mode: str, entities: list[Json]) -> tuple[str, list[Entity]]:
    text, found = _formatted(asked, caption, parse_mode, entities)
    if len(text) > MOST_CAPTION:
        raise bad("message caption is too long")
    return text, found


def _formatted(asked: Asked, source: str, parse_mode: str, entities: list[Json]) -> tuple[str, list[Entity]]:
    if parse_mode and entities:
        asked.complain(f"{asked.method}: parse_mode and entities together; the entities would be ignored")
    if parse_mode.upper() == "HTML":
        text, found, stray = parse_html(source)
        if stray:
            asked.complain(f"{asked.method}: an ampersand that is no entity, so this is not escaped: {source!r}")
    elif parse_mode:
        asked.complain(f"{asked.method}: parse_mode {parse_mode!r} is not built")
        raise bad("unsupported parse_mode")
    else:
        for entity in entities:
            asked.only("an entity", entity, _ENTITY_FIELDS)
            if not isinstance(entity.get("offset"), int) or not isinstance(entity.get("length"), int):
                raise bad("can't parse MessageEntity: offset and length must be Integers")
        text, found = source, given(source, entities)
    if overlapping(found):
        asked.complain(f"{asked.method}: entities that cross each other in {source!r}")
    text, found = clean(text, found)
    return text, with_found(text, found)


def with_mentions(world: World, chat: Chat, entities: list[Entity]) -> list[Entity]:
    """Links to a person as mentions of him, where he is in the chat or talks to the bot; else they are no entity.

    "These mentions are only guaranteed to work if the user has contacted the bot in the past, has sent a callback query
    to the bot via an inline button or is a member in the group where he was mentioned."
    """
    found = []
    for entity in entities:
        if (number := _PERSON.fullmatch(entity.get("url", ""))) is None:
            found.append(entity)
            continue
        account = world.accounts.get(int(number[1]))
        if account is not None and (account.started or chat.member(account).is_in):
            found.append({name: entity[name] for name in ("offset", "length")})
            found[-1] |= {"type": "text_mention", "user": account.json()}
    return found


def read_preview(asked: Asked, text: str, entities: list[Entity]) -> Json | None:
    """`link_preview_options`, or None. Refused."""
    options = asked.dictionary("link_preview_options", _PREVIEW_FIELDS)
    if not options:
        return None
    kinds = dict.fromkeys(_PREVIEW_FIELDS, bool) | {"url": str}
    if not all(isinstance(value, kinds.get(name, object)) for name, value in options.items()):
        raise bad("can't parse link preview options JSON object")
    if options.get("prefer_small_media") and options.get("prefer_large_media"):
        asked.complain(f"{asked.method}: a preview both small and large")
    found = any(entity["type"] in {"url", "text_link"} for entity in entities)
    if not (found or options.get("url") or options.get("is_disabled")):
        asked.complain(f"{asked.method}: a preview of no address in {text!r}")
    return {name: value for name, value in options.items() if value not in (False, "")}


@dataclass(frozen=True)
class Picture:
    """A photo with its caption."""

    photo: Photo
    caption: str = ""
    entities: list[Entity] = field(default_factory=list)
    above: bool = False


def read_picture(world: World, asked: Asked) -> Picture:
    """The picture of sendPhoto. Refused."""
    name = asked.text("photo") if isinstance(asked.values.get("photo"), str) else ""
    if not name and "photo" not in asked.files:
        raise bad("there is no photo in the request")
    caption, entities = read_caption(asked)
    photo = _photo(world, asked, name or "attach://photo")
    return Picture(photo, caption, entities, asked.flag("show_caption_above_media"))


def read_media(world: World, asked: Asked) -> Picture:
    """The picture of editMessageMedia. Refused."""
    known = {"type", "media", "caption", "parse_mode", "caption_entities", "show_caption_above_media", "has_spoiler"}
    media = asked.dictionary("media", known)
    if media is None:
        raise bad("media is empty")
    if media.get("type") != "photo":
        asked.complain(f"{asked.method}: media of type {media.get('type')!r} is not built")
        raise bad("unsupported media type")
    texts = (media.get("caption", ""), media.get("parse_mode", ""))
    if not all(isinstance(text, str) for text in texts):
        raise bad("can't parse InputMedia: caption and parse_mode must be Strings")
    caption, entities = _caption(asked, *texts, media.get("caption_entities", []))
    photo = _photo(world, asked, str(media.get("media", "")))
    return Picture(photo, caption, entities, bool(media.get("show_caption_above_media")))


def _photo(world: World, asked: Asked, name: str) -> Photo:
    if name in world.files:
        return world.files[name]
    number = f"photo-{next(world.others)}"
    if re.match(r"https?://[^/\s]+\.[^/\s]+", name):
        photo = Photo(number, 500, 750, url=name)
    elif name.startswith("attach://"):
        upload = asked.files.get(name.removeprefix("attach://"))
        if upload is None:
            raise bad("wrong file identifier/HTTP URL specified")
        photo = _decoded(number, upload.content)
    else:
        raise bad("wrong file identifier/HTTP URL specified")
    world.files[number] = photo
    return photo


def _decoded(number: str, content: bytes) -> Photo:
    if not content:
        raise bad("file must be non-empty")
    if len(content) > MOST_PHOTO_BYTES:
        raise bad("file is too big")
    try:
        with Image.open(io.BytesIO(content)) as image:
            image.load()
            width, height = image.size
    except (UnidentifiedImageError, OSError) as error:
        raise bad("IMAGE_PROCESS_FAILED") from error
    if width + height > MOST_PHOTO_SIDES or max(width, height) > 20 * min(width, height):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    return Photo(number, width, height, content)


def read_place(world: World, asked: Asked, chat: Chat) -> tuple[Message | None, int | None]:
    """What the message answers, and its topic. Refused."""
    options = asked.dictionary("reply_parameters", _REPLY_FIELDS)
    answered: Message | None = None
    if options is not None:
        number = options.get("message_id")
        if not isinstance(number, int):
            raise bad('can\'t parse ReplyParameters: Field "message_id" must be of type Integer')
        if options.get("chat_id") not in (None, chat.id, str(chat.id)):
            asked.complain(f"{asked.method}: answers across chats are not built")
        answered = chat.messages.get(number)
        if answered is None or answered.deleted:
            if not options.get("allow_sending_without_reply"):
                raise bad("message to be replied not found")
            answered = None
    thread = asked.whole("message_thread_id")
    if thread is None:
        return answered, answered.thread if answered and answered.in_topic else None
    # General has no thread of its own: naming it (1) is refused, except in sendChatAction.
    if not chat.is_forum or thread not in chat.topics:
        raise bad("message thread not found")
    if thread in chat.closed_topics and not world.status(chat).is_admin:
        raise bad("TOPIC_CLOSED")
    return answered, thread
