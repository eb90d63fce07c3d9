"""The values that everything speaks in; each checks itself when it is made.

Names follow TMDB: a *title* is a movie or a TV series, a *section* is one of an account's lists.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from bot.core.discovery import Details

MOST_ID: Final = 2**31 - 1
"""TMDB's ids are 32-bit; anything larger is no title's id and would not fit SQLite's integers for long."""


class Kind(StrEnum):
    """What a title is. The value is the word that TMDB and the account API use."""

    MOVIE = "movie"
    TV = "tv"


class Section(StrEnum):
    """One of an account's lists, by its name in list paths."""

    FAVORITES = "favorites"
    WATCHLIST = "watchlist"
    RATED = "rated"


class Order(StrEnum):
    """How a list is sorted, by when the title came onto it. The value is TMDB's `sort_by`."""

    NEWEST = "created_at.desc"
    OLDEST = "created_at.asc"


@dataclass(frozen=True, slots=True, order=True)
class TitleRef:
    """A title by kind and TMDB id (1 to 2**31 - 1): 1396 is a film and a series, so an id alone names none."""

    kind: Kind
    id: int

    def __post_init__(self) -> None:
        if not 1 <= self.id <= MOST_ID:
            raise ValueError(f"a title's id is from 1 to {MOST_ID}, not {self.id}")


@dataclass(frozen=True, slots=True, order=True)
class Rating:
    """A rating in half points: `halves` from 1 (0.5) to 20 (10)."""

    halves: int

    def __post_init__(self) -> None:
        if not 1 <= self.halves <= 20:
            raise ValueError(f"a rating has 1 to 20 half points, not {self.halves}")

    @classmethod
    def of(cls, value: float) -> Self:
        """The rating of `value` points, 0.5 to 10 in steps of 0.5; ValueError for anything else."""
        halves = value * 2
        if halves != halves or not 1 <= halves <= 20 or halves != int(halves):
            raise ValueError(f"a rating is 0.5 to 10 in steps of 0.5, not {value}")
        return cls(int(halves))

    @property
    def value(self) -> float:
        """In points, as the account API carries it: 8.5."""
        return self.halves / 2

    def __str__(self) -> str:
        whole, half = divmod(self.halves, 2)
        return f"{whole}.5" if half else str(whole)


EVERY_RATING: Final = tuple(Rating(halves) for halves in range(1, 21))


@dataclass(frozen=True, slots=True)
class Title:
    """A film or series. Lists and searches give the first line of fields, a card has all that is known."""

    ref: TitleRef
    name: str
    year: int | None = None
    original_name: str | None = None
    genres: tuple[str, ...] = ()
    runtime: int | None = None
    """Minutes; of a series, a usual episode's."""
    makers: tuple[str, ...] = ()
    """Directors of a film, creators of a series."""
    cast: tuple[str, ...] = ()
    imdb_id: str | None = None
    poster_path: str | None = None
    release_date: str | None = None
    """ISO 8601; a series' first episode."""
    genre_ids: tuple[int, ...] = ()
    """TMDB's, in the order of `genres` where both are known."""
    original_language: str | None = None
    """TMDB's code: ISO 639-1, and `cn` for Cantonese."""
    vote_average: float | None = None
    """Of TMDB's voters, 0 to 10."""
    vote_count: int | None = None
    overview: str | None = None
    """What it is about, on one line: in the asked language, else the original's."""
    details: Details | None = None
    """Of a card, where the catalogue has more to say; None in lists."""
    adult: bool = False
    """For adults alone: it is shown to nobody whose account doesn't ask for such titles."""
    bare: bool = False
    """Only its number is known: the catalogue does not have it, though an account may."""

    def streams(self, country: str, services: Collection[int]) -> bool:
        """Whether one of these services (TMDB's numbers) streams it in that country, as far as its card says."""
        offers = self.details.offered(country) if self.details is not None else None
        return offers is not None and any(one.id in services for one in offers.stream)


@dataclass(frozen=True, slots=True)
class Listed:
    """A title as a list shows it: with the asker's own rating, where the service tells it."""

    title: Title
    rating: Rating | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list or search. `total_results` counts the whole list."""

    results: tuple[Listed, ...]
    page: int
    total_pages: int
    total_results: int


@dataclass(frozen=True, slots=True)
class TitleState:
    """What one account says of one title: the whole of it, so that Undo can go back to it."""

    rating: Rating | None = None
    watchlist: bool = False
    favorite: bool = False


@dataclass(frozen=True, slots=True)
class Among:
    """What the people in a group say of a title, counted. `mean`: of their ratings, in points.

    `wanted_by` and `rated_by` name those of them who let their names be shown there.
    """

    wanting: int = 0
    rated: int = 0
    mean: float | None = None
    wanted_by: tuple[str, ...] = ()
    rated_by: tuple[tuple[str, Rating], ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody's account with a service."""

    id: int
    name: str
    username: str
    language: str = "en"
    """ISO 639-1."""
    country: str = "US"
    """ISO 3166-1."""
    include_adult: bool = False
    """Whether it asks for titles for adults."""
    gravatar: str = ""
    """Gravatar's hash of the avatar."""


@dataclass(frozen=True, slots=True)
class Session:
    """The right to act on an account. The token is a secret: it is not shown by `repr`."""

    account_id: int
    token: str = field(repr=False)
    account_name: str = ""
