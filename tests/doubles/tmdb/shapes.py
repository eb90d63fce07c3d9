"""How titles and people look in an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from tests.doubles.tmdb.titles import Person, Title
from tests.doubles.tmdb.wire import Json

A_PAGE: Final = 20
Found = TypeVar("Found")


def paged(found: Sequence[Found], page: int, shape: Callable[[Found], Json], **more: object) -> Json:
    """One page of twenty, each in its shape. Past the last one there are no results."""
    start = (page - 1) * A_PAGE
    return {
        **more,
        "page": page,
        "results": [shape(each) for each in found[start : start + A_PAGE]],
        "total_pages": -(-len(found) // A_PAGE),
        "total_results": len(found),
    }


def entry(title: Title, language: str | None = None) -> Json:
    """A title in a list."""
    common: Json = {
        "adult": title.adult,
        "backdrop_path": title.backdrop_path,
        "genre_ids": [number for number, _ in title.genres],
        "id": title.id,
        "original_language": title.language,
        "overview": title.overview(language),
        "popularity": title.popularity,
        "poster_path": title.poster_path,
        "vote_average": title.vote_average,
        "vote_count": title.vote_count,
    }
    if title.kind == "movie":
        return common | {
            "title": title.named(language),
            "original_title": title.original_name,
            "release_date": title.date,
            "video": False,
        }
    return common | {
        "name": title.named(language),
        "original_name": title.original_name,
        "first_air_date": title.date,
        "origin_country": [title.country],
    }


def chart_entry(title: Title, language: str | None = None) -> Json:
    """A title in a chart: of a series it isn't said there whether it is for adults."""
    shown = entry(title, language)
    if title.kind == "tv":
        del shown["adult"]
    return shown


def kind_entry(title: Title, language: str | None = None) -> Json:
    """A title in a list that names its kind."""
    return entry(title, language) | {"media_type": title.kind}


def person_entry(person: Person, known_for: Sequence[Title], language: str | None = None) -> Json:
    """Somebody in a list."""
    return {
        "adult": False,
        "gender": 0,
        "id": person.id,
        "known_for_department": person.department,
        "name": person.name,
        "original_name": person.name,
        "popularity": person.popularity,
        "profile_path": person.profile_path,
        "known_for": [kind_entry(title, language) for title in known_for if title.kind == "movie"][:3],
    }


def _credited(person: Person, title: Title, department: str) -> Json:
    return {
        "adult": False,
        "gender": 0,
        "id": person.id,
        "known_for_department": person.department,
        "name": person.name,
        "original_name": person.name,
        "popularity": person.popularity,
        "profile_path": person.profile_path,
        "credit_id": f"{person.id:08x}{title.id:08x}{department[:4].encode().hex()}",
    }


def credits_of(title: Title) -> Json:
    """Who played in it and who made it. A series names its makers elsewhere (`created_by`)."""
    cast = [
        _credited(person, title, "Acting")
        | {"character": f"Somebody in {title.name}", "order": order}
        | ({"cast_id": order + 1} if title.kind == "movie" else {})
        for order, person in enumerate(title.cast)
    ]
    job = {"department": "Directing", "job": "Director"}
    crew = [_credited(person, title, "Directing") | job for person in title.makers if title.kind == "movie"]
    return {"id": title.id, "cast": cast, "crew": crew}


def created_by(title: Title) -> list[Json]:
    """Whose idea a series was."""
    names = ("id", "credit_id", "name", "gender", "profile_path")
    return [{name: _credited(person, title, "Writing")[name] for name in names} for person in title.makers]
