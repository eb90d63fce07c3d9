"""The language that the bot speaks: a person's own in private, a group's in the group."""

from __future__ import annotations

from bot.core.desk import Desk
from bot.core.dispatch import Dispatch
from bot.core.errors import BadArgument
from bot.core.intents import ChooseLanguage
from bot.core.phrases import LANGUAGES, Name, language_code, plain, t
from bot.core.reply import Button, Reply, notice
from storage import people


async def choose_language(asked: ChooseLanguage, desk: Desk) -> Reply:
    """Speak it from now on, this answer included; without one, offer those there are."""
    if asked.code is None:
        current = desk.caller.language
        buttons = tuple(
            Button(plain(f"✓ {name}" if code == current else name), ChooseLanguage(code))
            for code, name in LANGUAGES.items()
        )
        return notice(t("Which language shall I speak here?"), buttons=(buttons,))
    code = language_code(asked.code)
    if code is None:
        raise BadArgument(asked.code, f"/language {'|'.join(LANGUAGES)}")
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
    return notice(t("I speak {language} here now.", language=Name(LANGUAGES[code])))


def install(dispatch: Dispatch) -> None:
    """Answer this."""
    dispatch.add(ChooseLanguage, choose_language)
