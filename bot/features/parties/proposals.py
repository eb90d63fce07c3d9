"""One title of a group's list: what the caller says of it, and in private all that is known, one after the other."""

from __future__ import annotations

from dataclasses import replace

from bot.core import showing
from bot.core.desk import Desk
from bot.core.intents import Opine, ShowParty, ShowProposal, ShowTitle, Unpropose
from bot.core.phrases import Text, plain, t, tn
from bot.core.reply import Button, Place, Reply, Row, notice
from bot.features.parties.which import (
    gone,
    known,
    left_out,
    proposal_of,
    ref_of,
    refused,
    the_one,
    title_of,
    told,
    wanting,
)
from storage import parties
from storage.parties import ProposalRow


async def opine(asked: Opine, desk: Desk) -> Reply:
    """Want a title, or say that it is not for oneself; said again, that is taken back."""
    found = await the_one(
        asked.proposal,
        asked.title,
        desk,
        f"/{'wantit' if asked.wants else 'notforme'} fight club",
        lambda row: replace(asked, proposal=row.id, title=None),
    )
    if isinstance(found, Reply):
        return found
    board = ShowParty(party=found.party_id)
    if not found.is_open:
        return gone(found, board)
    if (why := await left_out(found, desk)) is not None:
        return refused(why)
    says = await parties.opine(
        desk.store.db,
        found.id,
        person_id=desk.caller.person.id,
        update_id=desk.caller.update_id,
        wants=asked.wants,
        now=desk.store.now(),
    )
    row = await proposal_of(found.id, desk)
    said = _said(row, says)
    if desk.caller.in_private:
        return replace(await _one(row, desk), toast=said, refresh=(board,))
    return told(said, board)


def _said(row: ProposalRow, says: bool | None) -> Text:
    """What the caller says of it now, and how many want it."""
    count = wanting(row)
    own = {
        True: t("{title}: you want it.", title=title_of(row)),
        False: t("{title}: not for you.", title=title_of(row)),
        None: t("{title}: you say nothing of it now.", title=title_of(row)),
    }[says]
    return own if count is None else t("{own} {count} now.", own=own, count=count)


# ── In private ───────────────────────────────────────────────────────────────────────────────────────────────────


async def show_proposal(asked: ShowProposal, desk: Desk) -> Reply:
    """All that is said of a title on the list, with the caller's own word, in private."""
    row = await proposal_of(asked.proposal, desk)
    if not row.is_open:
        return gone(row, ShowParty(party=row.party_id))
    return replace(await _one(row, desk), place=Place.PRIVATE, wish=asked)


async def _one(row: ProposalRow, desk: Desk) -> Reply:
    says = await parties.opinion(desk.store.db, row.id, person_id=desk.caller.person.id)
    party = await parties.read(desk.store.db, row.party_id)
    every = sorted(one.id for one in await parties.wanted(desk.store.db, row.party_id))
    lines = [t("{title}", title=title_of(row))]
    against = [tn("not for {count}", "not for {count}", row.against)] if row.against else []
    if (line := showing.joined([*known(row), *against])) is not None:
        lines.append(line)
    if row.note:
        lines.append(t("“{note}”", note=row.note))
    if party is not None:
        place = every.index(row.id) + 1
        lines.append(t("{place} of {total} on “{name}”", place=place, total=len(every), name=party.name))
    return notice(*lines, buttons=await _buttons(row, says, every, desk))


async def _buttons(row: ProposalRow, says: bool | None, every: list[int], desk: Desk) -> tuple[Row, ...]:
    want, against = t("Want it"), t("Not for me")
    own: Row = (
        Button(t("✓ {choice}", choice=want) if says is True else want, Opine(row.id, True)),
        Button(t("✓ {choice}", choice=against) if says is False else against, Opine(row.id, False)),
    )
    about = [Button(t("About it"), ShowTitle(ref_of(row), anew=True))]
    if row.proposed_by == desk.caller.person.id or await desk.sessions.is_admin(row.chat_id):
        about.append(Button(t("Take it off"), Unpropose(proposal=row.id)))
    at = every.index(row.id)
    turn = [Button(plain("‹"), ShowProposal(every[at - 1]))] if at else []
    if at + 1 < len(every):
        turn.append(Button(plain("›"), ShowProposal(every[at + 1])))
    return (own, tuple(about), *((tuple(turn),) if turn else ()))
