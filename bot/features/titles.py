"""A title's card, short or whole."""

from __future__ import annotations

from bot.core.cards import opened
from bot.core.choosing import meant
from bot.core.desk import Desk
from bot.core.dispatch import Dispatch
from bot.core.intents import Search, ShowTitle, Unfold, Words
from bot.core.naming import spell_title
from bot.core.reply import Place, Reply


async def show_title(asked: ShowTitle, desk: Desk) -> Reply:
    """The card: in private with the asker's state, in a group everybody's."""
    ref, others = await meant(asked.title, desk)
    more = Search(spell_title(asked.title), listed=True) if others and isinstance(asked.title, Words) else None
    return await opened(desk, ref, place=Place.ANEW if asked.anew else Place.HERE, others=more)


async def unfold(asked: Unfold, desk: Desk) -> Reply:
    """The card with all that is known, in place of the short one."""
    return await opened(desk, asked.title, whole=True)


def install(dispatch: Dispatch) -> None:
    """Answer these."""
    dispatch.add(ShowTitle, show_title)
    dispatch.add(Unfold, unfold)
