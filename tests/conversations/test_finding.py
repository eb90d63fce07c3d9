"""Finding films, series and people by what is typed or pasted, on every front."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.app import build
from bot.core.backend import Catalogue, Service, Services
from bot.core.model import Kind, Page, Title, TitleRef
from bot.core.store import Store
from tests.core_front import CoreFront
from tests.doubles.tmdb import Tmdb
from tests.talk import OVER_THE_CORE, Front, Talk

FIGHT_CLUB = r"/3/movie/550"


@OVER_THE_CORE
@pytest.mark.parametrize(
    "said",
    [
        "fight club",
        "fight club 1999",
        "film: fight club",
        "Movie : Fight Club",
        "look: https://www.imdb.com/title/tt0137523/ great",
        "what of https://letterboxd.com/film/fight-club/?",
        "https://letterboxd.com/ada/film/fight-club-1999/",
        "(https://www.themoviedb.org/movie/550-fight-club)",
    ],
)
async def test_a_title_is_shown_at_once_where_it_is_clear(talk: Talk, said: str) -> None:
    await talk.ada.says(said)
    await talk.ada.sees("Fight Club (1999)", "David Fincher")


async def test_somebody_by_name_is_shown_with_what_he_is_known_for(tmdb_front: Front, world: Tmdb) -> None:
    talk = Talk(tmdb_front)
    await talk.ada.says("tom hanks")
    await talk.ada.sees("Tom Hanks", "Acting", "Known for", "Forrest Gump")
    person = next(one for one in world.people.values() if one.name == "Tom Hanks")
    await talk.ada.says(f"https://www.themoviedb.org/person/{person.id}-tom-hanks")
    await talk.ada.sees("Tom Hanks", "Known for")


@OVER_THE_CORE
@pytest.mark.parametrize(
    "said", ["person: tom hanks", "Schauspieler: tom hanks", "https://letterboxd.com/actor/tom-hanks/by/release/"]
)
async def test_somebody_is_found_offline_too(talk: Talk, said: str) -> None:
    await talk.ada.says(said)
    await talk.ada.sees("Tom Hanks", "Known for")


@OVER_THE_CORE
@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("https://boxd.it/2a1m", "I can't follow boxd.it's short links."),
        ("https://www.imdb.com/name/nm0000158/", "I don't know people by IMDb's numbers."),
        ("https://www.themoviedb.org/person/999999", "I know nobody with the number 999999."),
        ("https://letterboxd.com/dave/list/the-best/", "I know only the pages of films, series and people"),
        ("https://www.themoviedb.org/collection/10-star-wars", "I know only the pages of films, series and people"),
    ],
)
async def test_an_address_that_says_nothing_is_declined(talk: Talk, said: str, told: str) -> None:
    await talk.ada.says(said)
    await talk.ada.sees(told)
    await talk.ada.sees_button("How to find a title")


async def test_a_year_that_nothing_is_from_shows_what_is_from_others(tmdb_front: Front) -> None:
    talk = Talk(tmdb_front)
    await talk.ada.says("alien 1950")
    await talk.ada.sees("Nothing for “alien 1950” is from 1950. From other years:", "Alien (1979)")


async def test_addresses_are_answered_in_a_group_only_where_that_is_set(core_front: CoreFront) -> None:
    talk = Talk(core_front)
    await talk.ada.in_group.says("look: https://www.imdb.com/title/tt0137523/ great")
    await talk.ada.in_group.says("https://boxd.it/2a1m")
    assert [message.author for message in await talk.ada.in_group.messages()] == ["ada", "ada"]
    await talk.ada.in_group.says("/settings links on")
    await talk.ada.in_group.says("look: https://www.imdb.com/title/tt0137523/ great")
    await talk.ada.in_group.sees("Fight Club")


class FullOfPeople:
    """A catalogue whose first page of results was full of people, who are left out of it."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    async def search(self, words: str, kind: Kind | None, year: int | None, language: str, page: int) -> Page:
        if page == 1:
            return Page((), 1, 2, 25)
        return replace(await self._catalogue.search(words, kind, year, language, 1), page=2, total_pages=2)

    async def title(self, ref: TitleRef, language: str) -> Title:
        return await self._catalogue.title(ref, language)

    async def find(self, imdb_id: str) -> TitleRef:
        return await self._catalogue.find(imdb_id)


async def test_a_page_that_is_empty_while_more_follow_is_not_the_end(service: Service, store: Store) -> None:
    service = replace(service, catalogue=FullOfPeople(service.catalogue))
    talk = Talk(CoreFront(build(Services(service, service), store)))
    await talk.ada.says("lord rings")
    await talk.ada.sees("Found for “lord rings”", "The Lord of the Rings")
