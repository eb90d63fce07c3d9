"""What the page sends, read and checked: who, where, and what was typed or pressed. Refused is a sentence."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import ClientDisconnect, Request

from bot.core import grammar
from bot.core.chat import ChatKind
from bot.core.text import clean
from bot.frontends.web import words
from bot.frontends.web.people import BOT_NAME, PEOPLE, ROOMS, Room

MOST_BODY: Final = 64 * 1024
MOST_TEXT: Final = 4000
BODY_SECONDS: Final = 10

_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# The way back from a sign-in, and nothing else: any page can send a browser here.
_PAYLOAD: Final = re.compile(r"login_[A-Za-z0-9_-]{16,58}")
_MENTION: Final = re.compile(rf"(?<!\S)@{BOT_NAME}(?:_bot)?\b[,:]?", re.IGNORECASE)
_NAMES: Final = frozenset({BOT_NAME.lower(), f"{BOT_NAME.lower()}_bot"})


class Unreadable(Exception):
    """A request that can't be done: the status, and the sentence for whoever sent it."""

    def __init__(self, status: int, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.values = values


@dataclass(frozen=True, slots=True)
class Sent:
    """Something that a person did in a chat that he is in. `id` is the page's own, so that it can send it again."""

    id: str
    person_id: str
    room: Room
    data: dict[str, Any]

    @property
    def line(self) -> str:
        """Those of one line are answered in order."""
        return f"{self.room.chat.id}:{self.person_id}"

    def text(self) -> str:
        """What was typed, cleaned, its lines kept."""
        typed = self.data.get("text")
        if not isinstance(typed, str):
            raise Unreadable(400, words.UNREADABLE)
        if len(typed) > MOST_TEXT:
            raise Unreadable(422, words.TOO_LONG, most=MOST_TEXT)
        lines = [clean(line, MOST_TEXT) for line in typed.splitlines()]
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
        if not text:
            raise Unreadable(422, words.NOTHING_SAID)
        return text

    def payload(self) -> str:
        """What somebody comes back with."""
        payload = self.data.get("payload")
        if not isinstance(payload, str) or not _PAYLOAD.fullmatch(payload):
            raise Unreadable(400, words.UNREADABLE)
        return payload

    def message(self) -> int:
        """The number of the message that it is about."""
        number = self.data.get("message")
        if type(number) is not int or not 0 < number < 2**53:
            raise Unreadable(404, words.NO_SUCH_MESSAGE)
        return number

    def button(self) -> str:
        """The data of the button that was pressed; whether the message has it is for others to see."""
        data = self.data.get("data")
        if not isinstance(data, str) or len(data) > MOST_TEXT:
            raise Unreadable(400, words.UNREADABLE)
        return data


async def sent(request: Request) -> Sent:
    """The request's body. Unreadable if it is too large, too slow, no JSON, or from nobody in that chat."""
    body = await _body(request)
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable(400, words.UNREADABLE) from None
    if not isinstance(data, dict):
        raise Unreadable(400, words.UNREADABLE)
    sent_id, person_id, chat_id = (data.get(name) for name in ("id", "person", "chat"))
    if not isinstance(sent_id, str) or not _ID.fullmatch(sent_id):
        raise Unreadable(400, words.UNREADABLE)
    return Sent(sent_id, *at(person_id, chat_id), data)


def at(person_id: object, chat_id: object) -> tuple[str, Room]:
    """The person and the chat, if he is in it. Unreadable otherwise."""
    if isinstance(person_id, str) and isinstance(chat_id, str) and person_id in PEOPLE:
        room = ROOMS.get(chat_id)
        if room is not None and person_id in room.members:
            return person_id, room
    raise Unreadable(403, words.NO_SUCH_CHAT)


async def _body(request: Request) -> bytes:
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced[:12]) > MOST_BODY:
        raise Unreadable(413, words.TOO_LARGE)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MOST_BODY:
                    raise Unreadable(413, words.TOO_LARGE)
    except TimeoutError:
        raise Unreadable(408, words.TOO_SLOW) from None
    except ClientDisconnect:
        raise Unreadable(400, words.UNREADABLE) from None
    return bytes(body)


@dataclass(frozen=True, slots=True)
class Meant:
    """What was typed, as the bot takes it. `addressed`: the bot is plainly meant; `ours`: it may be."""

    text: str
    addressed: bool
    ours: bool = True


def meant(text: str, room: Room) -> Meant:
    """In a group the bot is meant by its name; a command that names another bot is none of ours."""
    if (addressee := grammar.addressee(text)) is not None:
        ours = addressee.lower() in _NAMES
        return Meant(text, ours, ours)
    if room.chat.kind is ChatKind.PRIVATE:
        return Meant(text, addressed=True)
    rest, mentions = _MENTION.subn("", text)
    return Meant(" ".join(rest.split()) or "/help", True) if mentions else Meant(text, False)
