"""The OpenAPI 3.1 description of what is served, at `/openapi.json`."""

from __future__ import annotations

from typing import Any, Final

from bot.api.reading import (
    IMDB_ID,
    KINDS,
    LANGUAGE,
    LIST_KINDS,
    LISTS,
    MOST_NAME,
    MOST_QUERY,
    ORDERS,
    SEARCHED,
    WRITTEN,
    YEARS,
)
from bot.core.backend import MOST_PAGES, PAGE_SIZE
from bot.core.model import MOST_ID, Order

Json = dict[str, Any]

_ABOUT: Final = """\
A person's favourites, watchlist and ratings of films and series.

Every body is JSON in UTF-8. The session's token travels as `Authorization: Bearer …` or as the cookie `session_id`.
Every write names its target state, so that sending it twice does nothing twice, and every error is one sentence for a
person. What is marked as an extension may be missing elsewhere; a server that lacks it answers 404.
"""
_SECURED: Final[list[Json]] = [{"bearer": []}, {"cookie": []}]
_WRONG: Final = {
    "401": "There is no valid session.",
    "403": "The session is another account's.",
    "404": "There is no such title, or no such thing on this server.",
    "413": "The body is too long.",
    "415": "The body is not JSON in UTF-8.",
    "422": "Something in the address or the body is not allowed; the sentence says what is.",
    "429": "Too many requests; the header Retry-After says for how many seconds to wait.",
    "500": "Something went wrong here; the sentence has a reference to it.",
    "503": "The service behind this one is not answering.",
}


def describe() -> Json:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Marquee's account API",
            "version": "1",
            "description": _ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": {**_contract(), **_extensions()},
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "session_id"},
            },
            "schemas": _schemas(),
            "responses": {status: _error(status) for status in _WRONG},
        },
    }


def _contract() -> Json:
    on_list = {
        "type": "object",
        "required": ["media_type", "media_id"],
        "properties": {
            "media_type": {"enum": [*KINDS]},
            "media_id": _whole(1, MOST_ID),
            "favorite": {"type": "boolean", "description": "Required where the list is favorite."},
            "watchlist": {"type": "boolean", "description": "Required where it is watchlist."},
        },
    }
    rating = _object(value={"type": "number", "minimum": 0.5, "maximum": 10, "multipleOf": 0.5})
    return {
        "/api/account": {
            "get": _call("account", "Whose session it is", _ref("Account"), "401"),
        },
        "/api/account/{account_id}/{section}/{kinds}": {
            "parameters": [
                _in_path("account_id", _whole(0, 2**63 - 1)),
                _in_path("section", {"enum": [*LISTS]}),
                _in_path("kinds", {"enum": [*LIST_KINDS]}),
            ],
            "get": _call(
                "listed",
                f"A page of a list, {PAGE_SIZE} titles each; past the last it is empty",
                _ref("Page"),
                "401 403 422",
                parameters=[
                    _language(),
                    _page(),
                    _asked("sort", {"enum": [*ORDERS], "default": Order.OLDEST.value}),
                ],
            ),
        },
        "/api/account/{account_id}/{section}": {
            "parameters": [
                _in_path("account_id", _whole(0, 2**63 - 1)),
                _in_path("section", {"enum": [*WRITTEN]}),
            ],
            "post": _call(
                "setOnList",
                "Put a title on a list, or take it off",
                {"oneOf": [_object(**{name: {"type": "boolean"}}) for name in WRITTEN]},
                "401 403 404 413 415 422",
                body=on_list,
            ),
        },
        "/api/{kind}/{id}/rating": {
            "parameters": _title(),
            "post": _call(
                "rate",
                "Add or replace a rating; takes the title off the watchlist",
                _object(rated=_ref("Rating")),
                "401 404 413 415 422",
                body=rating,
            ),
            "delete": _call("unrate", "Remove a rating", _object(rated={"type": "null"}), "401 404 422"),
        },
    }


def _extensions() -> Json:
    name = {"type": "string", "minLength": 1, "maxLength": MOST_NAME}
    return {
        "/api/session": {
            "post": _extension(
                "createSession",
                "A new account and its session; limited for each address",
                _object(token={"type": "string"}, account_id={"type": "integer"}),
                "404 413 415 422 429",
                body={
                    "type": "object",
                    "required": ["name"],
                    "properties": {"name": name, "username": {**name, "type": ["string", "null"]}},
                },
                status="201",
                secured=False,
            ),
            "delete": _extension("endSession", "Sign out", _object(deleted={"const": True}), "401 404"),
        },
        "/api/{kind}/{id}/account_states": {
            "parameters": _title(),
            "get": _extension(
                "states",
                "What the account says of a title",
                _object(
                    id={"type": "integer"},
                    favorite={"type": "boolean"},
                    watchlist={"type": "boolean"},
                    rated={"anyOf": [_ref("Rating"), {"type": "null"}]},
                ),
                "401 404 422",
            ),
        },
        "/api/search/{what}": {
            "parameters": [_in_path("what", {"enum": [*SEARCHED]})],
            "get": _extension(
                "search",
                "Titles by name, best first; a year may be among the words",
                _ref("Page"),
                "404 422",
                parameters=[
                    _asked("query", {"type": "string", "minLength": 1, "maxLength": MOST_QUERY}, required=True),
                    _asked("year", _whole(*YEARS)),
                    _language(),
                    _page(),
                ],
                secured=False,
            ),
        },
        "/api/{kind}/{id}": {
            "parameters": _title(),
            "get": _extension(
                "title",
                "All that is known of a title",
                _ref("Details"),
                "404 422",
                parameters=[_language()],
                secured=False,
            ),
        },
        "/api/find/{imdb_id}": {
            "parameters": [_in_path("imdb_id", {"type": "string", "pattern": f"^{IMDB_ID}$"})],
            "get": _extension(
                "find",
                "The title that IMDb knows by this id",
                _object(media_type={"enum": [*KINDS]}, id={"type": "integer"}),
                "404 422",
                secured=False,
            ),
        },
    }


def _schemas() -> Json:
    text = {"type": "string"}
    maybe = {"type": ["string", "null"]}
    result = {
        "id": _whole(1, MOST_ID),
        "media_type": {"enum": [*KINDS]},
        "year": {
            "type": ["integer", "null"],
            "description": "An extension: of some titles no more than the year is known.",
            "x-extension": True,
        },
        "genre_ids": {"type": "array", "items": {"type": "integer"}},
        "original_language": maybe,
        "poster_path": maybe,
    }
    told = {"vote_average": {"type": "number"}, "rating": _ref("Points")}
    movie = {**result, "title": text, "original_title": text, "release_date": maybe}
    series = {**result, "name": text, "original_name": text, "first_air_date": maybe}
    names = {"type": "array", "items": text}
    genre = _object(id={"type": "integer"}, name=text)
    return {
        "Error": _object(error=text),
        "Account": _object(
            id={"type": "integer"},
            name=text,
            username=text,
            include_adult={"type": "boolean"},
            iso_639_1=text,
            iso_3166_1=text,
            avatar=_object(gravatar=_object(hash=text)),
        ),
        "Points": {"type": "number", "minimum": 0.5, "maximum": 10, "multipleOf": 0.5},
        "Rating": _object(value=_ref("Points")),
        "Movie": _object(told, **{**movie, "media_type": {"const": "movie"}}),
        "Series": _object(told, **{**series, "media_type": {"const": "tv"}}),
        "Result": {"oneOf": [_ref("Movie"), _ref("Series")]},
        "Page": _object(
            page=_whole(1, MOST_PAGES),
            results={"type": "array", "maxItems": PAGE_SIZE, "items": _ref("Result")},
            total_pages=_whole(0, None),
            total_results=_whole(0, None),
        ),
        "Details": {
            "allOf": [
                _ref("Result"),
                _object(
                    runtime={"type": ["integer", "null"], "description": "Minutes."},
                    genres={"type": "array", "items": genre},
                    credits={
                        "type": "object",
                        "required": ["cast"],
                        "properties": {"director": names, "created_by": names, "cast": names},
                    },
                    imdb_id=maybe,
                ),
            ]
        },
    }


def _call(
    name: str,
    summary: str,
    answer: Json,
    errors: str,
    *,
    body: Json | None = None,
    parameters: list[Json] | None = None,
    status: str = "200",
    secured: bool = True,
) -> Json:
    """One operation; `errors` are the statuses of its own, beside those that any may have."""
    call: Json = {
        "operationId": name,
        "summary": summary,
        "security": _SECURED if secured else [],
        "responses": {
            status: {"description": summary, "content": _json(answer)},
            **{wrong: {"$ref": f"#/components/responses/{wrong}"} for wrong in (*errors.split(), "500", "503")},
        },
    }
    if parameters:
        call["parameters"] = parameters
    if body:
        call["requestBody"] = {"required": True, "content": _json(body)}
    return call


def _extension(name: str, summary: str, answer: Json, errors: str, **more: Any) -> Json:
    """An operation beyond the contract, marked for programs and for people."""
    call = _call(name, summary, answer, errors, **more)
    return {**call, "x-extension": True, "description": "An extension: other servers may lack it."}


def _error(status: str) -> Json:
    error: Json = {"description": _WRONG[status], "content": _json(_ref("Error"))}
    if status == "429":
        error["headers"] = {"Retry-After": {"required": True, "schema": {"type": "integer"}}}
    return error


def _json(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(optional: Json | None = None, /, **properties: Json) -> Json:
    """An object that has all of `properties`, and may have the `optional` ones."""
    return {
        "type": "object",
        "required": [*properties],
        "properties": {**properties, **(optional or {})},
    }


def _whole(least: int, most: int | None) -> Json:
    return {"type": "integer", "minimum": least, **({} if most is None else {"maximum": most})}


def _in_path(name: str, schema: Json) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _asked(name: str, schema: Json, *, required: bool = False) -> Json:
    return {"name": name, "in": "query", "required": required, "schema": schema}


def _title() -> list[Json]:
    return [_in_path("kind", {"enum": [*KINDS]}), _in_path("id", _whole(1, MOST_ID))]


def _language() -> Json:
    about = {"description": "ISO 639-1, with a country if you like: de or de-DE."}
    return _asked("language", {"type": "string", "pattern": f"^{LANGUAGE}$", "default": "en", **about})


def _page() -> Json:
    return _asked("page", {**_whole(1, MOST_PAGES), "default": 1})
