"""How signing in and out is said: one's own, and a group's."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from bot.core import intents as i
from bot.core import naming
from bot.core.errors import OutOfDate

_CHAT: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
COMMANDS: Final[set[str]] = set()
"""Every command's word; `bot.core.grammar`, which knows them, fills it in."""
_WISH: Final = re.compile(r"/([a-z]+)_?[0-9]*(?:@\w+)?(?:\s|$)", re.IGNORECASE)
_NESTED: Final = re.compile(r"\A(?:/(?:login|here)(?:@\w{1,64})?(?:\s+|$))+", re.IGNORECASE)
"""Signing in so as to sign in: it is enough to do so once."""


def _sign_in(_word: str, rest: str) -> i.Intent:
    """What follows is what to go on with, where it is a command; all else is a secret, whatever it looks like."""
    rest = _NESTED.sub("", rest) if rest.startswith("/") else rest
    wish = _WISH.match(rest)
    if not rest or (wish is not None and wish[1].lower() in COMMANDS):
        return i.SignIn(rest)
    return i.FinishSignIn() if rest == "done" else i.SignIn(token=rest)


def _keep_here(_word: str, rest: str) -> i.Intent:
    return i.KeepHere(_NESTED.sub("", rest) if rest.startswith("/") else "")


def _carry(_word: str, rest: str) -> i.Intent:
    if not naming.NUMBER.fullmatch(rest):
        raise OutOfDate
    return i.CarryOver(int(rest))


def _house(_word: str, rest: str) -> i.Intent:
    chat, _, step = rest.partition(" ")
    if not _CHAT.fullmatch(chat) or (step or "ask") not in set(i.HouseStep):
        raise OutOfDate
    return i.House(chat, i.HouseStep(step or "ask"))


READERS: Final[dict[str, Callable[[str, str], i.Intent]]] = {
    "login": _sign_in,
    "here": _keep_here,
    "carry": _carry,
    "house": _house,
}


def spell(intent: i.Intent) -> str | None:
    """The canonical command text of one of these, without a slash; None for others."""
    match intent:
        case i.SignIn(then, ""):
            return f"login {_NESTED.sub('', then)}".rstrip()
        case i.FinishSignIn(""):
            return "login done"
        case i.KeepHere(then):
            return f"here {_NESTED.sub('', then)}".rstrip()
        case i.CarryOver(done):
            return f"carry {done}"
        case i.House(chat, step):
            return f"house {chat} {step.value}"
        case _:
            return None
