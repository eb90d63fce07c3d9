"""Connecting a TMDB account, keeping lists here instead, and everything that can go wrong on the way back."""

from __future__ import annotations

import asyncio
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.core import approving
from bot.core.backend import Services
from bot.core.dispatch import Dispatch
from bot.core.store import Store
from storage.database import Database
from tests.core_front import CoreFront
from tests.doubles.tmdb import Account, Tmdb, faults
from tests.talk import Front, PersonTalk, Talk

pytestmark = pytest.mark.needs("tmdb")
CORE = pytest.mark.parametrize("tmdb_front", ["core"], indirect=True)
WEB = pytest.mark.parametrize("tmdb_front", ["web"], indirect=True)
FIGHT_CLUB: Final = ("movie", 550)
PULP_FICTION: Final = ("movie", 680)


@pytest.fixture
def talk(tmdb_front: Front) -> Talk:
    return Talk(tmdb_front)


@pytest.fixture
def ann(world: Tmdb) -> Account:
    """Ada's account at TMDB."""
    return world.account(f"ann{len(world.calls)}", name="Ann Arbor")


async def approved(who: PersonTalk, world: Tmdb, account: Account) -> str:
    """Where TMDB's page leads after the newest link was followed there, and approved."""
    link = await who.link("Approve on TMDB")
    return world.approve(parse_qs(urlsplit(link).query)["request_token"][0], account)


async def connect(who: PersonTalk, world: Tmdb, account: Account) -> None:
    await who.says("/login")
    await who.comes_back(await approved(who, world, account))
    await who.sees(f"You are signed in as {account.name} at TMDB.")


async def test_signing_in_goes_on_with_what_was_wanted(talk: Talk, world: Tmdb, ann: Account) -> None:
    await talk.ada.says("/fav fight club")
    await talk.ada.sees("you need an account")
    await talk.ada.sees_button("Connect TMDB", "Keep it here")
    await talk.ada.presses("Connect TMDB")
    await talk.ada.sees("press Approve there", "never see your password")
    await talk.ada.comes_back(await approved(talk.ada, world, ann))
    await talk.ada.sees("You are signed in as Ann Arbor at TMDB.", "Fight Club", "Added to your favourites.")
    assert FIGHT_CLUB in ann.favorite


async def test_what_one_does_is_done_on_the_account(talk: Talk, world: Tmdb, ann: Account) -> None:
    await connect(talk.ada, world, ann)
    await talk.ada.says("/watch 550")
    await talk.ada.says("/rate 550 8.5")
    await talk.ada.sees("Rated 8.5. That took it off your watchlist.")
    assert (ann.ratings[FIGHT_CLUB], FIGHT_CLUB in ann.watchlist) == (8.5, False)
    await talk.ada.presses("Undo")
    assert (ann.ratings, FIGHT_CLUB in ann.watchlist) == ({}, True)
    await talk.ada.says("/watchlist")
    await talk.ada.sees("Fight Club")


async def test_own_ratings_stand_in_every_list_though_tmdb_tells_them_in_one(
    talk: Talk, world: Tmdb, ann: Account
) -> None:
    await connect(talk.ada, world, ann)
    await talk.ada.says("/rate 550 9.5")
    await talk.ada.presses("+ Favourite")
    await talk.ada.says("/favorites")
    await talk.ada.sees("Fight Club", "★ 9.5")


async def test_a_friend_without_tmdb_keeps_lists_here(talk: Talk, world: Tmdb) -> None:
    await talk.ben.says("/watch 680")
    await talk.ben.presses("Keep it here")
    await talk.ben.sees("You are signed in as Ben.", "Pulp Fiction", "Added to your watchlist.")
    await talk.ben.says("/watchlist")
    await talk.ben.sees("Pulp Fiction")


async def test_what_was_kept_here_can_be_taken_along(talk: Talk, world: Tmdb, ann: Account) -> None:
    await talk.ada.says("/watch 680")
    await talk.ada.presses("Keep it here")
    await talk.ada.says("/rate 550 8")
    ann.rate(FIGHT_CLUB, 3.0)
    await talk.ada.says("/login")
    await talk.ada.comes_back(await approved(talk.ada, world, ann))
    await talk.ada.sees("1 on the watchlist, 0 favourites, 1 ratings")
    assert PULP_FICTION not in ann.watchlist
    await talk.ada.presses("Take them along")
    await talk.ada.sees("All 2 titles that you kept here are on your account now.")
    assert PULP_FICTION in ann.watchlist
    assert ann.ratings[FIGHT_CLUB] == 3.0, "what the account has already stays as it is"


async def test_a_link_back_works_once(talk: Talk, world: Tmdb, ann: Account) -> None:
    await talk.ada.says("/login")
    back = await approved(talk.ada, world, ann)
    await talk.ada.comes_back(back)
    await talk.ada.comes_back(back)
    await talk.ada.sees("That link was used before.")
    await talk.ada.presses("Get a fresh link")
    await talk.ada.sees("You are signed in as Ann Arbor at TMDB.")


@CORE
async def test_a_link_back_that_is_late_says_so_and_keeps_the_wish(
    talk: Talk, world: Tmdb, ann: Account, now: list[int]
) -> None:
    await talk.ada.says("/fav 550")
    await talk.ada.presses("Connect TMDB")
    back = await approved(talk.ada, world, ann)
    now[0] += 15 * 60
    await talk.ada.comes_back(back)
    await talk.ada.sees("15 minutes")
    assert FIGHT_CLUB not in ann.favorite
    await talk.ada.presses("Get a fresh link")
    await talk.ada.comes_back(await approved(talk.ada, world, ann))
    await talk.ada.sees("Fight Club", "Added to your favourites.")


async def test_another_person_who_comes_back_burns_the_link(talk: Talk, world: Tmdb, ann: Account) -> None:
    await talk.ben.says("/start")
    await talk.ada.says("/login")
    back = await approved(talk.ada, world, ann)
    before = set(world.sessions)
    await talk.ben.comes_back(back)
    await talk.ben.sees("begun by somebody else", "not connected")
    await talk.ada.sees("Somebody else came back by your sign-in link", "Nothing is connected.")
    assert set(world.sessions) == before
    await talk.ada.comes_back(back)
    await talk.ada.sees("used before")


async def test_another_person_who_comes_back_later_undoes_what_was_made(talk: Talk, world: Tmdb, ann: Account) -> None:
    await talk.ben.says("/start")
    await talk.ada.says("/login")
    back = await approved(talk.ada, world, ann)
    before = set(world.sessions)
    await talk.ada.comes_back(back)
    await talk.ben.comes_back(back)
    await talk.ada.sees("Somebody else came back by your sign-in link", "signed out the account")
    assert set(world.sessions) == before
    await talk.ada.says("/watchlist")
    await talk.ada.sees("you need an account")


@CORE
async def test_two_who_come_back_at_once_leave_nothing_connected(talk: Talk, world: Tmdb, ann: Account) -> None:
    await talk.ben.says("/start")
    await talk.ada.says("/login")
    back = await approved(talk.ada, world, ann)
    before = set(world.sessions)
    with world.faults.add(faults.delayed(0.2), method="GET", path="/3/account") as slow:
        first = asyncio.gather(talk.ada.comes_back(back))
        await world.until(lambda: slow.hits)
        await talk.ben.comes_back(back)
        await first
    assert set(world.sessions) == before
    await talk.ada.says("/watchlist")
    await talk.ada.sees("you need an account")


@CORE
async def test_what_went_astray_is_ended_as_soon_as_tmdb_answers(
    talk: Talk, world: Tmdb, ann: Account, store: Store, tmdb_services: Services
) -> None:
    await talk.ben.says("/start")
    await talk.ada.says("/login")
    back = await approved(talk.ada, world, ann)
    before = set(world.sessions)
    await talk.ada.comes_back(back)
    with world.faults.add(faults.server_error(503), method="DELETE", times=100):
        await talk.ben.comes_back(back)
    await talk.ben.sees("begun by somebody else")
    await talk.ada.sees("signed out the account")
    assert set(world.sessions) != before
    await approving.end_astray(store, tmdb_services)
    assert set(world.sessions) == before


@CORE
async def test_coming_back_that_is_handled_twice_is_answered_the_same(
    talk: Talk, world: Tmdb, ann: Account, tmdb_front: CoreFront
) -> None:
    await talk.ada.says("/fav 550")
    await talk.ada.presses("Connect TMDB")
    await talk.ada.comes_back(await approved(talk.ada, world, ann))
    assert "You are signed in as Ann Arbor at TMDB." in await tmdb_front.again("ada")


async def test_connecting_another_account_signs_the_first_one_out(talk: Talk, world: Tmdb, ann: Account) -> None:
    before = set(world.sessions)
    await talk.ada.says("/login")
    first = await approved(talk.ada, world, ann)
    await talk.ada.says("/login")
    second = await approved(talk.ada, world, world.account(f"other{len(world.calls)}", name="Other"))
    await talk.ada.comes_back(first)
    await talk.ada.comes_back(second)
    await talk.ada.sees("You are signed in as Other at TMDB.")
    assert len(set(world.sessions) - before) == 1


async def test_who_refuses_for_a_group_gets_a_fresh_link_for_the_group(talk: Talk, world: Tmdb, ann: Account) -> None:
    await talk.ada.in_group.says("/login")
    await talk.ada.presses("Connect TMDB")
    link = await talk.ada.link("Approve on TMDB")
    await talk.ada.comes_back(world.deny(parse_qs(urlsplit(link).query)["request_token"][0]))
    await talk.ada.presses("Get a fresh link")
    await talk.ada.comes_back(await approved(talk.ada, world, ann))
    await talk.ada.sees("Film club uses Ann Arbor’s account.")


async def test_who_refuses_at_tmdb_is_told_that_nothing_is_approved(talk: Talk, world: Tmdb) -> None:
    await talk.ada.says("/login")
    link = await talk.ada.link("Approve on TMDB")
    await talk.ada.comes_back(world.deny(parse_qs(urlsplit(link).query)["request_token"][0]))
    await talk.ada.sees("It isn't approved yet.")
    await talk.ada.sees_button("Get a fresh link")


async def test_an_approval_is_not_lost_while_tmdb_does_not_answer(talk: Talk, world: Tmdb, ann: Account) -> None:
    await talk.ada.says("/login")
    back = await approved(talk.ada, world, ann)
    with world.faults.add(faults.server_error(503), method="POST", path="/4/auth/access_token", times=1):
        await talk.ada.comes_back(back)
        await talk.ada.sees("isn't answering", "Nothing is connected yet.")
        await talk.ada.sees_button("Try again", "Get a fresh link")
    await talk.ada.presses("Try again")
    await talk.ada.sees("You are signed in as Ann Arbor at TMDB.")


async def test_a_link_back_of_nobody_is_out_of_date(talk: Talk, world: Tmdb) -> None:
    await talk.ada.says("/start login_0123456789abcdefABCDEF")
    await talk.ada.sees("out of date")


async def test_a_session_that_was_ended_elsewhere_is_noticed_and_the_wish_kept(
    talk: Talk, world: Tmdb, ann: Account
) -> None:
    before = set(world.sessions)
    await connect(talk.ada, world, ann)
    [session] = set(world.sessions) - before
    world.revoke(session)
    await talk.ada.says("/fav 550")
    await talk.ada.sees("signed out elsewhere")
    await talk.ada.presses("Connect TMDB")
    await talk.ada.comes_back(await approved(talk.ada, world, ann))
    await talk.ada.sees("Fight Club", "Added to your favourites.")


async def test_signing_out_ends_the_session_at_tmdb(talk: Talk, world: Tmdb, ann: Account) -> None:
    before = set(world.sessions), set(world.tokens.access)
    await connect(talk.ada, world, ann)
    await talk.ada.says("/logout")
    await talk.ada.sees("You are signed out.")
    assert (set(world.sessions), set(world.tokens.access)) == before
    await talk.ada.says("/watchlist")
    await talk.ada.sees("you need an account")


async def test_signing_out_while_tmdb_is_down_says_what_was_forgotten_where(
    talk: Talk, world: Tmdb, ann: Account
) -> None:
    await connect(talk.ada, world, ann)
    with world.faults.add(faults.server_error(503), method="DELETE", times=100):
        await talk.ada.says("/logout")
    await talk.ada.sees("You are signed out.", "TMDB isn't answering", "here alone")


async def test_the_account_is_shown_with_its_counts(talk: Talk, world: Tmdb, ann: Account) -> None:
    await connect(talk.ada, world, ann)
    await talk.ada.says("/watch 550")
    await talk.ada.says("/watch tv 1396")
    await talk.ada.says("/account")
    await talk.ada.sees("Ann Arbor", "TMDB", "Watchlist: 2. Favourites: 0. Rated: 0.", "United States")


async def test_a_key_typed_in_a_chat_is_not_used_and_does_not_stay(talk: Talk, world: Tmdb) -> None:
    await talk.ada.says("/login 0123456789abcdef")
    await talk.ada.sees("You need no key here")
    assert all("0123456789abcdef" not in message.text for message in await talk.ada.messages())
    await talk.ada.in_group.says("/login 0123456789abcdef")
    await talk.ada.in_group.sees("Everybody here can read that key")


@pytest.mark.parametrize("text", ["/login hunter2", "/login my secret pass", "/login12345678"])
async def test_whatever_follows_login_is_a_secret_and_does_not_stay(talk: Talk, world: Tmdb, text: str) -> None:
    await talk.ada.says(text)
    await talk.ada.sees("You need no key here")
    secret = text.removeprefix("/login").strip()
    assert all(secret not in message.text for message in await talk.ada.messages())


async def test_where_no_link_comes_back_saying_so_finishes_it(
    tmdb_dispatch: Dispatch, world: Tmdb, ann: Account
) -> None:
    front = CoreFront(tmdb_dispatch, addresses=False)
    talk = Talk(front)
    await talk.ada.says("/login")
    await talk.ada.presses("I have approved it")
    await talk.ada.sees("It isn't approved yet.")
    await talk.ada.says("/login")
    await approved(talk.ada, world, ann)
    await talk.ada.presses("I have approved it")
    await talk.ada.sees("You are signed in as Ann Arbor at TMDB.")


@CORE
async def test_where_links_come_back_saying_so_finishes_nothing(talk: Talk, world: Tmdb, ann: Account) -> None:
    """Else whoever lures somebody into approving his link could take the account at once."""
    await talk.ada.says("/login")
    await approved(talk.ada, world, ann)
    await talk.ada.says("/login done")
    await talk.ada.sees("out of date")


@WEB
async def test_no_secret_of_a_sign_in_can_be_read_in_the_database(
    talk: Talk, world: Tmdb, ann: Account, db: Database
) -> None:
    before = set(world.sessions), set(world.tokens.access)
    await talk.ada.says("/login")
    link = await talk.ada.link("Approve on TMDB")
    back = await approved(talk.ada, world, ann)
    await talk.ada.comes_back(back)
    [session] = set(world.sessions) - before[0]
    [access] = set(world.tokens.access) - before[1]
    request_token = parse_qs(urlsplit(link).query)["request_token"][0]
    kept = b"".join(path.read_bytes() for path in db.path.parent.glob(f"{db.path.name}*"))
    nonce = back.partition("login_")[2]
    for secret in (session, access, request_token, nonce):
        assert secret.encode() not in kept


@pytest.mark.parametrize("tmdb_front", ["core", "web"], indirect=True)
async def test_a_list_page_is_one_request_and_a_warm_card_the_state_alone(
    talk: Talk, world: Tmdb, ann: Account
) -> None:
    ann.put("watchlist", FIGHT_CLUB, True)
    await connect(talk.ada, world, ann)
    await talk.ada.says("/watchlist")
    await talk.ada.says("/movie 550")
    before = len(world.calls)
    await talk.ada.says("/watchlist")
    await talk.ada.sees("Fight Club")
    assert len(world.calls) == before + 1
    await talk.ada.says("/movie 550")
    assert [call.path for call in world.calls[before + 1 :]] == ["/3/movie/550/account_states"]


# ── A group's own account ────────────────────────────────────────────────────────────────────────────────────────


async def test_a_group_uses_the_account_that_its_admin_has_connected(talk: Talk, world: Tmdb, ann: Account) -> None:
    await talk.ada.in_group.says("/login")
    await talk.ada.sees("Shall Film club have lists of its own?")
    await talk.ada.presses("Connect TMDB")
    await talk.ada.comes_back(await approved(talk.ada, world, ann))
    await talk.ada.sees("Film club uses Ann Arbor’s account.", "Who may change its lists there?")
    await talk.ada.in_group.sees("This group's lists are now on Ann Arbor’s account.")
    await talk.ada.presses("Everybody may")
    await talk.ben.in_group.says("/watch 550")
    await talk.ben.in_group.sees("Fight Club", "Added to Ann Arbor’s watchlist.")
    assert FIGHT_CLUB in ann.watchlist
    await talk.ben.in_group.presses("+ My watchlist")
    await talk.ben.sees("you need an account")
    await talk.ben.presses("Keep it here")
    await talk.ben.sees("Fight Club", "Added to your watchlist.")
    await talk.ben.in_group.says("/watchlist")
    await talk.ben.in_group.sees("Ann Arbor’s watchlist", "Fight Club")
    await talk.ben.in_group.presses("+ Watchlist")
    await talk.ben.is_told("already", "Ann Arbor")


async def test_only_admins_may_change_it_until_everybody_may(talk: Talk, world: Tmdb, ann: Account) -> None:
    await talk.ada.in_group.says("/login")
    await talk.ada.presses("Keep them here")
    await talk.ada.sees("Film club has lists of its own, kept by me.")
    await talk.ben.in_group.says("/fav 550")
    await talk.ben.in_group.sees("Only the admins of this group can do that.")
    await talk.ada.in_group.says("/fav 550")
    await talk.ada.in_group.sees("Added to Film club’s favourites.")


async def test_who_is_no_admin_signs_in_himself(talk: Talk, world: Tmdb) -> None:
    await talk.ben.says("/start")
    await talk.ben.in_group.says("/login")
    await talk.ben.sees("press Approve there")


async def house(talk: Talk, world: Tmdb, account: Account) -> str:
    """The group uses that account; its session."""
    before = set(world.sessions)
    await talk.ada.in_group.says("/login")
    await talk.ada.presses("Connect TMDB")
    await talk.ada.comes_back(await approved(talk.ada, world, account))
    [session] = set(world.sessions) - before
    return session


async def test_a_groups_session_that_was_ended_elsewhere_is_noticed_in_its_list(
    talk: Talk, world: Tmdb, ann: Account
) -> None:
    world.revoke(await house(talk, world, ann))
    await talk.ada.in_group.says("/watchlist")
    await talk.ada.in_group.sees("This group's account was signed out elsewhere.")
    await talk.ada.in_group.says("/movie 550")
    await talk.ada.in_group.sees_no_button("+ My watchlist")


async def test_a_groups_change_can_be_undone_anyway(talk: Talk, world: Tmdb, ann: Account) -> None:
    await house(talk, world, ann)
    await talk.ada.in_group.says("/watch 550")
    ann.rate(FIGHT_CLUB, 7.0)
    await talk.ada.in_group.presses("Undo")
    await talk.ada.sees("has been changed since then")
    await talk.ada.presses("Undo anyway")
    assert (ann.ratings, ann.watchlist) == ({}, {})


async def test_another_account_is_for_the_admins_until_they_say_otherwise(
    talk: Talk, world: Tmdb, ann: Account
) -> None:
    await house(talk, world, ann)
    await talk.ada.presses("Everybody may")
    await talk.ada.in_group.says("/login")
    await talk.ada.presses("Sign the group out")
    await house(talk, world, world.account(f"next{len(world.calls)}", name="Next"))
    await talk.ben.in_group.says("/watch 550")
    await talk.ben.in_group.sees("Only the admins of this group can do that.")


async def test_a_button_to_keep_lists_here_does_nothing_once_an_account_is_connected(
    talk: Talk, world: Tmdb, ann: Account
) -> None:
    await talk.ada.in_group.says("/login")
    asked = await talk.ada.answer()
    await house(talk, world, ann)
    await talk.ada.presses_in(asked, "Keep them here")
    await talk.ada.sees("Film club uses Ann Arbor’s account.")


async def test_a_group_is_signed_out_by_its_admin(talk: Talk, world: Tmdb, ann: Account) -> None:
    before = set(world.sessions)
    await talk.ada.in_group.says("/login")
    await talk.ada.presses("Connect TMDB")
    await talk.ada.comes_back(await approved(talk.ada, world, ann))
    await talk.ada.in_group.says("/login")
    await talk.ada.presses("Sign the group out")
    await talk.ada.sees("Film club is signed out.")
    await talk.ada.in_group.sees("This group has no lists of its own any more.")
    assert set(world.sessions) == before
