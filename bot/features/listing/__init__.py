"""Lists that can be worked with: looked through in some order, narrowed, added up, and cleared of several titles."""

from __future__ import annotations

from bot.core.desk import Desk
from bot.core.dispatch import Dispatch
from bot.core.intents import ArrangeList, HowLong, MarkTitles, ShowList, TakeOff
from bot.core.reply import Reply
from bot.features.listing import arranging, removing, views
from bot.features.listing.whole import WholeLists


def install(dispatch: Dispatch, whole: WholeLists | None = None) -> None:
    """Answer these. `whole` is what remembers the lists that were read."""
    kept = whole or WholeLists()

    async def show_list(asked: ShowList, desk: Desk) -> Reply:
        return await views.show_list(asked, desk, kept)

    async def arrange_list(asked: ArrangeList, desk: Desk) -> Reply:
        return await arranging.arrange_list(asked, desk, kept)

    async def how_long(asked: HowLong, desk: Desk) -> Reply:
        return await arranging.how_long(asked, desk, kept)

    async def mark_titles(asked: MarkTitles, desk: Desk) -> Reply:
        return await removing.mark_titles(asked, desk, kept)

    dispatch.add(ShowList, show_list)
    dispatch.add(ArrangeList, arrange_list)
    dispatch.add(HowLong, how_long)
    dispatch.add(MarkTitles, mark_titles)
    dispatch.add(TakeOff, removing.take_off)
