"""An update as it came: looked at without reading it, so that one which can't be read harms nobody else."""

from __future__ import annotations

from typing import Any, Final

INLINE: Final = "inline_query"
"""What somebody types in another chat: it is answered while he types, or never."""
KEPT: Final = ("message", "channel_post", "callback_query", "my_chat_member", "chat_member", "chosen_inline_result")
"""The kinds of updates that are kept until they are handled. Edited messages are not asked for: they were answered.

Of others' membership only an admin is told, and of large groups nobody else is.
"""
WANTED: Final = (*KEPT, INLINE)
"""The kinds of updates that are asked for."""


def line(raw: dict[str, Any]) -> str:
    """Updates of one line are handled in order: a person in a chat. What can't be read is a line of its own."""
    chat, person = chat_of(raw) or _inside(raw).get("inline_message_id"), _number(_sender(raw), "id")
    return f"{chat}:{person}" if chat is not None and person is not None else f"update:{raw.get('update_id')}"


def chat_of(raw: dict[str, Any]) -> int | None:
    """The chat that an update came from, as far as it can be told."""
    return _number(_part(_message(raw), "chat"), "id")


def inline_press(raw: dict[str, Any]) -> str | None:
    """The press that it is, if that is on a card in a chat which the bot doesn't see."""
    press = _part(raw, "callback_query")
    query_id = press.get("id")
    return query_id if isinstance(query_id, str) and "inline_message_id" in press else None


def is_meant(raw: dict[str, Any]) -> bool:
    """Whether somebody waits for an answer: in private, after a press or a command."""
    text = _message(raw).get("text")
    return (chat_of(raw) or 0) > 0 or "callback_query" in raw or (isinstance(text, str) and text.startswith("/"))


def language_of(raw: dict[str, Any]) -> str:
    """The language of whoever did it, as far as it can be told."""
    code = _sender(raw).get("language_code")
    return language(code if isinstance(code, str) else None)


def _message(raw: dict[str, Any]) -> dict[str, Any]:
    inside = _inside(raw)
    return _part(inside, "message") or inside


def _sender(raw: dict[str, Any]) -> dict[str, Any]:
    inside = _inside(raw)
    return _part(inside, "from") or _part(inside, "sender_chat")


def _inside(raw: dict[str, Any]) -> dict[str, Any]:
    return next((_part(raw, kind) for kind in WANTED if kind in raw), {})


def _part(raw: dict[str, Any], name: str) -> dict[str, Any]:
    part = raw.get(name)
    return part if isinstance(part, dict) else {}


def _number(raw: dict[str, Any], name: str) -> int | None:
    number = raw.get(name)
    return number if type(number) is int else None


def language(code: str | None) -> str:
    """The language (ISO 639-1) in a tag."""
    return (code or "en").split("-")[0].lower()[:8]
