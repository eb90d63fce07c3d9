"""What a card says, what it leads to, and what it costs."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.core_front import CoreFront
from tests.doubles.tmdb import Account, Tmdb
from tests.platforms.web_front import WebFront
from tests.talk import Front, PersonTalk, Talk


async def test_a_card_has_all_that_fits_and_the_rest_behind_more(tmdb_front: Front) -> None:
    talk = Talk(tmdb_front)
    await talk.ada.says("/movie 550")
    await talk.ada.sees(
        "Fight Club", "2\u00a0h\u00a019\u00a0min", "David Fincher", "votes on TMDB", "age rating R", "JustWatch"
    )
    text = (await talk.ada.answer()).text
    assert len([line for line in text.splitlines() if line]) <= 16
    await talk.ada.sees_no("Rent:")
    assert (await talk.ada.link("IMDb")) == "https://www.imdb.com/title/tt0137523/"
    assert (await talk.ada.link("TMDB")).endswith("/movie/550")
    await talk.ada.presses("More")
    await talk.ada.sees("Fight Club", "Rent:", "Buy:", "JustWatch")
    await talk.ada.presses("Less")
    await talk.ada.sees_no("Rent:")


async def test_where_to_watch_names_justwatch(tmdb_front: Front) -> None:
    talk = Talk(tmdb_front)
    await talk.ada.says("/where fight club")
    await talk.ada.sees("Fight Club", "United States", "Stream:", "Rent:", "Buy:", "JustWatch")


@pytest.mark.parametrize(
    ("browser", "country", "age"),
    [
        ("de-AT,de;q=0.9,en-US;q=0.8,en;q=0.7", "Österreich", ""),
        ("en-DE", "Germany", "age rating 16"),
        ("de,en-US;q=0.7,en;q=0.3", "Deutschland", "Altersfreigabe 16"),
    ],
)
async def test_the_browser_says_which_country_is_meant(
    tmdb_web_front: WebFront, browser: str, country: str, age: str
) -> None:
    tmdb_web_front.client.headers["accept-language"] = browser
    talk = Talk(tmdb_web_front)
    await talk.ada.says("/where 550")
    await talk.ada.sees(country)
    await talk.ada.says("/movie 550")
    await talk.ada.sees("Fight Club", age)


async def test_where_to_watch_is_declined_without_tmdb(talk: Talk) -> None:
    await talk.ada.says("/where 550")
    await talk.ada.sees("That needs TMDB, which isn't connected here.")
    await talk.ada.presses("Fight Club (1999)")
    await talk.ada.sees("David Fincher")


async def test_a_series_has_its_seasons_and_episodes(tmdb_front: Front) -> None:
    talk = Talk(tmdb_front)
    await talk.ada.says("/tv 1396")
    await talk.ada.sees("Breaking Bad", "2 seasons, 16 episodes")
    await talk.ada.presses("Seasons")
    await talk.ada.presses("Season 2 · 8")
    await talk.ada.sees("Season 2", "1. Episode 1 · ", "8. Episode 8 · ")
    await talk.ada.presses("‹ Seasons")
    await talk.ada.presses("‹ Back")
    await talk.ada.sees("Breaking Bad", "2 seasons")


async def test_a_group_sees_counts_and_nobodys_state(talk: Talk) -> None:
    for person, rating in ((talk.ada, 9), (talk.ben, 8)):
        await person.says(f"/rate 550 {rating}")
        await person.in_group.says("/movie 550")
    await talk.cleo.says("/watch 550")
    await talk.cleo.in_group.says("/movie 550")
    await talk.cleo.in_group.sees("Here: on 1 watchlist · seen by 2 · ★ 8.5")
    await talk.cleo.in_group.sees_no("Ada", "Ben", "Cleo")


async def test_a_group_sees_the_names_of_those_who_let_it(talk: Talk) -> None:
    for person, rating in ((talk.ada, 9), (talk.ben, 8)):
        await person.says(f"/rate 550 {rating}")
        await person.in_group.says("/movie 550")
    await talk.cleo.says("/watch 550")
    await talk.cleo.says("/settings name on")
    await talk.cleo.in_group.says("/movie 550")
    await talk.cleo.in_group.sees("on 1 watchlist (Cleo", "seen by 2 · ★ 8.5")
    await talk.ada.says("/settings name on")
    await talk.cleo.in_group.says("/movie 550")
    await talk.cleo.in_group.sees("seen by 2 (Ada", "★ 9)")
    await talk.cleo.in_group.sees_no("Ben", "8.5")
    await talk.cleo.says("/settings name off")
    await talk.ada.says("/settings name off")
    await talk.cleo.in_group.says("/movie 550")
    await talk.cleo.in_group.sees_no("Ada", "Ben", "Cleo")


async def linked(person: PersonTalk, world: Tmdb, name: str) -> Account:
    """The person's account at TMDB: Fight Club is rated there, or on its watchlist, before it is connected here."""
    account = world.account(f"{name.lower()}{len(world.calls)}", name=name)
    if name == "Cleo":
        account.put("watchlist", ("movie", 550), there=True)
    else:
        account.rate(("movie", 550), {"Ada": 9.0, "Ben": 8.0}[name])
    await person.says("/login")
    link = await person.link("Approve on TMDB")
    await person.comes_back(world.approve(parse_qs(urlsplit(link).query)["request_token"][0], account))
    # Looking through a list waits for it to be read.
    await person.says(f"/{'watchlist' if name == 'Cleo' else 'rated'} movies find fight")
    await person.sees("Fight Club")
    return account


async def test_a_group_counts_what_is_on_its_peoples_accounts_at_tmdb(tmdb_front: Front, world: Tmdb) -> None:
    talk = Talk(tmdb_front)
    for person, name in ((talk.ada, "Ada"), (talk.ben, "Ben"), (talk.cleo, "Cleo")):
        await linked(person, world, name)
        await person.in_group.says("/movie 550")
    await talk.cleo.in_group.sees("Here: on 1 watchlist · seen by 2 · ★ 8.5")
    await talk.cleo.in_group.sees_no("Ada", "Ben", "Cleo")
    for person, named in ((talk.ada, "off"), (talk.ben, "on"), (talk.cleo, "on")):
        await person.says(f"/settings name {named}")
    await talk.ada.in_group.says("/movie 550")
    await talk.ada.in_group.sees("Here: on 1 watchlist (Cleo", "seen by 2 (Ben", "★ 8)")
    # The mean would tell what Ada has said.
    await talk.ada.in_group.sees_no("Ada", "8.5")
    await talk.cleo.in_group.says("/rate 550 6")
    await talk.ada.in_group.says("/movie 550")
    await talk.ada.in_group.sees("Here: seen by 3 (Ben", "★ 8, Cleo", "★ 6)")
    await talk.ada.in_group.sees_no("Ada", "7.7")
    await talk.cleo.says("/logout")
    await talk.ada.in_group.says("/movie 550")
    await talk.ada.in_group.sees("seen by 2 (Ben")
    await talk.ada.in_group.sees_no("Cleo")


async def test_a_card_costs_one_request_cold_and_none_warm(tmdb_core_front: CoreFront, world: Tmdb) -> None:
    talk = Talk(tmdb_core_front)
    before = len(world.calls)
    await talk.ada.says("/movie 680")
    assert len(world.calls) == before + 1
    await talk.ben.says("/movie 680")
    await talk.ben.presses("More")
    await talk.ben.in_group.says("/movie 680")
    assert len(world.calls) == before + 1


@pytest.mark.parametrize("number", [550, 1396])
async def test_what_is_like_it_is_a_press_away(talk: Talk, number: int) -> None:
    await talk.ada.says(f"/{'movie' if number == 550 else 'tv'} {number}")
    await talk.ada.presses("More like this")
    await talk.ada.sees("More like ")
