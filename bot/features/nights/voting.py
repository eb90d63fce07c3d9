"""Voting: by a press in the group, or step by step in private where an order, points or vetoes are asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from bot.core import showing
from bot.core.deciding import Ballot, Method
from bot.core.deciding.model import BEST
from bot.core.deciding.words import EXPLAINED
from bot.core.desk import Desk
from bot.core.errors import OutOfDate
from bot.core.intents import Night, Rank, Score, ShowBallot, ShowTitle, Veto, Vote
from bot.core.model import Listed
from bot.core.phrases import Name, Text, hint, plain, t, tn
from bot.core.reply import Button, Notice, Place, Reply, Row, TitleList
from bot.core.text import cut
from bot.features.nights.board import MOST_LABEL, View, turn_of, view, when
from bot.features.nights.leading import here, late, mine, refused, told
from bot.features.nights.votes import closing, whose_turn
from storage import nights
from storage.nights import Json, NightState, NotOpen

MOST_TOLD: Final = 150
"""Characters of all the films that somebody votes for, in a word beside a press: no platform has room for many more."""

_Change = Callable[[Ballot], Ballot]


async def vote(asked: Vote, desk: Desk) -> Reply:
    """Vote for a film, or take that vote back; whoever votes is in."""
    private = desk.caller.in_private
    state = await mine(asked.night, desk) if private and asked.night is not None else await here(asked.night, desk)
    seen = view(state, desk)
    if state.night.stage != "voting":
        return late(state)
    if not any(one.number == asked.candidate for one in seen.candidates):
        return refused(t("There is no film {number} on this ballot. Your vote is as it was.", number=asked.candidate))
    if seen.rules.is_private:
        return await ballot(ShowBallot(seen.id), desk)
    picks = seen.rules.method is Method.TURNS
    if picks and whose_turn(state) != desk.caller.person.id:
        return refused(t("It’s {name}’s turn to pick, tonight.", name=turn_of(state)))
    try:
        chosen = frozenset({asked.candidate})
        after = await _cast(
            seen, desk, lambda said: replace(said, approved=chosen - said.approved if picks else said.approved ^ chosen)
        )
    except NotOpen:
        return late(await mine(seen.id, desk))
    if private:
        return _with_board(_ballot(view(after, desk)), after)
    aloud = None if seen.rules.named else t("{name} has voted.", name=Name(desk.caller.person.name))
    return replace(told(_whole(view(after, desk)), changed=after), aloud=aloud)


async def _cast(seen: View, desk: Desk, change: _Change) -> NightState:
    """Change the caller's ballot; what it is then is in the state. Raises NotOpen."""
    now = desk.store.now()

    def changed(kept: Json) -> Json:
        return change(Ballot.from_json(kept)).to_json()

    said, after = await nights.cast(
        desk.store.db,
        seen.id,
        platform=desk.caller.person.platform,
        update_id=desk.caller.update_id,
        person=(desk.caller.person.id, desk.caller.person.name),
        change=changed,
        closes=closing(now),
        now=now,
    )
    # An update handled once more is told what it made of the ballot, whatever has become of that since.
    return replace(after, ballots={**after.ballots, desk.caller.person.id: said})


def _own(seen: View) -> Ballot:
    return Ballot.from_json(seen.state.ballots.get(seen.desk.caller.person.id, {}))


def _whole(seen: View) -> Text:
    """The caller's whole vote."""
    chosen = _own(seen).approved
    names = tuple(cut(one.name, MOST_TOLD // len(chosen)) for one in seen.candidates if one.number in chosen)
    return t("Your vote: {titles}", titles=names) if names else t("You have no vote now.")


def _with_board(reply: Reply, state: NightState) -> Reply:
    return replace(reply, refresh=(Night(night=state.night.id),))


# ── In private ───────────────────────────────────────────────────────────────────────────────────────────────────


async def ballot(asked: ShowBallot, desk: Desk) -> Reply:
    """The caller's own vote, to be changed in private."""
    state = await mine(asked.night, desk)
    if state.night.stage != "voting":
        return late(state)
    seen = view(state, desk)
    if seen.rules.method is Method.STAR and (unscored := _unscored(seen)) is not None and not _own(seen).scores:
        return _private(_stars(seen, unscored), asked)
    return _private(_ballot(seen), asked)


def _private(reply: Reply, asked: ShowBallot) -> Reply:
    return replace(reply, place=Place.PRIVATE, wish=asked)


def _ballot(seen: View) -> Reply:
    match seen.rules.method:
        case Method.RANKED:
            return _ranking(seen)
        case Method.STAR:
            return _scores(seen)
        case _:
            return _approvals(seen)


def _list(seen: View, heading: Text, notes: list[Text | None]) -> TitleList:
    chosen = frozenset(_own(seen).approved)
    entries = tuple(Listed(one.title) for one in seen.candidates)
    return TitleList(heading, entries, 1, len(entries), notes=tuple(notes), marked=chosen)


def _lengths(seen: View) -> list[Text | None]:
    return [showing.runtime(one.minutes) for one in seen.candidates]


def _until(seen: View) -> tuple[Text, ...]:
    ends = seen.state.night.closes_at
    if ends is None:
        return ()
    return (
        t("You can change it until {time}.", time=when(ends, seen.desk.store.now(), seen.desk.preferences.own_zone)),
    )


def _approvals(seen: View) -> Reply:
    rows = _film_rows(seen, lambda number: Vote(number, seen.id), _own(seen).approved)
    heading = Text(EXPLAINED[seen.rules.method])
    return Reply((_list(seen, heading, _lengths(seen)), Notice(_until(seen))), (*rows, *_vetoing(seen)))


def _film_rows(
    seen: View,
    make: Callable[[int], Vote | Rank | Score | Veto],
    chosen: frozenset[int],
    left_out: frozenset[int] = frozenset(),
) -> tuple[Row, ...]:
    """A button for each film, two in a row."""
    films = [
        Button(
            plain(f"{showing.CHOSEN if one.number in chosen else ''}{one.number}. {cut(one.name, MOST_LABEL)}"),
            make(one.number),
        )
        for one in seen.candidates
        if one.number not in left_out
    ]
    return tuple(tuple(films[at : at + 2]) for at in range(0, len(films), 2))


def _vetoing(seen: View) -> tuple[Row, ...]:
    if not seen.rules.vetoes:
        return ()
    return ((Button(t("Veto …"), Veto(seen.id)),),)


async def _alone(night: int, desk: Desk) -> NightState:
    """A night by its number, for somebody whom nobody else reads along with. Raises OutOfDate."""
    if not desk.caller.in_private:
        raise OutOfDate
    return await mine(night, desk)


# ── An order ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def rank(asked: Rank, desk: Desk) -> Reply:
    """Put a film next in one's order, begin anew, or show it."""
    if asked.candidate is None and not asked.anew:
        return await ballot(ShowBallot(asked.night), desk)

    def change(said: Ballot) -> Ballot:
        if asked.anew:
            return replace(said, ranking=())
        if asked.candidate is None or asked.candidate in said.ranking:
            return said
        return replace(said, ranking=(*said.ranking, asked.candidate))

    return await _changed(asked.night, asked.candidate, desk, Method.RANKED, change, _ranking)


async def _changed(
    night: int,
    candidate: int | None,
    desk: Desk,
    method: Method | None,
    change: _Change,
    shown: Callable[[View], Reply],
) -> Reply:
    """Change the own ballot in private and show it. `method`: the one that it is for, if it is for one alone."""
    state = await _alone(night, desk)
    seen = view(state, desk)
    if state.night.stage != "voting":
        return late(state)
    known = candidate is None or any(one.number == candidate for one in seen.candidates)
    if not known or (method is not None and seen.rules.method is not method):
        raise OutOfDate
    try:
        after = await _cast(seen, desk, change)
    except NotOpen:
        return late(await mine(night, desk))
    return _with_board(shown(view(after, desk)), after)


def _ranking(seen: View) -> Reply:
    order = _own(seen).ranking
    lines = [plain(f"{place}. {seen.named(number).name}") for place, number in enumerate(order, 1)]
    left = [one for one in seen.candidates if one.number not in order]
    asks = t("Which would you like best?") if not order else t("And next? Whatever you leave out comes last.")
    if not left:
        asks = t("That is your whole order.")
    heading = Text(EXPLAINED[Method.RANKED])
    told = (*([t("Your order:"), *lines] if lines else [hint(heading)]), asks, *_until(seen))
    rows = _film_rows(seen, lambda number: Rank(seen.id, number), frozenset(), frozenset(order))
    anew: tuple[Row, ...] = ((Button(t("Begin anew"), Rank(seen.id, anew=True)),),) if order else ()
    return Reply((Notice(told),), (*rows, *anew, *_vetoing(seen)))


# ── Points ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def score(asked: Score, desk: Desk) -> Reply:
    """Give a film its points, or ask for them."""
    if asked.candidate is None or asked.stars is None:
        state = await _alone(asked.night, desk)
        seen = view(state, desk)
        if state.night.stage != "voting":
            return late(state)
        if asked.candidate is None:
            return _scores(seen)
        if not any(one.number == asked.candidate for one in seen.candidates):
            raise OutOfDate
        return _stars(seen, asked.candidate)
    candidate, stars = asked.candidate, asked.stars

    def after(seen: View) -> Reply:
        following = _unscored(seen)
        return _scores(seen) if following is None else _stars(seen, following)

    return await _changed(
        asked.night,
        candidate,
        desk,
        Method.STAR,
        lambda said: replace(said, scores={**said.scores, candidate: stars}),
        after,
    )


def _unscored(seen: View) -> int | None:
    """The first film without points."""
    scores = _own(seen).scores
    return next((one.number for one in seen.candidates if one.number not in scores), None)


def _stars(seen: View, number: int) -> Reply:
    film = seen.named(number)
    told = (
        t("{number} of {count}: {title}", number=number, count=len(seen.candidates), title=film.title),
        t("How much would you like to watch it tonight? 5 is most, 0 is not at all."),
    )
    pad = tuple(Button(plain(str(stars)), Score(seen.id, number, stars)) for stars in range(BEST + 1))
    return Reply(
        (Notice(told),),
        (pad, (Button(t("All films"), Score(seen.id)), Button(t("About the film"), ShowTitle(film.ref, anew=True)))),
    )


def _scores(seen: View) -> Reply:
    scores = _own(seen).scores
    notes: list[Text | None] = [
        tn("{count} point", "{count} points", scores[one.number]) if one.number in scores else t("no points yet")
        for one in seen.candidates
    ]
    rows = _film_rows(seen, lambda number: Score(seen.id, number), frozenset())
    return Reply((_list(seen, Text(EXPLAINED[Method.STAR]), notes), Notice(_until(seen))), (*rows, *_vetoing(seen)))


# ── Vetoes ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def veto(asked: Veto, desk: Desk) -> Reply:
    """Veto a film, take that back, or show what can be vetoed. Nobody else is told whose veto it was."""
    state = await mine(asked.night, desk)
    seen = view(state, desk)
    if state.night.stage != "voting":
        return late(state)
    if not seen.rules.vetoes:
        return refused(t("There are no vetoes tonight. Your vote is as it was."))
    if not desk.caller.in_private:
        raise OutOfDate
    if asked.candidate is None:
        return _vetoes(seen)
    candidate, most = asked.candidate, seen.rules.vetoes
    own = _own(seen).vetoes
    if candidate not in own and len(own) >= most:
        word = tn(
            "You have {count} veto, and it is given. Take it back first.",
            "You have {count} vetoes, and they are given. Take one back first.",
            most,
        )
        return refused(word)
    return await _changed(
        asked.night,
        candidate,
        desk,
        None,
        lambda said: replace(said, vetoes=said.vetoes ^ {candidate}) if len(said.vetoes - {candidate}) < most else said,
        _vetoes,
    )


def _vetoes(seen: View) -> Reply:
    rules = seen.rules
    told = (
        tn("You may veto {count} film.", "You may veto {count} films.", rules.vetoes),
        tn("{count} veto takes a film out.", "{count} vetoes take a film out.", rules.veto_from),
        t("Nobody is told whose they were."),
    )
    rows = _film_rows(seen, lambda number: Veto(seen.id, number), _own(seen).vetoes)
    return Reply((Notice(told),), (*rows, (Button(t("‹ Back"), ShowBallot(seen.id)),)))
