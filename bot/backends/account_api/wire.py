"""What a server of the account API answers, read into the model. No I/O.

The server may be anybody's: see `bot.backends.reading`, of which this is what the account API has of its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import regex

from bot.backends import reading
from bot.backends.reading import Fields, Passing
from bot.core.errors import BackendDown, MarqueeError, RateLimited, Refused, SessionEnded
from bot.core.model import MOST_ID, Kind, Page, Session, Title, TitleRef

TOKEN: Final = regex.compile(r"[\x21-\x7e]{1,2000}")
"""What fits into a header."""


def decipher(status: int, body: bytes, *, missing: MarqueeError | None = None, retry_after: str = "") -> object:
    """The one place where a status becomes a value (the body's JSON) or an error.

    `missing` is what 404 means where it was asked: no such title, or an extension that the server lacks.
    """
    match status:
        case 200 | 201:
            return reading.parsed(body)
        case 401:
            raise SessionEnded
        case 404 | 405 | 501 if missing is not None:
            raise missing
        case 429:
            raise RateLimited(reading.seconds(retry_after))
        case 400 | 403 | 409 | 413 | 415 | 422:
            raise Refused(reading.sentence(body, "error") or f"status {status}")
        case 500 | 502 | 503 | 504:
            raise Passing(f"status {status}", reading.seconds(retry_after) if retry_after else None)
        case _:
            raise BackendDown(f"status {status}")


def session(said: object, name: str) -> Session:
    """`POST /api/session`."""
    it = reading.fields(said)
    token = reading.matching(it, "token", TOKEN)
    if token is None:
        reading.wrong("token")
    return Session(reading.whole(it, "account_id", 0, reading.MOST_ACCOUNT), token, name)


def page(said: object, kind: Kind | None, number: int) -> Page:
    """A page of a list or search of `kind` (None: of both, and each result must say its own)."""
    return reading.page(said, kind, number, _described)


def title(said: object, ref: TitleRef) -> Title:
    """The title asked for: a result, or all that is known."""
    return _described(reading.fields(said), ref)


def ref(said: object) -> TitleRef:
    """`GET /api/find/{imdb_id}`."""
    it = reading.fields(said)
    kind = reading.kind_of(it, None)
    if kind is None:
        reading.wrong("media_type")
    return TitleRef(kind, reading.whole(it, "id", 1, MOST_ID))


def confirm(said: object, name: str, state: object) -> None:
    """That a write was done is only believed when the server says the state that was asked for."""
    now = reading.fields(said).get(name, ())
    # 1 is equal to True, and says something else.
    if now != state or type(now) is not type(state):
        reading.wrong(name)


def _described(it: Fields, ref: TitleRef) -> Title:
    people = reading.within(it, "credits")
    makers = _names(people, "director" if ref.kind is Kind.MOVIE else "created_by")
    return replace(reading.title(it, ref), makers=makers, cast=_names(people, "cast"))


def _names(it: Fields, name: str) -> tuple[str, ...]:
    return tuple(words for one in reading.items(it, name) if (words := reading.cleaned(one)))
