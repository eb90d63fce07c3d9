"""What every dialect reads alike: JSON of a stranger's, made into the model. No I/O.

Nothing of what a server says is taken on trust: names are cleaned, paths and dates are checked, what is optional may be
missing, and what must be there and isn't, or has another shape, is Passing. The account API took its shapes from TMDB.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, NoReturn

import regex

from bot.core.backend import MOST_PAGES, PAGE_SIZE
from bot.core.discovery import COUNTRY, LANGUAGE, PICTURE
from bot.core.errors import BackendDown, Refused
from bot.core.model import MOST_ID, Account, Kind, Listed, Page, Rating, Title, TitleRef, TitleState
from bot.core.text import clean

MOST_WAIT: Final = 3600.0
"""Seconds; no server keeps us away for longer."""
MOST_QUERY: Final = 200
"""Characters of a search."""
MOST_ACCOUNT: Final = 2**63 - 1

MOST_OVERVIEW: Final = 1_000
"""Characters of what a title is about; TMDB's writers are asked for no more."""

_DATE: Final = regex.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_IMDB_ID: Final = regex.compile(r"tt[0-9]{7,10}")
_HASH: Final = regex.compile(r"[0-9a-f]{32,64}")

Fields = dict[str, Any]


class Passing(BackendDown):
    """The service is down in a way that may be over at the next try, after `wait` seconds where it says so."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


# ── What all lists, cards and accounts have ──────────────────────────────────────────────────────────────────────


def account(said: object) -> Account:
    """Whose session it is."""
    it = fields(said)
    username = text(it, "username")
    return Account(
        id=whole(it, "id", 0, MOST_ACCOUNT),
        name=text(it, "name") or username,
        username=username,
        language=matching(it, "iso_639_1", LANGUAGE) or "en",
        country=matching(it, "iso_3166_1", COUNTRY) or "US",
        include_adult=it.get("include_adult") is True,
        gravatar=matching(within(within(it, "avatar"), "gravatar"), "hash", _HASH) or "",
    )


def page(said: object, kind: Kind | None, number: int, listed: Callable[[Fields, TitleRef], Title]) -> Page:
    """A page of titles of `kind` (None: of both, and each result must say its own), each read by `listed`."""
    it = fields(said)
    results = it.get("results")
    if not isinstance(results, list) or len(results) > PAGE_SIZE:
        wrong("results")
    found = [
        Listed(listed(one, ref_of(own, one)), None if one.get("rating") is None else rating(one["rating"]))
        for one in map(fields, results)
        if (own := kind_of(one, kind))
    ]
    return Page(
        results=tuple(found),
        page=number,
        total_pages=whole(it, "total_pages", 0, MOST_ID),
        total_results=whole(it, "total_results", 0, MOST_ID),
    )


def title(it: Fields, ref: TitleRef) -> Title:
    """What a list tells of a title; a card adds to it. It must be the one that is meant."""
    if whole(it, "id", 1, MOST_ID) != ref.id:
        wrong("id")
    movie = ref.kind is Kind.MOVIE
    original = text(it, "original_title" if movie else "original_name")
    name = text(it, "title" if movie else "name") or original or f"{ref.kind.value} {ref.id}"
    date = matching(it, "release_date" if movie else "first_air_date", _DATE)
    genres = dicts(it, "genres")
    return Title(
        ref=ref,
        name=name,
        year=number(it, "year", 1800, 2200) or (int(date[:4]) if date else None),
        original_name=original if original and original != name else None,
        genres=tuple(words for one in genres if (words := text(one, "name"))),
        runtime=number(it, "runtime", 1, 100_000),
        imdb_id=matching(it, "imdb_id", _IMDB_ID),
        poster_path=matching(it, "poster_path", PICTURE),
        release_date=date,
        genre_ids=_genre_ids(it, genres),
        original_language=matching(it, "original_language", LANGUAGE),
        vote_average=_vote(it),
        vote_count=number(it, "vote_count", 0, MOST_ID),
        overview=overview(it),
        adult=it.get("adult") is True,
    )


def overview(it: Fields) -> str | None:
    """What a title is about, on one line; None where nobody has written it."""
    words = it.get("overview")
    return clean(words[: 4 * MOST_OVERVIEW], MOST_OVERVIEW) or None if isinstance(words, str) else None


def state(said: object) -> TitleState:
    """What an account says of a title. Undo goes by it, so everything must be there."""
    it = fields(said)
    favorite, watchlist, rated = it.get("favorite"), it.get("watchlist"), it.get("rated", ())
    if not isinstance(favorite, bool) or not isinstance(watchlist, bool) or rated == ():
        wrong("states")
    own = None if rated is None or rated is False else rating(fields(rated).get("value"))
    return TitleState(own, watchlist=watchlist, favorite=favorite)


def rating(value: object) -> Rating:
    """A rating as it travels: 8.5."""
    try:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError
        return Rating.of(value)
    except (TypeError, ValueError):
        wrong("rating")


def kind_of(it: Fields, kind: Kind | None) -> Kind | None:
    """The result's kind; None for what is no title (a search may find people as well), or not of `kind`."""
    said = it.get("media_type", kind)
    if not isinstance(said, str) or said not in {"movie", "tv"} or kind not in {None, said}:
        return None
    return Kind(said)


def ref_of(kind: Kind, it: Fields) -> TitleRef:
    """The title that a result is about."""
    return TitleRef(kind, whole(it, "id", 1, MOST_ID))


# ── What is sent ─────────────────────────────────────────────────────────────────────────────────────────────────


def checked(number: int) -> int:
    """A page's number. Raises Refused for one that no server has."""
    if not 1 <= number <= MOST_PAGES:
        raise Refused(f"Pages are numbered from 1 to {MOST_PAGES}.")
    return number


def query(words: str) -> str:
    """What to search for, fit to be sent; empty where nothing is left to search for."""
    return clean(words)[:MOST_QUERY]


def nothing(number: int) -> Page:
    """The page of a search for nothing."""
    return Page((), checked(number), 0, 0)


# ── JSON ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def parsed(body: bytes) -> object:
    """The body's JSON, strictly."""
    try:
        said: object = json.loads(body.decode("utf-8"), parse_constant=wrong)
    except (ValueError, RecursionError) as error:
        raise Passing("The answer is not JSON.") from error
    return said


def sentence(body: bytes, name: str) -> str:
    """What the server says was wrong, in the field `name`, fit to be shown; empty if it doesn't say."""
    try:
        said = parsed(body)
    except BackendDown:
        return ""
    return text(said, name) if isinstance(said, dict) else ""


def seconds(retry_after: str) -> float:
    """A Retry-After header, which is seconds or a date: from 1 to MOST_WAIT seconds."""
    try:
        wait = float(retry_after)
    except ValueError:
        try:
            until = parsedate_to_datetime(retry_after)
            wait = (until.astimezone(UTC) - datetime.now(UTC)).total_seconds()
        except (ValueError, OverflowError):
            return 1.0
    return 1.0 if math.isnan(wait) else min(max(wait, 1.0), MOST_WAIT)


def wrong(what: str) -> NoReturn:
    """Raise Passing: the answer is cut off, somebody else's, or of a server that is not what it says it is."""
    raise Passing(f"The answer is not as the contract says: {what}")


def fields(said: object) -> Fields:
    """An object, which must be one."""
    if not isinstance(said, dict):
        wrong("no object")
    return said


def within(it: Fields, name: str) -> Fields:
    """The object that the field `name` is; empty where it is none."""
    inner = it.get(name)
    return inner if isinstance(inner, dict) else {}


def items(it: Fields, name: str) -> list[Any]:
    """The list that the field `name` is; empty where it is none."""
    inner = it.get(name)
    return inner if isinstance(inner, list) else []


def dicts(it: Fields, name: str) -> list[Fields]:
    """The objects in a list."""
    return [one for one in items(it, name) if isinstance(one, dict)]


def text(it: Fields, name: str) -> str:
    """A text, cleaned; empty where there is none."""
    return cleaned(it.get(name))


def cleaned(words: object) -> str:
    """A text, cleaned, and cut to what anybody reads; empty where it is none."""
    return clean(words[:2000]) if isinstance(words, str) else ""


def matching(it: Fields, name: str, pattern: regex.Pattern[str]) -> str | None:
    """A text that is wholly as `pattern` says."""
    words = it.get(name)
    return words if isinstance(words, str) and pattern.fullmatch(words) else None


def whole(it: Fields, name: str, least: int, most: int) -> int:
    """A whole number that must be there."""
    value = number(it, name, least, most)
    return wrong(name) if value is None else value


def number(it: Fields, name: str, least: int, most: int) -> int | None:
    """A whole number, if there is one."""
    return _whole(it.get(name), least, most)


def wholes(it: Fields, name: str) -> tuple[int, ...]:
    """The ids in a list."""
    return tuple(one for one in items(it, name) if _whole(one, 0, MOST_ID) is not None)


def day(it: Fields, name: str) -> str | None:
    """A date that there is, ISO 8601."""
    words = matching(it, name, _DATE)
    try:
        date.fromisoformat(words or "")
    except ValueError:
        return None
    return words


def _whole(value: object, least: int, most: int) -> int | None:
    # True is an int, too.
    return value if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most else None


def _genre_ids(it: Fields, genres: list[Fields]) -> tuple[int, ...]:
    ids = items(it, "genre_ids") or [one.get("id") for one in genres]
    return tuple(one for one in ids if _whole(one, 0, MOST_ID) is not None)


def _vote(it: Fields) -> float | None:
    value = it.get("vote_average")
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 10:
        return float(value)
    return None
