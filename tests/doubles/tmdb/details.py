"""The endpoints of one title: its details, and the parts that can be asked for alone or appended to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tests.doubles.tmdb import keeping
from tests.doubles.tmdb.reference import PROVIDERS, country_named, genre_name, logo, spoken
from tests.doubles.tmdb.refusals import too_many_appended
from tests.doubles.tmdb.seasons import last_episode, next_episode, season_count, seasons
from tests.doubles.tmdb.shapes import created_by, credits_of, entry, kind_entry, paged
from tests.doubles.tmdb.titles import GERMAN, Kind, Title
from tests.doubles.tmdb.wire import Asked, Endpoint, Json
from tests.doubles.tmdb.world import Tmdb

Part = Callable[[Tmdb, Asked], Json]


def _title(world: Tmdb, asked: Asked) -> Title:
    if "movie_id" in asked.places:
        return world.title("movie", asked.place("movie_id"))
    return world.title("tv", asked.place("series_id"))


def cast_and_crew(world: Tmdb, asked: Asked) -> Json:
    """Who played in it and who made it."""
    asked.language()
    return credits_of(_title(world, asked))


def external_ids(world: Tmdb, asked: Asked) -> Json:
    """Its ids elsewhere."""
    title = _title(world, asked)
    more = () if title.kind == "movie" else ("freebase_mid", "freebase_id", "tvdb_id", "tvrage_id")
    names = ("wikidata_id", "facebook_id", "instagram_id", "twitter_id", *more)
    return {"id": title.id, "imdb_id": title.imdb_id, **dict.fromkeys(names)}


def offers_of(title: Title) -> Json:
    """By flat rate in Germany and the US, to buy and to rent in the US; one in three nowhere."""
    if title.id % 3 == 0:
        return {}
    offers = [
        {"logo_path": logo(number), "provider_id": number, "provider_name": name, "display_priority": order}
        for order, (number, name) in enumerate(PROVIDERS.items())
    ]
    link = f"https://www.themoviedb.org/{title.kind}/{title.id}/watch?locale="
    return {
        "DE": {"link": f"{link}DE", "flatrate": offers[:1]},
        "US": {"link": f"{link}US", "flatrate": offers[2:3], "buy": offers[1:2], "rent": offers[3:]},
    }


def watch_providers(world: Tmdb, asked: Asked) -> Json:
    """Where it can be seen."""
    title = _title(world, asked)
    return {"id": title.id, "results": offers_of(title)}


def videos(world: Tmdb, asked: Asked) -> Json:
    """Its trailers, English and, where it has a German name, German, of those asked for; one in four has none."""
    title, language = _title(world, asked), (asked.language() or "en")[:2]
    wanted = (asked.text("include_video_language") or language).split(",")
    there = [("en", "US"), ("de", "DE")] if title.key in GERMAN else [("en", "US")]
    trailers = [_trailer(title, *one) for one in there if one[0] in wanted]
    return {"id": title.id, "results": trailers if title.id % 4 else []}


def _trailer(title: Title, language: str, country: str) -> Json:
    return {
        "iso_639_1": language,
        "iso_3166_1": country,
        "name": f"{title.name}: Trailer",
        "key": f"trailer{title.id}" if language == "en" else f"trailer{title.id}-{language}",
        "site": "YouTube",
        "size": 1080,
        "type": "Trailer",
        "official": True,
        "published_at": "2014-10-02T19:20:22.000Z",
        "id": f"{title.id:022x}{language}".encode().hex()[-24:],
    }


def release_dates(world: Tmdb, asked: Asked) -> Json:
    """When a film came out in the US and in Germany, and for which age."""
    title = _title(world, asked)
    ages = {"US": "R", "DE": "16"} if title.date else {}
    dates = [
        {
            "iso_3166_1": country,
            "release_dates": [
                {
                    "certification": age,
                    "descriptors": [],
                    "iso_639_1": None,
                    "note": "",
                    "release_date": f"{title.date}T00:00:00.000Z",
                    "type": 3,
                }
            ],
        }
        for country, age in ages.items()
    ]
    return {"id": title.id, "results": dates}


def content_ratings(world: Tmdb, asked: Asked) -> Json:
    """For which age a series is, in the US and in Germany."""
    ages = {"US": "TV-14", "DE": "12"}
    results = [{"descriptors": [], "iso_3166_1": country, "rating": age} for country, age in ages.items()]
    return {"results": results, "id": _title(world, asked).id}


def _alike(world: Tmdb, asked: Asked) -> list[Title]:
    title = _title(world, asked)
    return [
        other
        for other in world.of_kind(title.kind)
        if other.key != title.key and not other.adult and set(other.genres) & set(title.genres)
    ]


def similar(world: Tmdb, asked: Asked) -> Json:
    """Titles of the same genres."""
    language = asked.language()
    return paged(_alike(world, asked), asked.page(), lambda title: entry(title, language))


def recommendations(world: Tmdb, asked: Asked) -> Json:
    """Forty titles of the same genres."""
    language = asked.language()
    return paged(_alike(world, asked)[:40], asked.page(), lambda title: kind_entry(title, language))


def images(world: Tmdb, asked: Asked) -> Json:
    """Its posters and wide pictures."""
    asked.language()
    asked.known("include_image_language")
    title = _title(world, asked)

    def picture(path: str | None, width: int, height: int) -> list[Json]:
        sizes = {"aspect_ratio": round(width / height, 3), "height": height, "width": width}
        votes = {"iso_639_1": None, "vote_average": 5.3, "vote_count": 4}
        return [{"file_path": path} | sizes | votes] if path else []

    return {
        "id": title.id,
        "backdrops": picture(title.backdrop_path, 1920, 1080),
        "posters": picture(title.poster_path, 1000, 1500),
        "logos": [],
    }


PARTS: Final[dict[Kind, dict[str, Part]]] = {
    "movie": {
        "account_states": keeping.states,
        "credits": cast_and_crew,
        "external_ids": external_ids,
        "images": images,
        "recommendations": recommendations,
        "release_dates": release_dates,
        "similar": similar,
        "videos": videos,
        "watch/providers": watch_providers,
    },
    "tv": {
        "account_states": keeping.states,
        "content_ratings": content_ratings,
        "credits": cast_and_crew,
        "external_ids": external_ids,
        "images": images,
        "recommendations": recommendations,
        "similar": similar,
        "videos": videos,
        "watch/providers": watch_providers,
    },
}


def appended(world: Tmdb, asked: Asked, parts: Mapping[str, Part]) -> Json:
    """The parts that are to come along, each without the id, which the details have. Refused."""
    names = [name for name in (asked.text("append_to_response") or "").split(",") if name]
    if len(names) > 20:
        raise too_many_appended()
    body: Json = {}
    for name in names:
        if name not in parts:
            asked.complain(f"{asked.method} {asked.path}: nothing to append is called {name!r}")
            continue
        body[name] = {key: value for key, value in parts[name](world, asked).items() if key != "id"}
    return body


def _common(title: Title, language: str | None) -> Json:
    return {
        "adult": title.adult,
        "backdrop_path": title.backdrop_path,
        "genres": [{"id": number, "name": genre_name(number, name, language)} for number, name in title.genres],
        "homepage": "",
        "id": title.id,
        "origin_country": [title.country],
        "original_language": title.language,
        "overview": title.overview(language),
        "popularity": title.popularity,
        "poster_path": title.poster_path,
        "production_companies": [{"id": 1, "logo_path": None, "name": "A Company", "origin_country": title.country}],
        "production_countries": [country_named(title.language)],
        "spoken_languages": [spoken(title.language)],
        "tagline": "",
        "vote_average": title.vote_average,
        "vote_count": title.vote_count,
    }


def movie(world: Tmdb, asked: Asked) -> Json:
    """A film's details."""
    title, language = _title(world, asked), asked.language()
    released = bool(title.date) and title.date <= world.day(0)
    return {
        **_common(title, language),
        "belongs_to_collection": None,
        "budget": 0,
        "imdb_id": title.imdb_id,
        "original_title": title.original_name,
        "release_date": title.date,
        "revenue": 0,
        "runtime": title.runtime,
        "status": "Released" if released else "Post Production",
        "title": title.named(language),
        "video": False,
        **appended(world, asked, PARTS["movie"]),
    }


def series(world: Tmdb, asked: Asked) -> Json:
    """A series' details."""
    title, language = _title(world, asked), asked.language()
    coming = next_episode(world, title)
    return {
        **_common(title, language),
        "created_by": created_by(title),
        "episode_run_time": [title.runtime],
        "first_air_date": title.date,
        "in_production": coming is not None,
        "languages": [title.language],
        "last_air_date": title.date or None,
        "last_episode_to_air": last_episode(title),
        "name": title.named(language),
        "networks": [{"id": 49, "logo_path": None, "name": "A Network", "origin_country": title.country}],
        "next_episode_to_air": coming,
        "number_of_episodes": sum(season["episode_count"] for season in seasons(title)),
        "number_of_seasons": season_count(title),
        "original_name": title.original_name,
        "seasons": seasons(title),
        "status": "Returning Series" if coming else "Ended",
        "type": "Scripted",
        **appended(world, asked, PARTS["tv"]),
    }


ENDPOINTS: Final = [
    Endpoint("GET", "/3/movie/{movie_id}", movie),
    Endpoint("GET", "/3/tv/{series_id}", series),
    *[
        Endpoint("GET", f"{'/3/movie/{movie_id}' if kind == 'movie' else '/3/tv/{series_id}'}/{name}", part)
        for kind, parts in PARTS.items()
        for name, part in parts.items()
        if name != "account_states"
    ],
]
