"""In a group: what is shared carries no personal state, what is personal is answered in private."""

from __future__ import annotations

import pytest

from tests.talk import Talk


async def test_a_card_in_a_group_shows_nobodys_state(talk: Talk) -> None:
    await talk.ada.says("/rate 550 9")
    await talk.ada.says("/watch 680")
    await talk.ada.in_group.says("/movie 550")
    await talk.ada.in_group.sees("Fight Club")
    await talk.ada.in_group.sees_no("★", "✓")


async def test_a_press_counts_for_whoever_presses_and_names_the_account(talk: Talk) -> None:
    await talk.ada.in_group.says("/movie 550")
    await talk.ben.in_group.presses("+ Watchlist")
    await talk.ben.in_group.sees("Fight Club", "Added to Ben’s watchlist.")
    await talk.ben.is_told("Added to your watchlist.")
    await talk.ben.says("/watchlist")
    await talk.ben.sees("Fight Club")
    await talk.ada.says("/watchlist")
    await talk.ada.sees_no("Fight Club")


async def test_pressing_again_says_that_it_is_there_to_the_presser_alone(talk: Talk) -> None:
    await talk.ada.in_group.says("/movie 550")
    await talk.ben.in_group.presses("+ Watchlist")
    before = await talk.ada.in_group.messages()
    await talk.ben.in_group.presses("+ Watchlist")
    await talk.ben.is_told("It is on your watchlist already.")
    assert await talk.ada.in_group.messages() == before


async def test_rate_on_a_shared_card_opens_the_pad_in_private(talk: Talk) -> None:
    await talk.ada.in_group.says("/movie 550")
    before = await talk.ada.in_group.messages()
    await talk.ben.in_group.presses("Rate")
    await talk.ben.is_told("private")
    assert await talk.ada.in_group.messages() == before
    await talk.ben.sees("Fight Club")
    await talk.ben.presses("8")
    await talk.ben.sees("Rated 8.")


@pytest.mark.parametrize("command", ["/watchlist", "/favorites", "/rated tv", "/account", "/rate 550", "/login"])
async def test_what_is_personal_is_answered_in_private(talk: Talk, command: str) -> None:
    await talk.ada.in_group.says("/movie 680")
    await talk.ben.in_group.says(command)
    last = (await talk.ada.in_group.messages())[-1]
    assert (last.author, last.text) == ("ben", command), "the bot adds nothing to the group"
    await talk.ben.answer()


async def test_a_rating_typed_in_a_group_names_whose_it_is(talk: Talk) -> None:
    await talk.ada.in_group.says("/rate 550 8.5")
    await talk.ada.in_group.sees("Ada rated it 8.5.")
    await talk.ada.in_group.presses("Undo")
    await talk.ada.in_group.sees("Undone on Ada’s account.")


async def test_chat_among_people_is_not_answered(talk: Talk) -> None:
    await talk.ada.in_group.says("/movie 550")
    before = len(await talk.ada.in_group.messages())
    await talk.ben.in_group.says("shall we watch fight club?")
    assert len(await talk.ada.in_group.messages()) == before + 1


async def test_a_strangers_command_in_a_group_is_not_answered(talk: Talk) -> None:
    await talk.ada.in_group.says("/movie 550")
    before = len(await talk.ada.in_group.messages())
    await talk.ben.in_group.says("/roll 2d6")
    assert len(await talk.ada.in_group.messages()) == before + 1


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("/rate", "something missing"),
        ("/popular foo", "foo"),
        ("/rate 550 11", "from 0.5 to 10"),
        ("/search qwxzqwxz", "found nothing"),
    ],
)
async def test_a_command_with_a_mistake_is_answered_in_a_group(talk: Talk, command: str, words: str) -> None:
    await talk.ada.in_group.says("/movie 550")
    await talk.ben.in_group.says(command)
    await talk.ben.in_group.sees(words)


@pytest.mark.parametrize(
    ("command", "label", "done"),
    [
        ("/watch lord of the rings", "The Lord of the Rings: The Two Towers (2002)", "Added to Ada’s watchlist."),
        ("/rate toy story 2", "Rate Toy Story (1995): 2", "Ada rated it 2."),
        ("/rate 550 8.3", "8.5", "Ada rated it 8.5."),
        ("/movie lord of the rings", "The Lord of the Rings: The Two Towers (2002)", "Peter Jackson"),
    ],
)
async def test_a_question_in_a_group_is_for_whoever_was_asked(talk: Talk, command: str, label: str, done: str) -> None:
    await talk.ada.in_group.says(command)
    before = await talk.ada.in_group.messages()
    await talk.ben.in_group.presses(label)
    await talk.ben.is_told("This button is Ada’s.", "Type the command yourself.")
    assert await talk.ada.in_group.messages() == before
    await talk.ben.says("/rated")
    await talk.ben.sees("You have rated no films yet.")
    await talk.ada.in_group.presses(label)
    await talk.ada.in_group.sees(done)


async def test_what_is_asked_about_a_value_names_the_title(talk: Talk) -> None:
    await talk.ada.in_group.says("/rate 550 8.3")
    await talk.ada.in_group.sees("8.3", "How do you rate Fight Club (1999)?")
    await talk.ada.says("/rate fight club 11")
    await talk.ada.sees("How do you rate Fight Club (1999)?")
    await talk.ada.sees_button("9.5", "10")


async def test_putting_it_back_is_for_whoever_rated_it(talk: Talk) -> None:
    await talk.ada.in_group.says("/watch 550")
    await talk.ada.in_group.says("/rate 550 9")
    await talk.ada.in_group.sees("Ada rated it 9. That took it off the watchlist.")
    await talk.ben.in_group.presses("Put it back")
    await talk.ben.is_told("This button is Ada’s.")
    await talk.ben.says("/watchlist")
    await talk.ben.sees("No films on your watchlist yet.")
    await talk.ada.in_group.presses("Put it back")
    await talk.ada.in_group.sees("Added to Ada’s watchlist.")


async def test_a_search_that_is_typed_as_a_command_is_answered_in_a_group(talk: Talk) -> None:
    await talk.ada.in_group.says("/search toy story")
    await talk.ben.in_group.sees("Toy Story")
