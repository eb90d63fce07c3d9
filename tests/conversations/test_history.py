"""History: what was changed on an account from here, newest first, each to be undone or opened."""

from __future__ import annotations

from tests.talk import Talk


async def test_nothing_was_changed_yet(talk: Talk) -> None:
    await talk.ada.says("/history")
    await talk.ada.sees("changed nothing on this account yet")


async def test_changes_are_listed_the_newest_first_with_what_they_did(talk: Talk) -> None:
    await talk.ada.says("/watch 550")
    await talk.ada.says("/rate 550 7")
    await talk.ada.says("/rate 550 8,5")
    await talk.ada.says("/fav tv 1396")
    await talk.ada.says("/unrate 550")
    await talk.ada.says("/history")
    await talk.ada.sees(
        "1. Fight Club (1999): rating 8.5 taken away, ",
        "2. Breaking Bad (2008): favourites +, ",
        "3. Fight Club (1999): rated 8.5 (was 7), ",
        "4. Fight Club (1999): rated 7, watchlist −, ",
        "5. Fight Club (1999): watchlist +, ",
    )
    assert await talk.ada.buttons() == ["1", "2", "3", "4", "5"]
    await talk.ben.says("/history")
    await talk.ben.sees("changed nothing")


async def test_a_change_is_undone_from_its_number_and_marked(talk: Talk) -> None:
    await talk.ada.says("/fav 550")
    await talk.ada.says("/fav 680")
    await talk.ada.says("/history")
    await talk.ada.presses("2")
    await talk.ada.sees("Fight Club (1999): favourites +")
    await talk.ada.presses("Undo")
    await talk.ada.sees("Fight Club", "Undone")
    await talk.ada.sees_button("+ Favourite")
    await talk.ada.says("/history")
    await talk.ada.sees("2. Fight Club (1999): favourites +, ", "(undone)")
    await talk.ada.presses("2")
    await talk.ada.sees_no_button("Undo")
    await talk.ada.presses("‹ Back")
    await talk.ada.sees("1. Pulp Fiction (1994): favourites +")


async def test_a_changes_title_is_opened_below(talk: Talk) -> None:
    await talk.ada.says("/fav 550")
    await talk.ada.says("/history")
    await talk.ada.presses("1")
    await talk.ada.presses("Open")
    await talk.ada.sees("Fight Club", "David Fincher")
    await talk.ada.sees_button("✓ Favourite")


async def test_history_is_paged_and_ends(talk: Talk) -> None:
    for half in range(1, 13):
        await talk.ada.says(f"/rate 550 {half / 2}")
    await talk.ada.says("/history")
    await talk.ada.sees("1. Fight Club (1999): rated 6 (was 5.5)", "10. ", "1–10 of 12")
    await talk.ada.sees_no("11. ")
    await talk.ada.presses("Page 2 ›")
    await talk.ada.sees("11. ", "12. Fight Club (1999): rated 0.5, ", "11–12 of 12")
    await talk.ada.presses("12")
    await talk.ada.presses("‹ Back")
    await talk.ada.sees("12. Fight Club")
    await talk.ada.says("/history 99")
    await talk.ada.sees("12. Fight Club")


async def test_a_word_after_history_is_refused(talk: Talk) -> None:
    await talk.ada.says("/history yesterday")
    await talk.ada.sees("yesterday", "/history 2")


async def test_in_a_group_ones_history_is_answered_in_private(talk: Talk) -> None:
    await talk.ada.in_group.says("/fav 550")
    await talk.ada.in_group.says("/history")
    last = (await talk.ada.in_group.messages())[-1]
    assert (last.author, last.text) == ("ada", "/history"), "the bot adds nothing to the group"
    await talk.ada.sees("1. Fight Club (1999): favourites +")
