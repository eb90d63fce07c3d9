"""How signing in and out is said: one's own, and a group's."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from bot.core import intents as i
from bot.core import naming
from bot.core.errors import OutOfDate

_CHAT: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
_SECRET: Final = re.compile(r"[\x21-\x7e]{8,2000}")
"""What is taken for a token after `/login`; it has no spaces, and is no command."""


def _sign_in(_word: str, rest: str) -> i.Intent:
    if rest.startswith("/") or not rest:
        return i.SignIn(rest)
    if rest == "done":
        return i.FinishSignIn()
    return i.SignIn(token=rest) if _SECRET.fullmatch(rest) else i.SignIn()


def _keep_here(_word: str, rest: str) -> i.Intent:
    return i.KeepHere(rest if rest.startswith("/") else "")


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
            return f"login {then}".rstrip()
        case i.FinishSignIn(""):
            return "login done"
        case i.KeepHere(then):
            return f"here {then}".rstrip()
        case i.CarryOver(done):
            return f"carry {done}"
        case i.House(chat, step):
            return f"house {chat} {step.value}"
        case _:
            return None
