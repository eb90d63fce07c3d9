"""How it is said what to do with a film night."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from bot.core import intents as i
from bot.core import naming
from bot.core.errors import BadArgument, OutOfDate
from bot.core.intents import NightStep

MOST_NIGHT: Final = 10**9
MOST_CANDIDATE: Final = 99

_WORDS: Final = {
    **{step.value: step for step in NightStep},
    **dict.fromkeys(("join", "yes", "dabei", "ja"), NightStep.IN),
    **dict.fromkeys(("leave", "no", "raus", "nein"), NightStep.OUT),
    **dict.fromkeys(("films", "filme", "auswahl"), NightStep.CHOOSE),
    **dict.fromkeys(("vote", "los"), NightStep.START),
    **dict.fromkeys(("end", "stop", "ende", "schluss"), NightStep.CLOSE),
    **dict.fromkeys(("abbrechen", "off"), NightStep.CANCEL),
    **dict.fromkeys(("gesehen", "seen"), NightStep.WATCHED),
    **dict.fromkeys(("runner-up", "weiter"), NightStep.NEXT),
}
_OPTION: Final = re.compile(
    r"(?P<night>0|[1-9][0-9]{0,8})(?: (?P<option>[a-z]{1,12})(?: (?P<value>[a-z0-9:+-]{1,16}))?)?"
)
_OWN: Final = re.compile(r"(?P<night>[1-9][0-9]{0,8})(?: (?P<first>[1-9][0-9]?|anew)(?: (?P<second>[0-5]))?)?")


def _night(word: str, rest: str) -> i.Intent:
    number, _, said = rest.partition(" ")
    night: int | None = None
    if re.fullmatch(r"[1-9][0-9]{0,8}", number):
        night, rest = int(number), said
    if (until := re.fullmatch(r"(?:until|till|bis)\s+(?P<when>.{1,40})", rest, re.IGNORECASE)) is not None:
        return i.Until(" ".join(until["when"].split()), night)
    if not rest:
        return i.Night(night=night)
    if rest.lower() in ("options", "settings", "optionen"):
        return i.NightOptions(night)
    step = _WORDS.get(rest.lower())
    if step is None:
        raise BadArgument(rest, naming.usage(word))
    return i.Night(step, night)


def _vote(word: str, rest: str) -> i.Intent:
    """`vote 3` is typed, `vote 12 3` a button's: the night's number, then the film's."""
    numbers = rest.split()
    if not 1 <= len(numbers) <= 2 or not all(re.fullmatch(r"[1-9][0-9]{0,8}", one) for one in numbers):
        raise BadArgument(rest, naming.usage(word))
    candidate = int(numbers[-1])
    if candidate > MOST_CANDIDATE:
        raise BadArgument(rest, naming.usage(word))
    return i.Vote(candidate, int(numbers[0]) if len(numbers) == 2 else None)


def _own(word: str, rest: str) -> i.Intent:
    said = _OWN.fullmatch(rest)
    if said is None:
        raise OutOfDate
    night, first, second = int(said["night"]), said["first"], said["second"]
    anew = first == "anew"
    candidate = int(first) if first and not anew else None
    match word:
        case "rank" if second is None:
            return i.Rank(night, candidate, anew)
        case "score" if not anew:
            return i.Score(night, candidate, None if second is None else int(second))
        case "veto" if second is None and not anew:
            return i.Veto(night, candidate)
        case "ballot" if first is None:
            return i.ShowBallot(night)
        case "nightkeep" if first is None:
            return i.KeepOptions(night)
        case _:
            raise OutOfDate


def _options(_word: str, rest: str) -> i.Intent:
    said = _OPTION.fullmatch(rest)
    if said is None:
        raise OutOfDate
    return i.NightOptions(int(said["night"]) or None, said["option"], said["value"])


def _nights(word: str, rest: str) -> i.Intent:
    if not rest:
        return i.ShowNights()
    if not re.fullmatch(r"[1-9][0-9]{0,3}", rest):
        raise BadArgument(rest, naming.usage(word))
    return i.ShowNights(int(rest))


def _pastnight(_word: str, rest: str) -> i.Intent:
    said = re.fullmatch(r"([1-9][0-9]{0,8})(?: ([1-9][0-9]{0,3}))?", rest)
    if said is None:
        raise OutOfDate
    return i.ShowNight(int(said[1]), int(said[2] or 1))


READERS: Final[dict[str, Callable[[str, str], i.Intent]]] = {
    "night": _night,
    "vote": _vote,
    "rank": _own,
    "score": _own,
    "veto": _own,
    "ballot": _own,
    "nightkeep": _own,
    "nightset": _options,
    "nights": _nights,
    "pastnight": _pastnight,
}


def spell(intent: i.Intent) -> str | None:  # noqa: C901 - one line for each intent
    """The canonical command text, without a slash."""
    match intent:
        case i.Night(step, None):
            return "night" if step is NightStep.SHOW else f"night {step.value}"
        case i.Night(step, night):
            return f"night {night}" if step is NightStep.SHOW else f"night {night} {step.value}"
        case i.Until(when, night):
            return f"night until {when}" if night is None else f"night {night} until {when}"
        case i.Vote(candidate, night):
            return f"vote {candidate}" if night is None else f"vote {night} {candidate}"
        case i.Rank(night, candidate, anew):
            return f"rank {night}{' anew' if anew else '' if candidate is None else f' {candidate}'}"
        case i.Score(night, candidate, stars):
            tail = "" if candidate is None else f" {candidate}" if stars is None else f" {candidate} {stars}"
            return f"score {night}{tail}"
        case i.Veto(night, candidate):
            return f"veto {night}{'' if candidate is None else f' {candidate}'}"
        case i.ShowBallot(night):
            return f"ballot {night}"
        case i.KeepOptions(night):
            return f"nightkeep {night}"
        case i.NightOptions(night, option, value):
            return " ".join(["nightset", str(night or 0), *(one for one in (option, value) if one is not None)])
        case i.ShowNights(page):
            return "nights" if page == 1 else f"nights {page}"
        case i.ShowNight(night, page):
            return f"pastnight {night} {page}"
        case i.LeftGroup(person_id):
            return f"left {person_id}"
        case i.NightDue(night, nudge):
            return f"due {night}{' nudge' if nudge else ''}"
        case _:
            return None
