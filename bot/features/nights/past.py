"""Past film nights: what was chosen and why, and whose films have won."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.core.chat import ChatKind
from bot.core.deciding import Outcome
from bot.core.desk import Desk
from bot.core.errors import OutOfDate
from bot.core.intents import ShowNight, ShowNights, ShowTitle
from bot.core.phrases import Code, Day, Name, Text, t, tn
from bot.core.reply import Button, Notice, Place, Reply, Row, notice
from bot.features.nights import board
from storage import nights, past_nights
from storage.nights import NightRow, NightState

NIGHTS_A_PAGE: Final = 6


async def past(asked: ShowNights, desk: Desk) -> Reply:
    """A page of the group's nights, the latest first."""
    chat = desk.caller.chat
    if chat.kind is not ChatKind.GROUP:
        return notice(t("Film nights are a group’s: type {command} there.", command=Code("/nights")))
    first = (asked.page - 1) * NIGHTS_A_PAGE
    place = {"platform": chat.platform, "chat_id": chat.id}
    found, total = await past_nights.past(desk.store.db, **place, limit=NIGHTS_A_PAGE, offset=first)
    if not found:
        return notice(t("There has been no film night yet. {command} opens one.", command=Code("/night")))
    lines = [_line(number, state, desk) for number, state in enumerate(found, first + 1)]
    numbers: Row = tuple(
        Button(t("{number}", number=number), ShowNight(state.night.id, asked.page))
        for number, state in enumerate(found, first + 1)
    )
    told = (t("Your film nights"), *lines, *_fairness(await past_nights.won(desk.store.db, **place)))
    return Reply((Notice(told),), tuple(row for row in (numbers, _turning(asked.page, total)) if row))


def _turning(page: int, total: int) -> Row:
    before = (Button(t("‹ Page {page}", page=page - 1), ShowNights(page - 1)),) if page > 1 else ()
    after = (Button(t("Page {page} ›", page=page + 1), ShowNights(page + 1)),) if page * NIGHTS_A_PAGE < total else ()
    return (*before, *after)


def _line(number: int, state: NightState, desk: Desk) -> Text:
    seen = board.view(state, desk)
    assert state.night.winner is not None  # noqa: S101 - only nights with a winner are asked for
    film = seen.named(state.night.winner)
    told = t("{number}. {title}, {day}", number=number, title=film.title, day=_day(state.night, desk))
    return t("{told} ✓ watched", told=told) if state.night.stage == "watched" else told


def _day(night: NightRow, desk: Desk) -> Day:
    zone = desk.preferences.zone
    on, today = (
        datetime.fromtimestamp(at, zone).date() for at in (night.settled_at or night.opened_at, desk.store.now())
    )
    return Day(on, today)


def _fairness(before: list[NightRow]) -> list[Text]:
    """Whose proposal won last, and whose has not for longest."""
    since: dict[str, tuple[int, str]] = {}
    for at, night in enumerate(before):
        result = night.result or {}
        if result.get("proposed_by"):
            since.setdefault(result["proposed_by"], (at, result["proposer"]))
    if not since:
        return []
    last, *_ = sorted(since.values())
    told = [t("Last won: a proposal of {name}’s.", name=Name(last[1]))]
    longest = max(since.values())
    if longest[0] > last[0]:
        nights_ago = longest[0]
        told.append(
            tn(
                "{name}’s proposals have not won for {count} night.",
                "{name}’s proposals have not won for {count} nights.",
                nights_ago,
                name=Name(longest[1]),
            )
        )
    return told


async def one(asked: ShowNight, desk: Desk) -> Reply:
    """One past night: who was in, what was chosen and why, and the count."""
    state = await nights.read(desk.store.db, asked.night)
    chat = desk.caller.chat
    if state is None or (state.night.platform, state.night.chat_id) != (chat.platform, chat.id):
        raise OutOfDate
    if state.night.winner is None or state.night.result is None:
        raise OutOfDate
    seen = board.view(state, desk)
    film = seen.named(state.night.winner)
    outcome = Outcome.from_json(state.night.result)
    votes = [_total(outcome, seen, number) for number in outcome.order]
    lines = (
        t("{day}: {title}", day=_day(state.night, desk), title=film.title),
        board.who(seen),
        *board.why(seen),
        *votes,
    )
    back: Row = (
        Button(t("About the film"), ShowTitle(film.ref, anew=True)),
        Button(t("‹ Back"), ShowNights(asked.page)),
    )
    return Reply((Notice(lines),), (back,), Place.HERE)


def _total(outcome: Outcome, seen: board.View, number: int) -> Text:
    """A film's count in the round in which it was last counted."""
    rounds = [one for one in outcome.rounds if number in one.totals]
    count = round(rounds[-1].totals[number]) if rounds else 0
    return t("{title}: {count}", title=Name(seen.named(number).name), count=count)
