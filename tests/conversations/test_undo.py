"""Undo: back to the whole state before, by the one who made the change, even much later."""

from __future__ import annotations

import pytest

from tests.talk import Talk


async def test_undo_goes_back_to_the_rating_before(talk: Talk) -> None:
    await talk.ada.says("/rate 550 7")
    await talk.ada.says("/rate 550 9")
    await talk.ada.sees("Rated 9 instead of 7.")
    await talk.ada.presses("Undo")
    await talk.ada.sees("Undone")
    await talk.ada.sees_button("★ 7")


async def test_undo_of_a_rating_puts_the_title_back_on_the_watchlist(talk: Talk) -> None:
    await talk.ada.says("/watch 550")
    await talk.ada.says("/fav 550")
    await talk.ada.says("/rate 550 9")
    await talk.ada.presses("Undo")
    await talk.ada.sees_button("✓ Watchlist", "✓ Favourite", "Rate")
    await talk.ada.says("/movie 550")
    await talk.ada.sees_button("✓ Watchlist", "✓ Favourite", "Rate")


async def test_undo_asks_when_the_value_has_changed_since(talk: Talk) -> None:
    await talk.ada.says("/rate 550 7")
    await talk.ada.says("/movie 550")
    await talk.ada.says("/rate 550 9")
    await talk.ada.says("/help")
    first = next(m for m in await talk.ada.messages() if "Rated 7." in m.text)
    await talk.ada.presses_in(first, "Undo")
    await talk.ada.sees("has been changed since", "rated 9", "not rated")
    await talk.ada.presses("Leave it")
    await talk.ada.sees_button("★ 9")


async def test_undo_anyway(talk: Talk) -> None:
    await talk.ada.says("/rate 550 7")
    await talk.ada.says("/rate 550 9")
    first = next(m for m in await talk.ada.messages() if "Rated 7." in m.text)
    await talk.ada.presses_in(first, "Undo")
    await talk.ada.presses("Undo anyway")
    await talk.ada.sees("Undone")
    await talk.ada.sees_button("Rate")


@pytest.mark.parametrize("front", ["core", "web"], indirect=True)  # where the first change has number 1
async def test_undo_twice_is_done_once(talk: Talk) -> None:
    await talk.ada.says("/fav 550")
    await talk.ada.presses("Undo")
    await talk.ada.says("/undo 1")
    await talk.ada.sees("Undone")
    await talk.ada.sees_button("+ Favourite")


async def test_undo_belongs_to_the_one_who_made_the_change(talk: Talk) -> None:
    await talk.ada.in_group.says("/fav 550")
    await talk.ben.in_group.presses("Undo")
    await talk.ben.is_told("somebody else")
    await talk.ada.says("/movie 550")
    await talk.ada.sees_button("✓ Favourite")


async def test_the_last_changes_are_undone_one_after_the_other(talk: Talk) -> None:
    await talk.ada.says("/rate 550 7")
    await talk.ada.says("/rate 550 9")
    await talk.ada.says("/fav 680")
    await talk.ada.says("/undo")
    await talk.ada.sees("Pulp Fiction", "Undone")
    await talk.ada.sees_button("+ Favourite")
    await talk.ada.says("/undo")
    await talk.ada.sees("Fight Club", "Undone")
    await talk.ada.sees_button("★ 7")
    await talk.ada.says("/undo")
    await talk.ada.sees_button("Rate")
    await talk.ada.says("/undo")
    await talk.ada.sees("no change of yours")


async def test_a_change_that_a_button_undid_is_not_the_last(talk: Talk) -> None:
    await talk.ada.says("/fav 550")
    await talk.ada.says("/fav 680")
    await talk.ada.presses("Undo")
    await talk.ada.says("/undo")
    await talk.ada.sees("Fight Club", "Undone")


async def test_in_a_group_only_what_was_done_there_is_undone(talk: Talk) -> None:
    await talk.ada.in_group.says("/fav 550")
    await talk.ben.in_group.says("/watch 550")
    await talk.ada.says("/fav 680")
    await talk.ada.in_group.says("/undo")
    await talk.ada.in_group.sees("Fight Club", "Undone on Ada’s account.")
    await talk.ada.in_group.says("/undo")
    await talk.ada.in_group.sees("no change of yours")
    await talk.ada.says("/undo")
    await talk.ada.sees("Pulp Fiction", "Undone")


async def test_who_presses_second_leaves_the_first_his_undo(talk: Talk) -> None:
    await talk.ada.in_group.says("/movie 550")
    await talk.ben.in_group.presses("+ Watchlist")
    await talk.cleo.in_group.presses("+ Favourite")
    await talk.cleo.in_group.sees("Added to Cleo’s favourites.")
    await talk.cleo.is_told("Added to your favourites.")
    await talk.ben.in_group.says("/undo")
    await talk.ben.in_group.sees("Fight Club", "Undone on Ben’s account.")
    await talk.ben.says("/watchlist")
    await talk.ben.sees("No films on your watchlist yet.")


async def test_a_word_after_undo_is_refused(talk: Talk) -> None:
    await talk.ada.says("/undo fight club")
    await talk.ada.sees("fight club", "/undo")


async def test_undo_of_nothing_is_out_of_date(talk: Talk) -> None:
    await talk.ada.says("/undo 999999999")
    await talk.ada.sees("out of date")
