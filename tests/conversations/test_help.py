"""Hello, help, language, signing in, and what to say to what can't be read."""

from __future__ import annotations

import pytest

from bot.core.intents import COMMANDS
from tests.talk import OVER_THE_CORE, Talk


async def test_start_greets_by_name_with_things_to_press(talk: Talk) -> None:
    await talk.ada.says("/start")
    await talk.ada.sees("Hello Ada")
    await talk.ada.presses("Show me “Spirited Away”")
    await talk.ada.sees("Spirited Away", "Hayao Miyazaki")


async def test_help_has_every_command_in_one_of_its_topics(talk: Talk) -> None:
    await talk.ada.says("/help")
    assert len((await talk.ada.answer()).text) < 250, "it fits a phone, with room to spare"
    found = ""
    for topic in ("Find", "Discover", "Your lists", "Keep", "Rate", "Film night", "You and me"):
        await talk.ada.presses(topic)
        found += (await talk.ada.answer()).text + "\n"
        await talk.ada.presses("‹ Back")
        await talk.ada.sees_button(topic)
    assert all(command.usage in found for command in COMMANDS.values())
    assert [each for each in await talk.ada.messages() if each.author == "bot" and "send me the name" in each.text]


@pytest.mark.parametrize("asked", ["/help rate", "/help unrate", "/help Rate"])
async def test_help_can_be_asked_for_a_topic_or_a_command(talk: Talk, asked: str) -> None:
    await talk.ada.says(asked)
    await talk.ada.sees("/rate ID VALUE", "half points")


async def test_help_in_a_group_has_only_what_works_there(talk: Talk) -> None:
    await talk.ada.in_group.says("/help")
    await talk.ada.in_group.sees("/search fight club")
    await talk.ada.in_group.presses("You and me")
    await talk.ada.in_group.sees("/language")
    await talk.ada.in_group.sees_no("/logout", "/login", "/account")


@OVER_THE_CORE
@pytest.mark.parametrize(
    ("slip", "meant"), [("/wacthlist tv", "/watchlist tv"), ("/favorits", "/favorites"), ("/hepl", "/help")]
)
async def test_an_unknown_command_is_answered_with_the_nearest(talk: Talk, slip: str, meant: str) -> None:
    await talk.ada.says(slip)
    await talk.ada.sees("I don't know", meant.split(maxsplit=1)[0])
    await talk.ada.presses(meant)
    await talk.ada.sees_no("I don't know", "Sorry")


@OVER_THE_CORE
@pytest.mark.parametrize("word", ["/foo", "/logot", "/logaut", "/out"])
async def test_nobody_is_told_to_sign_out_by_a_guess(talk: Talk, word: str) -> None:
    await talk.ada.says(word)
    await talk.ada.sees("I don't know")
    await talk.ada.sees_no("/logout")


async def test_a_link_that_leads_nowhere_says_so_and_says_hello(talk: Talk) -> None:
    await talk.ada.says("/start go_987654")
    await talk.ada.sees("out of date", "Hello Ada")
    await talk.ada.sees_button("My watchlist", "What can you do?")


@OVER_THE_CORE
@pytest.mark.parametrize("said", ["/", "//", "/123", "/roll2d6", "/@", "/" + "x" * 200])
async def test_a_slash_is_never_searched_for(talk: Talk, said: str) -> None:
    await talk.ada.says(said)
    await talk.ada.sees("I don't know /")
    await talk.ada.sees_button("All commands")
    await talk.ada.in_group.says("/movie 550")
    before = len(await talk.ada.in_group.messages())
    await talk.ben.in_group.says(said)
    assert len(await talk.ada.in_group.messages()) == before + 1


@OVER_THE_CORE
@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("/tv1396", ["Breaking Bad"]),
        ("/watch550", ["Fight Club", "Added to your watchlist."]),
        ("/fav_550", ["Fight Club", "Added to your favourites."]),
        ("/rate550 8,5", ["Fight Club", "Rated 8.5."]),
        ("/favtv1396", ["Breaking Bad", "Added to your favourites."]),
        ("/favourites", ["No favourite films yet."]),
        ("/favourites tv", ["No favourite series yet."]),
        ("/favourite fight club", ["Added to your favourites."]),
        ("/favorite550", ["Added to your favourites."]),
    ],
)
async def test_a_command_as_people_write_it(talk: Talk, said: str, words: list[str]) -> None:
    await talk.ada.says(said)
    await talk.ada.sees(*words)


@OVER_THE_CORE
@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("/ratings", "/rate"),
        ("/rates", "/rate"),
        ("/watched", "/watch"),
        ("/w", "/watch"),
        ("/moive", "/movie"),
        ("/sarch", "/search"),
        ("/populr foo", "/popular foo"),
    ],
)
async def test_a_slip_is_answered_also_where_the_command_meant_lacks_something(
    talk: Talk, slip: str, meant: str
) -> None:
    await talk.ada.says(slip)
    await talk.ada.sees(f"I don't know {slip.split(maxsplit=1)[0]}.", f"Did you mean {meant.split(maxsplit=1)[0]}?")
    await talk.ada.presses(meant)
    await talk.ada.sees("Write it like this: ")


@OVER_THE_CORE
@pytest.mark.parametrize("word", ["go", "more", "samples"])
async def test_what_only_buttons_say_is_no_command(talk: Talk, word: str) -> None:
    for said in (f"/{word}", f"/{word} 2 toy story"):
        await talk.ada.says(said)
        await talk.ada.sees(f"I don't know /{word}.")


async def test_plain_text_in_private_is_a_search(talk: Talk) -> None:
    await talk.ada.says("toy story")
    await talk.ada.sees("Toy Story (1995)", "John Lasseter")
    await talk.ada.presses("Other results")
    await talk.ada.sees("Found for “toy story”", "1. Toy Story (1995)", "2. Toy Story 2 (1999)")
    await talk.ada.presses("2")
    await talk.ada.sees("Toy Story 2", "John Lasseter")


@OVER_THE_CORE
@pytest.mark.parametrize(
    "said", ["https://www.themoviedb.org/movie/550", "tt0137523", "https://www.imdb.com/title/tt0137523/?ref_=x"]
)
async def test_an_address_in_private_opens_its_title(talk: Talk, said: str) -> None:
    await talk.ada.says(said)
    await talk.ada.sees("Fight Club", "David Fincher")


async def test_a_film_and_a_series_by_their_numbers(talk: Talk) -> None:
    await talk.ada.says("/tv 1396")
    await talk.ada.sees("Breaking Bad", "Vince Gilligan", "Bryan Cranston")
    await talk.ada.says("/movie spirited away")
    await talk.ada.sees("Spirited Away", "千と千尋の神隠し", "2001")


async def test_a_number_that_no_name_has_is_a_films(talk: Talk) -> None:
    await talk.ada.says("550")
    await talk.ada.sees("Fight Club", "David Fincher")
    await talk.ada.says("1917")
    await talk.ada.sees("1917 (2019)")
    await talk.ada.says("999999")
    await talk.ada.sees("I know no film with the number 999999")
    await talk.ada.says("1399")
    await talk.ada.sees("1399 is a series: Game of Thrones")


@OVER_THE_CORE
@pytest.mark.parametrize("said", ["fight club 1995", "/search fight club 1995"])
async def test_a_year_that_nothing_fits_is_said(talk: Talk, said: str) -> None:
    await talk.ada.says(said)
    await talk.ada.sees("Nothing for “fight club 1995” is from 1995.", "1. Fight Club (1999)")
    await talk.ada.says("/movie fight club 1995")
    await talk.ada.sees("Which one do you mean by “fight club 1995”?")
    await talk.ada.sees_button("Fight Club (1999)")


@OVER_THE_CORE
@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("fight club 1999", "David Fincher"),
        ("fight club 1998", "David Fincher"),
        ("blade runner 2049", "Denis Villeneuve"),
        ("2001 a space odyssey", "Stanley Kubrick"),
    ],
)
async def test_a_year_that_fits_and_one_in_a_name_are_no_matter(talk: Talk, said: str, title: str) -> None:
    await talk.ada.says(said)
    await talk.ada.sees(title)


async def test_the_groups_first_example_finds_its_film(talk: Talk) -> None:
    await talk.ada.in_group.says("/start")
    await talk.ada.in_group.sees("/search fight club")
    await talk.ada.in_group.says("/search fight club")
    await talk.ada.in_group.sees("David Fincher")


async def test_nothing_found_says_what_to_try(talk: Talk) -> None:
    await talk.ada.says("qwxzqwxz")
    await talk.ada.sees("found nothing", "qwxzqwxz", "fewer words")


async def test_the_language_is_chosen_and_spoken_at_once(talk: Talk) -> None:
    await talk.ada.says("/language")
    await talk.ada.presses("Deutsch")
    await talk.ada.sees("Deutsch")
    await talk.ada.says("/rate 550 8.5")
    await talk.ada.sees("8,5")
    await talk.ada.says("/language klingon")
    await talk.ada.sees("klingon")
    await talk.ben.says("/rate 550 8.5")
    await talk.ben.sees("Rated 8.5.")


@OVER_THE_CORE
@pytest.mark.parametrize("said", ["german", "Deutsch", "DE"])
async def test_a_language_is_chosen_by_its_name(talk: Talk, said: str) -> None:
    await talk.ada.says(f"/language {said}")
    await talk.ada.sees("Deutsch")
    await talk.ada.says("/language Englisch")
    await talk.ada.sees("I speak English here now.")


async def test_a_group_has_a_language_of_its_own(talk: Talk) -> None:
    await talk.ada.in_group.says("/language de")
    await talk.ben.in_group.says("/rate 550 8.5")
    await talk.ben.in_group.sees("8,5")
    await talk.ben.says("/rate 550 9.5")
    await talk.ben.sees("9.5")


async def test_an_account_is_made_silently_and_shown(talk: Talk) -> None:
    await talk.ada.says("/account")
    await talk.ada.sees("Ada", "kept by this bot")
    await talk.ada.says("/login")
    await talk.ada.sees("You are signed in as Ada.")


async def test_signing_out_keeps_the_lists_and_signing_in_goes_on_with_the_wish(talk: Talk) -> None:
    await talk.ada.says("/fav 550")
    await talk.ada.says("/logout")
    await talk.ada.sees("You are signed out.", "Your lists stay here")
    await talk.ada.sees_no("/login")
    await talk.ada.says("/watch fight club")
    await talk.ada.sees("You are signed out.")
    await talk.ada.presses("Sign in and go on")
    await talk.ada.sees("You are signed in as Ada.", "Fight Club", "Added to your watchlist.")
    await talk.ada.sees_button("✓ Favourite", "✓ Watchlist")


async def test_signed_out_titles_can_still_be_looked_at(talk: Talk) -> None:
    await talk.ada.says("/logout")
    await talk.ada.says("/movie 550")
    await talk.ada.sees("Fight Club", "David Fincher")


async def test_help_says_how_a_title_is_named(talk: Talk) -> None:
    await talk.ada.says("/help find")
    await talk.ada.sees("alien 1979", "tv: the office", "person: tom hanks", "Letterboxd")
    await talk.ada.says("/help lists")
    await talk.ada.sees("What stands in brackets can be left out.", "/watchlist crime 90s")
    await talk.ada.says("/help discover")
    await talk.ada.sees("What stands in brackets can be left out.", "/trending [day|week] [movies|tv]")
