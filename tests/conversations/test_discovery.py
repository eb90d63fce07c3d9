"""Finding without a name in mind, over the bundled facts: what is popular, alike, recommended, and drawn by luck."""

from __future__ import annotations

import re

import pytest

from tests.core_front import CoreFront
from tests.talk import OVER_THE_CORE, Talk

CORE = pytest.mark.parametrize("front", ["core"], indirect=True)
WATCHED = ("m550", "m680", "m597", "m862", "t1396")


async def test_what_is_popular_is_paged_by_ten_and_opens_a_card(talk: Talk) -> None:
    await talk.ada.says("/popular")
    await talk.ada.sees("Popular films", "1. ", "10. ")
    first = (await talk.ada.answer()).text
    await talk.ada.presses("Page 2 ›")
    await talk.ada.sees("11. ", "20. ")
    await talk.ada.presses("‹ Page 1")
    assert (await talk.ada.answer()).text == first
    await talk.ada.presses("Series")
    await talk.ada.sees("Popular series")
    await talk.ada.presses("1")
    await talk.ada.sees_button("+ Watchlist")


async def test_a_page_past_the_end_is_the_first(talk: Talk) -> None:
    await talk.ada.says("/popular tv 900")
    await talk.ada.sees("Popular series", "1. ")


@pytest.mark.parametrize("asked", ["/trending", "/trending week tv", "/upcoming"])
async def test_what_needs_tmdb_says_so_with_what_works_instead(talk: Talk, asked: str) -> None:
    await talk.ada.says(asked)
    await talk.ada.sees("needs TMDB")
    await talk.ada.sees_button("Popular films", "What I may like", "Draw from my watchlist")
    await talk.ada.presses("Popular films")
    await talk.ada.sees("Popular films", "1. ")


@pytest.mark.parametrize("asked", ["/airing", "/tv"])
async def test_whoever_asks_for_series_without_tmdb_is_offered_series(talk: Talk, asked: str) -> None:
    await talk.ada.says(asked)
    await talk.ada.sees("needs TMDB")
    await talk.ada.presses("Popular series")
    await talk.ada.sees("Popular series", "1. ")


@OVER_THE_CORE
@pytest.mark.parametrize(
    ("said", "usage"),
    [
        ("/trending tomorrow", "/trending [day|week] [movies|tv]"),
        ("/popular books", "/popular [movies|tv]"),
        ("/upcoming never", "/upcoming"),
        ("/recommend 0", "/recommend"),
        ("/random g4711", "/random"),
        ("/similar", "/similar 550"),
    ],
)
async def test_a_word_that_it_does_not_take_shows_the_usage(talk: Talk, said: str, usage: str) -> None:
    await talk.ada.says(said)
    await talk.ada.sees(usage)


async def test_more_like_a_title_and_back_to_its_card(talk: Talk) -> None:
    await talk.ada.says("/similar the godfather")
    await talk.ada.sees("More like The Godfather", "1. The Godfather: Part II (1974)")
    await talk.ada.presses("Page 2 ›")
    await talk.ada.sees("More like The Godfather", "11. ")
    await talk.ada.presses("‹ Back")
    await talk.ada.sees("The Godfather", "Francis Ford Coppola")


async def test_more_like_several_titles_is_asked(talk: Talk) -> None:
    await talk.ada.says("/similar kill bill")
    await talk.ada.sees("Which one do you mean by “kill bill”?")
    await talk.ada.presses("Kill Bill: Vol. 1 (2003)")
    await talk.ada.sees("More like Kill Bill: Vol. 1")
    await talk.ada.says("/similar m2000000000")
    await talk.ada.sees("I know no film with the number 2000000000.")


async def test_one_is_recommended_what_is_new_to_one_and_told_why(talk: Talk) -> None:
    await talk.ada.says("/rate m238 9")
    await talk.ada.says("/recommend")
    await talk.ada.sees(
        "You may like", "because you rated The Godfather 9", "The Godfather: Part II", "The more you rate"
    )
    await talk.ada.sees_no("The Godfather (1972)")
    await talk.ada.says("/watch m240")
    await talk.ada.says("/rate m129 6.5")
    await talk.ada.says("/recommend")
    await talk.ada.sees("because you rated The Godfather 9")
    await talk.ada.sees_no("The Godfather: Part II (1974)", "because you rated Spirited Away 6.5")
    await talk.ada.presses("Page 2 ›")
    await talk.ada.sees("11. ", "because you rated The Godfather 9")


async def test_without_high_ratings_one_is_told_what_to_do(talk: Talk) -> None:
    await talk.ada.says("/rate m238 6")
    await talk.ada.says("/recommend")
    await talk.ada.sees("7 or higher", "nothing yet", "send me their names")
    await talk.ada.presses("Popular series")
    await talk.ada.sees("Popular series", "1. ")


async def test_from_an_empty_watchlist_nothing_is_drawn(talk: Talk) -> None:
    await talk.ada.says("/random")
    await talk.ada.sees("Your watchlist is empty")
    await talk.ada.sees_button("Popular films", "What I may like")


async def test_draws_go_through_the_whole_watchlist_before_any_comes_again(talk: Talk) -> None:
    for ref in WATCHED:
        await talk.ada.says(f"/watch {ref}")
    await talk.ada.says("/random")
    await talk.ada.sees("One of 5 titles on your watchlist.")
    await talk.ada.sees_button("✓ Watchlist", "Under two hours", "Drama")
    drawn = [await _drawn(talk)]
    count = len(await talk.ada.messages())
    for _ in WATCHED:
        await talk.ada.presses("Another one")
        drawn.append(await _drawn(talk))
    assert len(set(drawn[:5])) == 5
    assert drawn[5] == drawn[0]
    assert len(await talk.ada.messages()) == count, "each in place of the one before"


async def test_a_draw_can_be_of_short_films_or_of_a_genre(talk: Talk) -> None:
    await talk.ada.says("/watch m597")
    await talk.ada.says("/watch t1396")
    await talk.ada.says("/watch m862")
    await talk.ada.says("/random short")
    await talk.ada.sees("Toy Story", "From your watchlist: under two hours.")
    await talk.ada.presses("Romance")
    await talk.ada.sees("Titanic", "From your watchlist: Romance.")
    await talk.ada.presses("Another one")
    await talk.ada.sees("Titanic", "Nothing else on your watchlist fits.")
    await talk.ada.presses("Anything")
    await talk.ada.sees("One of 3 titles")
    await talk.ada.says("/random romance")
    await talk.ada.sees("Titanic", "From your watchlist: Romance.")
    await talk.ada.says("/random krimi")
    await talk.ada.sees("Breaking Bad", "From your watchlist: Crime.")
    await talk.ada.says("/random books")
    await talk.ada.sees("/random [short|streaming|GENRE]")
    await talk.ada.says("/random g37")
    await talk.ada.sees("Nothing on your watchlist fits.")
    await talk.ada.presses("Anything")
    await talk.ada.sees("One of 3 titles")


async def test_the_only_title_is_drawn_without_more_to_draw(talk: Talk) -> None:
    await talk.ada.says("/watch m550")
    await talk.ada.says("/random")
    await talk.ada.sees("Fight Club", "The only title on your watchlist.")
    await talk.ada.sees_no_button("Another one", "Under two hours", "Drama")


@pytest.mark.parametrize("asked", ["/random streaming", "/watchlist mine"])
async def test_what_streams_is_known_to_tmdb_alone(talk: Talk, asked: str) -> None:
    await talk.ada.says("/watch m550")
    await talk.ada.says("/random")
    await talk.ada.sees_no_button("Streaming here")
    await talk.ada.says(asked)
    await talk.ada.sees("needs TMDB")
    await talk.ada.sees_button("What I may like")


async def test_in_a_group_charts_are_everybodys_and_the_personal_is_answered_in_private(talk: Talk) -> None:
    await talk.ada.says("/rate m238 9")
    await talk.ada.says("/watch m550")
    await talk.ada.in_group.says("/popular")
    await talk.ben.in_group.sees("Popular films", "1. ")
    await talk.ben.in_group.presses("Page 2 ›")
    await talk.ada.in_group.sees("11. ")
    count = len(await talk.ada.in_group.messages())
    await talk.ada.in_group.says("/recommend")
    await talk.ada.sees("because you rated The Godfather 9")
    await talk.ada.in_group.says("/random")
    await talk.ada.sees("Fight Club", "The only title on your watchlist.")
    await talk.ada.sees_button("✓ Watchlist")
    shared = (await talk.ben.in_group.messages())[count:]
    assert not [each for each in shared if "Godfather" in each.text or "Fight Club" in each.text]


@CORE
async def test_an_update_that_is_handled_twice_draws_the_same(talk: Talk, front: CoreFront) -> None:
    for ref in WATCHED:
        await talk.ada.says(f"/watch {ref}")
    await talk.ada.says("/random")
    assert (await front.again("ada")).splitlines()[0] == await _drawn(talk)
    await talk.ada.presses("Another one")
    assert (await front.again("ada")).splitlines()[0] == await _drawn(talk)


async def _drawn(talk: Talk) -> str:
    """The name and year of the card's title."""
    return re.split(r"\n", (await talk.ada.answer()).text)[0]
