"""How it is said what to do with a group's lists."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from bot.core import intents as i
from bot.core import naming
from bot.core.errors import BadArgument, OutOfDate
from bot.core.intents import BoardFilter, BoardOrder, PartyStep
from bot.core.model import Kind
from bot.core.text import clean

MOST_NAME: Final = 40
"""Characters of a list's name."""
MOST_CHARACTERS: Final = 64
"""Of a name, as they are stored: a flag or a family is several."""
MOST_NOTE: Final = 140

_NUMBER: Final = r"[1-9][0-9]{0,8}"
_BOARD: Final = re.compile(
    rf"#(?P<party>{_NUMBER})(?: p(?P<page>[1-9][0-9]{{0,3}}))?(?: (?P<order>wanted|newest|shortest))?"
    r"(?: m(?P<minutes>[1-9][0-9]{0,3}))?(?: g(?P<genre>[1-9][0-9]{0,5}))?(?P<streams> streams)?(?P<unseen> unseen)?"
)
_STEP: Final = re.compile(rf"(?P<id>{_NUMBER})(?: (?P<word>[a-z]{{1,12}})(?: (?P<most>[1-9][0-9]?))?)?")
_OWN: Final = re.compile(
    rf"(?P<party>{_NUMBER})(?: (?P<kind>tv))?(?: p(?P<page>[1-9][0-9]{{0,3}}))?(?: (?P<title>[mt][0-9]+))?"
)
_CHOSEN: Final = " chosen"
_PROPOSED: Final = re.compile(rf"#(?P<party>{_NUMBER}) (?P<title>.+)")


def _party(_word: str, rest: str) -> i.Intent:
    """`party #3 p2` is a button's: a view of that list."""
    if not _BOARD.fullmatch(rest):
        return i.ShowParty(_name(rest))
    return i.ShowParty("", *_board(rest))


def _turn(_word: str, rest: str) -> i.Intent:
    return i.TurnParty(*_board(rest))


def _arrange(_word: str, rest: str) -> i.Intent:
    party, _, order, only = _board(rest)
    return i.ArrangeParty(party, order, only)


def _board(rest: str) -> tuple[int, int, BoardOrder, BoardFilter]:
    said = _BOARD.fullmatch(rest)
    if said is None:
        raise OutOfDate
    minutes, genre = said["minutes"], said["genre"]
    only = BoardFilter(
        int(minutes) if minutes else None,
        int(genre) if genre else None,
        streams=said["streams"] is not None,
        unseen=said["unseen"] is not None,
    )
    return int(said["party"]), int(said["page"] or 1), BoardOrder(said["order"] or BoardOrder.WANTED), only


def _named(make: Callable[[str], i.Intent]) -> Callable[[str, str], i.Intent]:
    def reader(word: str, rest: str) -> i.Intent:
        name = _name(rest)
        if not name:
            raise BadArgument("", naming.usage(word))
        return make(name)

    return reader


def _name(rest: str) -> str:
    """A list's name, as long as one may be. A # at its beginning is left out: a button's number has that."""
    words = rest.lstrip("# ")
    lengths = range(MOST_NAME, 0, -1)
    return next(name for most in lengths if len(name := clean(words, most)) <= MOST_CHARACTERS)


def _lists(_word: str, rest: str) -> i.Intent:
    return i.ShowParties(archived=rest == "all")


def _changed(_word: str, rest: str) -> i.Intent:
    said = _STEP.fullmatch(rest)
    if said is None or said["word"] not in (None, *PartyStep):
        raise OutOfDate
    most = int(said["most"]) if said["most"] else None
    return i.ChangeParty(int(said["id"]), PartyStep(said["word"] or PartyStep.MANAGE), most)


def _propose(word: str, rest: str) -> i.Intent:
    """`propose #3 m550` is a button's: on that list."""
    if not rest:
        return i.Propose()
    chosen = re.fullmatch(rf".*[mt][0-9]+{_CHOSEN}", rest) is not None
    rest = rest.removesuffix(_CHOSEN) if chosen else rest
    on = _PROPOSED.fullmatch(rest)
    party = int(on["party"]) if on else None
    readings = [i.Propose(target, party, chosen) for target in naming.targets(word, on["title"] if on else rest)]
    return readings[0] if len(readings) == 1 else i.Either(tuple(readings))


def _remove(word: str, rest: str) -> i.Intent:
    """`remove #7` is a button's: that proposal."""
    if re.fullmatch(rf"#{_NUMBER}", rest):
        return i.Unpropose(None, int(rest[1:]))
    return i.Unpropose(naming.targets(word, rest)[0])


def _note(word: str, rest: str) -> i.Intent:
    """After a title's name it isn't plain where the note begins: what is on the list tells."""
    target, left = naming.ref(rest.split())
    if target is None and rest:
        return i.NoteProposal(i.Words(rest))
    if target is None or not left:
        raise BadArgument(rest, naming.usage(word))
    return i.NoteProposal(target, clean(" ".join(left), MOST_NOTE))


def _opine(word: str, rest: str) -> i.Intent:
    """`wantit #7` is a button's: that proposal."""
    wants = word == "wantit"
    if re.fullmatch(rf"#{_NUMBER}", rest):
        return i.Opine(int(rest[1:]), wants)
    return i.Opine(None, wants, naming.targets(word, rest)[0])


def _id(rest: str) -> int:
    if not re.fullmatch(_NUMBER, rest):
        raise OutOfDate
    return int(rest)


def _from_watchlist(_word: str, rest: str) -> i.Intent:
    said = _OWN.fullmatch(rest)
    if said is None:
        raise OutOfDate
    title = naming.ref([said["title"]])[0] if said["title"] else None
    if isinstance(title, i.ImdbId):
        raise OutOfDate
    return i.FromWatchlist(int(said["party"]), int(said["page"] or 1), Kind(said["kind"] or Kind.MOVIE), title)


def _take_part(_word: str, rest: str) -> i.Intent:
    if rest not in ("in", "out"):
        raise OutOfDate
    return i.TakePart(rest == "in")


READERS: Final[dict[str, Callable[[str, str], i.Intent]]] = {
    "party": _party,
    "leaf": _turn,
    "arrangeparty": _arrange,
    "lists": _lists,
    "newlist": _named(i.NewParty),
    "renamelist": _named(i.RenameParty),
    "changelist": _changed,
    "propose": _propose,
    "remove": _remove,
    "repropose": lambda _word, rest: i.Repropose(_id(rest)),
    "proposal": lambda _word, rest: i.ShowProposal(_id(rest)),
    "note": _note,
    "wantit": _opine,
    "notforme": _opine,
    "mywatchlist": _from_watchlist,
    "members": lambda _word, _rest: i.ShowMembers(),
    "takepart": _take_part,
}


def spell(intent: i.Intent) -> str | None:  # noqa: C901 - one line for each intent
    """The canonical command text, without a slash."""
    match intent:
        case i.ShowParty(name, None):
            return f"party {name}".rstrip()
        case i.ShowParty(_, party, page, order, only):
            return f"party {_spell_board(party or 0, page, order, only)}"
        case i.TurnParty(party, page, order, only):
            return f"leaf {_spell_board(party, page, order, only)}"
        case i.ArrangeParty(party, order, only):
            return f"arrangeparty {_spell_board(party, 1, order, only)}"
        case i.ShowParties(archived):
            return "lists all" if archived else "lists"
        case i.NewParty(name):
            return f"newlist {name}"
        case i.RenameParty(name):
            return f"renamelist {name}"
        case i.ChangeParty(party, step, most):
            return f"changelist {party}{'' if step is PartyStep.MANAGE else f' {step.value}'} {most or ''}".rstrip()
        case i.Propose(None):
            return "propose"
        case i.Propose(title, party, chosen) if title is not None:
            on = "" if party is None else f"#{party} "
            return f"propose {on}{naming.spell_title(title)}{_CHOSEN if chosen else ''}"
        case i.Unpropose(None, proposal):
            return f"remove #{proposal}"
        case i.Unpropose(title) if title is not None:
            return f"remove {naming.spell_title(title)}"
        case i.Repropose(proposal):
            return f"repropose {proposal}"
        case i.ShowProposal(proposal):
            return f"proposal {proposal}"
        case i.NoteProposal(title, note):
            return f"note {naming.spell_title(title)} {note}".rstrip()
        case i.Opine(proposal, wants, title):
            meant = f"#{proposal}" if title is None else naming.spell_title(title)
            return f"{'wantit' if wants else 'notforme'} {meant}"
        case i.FromWatchlist(party, page, kind, ref):
            said = (
                "tv" if kind is Kind.TV else "",
                "" if page == 1 else f"p{page}",
                naming.spell_title(ref) if ref else "",
            )
            return " ".join(["mywatchlist", str(party), *filter(None, said)])
        case i.ShowMembers():
            return "members"
        case i.TakePart(going):
            return f"takepart {'in' if going else 'out'}"
        case _:
            return None


def _spell_board(party: int, page: int, order: BoardOrder, only: BoardFilter) -> str:
    parts = [
        f"#{party}",
        "" if page == 1 else f"p{page}",
        "" if order is BoardOrder.WANTED else order.value,
        "" if only.minutes is None else f"m{only.minutes}",
        "" if only.genre is None else f"g{only.genre}",
        "streams" if only.streams else "",
        "unseen" if only.unseen else "",
    ]
    return " ".join(part for part in parts if part)
