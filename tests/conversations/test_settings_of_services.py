"""Streaming services, as a service like TMDB says which there are; a group's own account; writes that fail half-way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest

from bot.app import build
from bot.backends.nothing import NoDiscovery
from bot.core.backend import Accounts, Service, Services
from bot.core.discovery import Provider
from bot.core.errors import BackendDown
from bot.core.store import Store
from bot.frontends.web.people import PEOPLE
from tests.conversations.test_faults import Faulty
from tests.core_front import CoreFront
from tests.talk import Talk

MANY = tuple(Provider(number, f"Service {number}") for number in range(100, 112))
NETFLIX, WOW = Provider(8, "Netflix"), Provider(30, "WOW")


class Listings(NoDiscovery):
    """Two services in Germany, many in the United States."""

    def __init__(self) -> None:
        self.down = False

    async def providers(self, *asked: Any, **_: Any) -> tuple[Provider, ...]:
        if self.down:
            raise BackendDown
        return (NETFLIX, WOW) if asked[0] == "DE" else (NETFLIX, *MANY)


@pytest.fixture
def listings() -> Listings:
    return Listings()


@pytest.fixture
def faulty(service: Service) -> Faulty:
    return Faulty(service)


@pytest.fixture
def front(service: Service, store: Store, listings: Listings, faulty: Faulty) -> CoreFront:
    faulted = replace(service, accounts=cast(Accounts, faulty), discovery=listings)
    return CoreFront(build(Services(faulted, faulted), store, tuple(PEOPLE.values())))


@pytest.fixture
def talk(front: CoreFront) -> Talk:
    return Talk(front)


async def test_services_are_those_of_the_country_and_are_added_and_removed(talk: Talk) -> None:
    await talk.ada.says("/settings country DE")
    await talk.ada.presses("Streaming")
    await talk.ada.sees("What do you stream with (Germany)?")
    await talk.ada.presses("WOW")
    await talk.ada.is_told("WOW is added.")
    await talk.ada.sees_button("Netflix", "✓ WOW")
    await talk.ada.says("/settings services netflix")
    await talk.ada.sees_button("✓ Netflix", "✓ WOW")
    await talk.ada.presses("✓ WOW")
    await talk.ada.presses("‹ Back")
    await talk.ada.sees("Streaming: Netflix")
    await talk.ada.says("/settings services none")
    await talk.ada.presses("‹ Back")
    await talk.ada.sees("Streaming: nothing chosen")


async def test_a_service_on_a_later_page_is_chosen_there(talk: Talk) -> None:
    await talk.ada.says("/settings services")
    await talk.ada.presses("More…")
    await talk.ada.presses("Service 110")
    await talk.ada.sees_button("✓ Service 110", "‹ Page 1")
    await talk.ada.sees_no_button("Netflix")


async def test_what_was_chosen_stays_in_another_country_and_can_be_removed(talk: Talk) -> None:
    await talk.ada.says("/settings services service 103")
    await talk.ada.says("/settings country DE")
    await talk.ada.sees("Streaming: Service 103")
    await talk.ada.presses("Streaming")
    await talk.ada.presses("✓ Service 103")
    assert await talk.ada.buttons() == ["Netflix", "WOW", "‹ Back"]


async def test_a_service_that_there_is_none_of_is_refused(talk: Talk) -> None:
    await talk.ada.says("/settings services blockbuster")
    await talk.ada.sees("I don't understand “blockbuster” here.", "/settings services netflix")
    await talk.ada.says("/settings services service")
    await talk.ada.sees("I don't understand “service” here.")


async def test_the_beginning_of_a_services_name_is_enough_where_it_is_one(talk: Talk) -> None:
    await talk.ada.says("/settings services netf")
    await talk.ada.is_told("Netflix is added.")


async def test_where_nobody_says_which_there_are_nothing_changes(talk: Talk, listings: Listings) -> None:
    listings.down = True
    await talk.ada.says("/settings services")
    await talk.ada.sees("isn't answering", "Nothing was changed.")
    listings.down = False
    await talk.ada.presses("Try again")
    await talk.ada.sees_button("Netflix")


async def test_a_group_has_services_of_its_own(talk: Talk) -> None:
    await talk.ada.in_group.says("/settings services netflix")
    await talk.ada.in_group.sees_button("✓ Netflix")
    await talk.ada.says("/settings")
    await talk.ada.sees("Streaming: nothing chosen")


# ── A group with an account of its own ───────────────────────────────────────────────────────────────────────────


async def has_house(talk: Talk) -> None:
    """The group has lists that everybody there may change."""
    await talk.ada.in_group.says("/login")
    await talk.ada.presses("Keep them here")
    await talk.ada.presses("Everybody may")


async def test_a_groups_account_does_as_the_group_has_set(talk: Talk) -> None:
    await has_house(talk)
    await talk.ben.says("/settings watchlist leave")
    await talk.ada.in_group.says("/settings")
    await talk.ada.in_group.presses("After rating")
    await talk.ada.in_group.presses("Put it back each time")
    await talk.ben.in_group.says("/watch 550")
    await talk.ben.in_group.says("/rate 550 9")
    await talk.ben.in_group.sees("rated it 9. It stays on the watchlist.")


async def test_the_history_of_a_groups_account_says_who_in_the_group(talk: Talk) -> None:
    await has_house(talk)
    await talk.ada.in_group.says("/watch 550")
    await talk.ben.in_group.says("/rate tv 1396 9")
    await talk.cleo.says("/fav 680")
    await talk.cleo.in_group.says("/history")
    await talk.cleo.in_group.sees("1. Breaking Bad (2008): rated 9, Ben, ", "2. Fight Club (1999): watchlist +, Ada, ")
    await talk.cleo.in_group.sees_no("Pulp Fiction")
    await talk.cleo.in_group.presses("1")
    await talk.cleo.in_group.presses("Undo")
    await talk.cleo.is_told("somebody else")
    await talk.ben.in_group.presses("Undo")
    await talk.ben.in_group.sees("Breaking Bad", "Undone on ")


async def test_a_change_of_another_account_is_not_shown(talk: Talk, front: CoreFront) -> None:
    await talk.ada.says("/fav 550")
    await talk.ben.says("/fav 680")
    await front.press_data("ben", "private", "1change 1 1")
    await talk.ben.is_told("out of date")


# ── Half-way ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_title_that_could_not_be_put_back_is_not_said_to_be(talk: Talk, faulty: Faulty) -> None:
    await talk.ada.says("/settings watchlist back")
    await talk.ada.says("/watch 550")

    async def refuse(call: str) -> None:
        if call == "set_watchlist":
            raise BackendDown

    async def fine(call: str) -> None:
        pass

    faulty.before = refuse
    await talk.ada.says("/rate 550 9")
    await talk.ada.sees("It is rated, but I can't tell whether it is still on the watchlist.", "isn't answering")
    faulty.before = fine
    await talk.ada.presses("Put it back")
    await talk.ada.sees("Added to your watchlist.")
    await talk.ada.sees_button("★ 9")


async def test_cut_off_between_the_two_writes_it_is_put_back_when_it_is_handled_again(
    talk: Talk, front: CoreFront, faulty: Faulty
) -> None:
    await talk.ada.says("/settings watchlist back")
    await talk.ada.says("/watch 550")

    async def lost(call: str) -> None:
        if call == "set_watchlist":
            raise KeyError(call)

    async def fine(call: str) -> None:
        pass

    faulty.before = lost
    await talk.ada.says("/rate 550 9")
    await talk.ada.sees("something broke")
    faulty.before = fine
    assert "Rated 9. It stays on your watchlist." in await front.again("ada")
    await talk.ada.says("/watchlist")
    await talk.ada.sees("Fight Club")


async def test_a_title_that_nobody_can_name_has_its_number(talk: Talk, store: Store) -> None:
    await talk.ada.says("/fav 550")
    await store.db.write("update changes set title_id = 999999")
    await talk.ada.says("/history")
    await talk.ada.sees("1. film no. 999999: favourites +")
