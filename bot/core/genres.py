"""TMDB's genres of films and series by number, and their English names, which are what is translated when shown.

https://developer.themoviedb.org/reference/genre-movie-list and …/genre-tv-list
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import Final

from bot.core.model import Kind


class Genre(IntEnum):
    """A genre by TMDB's number. `english` is its name, a key of the translations."""

    ACTION = 28
    ACTION_AND_ADVENTURE = 10759
    ADVENTURE = 12
    ANIMATION = 16
    COMEDY = 35
    CRIME = 80
    DOCUMENTARY = 99
    DRAMA = 18
    FAMILY = 10751
    FANTASY = 14
    HISTORY = 36
    HORROR = 27
    KIDS = 10762
    MUSIC = 10402
    MYSTERY = 9648
    NEWS = 10763
    REALITY = 10764
    ROMANCE = 10749
    SCI_FI_AND_FANTASY = 10765
    SCIENCE_FICTION = 878
    SOAP = 10766
    TALK = 10767
    THRILLER = 53
    TV_MOVIE = 10770
    WAR = 10752
    WAR_AND_POLITICS = 10768
    WESTERN = 37

    @property
    def english(self) -> str:
        """`Action & Adventure`."""
        return _ODD.get(self) or self.name.replace("_AND_", " & ").replace("_", " ").title()


_ODD: Final[Mapping[Genre, str]] = {Genre.SCI_FI_AND_FANTASY: "Sci-Fi & Fantasy", Genre.TV_MOVIE: "TV Movie"}

MOVIE_GENRES: Final = (
    Genre.ACTION,
    Genre.ADVENTURE,
    Genre.ANIMATION,
    Genre.COMEDY,
    Genre.CRIME,
    Genre.DOCUMENTARY,
    Genre.DRAMA,
    Genre.FAMILY,
    Genre.FANTASY,
    Genre.HISTORY,
    Genre.HORROR,
    Genre.MUSIC,
    Genre.MYSTERY,
    Genre.ROMANCE,
    Genre.SCIENCE_FICTION,
    Genre.TV_MOVIE,
    Genre.THRILLER,
    Genre.WAR,
    Genre.WESTERN,
)
TV_GENRES: Final = (
    Genre.ACTION_AND_ADVENTURE,
    Genre.ANIMATION,
    Genre.COMEDY,
    Genre.CRIME,
    Genre.DOCUMENTARY,
    Genre.DRAMA,
    Genre.FAMILY,
    Genre.KIDS,
    Genre.MYSTERY,
    Genre.NEWS,
    Genre.REALITY,
    Genre.SCI_FI_AND_FANTASY,
    Genre.SOAP,
    Genre.TALK,
    Genre.WAR_AND_POLITICS,
    Genre.WESTERN,
)
GENRES_OF: Final[Mapping[Kind, tuple[Genre, ...]]] = MappingProxyType({Kind.MOVIE: MOVIE_GENRES, Kind.TV: TV_GENRES})
"""Those that each kind has, in the order in which they are offered."""
GENRE_WORDS: Final[Mapping[str, Genre]] = MappingProxyType(
    {
        **{genre.english.lower(): genre for genre in Genre},
        "abenteuer": Genre.ADVENTURE,
        "komödie": Genre.COMEDY,
        "krimi": Genre.CRIME,
        "doku": Genre.DOCUMENTARY,
        "dokumentarfilm": Genre.DOCUMENTARY,
        "familie": Genre.FAMILY,
        "historie": Genre.HISTORY,
        "kinder": Genre.KIDS,
        "musik": Genre.MUSIC,
        "nachrichten": Genre.NEWS,
        "liebesfilm": Genre.ROMANCE,
        "science-fiction": Genre.SCIENCE_FICTION,
        "kriegsfilm": Genre.WAR,
    }
)
"""What people type for them, in lower case."""
