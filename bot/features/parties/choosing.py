"""What is shown of a list, and in which order."""

from __future__ import annotations

import asyncio
from typing import Final

from bot.core import shelved, showing
from bot.core.desk import Desk
from bot.core.errors import MarqueeError
from bot.core.genres import Genre
from bot.core.intents import BoardFilter, BoardOrder
from bot.core.model import Title, TitleRef
from bot.core.phrases import N_, Text, plain, t
from bot.features.parties.which import ref_of, streaming, title_of
from storage import members, parties, past_nights
from storage.parties import PartyRow, ProposalRow

ORDERS: Final = {
    BoardOrder.WANTED: N_("most wanted first"),
    BoardOrder.NEWEST: N_("newest first"),
    BoardOrder.SHORTEST: N_("shortest first"),
}
LENGTHS: Final = (90, 105, 120, 150)
_LOOKS_AT_ONCE: Final = 6
_NO_LENGTH: Final = 10_000


async def chosen(party: PartyRow, order: BoardOrder, only: BoardFilter, desk: Desk) -> list[ProposalRow]:
    """What is on the list and passes, in that order."""
    rows = [row for row in await parties.wanted(desk.store.db, party.id) if _passes(row, only)]
    if only.unseen and rows:
        seen = await _seen(party, [ref_of(row) for row in rows], desk)
        rows = [row for row in rows if ref_of(row) not in seen]
    if only.streams and rows:
        there = await _streaming(party, [ref_of(row) for row in rows], desk)
        rows = [row for row in rows if ref_of(row) in there]
    match order:
        case BoardOrder.WANTED:
            return rows
        case BoardOrder.NEWEST:
            return sorted(rows, key=lambda row: (row.proposed_at, row.id), reverse=True)
        case BoardOrder.SHORTEST:
            return sorted(rows, key=lambda row: row.facts.get("minutes") or _NO_LENGTH)


def described(order: BoardOrder, only: BoardFilter) -> Text | None:
    """`newest first · at most 2 hours · Crime`; nothing where a list is shown as at the beginning."""
    said = [] if order is BoardOrder.WANTED else [Text(ORDERS[order])]
    if (most := showing.runtime(only.minutes)) is not None:
        said.append(t("at most {duration}", duration=most))
    if only.genre is not None:
        said.append(genre_name(only.genre))
    if only.streams:
        said.append(t("one of you streams it"))
    if only.unseen:
        said.append(t("nobody here has seen it"))
    return showing.joined(said)


def genre_name(number: int) -> Text:
    """What a genre is called."""
    return Text(Genre(number).english) if number in list(Genre) else plain(str(number))


def _passes(row: ProposalRow, only: BoardFilter) -> bool:
    title = title_of(row)
    if only.minutes is not None and (title.runtime is None or title.runtime > only.minutes):
        return False
    return only.genre is None or only.genre in title.genre_ids


async def _seen(party: PartyRow, refs: list[TitleRef], desk: Desk) -> set[TitleRef]:
    """What somebody who takes part has rated, or the group has watched."""
    place = {"platform": party.platform, "chat_id": party.chat_id}
    accounts = await members.accounts(desk.store.db, **place)
    rated = await shelved.rated_by(desk.store.db, accounts, refs)
    watched = await past_nights.watched(desk.store.db, **place)
    return {ref for ref in refs if ref in rated or (ref.kind.value, ref.id) in watched}


async def _streaming(party: PartyRow, refs: list[TitleRef], desk: Desk) -> set[TitleRef]:
    """What streams on a service that one of them has. What can't be looked at just now counts as not streaming."""
    services = await streaming(party, desk)
    found: set[TitleRef] = set()
    for at in range(0, len(refs), _LOOKS_AT_ONCE):
        some = refs[at : at + _LOOKS_AT_ONCE]
        titles = await asyncio.gather(*(desk.title(ref) for ref in some), return_exceptions=True)
        for ref, title in zip(some, titles, strict=True):
            if isinstance(title, Title) and title.streams(desk.country, services):
                found.add(ref)
            elif isinstance(title, BaseException) and not isinstance(title, MarqueeError):
                raise title
    return found
