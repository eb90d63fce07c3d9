"""The endpoints of one person: details, and what he or she made and played in."""

from __future__ import annotations

from typing import Final

from tests.doubles.tmdb.details import appended
from tests.doubles.tmdb.finding import known_for
from tests.doubles.tmdb.refusals import not_found
from tests.doubles.tmdb.shapes import kind_entry
from tests.doubles.tmdb.titles import Person
from tests.doubles.tmdb.wire import Asked, Endpoint, Json
from tests.doubles.tmdb.world import Tmdb


def _person(world: Tmdb, asked: Asked) -> Person:
    found = world.people.get(asked.place("person_id"))
    if found is None:
        raise not_found()
    return found


def combined_credits(world: Tmdb, asked: Asked) -> Json:
    """The titles that somebody played in, and those that he or she made."""
    person, language = _person(world, asked), asked.language()
    titles = known_for(world, person)
    cast = [
        kind_entry(title, language)
        | {"character": f"Somebody in {title.name}", "credit_id": f"{title.id:024x}"}
        | ({"order": title.cast.index(person)} if title.kind == "movie" else {"episode_count": 8})
        for title in titles
        if person in title.cast
    ]
    crew = [
        kind_entry(title, language)
        | {"credit_id": f"{title.id:024x}"}
        | (
            {"department": "Directing", "job": "Director"}
            if title.kind == "movie"
            else {"department": "Writing", "job": "Creator", "episode_count": 8}
        )
        for title in titles
        if person in title.makers
    ]
    return {"cast": cast, "crew": crew, "id": person.id}


def external_ids(world: Tmdb, asked: Asked) -> Json:
    """A person's ids elsewhere: none is known."""
    names = ("freebase_mid", "freebase_id", "imdb_id", "tvrage_id", "wikidata_id", "facebook_id", "instagram_id")
    return {"id": _person(world, asked).id, **dict.fromkeys((*names, "tiktok_id", "twitter_id", "youtube_id"))}


PARTS: Final = {"combined_credits": combined_credits, "external_ids": external_ids}


def person(world: Tmdb, asked: Asked) -> Json:
    """Who it is."""
    found = _person(world, asked)
    asked.language()
    return {
        "adult": False,
        "also_known_as": [],
        "biography": f"Who {found.name} is.",
        "birthday": None,
        "deathday": None,
        "gender": 0,
        "homepage": None,
        "id": found.id,
        "imdb_id": None,
        "known_for_department": found.department,
        "name": found.name,
        "place_of_birth": None,
        "popularity": found.popularity,
        "profile_path": found.profile_path,
        **appended(world, asked, PARTS),
    }


ENDPOINTS: Final = [
    Endpoint("GET", "/3/person/{person_id}", person),
    Endpoint("GET", "/3/person/{person_id}/combined_credits", combined_credits),
    Endpoint("GET", "/3/person/{person_id}/external_ids", external_ids),
]
