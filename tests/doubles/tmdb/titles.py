"""The films, series and people that the double knows: the bundled facts, and what TMDB has beside them."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final, Literal

FACTS: Final = Path(__file__).parents[3] / "bot" / "backends" / "catalogue" / "facts.json"
Kind = Literal["movie", "tv"]

GERMAN: Final[dict[tuple[Kind, int], str]] = {
    ("movie", 238): "Der Pate",
    ("movie", 274): "Das Schweigen der Lämmer",
    ("movie", 105): "Zurück in die Zukunft",
    ("movie", 278): "Die Verurteilten",
    ("movie", 578): "Der weiße Hai",
    ("movie", 194): "Die fabelhafte Welt der Amélie",
}
"""Names in German; all others stay as they are."""

COUNTRIES: Final = {
    "en": "US", "ja": "JP", "fr": "FR", "it": "IT", "de": "DE", "ko": "KR", "es": "ES", "sv": "SE", "ru": "RU",
    "cn": "HK", "hi": "IN", "zh": "CN", "da": "DK", "pt": "BR", "fa": "IR", "sr": "RS", "ro": "RO", "nl": "NL",
    "th": "TH", "no": "NO", "tr": "TR", "ar": "LB",
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Somebody who made or played in a title."""

    id: int
    name: str
    department: str

    @cached_property
    def popularity(self) -> float:
        """Made up, and always the same."""
        return _number(self.name, 3000) / 100

    @cached_property
    def profile_path(self) -> str | None:
        """A picture's path; one in eleven has none."""
        return _picture(f"face {self.name}", one_in=11)


@dataclass(frozen=True)
class Title:
    """A film or a series. `date` is empty where TMDB knows none; `runtime` is in minutes."""

    kind: Kind
    id: int
    name: str
    original_name: str
    date: str
    runtime: int
    genres: tuple[tuple[int, str], ...]
    language: str
    makers: tuple[Person, ...] = ()
    cast: tuple[Person, ...] = ()
    imdb_id: str | None = None
    adult: bool = False

    @property
    def key(self) -> tuple[Kind, int]:
        """What tells it from all others: a film and a series may have the same number."""
        return self.kind, self.id

    @cached_property
    def country(self) -> str:
        """Where it comes from."""
        return COUNTRIES[self.language]

    @cached_property
    def poster_path(self) -> str | None:
        """Its poster; one in twenty has none."""
        return _picture(f"{self.kind} {self.id}", one_in=20)

    @cached_property
    def backdrop_path(self) -> str | None:
        """Its wide picture; one in ten has none."""
        return _picture(f"wide {self.kind} {self.id}", one_in=10)

    @cached_property
    def popularity(self) -> float:
        """Made up, and always the same."""
        return (100 + _number(f"{self.kind} {self.id}", 9900)) / 100

    @cached_property
    def vote_average(self) -> float:
        """Made up, from 5 to 9."""
        return (5000 + _number(f"votes {self.kind} {self.id}", 4000)) / 1000

    @cached_property
    def vote_count(self) -> int:
        """Made up."""
        return 100 + _number(f"count {self.kind} {self.id}", 30_000)

    def overview(self, language: str | None) -> str:
        """A sentence that says nothing about it; empty where nobody has written one in this language, as on TMDB."""
        match (language or "en").partition("-")[0]:
            case "en":
                return f"What {self.name} is about."
            case "de" if self.key in GERMAN:
                return f"Worum es in „{GERMAN[self.key]}“ geht."
            case _:
                return ""

    def named(self, language: str | None) -> str:
        """Its name in a language: German where we know one, else English."""
        if (language or "").partition("-")[0] == "de":
            return GERMAN.get(self.key, self.name)
        return self.name


def _number(of: str, below: int) -> int:
    return zlib.crc32(of.encode()) % below


def _picture(of: str, one_in: int) -> str | None:
    number = zlib.crc32(of.encode())
    return None if number % one_in == 0 else f"/{number:08x}.jpg"


@cache
def load() -> tuple[Title, ...]:
    """The bundled facts as titles, and four of our own: two for adults, and two under the same number."""
    people: dict[str, Person] = {}

    def person(name: str, department: str) -> Person:
        return people.setdefault(name, Person(500_000 + len(people), name, department))

    facts: list[dict[str, Any]] = json.loads(FACTS.read_text("utf-8"))
    read = [
        Title(
            kind=fact["kind"],
            id=fact["tmdb_id"],
            name=fact["title"],
            original_name=fact.get("original_title", fact["title"]),
            date=fact.get("release_date", ""),
            runtime=fact["runtime"],
            genres=tuple(zip(fact["genre_ids"], fact["genres"], strict=True)),
            language=fact["original_language"],
            makers=tuple(
                person(name, "Directing" if fact["kind"] == "movie" else "Writing")
                for name in fact.get("director") or fact.get("creator") or []
            ),
            cast=tuple(person(name, "Acting") for name in fact["cast"]),
            imdb_id=fact["imdb_id"],
        )
        for fact in facts
    ]
    return (*read, *_OWN)


_OWN: Final = (
    Title("movie", 9_000_001, "Red Velvet After Midnight", "Red Velvet After Midnight", "2001-02-03", 90,
          ((18, "Drama"),), "en", adult=True),
    Title("tv", 9_000_002, "Red Velvet Stories", "Red Velvet Stories", "2002-03-04", 30, ((18, "Drama"),), "en",
          adult=True),
    Title("movie", 9_000_003, "A Film Nobody Dated", "A Film Nobody Dated", "", 0, (), "en"),
    Title("tv", 550, "Number Five Hundred and Fifty", "Number Five Hundred and Fifty", "2010-10-10", 45,
          ((18, "Drama"),), "en"),
)  # fmt: skip
"""For adults; without a date, running time, genre, poster or people; a series with the number of Fight Club."""
