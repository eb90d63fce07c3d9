"""The endpoints that say what there is: sizes of pictures, countries, languages, genres, age ratings and services."""

from __future__ import annotations

from typing import Final

from tests.doubles.tmdb.titles import COUNTRIES, Kind
from tests.doubles.tmdb.wire import Asked, Endpoint, Json
from tests.doubles.tmdb.world import Tmdb

_COUNTRIES: Final = {"US": ("United States of America", "United States"), "DE": ("Germany", "Germany"),
                     "GB": ("United Kingdom", "United Kingdom"), "FR": ("France", "France"),
                     "JP": ("Japan", "Japan")}  # fmt: skip
_IN_GERMAN: Final = {"US": "Vereinigte Staaten", "DE": "Deutschland", "GB": "Vereinigtes Königreich",
                     "FR": "Frankreich", "JP": "Japan"}  # fmt: skip
LANGUAGES: Final = {"en": ("English", "English"), "de": ("German", "Deutsch"), "fr": ("French", "Français"),
                    "ja": ("Japanese", "日本語"), "cn": ("Cantonese", "广州话 / 廣州話")}  # fmt: skip
PROVIDERS: Final = {8: "Netflix", 2: "Apple TV", 337: "Disney Plus", 10: "Amazon Video"}
_AGES: Final = {
    "movie": {"US": ["NR", "G", "PG", "PG-13", "R", "NC-17"], "DE": ["0", "6", "12", "16", "18"]},
    "tv": {"US": ["NR", "TV-Y", "TV-PG", "TV-14", "TV-MA"], "DE": ["0", "6", "12", "16", "18"]},
}
_GERMAN_GENRES: Final = {12: "Abenteuer", 35: "Komödie", 80: "Krimi", 10751: "Familie", 878: "Science Fiction"}


def configuration(world: Tmdb, asked: Asked) -> Json:
    """Where pictures are and in which sizes. The first key is how a client sees that it is TMDB."""
    sizes = {
        "backdrop_sizes": ["w300", "w780", "w1280", "original"],
        "logo_sizes": ["w45", "w92", "w154", "w185", "w300", "w500", "original"],
        "poster_sizes": ["w92", "w154", "w185", "w342", "w500", "w780", "original"],
        "profile_sizes": ["w45", "w185", "h632", "original"],
        "still_sizes": ["w92", "w185", "w300", "original"],
    }
    roots = {"base_url": "http://image.tmdb.org/t/p/", "secure_base_url": "https://image.tmdb.org/t/p/"}
    return {"images": roots | sizes, "change_keys": ["title", "overview"]}


def _country(code: str, language: str | None) -> Json:
    english, native = _COUNTRIES[code]
    german = (language or "").startswith("de")
    return {"iso_3166_1": code, "english_name": english, "native_name": _IN_GERMAN[code] if german else native}


def countries(world: Tmdb, asked: Asked) -> list[Json]:
    """Countries, with names in the asked language."""
    language = asked.language()
    return [_country(code, language) for code in sorted(_COUNTRIES)]


def languages(world: Tmdb, asked: Asked) -> list[Json]:
    """Languages."""
    return [{"iso_639_1": code, "english_name": english, "name": name} for code, (english, name) in LANGUAGES.items()]


def timezones(world: Tmdb, asked: Asked) -> list[Json]:
    """Time zones by country."""
    return [{"iso_3166_1": "DE", "zones": ["Europe/Berlin", "Europe/Busingen"]}]


def genre_name(number: int, name: str, language: str | None) -> str:
    """A genre's name in a language."""
    return _GERMAN_GENRES.get(number, name) if (language or "").startswith("de") else name


def genres(world: Tmdb, asked: Asked) -> Json:
    """The genres of films, or of series."""
    kind: Kind = "movie" if "/movie/" in asked.path else "tv"
    language = asked.language()
    there = dict(genre for title in world.of_kind(kind) for genre in title.genres)
    return {"genres": [{"id": number, "name": genre_name(number, there[number], language)} for number in sorted(there)]}


def ages(world: Tmdb, asked: Asked) -> Json:
    """The age ratings of each country."""
    return {
        "certifications": {
            country: [
                {"certification": age, "meaning": f"Rated {age}.", "order": order} for order, age in enumerate(ages)
            ]
            for country, ages in _AGES["movie" if "/movie/" in asked.path else "tv"].items()
        }
    }


def regions(world: Tmdb, asked: Asked) -> Json:
    """The countries that services are known for."""
    language = asked.language()
    return {"results": [_country(code, language) for code in ("DE", "US")]}


def logo(number: int) -> str:
    """A service's picture."""
    return f"/logo{number}.jpg"


def providers(world: Tmdb, asked: Asked) -> Json:
    """The services that show films, or series, of a country or of all."""
    asked.language()
    region = asked.text("watch_region")
    if region not in (None, "DE", "US"):
        return {"results": []}
    return {
        "results": [
            {
                "display_priorities": {"DE": order, "US": order + 1},
                "display_priority": order,
                "logo_path": logo(number),
                "provider_name": name,
                "provider_id": number,
            }
            for order, (number, name) in enumerate(PROVIDERS.items())
        ]
    }


def spoken(code: str) -> Json:
    """A language as details name it."""
    english, name = LANGUAGES.get(code, (code, code))
    return {"english_name": english, "iso_639_1": code, "name": name}


def country_named(language: str) -> Json:
    """The country of an original language, as details name it."""
    code = COUNTRIES[language]
    return {"iso_3166_1": code, "name": _COUNTRIES.get(code, (code, code))[0]}


ENDPOINTS: Final = [
    Endpoint("GET", "/3/configuration", configuration),
    Endpoint("GET", "/3/configuration/countries", countries),
    Endpoint("GET", "/3/configuration/languages", languages),
    Endpoint("GET", "/3/configuration/timezones", timezones),
    Endpoint("GET", "/3/genre/movie/list", genres),
    Endpoint("GET", "/3/genre/tv/list", genres),
    Endpoint("GET", "/3/certification/movie/list", ages),
    Endpoint("GET", "/3/certification/tv/list", ages),
    Endpoint("GET", "/3/watch/providers/regions", regions),
    Endpoint("GET", "/3/watch/providers/movie", providers),
    Endpoint("GET", "/3/watch/providers/tv", providers),
]
