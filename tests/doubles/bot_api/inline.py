"""answerInlineQuery: what somebody is offered who types the bot's name in any chat. After Client.cpp
(`get_inline_query_results`) and TDLib's InlineQueriesManager.cpp (`answer_inline_query`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from tests.doubles.bot_api.content import read_preview, read_text
from tests.doubles.bot_api.entities import Entity, clean
from tests.doubles.bot_api.keyboards import Keyboard, read_keyboard
from tests.doubles.bot_api.methods import method
from tests.doubles.bot_api.refusals import Refused, bad
from tests.doubles.bot_api.wire import Asked, Json
from tests.doubles.bot_api.world import World

MOST_RESULTS: Final = 50
MOST_ID_BYTES: Final = 64
MOST_OFFSET_BYTES: Final = 64
LONGEST_CACHE: Final = 86_400
USUAL_CACHE: Final = 300
MOST_START: Final = 64

_ARTICLE: Final = {
    *("type", "id", "title", "input_message_content", "reply_markup", "url", "description"),
    *("thumbnail_url", "thumbnail_width", "thumbnail_height"),
}
_CONTENT: Final = {"message_text", "parse_mode", "entities", "link_preview_options"}


@dataclass(frozen=True)
class Article:
    """One result to choose, and the message that it becomes."""

    id: str
    title: str
    description: str
    thumbnail: str | None
    text: str
    entities: list[Entity] = field(default_factory=list)
    preview: Json | None = None
    keyboard: Keyboard = field(default_factory=list)


@dataclass(frozen=True)
class Offered:
    """What an inline query is answered with. `button`: its label and what `/start` then carries."""

    results: tuple[Article, ...]
    cache_time: int
    is_personal: bool
    next_offset: str
    button: tuple[str, str] | None

    @property
    def titles(self) -> list[str]:
        """The results' titles."""
        return [each.title for each in self.results]


@method("answerInlineQuery", "inline_query_id results cache_time is_personal next_offset button")
async def answer_inline_query(world: World, asked: Asked) -> bool:
    """Articles alone are built. Once, and within half a minute."""
    given = asked.items("results")
    if len(given) > MOST_RESULTS:
        raise bad("too many inline query results specified")
    results = tuple(_article(asked, each) for each in given)
    ids = [each.id for each in results]
    if len(set(ids)) < len(ids):
        raise bad("RESULT_ID_DUPLICATE")
    offset = asked.text("next_offset")
    if len(offset.encode()) > MOST_OFFSET_BYTES:
        raise bad("NEXT_OFFSET_INVALID")
    cache = USUAL_CACHE if asked.whole("cache_time") is None else asked.whole("cache_time") or 0
    if not 0 <= cache <= LONGEST_CACHE:
        asked.complain(f"answerInlineQuery: a cache_time of {cache} s would be cut")
    cache = min(max(cache, 0), LONGEST_CACHE)
    offered = Offered(results, cache, asked.flag("is_personal"), offset, _button(asked))
    if offered.button and not offered.is_personal and cache:
        asked.complain("answerInlineQuery: everybody who types the same is shown that button")
    world.offer(asked.text("inline_query_id"), offered)
    return True


def _button(asked: Asked) -> tuple[str, str] | None:
    button = asked.dictionary("button", {"text", "web_app", "start_parameter"})
    if button is None:
        return None
    text, start = button.get("text"), button.get("start_parameter")
    if not isinstance(text, str) or not clean(text, [])[0]:
        raise bad('can\'t parse inline query results button: Field "text" must be of type String')
    if not isinstance(start, str):
        asked.complain("answerInlineQuery: a button without start_parameter is not built")
        raise bad("can't parse inline query results button: exactly one of the optional fields must be used")
    if not start:
        raise bad("can't use empty start_parameter")
    if len(start) > MOST_START:
        raise bad("too long start_parameter specified")
    if not re.fullmatch(r"[A-Za-z0-9_-]+", start):
        raise bad("unallowed characters in start_parameter are used")
    return clean(text, [])[0], start


def _article(asked: Asked, given: Any) -> Article:
    if not isinstance(given, dict):
        raise _wrong("expected an Object")
    if given.get("type") != "article":
        asked.complain(f"answerInlineQuery: a result of type {given.get('type')!r} is not built")
        raise _wrong("unsupported type")
    asked.only("a result", given, _ARTICLE)
    number, title = _string(given, "id"), _string(given, "title")
    if not number:
        raise bad("RESULT_ID_EMPTY")
    if len(number.encode()) > MOST_ID_BYTES:
        raise bad("RESULT_ID_INVALID")
    if not clean(title, [])[0]:
        raise bad("ARTICLE_TITLE_EMPTY")
    thumbnail = given.get("thumbnail_url")
    if thumbnail is not None and not re.fullmatch(r"https?://[^/\s]+\.[^/\s]+/\S*", str(thumbnail)):
        raise bad("WEBDOCUMENT_URL_INVALID")
    content = given.get("input_message_content")
    if not isinstance(content, dict):
        raise _wrong('Field "input_message_content" must be of type Object')
    asked.only("input_message_content", content, _CONTENT)
    parts = Asked(asked.method, {**content, "text": content.get("message_text")}, complain=asked.complain)
    try:
        text, entities = read_text(parts)
        preview = read_preview(parts, text, entities)
        markup = {"reply_markup": given.get("reply_markup")}
        keyboard = read_keyboard(Asked(asked.method, markup, complain=asked.complain))
    except Refused as refused:
        if refused.description.endswith("_INVALID"):
            raise
        raise _wrong(refused.description.removeprefix("Bad Request: ")) from refused
    description = given.get("description")
    return Article(number, title, str(description or ""), thumbnail, text, entities, preview, keyboard)


def _string(given: Json, name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str):
        raise _wrong(f'Field "{name}" must be of type String')
    return value


def _wrong(what: str) -> Refused:
    return bad(f"can't parse InlineQueryResult: {what}")
