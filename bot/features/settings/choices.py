"""What there is to choose from for each setting, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.core import places
from bot.core.desk import Desk
from bot.core.discovery import Provider
from bot.core.errors import NotHere
from bot.core.intents import ChooseSetting, Setting, ShowSettings
from bot.core.phrases import LANGUAGES, Clock, Code, Country, Text, Zone, hint, plain, t
from bot.core.preferences import ChatSettings, OnRating, PersonSettings
from bot.core.reply import Button, Reply, Row, notice
from bot.features.settings.overview import value

AT_A_TIME: Final = 8
"""Choices on a page; more would not fit a phone's screen."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value as it is spelled, what it is called, and whether it is what holds now."""

    value: str
    label: Text
    now: bool = False


async def choices(setting: Setting, page: int, desk: Desk, told: Text | None = None) -> Reply:
    """A page of what can be chosen, with the way on and back. A page past the last is the last."""
    asked = _question(setting, desk)
    if setting is Setting.SERVICES:
        there, asks_tmdb = await services(desk)
        if not asks_tmdb:
            asked = (t("Which services there are, only TMDB can say, and this bot is not connected to it."),)
        found = [_service(each, desk) for each in there]
    else:
        found = _all(setting, desk)
    pages = max(1, -(-len(found) // AT_A_TIME))
    page = min(page, pages)
    shown = found[(page - 1) * AT_A_TIME :][:AT_A_TIME]
    buttons = [
        Button(t("✓ {choice}", choice=each.label) if each.now else each.label, ChooseSetting(setting, each.value))
        for each in shown
    ]
    across = 1 if setting is Setting.WATCHLIST else 2
    rows: list[Row] = [tuple(buttons[i : i + across]) for i in range(0, len(buttons), across)]
    if turning := _turning(setting, page, pages):
        rows.append(turning)
    rows.append((Button(t("‹ Back"), ShowSettings()),))
    return notice(*((told,) if told else ()), *asked, buttons=tuple(rows))


def _turning(setting: Setting, page: int, pages: int) -> Row:
    turning: list[Button] = []
    if page > 1:
        turning.append(Button(t("‹ Page {page}", page=page - 1), ShowSettings(setting, page - 1)))
    if page < pages:
        more = t("More…") if page == 1 else t("Page {page} ›", page=page + 1)
        turning.append(Button(more, ShowSettings(setting, page + 1)))
    return tuple(turning)


def _question(setting: Setting, desk: Desk) -> tuple[Text, ...]:
    match setting:
        case Setting.LANGUAGE:
            return (t("Which language shall I speak here?"),)
        case Setting.COUNTRY:
            typed = Code("/settings country Portugal")
            return (t("Whose cinemas and streaming shall I go by?"), hint(t("Any other: {typed}", typed=typed)))
        case Setting.ZONE:
            typed = Code("/settings zone Lisbon")
            return (t("What time is it here?"), hint(t("Any other: {typed}", typed=typed)))
        case Setting.SERVICES:
            country = Country(desk.preferences.country)
            return (t("What do you stream with ({country})? Press to add, press again to remove.", country=country),)
        case Setting.QUIET:
            return (value(setting, desk), t("Short answers leave out tips like this one."))
        case Setting.WATCHLIST:
            return (t("Rating a title takes it off the watchlist. What shall I do then?"),)
        case Setting.NAME:
            return (
                value(setting, desk),
                t("On a title's card in a group, I count who wants to see it and who has seen it."),
                t("Shall I name you there, and show your rating?"),
            )
        case Setting.LINKS:
            return (
                value(setting, desk),
                t("Shall I answer each link to a film or a series that somebody posts here?"),
                hint(t("I can answer only what I get to read. If I get too little, make me an admin.")),
            )


def _all(setting: Setting, desk: Desk) -> list[Choice]:
    here = desk.preferences.here
    match setting:
        case Setting.LANGUAGE:
            current = desk.spoken or desk.caller.language
            return [Choice(code, plain(name), code == current) for code, name in LANGUAGES.items()]
        case Setting.COUNTRY:
            return [_country(code, desk) for code in _countries(desk)]
        case Setting.ZONE:
            return [_zone(name, desk) for name in places.zones(desk.preferences.country)]
        case Setting.QUIET:
            return _switch(on=here.quiet)
        case Setting.NAME:
            return _switch(on=isinstance(here, PersonSettings) and here.show_name)
        case Setting.LINKS:
            return _switch(on=isinstance(here, ChatSettings) and here.answer_links)
        case Setting.WATCHLIST:
            labels = {
                OnRating.LEAVE: t("Leave it off"),
                OnRating.ASK: t("Offer to put it back"),
                OnRating.BACK: t("Put it back each time"),
            }
            return [Choice(each.value, label, each is here.on_rating) for each, label in labels.items()]
        case Setting.SERVICES:
            return []


def _switch(*, on: bool) -> list[Choice]:
    return [Choice("on", t("On"), on), Choice("off", t("Off"), not on)]


def _countries(desk: Desk) -> tuple[str, ...]:
    """What is likeliest on the first page, then all that are offered by their names."""
    first = dict.fromkeys((desk.preferences.country, desk.preferences.guess, *places.FIRST))
    return (*tuple(first)[:AT_A_TIME], *places.by_name(desk.spoken or desk.caller.language))


def _country(code: str, desk: Desk) -> Choice:
    return Choice(code, t("{country}", country=Country(code)), code == desk.preferences.here.country)


def _zone(name: str, desk: Desk) -> Choice:
    time = Clock(desk.store.now(), places.clock(name))
    label = t("{zone}, {time}", zone=Zone(name), time=time)
    return Choice(name, label, name == desk.preferences.here.zone)


async def services(desk: Desk) -> tuple[Sequence[Provider], bool]:
    """Those of the country, after what was chosen and is not among them; and whether anybody knows the country's.

    Raises BackendError.
    """
    there: tuple[Provider, ...] = ()
    known_at_all = True
    try:
        there = await desk.services.main.discovery.providers(desk.preferences.country, desk.caller.language)
    except NotHere:
        known_at_all = False
    known = {each.id for each in there}
    return (*(each for each in desk.preferences.streaming if each.id not in known), *there), known_at_all


def _service(service: Provider, desk: Desk) -> Choice:
    on = service.id in {each.id for each in desk.preferences.streaming}
    return Choice(f"{'-' if on else '+'}{service.id}", plain(service.name), on)


def page_of(service: Provider, among: Sequence[Provider]) -> int:
    """The page that shows it."""
    place = next((place for place, each in enumerate(among) if each.id == service.id), 0)
    return place // AT_A_TIME + 1
