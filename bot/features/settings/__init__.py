"""Settings: a person's own in private, a group's by its admins. Each choice is a button and a command.

Whether somebody is an admin is asked of the platform at every step; a button proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.core import places, preferences
from bot.core.desk import Desk
from bot.core.discovery import Provider
from bot.core.dispatch import Dispatch
from bot.core.errors import AdminsOnly, BadArgument
from bot.core.intents import ChooseLanguage, ChooseSetting, Setting, ShowSettings
from bot.core.phrases import LANGUAGES, Name, Text, language_code, t
from bot.core.preferences import OnRating
from bot.core.reply import Reply, notice
from bot.core.text import fold
from bot.features.settings.choices import choices, page_of, services
from bot.features.settings.overview import offered, overview
from storage import people, settings
from storage.settings import Column, Whose

_SWITCHES: Final[dict[Setting, Column]] = {
    Setting.QUIET: "quiet",
    Setting.NAME: "show_name",
    Setting.LINKS: "answer_links",
}
_EXAMPLES: Final = {
    Setting.LANGUAGE: "|".join(LANGUAGES),
    Setting.COUNTRY: "DE",
    Setting.ZONE: "Europe/Berlin",
    Setting.SERVICES: "netflix",
    Setting.WATCHLIST: "|".join(OnRating),
}


async def show_settings(asked: ShowSettings, desk: Desk) -> Reply:
    """What is set here, or the choices of one setting."""
    await _allowed(desk)
    if asked.setting is None:
        return await overview(desk)
    _check(asked.setting, desk)
    return await choices(asked.setting, asked.page, desk)


async def choose_setting(asked: ChooseSetting, desk: Desk) -> Reply:
    """Set it, and show what is set now. Raises BadArgument for what can't be chosen."""
    await _allowed(desk)
    _check(asked.setting, desk)
    if asked.setting is Setting.SERVICES:
        return await _stream(asked, desk)
    if asked.setting is Setting.LANGUAGE:
        await _speak(_language(asked.value, "/settings language"), desk)
    else:
        column, value = _meant(asked)
        await settings.choose(desk.store.db, _whose(desk), column=column, value=value)
    await _reread(desk)
    return replace(await overview(desk, t("Saved.")), toast=t("Saved."))


async def choose_language(asked: ChooseLanguage, desk: Desk) -> Reply:
    """The shortcut: speak it from now on, this answer included; without one, offer those there are."""
    await _allowed(desk)
    if asked.code is None:
        return await choices(Setting.LANGUAGE, 1, desk)
    code = _language(asked.code, "/language")
    await _speak(code, desk)
    return notice(t("I speak {language} here now.", language=Name(LANGUAGES[code])))


# ── Who may ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def _allowed(desk: Desk) -> None:
    """Raises AdminsOnly to whoever does not run the group."""
    if not desk.caller.in_private and not await desk.sessions.is_admin(desk.caller.chat.id):
        raise AdminsOnly


def _check(setting: Setting, desk: Desk) -> None:
    """BadArgument for what is a group's alone, or a person's."""
    if setting not in offered(desk):
        raise BadArgument(setting.value, f"/settings {'|'.join(offered(desk))}")


# ── Choosing ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _meant(asked: ChooseSetting) -> tuple[Column, str | int]:
    """The column and what stands there. Raises BadArgument."""
    found: tuple[Column, str | int | None]
    match asked.setting:
        case Setting.COUNTRY:
            found = "country", places.country(asked.value)
        case Setting.ZONE:
            found = "zone", places.zone(asked.value)
        case Setting.WATCHLIST:
            found = "on_rating", asked.value if asked.value in set(OnRating) else None
        case _:
            found = _SWITCHES[asked.setting], {"on": 1, "off": 0}.get(asked.value)
    column, value = found
    if value is None:
        raise _wrong(asked)
    return column, value


def _wrong(asked: ChooseSetting) -> BadArgument:
    return BadArgument(asked.value, f"/settings {asked.setting.value} {_EXAMPLES.get(asked.setting, 'on|off')}")


def _language(words: str, command: str) -> str:
    code = language_code(words)
    if code is None:
        raise BadArgument(words, f"{command} {'|'.join(LANGUAGES)}")
    return code


async def _speak(code: str, desk: Desk) -> None:
    caller = desk.caller
    if caller.in_private:
        await people.choose_language(
            desk.store.db, platform=caller.person.platform, person_id=caller.person.id, language=code
        )
    else:
        await people.choose_chat_language(
            desk.store.db, platform=caller.chat.platform, chat_id=caller.chat.id, language=code
        )
    desk.spoken = code


async def _stream(asked: ChooseSetting, desk: Desk) -> Reply:
    """Add a streaming service or take one away, by its number or its name, and show the page that it is on."""
    if asked.value == "none":
        await settings.stream_none(desk.store.db, _whose(desk))
        await _reread(desk)
        return await choices(Setting.SERVICES, 1, desk, t("Saved."))
    there, asks_tmdb = await services(desk)
    if not there and not asks_tmdb:
        return await choices(Setting.SERVICES, 1, desk)
    service, on = _service(asked, there), not asked.value.startswith("-")
    await settings.stream(desk.store.db, _whose(desk), service=(service.id, service.name), on=on)
    await _reread(desk)
    return replace(await choices(Setting.SERVICES, page_of(service, there), desk), toast=_told(service, on=on))


def _service(asked: ChooseSetting, there: Sequence[Provider]) -> Provider:
    """The one of that number or name, or the only one whose name begins so. Raises BadArgument for none of them."""
    words = asked.value.lstrip("+-").strip()
    said = fold(words)
    for each in there:
        if words == str(each.id) or said == fold(each.name):
            return each
    begun = [each for each in there if said and fold(each.name).startswith(said)]
    if len(begun) != 1:
        raise _wrong(asked)
    return begun[0]


def _told(service: Provider, *, on: bool) -> Text:
    return t("{name} is added.", name=Name(service.name)) if on else t("{name} is removed.", name=Name(service.name))


# ── Keeping ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _whose(desk: Desk) -> Whose:
    caller = desk.caller
    if caller.in_private:
        return Whose(caller.person.platform, "person", caller.person.id)
    return Whose(caller.chat.platform, "chat", caller.chat.id)


async def _reread(desk: Desk) -> None:
    """Answer by what is set now."""
    row = await settings.read(desk.store.db, _whose(desk))
    if desk.caller.in_private:
        desk.preferences = replace(desk.preferences, own=preferences.person(row))
    else:
        desk.preferences = replace(desk.preferences, chat=preferences.chat(row))


def install(dispatch: Dispatch) -> None:
    """Answer these."""
    dispatch.add(ShowSettings, show_settings)
    dispatch.add(ChooseSetting, choose_setting)
    dispatch.add(ChooseLanguage, choose_language)
