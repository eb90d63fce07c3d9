"""Film nights of people whose lists are at TMDB: from what is known of these, and by what streams where they are."""

from __future__ import annotations

from typing import Final, Literal
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.core.dispatch import Dispatch
from bot.core.store import Store
from tests.conversations.test_discovery_with_tmdb import read_lists
from tests.conversations.test_night_times import Night
from tests.conversations.test_nights import messages_of_the_bot, press_beginning, sets
from tests.doubles.tmdb import Tmdb

pytestmark = pytest.mark.needs("tmdb")
Key = tuple[Literal["movie", "tv"], int]
NOWHERE: Final[Key] = ("movie", 603)
"""The Matrix, which the double offers nowhere."""
STREAMED: Final[Key] = ("movie", 550)
"""Fight Club, which Netflix has in Germany."""


@pytest.fixture
async def night(tmdb_dispatch: Dispatch, store: Store, now: list[int], world: Tmdb) -> Night:
    """Ada and Ben share two films, and all is read."""
    night = Night(tmdb_dispatch, store, now)
    for person, name in ((night.talk.ada, "Ada"), (night.talk.ben, "Ben")):
        account = world.account(f"{name.lower()}{len(world.calls)}", name=name)
        for key in (NOWHERE, STREAMED):
            account.put("watchlist", key, there=True)
        await person.says("/login")
        link = await person.link("Approve on TMDB")
        await person.comes_back(world.approve(parse_qs(urlsplit(link).query)["request_token"][0], account))
    await read_lists(tmdb_dispatch)
    await night.talk.ada.in_group.says("/settings country DE")
    await night.talk.ada.in_group.says("/night")
    await night.talk.ben.in_group.presses("I’m in")
    await read_lists(tmdb_dispatch)
    world.calls.clear()
    return night


async def test_no_list_is_read_to_choose_from_what_they_share(night: Night, world: Tmdb) -> None:
    await night.talk.ada.in_group.presses("Choose films")
    await night.talk.ada.in_group.comes_to_see(
        "Fight Club", "The Matrix", "on 2 of 2 watchlists", "Lists read just now."
    )
    asked = [call.path for call in world.calls]
    assert not [path for path in asked if "/account/" in path], "what is known of the lists is enough"
    assert len(asked) <= 8, "a card each for six films, and a page of what is popular"
    world.calls.clear()
    await night.talk.ada.in_group.presses("‹ Back")
    await night.talk.ada.in_group.presses("Choose films")
    assert len(world.calls) <= 1, "only what is popular is asked for again"


async def test_what_one_who_is_in_can_stream_is_chosen_from(night: Night) -> None:
    await night.talk.ben.says("/settings services netflix")
    await sets(night.talk.ada, "One of you streams it", "yes")
    await night.talk.ada.in_group.presses("Choose films")
    await night.talk.ada.in_group.comes_to_see("Fight Club")
    assert "The Matrix" not in (await messages_of_the_bot(night.talk))[-1]
    await press_beginning(night.talk.ada, "Films from")
    await night.talk.ada.presses("what you share on watchlists")
    await night.talk.ada.in_group.comes_to_see("1. Fight Club", "Each is on at least 2 of 2 watchlists.")


async def test_a_groups_list_shows_what_one_of_them_can_stream(night: Night) -> None:
    await night.talk.ben.says("/settings services netflix")
    for number in (603, 550):
        await night.talk.ada.in_group.says(f"/propose {number}")
    await night.talk.ada.in_group.says("/party streams")
    await night.talk.ada.in_group.sees("1. Fight Club")
    await night.talk.ada.in_group.sees_no("The Matrix")
