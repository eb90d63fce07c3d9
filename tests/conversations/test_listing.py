"""Lists that are worked with: narrowed, sorted, looked through, added up, and cleared of several titles at once."""

from __future__ import annotations

import pytest

from tests.core_front import CoreFront
from tests.talk import Talk

PULP, ALIEN, FIGHT_CLUB, CASABLANCA = 680, 348, 550, 289


async def shelve(talk: Talk, *numbers: int) -> None:
    for number in numbers:
        await talk.ada.says(f"/watch m{number}")


async def test_a_list_is_narrowed_in_place_and_shown_whole_again(talk: Talk) -> None:
    await shelve(talk, PULP, ALIEN, FIGHT_CLUB)
    await talk.ada.says("/watchlist")
    before = len(await talk.ada.messages())
    await talk.ada.presses("Filter & sort")
    await talk.ada.presses("Genre")
    await talk.ada.presses("Crime (1)")
    await talk.ada.sees("Films on your watchlist, newest first · Crime", "1. Pulp Fiction (1994)")
    await talk.ada.sees_no("Alien", "Fight Club")
    await talk.ada.presses("Filter & sort")
    await talk.ada.sees_button("✓ Genre")
    await talk.ada.presses("Show all")
    await talk.ada.sees("1. Fight Club (1999)", "2. Alien (1979)", "3. Pulp Fiction (1994)")
    assert len(await talk.ada.messages()) == before, "all of it in the same message"


async def test_a_list_is_narrowed_by_length(talk: Talk) -> None:
    await shelve(talk, PULP, ALIEN, CASABLANCA)
    await talk.ada.says("/watchlist")
    await talk.ada.presses("Filter & sort")
    await talk.ada.presses("Length")
    await talk.ada.presses("Under two hours")
    await talk.ada.sees("under two hours", "1. Casablanca", "2. Alien")
    await talk.ada.sees("1\u00a0h\u00a057\u00a0min", "1\u00a0h\u00a042\u00a0min")
    await talk.ada.sees_no("Pulp Fiction")
    await talk.ada.says("/watchlist u90")
    await talk.ada.sees("Nothing fits", "under 90 minutes")
    await talk.ada.presses("Show all")
    await talk.ada.sees("Pulp Fiction (1994)")


async def test_a_list_is_narrowed_by_decade(talk: Talk) -> None:
    await shelve(talk, PULP, ALIEN, FIGHT_CLUB)
    await talk.ada.says("/watchlist")
    await talk.ada.presses("Filter & sort")
    await talk.ada.presses("Decade")
    await talk.ada.sees_button("1990s (2)", "1970s (1)", "Every decade")
    await talk.ada.presses("1990s (2)")
    await talk.ada.sees(
        "Films on your watchlist, newest first · 1990s", "1. Fight Club (1999)", "2. Pulp Fiction (1994)"
    )
    await talk.ada.sees_no("Alien")
    await talk.ada.presses("Filter & sort")
    await talk.ada.presses("✓ Decade")
    await talk.ada.presses("Every decade")
    await talk.ada.sees("Alien (1979)")
    await talk.ada.says("/watchlist crime 90s")
    await talk.ada.sees("Crime · 1990s", "1. Pulp Fiction (1994)")
    await talk.ada.sees_no("Fight Club")


async def test_back_leads_to_the_choices_and_then_to_the_page_that_was_there(talk: Talk) -> None:
    await shelve(talk, *range(11, 16), 18, 19, 22, 24, 58, 62)
    await talk.ada.says("/watchlist 2")
    await talk.ada.presses("Filter & sort")
    await talk.ada.presses("Length")
    await talk.ada.presses("‹ Back")
    await talk.ada.presses("‹ Back")
    await talk.ada.sees("11. Star Wars (1977)")


@pytest.mark.parametrize(
    ("order", "heading", "lines"),
    [
        ("By title", "sorted here by title", ("1. Alien (1979)", "2. Fight Club (1999)", "3. Pulp Fiction (1994)")),
        ("By year", "sorted here by year", ("1. Fight Club (1999)", "2. Pulp Fiction (1994)", "3. Alien (1979)")),
        ("Shortest first", "shortest first", ("1. Alien (1979)", "2. Fight Club (1999)", "3. Pulp Fiction (1994)")),
    ],
)
async def test_a_list_is_sorted_here_where_its_service_can_not(
    talk: Talk, order: str, heading: str, lines: tuple[str, ...]
) -> None:
    await shelve(talk, FIGHT_CLUB, ALIEN, PULP)
    await talk.ada.says("/watchlist")
    await talk.ada.presses("Filter & sort")
    await talk.ada.presses("Order")
    await talk.ada.presses(order)
    await talk.ada.sees(heading, *lines)
    await talk.ada.presses("Filter & sort")
    await talk.ada.presses("Order")
    await talk.ada.sees_button(f"✓ {order}")


async def test_what_one_has_rated_is_sorted_by_rating(talk: Talk) -> None:
    for number, rating in ((PULP, 7), (ALIEN, 9), (FIGHT_CLUB, 8)):
        await talk.ada.says(f"/rate m{number} {rating}")
    await talk.ada.says("/rated rating")
    await talk.ada.sees("1. Alien (1979) ★ 9", "2. Fight Club (1999) ★ 8", "3. Pulp Fiction (1994) ★ 7")


async def test_a_title_is_found_in_a_list_also_when_misspelled(talk: Talk) -> None:
    await shelve(talk, PULP, ALIEN, FIGHT_CLUB)
    await talk.ada.says("/watchlist")
    await talk.ada.presses("Filter & sort")
    await talk.ada.presses("Find")
    await talk.ada.sees("/watchlist find heat")
    await talk.ada.says("/watchlist find fight")
    await talk.ada.sees("“fight”", "1. Fight Club (1999)")
    await talk.ada.says("/watchlist find fihgt club")
    await talk.ada.sees("1. Fight Club (1999)")
    await talk.ada.says("/watchlist find zzz")
    await talk.ada.sees("Nothing fits", "“zzz”")
    await talk.ada.says("/watchlist find")
    await talk.ada.sees("/watchlist find heat")


async def test_what_is_looked_for_may_be_longer_than_a_button_carries(talk: Talk) -> None:
    await shelve(talk, PULP)
    await talk.ada.says("/watchlist find the very long name of a film that nobody has ever put on a list")
    await talk.ada.presses("Filter & sort")
    await talk.ada.presses("Show all")
    await talk.ada.sees("1. Pulp Fiction (1994)")


async def test_how_long_a_watchlist_is(talk: Talk) -> None:
    await shelve(talk, PULP, ALIEN)
    await talk.ada.says("/watchlist")
    await talk.ada.presses("Filter & sort")
    await talk.ada.presses("How long is all this?")
    await talk.ada.sees("About 5 hours for 2 films.")
    await talk.ada.presses("‹ Back")
    await talk.ada.sees("1. Alien (1979)")


async def test_how_long_series_are_is_said_where_it_is_known(talk: Talk) -> None:
    await talk.ada.says("/watch tv 1396")
    await talk.ada.says("/watchlist tv")
    await talk.ada.presses("Filter & sort")
    await talk.ada.presses("How long is all this?")
    await talk.ada.sees("I don't know how long anything on this list is.", "1 more is not counted")


# ── Several at once ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_several_titles_are_taken_off_and_put_back_together(talk: Talk) -> None:
    await shelve(talk, PULP, ALIEN, FIGHT_CLUB)
    await talk.ada.says("/watchlist")
    before = len(await talk.ada.messages())
    await talk.ada.presses("Remove several")
    await talk.ada.sees_no_button("Remove 0")
    await talk.ada.presses("1")
    await talk.ada.sees("✓ 1. Fight Club (1999)")
    await talk.ada.presses("2")
    await talk.ada.presses("3")
    await talk.ada.presses("✓ 2")
    await talk.ada.sees("✓ 3. Pulp Fiction (1994)")
    await talk.ada.sees_no("✓ 2.")
    await talk.ada.presses("Remove 2")
    await talk.ada.sees("Taken off the watchlist: Fight Club (1999) and Pulp Fiction (1994).")
    await talk.ada.presses("‹ Back to the list")
    await talk.ada.sees("1. Alien (1979)")
    await talk.ada.sees_no("Pulp Fiction", "Fight Club")
    assert len(await talk.ada.messages()) == before
    await talk.ada.says("/undo")
    await talk.ada.sees("Undone: 2 titles are as they were before.")
    await talk.ada.presses("Show the list")
    await talk.ada.sees("1. Fight Club (1999)", "2. Pulp Fiction (1994)", "3. Alien (1979)")


async def test_undo_all_leaves_what_was_changed_since(talk: Talk) -> None:
    await shelve(talk, PULP, ALIEN)
    await talk.ada.says("/watchlist")
    await talk.ada.presses("Remove several")
    await talk.ada.presses("1")
    await talk.ada.presses("2")
    await talk.ada.presses("Remove 2")
    taken = await talk.ada.answer()
    await talk.ada.says(f"/rate m{PULP} 8")
    await talk.ada.presses_in(taken, "Undo all")
    await talk.ada.sees("Undone: 1 title is as it was before.", "Pulp Fiction (1994) has been changed since then")
    await talk.ada.presses("Undo Pulp Fiction (1994) anyway")
    await talk.ada.says("/watchlist")
    await talk.ada.sees("1. Pulp Fiction (1994)", "2. Alien (1979)")


async def test_cancel_changes_nothing(talk: Talk) -> None:
    await shelve(talk, PULP, ALIEN)
    await talk.ada.says("/watchlist")
    await talk.ada.presses("Remove several")
    await talk.ada.presses("1")
    await talk.ada.presses("Cancel")
    await talk.ada.sees("1. Alien (1979)", "2. Pulp Fiction (1994)")
    await talk.ada.sees_button("Remove several")


async def test_marks_never_mean_another_title_than_was_shown(talk: Talk) -> None:
    await shelve(talk, PULP, ALIEN)
    await talk.ada.says("/watchlist")
    await talk.ada.presses("Remove several")
    await talk.ada.presses("1")
    marked = await talk.ada.answer()
    await talk.ada.says(f"/watch m{FIGHT_CLUB}")
    await talk.ada.presses_in(marked, "2")
    await talk.ada.sees("1. Fight Club (1999)")
    await talk.ada.sees_no("✓")
    await talk.ada.is_told("The list has changed since, so nothing is marked.")


async def test_ratings_and_favourites_are_taken_away_in_the_same_way(talk: Talk) -> None:
    for number in (PULP, ALIEN):
        await talk.ada.says(f"/rate m{number} 8")
        await talk.ada.says(f"/fav m{number}")
    await talk.ada.says("/favorites")
    await talk.ada.presses("Remove several")
    await talk.ada.presses("1")
    await talk.ada.presses("Remove 1")
    await talk.ada.sees("Taken off the favourites: Alien (1979).")
    await talk.ada.says("/rated")
    await talk.ada.presses("Remove several")
    await talk.ada.presses("1")
    await talk.ada.presses("2")
    await talk.ada.presses("Remove 2")
    await talk.ada.sees("Ratings taken away: Alien (1979) and Pulp Fiction (1994).")
    await talk.ada.presses("Undo all")
    await talk.ada.says("/rated")
    await talk.ada.sees("1. Alien (1979) ★ 8", "2. Pulp Fiction (1994) ★ 8")


async def test_taking_several_off_twice_does_no_harm(core_front: CoreFront) -> None:
    talk = Talk(core_front)
    await shelve(talk, PULP, ALIEN, FIGHT_CLUB)
    await talk.ada.says("/watchlist")
    await talk.ada.presses("Remove several")
    await talk.ada.presses("1")
    await talk.ada.presses("2")
    await talk.ada.presses("Remove 2")
    assert "Fight Club (1999) and Alien (1979)" in await core_front.again("ada")
    await talk.ada.presses("Undo all")
    assert "Undone: 2 titles" in await core_front.again("ada")
    await talk.ada.says("/watchlist")
    await talk.ada.sees("1. Fight Club (1999)", "2. Alien (1979)", "3. Pulp Fiction (1994)")


async def test_a_personal_list_is_worked_with_in_private(talk: Talk) -> None:
    await shelve(talk, PULP, ALIEN)
    await talk.ada.in_group.says("/watchlist title")
    await talk.ada.sees("sorted here by title", "1. Alien (1979)")
    assert all("Alien (1979)" not in message.text for message in await talk.ben.in_group.messages())
