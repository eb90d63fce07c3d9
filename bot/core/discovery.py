"""What a catalogue may know beyond a list's line: a card's details, seasons, people, services, and what to look for.

Each value checks itself when it is made and raises ValueError. Countries are ISO 3166-1 (`DE`), languages ISO 639-1,
dates ISO 8601, running times minutes. Shapes follow TMDB: https://developer.themoviedb.org/reference
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import regex

from bot.core.model import MOST_ID

if TYPE_CHECKING:
    from bot.core.model import Page, Title

MOST_SEASON: Final = 10_000
"""Soaps number their seasons by years."""
MOST_RUNTIME: Final = 100_000
MOST_RATING: Final = 20
"""Characters of an age rating."""

COUNTRY: Final = regex.compile(r"[A-Z]{2}")
LANGUAGE: Final = regex.compile(r"[a-z]{2}")
VIDEO_KEY: Final = regex.compile(r"[A-Za-z0-9_-]{5,32}")
WATCH_PAGE: Final = regex.compile(r"https://www\.themoviedb\.org/[A-Za-z0-9/_?=&%.-]{1,300}")
PICTURE: Final = regex.compile(r"/[A-Za-z0-9_-]{1,100}\.(?:jpg|png|webp)")


class Window(StrEnum):
    """Over how long something is trending. The value is TMDB's."""

    DAY = "day"
    WEEK = "week"


class Status(StrEnum):
    """Where a title stands. The value is TMDB's word."""

    RUMORED = "Rumored"
    PLANNED = "Planned"
    PILOT = "Pilot"
    IN_PRODUCTION = "In Production"
    POST_PRODUCTION = "Post Production"
    RELEASED = "Released"
    RETURNING = "Returning Series"
    ENDED = "Ended"
    CANCELED = "Canceled"


@dataclass(frozen=True, slots=True)
class Provider:
    """A service that streams, rents or sells, by TMDB's (JustWatch's) number."""

    id: int
    name: str

    def __post_init__(self) -> None:
        _check(1 <= self.id <= MOST_ID, "a service's id", self.id)
        _check(bool(self.name), "a service's name", self.name)


@dataclass(frozen=True, slots=True)
class Offers:
    """Where a title can be seen in one country, by JustWatch, who must be named. The first are the most usual.

    `stream`: with a subscription, free, or with advertisements. `link`: the page at TMDB that leads to each of them.
    """

    country: str
    stream: tuple[Provider, ...] = ()
    rent: tuple[Provider, ...] = ()
    buy: tuple[Provider, ...] = ()
    link: str | None = None

    def __post_init__(self) -> None:
        _check(COUNTRY.fullmatch(self.country) is not None, "a country", self.country)
        _check(self.link is None or WATCH_PAGE.fullmatch(self.link) is not None, "an address at TMDB", self.link)


@dataclass(frozen=True, slots=True)
class Certification:
    """An age rating in one country, as it is written there: `16`, `PG-13`."""

    country: str
    rating: str

    def __post_init__(self) -> None:
        _check(COUNTRY.fullmatch(self.country) is not None, "a country", self.country)
        _check(0 < len(self.rating) <= MOST_RATING, "an age rating", self.rating)


@dataclass(frozen=True, slots=True)
class Trailer:
    """A trailer on YouTube, and in which language it is, where that is known."""

    key: str
    language: str | None = None

    def __post_init__(self) -> None:
        _check(VIDEO_KEY.fullmatch(self.key) is not None, "a video's key", self.key)
        _check(self.language is None or LANGUAGE.fullmatch(self.language) is not None, "a language", self.language)

    @property
    def address(self) -> str:
        """Where it is watched."""
        return f"https://www.youtube.com/watch?v={self.key}"


@dataclass(frozen=True, slots=True)
class Episode:
    """An episode of a series. Specials are season 0."""

    season: int
    number: int
    name: str = ""
    air_date: str | None = None
    runtime: int | None = None

    def __post_init__(self) -> None:
        _check(0 <= self.season <= MOST_SEASON, "a season's number", self.season)
        _check(0 <= self.number <= MOST_ID, "an episode's number", self.number)
        _check_date(self.air_date)
        _check(self.runtime is None or 1 <= self.runtime <= MOST_RUNTIME, "minutes", self.runtime)


@dataclass(frozen=True, slots=True)
class Season:
    """A season of a series. A card names it without its `episodes`, of which it only has the `count`."""

    number: int
    name: str = ""
    episodes: tuple[Episode, ...] = ()
    count: int = 0
    air_date: str | None = None
    """Of the first episode."""

    def __post_init__(self) -> None:
        _check(0 <= self.number <= MOST_SEASON, "a season's number", self.number)
        _check(len(self.episodes) <= self.count <= MOST_ID, "a number of episodes", self.count)
        _check_date(self.air_date)


@dataclass(frozen=True, slots=True)
class Details:
    """What only a title's own card has. All of it may be missing."""

    certifications: tuple[Certification, ...] = ()
    """One for each country."""
    trailer: Trailer | None = None
    """In the asked language, else the original's, else another."""
    offers: tuple[Offers, ...] = ()
    """One for each country."""
    status: Status | None = None
    season_count: int | None = None
    """Without specials, as `episode_count`."""
    episode_count: int | None = None
    seasons: tuple[Season, ...] = ()
    """By number, season 0 (specials) last."""
    last_episode: Episode | None = None
    next_episode: Episode | None = None
    recommended: Page | None = None
    """The first page of what those like who like it; None where nobody was asked."""
    similar: Page | None = None
    """The first page of what is like it."""

    def __post_init__(self) -> None:
        for many in (self.season_count, self.episode_count):
            _check(many is None or 0 <= many <= MOST_ID, "a number of seasons or episodes", many)

    def certification(self, country: str) -> str | None:
        """The age rating there, as it is written there."""
        return next((one.rating for one in self.certifications if one.country == country), None)

    def offered(self, country: str) -> Offers | None:
        """Where it can be seen there; None where it can't."""
        return next((one for one in self.offers if one.country == country), None)


@dataclass(frozen=True, slots=True)
class Star:
    """Somebody who makes films or plays in them, and the titles that he or she is best known for.

    `department` is TMDB's English word for what somebody mostly does: `Acting`, `Directing`; empty where not known.
    """

    id: int
    name: str
    department: str = ""
    profile_path: str | None = None
    known_for: tuple[Title, ...] = ()

    def __post_init__(self) -> None:
        _check(1 <= self.id <= MOST_ID, "a person's id", self.id)
        _check(bool(self.name), "a person's name", self.name)
        _check(self.profile_path is None or PICTURE.fullmatch(self.profile_path) is not None, "a picture's path", "")


@dataclass(frozen=True, slots=True)
class People:
    """One page of people. `total_results` counts all."""

    results: tuple[Star, ...]
    page: int
    total_pages: int
    total_results: int


@dataclass(frozen=True, slots=True)
class Filters:
    """What to discover; nothing set lets everything through.

    `genres`: TMDB's numbers (`bot.core.genres`), all of which a title must have. `max_runtime`: minutes, of a series'
    episode. `decade`: its first year. `providers`: on any of which it streams, in `country`, which must be given then.
    """

    genres: tuple[int, ...] = ()
    max_runtime: int | None = None
    decade: int | None = None
    providers: tuple[int, ...] = ()
    country: str | None = None

    def __post_init__(self) -> None:
        for number in (*self.genres, *self.providers):
            _check(1 <= number <= MOST_ID, "a genre's or a service's id", number)
        _check(self.max_runtime is None or 1 <= self.max_runtime <= MOST_RUNTIME, "minutes", self.max_runtime)
        _check(
            self.decade is None or (1870 <= self.decade <= 2200 and self.decade % 10 == 0),
            "a decade's first year",
            self.decade,
        )
        _check(self.country is None or COUNTRY.fullmatch(self.country) is not None, "a country", self.country)
        _check(not self.providers or self.country is not None, "a country for services", self.country)


def _check(holds: bool, what: str, value: object) -> None:
    if not holds:
        raise ValueError(f"not {what}: {value!r}")


def _check_date(day: str | None) -> None:
    if day is not None:
        try:
            _check(date.fromisoformat(day).isoformat() == day, "a date", day)
        except ValueError:
            _check(False, "a date", day)
