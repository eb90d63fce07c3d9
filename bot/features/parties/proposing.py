"""What comes onto a group's list and goes off it: proposed below a title, by name, or from one's own watchlist."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.core import naming
from bot.core.desk import Desk
from bot.core.errors import BadArgument, ForAdults
from bot.core.grammars.parties import MOST_NOTE
from bot.core.intents import (
    FromWatchlist,
    NoteProposal,
    Opine,
    Propose,
    Repropose,
    ShowParty,
    ShowProposal,
    Target,
    Unpropose,
    Words,
)
from bot.core.model import Kind, Order, Page, Section, Title, TitleRef
from bot.core.paging import first, ten, turning
from bot.core.phrases import Code, Name, Text, hint, plain, t, tn
from bot.core.reply import Button, Notice, Place, Reply, Row, TitleList, notice
from bot.core.text import clean, same_name
from bot.features.parties.which import (
    facts_of,
    for_groups,
    gone,
    in_group,
    in_use,
    left_out,
    list_of,
    not_there,
    proposal_of,
    ref_of,
    refused,
    the_one,
    title_of,
    told,
)
from storage import members, parties, people
from storage.parties import Outcome, PartyRow, ProposalRow

ACROSS: Final = 5
"""Numbers in a row of buttons."""


# ── Proposing ────────────────────────────────────────────────────────────────────────────────────────────────────


async def propose(asked: Propose, desk: Desk) -> Reply:
    """Put a title on the list in use, or on that one."""
    target = asked.title or desk.caller.about
    if asked.party is None and not in_group(desk):
        return await _where(target, desk)
    if target is None:
        raise BadArgument("", naming.usage("propose"))
    ref = await desk.one_ref(target)
    party = await in_use(desk) if asked.party is None else await list_of(asked.party, desk)
    said, row = await _proposed(ref, party, desk)
    if row is None:
        return refused(said)
    buttons: tuple[Row, ...] = (
        (Button(t("Want it"), Opine(row.id, True)), Button(t("Not for me"), Opine(row.id, False))),
    )
    if asked.chosen:
        return replace(notice(said, buttons=buttons), refresh=(ShowParty(party=party.id),))
    # Of a press only the word is told; what was typed is answered with the buttons.
    return replace(told(said, ShowParty(party=party.id)), buttons=buttons)


async def _proposed(ref: TitleRef, party: PartyRow, desk: Desk) -> tuple[Text, ProposalRow | None]:
    """What came of proposing it, in a sentence for all, and the proposal that is on the list now."""
    if party.deleted_at is not None or party.archived_at is not None:
        return t("The list “{name}” is not in use any more. Nothing was changed.", name=party.name), None
    if (why := await left_out(party, desk)) is not None:
        return why, None
    title = await desk.title(ref)
    if title.adult:
        raise ForAdults(alone=False)
    number, outcome = await parties.propose(
        desk.store.db,
        party.id,
        title=(ref.kind.value, ref.id),
        facts=facts_of(title),
        person_id=desk.caller.person.id,
        update_id=desk.caller.update_id,
        now=desk.store.now(),
    )
    row = await parties.proposal(desk.store.db, number)
    if row is None:
        most = party.most_each or 0
        return tn(
            "Each of you may propose {count} title for “{name}”, and yours is there. {command} takes it off.",
            "Each of you may propose {count} titles for “{name}”, and yours are there. {command} takes one off.",
            most,
            name=party.name,
            command=Code("/remove ID"),
        ), None
    if outcome is Outcome.NEW:
        who = Name(desk.caller.person.name)
        return t("{title} is on “{name}” now, proposed by {who}.", title=title, name=party.name, who=who), row
    return _there(title, party, row, desk), row


def _there(title: Title, party: PartyRow, row: ProposalRow, desk: Desk) -> Text:
    """Who was first."""
    if row.proposed_by == desk.caller.person.id:
        return t("{title} is on “{name}” already: you proposed it.", title=title, name=party.name)
    if not row.proposer:
        return t("{title} is on “{name}” already.", title=title, name=party.name)
    who = Name(row.proposer)
    return t("{title} is on “{name}” already: {who} proposed it first.", title=title, name=party.name, who=who)


async def _where(target: Target | None, desk: Desk) -> Reply:
    """In private: for which of the caller's groups."""
    person = desk.caller.person
    every = await parties.of_person(desk.store.db, platform=person.platform, person_id=person.id)
    if not every:
        return for_groups("/propose fight club")
    ref = None if target is None else await desk.one_ref(target)
    buttons: list[Row] = []
    for party in every:
        group = await people.chat_name(desk.store.db, platform=party.platform, chat_id=party.chat_id)
        label = t("{name} ({group})", name=party.name, group=group) if group else plain(party.name)
        buttons.append(
            (Button(label, FromWatchlist(party.id) if ref is None else Propose(ref, party.id, chosen=True)),)
        )
    # Also asked where a card stands in somebody else's chat: which groups one is in is nobody's business there.
    return notice(t("For which list?"), buttons=tuple(buttons), place=Place.PRIVATE)


async def used_by(desk: Desk) -> int:
    """The number of the list in use, for a card that the caller has put into the group by typing the bot's name.

    Whoever does that is in the group, and may propose for it.
    """
    caller = desk.caller
    await members.join(
        desk.store.db,
        platform=caller.chat.platform,
        chat_id=caller.chat.id,
        person_id=caller.person.id,
        now=desk.store.now(),
    )
    return (await in_use(desk)).id


# ── From one's own watchlist ─────────────────────────────────────────────────────────────────────────────────────


async def from_watchlist(asked: FromWatchlist, desk: Desk) -> Reply:
    """A page of the caller's own watchlist in private, with a press to propose each."""
    party = await list_of(asked.party, desk)
    said = None
    if asked.title is not None:
        said, _ = await _proposed(asked.title, party, desk)
    reply = replace(await _page(replace(asked, title=None), party, desk), place=Place.PRIVATE, wish=asked)
    if said is None:
        return reply
    return replace(reply, toast=said, refresh=(ShowParty(party=party.id),))


async def _page(asked: FromWatchlist, party: PartyRow, desk: Desk) -> Reply:
    account, kind = await desk.sessions.own(), asked.kind

    async def fetch(page: int) -> Page:
        found = await account.service.accounts.titles(
            account.session, Section.WATCHLIST, kind, Order.NEWEST, page, desk.caller.language
        )
        await desk.mirror.absorb(account.service, account.session, Section.WATCHLIST, kind, Order.NEWEST, found)
        return found

    entries, total = await ten(asked.page, fetch)
    other = FromWatchlist(party.id, kind=Kind.TV if kind is Kind.MOVIE else Kind.MOVIE)
    others = (Button(t("Series") if kind is Kind.MOVIE else t("Films"), other),)
    if not entries:
        nothing = t("No films on your watchlist yet.") if kind is Kind.MOVIE else t("No series on your watchlist yet.")
        return notice(nothing, buttons=(others,))
    there = {ref_of(row) for row in await parties.wanted(desk.store.db, party.id)}
    start = first(asked.page)
    numbers: Row = tuple(
        Button(plain(str(number)), replace(asked, title=entry.title.ref)) for number, entry in enumerate(entries, start)
    )
    marked = frozenset(number for number, entry in enumerate(entries, start) if entry.title.ref in there)
    return Reply(
        (
            TitleList(t("From your watchlist for “{name}”", name=party.name), entries, start, total, marked=marked),
            Notice((hint(t("Press a number to propose that title. What has a ✓ is on the list.")),)),
        ),
        (
            *(numbers[at : at + ACROSS] for at in range(0, len(numbers), ACROSS)),
            *turning(asked.page, total, lambda page: replace(asked, page=page)),
            others,
        ),
    )


# ── Taking off ───────────────────────────────────────────────────────────────────────────────────────────────────


async def unpropose(asked: Unpropose, desk: Desk) -> Reply:
    """Take a title off the list: whoever proposed it, or an admin."""
    found = await the_one(asked.proposal, asked.title, desk, "/remove 550", lambda row: Unpropose(proposal=row.id))
    if isinstance(found, Reply):
        return found
    board = ShowParty(party=found.party_id)
    if not found.is_open:
        return gone(found, board)
    person = desk.caller.person
    if found.proposed_by != person.id and not await desk.sessions.is_admin(found.chat_id):
        return refused(
            t(
                "Only whoever proposed {title}, or an admin, can take it off. Nothing was changed.",
                title=title_of(found),
            )
        )
    await parties.remove(desk.store.db, found.id, person_id=person.id, now=desk.store.now())
    said = t("{title} is off the list.", title=title_of(found))
    return replace(notice(said, buttons=((Button(t("Undo"), Repropose(found.id)),),)), refresh=(board,))


async def repropose(asked: Repropose, desk: Desk) -> Reply:
    """Put back what was taken off: whoever did that, or might have."""
    row = await proposal_of(asked.proposal, desk)
    person, board = desk.caller.person, ShowParty(party=row.party_id)
    if person.id not in (row.removed_by, row.proposed_by) and not await desk.sessions.is_admin(row.chat_id):
        return refused(t("Only whoever took it off, who proposed it, or an admin can undo that. Nothing was changed."))
    if row.put_away or row.watched_at is not None:
        return gone(row, board)
    if not await parties.put_back(desk.store.db, row.id):
        return told(t("{title} is on the list again already.", title=title_of(row)), board, alert=True)
    return replace(notice(t("{title} is back on the list.", title=title_of(row))), refresh=(board,))


async def annotate(asked: NoteProposal, desk: Desk) -> Reply:
    """Write a note beside a proposal of the caller's own."""
    if isinstance(asked.title, Words) and in_group(desk):
        return await _annotate_by_name(asked.title.text, desk)
    found = await the_one(None, asked.title, desk, "/note 550 …", lambda row: ShowProposal(row.id))
    return found if isinstance(found, Reply) else await _annotated(found, asked.note, desk)


async def _annotate_by_name(words: str, desk: Desk) -> Reply:
    """The title whose name the words begin with, the longest there is, and as its note what follows."""
    party, tokens = await in_use(desk), words.split()
    rows = await parties.wanted(desk.store.db, party.id)
    for count in range(len(tokens), 0, -1):
        for row in rows:
            if not same_name(" ".join(tokens[:count]), title_of(row).name):
                continue
            if count == len(tokens):
                raise BadArgument("", naming.usage("note"))
            return await _annotated(row, clean(" ".join(tokens[count:]), MOST_NOTE), desk)
    return not_there(party)


async def _annotated(row: ProposalRow, note: str, desk: Desk) -> Reply:
    if row.proposed_by != desk.caller.person.id:
        return refused(t("You can write a note beside what you have proposed. Nothing was changed."))
    await parties.annotate(desk.store.db, row.id, note=note)
    return told(t("Noted beside {title}: “{note}”", title=title_of(row), note=note), ShowParty(party=row.party_id))
