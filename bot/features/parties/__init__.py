"""A group's lists: what they want to watch together, who proposed it, and who wants it.

`board` is the message that shows a list, `arranging` how (`choosing` picks what passes), `proposing` puts titles on it
and takes them off, `proposals` takes what each says of one, `lists` manages them, `members` tells who takes part;
`which` finds what is meant.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.core.chat import Update
from bot.core.dispatch import Dispatch
from bot.core.intents import (
    ArrangeParty,
    ChangeParty,
    FromWatchlist,
    NewParty,
    NoteProposal,
    Opine,
    Propose,
    RenameParty,
    Repropose,
    ShowMembers,
    ShowParties,
    ShowParty,
    ShowProposal,
    TakePart,
    TurnParty,
    Unpropose,
)
from bot.features.parties import arranging, board, lists, members, proposals, proposing


def finding(dispatch: Dispatch) -> Callable[[Update], Awaitable[int | None]]:
    """How the number of a group's list is found for somebody there; None where the bot is not for him.

    Raises what `Dispatch.look` does.
    """
    return lambda update: dispatch.look(update, proposing.used_by)


def install(dispatch: Dispatch) -> None:
    """Answer these."""
    dispatch.add(ShowParty, board.show)
    dispatch.add(TurnParty, board.turn)
    dispatch.add(ArrangeParty, arranging.arrange)
    dispatch.add(Propose, proposing.propose)
    dispatch.add(FromWatchlist, proposing.from_watchlist)
    dispatch.add(Unpropose, proposing.unpropose)
    dispatch.add(Repropose, proposing.repropose)
    dispatch.add(NoteProposal, proposing.annotate)
    dispatch.add(Opine, proposals.opine)
    dispatch.add(ShowProposal, proposals.show_proposal)
    dispatch.add(ShowParties, lists.show_lists)
    dispatch.add(NewParty, lists.new)
    dispatch.add(RenameParty, lists.rename)
    dispatch.add(ChangeParty, lists.change)
    dispatch.add(ShowMembers, members.show_members)
    dispatch.add(TakePart, members.take_part)
