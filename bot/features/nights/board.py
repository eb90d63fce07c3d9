"""The one message of a film night at each of its stages. Everybody reads it, so nothing on it is personal.

Twelve lines at most, so that it fits a phone's screen with its buttons.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from bot.core import showing
from bot.core.deciding import Ballot, Method, Outcome
from bot.core.deciding.words import EXPLAINED, reasons
from bot.core.desk import Desk
from bot.core.intents import Night, NightOptions, NightStep, Rate, ShowBallot, ShowTitle, Vote
from bot.core.model import Listed
from bot.core.night import Candidate, Rules, Source
from bot.core.phrases import Clock, Code, Day, Moment, Name, Text, hint, plain, t, tn
from bot.core.reply import Button, Notice, Part, Place, Reply, Row, TitleList
from bot.core.text import clean, cut
from bot.features.nights.candidates import FOUND, are_found, choose, from_rows
from bot.features.nights.leading import zone_of
from bot.features.nights.votes import entries_of, has_voted, whose_turn
from storage import night_attendees, nights
from storage.nights import NightState, NotOpen

MOST_NAMES: Final = 12
"""Names of those who are in; of more, so many and how many others."""
MOST_VOTERS: Final = 5
"""Names of those who want a film, in a line with others; of more, so many and how many others."""
MOST_NAME: Final = 32
"""Characters of a person's name."""
DAY_SECONDS: Final = 24 * 3600
MOST_LABEL: Final = 22
"""Characters of a film's name on a button, of which two stand beside each other."""


@dataclass(frozen=True, slots=True)
class View:
    """What a board is made of."""

    state: NightState
    rules: Rules
    candidates: tuple[Candidate, ...]
    desk: Desk

    @property
    def id(self) -> int:
        """The night's number."""
        return self.state.night.id

    @property
    def zone(self) -> tzinfo:
        """By which clock it goes."""
        return zone_of(self.state.night, self.desk)

    def named(self, number: int) -> Candidate:
        """The film of that number on the ballot."""
        return next(one for one in self.candidates if one.number == number)

    def step(self, label: Text, step: NightStep) -> Button:
        """A button for going on."""
        return Button(label, Night(step, self.id))


def view(state: NightState, desk: Desk) -> View:
    """What a board needs of a night."""
    return View(state, Rules.from_json(state.night.options), from_rows(state.candidates), desk)


async def board(state: NightState, desk: Desk) -> Reply:
    """The message as it is to stand now."""
    if state.night.stage == "choosing" and not are_found(state):
        # It is looked for here, where the desk is the group's: what is asked for is set in a private chat.
        with suppress(NotOpen):
            await choose(state, desk)
        state = await nights.read(desk.store.db, state.night.id) or state
    seen = view(state, desk)
    match state.night.stage:
        case "gathering":
            reply = _gathering(seen)
        case "choosing":
            reply = await _choosing(seen)
        case "voting":
            reply = _voting(seen)
        case "decided" | "watched":
            reply = _decided(seen)
        case _:
            reply = Reply((Notice((t("🎬 No film night this time."), who(seen))),))
    return Reply(reply.parts, reply.buttons, Place.ANEW, board=Night(night=seen.id))


# ── Who is in ────────────────────────────────────────────────────────────────────────────────────────────────────


def _gathering(seen: View) -> Reply:
    lines = (
        t("🎬 Film night? Who is in?"),
        who(seen),
        hint(t("I look for what you share on your watchlists, and tell nobody whose they are.")),
    )
    return Reply(
        (Notice(lines),),
        (
            (seen.step(t("I’m in"), NightStep.IN), seen.step(t("Not me"), NightStep.OUT)),
            (seen.step(t("Choose films"), NightStep.CHOOSE), Button(t("More options"), NightOptions(seen.id))),
            (seen.step(t("Call it off"), NightStep.CANCEL),),
        ),
    )


def who(seen: View) -> Text:
    """Who is in."""
    names = tuple(_called(one.name) for one in seen.state.attendees)
    if not names:
        return t("Nobody is in yet.")
    if len(names) > MOST_NAMES:
        more = len(names) - MOST_NAMES
        return tn("In: {names} and {count} more", "In: {names} and {count} more", more, names=", ".join(names[:12]))
    return t("In: {names}", names=names)


def some_of(names: Sequence[str], most: int = MOST_VOTERS) -> Text:
    """Those names; of more than `most`, so many and how many others."""
    shown = tuple(_called(name) for name in names)
    if len(shown) <= most:
        return Text("{names}", {"names": shown})
    more = len(shown) - most
    return tn("{names} and {count} more", "{names} and {count} more", more, names=", ".join(shown[:most]))


def _called(name: str) -> str:
    """A person's name as it can be shown: some have none."""
    return clean(name, MOST_NAME) or "…"


# ── Choosing ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def _choosing(seen: View) -> Reply:
    if not seen.candidates:
        return _nothing_found(seen)
    lines = [await _where_from(seen), _how(seen)]
    films = _films(seen, t("Shall it be one of these?"), [showing.joined(_known(one, seen)) for one in seen.candidates])
    return Reply(
        (films, Notice(tuple(lines))),
        (
            (seen.step(t("Start the vote"), NightStep.START), seen.step(t("Other films"), NightStep.OTHERS)),
            (Button(t("More options"), NightOptions(seen.id)), seen.step(t("‹ Back"), NightStep.BACK)),
        ),
    )


def _nothing_found(seen: View) -> Reply:
    return Reply(
        (
            Notice(
                (
                    t("I found no film that fits what is set for tonight."),
                    t(
                        "Ask for less under “More options”, or propose some: {command}",
                        command=Code("/propose fight club"),
                    ),
                )
            ),
        ),
        ((Button(t("More options"), NightOptions(seen.id)), seen.step(t("‹ Back"), NightStep.BACK)),),
    )


async def _where_from(seen: View) -> Text:
    """What these films have in common, and how old what is known of the lists is."""
    sources = [Source(one) for one in seen.state.night.options.get(FOUND, ())]
    match sources:
        case [Source.OVERLAP | Source.BEST, *rest]:
            told = _overlap(seen, alone=not rest)
            read_at = await night_attendees.read_at(seen.desk.store.db, seen.id)
            if read_at is None:
                return told
            read = Moment(read_at, seen.desk.store.now(), seen.zone)
            return t("{told} Lists read {when}.", told=told, when=read)
        case [Source.LIST, *_]:
            return t("From your list, what most of you want.")
        case [Source.LOVED, *_]:
            return t("Loved by one who is in, unseen by the others.")
        case _:
            if seen.rules.source is Source.POPULAR:
                return t("Popular just now.")
            return t("Popular just now, since your lists have nothing in common yet.")


def _overlap(seen: View, *, alone: bool) -> Text:
    people = len(seen.state.attendees)
    if not alone:
        return t("First what several of you want to see; you share little, so there is more.")
    least = min((one.wanted for one in seen.candidates), default=0)
    return t("Each is on at least {count} of {people} watchlists.", count=least, people=people)


def _how(seen: View) -> Text:
    rules, now = seen.rules, seen.desk.store.now()
    explained = Text(EXPLAINED[rules.method])
    if rules.until is not None and rules.until > now:
        ends = when(rules.until, now, seen.zone)
        return t("{explained} It closes when all have voted, at {time} at the latest.", explained=explained, time=ends)
    return t(
        "{explained} It closes when all have voted, after {duration} at the latest.",
        explained=explained,
        duration=duration(rules.minutes),
    )


def when(at: int, now: int, zone: tzinfo) -> Clock | Text:
    """`19:30`; where that is more than a day ahead, with its day."""
    if at - now <= DAY_SECONDS:
        return Clock(at, zone)
    on, today = (datetime.fromtimestamp(each, zone).date() for each in (at, now))
    return t("{time} {day}", time=Clock(at, zone), day=Day(on, today))


def duration(minutes: int) -> Text:
    """`30 minutes`, `2 hours`, `3 days`."""
    if minutes % (24 * 60) == 0:
        return tn("{count} day", "{count} days", minutes // (24 * 60))
    if minutes % 60 == 0:
        return tn("{count} hour", "{count} hours", minutes // 60)
    return tn("{count} minute", "{count} minutes", minutes)


def _films(seen: View, heading: Text, notes: list[Text | None]) -> TitleList:
    entries = tuple(Listed(one.title) for one in seen.candidates)
    return TitleList(heading, entries, 1, len(entries), notes=tuple(notes), marked=frozenset())


def _known(one: Candidate, seen: View) -> list[Text]:
    """`2 h 50`, `on 3 of 5 watchlists`, `seen by 1`."""
    said = [length] if (length := showing.runtime(one.minutes)) is not None else []
    if one.votes is not None:
        said.append(tn("{count} wants it", "{count} want it", one.votes))
    if one.wanted_by:
        said.append(t("on the watchlists of {names}", names=some_of(one.wanted_by)))
    elif one.wanted and len(seen.state.attendees) > 1:
        said.append(t("on {count} of {people} watchlists", count=one.wanted, people=len(seen.state.attendees)))
    if one.watched:
        said.append(t("watched together before"))
    elif one.seen_by:
        said.append(tn("seen by {count}", "seen by {count}", one.seen_by))
    return said


# ── Voting ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _voting(seen: View) -> Reply:
    notes = [showing.joined([*_known(film, seen), *_votes(film, seen)]) for film in seen.candidates]
    films = _films(seen, Text(EXPLAINED[seen.rules.method]), notes)
    return Reply((films, Notice(tuple(_progress(seen)))), (*_ballot_buttons(seen), *_closing_buttons(seen)))


def _votes(film: Candidate, seen: View) -> list[Text]:
    """The interim count of a film, or its chances, where that is open."""
    if seen.rules.hidden or seen.rules.method not in (Method.APPROVAL, Method.DRAW):
        return []
    ballots = {who: Ballot.from_json(said) for who, said in seen.state.ballots.items()}
    for_it = [one.name for one in seen.state.attendees if film.number in ballots.get(one.person_id, Ballot()).approved]
    said: list[Text] = []
    if for_it and seen.rules.named:
        said.append(t("✓ {names}", names=some_of(for_it)))
    elif for_it:
        said.append(tn("✓ {count} vote", "✓ {count} votes", len(for_it)))
    if seen.rules.method is Method.DRAW:
        chances = {one.number: one.wanted + 1 for one in entries_of(seen.rules, seen.candidates, [*ballots.values()])}
        said.append(t("{count} of {all} chances", count=chances[film.number], all=sum(chances.values())))
    return said


def _progress(seen: View) -> list[Text]:
    night, attendees = seen.state.night, seen.state.attendees
    voted = sum(has_voted(seen.rules, seen.state.ballots.get(one.person_id)) for one in attendees)
    told = t("{count} of {people} have voted.", count=voted, people=len(attendees))
    if seen.rules.method is Method.TURNS:
        told = t("It’s {name}’s turn to pick.", name=Name(turn_of(seen.state)))
    if night.closes_at is None:
        return [told, t("The time is up, and too few have voted. Vote now, take more time, or decide anyway.")]
    ends = when(night.closes_at, seen.desk.store.now(), seen.zone)
    if night.closes_at != night.latest:  # all that it waits for is there
        return [told, t("The result comes in a moment; a vote can still be changed.")]
    return [told, t("Until {time} at the latest.", time=ends)]


def turn_of(state: NightState) -> str:
    """The name of whose turn it is."""
    whose = whose_turn(state)
    return next((one.name for one in state.attendees if one.person_id == whose), "…")


def _ballot_buttons(seen: View) -> tuple[Row, ...]:
    own = Button(t("My vote"), ShowBallot(seen.id))
    if seen.rules.is_private:
        return ((Button(t("Vote in private"), ShowBallot(seen.id)),),)
    films = [
        Button(plain(f"{one.number}. {cut(one.name, MOST_LABEL)}"), Vote(one.number, seen.id))
        for one in seen.candidates
    ]
    rows = tuple(tuple(films[at : at + 2]) for at in range(0, len(films), 2))
    return (*rows, (own,)) if seen.rules.vetoes else rows


def _closing_buttons(seen: View) -> tuple[Row, ...]:
    if seen.state.night.closes_at is None:
        return (
            (seen.step(t("30 minutes more"), NightStep.LONGER), seen.step(t("Decide anyway"), NightStep.CLOSE)),
            (seen.step(t("Call it off"), NightStep.CANCEL),),
        )
    return (
        (seen.step(t("End the vote"), NightStep.CLOSE), seen.step(t("30 minutes more"), NightStep.LONGER)),
        (seen.step(t("Call it off"), NightStep.CANCEL),),
    )


# ── The result ───────────────────────────────────────────────────────────────────────────────────────────────────


def _decided(seen: View) -> Reply:
    night = seen.state.night
    assert night.winner is not None  # noqa: S101 - where all are vetoed, those with the fewest vetoes stay
    assert night.result is not None  # noqa: S101
    film = seen.named(night.winner)
    lines = [told_result(seen)]
    if night.stage == "watched":
        lines.append(t("Watched. Rate it in private; it counts for your own account."))
        parts: tuple[Part, ...] = (Notice(tuple(lines)),)
        return Reply(parts, ((Button(t("Rate it"), Rate(film.ref)), _card(film)),))
    outcome = Outcome.from_json(night.result)
    lines += why(seen)
    lines += _runner_up(seen, outcome)
    return Reply(
        (Notice(tuple(lines)),),
        (
            (seen.step(t("We watched it"), NightStep.WATCHED), _card(film)),
            (seen.step(t("Next one"), NightStep.NEXT), seen.step(t("Another night"), NightStep.LATER)),
        ),
    )


def _card(film: Candidate) -> Button:
    return Button(t("About the film"), ShowTitle(film.ref, anew=True))


def told_result(seen: View) -> Text:
    """What was chosen."""
    winner = seen.state.night.winner
    return t("🎬 Tonight: {title}", title=seen.named(winner).title) if winner is not None else plain("")


def why(seen: View) -> list[Text]:
    """Why it was chosen; of the runner-up, that it is one."""
    night = seen.state.night
    if night.result is None or night.winner is None:
        return []
    outcome = Outcome.from_json(night.result)
    if outcome.order[0] != night.winner:
        first = Name(seen.named(outcome.order[0]).name)
        return [t("{title} had won; you went on to the next one.", title=first)]
    return reasons(outcome, {one.number: one.name for one in seen.candidates})


def _runner_up(seen: View, outcome: Outcome) -> list[Text]:
    after = next_of(outcome, seen.state.night.winner)
    return [] if after is None else [t("After it: {title}", title=seen.named(after).title)]


def next_of(outcome: Outcome, winner: int | None) -> int | None:
    """The runner-up to that one, if there is any."""
    if winner not in outcome.order:
        return None
    at = outcome.order.index(winner) + 1
    return outcome.order[at] if at < len(outcome.order) else None
