"""Settings: a person's own in private, a group's by its admins, by buttons and by typing; and what they do."""

from __future__ import annotations

import pytest

from tests.talk import OVER_THE_CORE, Talk


async def test_all_that_is_set_is_shown_with_a_button_each(talk: Talk) -> None:
    await talk.ada.says("/settings")
    await talk.ada.sees("Language: English", "Country: United States, as I guess", "Streaming: nothing chosen")
    await talk.ada.sees("Short answers: off", "I offer to put it back", "counted, not named", "as your account says")
    labels = await talk.ada.buttons()
    assert labels == ["Language", "Country", "Time zone", "Streaming", "Short answers", "After rating", "My name"]


async def test_a_choice_is_made_in_place_and_shown(talk: Talk) -> None:
    await talk.ada.says("/settings")
    count = len(await talk.ada.messages())
    await talk.ada.presses("Country")
    await talk.ada.sees("Whose cinemas", "/settings country Portugal")
    await talk.ada.presses("Germany")
    await talk.ada.sees("Saved.", "Country: Germany", "Time zone: Berlin, ")
    await talk.ada.presses("Country")
    await talk.ada.sees_button("✓ Germany")
    await talk.ada.presses("‹ Back")
    await talk.ada.sees("Your settings:")
    assert len(await talk.ada.messages()) == count, "all in the one message"
    await talk.ben.says("/settings")
    await talk.ben.sees("United States, as I guess")


async def test_there_are_more_countries_than_fit_a_view(talk: Talk) -> None:
    await talk.ada.says("/settings country")
    await talk.ada.presses("More…")
    await talk.ada.sees_button("Argentina", "‹ Page 1", "Page 3 ›")
    assert len(await talk.ada.buttons()) <= 8 + 3
    await talk.ada.presses("Argentina")
    await talk.ada.sees("Country: Argentina")


@OVER_THE_CORE
@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("country DE", "Country: Germany"),
        ("country portugal", "Country: Portugal"),
        ("country Deutschland", "Country: Germany"),
        ("land DE", "Country: Germany"),
        ("zone Europe/Lisbon", "Time zone: Lisbon"),
        ("zone new york", "Time zone: New York"),
        ("timezone asia/tokyo", "Time zone: Tokyo"),
        ("quiet on", "Short answers: on"),
        ("quiet yes", "Short answers: on"),
        ("watchlist back", "I put it back"),
        ("name on", "My name in groups: shown"),
        ("language deutsch", "Sprache: Deutsch"),
    ],
)
async def test_every_choice_can_be_typed(talk: Talk, said: str, shown: str) -> None:
    await talk.ada.says(f"/settings {said}")
    await talk.ada.sees(shown)
    await talk.ada.says("/settings")
    await talk.ada.sees(shown)


@OVER_THE_CORE
@pytest.mark.parametrize(
    ("said", "usage"),
    [
        ("country Narnia", "/settings country DE"),
        ("country EU", "/settings country DE"),
        ("zone Mordor", "/settings zone Europe/Berlin"),
        ("quiet perhaps", "/settings quiet on|off"),
        ("watchlist burn", "/settings watchlist leave|ask|back"),
        ("language klingon", "/settings language en|de"),
        ("colour red", "/settings language|country|zone"),
        ("links on", "/settings language|country|zone"),
    ],
)
async def test_what_cannot_be_chosen_is_refused_with_what_can(talk: Talk, said: str, usage: str) -> None:
    await talk.ada.says(f"/settings {said}")
    await talk.ada.sees("I don't understand", usage)
    await talk.ada.presses("All settings")
    await talk.ada.sees("as I guess", "Short answers: off")


async def test_the_zones_offered_are_the_countrys(talk: Talk) -> None:
    await talk.ada.says("/settings country US")
    await talk.ada.sees("Time zone: UTC")
    await talk.ada.presses("Time zone")
    [denver] = [label for label in await talk.ada.buttons() if label.startswith("Denver, ")]
    assert not [label for label in await talk.ada.buttons() if label.startswith("Berlin")]
    await talk.ada.presses(denver)
    await talk.ada.sees("Time zone: Denver")


async def test_without_tmdb_streaming_says_so(talk: Talk) -> None:
    await talk.ada.says("/settings")
    await talk.ada.presses("Streaming")
    await talk.ada.sees("only TMDB can say", "not connected")
    await talk.ada.says("/settings services netflix")
    await talk.ada.sees("not connected")
    await talk.ada.presses("‹ Back")
    await talk.ada.sees("Streaming: nothing chosen")


async def test_the_language_changes_at_once(talk: Talk) -> None:
    await talk.ada.says("/settings")
    await talk.ada.presses("Language")
    await talk.ada.presses("Deutsch")
    await talk.ada.sees("Gespeichert.", "Sprache: Deutsch", "Vereinigte Staaten")
    await talk.ada.presses("Sprache")
    await talk.ada.sees_button("✓ Deutsch", "English")


# ── What they do ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_short_answers_leave_out_tips(talk: Talk) -> None:
    await talk.ada.says("/watchlist")
    await talk.ada.sees("No films on your watchlist yet.", "press “+ Watchlist”")
    await talk.ada.says("/settings quiet on")
    await talk.ada.sees_no("Press one to change it.")
    await talk.ada.says("/watchlist")
    await talk.ada.sees("No films on your watchlist yet.")
    await talk.ada.sees_no("press “+ Watchlist”")
    await talk.ben.says("/watchlist")
    await talk.ben.sees("press “+ Watchlist”")


async def test_a_rated_title_is_put_back_each_time(talk: Talk) -> None:
    await talk.ada.says("/settings watchlist back")
    await talk.ada.says("/watch 550")
    await talk.ada.says("/rate 550 9")
    await talk.ada.sees("Rated 9. It stays on your watchlist.")
    await talk.ada.sees_button("✓ Watchlist", "★ 9")
    await talk.ada.sees_no_button("Put it back")
    await talk.ada.says("/watchlist")
    await talk.ada.sees("Fight Club")


async def test_undo_of_what_was_put_back_goes_to_the_whole_state_before(talk: Talk) -> None:
    await talk.ada.says("/settings watchlist back")
    await talk.ada.says("/rate 550 7")
    await talk.ada.says("/watch 550")
    await talk.ada.says("/rate 550 9")
    await talk.ada.sees("Rated 9. It stays on your watchlist.")
    await talk.ada.presses("Undo")
    await talk.ada.sees("Undone")
    await talk.ada.sees_button("✓ Watchlist", "★ 7")
    await talk.ada.says("/movie 550")
    await talk.ada.sees_button("✓ Watchlist", "★ 7")


async def test_a_title_that_was_not_on_the_watchlist_is_not_put_there(talk: Talk) -> None:
    await talk.ada.says("/settings watchlist back")
    await talk.ada.says("/rate 550 9")
    await talk.ada.sees_no("stays")
    await talk.ada.sees_button("+ Watchlist")


async def test_a_rated_title_is_left_off_without_a_word_of_putting_it_back(talk: Talk) -> None:
    await talk.ada.says("/settings")
    await talk.ada.presses("After rating")
    await talk.ada.presses("Leave it off")
    await talk.ada.says("/watch 550")
    await talk.ada.says("/rate 550 9")
    await talk.ada.sees("Rated 9. That took it off your watchlist.")
    await talk.ada.sees_no_button("Put it back")
    await talk.ada.sees_button("Undo", "+ Watchlist")


async def test_in_a_group_each_ones_own_choice_counts_for_his_account(talk: Talk) -> None:
    await talk.ada.says("/settings watchlist back")
    await talk.ada.in_group.says("/watch 550")
    await talk.ada.in_group.says("/rate 550 9")
    await talk.ada.in_group.sees("Ada rated it 9. It stays on the watchlist.")
    await talk.ben.in_group.says("/watch 550")
    await talk.ben.in_group.says("/rate 550 9")
    await talk.ben.in_group.sees("Ben rated it 9. That took it off the watchlist.")


# ── In a group ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_group_has_settings_of_its_own(talk: Talk) -> None:
    await talk.ada.in_group.says("/settings")
    await talk.ada.in_group.sees("Links to titles: answered when I am meant")
    await talk.ada.in_group.sees_no("My name", "Adult")
    await talk.ada.in_group.presses("Country")
    await talk.ada.in_group.presses("Germany")
    await talk.ada.in_group.sees("Saved.", "Country: Germany")
    await talk.ada.says("/settings")
    await talk.ada.sees("United States, as I guess")


async def test_only_admins_set_what_is_a_groups(talk: Talk) -> None:
    await talk.ada.in_group.says("/settings")
    before = await talk.ada.in_group.messages()
    await talk.ben.in_group.presses("Country")
    await talk.ben.is_told("Only the admins of this group")
    assert await talk.ada.in_group.messages() == before
    for said in ("/settings", "/settings country DE", "/language de"):
        await talk.ben.in_group.says(said)
        await talk.ben.in_group.sees("Only the admins of this group can do that.")
    await talk.ben.in_group.presses("My own settings")
    await talk.ben.sees("Your settings:")
    await talk.ada.in_group.says("/settings")
    await talk.ada.in_group.sees("Language: English", "as I guess")


async def test_a_posted_link_is_answered_only_where_that_is_wanted(talk: Talk) -> None:
    link = "https://www.themoviedb.org/movie/550"
    await talk.ada.in_group.says("/settings links off")
    before = len(await talk.ada.in_group.messages())
    await talk.ben.in_group.says(link)
    assert len(await talk.ada.in_group.messages()) == before + 1, "nobody asked the bot"
    await talk.ada.in_group.says("/settings links on")
    await talk.ada.in_group.sees("Links to titles: always answered")


@pytest.mark.parametrize("front", ["core", "web"], indirect=True)  # where the bot gets to read everything
async def test_a_posted_link_is_answered_where_that_is_wanted(talk: Talk) -> None:
    await talk.ada.in_group.says("/settings links on")
    await talk.ben.in_group.says("https://www.themoviedb.org/movie/550")
    await talk.ben.in_group.sees("Fight Club", "David Fincher")
    before = len(await talk.ada.in_group.messages())
    await talk.ben.in_group.says("shall we watch fight club?")
    assert len(await talk.ada.in_group.messages()) == before + 1
