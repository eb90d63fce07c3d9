"""All that is set here, on one message: each value, and a button for each."""

from __future__ import annotations

from typing import Final

from bot.core.desk import Desk
from bot.core.intents import Setting, ShowSettings
from bot.core.phrases import LANGUAGES, N_, Clock, Country, Name, Text, Zone, hint, t
from bot.core.preferences import ChatSettings, OnRating, PersonSettings
from bot.core.reply import Button, Reply, Row, notice
from storage import people

LABELS: Final = {
    Setting.LANGUAGE: N_("Language"),
    Setting.COUNTRY: N_("Country"),
    Setting.ZONE: N_("Time zone"),
    Setting.SERVICES: N_("Streaming"),
    Setting.QUIET: N_("Short answers"),
    Setting.WATCHLIST: N_("After rating"),
    Setting.NAME: N_("My name"),
    Setting.LINKS: N_("Links"),
}
"""What each is called on a button."""


def offered(desk: Desk) -> tuple[Setting, ...]:
    """What can be set here; what rating does to a watchlist, in a group only where it has one of its own."""
    common = (Setting.LANGUAGE, Setting.COUNTRY, Setting.ZONE, Setting.SERVICES, Setting.QUIET)
    if desk.caller.in_private:
        return (*common, Setting.WATCHLIST, Setting.NAME)
    return (*common, Setting.LINKS, *((Setting.WATCHLIST,) if desk.sessions.house() else ()))


async def overview(desk: Desk, told: Text | None = None) -> Reply:
    """All values, with a button for each. `told`: what was just done."""
    lines = [await _heading(desk), *(value(setting, desk) for setting in offered(desk))]
    if desk.caller.in_private:
        lines.append(t("Adult titles: as your account says"))
    buttons = [Button(Text(LABELS[setting]), ShowSettings(setting)) for setting in offered(desk)]
    rows: tuple[Row, ...] = tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))
    return notice(*((told,) if told else ()), *lines, hint(t("Press one to change it.")), buttons=rows)


async def _heading(desk: Desk) -> Text:
    chat = desk.caller.chat
    if desk.caller.in_private:
        return t("Your settings:")
    name = chat.name or await people.chat_name(desk.store.db, platform=chat.platform, chat_id=chat.id)
    return t("Settings of {group}:", group=Name(name)) if name else t("Settings of this group:")


def value(setting: Setting, desk: Desk) -> Text:
    """What is set, as a line."""
    here = desk.preferences.here
    match setting:
        case Setting.LANGUAGE:
            return t("Language: {language}", language=Name(LANGUAGES[desk.spoken or desk.caller.language]))
        case Setting.COUNTRY:
            country = Country(desk.preferences.country)
            return t("Country: {country}", country=country) if here.country else _guessed(country)
        case Setting.ZONE:
            return _zone(desk)
        case Setting.SERVICES:
            names = tuple(service.name for service in here.streaming)
            return t("Streaming: {names}", names=names) if names else t("Streaming: nothing chosen")
        case Setting.QUIET:
            return t("Short answers: on") if here.quiet else t("Short answers: off")
        case Setting.WATCHLIST:
            return _after_rating(here.on_rating)
        case Setting.NAME:
            shown = isinstance(here, PersonSettings) and here.show_name
            return t("My name in groups: shown") if shown else t("My name in groups: counted, not named")
        case Setting.LINKS:
            on = isinstance(here, ChatSettings) and here.answer_links
            return t("Links to titles: always answered") if on else t("Links to titles: answered when I am meant")


def _guessed(country: Country) -> Text:
    return t("Country: {country}, as I guess", country=country)


def _zone(desk: Desk) -> Text:
    zone = desk.preferences.zone
    name = desk.preferences.here.zone or str(zone)
    return t("Time zone: {zone}, {time} now", zone=Zone(name), time=Clock(desk.store.now(), zone))


def _after_rating(chosen: OnRating) -> Text:
    match chosen:
        case OnRating.LEAVE:
            return t("When a title on the watchlist is rated: it goes off")
        case OnRating.ASK:
            return t("When a title on the watchlist is rated: it goes off, and I offer to put it back")
        case OnRating.BACK:
            return t("When a title on the watchlist is rated: I put it back")
