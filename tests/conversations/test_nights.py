"""Film nights, from nothing to a film: who is in, what to choose from, the vote, and what becomes of it."""

from __future__ import annotations

import pytest

from tests.talk import OVER_THE_CORE, PersonTalk, Talk

WANTED = {
    "ada": ("m129", "m372058"),
    "ben": ("m129", "m603"),
    "cleo": ("m372058", "m129"),
    "dee": ("m603",),
    "eli": ("m603", "m372058"),
}
SPIRITED, YOUR_NAME, MATRIX = "Spirited Away", "Your Name.", "The Matrix"


def everybody(talk: Talk) -> list[PersonTalk]:
    return [talk.ada, talk.ben, talk.cleo, talk.dee, talk.eli]


async def want(talk: Talk) -> None:
    """Each has something on the watchlist; all share three films."""
    for person, films in WANTED.items():
        for film in films:
            await getattr(talk, person).says(f"/watch {film}")


async def gather(talk: Talk) -> None:
    """Ada opens a night, and the others come along."""
    await want(talk)
    await talk.ada.in_group.says("/night")
    for person in everybody(talk)[1:]:
        await person.in_group.presses("I’m in")


async def vote_on(talk: Talk, *options: tuple[str, str]) -> None:
    """The vote is on, with these options set in private: which one, and what is chosen for it."""
    await gather(talk)
    if options:
        await talk.ada.in_group.presses("More options")
        await talk.ada.comes_to_see("This film night goes by")
    for option, choice in options:
        await press_beginning(talk.ada, option)
        await talk.ada.presses(choice)
        await talk.ada.comes_to_see("It is set")
    await talk.ada.in_group.presses("Choose films")
    await talk.ada.in_group.comes_to_see(SPIRITED, YOUR_NAME, MATRIX)
    await talk.ada.in_group.presses("Start the vote")
    await talk.ada.in_group.comes_to_see("End the vote")


async def sets(person: PersonTalk, option: str, choice: str) -> None:
    """Open the options of the night that goes on, in private, and choose that for one of them."""
    await person.in_group.presses("More options")
    await press_beginning(person, option)
    await person.presses(choice)


async def press_beginning(person: PersonTalk, words: str) -> None:
    """Press the newest button whose label begins so."""
    for message in reversed(await person.messages()):
        for row in message.buttons:
            for label in row:
                if label.startswith(words):
                    await person.presses_in(message, label)
                    return
    raise AssertionError(f"no button begins with {words!r}")


async def numbered(person: PersonTalk, film: str) -> str:
    """The label of the button that a film has on the ballot."""
    labels = [label for message in await person.messages() for row in message.buttons for label in row]
    return next(label for label in reversed(labels) if label.endswith(f". {film}"))


async def votes(person: PersonTalk, *films: str) -> None:
    for film in films:
        await person.in_group.presses(await numbered(person.in_group, film))


async def messages_of_the_bot(talk: Talk) -> list[str]:
    return [each.text for each in await talk.ada.in_group.messages() if each.author == "bot"]


async def test_a_group_comes_from_nothing_to_a_film(talk: Talk) -> None:
    await want(talk)
    await talk.ada.in_group.messages()
    before = len(await messages_of_the_bot(talk))
    await talk.ada.in_group.says("/night")
    await talk.ada.in_group.sees("Who is in?", "In: Ada")
    for person in everybody(talk)[1:]:
        await person.in_group.presses("I’m in")
        await person.is_told("You’re in.")
    await talk.eli.in_group.comes_to_see("In: Ada, Ben, Cleo, Dee and Eli")
    await talk.ada.in_group.presses("Choose films")
    await talk.ben.in_group.comes_to_see("on 3 of 5 watchlists", SPIRITED, YOUR_NAME, MATRIX)
    await talk.ada.in_group.presses("Start the vote")
    await talk.ben.in_group.comes_to_see("0 of 5 have voted.", "Press every film you would watch")
    await votes(talk.ada, MATRIX, SPIRITED)
    await talk.ada.is_told(f"Your vote: {SPIRITED} and {MATRIX}")
    for person in everybody(talk)[1:]:
        await votes(person, MATRIX)
    await votes(talk.eli, SPIRITED)
    await talk.ben.in_group.comes_to_see("5 of 5 have voted.", "✓ 5 votes", "✓ 2 votes")
    await talk.ada.in_group.presses("End the vote")
    await talk.ben.in_group.comes_to_see(f"Tonight: {MATRIX} (1999)", f"5 of 5 would watch {MATRIX}.", "We watched it")
    assert len(await messages_of_the_bot(talk)) == before + 2, "one for all stages, and one with the result"
    await talk.dee.in_group.presses("We watched it")
    await talk.dee.in_group.comes_to_see("Watched.", "Rate it")
    await talk.dee.in_group.presses("Rate it")
    await talk.dee.sees(MATRIX)
    await talk.dee.presses("9")
    await talk.dee.says("/rated")
    await talk.dee.sees(MATRIX, "9")


async def test_a_vote_can_be_changed_until_the_end_and_the_next_film_needs_no_new_ballot(talk: Talk) -> None:
    await vote_on(talk)
    await votes(talk.ada, SPIRITED)
    await talk.ada.is_told(f"Your vote: {SPIRITED}")
    await votes(talk.ada, SPIRITED)
    await talk.ada.is_told("You have no vote now.")
    await votes(talk.ada, YOUR_NAME)
    for person in (talk.ben, talk.cleo):
        await votes(person, SPIRITED)
    await talk.ada.in_group.presses("End the vote")
    await talk.ben.in_group.comes_to_see(f"Tonight: {SPIRITED} (2001)", f"After it: {YOUR_NAME} (2016)")
    await votes_late(talk)
    await talk.ada.in_group.presses("Next one")
    await talk.ben.in_group.comes_to_see(f"Tonight: {YOUR_NAME} (2016)", f"{SPIRITED} had won")
    await talk.ben.in_group.says("/nights")
    await talk.ben.in_group.sees("Your film nights", YOUR_NAME)
    await talk.ben.in_group.presses("1")
    await talk.ben.in_group.comes_to_see("In: Ada, Ben, Cleo, Dee and Eli", f"{SPIRITED}: 2", f"{YOUR_NAME}: 1")


async def test_what_is_voted_by_typing_is_not_told_aloud(talk: Talk) -> None:
    await vote_on(talk)
    await talk.dee.in_group.says("/vote 2")
    await talk.dee.in_group.comes_to_see("Dee has voted.")
    await talk.ada.in_group.comes_to_see("1 of 5 have voted.", "✓ 1 vote")
    assert not [text for text in await messages_of_the_bot(talk) if "Your vote" in text]


async def votes_late(talk: Talk) -> None:
    await talk.dee.in_group.says("/vote 1")
    await talk.dee.in_group.comes_to_see("The vote is over, and its result stands. Nothing was changed.")


async def test_only_who_opened_it_or_an_admin_goes_on_with_it(talk: Talk) -> None:
    await gather(talk)
    await talk.ben.in_group.presses("Choose films")
    await talk.ben.is_told("Only whoever opened this film night, or an admin, can do that. Nothing was changed.")
    await talk.ben.in_group.presses("Not me")
    await talk.ben.is_told("You are out; a vote of yours is gone too.")
    await talk.ada.in_group.comes_to_see("In: Ada, Cleo, Dee and Eli")
    await talk.ada.in_group.presses("Call it off")
    await talk.ben.in_group.comes_to_see("No film night this time.")
    await talk.ben.in_group.says("/night")
    await talk.ben.in_group.comes_to_see("Who is in?", "In: Ben")


async def test_an_order_is_given_in_private_and_run_off(talk: Talk) -> None:
    await vote_on(talk, ("How you decide", "Ranking"))
    orders = {
        "ada": (SPIRITED, MATRIX),
        "ben": (SPIRITED,),
        "cleo": (MATRIX,),
        "dee": (MATRIX,),
        "eli": (YOUR_NAME, MATRIX),
    }
    for name, order in orders.items():
        person: PersonTalk = getattr(talk, name)
        await person.in_group.presses("Vote in private")
        await person.comes_to_see("Which would you like best?")
        for film in order:
            await person.presses(await numbered(person, film))
        await person.comes_to_see(f"1. {order[0]}")
    await talk.ada.in_group.presses("End the vote")
    await talk.ben.in_group.comes_to_see(f"Tonight: {MATRIX} (1999)", f"{MATRIX} won the run-off in round")


async def test_points_are_given_in_private_one_film_after_the_other(talk: Talk) -> None:
    await vote_on(talk, ("How you decide", "Points"))
    for person, points in ((talk.ada, "5"), (talk.ben, "4")):
        await person.in_group.presses("Vote in private")
        await person.comes_to_see("How much would you like to watch it tonight?")
        await person.presses(points)
        await person.comes_to_see("2 of ")
        await person.presses("0")
        await person.presses("All films")
        await person.comes_to_see(f"{points} points", "0 points", "no points yet")
    await talk.ada.in_group.presses("End the vote")
    await talk.ben.in_group.comes_to_see("Tonight: ", "Most points: ")


async def test_whose_turn_it_is_picks(talk: Talk) -> None:
    await vote_on(talk, ("How you decide", "Taking turns"))
    await talk.ben.in_group.comes_to_see("It’s Ada’s turn to pick.")
    await votes(talk.ben, MATRIX)
    await talk.ben.is_told("It’s Ada’s turn to pick, tonight.")
    await votes(talk.ada, MATRIX)
    await talk.ada.in_group.presses("End the vote")
    await talk.ben.in_group.comes_to_see(f"{MATRIX} was picked by the one whose turn it was.")


async def test_a_draw_shows_its_odds_and_the_seed_to_check_it_by(talk: Talk) -> None:
    await vote_on(talk, ("How you decide", "Draw"))
    await talk.ben.in_group.comes_to_see("4 of 12 chances")
    await votes(talk.ada, MATRIX)
    await talk.ben.in_group.comes_to_see(f"{MATRIX} (1999)", "2 of 4 chances", "1 of 4 chances")
    await talk.ada.in_group.presses("End the vote")
    await talk.ben.in_group.comes_to_see("Drawn with seed ", "of 4 chances.")


async def test_a_veto_takes_a_film_out_and_nobody_is_told_whose_it_was(talk: Talk) -> None:
    await vote_on(talk, ("Vetoes each", "1"))
    for person in everybody(talk):
        await votes(person, MATRIX)
    await votes(talk.ada, SPIRITED)
    await talk.ben.in_group.presses("My vote")
    await talk.ben.comes_to_see("Veto …")
    await talk.ben.presses("Veto …")
    await talk.ben.comes_to_see("You may veto 1 film.", "Nobody is told whose they were.")
    await talk.ben.presses(await numbered(talk.ben, MATRIX))
    await talk.ben.presses(await numbered(talk.ben, SPIRITED))
    await talk.ben.is_told("You have 1 veto, and it is given. Take it back first.")
    await talk.ada.in_group.presses("End the vote")
    await talk.ben.in_group.comes_to_see(f"Tonight: {SPIRITED} (2001)")
    assert not [text for text in await messages_of_the_bot(talk) if "Ben" in text and "veto" in text]


async def test_in_private_there_is_no_film_night(talk: Talk) -> None:
    await talk.ada.says("/night")
    await talk.ada.sees("A film night is for a group")
    await talk.ada.says("/nights")
    await talk.ada.sees("Film nights are a group’s")
    await talk.ada.in_group.says("/night choose")
    await talk.ada.in_group.sees("No film night is open here.")
    await talk.ada.in_group.says("/vote 1")
    await talk.ada.in_group.sees("No film night is open here.")


@OVER_THE_CORE
@pytest.mark.parametrize("said", ["/night dance", "/vote", "/vote many", "/night until yesterday"])
async def test_what_makes_no_sense_is_answered_with_what_does(talk: Talk, said: str) -> None:
    await talk.ada.in_group.says("/night")
    await talk.ada.in_group.says(said)
    await talk.ada.in_group.sees("/night" if "night" in said else "/vote")
