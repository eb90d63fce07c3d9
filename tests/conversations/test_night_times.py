"""What a film night does by itself when its time has come, and what it goes by: over the core, whose clock is ours."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.app import build
from bot.core import deadlines
from bot.core.backend import Services
from bot.core.chat import Chat, ChatKind
from bot.core.dispatch import Dispatch
from bot.core.store import Store
from bot.frontends.web.people import PEOPLE
from tests.conversations.test_nights import (
    MATRIX,
    SPIRITED,
    YOUR_NAME,
    gather,
    messages_of_the_bot,
    numbered,
    press_beginning,
    sets,
    vote_on,
    votes,
)
from tests.core_front import CoreFront
from tests.talk import Talk

MINUTE, DAY = 60, 24 * 3600


class Night:
    """A conversation with a clock, and the loop that looks at it."""

    def __init__(self, dispatch: Dispatch, store: Store, now: list[int]) -> None:
        self.dispatch, self.store, self.now = dispatch, store, now
        self.front = CoreFront(dispatch)
        self.talk = Talk(self.front)

    async def passes(self, seconds: int) -> float:
        """So much time passes; in how many seconds the next thing is due."""
        self.now[0] += seconds
        async with asyncio.TaskGroup() as telling:
            return await deadlines.do_due(self.dispatch, self.store, telling)


@pytest.fixture
def night(services: Services, store: Store, now: list[int]) -> Night:
    return Night(build(services, store, tuple(PEOPLE.values())), store, now)


async def test_the_deadline_ends_the_vote_whoever_has_gone(night: Night) -> None:
    await vote_on(night.talk)
    await votes(night.talk.ben, MATRIX)
    assert await night.passes(29 * MINUTE) == MINUTE, "it is looked at again when it is due"
    await night.talk.ben.in_group.comes_to_see("1 of 5 have voted.")
    await night.passes(MINUTE)
    await night.talk.ben.in_group.comes_to_see(f"Tonight: {MATRIX} (1999)", f"1 of 1 would watch {MATRIX}.")
    told = len(await messages_of_the_bot(night.talk))
    await night.passes(DAY)
    assert len(await messages_of_the_bot(night.talk)) == told, "it is ended once"


async def test_it_closes_soon_after_all_have_voted_and_not_while_somebody_changes_his_mind(night: Night) -> None:
    await vote_on(night.talk)
    for person in (night.talk.ada, night.talk.ben, night.talk.cleo, night.talk.dee, night.talk.eli):
        await votes(person, MATRIX)
    await night.passes(15)
    await votes(night.talk.eli, SPIRITED)
    await night.passes(15)
    await night.talk.ben.in_group.comes_to_see("The result comes in a moment; a vote can still be changed.")
    await votes(night.talk.eli, SPIRITED, MATRIX)
    await night.passes(MINUTE)
    await night.talk.ben.in_group.comes_to_see("4 of 5 have voted.", "Until ")
    await votes(night.talk.eli, MATRIX)
    await night.passes(20)
    await night.talk.ben.in_group.comes_to_see(f"Tonight: {MATRIX} (1999)")


async def test_who_goes_holds_up_nobody(night: Night) -> None:
    await vote_on(night.talk)
    for person in (night.talk.ada, night.talk.ben, night.talk.cleo, night.talk.dee):
        await votes(person, MATRIX)
    await night.talk.eli.in_group.says("/night out")
    await night.passes(20)
    await night.talk.ben.in_group.comes_to_see(f"4 of 4 would watch {MATRIX}.")


async def test_too_few_votes_are_said_and_the_vote_can_go_on(night: Night) -> None:
    await vote_on(night.talk, ("Quorum", "half of you"))
    await votes(night.talk.ada, MATRIX)
    await night.passes(30 * MINUTE)
    await night.talk.ben.in_group.comes_to_see("The time is up, and too few have voted.", "Decide anyway")
    await night.talk.ben.in_group.comes_to_see("The time is up, and only 1 has voted.")
    await night.passes(DAY)
    await votes(night.talk.ben, MATRIX)
    await night.talk.ada.in_group.presses("30 minutes more")
    await night.talk.ben.in_group.comes_to_see("2 of 5 have voted.", "at the latest")
    await votes(night.talk.cleo, SPIRITED)
    await night.passes(30 * MINUTE)
    await night.talk.ben.in_group.comes_to_see(f"Tonight: {MATRIX} (1999)")


async def test_once_enough_have_voted_after_all_it_is_decided(night: Night) -> None:
    await vote_on(night.talk, ("Quorum", "half of you"))
    await night.passes(30 * MINUTE)
    for person in (night.talk.ada, night.talk.ben, night.talk.cleo):
        await votes(person, MATRIX)
    await night.passes(0)
    await night.talk.ben.in_group.comes_to_see("The result comes in a moment; a vote can still be changed.")
    await votes(night.talk.cleo, MATRIX)
    await night.passes(20)
    await night.talk.ben.in_group.comes_to_see("2 of 5 have voted.", "too few have voted")
    await votes(night.talk.cleo, MATRIX, SPIRITED)
    await night.passes(20)
    await night.talk.ben.in_group.comes_to_see(f"3 of 3 would watch {MATRIX}.")


async def test_who_has_not_voted_is_reminded_alone_and_once(night: Night) -> None:
    await vote_on(night.talk)
    await votes(night.talk.ada, MATRIX)
    await night.passes(22 * MINUTE)
    assert not [one for one in await night.talk.ben.messages() if "yours is missing" in one.text]
    await night.passes(MINUTE)
    await night.talk.ben.comes_to_see("The film night’s vote ends at ", "yours is missing")
    assert not [one for one in await night.talk.ada.messages() if "yours is missing" in one.text]
    await night.passes(MINUTE)
    assert len([one for one in await night.talk.ben.messages() if "yours is missing" in one.text]) == 1
    await night.talk.ben.presses("Vote")
    await night.talk.ben.presses(await numbered(night.talk.ben, MATRIX))
    await night.talk.ben.comes_to_see("✓ ")
    await night.talk.ada.in_group.comes_to_see("2 of 5 have voted.")


async def test_who_picks_may_think_again_for_a_moment_and_others_are_not_waited_for(night: Night) -> None:
    await vote_on(night.talk, ("How you decide", "Taking turns"), ("Quorum", "all of you"))
    await votes(night.talk.ada, MATRIX, SPIRITED)
    await night.talk.ada.is_told(f"Your vote: {SPIRITED}")
    await night.passes(19)
    await night.talk.ben.in_group.comes_to_see("It’s Ada’s turn to pick.")
    await night.passes(1)
    await night.talk.ben.in_group.comes_to_see(f"{SPIRITED} was picked by the one whose turn it was.")
    await night.talk.ada.in_group.presses("We watched it")
    await gather(night.talk)
    await sets(night.talk.ada, "How you decide", "Taking turns")
    await night.talk.ada.in_group.presses("Choose films")
    await night.talk.ada.in_group.presses("Start the vote")
    await night.talk.ben.in_group.comes_to_see("It’s Ben’s turn to pick.")
    await night.talk.ben.in_group.says("/night out")
    await night.talk.ben.in_group.comes_to_see("It’s Ada’s turn to pick.")
    await night.passes(23 * MINUTE)
    assert not [one for one in await night.talk.cleo.messages() if "yours is missing" in one.text]
    await night.talk.ada.comes_to_see("yours is missing")


async def test_an_opener_who_vanishes_holds_up_nobody(night: Night) -> None:
    await gather(night.talk)
    await night.talk.ben.in_group.presses("Not me")
    await night.passes(9 * MINUTE)
    await night.talk.cleo.in_group.presses("Choose films")
    await night.talk.cleo.is_told("Only whoever opened this film night")
    await night.passes(2 * MINUTE)
    await night.talk.ben.in_group.presses("Choose films")
    await night.talk.ben.is_told("Only whoever opened this film night")
    await night.talk.cleo.in_group.presses("Choose films")
    await night.talk.cleo.in_group.comes_to_see("Shall it be one of these?")


async def test_until_when_is_said_as_people_say_it(night: Night) -> None:
    await gather(night.talk)
    await night.talk.ada.in_group.says("/settings zone Berlin")
    await night.talk.ada.in_group.says("/night until 23:30")
    await night.talk.ada.in_group.comes_to_see("When the vote begins, it runs until 23:30.")
    await night.talk.ada.in_group.presses("Choose films")
    await night.talk.ada.in_group.presses("Start the vote")
    await night.talk.ada.in_group.comes_to_see("Until 23:30 at the latest.")
    await night.talk.ada.in_group.says("/night until in 2 days")
    await night.talk.ada.in_group.comes_to_see("Until 23:13 Thu 16 Nov at the latest.")


async def test_the_hour_on_the_board_is_the_same_whoever_presses(night: Night) -> None:
    await night.talk.ada.says("/language de")  # so her clock is taken to be Germany's; the group has set none
    await night.talk.ada.in_group.says("/night")
    await night.talk.ada.in_group.presses("Filme auswählen")
    await night.talk.ada.in_group.presses("Abstimmung starten")
    await night.talk.ada.in_group.comes_to_see("Bis spätestens 23:43.")
    await night.talk.ada.says("/language en")
    await night.talk.ada.in_group.says("/night until 23:30")
    await night.talk.ada.in_group.comes_to_see("Bis spätestens 23:30.")
    await night.talk.ada.in_group.comes_to_see("The vote now runs until 23:30 at the latest.")


async def test_what_is_kept_for_later_nights_holds_for_them(night: Night) -> None:
    await vote_on(night.talk, ("How you decide", "Ranking"), ("Time", "1 hour"))
    await night.talk.ada.in_group.presses("End the vote")
    await night.talk.ada.in_group.presses("Another night")
    await night.talk.ada.in_group.says("/night")
    await night.talk.ada.in_group.presses("More options")
    await night.talk.ada.sees_button("How you decide: Most votes")
    await press_beginning(night.talk.ada, "Hidden votes")
    await night.talk.ada.presses("yes")
    await night.talk.ada.presses("Keep all this for our next nights")
    await night.talk.ada.in_group.presses("Call it off")
    await night.talk.ben.in_group.says("/night")
    await night.talk.ben.in_group.presses("More options")
    await night.talk.ben.sees_button("Hidden votes: yes")


async def test_a_count_that_is_hidden_is_not_shown_and_one_by_name_is(night: Night) -> None:
    await vote_on(night.talk, ("Hidden votes", "yes"))
    await votes(night.talk.ada, MATRIX)
    await night.talk.ben.in_group.comes_to_see("1 of 5 have voted.")
    assert not [text for text in await messages_of_the_bot(night.talk) if "✓ 1 vote" in text]
    await night.talk.ada.in_group.presses("End the vote")
    await night.talk.ada.in_group.presses("Another night")
    await night.talk.ada.in_group.says("/night")
    await sets(night.talk.ada, "Votes by name", "yes")
    await night.talk.ada.in_group.presses("Choose films")
    await night.talk.ada.in_group.presses("Start the vote")
    await night.talk.ben.in_group.presses((await night.talk.ben.in_group.messages())[-1].buttons[0][0])
    await night.talk.ben.in_group.comes_to_see("✓ Ben")


async def test_admins_only_means_the_opener_too(night: Night) -> None:
    await gather(night.talk)
    await sets(night.talk.ada, "Admins only", "yes")
    await night.talk.ada.presses("Keep all this for our next nights")
    await night.talk.ada.in_group.presses("Call it off")
    await night.talk.ben.in_group.says("/night")
    await night.talk.ben.in_group.sees("In this group only admins open a film night. Ask one of them.")


async def test_films_can_be_narrowed_and_others_asked_for(night: Night) -> None:
    await gather(night.talk)
    await night.talk.ada.in_group.presses("Choose films")
    await sets(night.talk.ada, "At most", "2 hours")
    await night.talk.ada.in_group.comes_to_see(YOUR_NAME)
    assert MATRIX not in (await messages_of_the_bot(night.talk))[-1]
    await press_beginning(night.talk.ada, "At most")
    await night.talk.ada.presses("any length")
    await press_beginning(night.talk.ada, "Films from")
    await night.talk.ada.presses("what is popular")
    await night.talk.ada.in_group.comes_to_see("Shall it be one of these?")
    one = (await messages_of_the_bot(night.talk))[-1]
    await night.talk.ada.in_group.presses("Other films")
    assert (await messages_of_the_bot(night.talk))[-1] != one
    await press_beginning(night.talk.ada, "Films from")
    await night.talk.ada.presses("loved by one, unseen by the rest")
    await night.talk.ada.in_group.comes_to_see("I found no film that fits what is set for tonight.")


async def test_what_was_seen_is_said_and_left_out_where_that_is_wanted(night: Night) -> None:
    await gather(night.talk)
    await night.talk.ben.says("/rate m129 8")
    await night.talk.ben.says("/watch m129")
    await night.talk.ada.in_group.presses("Choose films")
    await night.talk.ada.in_group.comes_to_see(SPIRITED, "seen by 1")
    await sets(night.talk.ada, "Unseen only", "yes")
    await night.talk.ada.in_group.comes_to_see("Shall it be one of these?")
    assert SPIRITED not in (await messages_of_the_bot(night.talk))[-1]


async def test_whose_watchlist_it_is_on_is_told_if_each_of_them_lets_it_show(night: Night) -> None:
    await gather(night.talk)
    for person in (night.talk.ada, night.talk.ben):
        await person.says("/settings name on")
    await night.talk.ada.in_group.presses("Choose films")
    await night.talk.ada.in_group.comes_to_see("on 3 of 5 watchlists")
    assert not [text for text in await messages_of_the_bot(night.talk) if "watchlists of" in text]
    await night.talk.cleo.says("/settings name on")
    await night.talk.ada.in_group.presses("‹ Back")
    await night.talk.ada.in_group.presses("Choose films")
    await night.talk.ada.in_group.comes_to_see("on the watchlists of Ada, Ben and Cleo", "on 3 of 5 watchlists")


async def test_of_one_who_is_in_alone_nothing_is_told(night: Night) -> None:
    await night.talk.ada.says("/watch m680")
    await night.talk.ada.says("/rate m129 9")
    await night.talk.ada.in_group.says("/night")
    await night.talk.ada.in_group.presses("Choose films")
    await night.talk.ada.in_group.comes_to_see("Popular just now, since your lists have nothing in common yet.")
    assert "watchlist" not in (await messages_of_the_bot(night.talk))[-1].replace("watchlists have", "")
    await sets(night.talk.ada, "Films from", "loved by one, unseen by the rest")
    await night.talk.ada.in_group.comes_to_see("I found no film that fits what is set for tonight.")


async def test_a_press_that_is_handled_again_counts_once(night: Night) -> None:
    await vote_on(night.talk)
    await votes(night.talk.ben, MATRIX)
    await night.front.again("ben")
    await night.talk.ada.in_group.presses("End the vote")
    await night.talk.ada.in_group.comes_to_see(f"1 of 1 would watch {MATRIX}.")


async def test_another_groups_night_is_out_of_reach(night: Night) -> None:
    await vote_on(night.talk)
    elsewhere = Chat("web", "other", ChatKind.GROUP)
    update = night.front.last
    for text in ("1vote 1 1", "1night 1 in", "1night 1 close", "1pastnight 1 1"):
        answer = await night.dispatch.answer(
            replace(update, id=f"foreign {text}", chat=elsewhere, text=text, pressed=True)
        )
        assert answer.reply.toast is not None
        assert "out of date" in answer.reply.toast.message
        assert not answer.reply.refresh


async def test_the_board_speaks_the_groups_language_and_each_is_told_in_his_own(night: Night) -> None:
    await night.talk.ada.in_group.says("/language de")
    await night.talk.cleo.says("/language de")
    await night.talk.ada.in_group.says("/night")
    await night.talk.ada.in_group.comes_to_see("Wer ist dabei?")
    await night.talk.ben.in_group.presses("Ich bin dabei")
    await night.talk.ben.is_told("You’re in.")
    await night.talk.cleo.in_group.presses("Ich bin dabei")
    await night.talk.cleo.is_told("Du bist dabei.")
    await night.talk.ada.in_group.comes_to_see("Dabei: Ada, Ben und Cleo")
