"""People who make films and play in them; and addresses that name nobody whom we know."""

from __future__ import annotations

from typing import Final

from bot.core import showing
from bot.core.desk import Desk
from bot.core.discovery import Star
from bot.core.dispatch import Dispatch
from bot.core.intents import Help, ShowPerson, Unfollowed
from bot.core.intents import Place as Leads
from bot.core.model import Listed
from bot.core.phrases import N_, Name, Text, t
from bot.core.reply import LIST_SIZE, Button, Notice, Part, Place, Reply, TitleList, notice

PICTURE_SIZE: Final = "w185"

_SAYS: Final = {
    Leads.SHORT: N_("I can't follow boxd.it's short links. Open it and send me where it leads, or just the name."),
    Leads.IMDB_NAME: N_("I don't know people by IMDb's numbers. Send me the name, and I'll look."),
}


async def show_person(asked: ShowPerson, desk: Desk) -> Reply:
    """Who it is, and what he or she is best known for."""
    star = await desk.services.main.discovery.person(asked.person, desk.caller.language)
    parts: list[Part] = [Notice((_named(star),), await _picture(star, desk))]
    if star.known_for:
        known = tuple(map(Listed, star.known_for[:LIST_SIZE]))
        parts.append(TitleList(t("Known for"), known, 1, len(known), mixed=True))
    return Reply(tuple(parts), place=Place.ANEW)


def _named(star: Star) -> Text:
    department = showing.department(star.department)
    if department is None:
        return t("{name}", name=Name(star.name))
    return t("{name} · {department}", name=Name(star.name), department=department)


async def _picture(star: Star, desk: Desk) -> str | None:
    base = desk.services.main.image_base
    return f"{await base()}{PICTURE_SIZE}{star.profile_path}" if base is not None and star.profile_path else None


async def unfollowed(asked: Unfollowed, desk: Desk) -> Reply:
    """Why the address can't be followed, and what to do instead."""
    return notice(Text(_SAYS[asked.place]), buttons=((Button(t("How to find a title"), Help("find")),),))


def install(dispatch: Dispatch) -> None:
    """Answer these."""
    dispatch.add(ShowPerson, show_person)
    dispatch.add(Unfollowed, unfollowed)
