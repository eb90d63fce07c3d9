"""A title's card."""

from __future__ import annotations

from bot.core.cards import card
from bot.core.desk import LOOK_SECONDS, MOST_CHOICES, Desk, missed_year
from bot.core.dispatch import Dispatch
from bot.core.errors import Ambiguous, NothingFound
from bot.core.intents import ShowTitle, Target, Words
from bot.core.model import TitleRef
from bot.core.reply import Place, Reply


async def show_title(asked: ShowTitle, desk: Desk) -> Reply:
    """The card: in private with the asker's state, in a group everybody's."""
    ref = await _meant(asked.title, desk)
    place = Place.ANEW if asked.anew else Place.HERE
    if desk.caller.in_private and desk.sessions.kept() is not None:
        title, state = await desk.card(ref, within=LOOK_SECONDS)
        return card(desk, title, state, place=place)
    return card(desk, await desk.title(ref), None, place=place)


async def _meant(target: Target, desk: Desk) -> TitleRef:
    """The title to show. Showing changes nothing, so the only one found will do, however it was spelled."""
    if not isinstance(target, Words):
        return await desk.one_ref(target)
    found = await desk.search(target.text, target.kind)
    named = desk.named_among(target, found)
    choices = named or tuple(listed.title for listed in found.results)
    if not choices:
        raise NothingFound(target.text)
    if len(choices) > 1 or missed_year(target.text, found) is not None:
        raise Ambiguous(target.text, choices[:MOST_CHOICES])
    return choices[0].ref


def install(dispatch: Dispatch) -> None:
    """Answer this."""
    dispatch.add(ShowTitle, show_title)
