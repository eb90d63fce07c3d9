"""The endpoints of somebody's account: who it is, the six lists, and putting, rating and asking for states."""

from __future__ import annotations

from typing import Final

from tests.doubles.tmdb.refusals import bad_parameters, bad_value, no_session
from tests.doubles.tmdb.shapes import entry, paged
from tests.doubles.tmdb.titles import Kind
from tests.doubles.tmdb.wire import Asked, Endpoint, Json
from tests.doubles.tmdb.world import Account, Key, Section, Tmdb

NEW: Final[Json] = {"status_code": 1, "status_message": "Success."}
UPDATED: Final[Json] = {"status_code": 12, "status_message": "The item/record was updated successfully."}
DELETED: Final[Json] = {"status_code": 13, "status_message": "The item/record was deleted successfully."}
KINDS: Final[dict[str, Kind]] = {"movies": "movie", "tv": "tv"}


def asker(world: Tmdb, asked: Asked) -> Account:
    """Whose session came along. The session decides; to name somebody else's account in the path is complained of."""
    account = world.whose(asked.text("session_id"))
    named = asked.places.get("account_id")
    if named != str(account.id) and named in {str(number) for number in world.accounts}:
        asked.complain(f"{asked.method} {asked.path}: account {named} with the session of {account.id}")
    return account


def account(world: Tmdb, asked: Asked) -> Json:
    """Whose account it is."""
    found = asker(world, asked)
    return {
        "avatar": {"gravatar": {"hash": found.gravatar}, "tmdb": {"avatar_path": None}},
        "id": found.id,
        "iso_639_1": found.iso_639_1,
        "iso_3166_1": found.iso_3166_1,
        "name": found.name,
        "include_adult": found.include_adult,
        "username": found.username,
    }


def _listed(section: Section, kind: Kind) -> Endpoint:
    def answer(world: Tmdb, asked: Asked) -> Json:
        account, language, page = asker(world, asked), asked.language(), asked.page()
        keys = [key for key in account.keeps(section) if key[0] == kind]
        match asked.text("sort_by"):
            case None | "created_at.asc":
                pass
            case "created_at.desc":
                keys.reverse()
            case _:
                raise bad_parameters("sort_by")
        rating = account.ratings if section == "rated" else {}

        def shape(key: Key) -> Json:
            return entry(world.titles[key], language) | ({"rating": rating[key]} if key in rating else {})

        return paged(keys, page, shape)

    plural = "movies" if kind == "movie" else "tv"
    return Endpoint("GET", f"/3/account/{{account_id}}/{section}/{plural}", answer)


def _put(section: Section) -> Endpoint:
    def answer(world: Tmdb, asked: Asked) -> tuple[int, Json]:
        account = asker(world, asked)
        kind, number, there = (asked.body.get(name) for name in ("media_type", "media_id", section))
        if kind not in ("movie", "tv") or not isinstance(number, int) or not isinstance(there, bool):
            raise bad_parameters(f"media_type, media_id or {section}")
        before = account.put(section, world.title(kind, number).key, there)
        return (201, UPDATED if before else NEW) if there else (200, DELETED)

    return Endpoint("POST", f"/3/account/{{account_id}}/{section}", answer)


def _key(world: Tmdb, asked: Asked) -> Key:
    kind: Kind = "movie" if "movie_id" in asked.places else "tv"
    return world.title(kind, asked.place("movie_id" if kind == "movie" else "series_id")).key


def _rating(asked: Asked) -> float:
    value = asked.body.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise bad_value("value must be a number")
    if not 0.5 <= value <= 10 or value * 2 != int(value * 2):
        raise bad_value("value must be from 0.5 to 10 in steps of 0.5")
    return float(value)


def rate(world: Tmdb, asked: Asked) -> tuple[int, Json]:
    """Rate a title."""
    account, key = asker(world, asked), _key(world, asked)
    return 201, UPDATED if account.rate(key, _rating(asked)) else NEW


def unrate(world: Tmdb, asked: Asked) -> Json:
    """Take a rating away, also one that isn't there."""
    account, key = asker(world, asked), _key(world, asked)
    account.ratings.pop(key, None)
    return DELETED


def states(world: Tmdb, asked: Asked) -> Json:
    """What somebody did with a title."""
    account, key = asker(world, asked), _key(world, asked)
    return {
        "id": key[1],
        "favorite": key in account.favorite,
        "watchlist": key in account.watchlist,
        "rated": {"value": account.ratings[key]} if key in account.ratings else False,
    }


def sign_out(world: Tmdb, asked: Asked) -> Json:
    """End a v3 session."""
    session = asked.body.get("session_id")
    if not isinstance(session, str) or session not in world.sessions:
        raise no_session()
    del world.sessions[session]
    return {"success": True}


def convert(world: Tmdb, asked: Asked) -> Json:
    """A v3 session for a v4 access token."""
    owner = world.tokens.whose(str(asked.body.get("access_token")))
    return {"success": True, "session_id": world.session(world.by_object_id(owner))}


def begin(world: Tmdb, asked: Asked) -> Json:
    """Version 4: a request token."""
    where = asked.body.get("redirect_to", "")
    if not isinstance(where, str):
        raise bad_parameters("redirect_to")
    return {"success": True, **NEW, "request_token": world.tokens.request(where)}


def finish(world: Tmdb, asked: Asked) -> Json:
    """Version 4: an access token for an approved request token, once."""
    token, owner = world.tokens.redeem(str(asked.body.get("request_token")))
    return {"success": True, **NEW, "access_token": token, "account_id": owner}


def forget(world: Tmdb, asked: Asked) -> Json:
    """Version 4: an access token ends. Sessions that were made from it stay: each is ended by itself."""
    world.tokens.forget(str(asked.body.get("access_token")))
    return {"success": True, **DELETED}


def checked(world: Tmdb, asked: Asked) -> Json:
    """Whether the read token is good; without a good one nothing gets here."""
    return {"success": True, **NEW}


ENDPOINTS: Final = [
    Endpoint("GET", "/3/authentication", checked),
    Endpoint("DELETE", "/3/authentication/session", sign_out),
    Endpoint("POST", "/3/authentication/session/convert/4", convert),
    Endpoint("POST", "/4/auth/request_token", begin),
    Endpoint("POST", "/4/auth/access_token", finish),
    Endpoint("DELETE", "/4/auth/access_token", forget),
    Endpoint("GET", "/3/account", account),
    Endpoint("GET", "/3/account/{account_id}", account),
    *[_listed(section, kind) for section in ("favorite", "watchlist", "rated") for kind in KINDS.values()],
    _put("favorite"),
    _put("watchlist"),
    *[
        endpoint
        for path in ("/3/movie/{movie_id}", "/3/tv/{series_id}")
        for endpoint in (
            Endpoint("GET", f"{path}/account_states", states),
            Endpoint("POST", f"{path}/rating", rate),
            Endpoint("DELETE", f"{path}/rating", unrate),
        )
    ],
]
