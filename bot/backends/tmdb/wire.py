"""What TMDB answers, read into the model. No I/O.

Shapes: https://developer.themoviedb.org/reference. What is common with the account API is in `bot.backends.reading`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Final, TypeVar

import regex

from bot.backends import reading
from bot.backends.reading import Fields, Passing
from bot.core.backend import MOST_PAGES, PAGE_SIZE
from bot.core.errors import BackendDown, KeyRefused, MarqueeError, NotApproved, RateLimited, Refused, SessionEnded
from bot.core.model import MOST_ID, Account, Kind, Page, Session, Title, TitleRef

if TYPE_CHECKING:
    from bot.backends.client import Answer

T = TypeVar("T")

NAME: Final = "TMDB"
MOST_CAST: Final = 5
_HALF: Final = PAGE_SIZE // 2

DONE: Final = frozenset({1, 8, 12, 13})
"""Success; there already; updated; deleted."""
GONE: Final = 21
"""There is nothing (any more) to take away."""

# TMDB's own status codes, where they say more than the HTTP status does, or come with 200:
# https://developer.themoviedb.org/docs/errors
_STATUS_OF: Final = {
    **dict.fromkeys((3, 7, 10, 14, 16, 17, 30, 31, 32, 33, 35, 36, 38, 39), 401),
    **dict.fromkeys((6, 34, 37), 404),
    **dict.fromkeys((5, 18, 20, 22, 23, 26, 27, 28, 29, 41, 47), 400),
    **dict.fromkeys((11, 15, 44), 500),
    **dict.fromkeys((9, 46), 503),
    45: 403,
    25: 429,
    43: 502,
    24: 504,
    **dict.fromkeys((*DONE, GONE, 40), 200),
}
_OF_THE_KEY: Final = frozenset({7, 10, 36})
"""Invalid, suspended, without the right to write."""
_OF_THE_TITLE: Final = frozenset({38, 39})
"""No permission for this one thing."""

_OF_THE_SIGN_IN: Final = frozenset({33, 41})
"""The request token has expired, was used, or never was; or nobody has approved it."""

IMDB_ID: Final = regex.compile(r"tt[0-9]{1,10}")
_SESSION: Final = regex.compile(r"[\x21-\x39\x3b-\x7e]{1,200}")
TOKEN: Final = regex.compile(r"[A-Za-z0-9._~+/=-]{1,2000}")
_LANGUAGE: Final = regex.compile(r"([a-z]{2})(?:[-_]([A-Za-z]{2}))?")
_IMAGES: Final = regex.compile(r"https://(?:[a-z0-9-]+\.)*tmdb\.org/(?:[a-z0-9]+/)*")


@dataclass(frozen=True, slots=True)
class Keys:
    """What a signed-in person's token consists of: the v3 session, and the v4 access token that it was made from."""

    session: str = field(repr=False)
    access: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, token: str) -> Keys:
        """Out of `Session.token`: `<v3 session>:<v4 access token>`, or the first alone. Raises SessionEnded."""
        session, colon, access = token.partition(":")
        if not _SESSION.fullmatch(session) or (colon and not TOKEN.fullmatch(access)):
            raise SessionEnded
        return cls(session, access or None)

    @property
    def token(self) -> str:
        """As `Session.token`."""
        return self.session if self.access is None else f"{self.session}:{self.access}"


def decipher(
    status: int, body: bytes, retry_after: str = "", *, personal: bool = False, missing: MarqueeError | None = None
) -> Fields:
    """The one place where a status becomes a value (the body's JSON) or an error.

    `personal`: a session was sent, which 401 then speaks of, unless it says that it means the key. `missing` is what
    404 means where it was asked. TMDB's own code decides before the HTTP status does: 200 may carry `success: false`.
    """
    said = reading.fields(reading.parsed(body)) if status < 300 else _object(body)
    code = reading.number(said, "status_code", 1, 10_000)
    if status in {200, 201} and said.get("success") is not False:
        return said
    if code in _OF_THE_SIGN_IN:
        raise NotApproved
    if code is not None and status not in {429, 500, 502, 503, 504}:
        # An unknown code with 200 and `success: false` is no success.
        status = _STATUS_OF.get(code, 502 if status < 300 else status)
    match status:
        case 200:
            return said if code is not None else reading.wrong("success")
        case 401 if code in _OF_THE_KEY or (code is not None and not personal):
            raise KeyRefused(NAME)
        case 401 if code is not None and code not in _OF_THE_TITLE:
            raise SessionEnded
        # Without TMDB's code it is somebody else's page, and says nothing of the title.
        case 404 if code is not None and missing is not None:
            raise missing
        case 429:
            raise RateLimited(reading.seconds(retry_after))
        case 400 | 401 | 403 | 405 | 406 | 413 | 415 | 422 if code is not None:
            raise Refused(reading.text(said, "status_message") or f"status {status}")
        case 500 | 502 | 503 | 504:
            raise Passing(f"status {status}", reading.seconds(retry_after) if retry_after else None)
        case _:
            raise BackendDown(f"status {status}")


def reader(
    read: Callable[[Fields], T], *, personal: bool = False, missing: MarqueeError | None = None
) -> Callable[[Answer], T]:
    """What makes an answer into a value, by `decipher` and then by `read`."""

    def made_of(answer: Answer) -> T:
        said = decipher(answer.status, answer.body, answer.retry_after, personal=personal, missing=missing)
        return read(said)

    return made_of


def path(ref: TitleRef) -> str:
    """Where a title is."""
    return f"/3/{ref.kind.value}/{ref.id}"


# ── Accounts ─────────────────────────────────────────────────────────────────────────────────────────────────────


def account(said: Fields) -> Account:
    """`GET /3/account`."""
    return reading.account(said)


def request_token(said: Fields) -> str:
    """`POST /4/auth/request_token`."""
    return _secret(said, "request_token", TOKEN)


def access_token(said: Fields) -> str:
    """`POST /4/auth/access_token`."""
    return _secret(said, "access_token", TOKEN)


def v3_session(said: Fields) -> str:
    """`POST /3/authentication/session/convert/4`."""
    return _secret(said, "session_id", _SESSION)


def session(found: Account, keys: Keys) -> Session:
    """A person's session, once it is known whose it is."""
    return Session(found.id, keys.token, found.name)


def confirm(said: Fields, *, removes: bool = False) -> None:
    """That a write was done is only believed when TMDB says so. What was so already counts as done.

    `removes`: it takes something away, so that nothing being there is as good.
    """
    code = reading.number(said, "status_code", 1, 10_000)
    if code not in DONE and not (removes and code == GONE):
        reading.wrong("status_code")


def succeeded(said: Fields) -> None:
    """Of an answer that has nothing but this to say."""
    if said.get("success") is not True:
        reading.wrong("success")


# ── Titles ───────────────────────────────────────────────────────────────────────────────────────────────────────


def language(words: str) -> str:
    """ISO 639-1, with a country where one was given, as TMDB wants it: `de`, `de-AT`. English for nonsense."""
    found = _LANGUAGE.fullmatch(words)
    if found is None:
        return "en"
    return f"{found[1]}-{found[2].upper()}" if found[2] else str(found[1])


def page(said: Fields, kind: Kind | None, number: int) -> Page:
    """A page of a person's list."""
    found = reading.page(said, kind, number, reading.title)
    # TMDB has a first page of nothing, and counts pages that it doesn't show.
    pages = min(found.total_pages, MOST_PAGES) if found.total_results else 0
    return replace(found, total_pages=pages)


def listing(said: Fields, kind: Kind | None, number: int) -> Page:
    """A page of what anybody may see: titles alone, and none for adults."""
    results = [one for one in reading.dicts(said, "results") if one.get("adult") is not True]
    return page({**said, "results": results} if isinstance(said.get("results"), list) else said, kind, number)


def found(said: Fields, kind: Kind | None, number: int) -> Page:
    """A page of a search: titles alone, and none for adults. Where one page is all, only they are counted."""
    read = listing(said, kind, number)
    if number > 1 or read.total_pages > 1:
        return read
    return replace(read, total_pages=min(len(read.results), 1), total_results=len(read.results))


def halved(number: int) -> int:
    """Which page of each kind a mixed page takes its half from."""
    return (number + 1) // 2


def mixed(films: Page, series: Page, number: int) -> Page:
    """A page out of two searches' pages `halved(number)`, by turns: of either the first ten or the last.

    What fits on one page is on one.
    """
    total = films.total_results + series.total_results
    longest, each = max(films.total_results, series.total_results), _HALF
    if total <= PAGE_SIZE:
        longest, each = min(longest, 1), PAGE_SIZE if number == 1 else 0
    first = (number - 1) % 2 * _HALF
    by_turns = chain.from_iterable(zip_longest(*(of.results[first : first + each] for of in (films, series))))
    return Page(
        results=tuple(listed for listed in by_turns if listed is not None),
        page=number,
        total_pages=min(-(-longest // _HALF), MOST_PAGES),
        total_results=total,
    )


def title(said: Fields, ref: TitleRef) -> Title:
    """`GET /3/movie/{id}` with credits, or `/3/tv/{id}` with credits and external ids."""
    people = reading.within(said, "credits")
    cast = sorted(reading.dicts(people, "cast"), key=lambda one: reading.number(one, "order", 0, MOST_ID) or 0)
    directors = [one for one in reading.dicts(people, "crew") if one.get("job") == "Director"]
    makers = directors if ref.kind is Kind.MOVIE else reading.dicts(said, "created_by")
    if ref.kind is Kind.TV:
        said = {**said, "imdb_id": reading.within(said, "external_ids").get("imdb_id"), "runtime": _episode(said)}
    return replace(reading.title(said, ref), makers=_names(makers), cast=_names(cast)[:MOST_CAST])


def by_imdb(said: Fields) -> TitleRef | None:
    """`GET /3/find/{imdb_id}`: the film or series of that id, if it is one's."""
    for name, kind in (("movie_results", Kind.MOVIE), ("tv_results", Kind.TV)):
        for one in reading.dicts(said, name):
            return reading.ref_of(kind, one)
    return None


def image_base(said: Fields) -> str:
    """`GET /3/configuration`: in front of a size and a path. Nobody but TMDB is believed to keep TMDB's pictures."""
    base = reading.matching(reading.within(said, "images"), "secure_base_url", _IMAGES)
    return reading.wrong("secure_base_url") if base is None else base


def _object(body: bytes) -> Fields:
    """The status object of an error; empty where a proxy says it in its own way."""
    try:
        return reading.fields(reading.parsed(body))
    except BackendDown:
        return {}


def _secret(said: Fields, name: str, pattern: regex.Pattern[str]) -> str:
    value = reading.matching(said, name, pattern)
    return reading.wrong(name) if value is None else value


def _episode(said: Fields) -> int | None:
    """Minutes of a usual episode. Of many a series TMDB has only the last one's."""
    usual = {"usual": next(iter(reading.items(said, "episode_run_time")), None)}
    last = reading.within(said, "last_episode_to_air")
    return reading.number(usual, "usual", 1, 100_000) or reading.number(last, "runtime", 1, 100_000)


def _names(people: Iterable[Fields]) -> tuple[str, ...]:
    """Each once, in order: somebody may have directed two parts, or play two."""
    return tuple(dict.fromkeys(name for one in people if (name := reading.text(one, "name"))))
