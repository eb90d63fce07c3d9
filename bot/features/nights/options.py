"""What a film night goes by, set in private by whoever leads it, so that the group is not disturbed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from bot.core.deciding import Method
from bot.core.deciding.words import EXPLAINED, NAMES
from bot.core.desk import Desk
from bot.core.errors import NoNight, OutOfDate
from bot.core.genres import MOVIE_GENRES
from bot.core.intents import KeepOptions, Night, NightOptions
from bot.core.night import Rules, Source
from bot.core.phrases import N_, Clock, Code, Text, plain, t
from bot.core.reply import Button, Notice, Place, Reply, Row
from bot.features.nights.board import duration, when
from bot.features.nights.candidates import FOUND, NEXT
from bot.features.nights.leading import NOT_YOURS, here, late, may_lead, mine, refused, zone_of
from bot.features.nights.steps import read_time
from storage import nights, past_nights
from storage.nights import Json, NightState, NotOpen


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be set. `values`: what a button says for each; `finds`: other films are found by it."""

    name: Text
    asks: Text
    values: Mapping[str, Text]
    read: Callable[[str], Any]
    finds: bool = False


SOURCES: Final = {
    Source.BEST: N_("what suits best"),
    Source.OVERLAP: N_("what you share on watchlists"),
    Source.LIST: N_("your group’s list"),
    Source.LOVED: N_("loved by one, unseen by the rest"),
    Source.POPULAR: N_("what is popular"),
}
_NO: Final = "no"
_ON_OFF: Final = {_NO: t("no"), "yes": t("yes")}


def _number(words: str) -> int | None:
    return None if words == _NO else int(words)


def _numbers(*numbers: int) -> dict[str, Text]:
    return {str(number): t("{number}", number=number) for number in numbers}


OPTIONS: Final[Mapping[str, Option]] = {
    "method": Option(
        t("How you decide"), t("How do you decide?"), {one.value: Text(NAMES[one]) for one in Method}, Method
    ),
    "source": Option(
        t("Films from"),
        t("Where shall the films come from?"),
        {one.value: Text(SOURCES[one]) for one in Source},
        Source,
        finds=True,
    ),
    "minutes": Option(
        t("Time"),
        t("How long may the vote take, or until when? It closes sooner, once all have voted."),
        {
            **{str(one): duration(one) for one in (5, 15, 30, 60, 180, 24 * 60, 2 * 24 * 60, 7 * 24 * 60)},
            **{one: plain(one) for one in ("18:00", "19:00", "19:30", "20:00", "20:30", "21:00", "22:00")},
        },
        int,
    ),
    "longest": Option(
        t("At most"),
        t("How long may the film be?"),
        {_NO: t("any length"), **{str(one): duration(one) for one in (90, 105, 120, 150, 180)}},
        _number,
        finds=True,
    ),
    "genre": Option(
        t("Genre"),
        t("What kind of film shall it be?"),
        {_NO: t("any genre"), **{str(int(one)): Text(one.english) for one in MOVIE_GENRES}},
        _number,
        finds=True,
    ),
    "streams": Option(
        t("One of you streams it"),
        t("Shall it be on a streaming service that one of you has set under /settings?"),
        _ON_OFF,
        lambda words: words == "yes",
        finds=True,
    ),
    "unseen": Option(
        t("Unseen only"),
        t("Only films that nobody who is in has seen?"),
        _ON_OFF,
        lambda words: words == "yes",
        finds=True,
    ),
    "vetoes": Option(
        t("Vetoes each"),
        t("How many films may each of you veto? Nobody is told whose vetoes they were."),
        _numbers(0, 1, 2, 3),
        int,
    ),
    "vetofrom": Option(t("Vetoes that take a film out"), t("How many vetoes take a film out?"), _numbers(1, 2, 3), int),
    "quorum": Option(
        t("Quorum"),
        t("How many must have voted, so that the result counts?"),
        {"0": t("anybody"), "50": t("half of you"), "100": t("all of you")},
        int,
    ),
    "hidden": Option(
        t("Hidden votes"),
        t("Shall nobody see the count before the vote is over?"),
        _ON_OFF,
        lambda words: words == "yes",
    ),
    "named": Option(
        t("Votes by name"), t("Shall everybody see who votes for what?"), _ON_OFF, lambda words: words == "yes"
    ),
    "admins": Option(
        t("Admins only"), t("Shall only admins open film nights and lead them?"), _ON_OFF, lambda words: words == "yes"
    ),
}
"""By the words that buttons have for them."""
_ROWS: Final = (
    *(("method",), ("source",), ("minutes", "longest"), ("genre", "quorum"), ("unseen", "streams")),
    *(("hidden", "named"), ("vetoes", "admins"), ("vetofrom",)),
)
"""How they stand under each other: on a phone two have room that are short."""
_FIELDS: Final = {"vetofrom": "veto_from"}


def _now(rules: Rules, option: str) -> str:
    """What holds, as a button has it."""
    value = getattr(rules, _FIELDS.get(option, option))
    match value:
        case None:
            return _NO
        case bool():
            return "yes" if value else _NO
        case _:
            return str(getattr(value, "value", value))


async def options(asked: NightOptions, desk: Desk) -> Reply:
    """What is set, what there is to choose for one thing, or set it."""
    if asked.night is None:
        return await _by_command(desk)
    state = await mine(asked.night, desk)
    if not await may_lead(state, desk):
        return refused(NOT_YOURS)
    if state.night.stage not in ("gathering", "choosing"):
        return late(state)
    if asked.option is None:
        return _private(_overview(state, desk), asked)
    option = OPTIONS.get(asked.option)
    if option is None or (asked.value is not None and asked.value not in option.values):
        raise OutOfDate
    if asked.value is None:
        return _private(_choices(state, asked.option, option), asked)
    return _private(await _set(state, asked.option, option, asked.value, desk), asked)


async def _by_command(desk: Desk) -> Reply:
    """`/night options`: of the one that is open here."""
    try:
        state = await here(None, desk)
    except NoNight:
        return refused(
            t(
                "No film night is open here. Open one with {command}; what you set for it can be kept.",
                command=Code("/night"),
            )
        )
    return await options(NightOptions(state.night.id), desk)


def _private(reply: Reply, asked: NightOptions) -> Reply:
    return replace(reply, place=Place.PRIVATE, wish=asked)


def _overview(state: NightState, desk: Desk, told: Text | None = None) -> Reply:
    rules = Rules.from_json(state.night.options)
    lines = [*([told] if told else []), t("This film night goes by:"), Text(EXPLAINED[rules.method])]
    shown = [words for words in _ROWS if words != ("vetofrom",) or rules.vetoes]
    rows: list[Row] = [tuple(_button(state, rules, word, desk) for word in words) for words in shown]
    rows.append((Button(t("Keep all this for our next nights"), KeepOptions(state.night.id)),))
    return Reply((Notice(tuple(lines)),), tuple(rows))


def _button(state: NightState, rules: Rules, word: str, desk: Desk) -> Button:
    option, now = OPTIONS[word], _now(rules, word)
    value: Text | Clock = option.values.get(now, plain(now))
    if word == "minutes" and rules.until is not None and rules.until > desk.store.now():
        value = when(rules.until, desk.store.now(), zone_of(state.night, desk))
    return Button(t("{option}: {value}", option=option.name, value=value), NightOptions(state.night.id, word))


def _choices(state: NightState, word: str, option: Option) -> Reply:
    now = _now(Rules.from_json(state.night.options), word)
    buttons = [
        Button(t("✓ {choice}", choice=label) if value == now else label, NightOptions(state.night.id, word, value))
        for value, label in option.values.items()
    ]
    across = {"method": 1, "source": 1, "minutes": 3}.get(word, 2)
    rows: list[Row] = [tuple(buttons[at : at + across]) for at in range(0, len(buttons), across)]
    rows.append((Button(t("‹ Back"), NightOptions(state.night.id)),))
    lines = [option.asks]
    if word == "method":
        lines += [t("{name}: {explained}", name=Text(NAMES[one]), explained=Text(EXPLAINED[one])) for one in Method]
    return Reply((Notice(tuple(lines)),), tuple(rows))


async def _set(state: NightState, word: str, option: Option, value: str, desk: Desk) -> Reply:
    def change(kept: Json) -> Json:
        rules = Rules.from_json(kept)
        if option.finds:
            rules = replace(rules, skip=0)
        if word == "minutes":
            now = datetime.fromtimestamp(desk.store.now(), zone_of(state.night, desk))
            rules = replace(rules, until=read_time(value, now) if ":" in value else None)
        if ":" not in value:
            rules = replace(rules, **{_FIELDS.get(word, word): option.read(value)})
        stays = () if option.finds else (FOUND, NEXT)
        return rules.to_json() | {name: kept[name] for name in stays if name in kept}

    try:
        await nights.set_options(desk.store.db, state.night.id, change)
    except NotOpen:
        return late(await mine(state.night.id, desk))
    after = await mine(state.night.id, desk)
    told = t("{option}: {value}. It is set.", option=option.name, value=option.values[value])
    return replace(_overview(after, desk, told), refresh=(Night(night=state.night.id),))


async def keep(asked: KeepOptions, desk: Desk) -> Reply:
    """The group's next nights begin with what is set for this one."""
    state = await mine(asked.night, desk)
    if not await may_lead(state, desk):
        return refused(NOT_YOURS)
    night = state.night
    kept = Rules.from_json(night.options).kept().to_json()
    await past_nights.keep_options(desk.store.db, platform=night.platform, chat_id=night.chat_id, options=kept)
    return Reply(place=Place.TOAST, toast=t("Your next film nights begin with that."))
