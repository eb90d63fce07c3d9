"""Names that are nearly right: what is offered for them, that nothing is done on a guess, and what it costs."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.app import build
from bot.core.backend import Catalogue, Service, Services
from bot.core.errors import BackendDown
from bot.core.model import Kind, Page, Title, TitleRef
from bot.core.store import Store
from tests.core_front import CoreFront
from tests.doubles.tmdb import Account, Tmdb
from tests.platforms.web_front import WebFront
from tests.talk import Front, Talk

CORE = pytest.mark.parametrize("tmdb_front", ["core"], indirect=True)


async def connected(talk: Talk, world: Tmdb) -> Account:
    """Ada's account at TMDB, which she has signed in to."""
    account = world.account(f"ann{len(world.calls)}", name="Ann Arbor")
    await talk.ada.says("/login")
    link = await talk.ada.link("Approve on TMDB")
    await talk.ada.comes_back(world.approve(parse_qs(urlsplit(link).query)["request_token"][0], account))
    return account


def asked(world: Tmdb) -> Counter[str]:
    """How often TMDB was asked for what, since the counting began."""
    return Counter("people" if call.path == "/3/search/person" else "titles" for call in world.calls)


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("fight clib", "Fight Club (1999)"),
        ("the shawshenk redemption", "The Shawshank Redemption (1994)"),
        ("interstelar 2014", "Interstellar (2014)"),
        ("tomorow premiere", "Tomorrow's Premiere (2023)"),
    ],
)
async def test_a_slip_offers_what_may_be_meant(tmdb_front: Front, world: Tmdb, said: str, title: str) -> None:
    talk = Talk(tmdb_front)
    await talk.ada.says(said)
    await talk.ada.sees(f"Nothing is called “{said}”. Did you mean this?")
    [label] = await talk.ada.buttons()
    assert label == title or said.startswith("tomorow")
    await talk.ada.presses(label)
    await talk.ada.sees(label)
    await talk.ada.sees_button("+ Watchlist", "Rate")


async def test_nothing_is_written_on_a_guess(tmdb_front: Front, world: Tmdb) -> None:
    talk = Talk(tmdb_front)
    account = await connected(talk, world)
    for command in ("/rate fight clib 8", "/watch fight clib", "/fav tomorow premiere"):
        await talk.ada.says(command)
        await talk.ada.sees("Did you mean this?")
    assert {**account.ratings, **account.watchlist, **account.favorite} == {}
    await talk.ada.says("/rate fight clib 8")
    await talk.ada.presses("Rate Fight Club (1999): 8")
    await talk.ada.sees("Rated 8.")


@pytest.mark.parametrize(
    ("said", "searches"),
    [
        ("fight clib", 1),
        ("interstelar 2014", 4),  # as it was said, films and series of that year, and of any year
        ("tomorow premiere", 3),
        ("qwertz uiopue asdfgh jkloe", 3),
        ("qwertz", 1),
    ],
)
@CORE
async def test_it_costs_two_searches_more_at_most(tmdb_front: Front, world: Tmdb, said: str, searches: int) -> None:
    talk = Talk(tmdb_front)
    world.calls.clear()
    await talk.ada.says(said)
    assert asked(world) == {"titles": searches, "people": 1}


@CORE
async def test_the_kind_that_was_said_is_kept_to(tmdb_front: Front, world: Tmdb) -> None:
    talk = Talk(tmdb_front)
    await talk.ada.says("tv: fight clib")
    await talk.ada.sees("I found nothing for “fight clib”")
    await talk.ada.says("tv: braking bad")
    assert await talk.ada.buttons() == ["Breaking Bad (2008)"]


async def test_people_are_not_taken_for_titles(talk: Talk) -> None:
    await talk.ada.says("person: fight clib")
    await talk.ada.sees("I found nobody called “fight clib”.")


async def test_what_people_say_to_each_other_is_not_guessed_at(tmdb_web_front: WebFront, world: Tmdb) -> None:
    talk = Talk(tmdb_web_front)
    world.calls.clear()
    await talk.ada.in_group.says("@Marquee the good the bad and the uglly")
    assert (await talk.ada.in_group.messages())[-1].author == "ada"
    assert asked(world) == {"titles": 1, "people": 1}


# ── Without TMDB ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("said", ["fight clib", "the shawshenk redemption", "interstelar 2014"])
async def test_the_bundled_catalogue_forgives_slips(talk: Talk, said: str) -> None:
    await talk.ada.says(said)
    await talk.ada.sees_button("+ Watchlist", "Rate")


async def test_nothing_is_written_on_a_guess_there_either(talk: Talk) -> None:
    await talk.ada.says("/rate fight clib 8")
    await talk.ada.sees("Which one do you mean by “fight clib”?")
    await talk.ada.says("/rated")
    await talk.ada.sees_no("Fight Club")
    await talk.ada.says("/watch fight club xyz")
    await talk.ada.sees("Nothing is called “fight club xyz”. Did you mean this?")
    await talk.ada.presses("Fight Club (1999)")
    await talk.ada.sees("Added to your watchlist.")


class FailingSoon:
    """A catalogue that answers one search, and then fails."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._searches = 0

    async def search(self, words: str, kind: Kind | None, year: int | None, language: str, page: int) -> Page:
        self._searches += 1
        if self._searches > 1:
            raise BackendDown
        return await self._catalogue.search(words, kind, year, language, page)

    async def title(self, ref: TitleRef, language: str) -> Title:
        return await self._catalogue.title(ref, language)

    async def find(self, imdb_id: str) -> TitleRef:
        return await self._catalogue.find(imdb_id)


async def test_a_service_that_fails_meanwhile_has_still_found_nothing(service: Service, store: Store) -> None:
    failing = replace(service, catalogue=FailingSoon(service.catalogue))
    talk = Talk(CoreFront(build(Services(failing, failing), store)))
    await talk.ada.says("qwertz uiopue")
    await talk.ada.sees("I found nothing for “qwertz uiopue”.")
