"""The values of the model as the account API's JSON."""

from __future__ import annotations

from typing import Any

from bot.core.model import Account, Kind, Listed, Page, Rating, Title, TitleState


def account(it: Account) -> dict[str, Any]:
    """`GET /api/account`."""
    return {
        "id": it.id,
        "name": it.name,
        "username": it.username,
        "include_adult": it.include_adult,
        "iso_639_1": it.language,
        "iso_3166_1": it.country,
        "avatar": {"gravatar": {"hash": it.gravatar}},
    }


def page(it: Page) -> dict[str, Any]:
    """A page of a list or search."""
    return {
        "page": it.page,
        "results": [_listed(one) for one in it.results],
        "total_pages": it.total_pages,
        "total_results": it.total_results,
    }


def details(it: Title) -> dict[str, Any]:
    """`GET /api/{movie|tv}/{id}`."""
    makers = "director" if it.ref.kind is Kind.MOVIE else "created_by"
    return {
        **_result(it),
        "runtime": it.runtime,
        "genres": [{"id": number, "name": name} for number, name in zip(it.genre_ids, it.genres, strict=False)],
        "credits": {makers: list(it.makers), "cast": list(it.cast)},
        "imdb_id": it.imdb_id,
    }


def state(it: TitleState, title_id: int) -> dict[str, Any]:
    """`GET /api/{movie|tv}/{id}/account_states`."""
    return {"id": title_id, "favorite": it.favorite, "watchlist": it.watchlist, **rated(it.rating)}


def rated(rating: Rating | None) -> dict[str, Any]:
    """What a write to a rating answers."""
    return {"rated": None if rating is None else {"value": rating.value}}


def _listed(it: Listed) -> dict[str, Any]:
    shown = _result(it.title)
    if it.rating is not None:
        shown["rating"] = it.rating.value
    return shown


def _result(it: Title) -> dict[str, Any]:
    movie = it.ref.kind is Kind.MOVIE
    shown: dict[str, Any] = {
        "id": it.ref.id,
        "media_type": it.ref.kind.value,
        "title" if movie else "name": it.name,
        "original_title" if movie else "original_name": it.original_name or it.name,
        "release_date" if movie else "first_air_date": it.release_date,
        # Of some titles only the year is known.
        "year": it.year,
        "genre_ids": list(it.genre_ids),
        "original_language": it.original_language,
        "poster_path": it.poster_path,
    }
    if it.vote_average is not None:
        shown["vote_average"] = it.vote_average
    return shown
