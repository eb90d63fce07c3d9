"""Which list or proposal is meant, whether it is the caller's business, and how he is told what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bot.core import showing
from bot.core.chat import ChatKind
from bot.core.desk import MOST_CHOICES, Desk
from bot.core.errors import OtherGroups
from bot.core.intents import Help, Intent, ShowParty, Target, Words
from bot.core.model import Kind, Title, TitleRef
from bot.core.phrases import Code, Name, Text, phrases, t, tn
from bot.core.reply import Button, Place, Reply, notice
from bot.core.text import fold, same_name
from storage import members, parties
from storage.parties import Json, PartyRow, ProposalRow

NOT_YOURS: Final = t("Only whoever began this list, or an admin, can do that. Nothing was changed.")


# ── Lists ────────────────────────────────────────────────────────────────────────────────────────────────────────


def in_group(desk: Desk) -> bool:
    """Whether this is a group that the bot sees."""
    return desk.caller.chat.kind is ChatKind.GROUP


def for_groups(command: str) -> Reply:
    """What is said where there is no group."""
    return notice(
        t("A list is kept by a group together: add me to one and type {command} there.", command=Code(command)),
        buttons=((Button(t("What can you do?"), Help()),),),
    )


async def in_use(desk: Desk) -> PartyRow:
    """The list that this group uses; at first use one is begun."""
    chat = desk.caller.chat
    found = await parties.in_use(desk.store.db, platform=chat.platform, chat_id=chat.id)
    if found is not None:
        return found
    made, _ = await begin(phrases(desk.caller.language).text(t("Film night")), desk)
    if made.archived_at is not None:
        await parties.archive(desk.store.db, made.id, at=None)
    return made


async def begin(name: str, desk: Desk) -> tuple[PartyRow, bool]:
    """A list of that name, and whether it is new."""
    chat = desk.caller.chat
    return await parties.make(
        desk.store.db,
        platform=chat.platform,
        chat_id=chat.id,
        name=(name, folded(name)),
        person_id=desk.caller.person.id,
        now=desk.store.now(),
    )


def folded(name: str) -> str:
    """As names of lists are compared."""
    return fold(name) or name.casefold()


async def list_of(party_id: int, desk: Desk) -> PartyRow:
    """The list of that number, whatever has become of it: this group's, in private one of the caller's groups'.

    Raises OtherGroups.
    """
    party = await parties.read(desk.store.db, party_id)
    if party is None or not await _is_callers(party.platform, party.chat_id, desk):
        raise OtherGroups
    return party


async def left_out(party: PartyRow | ProposalRow, desk: Desk) -> Text | None:
    """What is said to a caller who takes no part in the list's group; nothing to all others."""
    person = desk.caller.person.id
    if not await members.stands_apart(desk.store.db, platform=party.platform, chat_id=party.chat_id, person_id=person):
        return None
    return t(
        "You are left out here, so it would not count. Nothing was changed. {command} takes you in again.",
        command=Code("/members"),
    )


async def may_change(party: PartyRow, desk: Desk) -> bool:
    """Whether the caller may rename, limit, put away or delete it."""
    return desk.caller.person.id == party.made_by or await desk.sessions.is_admin(party.chat_id)


async def _is_callers(platform: str, chat_id: str, desk: Desk) -> bool:
    chat, person = desk.caller.chat, desk.caller.person
    if platform != chat.platform:
        return False
    if in_group(desk):
        return chat_id == chat.id
    return await members.is_member(desk.store.db, platform=platform, chat_id=chat_id, person_id=person.id)


# ── Proposals ────────────────────────────────────────────────────────────────────────────────────────────────────


async def proposal_of(number: int, desk: Desk) -> ProposalRow:
    """The proposal of that number, as above. Raises OtherGroups."""
    proposal = await parties.proposal(desk.store.db, number)
    if proposal is None or not await _is_callers(proposal.platform, proposal.chat_id, desk):
        raise OtherGroups
    return proposal


async def meant(target: Target, party: PartyRow, desk: Desk) -> list[ProposalRow]:
    """Those on the list that `target` may mean: by its number, by its whole name, else by all words of it."""
    rows = await parties.wanted(desk.store.db, party.id)
    if not isinstance(target, Words):
        ref = await desk.one_ref(target)
        by_number = [row for row in rows if ref_of(row) == ref]
        # `/remove 1917` may mean the film of that name.
        return by_number or [row for row in rows if same_name(str(ref.id), str(row.facts.get("name", "")))]
    rows = [row for row in rows if target.kind in (None, ref_of(row).kind)]
    named = [row for row in rows if same_name(target.text, str(row.facts.get("name", "")))]
    words = set(fold(target.text).split())
    return named or [row for row in rows if words <= {*fold(title_of(row).name).split(), str(title_of(row).year)}]


async def the_one(
    number: int | None,
    target: Target | None,
    desk: Desk,
    example: str,
    press: Callable[[ProposalRow], Intent],
) -> ProposalRow | Reply:
    """The proposal of that number, else the one on the list in use that `target` means; or what to say instead.

    `press`: what choosing one says, where several may be meant. Raises OtherGroups.
    """
    if number is not None:
        return await proposal_of(number, desk)
    if not in_group(desk) or target is None:
        return for_groups(example)
    party = await in_use(desk)
    rows = await meant(target, party, desk)
    if len(rows) == 1:
        return rows[0]
    if not rows:
        return not_there(party)
    some = rows[:MOST_CHOICES]
    buttons = tuple((Button(t("{title}", title=title_of(row)), press(row), owned=True),) for row in some)
    return notice(t("Which one do you mean?"), buttons=buttons)


def not_there(party: PartyRow) -> Reply:
    """What is said of a title that is not on the list."""
    return notice(t("That is not on “{name}”. {command} shows what is.", name=party.name, command=Code("/party")))


def facts_of(title: Title) -> Json:
    """What is kept of a title beside its proposal."""
    return {"name": title.name, "year": title.year, "minutes": title.runtime, "genres": list(title.genre_ids)}


def ref_of(row: ProposalRow) -> TitleRef:
    """Which title was proposed."""
    return TitleRef(Kind(row.kind), row.title_id)


def title_of(row: ProposalRow) -> Title:
    """The title as a list shows it."""
    facts = row.facts
    return Title(
        ref_of(row),
        str(facts.get("name") or row.title_id),
        facts.get("year"),
        runtime=facts.get("minutes"),
        genre_ids=tuple(facts.get("genres", ())),
    )


def wanting(row: ProposalRow) -> Text | None:
    """`3 want it`; nothing where nobody does."""
    return tn("{count} wants it", "{count} want it", row.wants) if row.wants else None


def known(row: ProposalRow) -> list[Text]:
    """`2 h 50 min`, `3 want it`, `proposed by Ben`."""
    length = showing.runtime(row.facts.get("minutes"))
    by = t("proposed by {name}", name=Name(row.proposer)) if row.proposer else None
    return [one for one in (length, wanting(row), by) if one is not None]


def gone(row: ProposalRow, board: ShowParty) -> Reply:
    """Why a proposal can't be pressed any more."""
    if row.put_away:
        why = t("This list is not in use any more. Nothing was changed.")
    elif row.watched_at is not None:
        why = t("You have watched {title} together. Nothing was changed.", title=title_of(row))
    else:
        why = t("{title} was taken off the list. Nothing was changed.", title=title_of(row))
    return told(why, board, alert=True)


# ── Telling ──────────────────────────────────────────────────────────────────────────────────────────────────────


def told(text: Text, *changed: ShowParty, alert: bool = False) -> Reply:
    """A word to whoever pressed; the messages that show what was changed are brought up to date."""
    return Reply(place=Place.TOAST, toast=text, alert=alert, refresh=changed)


def refused(text: Text) -> Reply:
    """Why something can't be done; it waits to be read."""
    return told(text, alert=True)


async def streaming(party: PartyRow, desk: Desk) -> set[int]:
    """The streaming services that the list's group has, or somebody who takes part there."""
    return await members.streaming(desk.store.db, platform=party.platform, chat_id=party.chat_id)
