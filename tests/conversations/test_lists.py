"""The watchlist, the favourites and the rated: putting on and off, paging, empty lists."""

from __future__ import annotations

import pytest

from tests.talk import Talk

ELEVEN = (11, 12, 13, 14, 15, 18, 19, 22, 24, 58, 62)


async def test_a_title_goes_onto_the_watchlist_and_off(talk: Talk) -> None:
    await talk.ada.says("/watch 550")
    await talk.ada.sees("Fight Club", "Added to your watchlist.")
    await talk.ada.says("/watchlist")
    await talk.ada.sees("1. Fight Club (1999)")
    await talk.ada.says("/unwatch fight club")
    await talk.ada.sees("Taken off your watchlist.")
    await talk.ada.says("/watchlist")
    await talk.ada.sees("No films on your watchlist yet.")


async def test_a_title_becomes_a_favourite_and_is_one_no_more(talk: Talk) -> None:
    await talk.ada.says("/fav 550")
    await talk.ada.sees("Fight Club", "Added to your favourites.")
    await talk.ada.says("/fav 550")
    await talk.ada.sees("It is one of your favourites already.")
    await talk.ada.sees_no_button("Undo")
    await talk.ada.says("/unfav 550")
    await talk.ada.sees("Taken off your favourites.")


async def test_the_cards_buttons_carry_the_state_to_be_reached(talk: Talk) -> None:
    await talk.ada.says("/movie 550")
    await talk.ada.presses("+ Watchlist")
    await talk.ada.sees_button("✓ Watchlist", "+ Favourite", "Rate")
    await talk.ada.presses("+ Favourite")
    await talk.ada.sees_button("✓ Watchlist", "✓ Favourite")
    await talk.ada.presses("✓ Watchlist")
    await talk.ada.sees_button("+ Watchlist", "✓ Favourite")


async def test_a_film_and_a_series_of_one_number_are_two_titles(talk: Talk) -> None:
    await talk.ada.says("/fav 1396")
    await talk.ada.says("/fav tv 1396")
    await talk.ada.sees("Breaking Bad")
    await talk.ada.says("/favorites tv")
    await talk.ada.sees("Breaking Bad", "1.")
    await talk.ada.says("/favorites movies")
    await talk.ada.sees_no("Breaking Bad")


async def test_a_long_list_is_paged_by_ten_and_keeps_its_numbers(talk: Talk) -> None:
    for number in ELEVEN:
        await talk.ada.says(f"/watch m{number}")
    await talk.ada.says("/watchlist")
    await talk.ada.sees("1. 2001: A Space Odyssey (1968)", "10. ")
    await talk.ada.sees_no("11. ")
    await talk.ada.presses("Page 2 ›")
    await talk.ada.sees("11. Star Wars (1977)")
    await talk.ada.presses("‹ Page 1")
    await talk.ada.presses("Filter & sort")
    await talk.ada.presses("Order")
    await talk.ada.presses("Oldest first")
    await talk.ada.sees("1. Star Wars (1977)")
    await talk.ada.presses("Series")
    await talk.ada.sees("No series on your watchlist yet.")
    await talk.ada.says("/watchlist oldest 2")
    await talk.ada.sees("11. 2001: A Space Odyssey (1968)")
    await talk.ada.says("/watchlist 99")
    await talk.ada.sees("11. Star Wars (1977)")


async def test_a_list_shows_the_own_ratings_and_opens_a_title(talk: Talk) -> None:
    await talk.ada.says("/fav 550")
    await talk.ada.says("/rate 550 9.5")
    await talk.ada.says("/favorites")
    await talk.ada.sees("1. Fight Club (1999)", "★ 9.5")
    before = len(await talk.ada.messages())
    await talk.ada.presses("1")
    await talk.ada.sees("Fight Club", "David Fincher", "Brad Pitt")
    assert len(await talk.ada.messages()) == before + 1, "the list stays above the card"


@pytest.mark.parametrize(
    ("command", "words", "hint"),
    [
        ("/watchlist", "No films on your watchlist yet.", "+ Watchlist"),
        ("/watchlist tv", "No series on your watchlist yet.", "+ Watchlist"),
        ("/favorites", "No favourite films yet.", "+ Favourite"),
        ("/rated tv", "You have rated no series yet.", "Rate"),
    ],
)
async def test_an_empty_list_says_what_to_do_next(talk: Talk, command: str, words: str, hint: str) -> None:
    await talk.ada.says(command)
    await talk.ada.sees(words, hint)


async def test_words_that_say_nothing_about_a_list_are_looked_for_on_it(talk: Talk) -> None:
    for number in (550, 680):
        await talk.ada.says(f"/watch {number}")
    await talk.ada.says("/watchlist oldest fight club")
    await talk.ada.sees("“fight club”", "Fight Club")
    await talk.ada.sees_no("Pulp Fiction")
    await talk.ada.says("/watchlist upside-down")
    await talk.ada.sees("Nothing fits: ", "“upside-down”")
    await talk.ada.presses("Show all")
    await talk.ada.sees("Fight Club", "Pulp Fiction")


async def test_an_empty_list_offers_what_could_be_on_it(talk: Talk) -> None:
    await talk.ada.says("/favorites tv")
    await talk.ada.sees("No favourite series yet.")
    await talk.ada.presses("Popular series")
    await talk.ada.sees("Popular series", "1. ")


async def test_everybody_has_lists_of_their_own(talk: Talk) -> None:
    await talk.ada.says("/fav 550")
    await talk.ben.says("/favorites")
    await talk.ben.sees("No favourite films yet.")


@pytest.mark.parametrize("said", ["300", "1917"])
async def test_a_number_that_is_a_name_too_is_asked(talk: Talk, said: str) -> None:
    await talk.ada.says(f"/fav {said}")
    await talk.ada.sees_no("Added")
    [label] = [label for label in await talk.ada.buttons() if label.startswith(said)]
    await talk.ada.presses(label)
    await talk.ada.sees(said, "Added to your favourites.")


@pytest.mark.parametrize("front", ["core", "web"], indirect=True)
async def test_sample_lists_are_filled_for_all_and_only_when_asked(talk: Talk) -> None:
    await talk.ada.says("/watchlist")
    await talk.ada.sees("No films")
    await talk.ada.says("/rate 550 3")
    await talk.ada.says("/start")
    await talk.ada.presses("Fill with sample lists")
    await talk.ada.sees("Ada, Ben, Cleo, Dee and Eli have lists now.")
    await talk.ada.says("/watchlist")
    await talk.ada.sees_button("Page 2 ›")
    await talk.ada.says("/rated oldest")
    await talk.ada.sees("1. Fight Club (1999) ★ 3")
    await talk.cleo.says("/favorites")
    await talk.cleo.sees("2. ")
    await talk.ada.presses("Fill with sample lists")
    await talk.ada.sees("Ada, Ben, Cleo, Dee and Eli had their lists already. Nothing was changed.")
