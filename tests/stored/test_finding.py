"""What finding reads of lists and of the catalogue."""

from __future__ import annotations

from storage import catalogue, mirror, shelves
from storage.catalogue import TitleRow
from storage.database import Database
from storage.mirror import KeptRow, Shelf


async def _rated(db: Database, account: tuple[str, int], kind: str, ratings: list[tuple[int, int]]) -> None:
    shelf = Shelf(*account, "rated", kind)
    rows = [KeptRow(title_id, place, None, halves) for place, (title_id, halves) in enumerate(ratings, 1)]
    await mirror.hint(db, shelf, put=rows, total=len(rows))


async def test_what_is_liked_comes_by_rating_and_then_by_age(db: Database) -> None:
    await _rated(db, ("tmdb", 1), "movie", [(11, 18), (12, 20), (13, 18), (14, 13)])
    await _rated(db, ("tmdb", 2), "movie", [(15, 20)])
    liked = await shelves.liked(db, ("tmdb", 1), kind="movie", least=14, limit=3)
    assert [row.title_id for row in liked] == [12, 13, 11]
    assert [row.title_id for row in await shelves.liked(db, ("tmdb", 1), kind="movie", least=14, limit=1)] == [12]
    assert await shelves.liked(db, ("tmdb", 1), kind="tv", least=14, limit=3) == []


async def test_what_is_on_any_list_is_told_from_what_is_not(db: Database) -> None:
    await _rated(db, ("tmdb", 1), "movie", [(11, 18)])
    await mirror.hint(db, Shelf("tmdb", 1, "watchlist", "tv"), put=[KeptRow(12, 1, None, None)], total=1)
    asked = [("movie", 11), ("movie", 12), ("tv", 11), ("tv", 12)]
    assert await shelves.kept(db, ("tmdb", 1), titles=asked) == {("movie", 11), ("tv", 12)}
    assert await shelves.kept(db, ("tmdb", 2), titles=asked) == set()
    many = [("movie", number) for number in range(1, 2 * shelves.TITLES_AT_ONCE + 2)]
    assert await shelves.kept(db, ("tmdb", 1), titles=many) == {("movie", 11)}
    assert await shelves.kept(db, ("tmdb", 1), titles=[]) == set()


async def test_those_that_the_catalogue_has(db: Database) -> None:
    for number in (11, 12):
        title = TitleRow("movie", number, "A Film", None, 2000, None, 90, ("Drama",), (18,), None, (), (), None)
        await catalogue.keep(db, title)
    found = await catalogue.those(db, [("movie", 11), ("tv", 12), ("movie", 13)])
    assert [(row.kind, row.title_id, row.runtime, row.genre_ids) for row in found] == [("movie", 11, 90, (18,))]
    assert await catalogue.those(db, []) == []
