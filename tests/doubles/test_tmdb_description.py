"""The double of TMDB is held to TMDB's description, and so is whoever calls it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from openapi_spec_validator import validate

from tests.doubles.conftest import Client, complaints
from tests.doubles.tmdb import Account, Description, Tmdb
from tests.doubles.tmdb.server import ENDPOINTS
from tests.doubles.tmdb.v4 import V4
from tests.doubles.tmdb.wire import Endpoint

FIGHT_CLUB, BREAKING_BAD = 550, 1396

PLACES = {
    "account_id": 7001, "movie_id": FIGHT_CLUB, "series_id": BREAKING_BAD, "season_number": 1, "episode_number": 8,
    "person_id": 500_001, "time_window": "week", "external_id": "tt0137523",
}  # fmt: skip
QUERIES: dict[str, dict[str, Any]] = {
    "/3/search/movie": {"query": "the", "primary_release_year": "1994", "page": 1, "include_adult": "false"},
    "/3/search/tv": {"query": "the", "first_air_date_year": 2008, "language": "de-DE"},
    "/3/search/multi": {"query": "an", "page": 2},
    "/3/search/person": {"query": "bra"},
    "/3/find/{external_id}": {"external_source": "imdb_id"},
    "/3/discover/movie": {"with_genres": "18,80", "with_runtime.lte": 120, "sort_by": "vote_average.desc"},
    "/3/discover/tv": {"with_genres": "18|35", "sort_by": "first_air_date.asc", "include_adult": "false"},
}
READING = [each for each in ENDPOINTS if each.method == "GET"]


@pytest.mark.needs("tmdb")
@pytest.mark.parametrize("endpoint", READING, ids=[each.pattern for each in READING])
async def test_every_answer_fits_the_description(ask: Client, plain: Client, endpoint: Endpoint) -> None:
    caller = ask if "account" in endpoint.pattern else plain
    assert await caller("GET", endpoint.pattern.format(**PLACES), **QUERIES.get(endpoint.pattern, {}))


@pytest.mark.needs("tmdb")
@pytest.mark.parametrize(
    ("path", "parts"),
    [
        (
            f"/3/movie/{FIGHT_CLUB}",
            "account_states,credits,external_ids,images,recommendations,release_dates,similar,videos,watch/providers",
        ),
        (
            f"/3/tv/{BREAKING_BAD}",
            "account_states,content_ratings,credits,external_ids,recommendations,similar,videos,watch/providers",
        ),
        ("/3/person/500001", "combined_credits,external_ids"),
    ],
)
async def test_what_is_appended_fits_too(ask: Client, plain: Client, path: str, parts: str) -> None:
    caller = ask if "account" in parts else plain
    details = await caller("GET", path, append_to_response=parts, language="de")
    for part in parts.split(","):
        assert details[part], part
        assert "id" not in details[part]


@pytest.mark.needs("tmdb")
async def test_all_kinds_of_titles_fit_the_description(world: Tmdb, plain: Client) -> None:
    odd = [key for key, title in world.titles.items() if not (title.date and title.poster_path and title.imdb_id)]
    for kind, number in {*odd, *list(world.titles)[::20]}:
        await plain("GET", f"/3/{kind}/{number}", append_to_response="credits,videos,watch/providers")


@pytest.mark.needs("tmdb")
def test_the_double_has_nothing_that_is_not_described(world: Tmdb) -> None:
    assert world.description
    described = set(world.description.operations)
    # Real clients ask for it with the session alone; it is held to the description of the other path.
    assert {(each.method, each.pattern) for each in ENDPOINTS} - described == {("GET", "/3/account")}


def test_our_description_of_version_4_is_one() -> None:
    validate(V4)


@pytest.mark.needs("tmdb")
def test_the_description_is_read_once(world: Tmdb) -> None:
    assert world.description is not None
    assert Tmdb().description is world.description is Description.there()


@pytest.mark.needs("tmdb")
@pytest.mark.parametrize(
    ("method", "path", "body", "query", "complaint"),
    [
        ("GET", "/3/movie/popular", None, {"sort": "best"}, "no parameter 'sort'"),
        ("GET", "/3/search/movie", None, {"query": "x", "page": "one"}, "page"),
        ("GET", "/3/search/movie", None, {}, "query"),
        ("GET", "/3/search/movie", None, {"query": ["x", "y"]}, "more than once"),
        ("GET", "/3/search/movie", None, {"query": "x", "language": "german"}, "no language"),
        ("GET", "/3/account/null/rated/tv", None, {}, "account_id"),
        ("GET", "/3/movie/550", None, {"append_to_response": "credits,reviews"}, "reviews"),
        ("GET", "/3/discover/movie", None, {"with_cast": "1"}, "does nothing about 'with_cast'"),
        ("GET", "/3/movie/550/reviews", None, {}, "no such call"),
        ("PUT", "/3/movie/550/rating", {"value": 1}, {}, "no such call"),
        ("GET", "/3/movie/550", {"value": 1}, {}, "there is no body"),
        ("POST", "/3/movie/550/rating", {"value": 8, "note": "!"}, {}, "note"),
        ("POST", "/3/movie/550/rating", {"value": "8"}, {}, "8"),
        ("POST", "/3/account/7001/favorite", {"media_type": "movie", "media_id": 550}, {}, "favorite"),
        ("POST", "/4/auth/request_token", {"redirect_to": "http://x", "why": 1}, {}, "why"),
    ],
)
async def test_it_complains(
    world: Tmdb, ask: Client, method: str, path: str, body: Any, query: dict[str, Any], complaint: str
) -> None:
    await ask.send(method, path, body, **query)
    assert complaint in complaints(world)


@pytest.mark.needs("tmdb")
async def test_it_complains_of_a_body_that_is_not_marked_as_json(world: Tmdb, http: httpx.AsyncClient) -> None:
    await http.post("/4/auth/request_token", content=b"{}", headers={"content-type": "text/plain"})
    assert "Content" in complaints(world)


@pytest.mark.needs("tmdb")
async def test_it_complains_of_a_call_without_any_token(world: Tmdb, http: httpx.AsyncClient) -> None:
    async with httpx.AsyncClient(base_url=http.base_url, verify=False) as bare:
        assert (await bare.get("/3/movie/550")).status_code == 401
    assert "ecurity" in complaints(world)


async def test_it_complains_of_somebody_elses_account(world: Tmdb, ask: Client, ann: Account) -> None:
    ben = world.account("ben")
    assert (await ask("GET", f"/3/account/{ben.id}"))["id"] == ann.id
    assert f"account {ben.id} with the session of {ann.id}" in complaints(world)
