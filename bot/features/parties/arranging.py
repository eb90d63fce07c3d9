"""How a list is ordered and filtered, set in private by whoever likes, so that the group is not disturbed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Final

from bot.core import showing
from bot.core.desk import Desk
from bot.core.intents import ArrangeParty, BoardOrder, ShowParty
from bot.core.phrases import Code, Text, t
from bot.core.reply import Button, Place, Reply, Row, notice
from bot.features.parties.choosing import LENGTHS, ORDERS, chosen, genre_name
from bot.features.parties.which import list_of, refused, streaming, title_of
from storage.parties import PartyRow, ProposalRow

MOST_GENRES: Final = 6
"""Genres to choose from: those that most titles of the list have."""


async def arrange(asked: ArrangeParty, desk: Desk) -> Reply:
    """The list is shown like this from now on, and what else there is to choose."""
    party = await list_of(asked.party, desk)
    if asked.only.streams and not await streaming(party, desk):
        return refused(
            t(
                "I don't know what any of you streams with: set that with {command}, for yourself or for the group.",
                command=Code("/settings services"),
            )
        )
    rows = await chosen(party, BoardOrder.WANTED, replace(asked.only, genre=None, minutes=None), desk)
    shown = ShowParty(party=party.id, order=asked.order, only=asked.only)
    return replace(_menu(asked, party, rows), place=Place.PRIVATE, wish=asked, turn=shown, at_once=True)


def _menu(asked: ArrangeParty, party: PartyRow, rows: list[ProposalRow]) -> Reply:
    only = asked.only
    orders: Row = tuple(
        _choice(Text(name), replace(asked, order=order), chosen=asked.order is order) for order, name in ORDERS.items()
    )
    lengths: Row = tuple(
        _choice(
            showing.runtime(most) or t("any length"),
            replace(asked, only=replace(only, minutes=most)),
            chosen=only.minutes == most,
        )
        for most in (None, *LENGTHS)
    )
    genres: Row = tuple(
        _choice(
            t("any genre") if genre is None else genre_name(genre),
            replace(asked, only=replace(only, genre=genre)),
            chosen=only.genre == genre,
        )
        for genre in (None, *_genres(asked, rows))
    )
    switches: Row = (
        _choice(t("one of you streams it"), replace(asked, only=replace(only, streams=not only.streams)), only.streams),
        _choice(t("nobody has seen it"), replace(asked, only=replace(only, unseen=not only.unseen)), only.unseen),
    )
    return notice(
        t("How is “{name}” shown? What you choose holds for everybody in the group.", name=party.name),
        buttons=(*_in_twos(orders), *_in_twos(lengths), *_in_twos(genres), switches),
    )


def _choice(label: Text, to: ArrangeParty, chosen: bool) -> Button:
    return Button(t("✓ {choice}", choice=label) if chosen else label, to)


def _in_twos(row: Row) -> tuple[Row, ...]:
    across = 3
    return tuple(row[at : at + across] for at in range(0, len(row), across))


def _genres(asked: ArrangeParty, rows: list[ProposalRow]) -> list[int]:
    counted = Counter(genre for row in rows for genre in title_of(row).genre_ids)
    found = [genre for genre, _ in counted.most_common(MOST_GENRES)]
    if asked.only.genre is not None and asked.only.genre not in found:
        found[-1:] = [asked.only.genre]
    return found
