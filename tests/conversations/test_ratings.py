"""Rating titles: every way to write it, the pad, and what is asked instead of guessed."""

from __future__ import annotations

import pytest

from tests.talk import OVER_THE_CORE, Talk


async def test_a_rating_is_kept_and_shown(talk: Talk) -> None:
    await talk.ada.says("/rate 550 8.5")
    await talk.ada.sees("Fight Club", "Rated 8.5.")
    await talk.ada.sees_button("Undo", "★ 8.5")
    await talk.ada.says("/rated")
    await talk.ada.sees("Fight Club", "★ 8.5")


@OVER_THE_CORE
@pytest.mark.parametrize("value", ["8.5", "8,5", "8.5/10", "8½", "8.50", "8.5 / 10"])
async def test_half_points_as_people_write_them(talk: Talk, value: str) -> None:
    await talk.ada.says(f"/rate 550 {value}")
    await talk.ada.sees("Fight Club", "Rated 8.5.")


@OVER_THE_CORE
@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("fight club 8.5", "Fight Club"),
        ("FIGHT CLUB 1999 8.5", "Fight Club"),
        ("amelie 8.5", "Amélie"),
        ("the godfather 8.5", "The Godfather"),
        ("tt0137523 8.5", "Fight Club"),
        ("https://www.themoviedb.org/movie/550-fight-club?language=de 8.5", "Fight Club"),
        ("https://m.imdb.com/title/tt0137523/ 8.5", "Fight Club"),
        ("tv 1396 8.5", "Breaking Bad"),
        ("tv1396 8.5", "Breaking Bad"),
        ("12 angry men 8.5", "12 Angry Men"),
        ("8½ 8.5", "8½"),
        ("1917 8.5", None),
        ("iron man 8.5", "Iron Man"),
        ("2001 a space odyssey 8.5", "2001: A Space Odyssey"),
        ("fight club 8", "Fight Club"),
    ],
)
async def test_titles_as_people_write_them(talk: Talk, said: str, title: str | None) -> None:
    await talk.ada.says(f"/rate {said}")
    if title is None:
        await talk.ada.sees_no("Rated")
    else:
        await talk.ada.sees(title, "Rated 8")


@OVER_THE_CORE
@pytest.mark.parametrize(
    ("said", "readings"),
    [
        ("iron man 3", ["Rate Iron Man (2008): 3", "Iron Man 3 (2013): choose a rating"]),
        ("toy story 2", ["Rate Toy Story (1995): 2", "Toy Story 2 (1999): choose a rating"]),
        ("1917", ["1917 (2019): choose a rating"]),
        ("300 8", ["Rate 300 (2007): 8"]),
        ("kill bill 1", ["Kill Bill: Vol. 1 (2003): choose a rating"]),
        ("1396", None),
    ],
)
async def test_what_can_be_read_two_ways_is_asked(talk: Talk, said: str, readings: list[str] | None) -> None:
    await talk.ada.says(f"/rate {said}")
    await talk.ada.sees_no("Rated")
    if readings is not None:
        await talk.ada.sees_button(*readings)
    await talk.ada.says("/rated")
    await talk.ada.sees("You have rated no films yet.")


async def test_a_reading_that_was_pressed_is_gone_on_with(talk: Talk) -> None:
    await talk.ada.says("/rate toy story 2")
    await talk.ada.presses("Rate Toy Story (1995): 2")
    await talk.ada.sees("Toy Story (1995)", "Rated 2.")
    await talk.ada.says("/rate iron man 3")
    await talk.ada.presses("Iron Man 3 (2013): choose a rating")
    await talk.ada.presses("9.5")
    await talk.ada.sees("Iron Man 3 (2013)", "Rated 9.5.")


async def test_a_number_in_the_name_is_no_rating(talk: Talk) -> None:
    await talk.ada.says("/rate blade runner 2049")
    await talk.ada.sees("Blade Runner 2049")
    await talk.ada.presses("9")
    await talk.ada.sees("Rated 9.")


async def test_words_that_fit_several_titles_are_offered(talk: Talk) -> None:
    await talk.ada.says("/rate lord of the rings 9")
    await talk.ada.sees("Which one")
    await talk.ada.sees_no("Rated")
    await talk.ada.presses("Rate The Lord of the Rings: The Two Towers (2002): 9")
    await talk.ada.sees("The Two Towers", "Rated 9.")


async def test_words_without_a_value_that_fit_several_open_the_pad(talk: Talk) -> None:
    for said in ("/rate lord of the rings", "/rate lord of the rings 11"):
        await talk.ada.says(said)
        await talk.ada.presses("The Lord of the Rings: The Two Towers (2002): choose a rating")
        await talk.ada.sees("The Two Towers")
        await talk.ada.sees_button("0.5", "10")


async def test_a_film_and_a_series_that_are_offered_together_say_which_is_which(talk: Talk) -> None:
    await talk.ada.says("/rate star 7")
    await talk.ada.sees_button("Rate Star Wars (1977), film: 7", "Rate The Boys (2019), series: 7")
    await talk.ada.presses("Rate The Boys (2019), series: 7")
    await talk.ada.sees("The Boys", "Rated 7.")


async def test_a_slip_of_the_thumb_is_not_written_to(talk: Talk) -> None:
    await talk.ada.says("/rate figth club 9")
    await talk.ada.sees_no("Rated")
    await talk.ada.presses("Rate Fight Club (1999): 9")
    await talk.ada.sees("Fight Club", "Rated 9.")


@OVER_THE_CORE
@pytest.mark.parametrize(
    ("value", "nearest"),
    [
        ("8.3", ["8", "8.5"]),
        ("11", ["9.5", "10"]),
        ("0", ["0.5", "1"]),
        ("-1", ["0.5", "1"]),
        ("8.75", ["8.5", "9"]),
        ("17/20", ["8.5"]),
        ("17 / 20", ["8.5"]),
        ("3/4", ["7.5"]),
        ("2/3", ["6.5", "7"]),
        ("25/20", ["9.5", "10"]),
        ("8.3/10", ["8", "8.5"]),
    ],
)
async def test_what_is_no_rating_gets_the_nearest(talk: Talk, value: str, nearest: list[str]) -> None:
    await talk.ada.says(f"/rate 550 {value}")
    await talk.ada.sees("from 0.5 to 10")
    assert await talk.ada.buttons() == nearest
    await talk.ada.presses(nearest[0])
    await talk.ada.sees("Fight Club", f"Rated {nearest[0]}.")


@OVER_THE_CORE
@pytest.mark.parametrize("value", ["good", "NaN", "1e309", "٨", "8.5.5", "17/0"])
async def test_what_is_no_number_gets_the_pad(talk: Talk, value: str) -> None:
    await talk.ada.says(f"/rate 550 {value}")
    await talk.ada.sees("from 0.5 to 10")
    await talk.ada.presses("Choose a rating")
    await talk.ada.presses("8.5")
    await talk.ada.sees("Rated 8.5.")


async def test_the_pad_marks_the_own_rating_and_clears_it(talk: Talk) -> None:
    await talk.ada.says("/rate 550")
    await talk.ada.sees_no_button("Clear")
    await talk.ada.presses("7")
    await talk.ada.says("/rate 550")
    await talk.ada.sees_button("✓ 7", "Clear", "0.5", "10")
    await talk.ada.presses("Clear")
    await talk.ada.sees("Fight Club", "Your rating is gone.")
    await talk.ada.sees_button("Rate", "Undo")


async def test_the_pad_goes_back_to_the_card(talk: Talk) -> None:
    await talk.ada.says("/movie 550")
    await talk.ada.presses("Rate")
    await talk.ada.presses("‹ Back")
    await talk.ada.sees("Fight Club", "David Fincher")
    assert len([m for m in await talk.ada.messages() if m.author == "bot" and "Fight Club" in m.text]) == 1


async def test_rating_takes_a_title_off_the_watchlist_and_says_so(talk: Talk) -> None:
    await talk.ada.says("/watch 550")
    await talk.ada.says("/rate 550 9")
    await talk.ada.sees("Rated 9. That took it off your watchlist.")
    await talk.ada.sees_button("Put it back", "+ Watchlist")
    await talk.ada.presses("Put it back")
    await talk.ada.sees("Added to your watchlist.")
    await talk.ada.sees_button("✓ Watchlist", "★ 9")


async def test_the_same_rating_again_changes_nothing(talk: Talk) -> None:
    await talk.ada.says("/rate 550 9")
    await talk.ada.says("/watch 550")
    await talk.ada.says("/rate 550 9")
    await talk.ada.sees("You have rated it 9 already.")
    await talk.ada.sees_button("✓ Watchlist")
    await talk.ada.sees_no_button("Undo")


async def test_unrate_takes_the_rating_away(talk: Talk) -> None:
    await talk.ada.says("/rate tv 1396 10")
    await talk.ada.says("/unrate tv 1396")
    await talk.ada.sees("Breaking Bad", "Your rating is gone.")
    await talk.ada.says("/unrate tv 1396")
    await talk.ada.sees("You have not rated it.")


@pytest.mark.parametrize("number", ["999999", "2147483647"])
async def test_an_unknown_number_is_said(talk: Talk, number: str) -> None:
    await talk.ada.says(f"/rate {number} 8")
    await talk.ada.sees(f"I know no film with the number {number}", "/search WORDS")
    await talk.ada.sees_button("How to find a title")


@OVER_THE_CORE
@pytest.mark.parametrize(
    ("said", "words", "label", "then"),
    [
        ("/tv 550", "550 is a film: Fight Club (1999)", "Fight Club (1999)", "David Fincher"),
        ("/movie 1399", "1399 is a series: Game of Thrones (2011)", "Game of Thrones (2011)", "2011"),
        ("/rate tv 550 8", "550 is a film: Fight Club (1999)", "Rate Fight Club (1999): 8", "Rated 8."),
        ("/fav 1399", "1399 is a series: Game of Thrones (2011)", "Game of Thrones (2011)", "Added to your"),
    ],
)
async def test_a_number_of_the_other_kind_is_offered(talk: Talk, said: str, words: str, label: str, then: str) -> None:
    await talk.ada.says(said)
    await talk.ada.sees(words)
    await talk.ada.presses(label)
    await talk.ada.sees(words.partition(": ")[2], then)


@OVER_THE_CORE
@pytest.mark.parametrize("number", ["9223372036854775808", "0", "-1", "99999999999999999999"])
async def test_an_impossible_number_is_refused_in_a_sentence(talk: Talk, number: str) -> None:
    await talk.ada.says(f"/rate {number} 8")
    await talk.ada.sees_no("Rated", "Sorry")


async def test_without_a_title_the_usage_is_shown(talk: Talk) -> None:
    await talk.ada.says("/rate")
    await talk.ada.sees("something missing", "/rate fight club 8.5")
