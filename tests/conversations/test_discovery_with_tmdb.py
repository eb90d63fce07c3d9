"""Finding without a name in mind, with TMDB: what it shows, and how many requests each costs, cold and warm."""

from __future__ import annotations

import asyncio
from typing import Final, Literal
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.core.dispatch import Dispatch
from tests.doubles.tmdb import Account, Tmdb, faults
from tests.doubles.tmdb.faults import Fault
from tests.doubles.tmdb.refusals import not_found
from tests.talk import Front, Talk

pytestmark = pytest.mark.needs("tmdb")
CORE = pytest.mark.parametrize("tmdb_front", ["core"], indirect=True)
LIKED: Final[dict[tuple[Literal["movie", "tv"], int], float]] = {
    ("movie", 550): 9.0,
    ("movie", 680): 8.5,
    ("movie", 13): 8.0,
    ("movie", 194): 9.5,
    ("tv", 1396): 10.0,
    ("movie", 862): 7.5,
    ("movie", 597): 6.5,
}


@pytest.fixture
def talk(tmdb_front: Front) -> Talk:
    return Talk(tmdb_front)


@pytest.fixture
def ann(world: Tmdb) -> Account:
    """Ada's account at TMDB."""
    return world.account(f"ann{len(world.calls)}", name="Ann Arbor")


async def connect(talk: Talk, world: Tmdb, account: Account) -> None:
    await talk.ada.says("/login")
    link = await talk.ada.link("Approve on TMDB")
    await talk.ada.comes_back(world.approve(parse_qs(urlsplit(link).query)["request_token"][0], account))
    await talk.ada.sees("You are signed in as")


async def read_lists(dispatch: Dispatch) -> None:
    """What the program does in the background meanwhile."""
    async with asyncio.TaskGroup() as tasks:
        reading = tasks.create_task(dispatch.mirror.run())
        await dispatch.mirror._queue.join()
        reading.cancel()


async def connected(talk: Talk, world: Tmdb, account: Account, dispatch: Dispatch) -> None:
    """Ada is signed in, her lists are read, and no request is counted yet."""
    await connect(talk, world, account)
    await read_lists(dispatch)
    world.calls.clear()


# ── What is shown ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_is_trending_by_day_week_and_kind(talk: Talk, world: Tmdb) -> None:
    await talk.ada.says("/trending")
    await talk.ada.sees("Trending today", "1. ", "10. ")
    await talk.ada.sees_button("This week", "Films", "Series")
    await talk.ada.presses("Page 2 ›")
    await talk.ada.sees("Trending today", "11. ", "20. ")
    await talk.ada.sees_no_button("Page 3 ›")
    await talk.ada.presses("This week")
    await talk.ada.sees("Trending this week", "1. ")
    await talk.ada.presses("Series")
    await talk.ada.sees("Series trending this week")
    await talk.ada.sees_button("Today", "Films and series", "Films")
    await talk.ada.says("/trending tv week 2")
    await talk.ada.sees("Series trending this week", "11. ")


async def test_what_comes_to_the_cinemas_says_when_and_where(talk: Talk, world: Tmdb) -> None:
    await talk.ada.says("/upcoming")
    await talk.ada.sees("Coming to the cinemas: United States", "Tomorrow's Premiere")
    await talk.ada.presses("Popular films")
    await talk.ada.sees("Popular films")


@pytest.mark.parametrize("asked", ["/airing", "/tv"])
async def test_series_on_the_air_say_when_the_next_episode_is(talk: Talk, world: Tmdb, asked: str) -> None:
    await talk.ada.says(asked)
    await talk.ada.sees("Series with an episode in the next days", "The Simpsons (1989)", "S3 E1, ")
    await talk.ada.says("/language de")
    await talk.ada.says("/airing")
    await talk.ada.sees("Serien mit einer Folge in den nächsten Tagen", "S3 E1, ")


async def test_a_group_shares_them(talk: Talk, world: Tmdb) -> None:
    await talk.ada.in_group.says("/trending")
    await talk.ben.in_group.presses("This week")
    await talk.ada.in_group.sees("Trending this week")
    await talk.ada.in_group.presses("1")
    await talk.ben.in_group.sees_button("+ Watchlist")


async def test_whoever_has_no_account_is_asked_to_choose_one_first(talk: Talk, world: Tmdb) -> None:
    for asked in ("/recommend", "/random"):
        await talk.ada.says(asked)
        await talk.ada.sees("you need an account")
        await talk.ada.sees_button("Connect TMDB", "Keep it here")
    await talk.ada.presses("Keep it here")
    await talk.ada.sees("You are signed in as Ada.", "Your watchlist is empty")


async def test_lists_that_are_kept_here_are_drawn_from_and_recommended_by(talk: Talk, world: Tmdb) -> None:
    await talk.ada.says("/rate m550 9")
    await talk.ada.presses("Keep it here")
    await talk.ada.says("/watch m680")
    await talk.ada.says("/recommend")
    await talk.ada.sees("You may like", "because you rated Fight Club 9")
    await talk.ada.says("/random")
    await talk.ada.sees("Pulp Fiction", "The only title on your watchlist.")


@CORE
async def test_what_streams_here_asks_for_ones_services_first(
    talk: Talk, world: Tmdb, ann: Account, tmdb_dispatch: Dispatch
) -> None:
    for number in (550, 680):
        ann.put("watchlist", ("movie", number), there=True)
    await connected(talk, world, ann, tmdb_dispatch)
    await talk.ada.says("/random")
    await talk.ada.presses("Streaming here")
    await talk.ada.sees("Tell me first what you stream with.")
    await talk.ada.says("/watchlist")
    await talk.ada.presses("Filter & sort")
    await talk.ada.presses("On my services")
    await talk.ada.sees("I don't know yet which streaming services you have.")
    await talk.ada.presses("Choose your services")
    await talk.ada.sees("What do you stream with")


@CORE
async def test_lists_that_are_not_read_yet_are_waited_for(
    talk: Talk, world: Tmdb, ann: Account, tmdb_dispatch: Dispatch
) -> None:
    ann.rate(("movie", 550), 9.0)
    ann.put("watchlist", ("movie", 680), there=True)
    await connect(talk, world, ann)
    for asked in ("/random", "/recommend"):
        await talk.ada.says(asked)
        await talk.ada.sees("I am still reading your lists; try again in a moment.")
    await read_lists(tmdb_dispatch)
    await talk.ada.presses("Try again")
    await talk.ada.sees("because you rated Fight Club 9")


# ── What it costs ────────────────────────────────────────────────────────────────────────────────────────────────


@CORE
async def test_a_chart_costs_one_request_and_the_next_time_none(talk: Talk, world: Tmdb) -> None:
    for asked in ("/trending", "/trending week tv", "/popular", "/upcoming"):
        world.calls.clear()
        await talk.ada.says(asked)
        assert len(world.calls) == 1, asked
        await talk.ben.says(asked)
        assert len(world.calls) == 1, asked


@CORE
async def test_what_is_on_the_air_costs_one_request_more_for_each_series(talk: Talk, world: Tmdb) -> None:
    world.calls.clear()
    await talk.ada.says("/airing")
    await talk.ada.sees("S3 E1, ")
    [chart, *cards] = [call.path for call in world.calls]
    assert chart == "/3/tv/on_the_air"
    assert len(cards) == len([label for label in await talk.ada.buttons() if label.isdigit()])
    await talk.ada.says("/airing")
    assert len(world.calls) == 1 + len(cards)


@CORE
async def test_more_like_a_title_costs_its_card_alone(talk: Talk, world: Tmdb) -> None:
    world.calls.clear()
    await talk.ada.says("/similar m238")
    await talk.ada.sees("More like The Godfather")
    await talk.ada.says("/movie m238")
    assert len(world.calls) == 1


@CORE
async def test_recommending_costs_one_request_for_each_liked_title_all_at_once(
    talk: Talk, world: Tmdb, ann: Account, tmdb_dispatch: Dispatch
) -> None:
    for key, rating in LIKED.items():
        ann.rate(key, rating)
    await connected(talk, world, ann, tmdb_dispatch)
    with world.faults.add(faults.hangs(), path=r"/3/(movie|tv)/\d+", times=None) as stuck:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(talk.ada.says("/recommend"))
            await world.until(lambda: stuck.hits == 5)
            stuck.off()
    await talk.ada.sees("You may like", "because you rated Breaking Bad 10")
    await talk.ada.sees_no("because you rated Titanic", "Fight Club (1999)")
    await talk.ada.presses("Page 2 ›")
    await talk.ada.says("/recommend")
    assert len(world.calls) == 5


@CORE
async def test_a_liked_title_that_can_not_be_asked_for_is_left_out(
    talk: Talk, world: Tmdb, ann: Account, tmdb_dispatch: Dispatch
) -> None:
    ann.rate(("movie", 550), 9.0)
    ann.rate(("movie", 680), 9.5)
    await connected(talk, world, ann, tmdb_dispatch)
    with world.faults.add(Fault(refused=not_found()), path="/3/movie/680", times=None):
        await talk.ada.says("/recommend")
        await talk.ada.sees("because you rated Fight Club 9")
        await talk.ada.sees_no("because you rated Pulp Fiction")


@CORE
async def test_a_draw_costs_one_request_also_of_short_films_and_genres(
    talk: Talk, world: Tmdb, ann: Account, tmdb_dispatch: Dispatch
) -> None:
    for key in (("movie", 597), ("movie", 862), ("movie", 680), ("tv", 1396)):
        ann.put("watchlist", key, there=True)
    await connected(talk, world, ann, tmdb_dispatch)
    for asked in ("/random", "/random short", "/random g10749"):
        world.calls.clear()
        await talk.ada.says(asked)
        await talk.ada.sees_button("✓ Watchlist")
        assert len(world.calls) <= 1, asked
    world.calls.clear()
    for _ in range(8):
        await talk.ada.presses("Another one" if "Anything" not in await talk.ada.buttons() else "Anything")
    assert len(world.calls) <= 4


@CORE
async def test_a_draw_of_what_one_can_stream_looks_at_a_few_cards_at_most(
    talk: Talk, world: Tmdb, ann: Account, tmdb_dispatch: Dispatch
) -> None:
    nowhere = [key for key in world.titles if key[0] == "movie" and key[1] % 3 == 0][:12]
    for key in nowhere:
        ann.put("watchlist", key, there=True)
    await connected(talk, world, ann, tmdb_dispatch)
    await talk.ada.says("/settings country DE")
    await talk.ada.says("/settings services netflix")
    world.calls.clear()
    await talk.ada.says("/random")
    await talk.ada.presses("Streaming here")
    await talk.ada.sees("I have looked at 10 titles of your watchlist, and none fits.")
    await talk.ada.presses("Look at others")
    assert len(world.calls) <= 12
    await talk.ada.says("/watch m550")
    await talk.ada.says("/random streaming")
    while "none fits" in (await talk.ada.answer()).text:
        await talk.ada.presses("Look at others")
    await talk.ada.sees("Fight Club", "From your watchlist: you can stream it.")


@CORE
async def test_a_title_that_its_catalogue_has_no_more_is_passed_over(
    talk: Talk, world: Tmdb, ann: Account, tmdb_dispatch: Dispatch
) -> None:
    ann.put("watchlist", ("movie", 597), there=True)
    ann.put("watchlist", ("movie", 862), there=True)
    await connected(talk, world, ann, tmdb_dispatch)
    with world.faults.add(Fault(refused=not_found()), path="/3/movie/597", times=None):
        await talk.ada.says("/random")
        await talk.ada.sees("Toy Story")
        await talk.ada.presses("Another one")
        await talk.ada.sees("Toy Story")
