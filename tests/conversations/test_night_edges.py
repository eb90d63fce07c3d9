"""Film nights where something comes between: over the core, whose clock is ours."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.core import deadlines
from bot.core.chat import Chat, ChatKind
from bot.core.desk import Desk
from bot.core.errors import BackendDown
from bot.core.model import Title, TitleRef
from bot.frontends.web.people import GROUP
from storage import deadlines as due_rows
from storage import nights
from tests.conversations.test_night_times import MINUTE, Night, night
from tests.conversations.test_nights import (
    MATRIX,
    SPIRITED,
    gather,
    messages_of_the_bot,
    numbered,
    press_beginning,
    sets,
    vote_on,
    votes,
)

__all__ = ["night"]


class Between:
    """Does something once, just before a function of storage is called the next time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, what: Callable[[], Awaitable[None]]):
        self._called = getattr(module, name)
        self._what: Callable[[], Awaitable[None]] | None = what
        monkeypatch.setattr(module, name, self)

    async def __call__(self, *args: Any, **kwargs: Any) -> Any:
        what, self._what = self._what, None
        if what is not None:
            await what()
        return await self._called(*args, **kwargs)


async def test_a_vote_that_is_prolonged_as_its_time_is_up_goes_on(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    await vote_on(night.talk)
    Between(monkeypatch, nights, "move", lambda: night.talk.ada.in_group.presses("30 minutes more"))
    await night.passes(30 * MINUTE)
    await night.talk.ben.in_group.comes_to_see("0 of 5 have voted.", "at the latest")
    await night.passes(30 * MINUTE)
    await night.talk.ben.in_group.comes_to_see("Tonight: ")


async def test_too_few_votes_are_no_end_where_it_is_prolonged_just_then(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    await vote_on(night.talk, ("Quorum", "all of you"))
    Between(monkeypatch, nights, "wait", lambda: night.talk.ada.in_group.presses("30 minutes more"))
    await night.passes(30 * MINUTE)
    await night.talk.ben.in_group.comes_to_see("0 of 5 have voted.", "at the latest")


async def test_nobody_is_reminded_of_an_hour_that_was_put_off_just_then(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    await vote_on(night.talk)
    Between(monkeypatch, due_rows, "nudged", lambda: night.talk.ada.in_group.presses("30 minutes more"))
    await night.passes(23 * MINUTE)
    assert not [one for one in await night.talk.ben.messages() if "yours is missing" in one.text]


async def test_a_night_that_cannot_be_ended_keeps_no_other_from_it(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    await vote_on(night.talk)

    async def broken() -> None:
        raise KeyError

    Between(monkeypatch, nights, "move", broken)
    assert await night.passes(30 * MINUTE) == deadlines.AGAIN_SECONDS
    await night.passes(5)
    await night.talk.ben.in_group.comes_to_see("Tonight: ")


async def test_without_anybody_in_no_vote_begins(night: Night) -> None:
    await night.talk.ada.in_group.says("/night")
    await sets(night.talk.ada, "How you decide", "Taking turns")
    await night.talk.ada.in_group.presses("Not me")
    await night.talk.ada.in_group.presses("Choose films")
    await night.talk.ada.in_group.presses("Start the vote")
    await night.talk.ada.is_told("Nobody is in, so nobody would vote.")
    await night.talk.ada.in_group.presses("‹ Back")
    await night.talk.ben.in_group.presses("I’m in")
    await night.talk.ben.in_group.presses("Choose films")
    await night.talk.ben.in_group.presses("Start the vote")
    await night.talk.ada.in_group.comes_to_see("It’s Ben’s turn to pick.")


async def test_a_veto_is_no_pick_and_who_picked_has_had_a_turn(night: Night) -> None:
    await vote_on(night.talk, ("How you decide", "Taking turns"), ("Vetoes each", "1"))
    await night.talk.ada.in_group.presses("My vote")
    await night.talk.ada.presses("Veto …")
    await night.talk.ada.presses(await numbered(night.talk.ada, SPIRITED))
    await night.passes(20)
    await night.talk.ben.in_group.comes_to_see("It’s Ada’s turn to pick.")
    await night.talk.ada.in_group.says("/night out")
    await votes(night.talk.ben, MATRIX)
    await night.passes(20)
    await night.talk.ben.in_group.presses("We watched it")
    await night.talk.ada.in_group.says("/night")
    for person in (night.talk.ben, night.talk.cleo):
        await person.in_group.presses("I’m in")
    await sets(night.talk.ada, "How you decide", "Taking turns")
    await night.talk.ben.in_group.says("/night out")
    await night.talk.cleo.in_group.says("/night out")
    await night.talk.ben.in_group.says("/night in")
    await night.talk.ada.in_group.presses("Choose films")
    await night.talk.ada.in_group.presses("Start the vote")
    await night.talk.ben.in_group.comes_to_see("It’s Ada’s turn to pick.")


async def test_what_is_for_adults_is_on_no_ballot_whoever_looks(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Desk.title

    async def title(desk: Desk, ref: TitleRef) -> Title:
        """As it is shown to somebody whose account wants that."""
        return replace(await asked(desk, ref), adult=ref.id == 603)

    monkeypatch.setattr(Desk, "title", title)
    await gather(night.talk)
    await night.talk.ada.in_group.presses("Choose films")
    await night.talk.ada.in_group.comes_to_see(SPIRITED)
    assert MATRIX not in (await messages_of_the_bot(night.talk))[-1]


async def test_a_list_of_one_among_several_is_not_told(night: Night) -> None:
    for film in ("m129", "m603", "m372058"):
        await night.talk.ada.says(f"/watch {film}")
    await night.talk.ada.in_group.says("/night")
    await night.talk.ben.in_group.presses("I’m in")
    await night.talk.ada.in_group.presses("Choose films")
    await night.talk.ada.in_group.comes_to_see("Popular just now, since your lists have nothing in common yet.")


async def test_a_service_that_does_not_answer_is_not_taken_for_films_that_do_not_fit(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def title(_desk: Desk, _ref: TitleRef) -> Title:
        raise BackendDown

    await gather(night.talk)
    monkeypatch.setattr(Desk, "title", title)
    await night.talk.ada.in_group.presses("Choose films")
    await night.talk.ada.is_told("The account service isn't answering. Nothing was changed.")
    monkeypatch.undo()
    await night.talk.ada.in_group.presses("Choose films")
    await night.talk.ada.in_group.comes_to_see(MATRIX)


async def test_other_films_are_others_and_where_there_are_none_that_is_said(night: Night) -> None:
    await gather(night.talk)
    await night.talk.ada.in_group.presses("Choose films")
    shown = [await ballot(night)]
    assert MATRIX in shown[0]
    await night.talk.ada.in_group.presses("Other films")
    await night.talk.ada.is_told("Here are some films.")
    shown.append(await ballot(night))
    assert MATRIX not in shown[1]
    await sets(night.talk.ada, "Films from", "what you share on watchlists")
    await night.talk.ada.in_group.presses("Other films")
    await night.talk.ada.is_told("There are no other films that fit. These stay.")
    assert MATRIX in await ballot(night)


async def ballot(night: Night) -> str:
    return (await messages_of_the_bot(night.talk))[-1]


async def test_others_are_passed_over_with_what_did_not_fit(night: Night) -> None:
    await gather(night.talk)
    await night.talk.ada.in_group.presses("More options")
    for option, choice in (("Films from", "what is popular"), ("At most", "3 hours")):
        await press_beginning(night.talk.ada, option)
        await night.talk.ada.presses(choice)
    await night.talk.ada.in_group.presses("Choose films")
    first = titles(await ballot(night))
    await night.talk.ada.in_group.presses("Other films")
    assert titles(await ballot(night))[0] not in first


def titles(shown: str) -> list[str]:
    return re.findall(r"^[0-9]\. (.*\))", shown, re.MULTILINE)


async def test_an_hour_is_pressed_too(night: Night) -> None:
    await night.talk.ada.says("/settings zone Berlin")
    await night.talk.ada.in_group.says("/settings zone Berlin")
    await gather(night.talk)
    await sets(night.talk.ada, "Time: 30 minutes", "19:30")
    await night.talk.ada.sees_button("Time: 19:30")
    await night.talk.ada.in_group.presses("Choose films")
    await night.talk.ada.in_group.comes_to_see("at 19:30 at the latest")
    await press_beginning(night.talk.ada, "Time: 19:30")
    await night.talk.ada.presses("5 minutes")
    await night.talk.ada.in_group.comes_to_see("after 5 minutes at the latest")


async def test_a_vote_with_an_end_is_not_ended_by_just_anybody(night: Night) -> None:
    await vote_on(night.talk)
    await night.passes(15 * MINUTE)
    await night.talk.cleo.in_group.presses("End the vote")
    await night.talk.cleo.is_told("Only whoever opened this film night, or an admin, can do that.")
    await night.talk.ben.in_group.says("/night out")
    await night.talk.ada.in_group.presses("Call it off")
    await night.talk.ben.in_group.comes_to_see("No film night this time.")


async def test_what_is_ones_own_is_shown_in_no_group_whoever_forges_a_press(night: Night) -> None:
    await vote_on(night.talk, ("Vetoes each", "1"))
    for text in ("1veto 1", "1score 1", "1veto 1 1"):
        update = replace(night.front.last, id=f"forged {text}", chat=GROUP.chat, text=text, pressed=True)
        answer = await night.dispatch.answer(update)
        assert not answer.reply.parts
        assert answer.reply.toast is not None


async def test_a_vote_typed_in_private_is_told_where_it_belongs(night: Night) -> None:
    await night.talk.ada.says("/vote 1")
    await night.talk.ada.sees("No film night is open here.")
    await night.talk.ada.says("/night options")
    await night.talk.ada.sees("No film night is open here.")


async def test_who_looks_at_a_ballot_is_not_in(night: Night) -> None:
    await vote_on(night.talk, ("How you decide", "Ranking"))
    await night.talk.eli.in_group.says("/night out")
    private = Chat("web", "eli", ChatKind.PRIVATE)
    looks = replace(night.front.last, id="looks", chat=private, text="1rank 1", pressed=True, addressed=True)
    answer = await night.dispatch.answer(looks)
    assert answer.reply.parts
    await night.talk.ada.in_group.presses("30 minutes more")
    await night.talk.ada.in_group.comes_to_see("0 of 4 have voted.")
