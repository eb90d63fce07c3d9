"""Film nights that are left alone: by whoever opened them, or until their time is up."""

from __future__ import annotations

from bot.features.nights.leading import ABANDONED_SECONDS
from tests.conversations.test_night_times import Night, night

__all__ = ["night"]


async def test_whoever_is_in_goes_on_with_a_night_whose_opener_has_vanished(night: Night) -> None:
    ben, cleo, dee = night.talk.ben.in_group, night.talk.cleo.in_group, night.talk.dee.in_group
    await ben.says("/night")
    await cleo.presses("I’m in")
    await cleo.presses("Choose films")
    await cleo.is_told("Only whoever opened this film night", "Nothing was changed")
    await cleo.sees_button("Choose films")
    night.now[0] += ABANDONED_SECONDS + 1
    await dee.presses("Choose films")
    await dee.is_told("Only whoever opened this film night")
    await cleo.presses("Choose films")
    await cleo.presses("Start the vote")
    await cleo.presses((await cleo.buttons())[0])
    await cleo.is_told("Your vote")
    await cleo.sees("1 of 2 have voted")
    await night.passes(29 * 60)
    await cleo.sees("1 of 2 have voted")
    await night.passes(60)
    await cleo.sees("🎬 Tonight", "1 of 1 would watch")


async def test_all_have_voted_and_the_result_comes_after_a_moment_that_any_change_begins_anew(night: Night) -> None:
    ada, ben = night.talk.ada.in_group, night.talk.ben.in_group
    await ada.says("/night")
    await ben.presses("I’m in")
    await ada.presses("Choose films")
    await ada.presses("Start the vote")
    first, second, *_ = await ada.buttons()
    await ada.presses(first)
    await night.passes(60)
    await ben.presses(first)
    await night.passes(15)
    await ben.presses(second)
    await night.passes(15)
    await ben.sees("2 of 2 have voted", "The result comes in a moment")
    await night.passes(5)
    await ben.sees("🎬 Tonight", "2 of 2 would watch")
