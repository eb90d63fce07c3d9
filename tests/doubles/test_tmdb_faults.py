"""What the double of TMDB keeps of each call, and how it goes wrong when it is told to."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx
import pytest

from tests.doubles.conftest import Client
from tests.doubles.tmdb import Account, Call, Tmdb, beside, faults, serving


async def test_calls_are_kept_without_the_session(world: Tmdb, ask: Client, plain: Client) -> None:
    await ask("POST", "/3/movie/550/rating", {"value": 8.5})
    await plain("GET", "/3/search/movie", query="alien")
    rated, searched = world.calls
    assert (rated.method, rated.path, rated.query, rated.body) == ("POST", "/3/movie/550/rating", {}, {"value": 8.5})
    assert (rated.account, rated.session, rated.status) == ("ann", ask.session, 201)
    assert (searched.query, searched.account, searched.status) == ({"query": "alien"}, None, 200)
    assert world.called("POST", r"/3/(movie|tv)/\d+/rating") == [rated]


@pytest.mark.parametrize(
    ("fault", "status", "done"),
    [
        (faults.server_error(500), 500, False),
        (faults.server_error(503), 503, False),
        (faults.error_page(502), 502, False),
        (faults.retry_after(7), 429, False),
        (faults.html(), 200, True),
        (faults.garbage(), 200, True),
        (faults.truncated(), 201, True),
        (faults.drip(0.0001), 201, True),
        (faults.delayed(0.001), 201, True),
        (faults.answered_late(0.001), 201, True),
    ],
)
async def test_answers_go_wrong(
    world: Tmdb, ask: Client, ann: Account, fault: faults.Fault, status: int, done: bool
) -> None:
    world.faults.add(fault, method="POST", path=r"/rating$")
    await ask("GET", "/3/movie/550/account_states")
    response = await ask.send("POST", "/3/movie/550/rating", {"value": 8})
    assert response.status_code == world.calls[-1].status == status
    assert bool(ann.ratings) is done
    assert response.headers.get("retry-after") == ("7" if status == 429 else None)
    broken = fault.lost in (faults.Lost.HTML, faults.Lost.GARBAGE, faults.Lost.TRUNCATED) or fault.page
    if broken:
        with pytest.raises(ValueError):  # noqa: PT011  (not JSON, or not even text)
            response.json()
    else:
        assert response.json()["status_code"]
    assert (await ask("POST", "/3/movie/550/rating", {"value": 8}))["status_code"] == (12 if done else 1)


@pytest.mark.parametrize(
    ("fault", "done"), [(faults.reset_before(), False), (faults.reset_after(), True), (faults.cut(), True)]
)
async def test_connections_break(world: Tmdb, ask: Client, ann: Account, fault: faults.Fault, done: bool) -> None:
    world.faults.add(fault, times=2)
    for _ in range(2):
        with pytest.raises(httpx.TransportError):
            await ask("POST", "/3/movie/550/rating", {"value": 8})
    assert bool(ann.ratings) is done
    assert [each.status for each in world.calls] == [0, 0]
    await ask("POST", "/3/movie/550/rating", {"value": 8})


async def test_what_hangs_goes_on_when_it_is_let_go(world: Tmdb, ask: Client, ann: Account) -> None:
    planned = world.faults.add(faults.hangs())
    async with asyncio.TaskGroup() as tasks:
        asked = tasks.create_task(ask("POST", "/3/movie/550/rating", {"value": 8}))
        await world.until(lambda: planned.hits)
        assert not ann.ratings
        planned.off()
    assert asked.result()["status_code"] == 1


async def test_what_hangs_does_not_hold_up_the_end(world: Tmdb) -> None:
    world.faults.add(faults.hangs(), times=None)

    async def ask(address: str) -> None:
        with suppress(httpx.TransportError):
            await http.get(address)

    async with (
        httpx.AsyncClient(timeout=None, verify=False) as http,
        asyncio.TaskGroup() as tasks,
        serving(world) as root,
    ):
        tasks.create_task(ask(f"{root}/3/movie/550"))
        await world.until(lambda: world.calls)


async def test_a_bad_day_is_the_same_each_time() -> None:
    def day() -> list[faults.Fault | None]:
        plan = faults.Faults()
        plan.mix(seed=7)
        asked = Call(1, "GET", "/3/movie/550", {}, {}, None, None, 0.0)
        return [planned.fault if planned else None for planned in (plan.next_for(asked) for _ in range(1000))]

    first, second = ([_named(fault) for fault in day()] for _ in range(2))
    assert first == second
    assert 30 < len([name for name in first if name == "500"]) < 70
    assert {"500", "429", "reset", "garbage", ""} == set(first)


def _named(fault: faults.Fault | None) -> str:
    if fault is None:
        return ""
    if fault.refused:
        return str(fault.refused.status)
    return "garbage" if fault.lost is faults.Lost.GARBAGE else "reset"


def test_it_runs_beside_in_a_thread_of_its_own(world: Tmdb) -> None:
    headers = {"authorization": f"Bearer {world.read_token}"}
    with beside(world) as root, httpx.Client(base_url=root, headers=headers, verify=False) as http:
        assert http.get("/3/movie/550").json()["title"] == "Fight Club"
        assert json.loads(http.get("/3/configuration").text)["images"]["base_url"]
    assert [each.path for each in world.calls] == ["/3/movie/550", "/3/configuration"]
    assert world.complaints == []


def test_a_fault_is_let_go_from_another_thread(world: Tmdb) -> None:
    headers = {"authorization": f"Bearer {world.read_token}"}
    planned = world.faults.add(faults.hangs())
    with ThreadPoolExecutor(1) as aside, beside(world) as root, httpx.Client(headers=headers, verify=False) as http:
        asked = aside.submit(http.get, f"{root}/3/movie/550")
        asyncio.run(world.until(lambda: planned.hits))
        assert not asked.done()
        planned.off()
        assert asked.result(5).json()["id"] == 550
