"""Titles beyond the bundled facts, which another catalogue knows, on lists that are kept here."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest

from storage import catalogue
from storage.database import Database
from tests.doubles.tmdb import Tmdb
from tests.talk import Front, Talk

pytestmark = pytest.mark.needs("tmdb")
BEYOND: Final = ("movie", 9000003)
"""It is at TMDB and not among the facts."""


@pytest.fixture
def talk(tmdb_front: Front) -> Talk:
    return Talk(tmdb_front)


async def test_a_title_beyond_the_facts_is_kept_here_and_taken_along(talk: Talk, world: Tmdb) -> None:
    await talk.ada.says("/watch 9000003")
    await talk.ada.presses("Keep it here")
    await talk.ada.sees("A Film Nobody Dated", "Added to your watchlist.")
    await talk.ada.says("/watchlist")
    await talk.ada.sees("A Film Nobody Dated")
    account = world.account(f"ann{len(world.calls)}", name="Ann Arbor")
    await talk.ada.says("/login")
    link = await talk.ada.link("Approve on TMDB")
    await talk.ada.comes_back(world.approve(parse_qs(urlsplit(link).query)["request_token"][0], account))
    await talk.ada.presses("Take them along")
    assert BEYOND in account.watchlist


@pytest.mark.parametrize("tmdb_front", ["core"], indirect=True)
async def test_looking_at_a_title_keeps_nothing_of_it(talk: Talk, world: Tmdb, db: Database) -> None:
    await talk.ada.says("/watch 550")
    await talk.ada.presses("Keep it here")
    await talk.ada.says("/movie 9000003")
    await talk.ada.sees("A Film Nobody Dated")
    assert await catalogue.title(db, *BEYOND) is None
    await talk.ada.presses("+ Watchlist")
    kept = await catalogue.title(db, *BEYOND)
    assert kept is not None
    assert kept.poster_path == world.titles[BEYOND].poster_path
