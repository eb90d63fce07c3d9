"""Titles for adults: shown to whoever's account asks for them, alone, whichever way leads there."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.doubles.tmdb import Account, Tmdb
from tests.talk import Front, PersonTalk, Talk

pytestmark = pytest.mark.needs("tmdb")
CORE = pytest.mark.parametrize("tmdb_front", ["core"], indirect=True)
FILM: Final = ("movie", 9_000_001)
NAME: Final = "Red Velvet"
WAYS: Final = (
    "/movie 9000001",
    "/tv 9000002",
    "9000001",
    "https://www.themoviedb.org/movie/9000001-red-velvet",
    "/watch m9000001",
    "/fav m9000001",
    "/rate m9000001 8",
    "/rate m9000001",
    "/rate m9000001 11",
    "/where m9000001",
    "/similar m9000001",
)


@pytest.fixture
def talk(tmdb_front: Front) -> Talk:
    return Talk(tmdb_front)


async def connect(who: PersonTalk, world: Tmdb, account: Account) -> None:
    await who.says("/login")
    link = await who.link("Approve on TMDB")
    await who.comes_back(world.approve(parse_qs(urlsplit(link).query)["request_token"][0], account))
    await who.sees("You are signed in as")


async def test_whoever_has_no_account_or_one_that_does_not_ask_for_them_is_told_what_to_do(
    talk: Talk, world: Tmdb
) -> None:
    await talk.ada.says("/movie 9000001")
    await talk.ada.sees("This title is for adults.", "switch adult titles on", "/login")
    await talk.ada.sees_no(NAME)
    account = world.account(f"ann{len(world.calls)}", name="Ann Arbor")
    await connect(talk.ada, world, account)
    for said in WAYS:
        await talk.ada.says(said)
        await talk.ada.sees("This title is for adults.")
        await talk.ada.sees_no(NAME)
    assert (account.watchlist, account.favorite, account.ratings) == ({}, {}, {})
    account.include_adult = True
    await talk.ada.says("/movie 9000001")
    await talk.ada.sees(NAME)


async def test_whose_account_asks_for_them_sees_them_alone(talk: Talk, world: Tmdb) -> None:
    account = world.account(f"ann{len(world.calls)}", name="Ann Arbor", include_adult=True)
    await connect(talk.ada, world, account)
    await talk.ada.says("/watch m9000001")
    await talk.ada.sees(NAME, "Added to your watchlist.")
    assert FILM in account.watchlist
    for said in ("/movie 9000001", "/watch m9000001"):
        await talk.ada.in_group.says(said)
        await talk.ben.in_group.sees("This title is for adults", "Ask me in our private chat.")
        await talk.ben.in_group.sees_no(NAME)
    await talk.ben.says("/movie 9000001")
    await talk.ben.sees_no(NAME)


@CORE
async def test_what_an_account_says_is_asked_for_them_alone_and_a_yes_is_remembered(talk: Talk, world: Tmdb) -> None:
    account = world.account(f"ann{len(world.calls)}", name="Ann Arbor", include_adult=True)
    await connect(talk.ada, world, account)
    world.calls.clear()
    await talk.ada.says("/movie 550")
    assert world.called("GET", "/3/account") == []
    for said in ("/movie 9000001", "/tv 9000002", "/where m9000001"):
        await talk.ada.says(said)
    assert len(world.called("GET", "/3/account")) == 1
    await talk.ben.in_group.says("/movie 9000001")
    assert len(world.called("GET", "/3/account")) == 1
