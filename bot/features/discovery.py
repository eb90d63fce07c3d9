"""Finding without a name in mind: more like a title."""

from __future__ import annotations

from bot.core.desk import Desk
from bot.core.dispatch import Dispatch
from bot.core.intents import Similar
from bot.core.phrases import t
from bot.core.reply import LIST_SIZE, Place, Reply, TitleList, notice


async def similar(asked: Similar, desk: Desk) -> Reply:
    """Ten titles that are like it."""
    ref = await desk.one_ref(asked.title)
    title = await desk.title(ref)
    found = await desk.services.main.discovery.similar(ref, desk.caller.language, 1)
    if not found.results:
        return notice(t("I know nothing that is like {title}.", title=title), place=Place.ANEW)
    entries = found.results[:LIST_SIZE]
    return Reply((TitleList(t("Like {title}", title=title), entries, 1, len(entries)),), place=Place.ANEW)


def install(dispatch: Dispatch) -> None:
    """Answer this."""
    dispatch.add(Similar, similar)
