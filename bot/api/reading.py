"""What a request says, checked. Everything here raises Fault with what was wrong and what is allowed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

import regex

from bot.api.faults import Fault
from bot.core.backend import MOST_PAGES
from bot.core.errors import SessionEnded
from bot.core.model import MOST_ID, Kind, Order, Rating, Section, TitleRef
from bot.core.text import clean, cut

if TYPE_CHECKING:
    from starlette.requests import Request

Choice = TypeVar("Choice")

MOST_BODY: Final = 64 * 1024
"""Bytes; the longest useful body has a few hundred."""
MOST_NAME: Final = 64
MOST_QUERY: Final = 200

LISTS: Final = {section.value: section for section in Section}
WRITTEN: Final = {"favorite": Section.FAVORITES, "watchlist": Section.WATCHLIST}
KINDS: Final = {kind.value: kind for kind in Kind}
LIST_KINDS: Final = {"movies": Kind.MOVIE, "tv": Kind.TV}
SEARCHED: Final[dict[str, Kind | None]] = {**KINDS, "multi": None}
ORDERS: Final = {order.value: order for order in Order}

# ASCII alone: `\d` and int() also take the digits of other scripts.
_NUMBER: Final = regex.compile(r"-?[0-9]{1,30}")
LANGUAGE: Final = "[a-z]{2}(-[A-Z]{2})?"
IMDB_ID: Final = "tt[0-9]{7,10}"
YEARS: Final = (1870, 2100)


def token(request: Request) -> str:
    """The session's token. Raises SessionEnded where there is none."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    found = given.strip() if scheme.lower() == "bearer" else request.cookies.get("session_id", "")
    if not found:
        raise SessionEnded
    return found


def choice(value: object, among: dict[str, Choice], what: str) -> Choice:
    """One of the words in `among`."""
    if not isinstance(value, str) or value not in among:
        _wrong(value, f"{what} is one of: {', '.join(among)}")
    return among[value]


def kind(request: Request) -> Kind:
    """The kind in the path, in the singular."""
    return choice(request.path_params["kind"], KINDS, "the kind")


def title(request: Request) -> TitleRef:
    """The title that the path names."""
    return TitleRef(kind(request), _within(request.path_params["id"], "the id", 1, MOST_ID))


def account_id(request: Request) -> int:
    """The account that the path names."""
    return _within(request.path_params["account_id"], "the account's id", 0, 2**63 - 1)


def page(request: Request) -> int:
    """The page asked for, or the first."""
    return _within(request.query_params.get("page", "1"), "page", 1, MOST_PAGES)


def year(request: Request) -> int | None:
    """The year asked for, if any."""
    given = request.query_params.get("year")
    return None if given is None else _within(given, "year", *YEARS)


def order(request: Request) -> Order:
    """The order asked for, or TMDB's own: the oldest first."""
    return choice(request.query_params.get("sort", Order.OLDEST.value), ORDERS, "sort")


def language(request: Request) -> str:
    """The language asked for, or English."""
    given = request.query_params.get("language", "en")
    if not regex.fullmatch(LANGUAGE, given):
        _wrong(given, "language is as in ISO 639-1, for example de or de-DE")
    return given


def query(request: Request) -> str:
    """The words to search for."""
    given = request.query_params.get("query", "")
    if not given.strip() or len(given) > MOST_QUERY:
        _wrong(given, f"query is what to search for, in 1 to {MOST_QUERY} characters")
    return given


def imdb_id(request: Request) -> str:
    """The IMDb id in the path."""
    given = str(request.path_params["imdb_id"])
    if not regex.fullmatch(IMDB_ID, given):
        _wrong(given, "an IMDb id is tt and 7 to 10 digits, for example tt0137523")
    return given


async def body(request: Request) -> dict[str, Any]:
    """The JSON object in the request."""
    media_type, _, parameters = request.headers.get("Content-Type", "").partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if media_type.strip().lower() != "application/json" or charset not in {"", "utf-8", "utf8"}:
        raise Fault(415, "The body must be JSON in UTF-8, sent with Content-Type: application/json.")
    try:
        given = json.loads((await _bytes(request)).decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Fault(422, "The body is not readable as JSON in UTF-8.") from None
    if not isinstance(given, dict):
        raise Fault(422, 'The body must be a JSON object, for example {"value": 8.5}.')
    return given


def media(given: dict[str, Any]) -> TitleRef:
    """The title that a body names."""
    which = choice(given.get("media_type"), KINDS, "media_type")
    number = given.get("media_id")
    # A bool is an int to Python, and not to anybody else.
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= MOST_ID:
        _wrong(number, f"media_id is a whole number from 1 to {MOST_ID}")
    return TitleRef(which, number)


def flag(given: dict[str, Any], name: str) -> bool:
    """The truth value that a body must have."""
    value = given.get(name)
    if not isinstance(value, bool):
        _wrong(value, f"{name} is true or false")
    return value


def rating(given: dict[str, Any]) -> Rating:
    """The rating in a body."""
    value = given.get("value")
    try:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError
        return Rating.of(value)
    except (TypeError, ValueError):
        _wrong(value, "value is a number from 0.5 to 10.0 in steps of 0.5, for example 8.5")


def name(given: dict[str, Any], field: str) -> str:
    """A name in a body, fit to be shown."""
    value = given.get(field)
    if not isinstance(value, str) or len(value) > MOST_NAME or not clean(value):
        _wrong(value, f"{field} has 1 to {MOST_NAME} characters")
    return clean(value)


def _wrong(value: object, allowed: str) -> NoReturn:
    shown = "nothing" if value is None or value == "" else f"“{cut(clean(str(value)), 40)}”"
    raise Fault(422, f"You sent {shown}, but {allowed}.")


def _within(given: str, what: str, least: int, most: int) -> int:
    if not _NUMBER.fullmatch(given) or not least <= int(given) <= most:
        _wrong(given, f"{what} is a whole number from {least} to {most}")
    return int(given)


async def _bytes(request: Request) -> bytes:
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > MOST_BODY:
            raise Fault(413, f"The body is too long: at most {MOST_BODY} bytes are read.")
    return bytes(read)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
