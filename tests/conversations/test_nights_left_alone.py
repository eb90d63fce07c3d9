"""Film nights that are left alone: by whoever opened them, or until their time is up."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.app import build
from bot.core.backend import Services
from bot.core.deadlines import do_due
from bot.core.dispatch import Dispatch
from bot.core.store import Store
from bot.features.nights.leading import ABANDONED_SECONDS
from bot.frontends.web.people import PEOPLE
from tests.core_front import CoreFront
from tests.talk import Front, Talk


@pytest.fixture
def moving(store: Store, now: list[int]) -> Store:
    """A store whose time the test moves."""
    return replace(store, now=lambda: now[0])


@pytest.fixture
def dispatch(services: Services, moving: Store) -> Dispatch:
    return build(services, moving, tuple(PEOPLE.values()))


@pytest.fixture
def front(dispatch: Dispatch) -> Front:
    return CoreFront(dispatch)


async def time_passes(dispatch: Dispatch, store: Store, now: list[int], seconds: int) -> None:
    """Have done what is due after that, as the loop of deadlines does."""
    now[0] += seconds
    async with asyncio.TaskGroup() as telling:
        await do_due(dispatch, store, telling)


async def test_whoever_is_in_goes_on_with_a_night_whose_opener_has_vanished(
    talk: Talk, dispatch: Dispatch, moving: Store, now: list[int]
) -> None:
    ben, cleo, dee = talk.ben.in_group, talk.cleo.in_group, talk.dee.in_group
    await ben.says("/night")
    await cleo.presses("I’m in")
    await cleo.presses("Choose films")
    await cleo.is_told("Only whoever opened this film night", "Nothing was changed")
    await cleo.sees_button("Choose films")
    now[0] += ABANDONED_SECONDS + 1
    await dee.presses("Choose films")
    await dee.is_told("Only whoever opened this film night")
    await cleo.presses("Choose films")
    await cleo.presses("Start the vote")
    await cleo.presses((await cleo.buttons())[0])
    await cleo.is_told("Your vote")
    await cleo.sees("1 of 2 have voted")
    await time_passes(dispatch, moving, now, 29 * 60)
    await cleo.sees("1 of 2 have voted")
    await time_passes(dispatch, moving, now, 60)
    await cleo.sees("🎬 Tonight", "1 of 1 would watch")


async def test_all_have_voted_and_the_result_comes_after_a_moment_that_any_change_begins_anew(
    talk: Talk, dispatch: Dispatch, moving: Store, now: list[int]
) -> None:
    ada, ben = talk.ada.in_group, talk.ben.in_group
    await ada.says("/night")
    await ben.presses("I’m in")
    await ada.presses("Choose films")
    await ada.presses("Start the vote")
    first, second, *_ = await ada.buttons()
    await ada.presses(first)
    await time_passes(dispatch, moving, now, 60)
    await ben.presses(first)
    await time_passes(dispatch, moving, now, 15)
    await ben.presses(second)
    await time_passes(dispatch, moving, now, 15)
    await ben.sees("2 of 2 have voted", "The result comes in a moment")
    await time_passes(dispatch, moving, now, 5)
    await ben.sees("🎬 Tonight", "2 of 2 would watch")
