"""The double of TMDB does what TMDB does: refusals, signing in and out, accounts, and finding titles."""

from __future__ import annotations

import re
from typing import Any

import httpx
import jwt
import pytest

from tests.doubles.conftest import Client, complaints
from tests.doubles.tmdb import Account, Clock, Tmdb

FIGHT_CLUB, GODFATHER, BREAKING_BAD = 550, 238, 1396


# ── Refusals ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_read_token_is_required_everywhere(http: httpx.AsyncClient) -> None:
    client = Client(http)
    http.headers["authorization"] = "Bearer something.else.entirely"
    for method, path, body in (
        ("GET", "/3/configuration", None),
        ("GET", "/3/movie/550", None),
        ("POST", "/4/auth/request_token", {}),
    ):
        assert await client.refused(method, path, body) == (401, 7)


async def test_a_session_is_required_for_an_account(world: Tmdb, plain: Client) -> None:
    plain.session = None
    assert await plain.refused("GET", "/3/account") == (401, 3)
    assert await plain.refused("POST", "/3/movie/550/rating", {"value": 8}) == (401, 3)
    plain.session = "0" * 40
    assert await plain.refused("GET", "/3/account/0/rated/tv") == (401, 3)


@pytest.mark.parametrize("code", [3, 17])
async def test_a_revoked_session_is_refused(world: Tmdb, ask: Client, code: int) -> None:
    assert ask.session
    await ask("GET", "/3/account")
    world.revoke(ask.session, code=code)
    assert await ask.refused("GET", "/3/account") == (401, code)


@pytest.mark.parametrize(
    "path", ["/3/movie/77777777", "/3/tv/77777777", "/3/person/1", f"/3/tv/{BREAKING_BAD}/season/9", "/3/tv/238"]
)
async def test_what_is_unknown_is_a_404(plain: Client, path: str) -> None:
    assert await plain.refused("GET", path) == (404, 34)


async def test_an_unknown_title_cannot_be_put_or_rated(ask: Client, ann: Account) -> None:
    unknown = {"media_type": "movie", "media_id": 77777777, "watchlist": True}
    assert await ask.refused("POST", f"/3/account/{ann.id}/watchlist", unknown) == (404, 34)
    assert await ask.refused("POST", "/3/movie/77777777/rating", {"value": 8}) == (404, 34)
    assert await ask.refused("DELETE", "/3/movie/77777777/rating") == (404, 34)


@pytest.mark.parametrize("value", [0, 10.5, 8.3, -1, True, "8", None])
async def test_a_rating_goes_from_a_half_to_ten_in_half_points(
    world: Tmdb, ask: Client, ann: Account, value: Any
) -> None:
    assert await ask.refused("POST", "/3/movie/550/rating", {"value": value}) == (400, 18)
    assert not ann.ratings
    complaints(world)


@pytest.mark.parametrize("body", [b"{bad", b"[1]", b'{"value": NaN}', b'{"value": 1e400}', b"\xff\xfe", b""])
async def test_a_body_that_is_none_is_refused(world: Tmdb, ask: Client, ann: Account, body: bytes) -> None:
    query, headers = {"session_id": ask.session or ""}, {"content-type": "application/json"}
    response = await ask.http.post("/3/movie/550/rating", content=body, params=query, headers=headers)
    assert response.status_code == 400
    assert response.json()["status_code"] in (18, 47)
    assert not ann.ratings
    complaints(world)


@pytest.mark.parametrize("page", [0, -1, 501])
async def test_pages_go_from_1_to_500(plain: Client, page: int) -> None:
    assert await plain.refused("GET", "/3/movie/popular", page=page) == (400, 22)


async def test_not_more_than_twenty_parts(plain: Client) -> None:
    parts = ",".join(["credits"] * 21)
    assert await plain.refused("GET", "/3/movie/550", append_to_response=parts) == (400, 27)


# ── Signing in ───────────────────────────────────────────────────────────────────────────────────────────────────


def claims(token: str) -> dict[str, Any]:
    """What anybody can read in a token."""
    read: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return read


async def test_signing_in_and_out(world: Tmdb, plain: Client, ann: Account) -> None:
    begun = await plain("POST", "/4/auth/request_token", {"redirect_to": "https://t.me/bot?start=abc"})
    token = begun["request_token"]
    seen = claims(token)
    assert seen["redirect_to"] == "https://t.me/bot?start=abc"
    assert seen["version"] == 1
    assert seen["exp"] - seen["iat"] == 15 * 60

    assert await plain.refused("POST", "/4/auth/access_token", {"request_token": token}) == (422, 41)
    assert world.approve(token, ann) == "https://t.me/bot?start=abc"
    finished = await plain("POST", "/4/auth/access_token", {"request_token": token})
    assert finished["account_id"] == claims(finished["access_token"])["sub"] == ann.object_id
    assert await plain.refused("POST", "/4/auth/access_token", {"request_token": token}) == (401, 33)

    access = {"access_token": finished["access_token"]}
    plain.session = (await plain("POST", "/3/authentication/session/convert/4", access))["session_id"]
    assert (await plain("GET", "/3/account"))["username"] == "ann"

    session, plain.session = plain.session, None
    assert await plain("DELETE", "/3/authentication/session", {"session_id": session}) == {"success": True}
    assert (await plain("DELETE", "/4/auth/access_token", access))["status_code"] == 13
    assert await plain.refused("DELETE", "/4/auth/access_token", access) == (401, 35)
    assert await plain.refused("POST", "/3/authentication/session/convert/4", access) == (401, 35)
    assert await plain.refused("DELETE", "/3/authentication/session", {"session_id": session}) == (401, 3)
    assert not world.sessions
    assert not world.tokens.access


async def test_saying_no(world: Tmdb, plain: Client) -> None:
    token = (await plain("POST", "/4/auth/request_token", {"redirect_to": "http://x/"}))["request_token"]
    assert world.deny(token) == "http://x/"
    assert await plain.refused("POST", "/4/auth/access_token", {"request_token": token}) == (422, 41)


async def test_a_request_token_is_good_for_fifteen_minutes(world: Tmdb, plain: Client, ann: Account) -> None:
    assert isinstance(world.clock, Clock)
    token = (await plain("POST", "/4/auth/request_token", {}))["request_token"]
    assert "redirect_to" not in claims(token)
    assert world.approve(token, ann) == ""
    world.clock.forward(15 * 60)
    assert await plain.refused("POST", "/4/auth/access_token", {"request_token": token}) == (401, 33)


# ── Accounts ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_account_says_who_it_is(ask: Client, ann: Account) -> None:
    for path in ("/3/account", "/3/account/0", f"/3/account/{ann.id}"):
        shown = await ask("GET", path)
        assert (shown["id"], shown["name"], shown["iso_639_1"], shown["iso_3166_1"]) == (ann.id, "Ann", "de", "DE")
        assert re.fullmatch("[0-9a-f]{32}", shown["avatar"]["gravatar"]["hash"])


@pytest.mark.parametrize("section", ["favorite", "watchlist"])
async def test_putting_and_taking_off(ask: Client, ann: Account, section: str) -> None:
    async def put(there: bool) -> tuple[int, int]:
        body = {"media_type": "movie", "media_id": FIGHT_CLUB, section: there}
        response = await ask.send("POST", f"/3/account/{ann.id}/{section}", body)
        return response.status_code, response.json()["status_code"]

    assert [await put(True), await put(True)] == [(201, 1), (201, 12)]
    [kept] = (await ask("GET", f"/3/account/{ann.id}/{section}/movies"))["results"]
    assert kept["title"] == "Fight Club"
    assert "rating" not in kept
    assert (await ask("GET", f"/3/account/{ann.id}/{section}/tv"))["results"] == []
    assert [await put(False), await put(False)] == [(200, 13), (200, 13)]
    assert (await ask("GET", f"/3/account/{ann.id}/{section}/movies"))["total_results"] == 0


async def test_rating_takes_it_off_the_watchlist(ask: Client, ann: Account) -> None:
    ann.put("watchlist", ("movie", FIGHT_CLUB), there=True)
    ann.put("favorite", ("movie", FIGHT_CLUB), there=True)
    path = f"/3/movie/{FIGHT_CLUB}"
    before = await ask("GET", f"{path}/account_states")
    assert before == {"id": FIGHT_CLUB, "favorite": True, "watchlist": True, "rated": False}
    assert (await ask("POST", f"{path}/rating", {"value": 8.5}))["status_code"] == 1
    assert (await ask("POST", f"{path}/rating", {"value": 9}))["status_code"] == 12
    after = await ask("GET", f"{path}/account_states")
    assert after == {"id": FIGHT_CLUB, "favorite": True, "watchlist": False, "rated": {"value": 9.0}}
    [rated] = (await ask("GET", f"/3/account/{ann.id}/rated/movies"))["results"]
    assert rated["rating"] == 9.0
    assert (await ask("DELETE", f"{path}/rating"))["status_code"] == 13
    assert ann.ratings == {}


async def test_a_film_and_a_series_of_one_number_are_two(ask: Client, ann: Account) -> None:
    await ask("POST", "/3/tv/550/rating", {"value": 3})
    assert ann.ratings == {("tv", 550): 3.0}
    assert (await ask("GET", "/3/movie/550/account_states"))["rated"] is False


async def test_lists_are_ordered_and_paged(world: Tmdb, ask: Client, ann: Account) -> None:
    put = [title.id for title in world.of_kind("movie")[:45]]
    for number in put:
        ann.put("watchlist", ("movie", number), there=True)

    async def page(number: int, order: str = "created_at.asc") -> list[int]:
        path = f"/3/account/{ann.id}/watchlist/movies"
        listed = await ask("GET", path, page=number, sort_by=order)
        assert (listed["page"], listed["total_pages"], listed["total_results"]) == (number, 3, 45)
        return [each["id"] for each in listed["results"]]

    assert await page(1) == put[:20]
    assert await page(3) == put[40:]
    assert await page(4) == []
    assert await page(1, "created_at.desc") == put[:-21:-1]


# ── Finding ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def names(ask: Client, path: str, **query: Any) -> list[str]:
    """The names in the answer."""
    return [each.get("title") or each["name"] for each in (await ask("GET", path, **query))["results"]]


async def test_search_folds_accents_and_wants_all_words(plain: Client) -> None:
    assert await names(plain, "/3/search/movie", query="amelie") == ["Amélie"]
    assert await names(plain, "/3/search/movie", query="fabuleux destin") == ["Amélie"]
    assert await names(plain, "/3/search/movie", query="club fight") == ["Fight Club"]
    assert await names(plain, "/3/search/movie", query="fight clubbing") == []
    for slip in ("fight clib", "the shawshenk redemption", "interstelar", "fihgt club"):
        assert await names(plain, "/3/search/movie", query=slip) == []
    assert (await names(plain, "/3/search/movie", query="the godfather"))[0] == "The Godfather"
    assert await names(plain, "/3/search/tv", query="Breaking Bad", first_air_date_year=2008) == ["Breaking Bad"]
    assert await names(plain, "/3/search/tv", query="Breaking Bad", year=2009) == []


async def test_multi_search_finds_people_too(plain: Client) -> None:
    found = (await plain("GET", "/3/search/multi", query="brad pitt"))["results"]
    assert [(each["media_type"], each["name"]) for each in found] == [("person", "Brad Pitt")]
    kinds = {each["media_type"] for each in (await plain("GET", "/3/search/multi", query="lost"))["results"]}
    assert kinds == {"movie", "tv"}


async def test_titles_for_adults_are_hidden(plain: Client) -> None:
    assert await names(plain, "/3/search/multi", query="red velvet") == []
    shown = await names(plain, "/3/search/multi", query="red velvet", include_adult="true")
    assert sorted(shown) == ["Red Velvet After Midnight", "Red Velvet Stories"]


async def test_some_names_are_german(ask: Client, plain: Client, ann: Account) -> None:
    ann.put("watchlist", ("movie", GODFATHER), there=True)
    ann.put("watchlist", ("movie", FIGHT_CLUB), there=True)
    path = f"/3/account/{ann.id}/watchlist/movies"
    assert await names(ask, path, language="de-DE") == ["Der Pate", "Fight Club"]
    assert await names(ask, path, language="fr") == ["The Godfather", "Fight Club"]
    assert await names(plain, "/3/search/movie", query="der pate", language="de") == ["Der Pate"]
    assert (await plain("GET", f"/3/movie/{FIGHT_CLUB}", language="de"))["overview"] == ""


async def test_find_by_imdb_id(plain: Client) -> None:
    found = await plain("GET", "/3/find/tt0137523", external_source="imdb_id")
    assert [(each["media_type"], each["id"]) for each in found["movie_results"]] == [("movie", FIGHT_CLUB)]
    found = await plain("GET", "/3/find/tt0903747", external_source="imdb_id")
    assert [each["id"] for each in found["tv_results"]] == [BREAKING_BAD]
    found = await plain("GET", "/3/find/tt9999999", external_source="imdb_id")
    assert not any(found.values())


async def test_discovering(world: Tmdb, plain: Client) -> None:
    found = await plain("GET", "/3/discover/movie", with_genres="35,10749", **{"with_runtime.lte": 100})
    assert found["total_results"]
    for each in found["results"]:
        assert {35, 10749} <= set(each["genre_ids"])
        assert world.title("movie", each["id"]).runtime <= 100
    assert (await names(plain, "/3/discover/movie", sort_by="primary_release_date.desc"))[0] == "Next Month's Feature"


async def test_what_comes(world: Tmdb, plain: Client) -> None:
    assert set(await names(plain, "/3/movie/upcoming")) == {"Next Month's Feature", "Tomorrow's Premiere"}
    simpsons = await plain("GET", "/3/tv/456")
    assert simpsons["next_episode_to_air"]["air_date"] == world.day(3)
    assert (await plain("GET", f"/3/tv/{BREAKING_BAD}"))["next_episode_to_air"] is None


async def test_not_everything_is_known(world: Tmdb, plain: Client) -> None:
    nameless = await plain("GET", "/3/movie/9000003", append_to_response="credits")
    assert nameless["release_date"] == ""
    assert nameless["imdb_id"] is None
    assert nameless["credits"] == {"cast": [], "crew": []}
    assert {title.poster_path is None for title in world.titles.values()} == {True, False}
    assert [title for title in world.titles.values() if not title.date and title.kind == "tv"]
