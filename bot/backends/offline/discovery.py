"""Discovery by the bundled facts, and by what people here keep on their lists. Needs no network."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

from cachetools import TTLCache

from bot.backends.nothing import NoDiscovery
from bot.backends.offline.likeness import Likeness
from bot.backends.offline.rows import title_of
from bot.core.backend import MOST_PAGES, PAGE_SIZE
from bot.core.discovery import People
from bot.core.errors import NoSuchPerson, NoSuchTitle, NotHere, Refused
from bot.core.model import Kind, Listed, Page, Title, TitleRef
from storage import catalogue, shelves

if TYPE_CHECKING:
    from bot.core.discovery import Filters, Star
    from storage.database import Database

T = TypeVar("T")

HIGH: Final = 14
"""Half points from which a rating says that somebody likes it: 7."""
WANTED_SECONDS: Final = 300.0
"""For how long what people here want to see is remembered."""

_OF_OTHERS: Final = 1.0
"""What half a point of others' ratings above HIGH, or below it, weighs, where many agree."""


class OfflineDiscovery(NoDiscovery):
    """Discovery of `bot.core.backend` over the catalogue in our own database. Make one by `await open(db)`.

    It can't say what is trending, coming or on the air, nor where to watch it, nor seasons: NotHere. The facts have
    one language: `language` is accepted everywhere and changes nothing. `clock` gives seconds.
    """

    def __init__(self, db: Database, facts: Likeness, clock: Callable[[], float]) -> None:
        self._db = db
        self._facts = facts
        self._wanted: TTLCache[Kind, dict[int, int]] = TTLCache(len(Kind), WANTED_SECONDS, clock)

    @classmethod
    async def open(cls, db: Database, clock: Callable[[], float] = time.monotonic) -> OfflineDiscovery:
        """Over a database that the catalogue was loaded into (by `Offline.open`)."""
        return cls(db, Likeness(map(title_of, await catalogue.indexed(db))), clock)

    async def popular(self, kind: Kind, language: str, page: int) -> Page:  # noqa: ARG002 - see the class
        """What is on most watchlists here first, then what is best known."""
        return _page(await self._popular(kind), page)

    async def similar(self, ref: TitleRef, language: str, page: int) -> Page:  # noqa: ARG002 - see the class
        """The likest first: by people, genres, decade and language. Raises NoSuchTitle."""
        return _page(self._facts.best(self._facts.like(await self._title(ref))), page)

    async def recommendations(self, ref: TitleRef, language: str) -> Page:  # noqa: ARG002 - see the class
        """What is like it, and what those here rated high who rated it high. Raises NoSuchTitle."""
        scores = defaultdict(float, self._facts.like(await self._title(ref)))
        for row in await shelves.liked_with(self._db, kind=ref.kind.value, title_id=ref.id, least=HIGH):
            # One person may err; three who agree do hardly.
            sure = row.people / (row.people + 1)
            if row.mean is not None:
                scores[TitleRef(Kind(row.kind), row.title_id)] += _OF_OTHERS * sure * (row.mean - HIGH)
        scores.pop(ref, None)
        return _page(self._facts.best({one: score for one, score in scores.items() if score > 0})[:PAGE_SIZE], 1)

    async def people(self, words: str, language: str, page: int) -> People:  # noqa: ARG002 - see the class
        """Who makes or plays in a title of the catalogue."""
        found = self._facts.find(words)
        return People(tuple(_cut(found, page)), page, -(-len(found) // PAGE_SIZE), len(found))

    async def person(self, person_id: int, language: str) -> Star:  # noqa: ARG002 - see the class
        """Somebody, and all that the catalogue has of him or her. Raises NoSuchPerson."""
        found = self._facts.person(person_id)
        if found is None:
            raise NoSuchPerson(person_id)
        return found

    async def discover(self, kind: Kind, language: str, filters: Filters, page: int) -> Page:  # noqa: ARG002 - as above
        """The titles that pass the filters, in the order of `popular`. Raises NotHere for services."""
        if filters.providers:
            raise NotHere
        return _page([title for title in await self._popular(kind) if _passes(title, filters)], page)

    async def _popular(self, kind: Kind) -> list[Title]:
        wanted = self._wanted.get(kind)
        if wanted is None:
            wanted = self._wanted[kind] = await shelves.most_wanted(self._db, kind=kind.value)
        return self._facts.best({title.ref: wanted.get(title.ref.id, 0) for title in self._facts.of_kind(kind)})

    async def _title(self, ref: TitleRef) -> Title:
        """Of the facts, or one that somebody's list names. Raises NoSuchTitle."""
        found = self._facts.titles.get(ref)
        if found is not None:
            return found
        row = await catalogue.title(self._db, ref.kind.value, ref.id)
        if row is None:
            raise NoSuchTitle(ref)
        return title_of(row)


def _passes(title: Title, filters: Filters) -> bool:
    if not set(filters.genres) <= set(title.genre_ids):
        return False
    if filters.max_runtime is not None and (title.runtime is None or title.runtime > filters.max_runtime):
        return False
    return filters.decade is None or (title.year is not None and title.year // 10 * 10 == filters.decade)


def _cut(found: Sequence[T], page: int) -> Sequence[T]:
    if not 1 <= page <= MOST_PAGES:
        raise Refused(f"Pages are numbered from 1 to {MOST_PAGES}.")
    return found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]


def _page(found: list[Title], page: int) -> Page:
    return Page(tuple(map(Listed, _cut(found, page))), page, -(-len(found) // PAGE_SIZE), len(found))
