"""What a server of the account API answers, read into the model. No I/O.

The server may be anybody's: nothing of what it says is taken on trust. Names are cleaned, what is optional may be
missing, and what does not have the contract's shape is BackendDown.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, NoReturn

import regex

from bot.core.backend import PAGE_SIZE
from bot.core.errors import BackendDown, MarqueeError, RateLimited, Refused, SessionEnded
from bot.core.model import (
    MOST_ID,
    Account,
    Kind,
    Listed,
    Page,
    Rating,
    Session,
    Title,
    TitleRef,
    TitleState,
)
from bot.core.text import clean

MOST_WAIT: Final = 3600.0
"""Seconds; no server keeps us away for longer."""
TOKEN: Final = regex.compile(r"[\x21-\x7e]{1,2000}")
"""What fits into a header."""

_POSTER: Final = regex.compile(r"/[A-Za-z0-9_-]{1,100}\.(?:jpg|png|webp)")
_DATE: Final = regex.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LANGUAGE: Final = regex.compile(r"[a-z]{2}")
_COUNTRY: Final = regex.compile(r"[A-Z]{2}")
_IMDB_ID: Final = regex.compile(r"tt[0-9]{7,10}")
_HASH: Final = regex.compile(r"[0-9a-f]{32,64}")


def decipher(status: int, body: bytes, *, missing: MarqueeError | None = None, retry_after: str = "") -> object:
    """The one place where a status becomes a value (the body's JSON) or an error.

    `missing` is what 404 means where it was asked: no such title, or an extension that the server lacks.
    """
    match status:
        case 200 | 201:
            return _parsed(body)
        case 401:
            raise SessionEnded
        case 404 | 405 | 501 if missing is not None:
            raise missing
        case 429:
            raise RateLimited(_seconds(retry_after))
        case 400 | 403 | 409 | 413 | 415 | 422:
            raise Refused(_sentence(body) or f"status {status}")
        case _:
            raise BackendDown(f"status {status}")


def account(said: object) -> Account:
    """`GET /api/account`."""
    it = _fields(said)
    username = _text(it, "username")
    return Account(
        id=_whole(it, "id", 0, 2**63 - 1),
        name=_text(it, "name") or username,
        username=username,
        language=_matching(it, "iso_639_1", _LANGUAGE) or "en",
        country=_matching(it, "iso_3166_1", _COUNTRY) or "US",
        include_adult=it.get("include_adult") is True,
        gravatar=_matching(_within(_within(it, "avatar"), "gravatar"), "hash", _HASH) or "",
    )


def session(said: object, name: str) -> Session:
    """`POST /api/session`."""
    it = _fields(said)
    token = _matching(it, "token", TOKEN)
    if token is None:
        _wrong("token")
    return Session(_whole(it, "account_id", 0, 2**63 - 1), token, name)


def page(said: object, kind: Kind | None, number: int) -> Page:
    """A page of a list or search of `kind` (None: of both, and each result must say its own)."""
    it = _fields(said)
    results = it.get("results")
    if not isinstance(results, list) or len(results) > PAGE_SIZE:
        _wrong("results")
    found = [_listed(one, kind) for one in map(_fields, results) if _kind(one, kind)]
    return Page(
        results=tuple(found),
        page=number,
        total_pages=_whole(it, "total_pages", 0, MOST_ID),
        total_results=_whole(it, "total_results", 0, MOST_ID),
    )


def title(said: object, ref: TitleRef) -> Title:
    """The title asked for: a result, or all that is known."""
    it = _fields(said)
    if _whole(it, "id", 1, MOST_ID) != ref.id:
        _wrong("id")
    movie = ref.kind is Kind.MOVIE
    original = _text(it, "original_title" if movie else "original_name")
    name = _text(it, "title" if movie else "name") or original or f"{ref.kind.value} {ref.id}"
    date = _matching(it, "release_date" if movie else "first_air_date", _DATE)
    genres = [one for one in _list(it, "genres") if isinstance(one, dict)]
    people = _within(it, "credits")
    return Title(
        ref=ref,
        name=name,
        year=_number(it, "year", 1800, 2200) or (int(date[:4]) if date else None),
        original_name=original if original and original != name else None,
        genres=tuple(words for one in genres if (words := _text(one, "name"))),
        runtime=_number(it, "runtime", 1, 100_000),
        makers=_names(people, "director" if movie else "created_by"),
        cast=_names(people, "cast"),
        imdb_id=_matching(it, "imdb_id", _IMDB_ID),
        poster_path=_matching(it, "poster_path", _POSTER),
        release_date=date,
        genre_ids=_genre_ids(it, genres),
        original_language=_matching(it, "original_language", _LANGUAGE),
        vote_average=_vote(it),
    )


def state(said: object) -> TitleState:
    """`GET …/account_states`. Undo goes by it, so everything must be there."""
    it = _fields(said)
    favorite, watchlist, rated = it.get("favorite"), it.get("watchlist"), it.get("rated", ())
    if not isinstance(favorite, bool) or not isinstance(watchlist, bool):
        _wrong("favorite or watchlist")
    # TMDB writes false where this contract writes null.
    rating = None if rated is None or rated is False else _rating(_fields(rated).get("value"))
    return TitleState(rating, watchlist=watchlist, favorite=favorite)


def ref(said: object) -> TitleRef:
    """`GET /api/find/{imdb_id}`."""
    it = _fields(said)
    kind = _kind(it, None)
    if kind is None:
        _wrong("media_type")
    return TitleRef(kind, _whole(it, "id", 1, MOST_ID))


def confirm(said: object, name: str, state: object) -> None:
    """That a write was done is only believed when the server says the state that was asked for."""
    now = _fields(said).get(name, ())
    # 1 is equal to True, and says something else.
    if now != state or type(now) is not type(state):
        _wrong(name)


def _listed(it: dict[str, Any], kind: Kind | None) -> Listed:
    own = _kind(it, kind)
    assert own is not None  # noqa: S101 - others were left out before
    rating = it.get("rating")
    return Listed(
        title(it, TitleRef(own, _whole(it, "id", 1, MOST_ID))),
        None if rating is None else _rating(rating),
    )


def _kind(it: dict[str, Any], kind: Kind | None) -> Kind | None:
    """The result's kind; None for what is no title (a search may find people as well)."""
    said = it.get("media_type", kind)
    if not isinstance(said, str) or said not in {"movie", "tv"} or kind not in {None, said}:
        return None
    return Kind(said)


def _parsed(body: bytes) -> object:
    try:
        said: object = json.loads(body.decode("utf-8"), parse_constant=_wrong)
    except (ValueError, RecursionError) as error:
        raise BackendDown("The answer is not JSON.") from error
    return said


def _sentence(body: bytes) -> str:
    """What the server says was wrong, fit to be shown; empty if it doesn't say."""
    try:
        said = _parsed(body)
    except BackendDown:
        return ""
    return _text(said, "error") if isinstance(said, dict) else ""


def _seconds(retry_after: str) -> float:
    """A Retry-After header: seconds, or a date."""
    try:
        wait = float(retry_after)
    except ValueError:
        try:
            until = parsedate_to_datetime(retry_after)
            wait = (until.astimezone(UTC) - datetime.now(UTC)).total_seconds()
        except (ValueError, OverflowError):
            return 1.0
    return min(max(wait, 1.0), MOST_WAIT) if wait == wait else 1.0


def _wrong(what: str) -> NoReturn:
    raise BackendDown(f"The answer is not as the contract says: {what}")


def _fields(said: object) -> dict[str, Any]:
    if not isinstance(said, dict):
        _wrong("no object")
    return said


def _within(it: dict[str, Any], name: str) -> dict[str, Any]:
    inner = it.get(name)
    return inner if isinstance(inner, dict) else {}


def _list(it: dict[str, Any], name: str) -> list[Any]:
    inner = it.get(name)
    return inner if isinstance(inner, list) else []


def _text(it: dict[str, Any], name: str) -> str:
    words = it.get(name)
    return clean(words[:2000]) if isinstance(words, str) else ""


def _names(it: dict[str, Any], name: str) -> tuple[str, ...]:
    names = (clean(one[:2000]) for one in _list(it, name) if isinstance(one, str))
    return tuple(one for one in names if one)


def _matching(it: dict[str, Any], name: str, pattern: regex.Pattern[str]) -> str | None:
    words = it.get(name)
    return words if isinstance(words, str) and pattern.fullmatch(words) else None


def _is_whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _whole(it: dict[str, Any], name: str, least: int, most: int) -> int:
    value = it.get(name)
    if not isinstance(value, int) or not _is_whole(value, least, most):
        _wrong(name)
    return value


def _number(it: dict[str, Any], name: str, least: int, most: int) -> int | None:
    value = it.get(name)
    return value if isinstance(value, int) and _is_whole(value, least, most) else None


def _genre_ids(it: dict[str, Any], genres: list[dict[str, Any]]) -> tuple[int, ...]:
    ids = _list(it, "genre_ids") or [one.get("id") for one in genres]
    return tuple(one for one in ids if _is_whole(one, 0, MOST_ID))


def _vote(it: dict[str, Any]) -> float | None:
    value = it.get("vote_average")
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 10:
        return float(value)
    return None


def _rating(value: object) -> Rating:
    try:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError
        return Rating.of(value)
    except (TypeError, ValueError):
        _wrong("rating")
