"""How settings are said, and what was changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from bot.core import intents as i
from bot.core.errors import BadArgument, OutOfDate
from bot.core.intents import Setting

MOST_VALUE: Final = 60
"""Characters of a value that are read; no country or zone has more."""

_NUMBER: Final = re.compile(r"[0-9]{1,10}")
_PAGE: Final = re.compile(r"[1-9][0-9]{0,3}")
_MORE: Final = "more"
_SETTINGS: Final = {
    **{setting.value: setting for setting in Setting},
    "timezone": Setting.ZONE,
    "streaming": Setting.SERVICES,
    "short": Setting.QUIET,
    "rating": Setting.WATCHLIST,
    "sprache": Setting.LANGUAGE,
    "land": Setting.COUNTRY,
    "zeitzone": Setting.ZONE,
    "dienste": Setting.SERVICES,
    "kurz": Setting.QUIET,
    "merkliste": Setting.WATCHLIST,
}
_SWITCHES: Final = {
    **dict.fromkeys(("on", "yes", "an", "ein", "ja"), "on"),
    **dict.fromkeys(("off", "no", "aus", "nein"), "off"),
}
_SWITCHED: Final = (Setting.QUIET, Setting.NAME, Setting.LINKS)


def _settings(word: str, rest: str) -> i.Intent:
    if not rest:
        return i.ShowSettings()
    name, _, value = rest.partition(" ")
    setting = _SETTINGS.get(name.lower())
    if setting is None:
        raise BadArgument(name, f"/{word} {'|'.join(Setting)}")
    value = value.strip()
    if not value:
        return i.ShowSettings(setting)
    if (page := value.removeprefix(f"{_MORE} ")) != value and _PAGE.fullmatch(page) and page != "1":
        return i.ShowSettings(setting, int(page))
    return i.ChooseSetting(setting, _value(setting, value))


def _value(setting: Setting, value: str) -> str:
    if setting in _SWITCHED:
        value = _SWITCHES.get(value.lower(), value)
    elif setting is Setting.COUNTRY and len(value) == 2:
        value = value.upper()
    elif setting is Setting.WATCHLIST or setting is Setting.LANGUAGE:
        value = value.lower()
    return value[:MOST_VALUE].strip()


def _history(word: str, rest: str) -> i.Intent:
    if not rest:
        return i.ShowHistory()
    if not _PAGE.fullmatch(rest):
        raise BadArgument(rest, f"/{word} 2")
    return i.ShowHistory(int(rest))


def _change(_word: str, rest: str) -> i.Intent:
    change, _, page = rest.partition(" ")
    if not _NUMBER.fullmatch(change) or not _PAGE.fullmatch(page):
        raise OutOfDate
    return i.ShowChange(int(change), int(page))


READERS: Final[dict[str, Callable[[str, str], i.Intent]]] = {
    "settings": _settings,
    "history": _history,
    "change": _change,
}


def spell(intent: i.Intent) -> str | None:
    """The canonical command text, without a slash."""
    match intent:
        case i.ShowSettings(setting, page):
            words = "settings" if setting is None else f"settings {setting.value}"
            return words if page == 1 else f"{words} {_MORE} {page}"
        case i.ChooseSetting(setting, value):
            return f"settings {setting.value} {value}"
        case i.ShowHistory(1):
            return "history"
        case i.ShowHistory(page):
            return f"history {page}"
        case i.ShowChange(change, page):
            return f"change {change} {page}"
        case _:
            return None
