"""Search over the bundled catalogue, as people type: what comes first, and what doesn't come at all."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backends.offline.facts import Facts
from bot.backends.offline.search import Search
from storage import catalogue
from storage.catalogue import TitleRow
from storage.database import Database

Find = Callable[[str], list[TitleRow]]


@pytest.fixture(scope="module")
def find(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Find]:
    """Search the bundled catalogue."""
    path = tmp_path_factory.mktemp("search") / "marquee.db"
    with asyncio.Runner() as runner:
        db = runner.run(Database.open(path))
        facts = Facts.read()
        runner.run(catalogue.load(db, facts.digest, facts.titles()))
        search = runner.run(Search.over(db))
        yield lambda words: runner.run(search.find(words))
        runner.run(db.close())


def names(rows: list[TitleRow]) -> list[str]:
    return [row.name for row in rows]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("fight club", "Fight Club"),
        ("FIGHT CLUB!", "Fight Club"),
        ("the fight club", "Fight Club"),
        ("matrix", "The Matrix"),
        ("amelie", "Amélie"),
        ("shogun", "Shōgun"),
        ("leon", "Léon: The Professional"),
        ("schindlers list", "Schindler's List"),
        ("wall-e", "WALL·E"),
        ("wall e", "WALL·E"),
        ("spiderman", "Spider-Man"),
        ("starwars", "Star Wars"),
        ("lordoftherings", "The Lord of the Rings: The Fellowship of the Ring"),
        ("wolverine and deadpool", "Deadpool & Wolverine"),
        ("incep", "Inception"),
        ("Зеркало", "Mirror"),
        ("зеркало", "Mirror"),
        ("der untergang", "Downfall"),
        ("千と千尋", "Spirited Away"),
        ("fabuleux destin", "Amélie"),
        ("godfather 2", "The Godfather: Part II"),
        ("the godfather part 2", "The Godfather: Part II"),
        ("iron man iii", "Iron Man 3"),
        ("8 1/2", "8½"),
    ],
)
def test_case_accents_and_ways_of_writing_do_not_matter(find: Find, words: str, first: str) -> None:
    assert names(find(words))[:1] == [first]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("figth club", "Fight Club"),
        ("fihgt clbu", "Fight Club"),
        ("fightclubb", "Fight Club"),
        ("shawshenk", "The Shawshank Redemption"),
        ("shawshank redemtion", "The Shawshank Redemption"),
        ("inceptoin", "Inception"),
        ("godfater", "The Godfather"),
        ("intersteller", "Interstellar"),
        ("ratatoile", "Ratatouille"),
        ("lord of the rigns", "The Lord of the Rings: The Fellowship of the Ring"),
        ("silense of the lambs", "The Silence of the Lambs"),
        ("braking bad", "Breaking Bad"),
        ("blade runer 2049", "Blade Runner 2049"),
        ("inceptoin 2010", "Inception"),
        ("dnue 2021", "Dune"),
        ("tarantion", "Reservoir Dogs"),
    ],
)
def test_slips_of_the_thumb_are_understood(find: Find, words: str, first: str) -> None:
    assert names(find(words))[:1] == [first]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("fight club 1999", ["Fight Club"]),
        ("1999 fight club", ["Fight Club"]),
        ("dune 2021", ["Dune"]),
        ("dune 2024", ["Dune: Part Two"]),
        ("batman 1989", ["Batman"]),
        ("it 2017", ["It"]),
        ("nolan 2010", ["Inception"]),
        ("300 2006", ["300"]),  # the year of the festival
        ("1917 2019", ["1917"]),
        ("fight club 2010", ["Fight Club"]),  # misremembered
    ],
)
def test_a_year_in_the_words_narrows(find: Find, words: str, found: list[str]) -> None:
    assert names(find(words)) == found


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("1917", "1917"),
        ("2001", "2001: A Space Odyssey"),
        ("2001 a space odyssey", "2001: A Space Odyssey"),
        ("2001 space odyssey", "2001: A Space Odyssey"),
        ("blade runner 2049", "Blade Runner 2049"),
        ("300", "300"),
        ("8½", "8½"),
        ("the 100", "The 100"),
        ("9-1-1", "9-1-1"),
        ("12 angry men", "12 Angry Men"),
        ("toy story 2", "Toy Story 2"),
        ("iron man 3", "Iron Man 3"),
        ("se7en", "Se7en"),
    ],
)
def test_titles_with_numbers_are_titles_first(find: Find, words: str, first: str) -> None:
    assert names(find(words))[:1] == [first]


def test_the_same_name_comes_before_longer_ones_and_those_before_mere_words(find: Find) -> None:
    assert names(find("batman")) == ["Batman", "The Batman", "Batman Begins"]
    assert names(find("alien")) == ["Alien", "Aliens"]
    assert names(find("dark")) == ["Dark", "The Dark Knight", "The Dark Knight Rises"]
    assert names(find("mirror")) == ["Mirror", "Black Mirror"]


def test_sequels_follow_in_order(find: Find) -> None:
    years = [row.year for row in find("harry potter")]
    assert len(years) == 8
    assert years == sorted(years, key=lambda year: year or 0)


def test_people_find_their_titles_after_names(find: Find) -> None:
    assert "Pulp Fiction" in names(find("tarantino"))
    assert names(find("brad pitt")) == ["Se7en", "Fight Club", "Inglourious Basterds"]
    assert names(find("fincher fight club")) == ["Fight Club"]
    # A name before people: Elvis, the film, and then whoever is called so.
    assert names(find("elvis"))[0] == "Elvis"


@pytest.mark.parametrize(
    "words",
    ["", " ", "!!!", "zzzz", "lotr", "xyzzy", "eternal sunshine", "1994", "12345", "AND OR NOT", '"', "qqqq 1999"],
)
def test_nothing_alike_is_nothing_at_all(find: Find, words: str) -> None:
    assert find(words) == []


def test_a_number_is_never_a_slip_for_another(find: Find) -> None:
    assert names(find("blade runner 2048")) == ["Blade Runner", "Blade Runner 2049"]  # as without the year
    assert names(find("2049 ryan gosling")) == ["Blade Runner 2049"]
    assert find("toy story 3") == []


@given(words=st.text(max_size=60))
def test_any_words_can_be_searched_and_twice_alike(find: Find, words: str) -> None:
    found = find(words)
    assert found == find(words)
    assert len({(row.kind, row.title_id) for row in found}) == len(found)


EVERY = [(row.kind, row.title_id, row.name) for row, _ in Facts.read().titles()]


def test_every_title_is_found_first_by_its_name(find: Find) -> None:
    for kind, number, name in EVERY:
        assert [(row.kind, row.title_id) for row in find(name)[:1]] == [(kind, number)], name
