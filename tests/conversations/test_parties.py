"""A group's lists: proposed, wanted, shown in one message, taken off and brought back; whose business each is."""

from __future__ import annotations

import pytest

from bot.core.chat import Chat, ChatKind, Update
from bot.core.reply import Place
from bot.frontends.web.people import PEOPLE
from storage import parties
from storage.database import Database
from tests.core_front import CoreFront
from tests.talk import OVER_THE_CORE, Front, PersonTalk, Talk

FIGHT_CLUB, SPIRITED, MATRIX = "Fight Club (1999)", "Spirited Away (2001)", "The Matrix (1999)"
LIST = "Film night"


async def propose(*said: tuple[PersonTalk, str]) -> None:
    for person, title in said:
        await person.in_group.says(f"/propose {title}")
        await person.in_group.sees("now, proposed by")


async def three_titles(talk: Talk) -> None:
    """Ada, Ben and Cleo propose a film each, and the board is shown."""
    await propose((talk.ada, "550"), (talk.ben, "129"), (talk.cleo, "603"))
    await talk.ada.in_group.says("/party")
    await talk.ada.in_group.sees(LIST, "3 titles")


async def newest_line(person: PersonTalk, title: str) -> str:
    """What the newest message with that title says in its line."""
    for message in reversed(await person.in_group.messages()):
        for line in message.text.splitlines():
            if title in line and message.author == "bot":
                return line
    raise AssertionError(title)


async def test_a_list_is_made_at_first_use_and_shows_who_proposed_what(talk: Talk) -> None:
    await talk.ada.in_group.says("/party")
    await talk.ada.in_group.sees(LIST, "nothing is on it yet", "/propose")
    await talk.ben.in_group.says("/propose fight club")
    await talk.ben.in_group.sees("Fight Club", f"is on “{LIST}” now, proposed by Ben.")
    await talk.ada.in_group.comes_to_see(LIST, "1 title", "1. Fight Club (1999)", "1 wants it", "proposed by Ben")


async def test_a_number_on_the_board_says_that_one_wants_it_and_takes_it_back(talk: Talk) -> None:
    await three_titles(talk)
    await talk.dee.in_group.presses("2")
    await talk.dee.is_told("you want it.", "2 want it now.")
    await talk.ada.in_group.comes_to_see("3 titles", "1. Spirited Away", "2 want it")
    await talk.dee.in_group.presses("1")
    await talk.dee.is_told("Spirited Away", "you say nothing of it now.", "1 wants it now.")


async def test_the_board_is_one_message_and_shows_nothing_personal(talk: Talk) -> None:
    await three_titles(talk)
    await talk.ada.in_group.says("/party")
    boards = [each for each in await talk.ada.in_group.messages() if "3 titles" in each.text]
    assert len(boards) == 1, "the one before says that it goes on further down"
    assert len(boards[0].text.splitlines()) <= 12
    await talk.ben.in_group.presses("1")
    await talk.cleo.in_group.comes_to_see("3 titles", "2 want it")
    [board] = [each for each in await talk.cleo.in_group.messages() if "3 titles" in each.text]
    assert "✓" not in str(board)


async def test_the_card_in_a_group_has_a_button_to_propose(talk: Talk) -> None:
    await talk.ada.in_group.says("/movie 550")
    await talk.ben.in_group.presses("Propose for film night")
    await talk.ben.is_told("Fight Club", "proposed by Ben")
    await talk.ada.in_group.presses("Propose for film night")
    await talk.ada.is_told("already", "Ben proposed it first.")
    await talk.ada.says("/movie 550")
    await talk.ada.sees_no_button("Propose for film night")


async def test_what_is_said_in_several_ways_is_asked_and_the_answer_takes_its_place(talk: Talk) -> None:
    await talk.ada.in_group.says("/propose lord of the rings")
    await talk.ada.in_group.presses("The Lord of the Rings: The Two Towers (2002)")
    await talk.ada.in_group.sees("The Two Towers", "proposed by Ada")
    await talk.ben.in_group.presses("Want it")
    await talk.ben.is_told("you want it.", "2 want it now.")
    await talk.ada.in_group.says("/propose https://www.themoviedb.org/movie/550-fight-club")
    await talk.ada.in_group.sees("Fight Club", "proposed by Ada")


async def test_it_is_wanted_and_refused_by_command_too(talk: Talk) -> None:
    await three_titles(talk)
    await talk.dee.in_group.says("/wantit fight club")
    await talk.dee.in_group.sees(FIGHT_CLUB, "2 want it now.")
    await talk.eli.in_group.says("/notforme 550")
    await talk.eli.in_group.sees(FIGHT_CLUB, "not for you")
    await talk.eli.in_group.says("/wantit heat")
    await talk.eli.in_group.sees(f"That is not on “{LIST}”.")
    await talk.eli.in_group.says("/note 603 the long cut")
    await talk.eli.in_group.sees("You can write a note beside what you have proposed.")
    await talk.cleo.in_group.says("/note 603 the long cut")
    await talk.ada.in_group.comes_to_see("3 titles", "“the long cut”")


async def test_whoever_proposed_it_or_an_admin_takes_it_off_with_undo(talk: Talk) -> None:
    await propose((talk.ben, "550"), (talk.ben, "129"))
    await talk.cleo.in_group.says("/remove 550")
    await talk.cleo.in_group.sees("Only whoever proposed Fight Club")
    await talk.ben.in_group.says("/remove fight club")
    await talk.ben.in_group.sees(FIGHT_CLUB, "is off the list.")
    await talk.cleo.in_group.presses("Undo")
    await talk.cleo.is_told("Only whoever took it off")
    await talk.ben.in_group.presses("Undo")
    await talk.ben.in_group.sees(FIGHT_CLUB, "is back on the list.")
    await talk.ada.in_group.says("/party")
    await talk.ada.in_group.sees("2 titles", FIGHT_CLUB)


async def test_a_late_press_is_refused_with_its_reason(talk: Talk) -> None:
    await talk.ben.in_group.says("/propose 550")
    await talk.ben.in_group.says("/remove 550")
    await talk.cleo.in_group.presses("Want it")
    await talk.cleo.is_told("was taken off the list.", "Nothing was changed.")


async def test_pages_orders_and_filters_are_everybodys(talk: Talk) -> None:
    for title in ("550", "129", "603", "372058", "680", "13", "155"):
        await talk.ada.in_group.says(f"/propose {title}")
    await talk.ada.in_group.says("/party")
    await talk.ada.in_group.sees("7 titles", "6. Forrest Gump")
    await talk.ben.in_group.presses("Page 2 ›")
    await talk.ada.in_group.comes_to_see("7 titles", "7. The Dark Knight")
    await talk.ben.in_group.presses("Filter & sort")
    await talk.ben.comes_to_see("How is “Film night” shown?")
    await talk.ben.presses("shortest first")
    await talk.ben.comes_to_see("How is “Film night” shown?", "✓ shortest first")
    await talk.ada.in_group.comes_to_see("shortest first", "1. Your Name. (2016)")
    await talk.ben.presses("1\u00a0h\u00a045\u00a0min")
    await talk.ada.in_group.comes_to_see("nothing on it fits", "at most 1\u00a0h\u00a045\u00a0min")
    await talk.ada.in_group.presses("Show all")
    await talk.ben.in_group.comes_to_see("7 titles", "1. Fight Club")
    await talk.ben.in_group.says("/party shortest 120")
    await talk.ben.in_group.sees("shortest first", "at most 2\u00a0h", "1. Your Name. (2016)")


async def test_what_somebody_has_seen_is_left_out_where_the_group_wants_that(talk: Talk) -> None:
    await three_titles(talk)
    await talk.dee.says("/rate 550 8")
    await talk.dee.in_group.says("/party unseen")
    await talk.dee.in_group.sees("2 titles", "nobody here has seen it")
    await talk.dee.in_group.sees_no("Fight Club")


async def test_what_nobody_can_stream_is_not_asked_for(talk: Talk) -> None:
    await three_titles(talk)
    await talk.dee.in_group.presses("Filter & sort")
    await talk.dee.comes_to_see("How is “Film night” shown?")
    await talk.dee.presses("one of you streams it")
    await talk.dee.is_told("I don't know what any of you streams with", "/settings services")


async def test_one_by_one_in_private_with_ones_own_word(talk: Talk) -> None:
    await three_titles(talk)
    await talk.dee.in_group.presses("One by one")
    await talk.dee.sees(FIGHT_CLUB, "proposed by Ada", "1 of 3")
    await talk.dee.presses("Not for me")
    await talk.dee.sees("not for 1")
    await talk.dee.sees_button("✓ Not for me", "Want it")
    await talk.dee.presses("Want it")
    await talk.dee.sees_button("✓ Want it", "Not for me")
    await talk.ada.in_group.comes_to_see("3 titles", "2 want it")
    await talk.dee.presses("›")
    await talk.dee.sees(SPIRITED, "2 of 3")
    await talk.dee.sees_no_button("Take it off")
    await talk.ben.in_group.presses("One by one")
    await talk.ben.presses("›")
    await talk.ben.presses("Take it off")
    await talk.ben.sees(SPIRITED, "is off the list.")
    await talk.ada.in_group.comes_to_see("2 titles")


async def test_from_ones_own_watchlist_in_private(talk: Talk) -> None:
    await talk.ben.says("/watch 603")
    await talk.ben.says("/watch 129")
    await talk.ada.in_group.says("/party")
    await talk.ben.in_group.presses("From my watchlist")
    await talk.ben.sees("From your watchlist for “Film night”", MATRIX, SPIRITED)
    await talk.ben.presses("2")
    await talk.ben.is_told("The Matrix", "proposed by Ben")
    await talk.ben.sees("✓ 2. The Matrix")
    await talk.ada.in_group.comes_to_see("1 title", MATRIX, "proposed by Ben")


async def test_in_private_it_is_asked_for_which_list(talk: Talk) -> None:
    await talk.dee.says("/propose 550")
    await talk.dee.sees("A list is kept by a group together")
    await talk.dee.in_group.says("/newlist Christmas")
    await talk.dee.in_group.sees("“Christmas” is your group’s list now")
    await talk.dee.says("/propose 550")
    await talk.dee.sees("For which list?")
    [label] = [each for each in await talk.dee.buttons() if "Christmas" in each]
    await talk.dee.presses(label)
    await talk.dee.sees(FIGHT_CLUB, "is on “Christmas” now")


async def test_lists_have_names_and_what_is_deleted_comes_back(talk: Talk) -> None:
    await propose((talk.ben, "550"))
    await talk.ben.in_group.says("/newlist Christmas")
    await talk.ben.in_group.says("/newlist christmas!")
    await talk.ben.in_group.sees("has a list called “Christmas” already")
    await propose((talk.ben, "129"))
    await talk.ben.in_group.says("/renamelist Winter")
    await talk.ben.in_group.sees("“Christmas” is called “Winter” now.")
    await talk.ben.in_group.says("/renamelist film night")
    await talk.ben.in_group.sees("another list called “film night”")
    await talk.cleo.in_group.says("/renamelist Mine")
    await talk.cleo.in_group.sees("Only whoever began this list")
    await talk.cleo.in_group.says("/party nowhere")
    await talk.cleo.in_group.sees("no list called “nowhere”")
    await talk.cleo.in_group.says("/party film night")
    await talk.cleo.in_group.sees(LIST, FIGHT_CLUB)
    await talk.cleo.in_group.says("/lists")
    await talk.cleo.in_group.sees("Film night: 1 title (in use)", "Winter: 1 title")
    await talk.ben.in_group.presses("Change Film night")
    await talk.ben.in_group.presses("Delete it")
    await talk.ben.in_group.sees("“Film night” is deleted, with 1 title.")
    await talk.ada.in_group.comes_to_see("The list “Film night” was deleted.")
    await talk.cleo.in_group.says("/lists")
    await talk.cleo.in_group.sees("Winter: 1 title (in use)")
    await talk.cleo.in_group.sees_no(LIST)
    await talk.ben.in_group.presses("Undo")
    await talk.ben.in_group.sees("“Film night” is there again.")
    await talk.ada.in_group.comes_to_see(LIST, "1 title", FIGHT_CLUB)


async def test_a_list_is_put_away_and_got_out_again(talk: Talk) -> None:
    await propose((talk.ben, "550"))
    await talk.ben.in_group.says("/lists")
    await talk.ben.in_group.presses("Change Film night")
    await talk.cleo.in_group.presses("Put it away")
    await talk.cleo.is_told("Only whoever began this list")
    await talk.ben.in_group.presses("Put it away")
    await talk.ben.in_group.sees("“Film night” is put away.")
    await talk.ben.in_group.says("/lists all")
    await talk.ben.in_group.sees("Film night: 1 title (put away)")
    await talk.ben.in_group.presses("Undo")
    await talk.ben.in_group.says("/lists")
    await talk.ben.in_group.sees("Film night: 1 title (in use)")


async def test_nothing_is_said_of_what_is_on_a_list_that_is_not_in_use(core_front: CoreFront) -> None:
    talk = Talk(core_front)
    await propose((talk.ben, "550"), (talk.ben, "129"))
    await talk.ben.in_group.says("/remove 129")
    await core_front.press_data("ben", "group", "1changelist 1 archive")
    for data in ("1wantit #1", "1proposal 1", "1remove #1", "1repropose 2"):
        await core_front.press_data("ben", "group", data)
        await talk.ben.is_told("not in use any more", "Nothing was changed.")
    await core_front.press_data("ben", "group", "1changelist 1 unarchive")
    await talk.ben.in_group.says("/party")
    await talk.ben.in_group.sees("1 title", FIGHT_CLUB, "1 wants it")


async def test_only_what_was_taken_off_is_put_back(core_front: CoreFront) -> None:
    talk = Talk(core_front)
    await propose((talk.ben, "550"))
    await core_front.press_data("ben", "group", "1repropose 1")
    await talk.ben.is_told("is on the list again already")


async def test_the_groups_that_one_is_in_are_told_in_private_alone(core_front: CoreFront) -> None:
    talk = Talk(core_front)
    await talk.ada.in_group.says("/newlist Christmas")
    elsewhere = Chat("web", "elsewhere", ChatKind.INLINE)
    update = Update("x1", PEOPLE["ada"], elsewhere, "1propose m550", pressed=True, private_chat_id="ada")
    assert (await core_front.dispatch.answer(update)).reply.place is Place.PRIVATE


async def test_each_may_propose_so_many_only_where_the_group_wants_that(talk: Talk) -> None:
    await propose((talk.ben, "550"))
    await talk.ben.in_group.says("/lists")
    await talk.ben.in_group.presses("Change Film night")
    await talk.ben.in_group.presses("1")
    await talk.ben.in_group.sees_button("✓ 1")
    await talk.ben.in_group.says("/propose 129")
    await talk.ben.in_group.sees("Each of you may propose 1 title", "/remove")
    await propose((talk.cleo, "129"))


async def test_who_is_left_out_is_not_counted_or_named(talk: Talk) -> None:
    await three_titles(talk)
    await talk.ada.in_group.says("/wantit 603")
    await talk.ada.in_group.comes_to_see("3 titles", "1. The Matrix", "2 want it")
    await talk.ada.in_group.says("/members")
    await talk.ada.in_group.sees("Here: Ada, Ben and Cleo")
    await talk.cleo.in_group.presses("Leave me out")
    await talk.cleo.is_told("You are left out")
    await talk.ada.in_group.comes_to_see("Here: Ada and Ben")
    await talk.ada.in_group.comes_to_see("3 titles", "1. Fight Club", "3. The Matrix")
    line = await newest_line(talk.ada, "3. The Matrix")
    assert "1 wants it" in line, line
    assert "Cleo" not in line, line
    await talk.cleo.in_group.presses("Take part")
    await talk.ada.in_group.comes_to_see("3 titles", "1. The Matrix", "2 want it", "proposed by Cleo")


async def test_what_was_watched_leaves_the_list(talk: Talk) -> None:
    await propose((talk.ada, "550"), (talk.ben, "129"), (talk.cleo, "603"))
    await talk.ada.in_group.says("/wantit 603")
    await talk.ada.in_group.says("/party")
    await talk.ada.in_group.says("/night")
    await talk.ada.in_group.presses("Choose films")
    await talk.ada.in_group.comes_to_see("Start the vote", "2 want it")
    await talk.ada.in_group.presses("Start the vote")
    await talk.ada.in_group.comes_to_see("End the vote")
    await talk.ada.in_group.presses("1. The Matrix")
    await talk.ada.in_group.presses("End the vote")
    await talk.ada.in_group.comes_to_see("Tonight: The Matrix", "We watched it")
    await talk.ada.in_group.presses("We watched it")
    await talk.ada.in_group.comes_to_see(LIST, "2 titles")


FOREIGN = [
    *("wantit #{title}", "notforme #{title}", "remove #{title}", "repropose {title}", "proposal {title}"),
    *("leaf #{list} p2", "party #{list}", "arrangeparty #{list}", "changelist {list} delete", "propose #{list} m550"),
    *("mywatchlist {list}", "wantit #99", "leaf #99 p2"),
]


@pytest.mark.parametrize("said", FOREIGN)
async def test_a_list_of_another_group_is_refused(core_front: CoreFront, db: Database, said: str) -> None:
    talk = Talk(core_front)
    await three_titles(talk)
    other, _ = await parties.make(
        db, platform="web", chat_id="other", name=("Ours", "ours"), person_id="zoe", now=1_700_000_000
    )
    number, _ = await parties.propose(
        db, other.id, title=("movie", 680), facts={}, person_id="zoe", update_id="u", now=1_700_000_000
    )
    before = [message.text for message in await talk.ada.in_group.messages()]
    await core_front.press_data("dee", "group", f"1{said.format(list=other.id, title=number)}")
    await talk.dee.is_told("another group’s list", "Nothing was changed.")
    assert [message.text for message in await talk.ada.in_group.messages()] == before
    assert [row.wants for row in await parties.wanted(db, other.id)] == [0], "zoe has never been there"


async def test_a_press_that_makes_no_sense_is_out_of_date(core_front: CoreFront) -> None:
    talk = Talk(core_front)
    await three_titles(talk)
    for data in ("1leaf 3", "1changelist 1 explode", "1takepart maybe", "1mywatchlist x"):
        await core_front.press_data("dee", "group", data)
        await talk.dee.is_told("out of date")


@pytest.mark.parametrize(
    "data", ["1wantit #1", "1proposal 1", "1mywatchlist 1", "1propose #1 m550", "1arrangeparty #1"]
)
async def test_who_is_not_in_the_group_is_refused_in_private(core_front: CoreFront, data: str) -> None:
    talk = Talk(core_front)
    await talk.ada.in_group.says("/propose 129")
    await talk.dee.says("/help")
    await core_front.press_data("dee", "private", data)
    await talk.dee.is_told("another group’s list")


async def test_a_press_that_is_handled_twice_counts_once(core_front: CoreFront) -> None:
    talk = Talk(core_front)
    await three_titles(talk)
    await talk.dee.in_group.presses("1")
    await core_front.again("dee")
    await talk.dee.in_group.says("/party")
    await talk.dee.in_group.sees("1. Fight Club (1999)", "2 want it")


async def test_who_is_left_out_is_told_that_nothing_counts(talk: Talk) -> None:
    await three_titles(talk)
    await talk.dee.in_group.says("/members")
    await talk.dee.in_group.presses("Leave me out")
    await talk.dee.in_group.presses("2")
    await talk.dee.is_told("You are left out", "Nothing was changed.", "/members")
    await talk.dee.in_group.says("/propose 680")
    await talk.dee.in_group.sees("You are left out", "Nothing was changed.")
    await talk.dee.in_group.says("/party")
    await talk.dee.in_group.sees("3 titles")
    await talk.dee.in_group.sees_no("2 want it", "Pulp Fiction")


async def test_a_note_is_written_beside_a_title_by_its_name(talk: Talk) -> None:
    await three_titles(talk)
    await talk.cleo.in_group.says("/note the matrix in the cinema")
    await talk.cleo.in_group.sees("Noted beside The Matrix", "in the cinema")
    await talk.ada.in_group.comes_to_see("3 titles", "“in the cinema”")
    await talk.cleo.in_group.says("/note matrix")
    await talk.cleo.in_group.sees("There is something missing.", "/note")
    await talk.cleo.in_group.says("/note heat with popcorn")
    await talk.cleo.in_group.sees(f"That is not on “{LIST}”.")


@OVER_THE_CORE
@pytest.mark.parametrize("name", ["#horror", "# Christmas", "👨‍👩‍👧‍👦" * 40])
async def test_a_list_can_be_called_by_any_name_that_it_was_given(talk: Talk, name: str) -> None:
    await talk.ada.in_group.says(f"/newlist {name}")
    await talk.ada.in_group.sees("is your group’s list now")
    await talk.ada.in_group.says(f"/party {name}")
    await talk.ada.in_group.sees("nothing is on it yet.")


async def test_whoever_has_no_account_takes_part_all_the_same(tmdb_front: Front) -> None:
    talk = Talk(tmdb_front)
    await talk.ada.in_group.says("/propose 550")
    await talk.ada.in_group.sees(FIGHT_CLUB, "proposed by Ada")
    await talk.ben.in_group.presses("Want it")
    await talk.ben.is_told("you want it.", "2 want it now.")
    await talk.ada.in_group.says("/party unseen")
    await talk.ada.in_group.sees("1 title", "2 want it")
    await talk.ben.in_group.presses("From my watchlist")
    await talk.ben.comes_to_see("you need an account", "Connect TMDB", "Keep it here")
