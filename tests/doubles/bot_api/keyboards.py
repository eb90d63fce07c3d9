"""Inline keyboards, as a bot gives them: checked as the original does."""

from __future__ import annotations

from typing import Any, Final

from tests.doubles.bot_api.entities import clean, link
from tests.doubles.bot_api.refusals import Refused, bad
from tests.doubles.bot_api.wire import Asked, Json

Keyboard = list[list[Json]]

MOST_BUTTONS: Final = 100
MOST_DATA_BYTES: Final = 64

_ACTIONS: Final[dict[str, Any]] = {
    "url": str,
    "callback_data": str,
    "web_app": dict,
    "login_url": dict,
    "switch_inline_query": str,
    "switch_inline_query_current_chat": str,
    "switch_inline_query_chosen_chat": dict,
    "copy_text": dict,
    "pay": bool,
}


def read_keyboard(asked: Asked) -> Keyboard:
    """The inline keyboard of `reply_markup`: no rows if there is none. Refused."""
    markup = asked.json("reply_markup")
    if markup is None:
        return []
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    asked.only("reply_markup", markup, {"inline_keyboard"})
    rows = markup.get("inline_keyboard", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    keyboard = [[_button(asked, button) for button in row] for row in rows if row]
    if sum(map(len, keyboard)) > MOST_BUTTONS:
        raise bad("reply markup is too long")
    return keyboard


def _button(asked: Asked, button: Any) -> Json:
    if not isinstance(button, dict):
        raise _wrong("InlineKeyboardButton must be an Object")
    asked.only("a button", button, {"text", "style", "icon_custom_emoji_id", *_ACTIONS})
    label = button.get("text")
    if not isinstance(label, str):
        raise _wrong('Field "text" must be of type String')
    if not clean(label, [])[0]:
        raise bad("BUTTON_TEXT_INVALID")
    actions = [name for name in _ACTIONS if name in button]
    if not actions:
        raise _wrong("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        asked.complain(f"{asked.method}: the button {label!r} does {' and '.join(actions)}")
    [action, *_] = actions
    value: Any = button[action]
    if not isinstance(value, _ACTIONS[action]):
        raise _wrong(f'Field "{action}" must be of type {_ACTIONS[action].__name__}')
    if action == "callback_data" and not 1 <= len(value.encode()) <= MOST_DATA_BYTES:
        raise bad("BUTTON_DATA_INVALID")
    if action == "url" and link(value) is None:
        raise bad(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    return {**button, "text": clean(label, [])[0]}


def _wrong(what: str) -> Refused:
    return bad(f"can't parse inline keyboard button: {what}")
