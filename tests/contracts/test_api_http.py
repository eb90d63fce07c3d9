"""The account API as raw HTTP: its bodies, its statuses, and what strangers may send."""

import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.api import create_app
from bot.backends.account_api import embedded_client
from bot.backends.offline import Offline
from bot.core.errors import BackendDown, RateLimited
from bot.core.model import Kind, Rating, Session, Title, TitleRef
from tests.contracts.conftest import Clock

RATING = "/api/movie/550/rating"


@pytest.fixture
async def http(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    async with embedded_client(app) as client:
        yield client


@pytest.fixture
async def ann(offline: Offline) -> Session:
    return await offline.create("Ann")


@pytest.fixture
async def hers(app: Starlette, ann: Session) -> AsyncIterator[httpx.AsyncClient]:
    """A client with Ann's session."""
    async with embedded_client(app) as client:
        client.headers["Authorization"] = f"Bearer {ann.token}"
        yield client


def wrong(response: httpx.Response, status: int) -> str:
    """The sentence of an error, which has the one form that all have."""
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/json"
    body = response.json()
    assert list(body) == ["error"]
    sentence = body["error"]
    assert isinstance(sentence, str)
    assert sentence.endswith(".")
    assert len(sentence) < 200
    return sentence


# ── What is answered ──


async def test_the_bodies_are_the_contracts(hers: httpx.AsyncClient, ann: Session) -> None:
    root = f"/api/account/{ann.account_id}"
    film = {"media_type": "movie", "media_id": 550}
    account = (await hers.get("/api/account")).json()
    assert account.pop("avatar")["gravatar"]["hash"]
    assert account == {
        "id": ann.account_id,
        "name": "Ann",
        "username": f"account{ann.account_id}",
        "include_adult": False,
        "iso_639_1": "en",
        "iso_3166_1": "US",
    }
    assert (await hers.post(f"{root}/favorite", json={**film, "favorite": True})).json() == {"favorite": True}
    assert (await hers.post(f"{root}/watchlist", json={**film, "watchlist": True})).json() == {"watchlist": True}
    assert (await hers.post(f"{root}/watchlist", json={**film, "watchlist": False})).json() == {"watchlist": False}
    assert (await hers.post(RATING, json={"value": 8.5})).json() == {"rated": {"value": 8.5}}
    assert (await hers.get("/api/movie/550/account_states")).json() == {
        "id": 550,
        "favorite": True,
        "watchlist": False,
        "rated": {"value": 8.5},
    }
    assert (await hers.get(f"{root}/rated/movies")).json() == {
        "page": 1,
        "results": [
            {
                "id": 550,
                "media_type": "movie",
                "title": "Fight Club",
                "original_title": "Fight Club",
                "release_date": "1999-10-15",
                "year": 1999,
                "genre_ids": [18],
                "original_language": "en",
                "poster_path": None,
                "rating": 8.5,
            }
        ],
        "total_pages": 1,
        "total_results": 1,
    }
    assert (await hers.delete(RATING)).json() == {"rated": None}
    assert (await hers.get("/api/movie/550/account_states")).json()["rated"] is None
    assert (await hers.delete("/api/session")).json() == {"deleted": True}


async def test_a_series_has_a_name_and_its_creators(http: httpx.AsyncClient) -> None:
    series = (await http.get("/api/tv/1396")).json()
    assert (series["name"], series["original_name"], series["first_air_date"]) == (
        "Breaking Bad",
        "Breaking Bad",
        "2008-01-20",
    )
    assert series["credits"]["created_by"] == ["Vince Gilligan"]
    assert series["genres"] == [{"id": 18, "name": "Drama"}, {"id": 80, "name": "Crime"}]
    assert not {"title", "original_title", "release_date"} & series.keys()


async def test_a_new_session(http: httpx.AsyncClient) -> None:
    response = await http.post("/api/session", json={"name": "Cleo", "username": "cleo", "other": 1})
    assert response.status_code == 201
    session = response.json()
    assert session.keys() == {"token", "account_id"}
    account = await http.get("/api/account", headers={"Authorization": f"Bearer {session['token']}"})
    assert account.json()["username"] == "cleo"


async def test_the_oldest_come_first_unless_asked_otherwise(hers: httpx.AsyncClient, ann: Session) -> None:
    for number in (550, 11, 12):
        await hers.post(f"/api/movie/{number}/rating", json={"value": 5})
    path = f"/api/account/{ann.account_id}/rated/movies"
    for sort, expected in (
        ({}, [550, 11, 12]),
        ({"sort": "created_at.asc"}, [550, 11, 12]),
        ({"sort": "created_at.desc"}, [12, 11, 550]),
    ):
        results = (await hers.get(path, params=sort)).json()["results"]
        assert [one["id"] for one in results] == expected


async def test_answers_are_kept_by_nobody(hers: httpx.AsyncClient) -> None:
    for path in ("/api/account", "/api/account/0/rated/tv", "/nowhere"):
        assert (await hers.get(path)).headers["Cache-Control"] == "no-store"
        assert (await hers.get(path)).headers["X-Content-Type-Options"] == "nosniff"


async def test_find_and_head(http: httpx.AsyncClient) -> None:
    assert (await http.get("/api/find/tt0137523")).json() == {"media_type": "movie", "id": 550}
    assert (await http.head("/api/movie/550")).status_code == 200


# ── Whose session ──


async def test_the_session_may_be_a_cookie(http: httpx.AsyncClient, ann: Session) -> None:
    response = await http.get("/api/account", headers={"Cookie": f"session_id={ann.token}"})
    assert response.json()["name"] == "Ann"
    both = {"Cookie": f"session_id={ann.token}", "Authorization": "Bearer wrong"}
    wrong(await http.get("/api/account", headers=both), 401)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic YTpi", "Bearer \xff"])
async def test_without_a_valid_session_nothing_is_told(http: httpx.AsyncClient, header: str) -> None:
    headers = httpx.Headers([(b"Authorization", header.encode("latin-1"))])
    for method, path in (
        ("GET", "/api/account"),
        ("GET", "/api/account/1/rated/movies"),
        ("POST", "/api/account/1/favorite"),
        ("POST", RATING),
        ("DELETE", RATING),
        ("GET", "/api/movie/550/account_states"),
        ("DELETE", "/api/session"),
    ):
        response = await http.request(method, path, headers=headers)
        wrong(response, 401)
        assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_another_accounts_id_is_403(hers: httpx.AsyncClient, offline: Offline) -> None:
    ben = await offline.create("Ben")
    for number in (ben.account_id, 0, 999):
        wrong(await hers.get(f"/api/account/{number}/rated/movies"), 403)
        body = {"media_type": "movie", "media_id": 550, "favorite": True}
        wrong(await hers.post(f"/api/account/{number}/favorite", json=body), 403)


# ── What is refused ──


@pytest.mark.parametrize("path", ["/", "/api", "/api/", "/api/movie", "/api/movie/550/", "/api//550", "/API/account"])
async def test_an_unknown_path_is_404(http: httpx.AsyncClient, path: str) -> None:
    wrong(await http.get(path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", RATING, {"POST", "DELETE"}),
        ("GET", RATING, {"POST", "DELETE"}),
        ("POST", "/api/account", {"GET", "HEAD"}),
        ("GET", "/api/session", {"POST", "DELETE"}),
        ("DELETE", "/api/search/movie", {"GET", "HEAD"}),
        ("OPTIONS", "/api/account", {"GET", "HEAD"}),
        ("BREW", "/api/movie/550", {"GET", "HEAD"}),
    ],
)
async def test_a_wrong_method_is_405(http: httpx.AsyncClient, method: str, path: str, allowed: set[str]) -> None:
    response = await http.request(method, path)
    assert method in wrong(response, 405)
    assert set(response.headers["Allow"].split(", ")) == allowed


@pytest.mark.parametrize(
    "path",
    [
        "favourites/movies",
        "favorite/movies",
        "favorites/movie",
        "favorites/books",
        "rated/tvs",
        "rated/movies?page=0",
        "rated/movies?page=-1",
        "rated/movies?page=501",
        "rated/movies?page=9223372036854775808",
        "rated/movies?page=1e309",
        "rated/movies?page=NaN",
        "rated/movies?page=1.0",
        "rated/movies?page=%D9%A1",  # an Arabic digit
        "rated/movies?page=%201",
        "rated/movies?page=",
        "rated/movies?page=" + "9" * 5000,
        "rated/movies?sort=newest",
        "rated/movies?sort=",
        "rated/movies?language=english",
        "rated/movies?language=de_DE",
        "rated/movies?language=%00",
    ],
)
async def test_a_list_that_is_none_is_422(hers: httpx.AsyncClient, ann: Session, path: str) -> None:
    wrong(await hers.get(f"/api/account/{ann.account_id}/{path}"), 422)


@pytest.mark.parametrize(
    "path",
    [
        "/api/book/550",
        "/api/movie/abc",
        "/api/movie/0",
        "/api/movie/-1",
        "/api/movie/2147483648",
        "/api/movie/9223372036854775808",
        "/api/movie/1e5",
        "/api/movie/%D9%A5%D9%A5%D9%A0",
        "/api/movie/%00",
        "/api/movie/%ff",
        "/api/movie/550?language=xyz",
        "/api/find/550",
        "/api/find/tt12",
        "/api/find/tt%D9%A1%D9%A1%D9%A1%D9%A1%D9%A1%D9%A1%D9%A1",
        "/api/search/book?query=a",
        "/api/search/movie",
        "/api/search/movie?query=",
        "/api/search/movie?query=%20",
        "/api/search/movie?query=" + "x" * 201,
        "/api/search/movie?query=a&year=19",
        "/api/search/movie?query=a&year=soon",
        "/api/search/movie?query=a&year=1e3",
        "/api/search/movie?query=a&page=0",
    ],
)
async def test_what_is_asked_of_the_catalogue_is_checked(http: httpx.AsyncClient, path: str) -> None:
    wrong(await http.get(path), 422)


async def test_a_title_that_is_not_there_is_404(hers: httpx.AsyncClient, ann: Session) -> None:
    assert "999" in wrong(await hers.get("/api/movie/999"), 404)
    wrong(await hers.post("/api/tv/550/rating", json={"value": 5}), 404)
    wrong(await hers.delete("/api/tv/550/rating"), 404)
    wrong(await hers.get("/api/tv/550/account_states"), 404)
    wrong(await hers.get("/api/find/tt9999999"), 404)
    body = {"media_type": "tv", "media_id": 550, "favorite": True}
    wrong(await hers.post(f"/api/account/{ann.account_id}/favorite", json=body), 404)


@pytest.mark.parametrize(
    "value",
    [
        *("0", "-0", "-0.0", "0.3", "0.25", "10.5", "11", "-1", "8.3", "1e309", "-1e309", "NaN", "Infinity"),
        *("9223372036854775808", "1" * 4000, "1" * 5000, "null", "true", "false"),
        *('"8.5"', '"٨"', "[8.5]", '{"value": 8.5}'),
    ],
)
async def test_only_half_points_from_a_half_to_ten_are_ratings(
    hers: httpx.AsyncClient, offline: Offline, ann: Session, value: str
) -> None:
    body = f'{{"value": {value}}}'.encode()
    response = await hers.post(RATING, content=body, headers={"Content-Type": "application/json"})
    wrong(response, 422)
    assert (await offline.state(ann, TitleRef(Kind.MOVIE, 550))).rating is None


@pytest.mark.parametrize("value", ["0.5", "10", "10.0", "8.5", "85e-1", "1"])
async def test_a_rating_may_be_written_in_any_way_of_json(hers: httpx.AsyncClient, value: str) -> None:
    body = f'{{"value": {value}}}'.encode()
    response = await hers.post(RATING, content=body, headers={"Content-Type": "application/json"})
    assert response.json() == {"rated": {"value": float(value)}}


@pytest.mark.parametrize(
    "change",
    [
        {"media_type": "book"},
        {"media_type": "movies"},
        {"media_type": 1},
        {"media_type": ["movie"]},
        {"media_type": None},
        {"media_id": 0},
        {"media_id": -1},
        {"media_id": 2**31},
        {"media_id": 2**63},
        {"media_id": 550.5},
        {"media_id": "550"},
        {"media_id": True},
        {"media_id": None},
        {"favorite": 1},
        {"favorite": "true"},
        {"favorite": None},
        {"favorite": "\ud800"},
    ],
)
async def test_what_is_put_on_a_list_is_checked(hers: httpx.AsyncClient, ann: Session, change: dict[str, Any]) -> None:
    body = {"media_type": "movie", "media_id": 550, "favorite": True, **change}
    path = f"/api/account/{ann.account_id}"
    headers = {"Content-Type": "application/json"}
    wrong(await hers.post(f"{path}/favorite", content=json.dumps(body), headers=headers), 422)
    missing = {name: value for name, value in body.items() if name not in change}
    wrong(await hers.post(f"{path}/favorite", json=missing), 422)
    assert (await hers.get(f"{path}/favorites/movies")).json()["total_results"] == 0


async def test_the_watchlist_needs_its_own_word(hers: httpx.AsyncClient, ann: Session) -> None:
    body = {"media_type": "movie", "media_id": 550, "favorite": True}
    assert "watchlist" in wrong(await hers.post(f"/api/account/{ann.account_id}/watchlist", json=body), 422)
    wrong(await hers.post(f"/api/account/{ann.account_id}/rated", json=body), 422)
    wrong(await hers.post(f"/api/account/{ann.account_id}/favorites", json=body), 422)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"value"',
        b"8.5",
        b"\xff\xfe",
        '{"value": 8.5}'.encode("utf-16"),
        b'\xef\xbb\xbf{"value": 8.5}',
        b'{"value": 8.5',
        b'{"value": 8.5}}',
        b'{"value": 8.5, "more": NaN}',
        b"{'value': 8.5}",
        b"\x00",
        b"[" * 60_000,
        b'{"a":' * 10_000,
    ],
)
async def test_a_body_that_is_no_json_object_is_422(hers: httpx.AsyncClient, body: bytes) -> None:
    wrong(await hers.post(RATING, content=body, headers={"Content-Type": "application/json"}), 422)


async def test_a_body_is_read_up_to_64_kb(hers: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/json"}
    body = b'{"value": 8.5, "x": "%s"}'
    padding = 64 * 1024 - len(body) + 2
    assert (await hers.post(RATING, content=body % (b"x" * padding), headers=headers)).status_code == 200
    wrong(await hers.post(RATING, content=body % (b"x" * (padding + 1)), headers=headers), 413)


@pytest.mark.parametrize(
    "media_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1", "json", "\xff"],
)
async def test_another_type_of_body_is_415(hers: httpx.AsyncClient, media_type: str) -> None:
    headers = httpx.Headers([(b"Content-Type", media_type.encode("latin-1"))])
    wrong(await hers.post(RATING, content=b'{"value": 8.5}', headers=headers), 415)


@pytest.mark.parametrize("media_type", ["application/json", "Application/JSON; charset=UTF-8"])
async def test_json_may_say_its_charset(hers: httpx.AsyncClient, media_type: str) -> None:
    response = await hers.post(RATING, content=b'{"value": 8.5}', headers={"Content-Type": media_type})
    assert response.status_code == 200


@pytest.mark.parametrize("name", [None, 1, True, "", "  ", "\x00", "\ud800", "\u202e", "x" * 65, ["Ann"]])
async def test_a_name_is_1_to_64_characters(http: httpx.AsyncClient, name: object) -> None:
    headers = {"Content-Type": "application/json"}
    wrong(await http.post("/api/session", content=json.dumps({"name": name}), headers=headers), 422)
    if name is not None:
        body = json.dumps({"name": "Ann", "username": name})
        wrong(await http.post("/api/session", content=body, headers=headers), 422)


async def test_what_was_sent_is_shown_short_and_harmless(http: httpx.AsyncClient) -> None:
    sentence = wrong(await http.get("/api/movie/%E2%80%AE%00" + "a" * 1000), 422)
    assert "\u202e" not in sentence
    assert "\x00" not in sentence
    assert sentence.startswith("You sent “aaa")


# ── Limits and failures ──


async def test_one_address_makes_so_many_accounts_an_hour(offline: Offline, clock: Clock) -> None:
    app = create_app(offline, sign_up=offline, most_sign_ups=2, clock=clock)

    async def sign_up(address: str) -> httpx.Response:
        transport = httpx.ASGITransport(app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.post("/api/session", json={"name": "Ann"})

    assert [(await sign_up("10.0.0.1")).status_code for _ in range(2)] == [201, 201]
    refused = await sign_up("10.0.0.1")
    wrong(refused, 429)
    assert refused.headers["Retry-After"] == "3600"
    assert (await sign_up("10.0.0.2")).status_code == 201
    clock.now += 3599
    assert (await sign_up("10.0.0.1")).headers["Retry-After"] == "1"
    clock.now += 1
    assert (await sign_up("10.0.0.1")).status_code == 201


async def test_what_a_backend_lacks_is_404(offline: Offline, ann: Session) -> None:
    async with embedded_client(create_app(offline)) as client:
        client.headers["Authorization"] = f"Bearer {ann.token}"
        for path in ("/api/movie/550", "/api/search/movie?query=a", "/api/find/tt0137523"):
            wrong(await client.get(path), 404)
        wrong(await client.post("/api/session", json={"name": "Ann"}), 404)
        wrong(await client.delete("/api/session"), 404)
        assert (await client.post(RATING, json={"value": 5})).status_code == 200


class Failing(Offline):
    """A service that fails as it is told to."""

    error: Exception

    async def rate(self, session: Session, ref: TitleRef, rating: Rating) -> None:
        raise self.error

    async def title(self, ref: TitleRef, language: str) -> Title:
        raise self.error


@pytest.fixture
async def failing(offline: Offline) -> Failing:
    return Failing(offline._db, offline._search)


@pytest.mark.parametrize(
    ("error", "status"),
    [(BackendDown(), 503), (TimeoutError(), 503), (RateLimited(2.5), 429), (RateLimited(-1), 429)],
)
async def test_a_fault_below_is_told_apart_from_ours(failing: Failing, error: Exception, status: int) -> None:
    failing.error = error
    async with embedded_client(create_app(failing, catalogue=failing)) as client:
        response = await client.get("/api/movie/550")
    wrong(response, status)
    if status == 429:
        assert response.headers["Retry-After"] in {"3", "1"}


async def test_an_unexpected_error_has_a_reference_to_its_trace(
    failing: Failing, ann: Session, caplog: pytest.LogCaptureFixture
) -> None:
    failing.error = RuntimeError("a secret detail")
    async with embedded_client(create_app(failing, catalogue=failing)) as client:
        client.headers["Authorization"] = f"Bearer {ann.token}"
        with caplog.at_level(logging.DEBUG):
            sentence = wrong(await client.post(RATING, json={"value": 8.5}), 500)
    assert "secret" not in sentence
    reference = sentence.split()[-1].rstrip(".")
    assert len(reference) == 8
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert reference in record.getMessage()
    assert record.exc_info is not None
    assert record.exc_info[1] is failing.error
    assert ann.token not in caplog.text
