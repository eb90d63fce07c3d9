"""The seasons and episodes of series: made up, but always the same."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from tests.doubles.tmdb.refusals import not_found
from tests.doubles.tmdb.titles import Title
from tests.doubles.tmdb.wire import Asked, Endpoint, Json
from tests.doubles.tmdb.world import Tmdb

RUNNING: Final = (456, 1399, 94997)
"""Series that have an episode to come, three days from now: The Simpsons and others, where the facts have them."""
EPISODES: Final = 8


def season_count(title: Title) -> int:
    """From one to five."""
    return 1 + title.id % 5


def _aired(title: Title, season: int, number: int) -> str | None:
    if not title.date:
        return None
    weeks = timedelta(days=365 * (season - 1), weeks=number - 1)
    return (date.fromisoformat(title.date) + weeks).isoformat()


def _episode(title: Title, season: int, number: int) -> Json:
    return {
        "air_date": _aired(title, season, number),
        "episode_number": number,
        "id": title.id * 1000 + season * 100 + number,
        "name": f"Episode {number}",
        "overview": f"What happens in episode {number}.",
        "production_code": "",
        "runtime": title.runtime,
        "season_number": season,
        "show_id": title.id,
        "still_path": None,
        "vote_average": 7.5,
        "vote_count": 12,
    }


def _season(title: Title, number: int) -> Json:
    return {
        "air_date": _aired(title, number, 1),
        "id": title.id * 100 + number,
        "name": f"Season {number}",
        "overview": "",
        "poster_path": title.poster_path,
        "season_number": number,
        "vote_average": 7.9,
    }


def seasons(title: Title) -> list[Json]:
    """All seasons, as details name them."""
    return [_season(title, number) | {"episode_count": EPISODES} for number in range(1, season_count(title) + 1)]


def last_episode(title: Title) -> Json:
    """The episode that was shown last."""
    return _episode(title, season_count(title), EPISODES)


def next_episode(world: Tmdb, title: Title) -> Json | None:
    """The episode to come, of a series that goes on."""
    if title.id not in RUNNING:
        return None
    return _episode(title, season_count(title) + 1, 1) | {"air_date": world.day(3)}


def _of_season(world: Tmdb, asked: Asked) -> tuple[Title, int]:
    title, number = world.title("tv", asked.place("series_id")), asked.place("season_number")
    if not 1 <= number <= season_count(title):
        raise not_found()
    return title, number


def season(world: Tmdb, asked: Asked) -> Json:
    """A season and its episodes."""
    title, number = _of_season(world, asked)
    asked.language()
    kinds = dict.fromkeys(range(1, EPISODES), "standard") | {EPISODES: "finale"}
    episodes = [
        _episode(title, number, one) | {"episode_type": kind, "crew": [], "guest_stars": []}
        for one, kind in kinds.items()
    ]
    networks = [{"id": 49, "logo_path": None, "name": "A Network", "origin_country": title.country}]
    return _season(title, number) | {"_id": f"{title.id:022x}{number:02x}", "episodes": episodes, "networks": networks}


def _of_episode(world: Tmdb, asked: Asked) -> tuple[Title, int, int]:
    title, season = _of_season(world, asked)
    number = asked.place("episode_number")
    if not 1 <= number <= EPISODES:
        raise not_found()
    return title, season, number


def episode(world: Tmdb, asked: Asked) -> Json:
    """One episode."""
    title, season, number = _of_episode(world, asked)
    asked.language()
    shown = _episode(title, season, number) | {"crew": [], "guest_stars": []}
    return {name: value for name, value in shown.items() if name != "show_id"}


ENDPOINTS: Final = [
    Endpoint("GET", "/3/tv/{series_id}/season/{season_number}", season),
    Endpoint("GET", "/3/tv/{series_id}/season/{season_number}/episode/{episode_number}", episode),
]
