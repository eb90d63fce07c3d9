"""The account service down, slow or crashing; buttons out of date or forged; hostile words. Over the core."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import cast

import pytest

from bot.app import build
from bot.core.backend import Accounts, Service, Services
from bot.core.errors import BackendDown, SessionEnded
from bot.core.model import Kind, TitleRef
from bot.core.store import Store
from bot.frontends.web.people import PEOPLE
from tests.core_front import CoreFront
from tests.talk import Talk

FIGHT_CLUB = TitleRef(Kind.MOVIE, 550)


class Faulty:
    """The accounts of a real service, with a fault before or after any call."""

    def __init__(self, service: Service) -> None:
        self._accounts = service.accounts
        self.before: Callable[[str], Awaitable[None]] = _fine
        self.after: Callable[[str], Awaitable[None]] = _fine

    def __getattr__(self, name: str) -> Callable[..., Awaitable[object]]:
        async def call(*args: object) -> object:
            await self.before(name)
            answer = await getattr(self._accounts, name)(*args)
            await self.after(name)
            return answer

        return call


async def _fine(call: str) -> None:
    pass


@pytest.fixture
def faulty(service: Service) -> Faulty:
    return Faulty(service)


@pytest.fixture
def front(service: Service, store: Store, faulty: Faulty) -> CoreFront:
    faulted = replace(service, accounts=cast(Accounts, faulty))
    return CoreFront(build(Services(faulted, faulted), store, tuple(PEOPLE.values())))


@pytest.fixture
def talk(front: CoreFront) -> Talk:
    return Talk(front)


async def test_a_service_that_is_down_is_said_and_tried_again(talk: Talk, faulty: Faulty) -> None:
    async def down(call: str) -> None:
        raise BackendDown

    faulty.before = down
    await talk.ada.says("/rate fight club 8.5")
    await talk.ada.sees("isn't answering", "Nothing was changed.")
    faulty.before = _fine
    await talk.ada.presses("Try again")
    await talk.ada.sees("Fight Club", "Rated 8.5.")


async def test_a_service_that_hangs_is_said_in_time_and_holds_up_nobody(
    talk: Talk, front: CoreFront, faulty: Faulty
) -> None:
    stuck, release = asyncio.Event(), asyncio.Event()

    async def hang(call: str) -> None:
        if not release.is_set():
            stuck.set()
            await release.wait()

    faulty.before = hang
    asking = asyncio.gather(talk.ada.says("/fav 550"))
    await stuck.wait()
    release.set()
    await talk.ben.says("/fav 550")
    await talk.ben.sees("Added to your favourites.")
    await asking

    release.clear()
    front.dispatch.seconds = 0.5  # from here on nothing answers
    await talk.ada.says("/fav 680")
    await talk.ada.sees("isn't answering", "Nothing was changed.")
    await talk.ada.sees_button("Try again")


async def test_an_undo_that_is_handled_twice_undoes_one_change(talk: Talk, front: CoreFront) -> None:
    await talk.ada.says("/fav 550")
    await talk.ada.says("/fav 680")
    await talk.ada.says("/undo")
    assert "Pulp Fiction" in await front.again("ada")
    await talk.ada.says("/favorites")
    await talk.ada.sees("1. Fight Club (1999)")


async def test_an_answer_that_was_lost_is_not_called_unchanged(talk: Talk, faulty: Faulty) -> None:
    async def lost(call: str) -> None:
        if call == "rate":
            raise BackendDown

    faulty.after = lost
    await talk.ada.says("/rate 550 8.5")
    await talk.ada.sees("isn't answering", "trying again is safe")
    await talk.ada.sees_no("Nothing was changed", "Rated")
    faulty.after = _fine
    await talk.ada.presses("Try again")
    await talk.ada.sees("You have rated it 8.5 already.")


async def test_a_crash_is_apologised_for_with_the_logs_reference(
    talk: Talk, faulty: Faulty, caplog: pytest.LogCaptureFixture
) -> None:
    async def crash(call: str) -> None:
        raise ZeroDivisionError("as the test asked")

    faulty.before = crash
    with caplog.at_level(logging.ERROR):
        await talk.ada.says("/fav 550")
    await talk.ada.sees("Sorry")
    [record] = [record for record in caplog.records if record.exc_info]
    reference = record.getMessage().split()[1].rstrip(":")
    await talk.ada.sees(reference)
    faulty.before = _fine
    await talk.ada.says("/fav 550")
    await talk.ada.sees("Added to your favourites.")


async def test_a_session_that_has_ended_is_said_and_signed_in_anew(talk: Talk, faulty: Faulty) -> None:
    await talk.ada.says("/fav 550")

    async def ended(call: str) -> None:
        raise SessionEnded

    faulty.before = ended
    await talk.ada.says("/fav 680")
    await talk.ada.sees("Your sign-in has ended")
    faulty.before = _fine
    await talk.ada.presses("Sign in and go on")
    await talk.ada.sees("Pulp Fiction", "Added to your favourites.")


async def test_an_update_handled_twice_is_done_once_and_can_still_be_undone(
    service: Service, store: Store, talk: Talk, front: CoreFront
) -> None:
    await talk.ada.says("/rate 550 7")
    first = await front.again("ada")
    await talk.ada.says("/rate 550 9")
    second = await front.again("ada")
    assert "Rated 7." in first
    assert "Rated 9 instead of 7." in second
    await talk.ada.presses("Undo")
    await talk.ada.sees_button("★ 7")


@pytest.mark.parametrize(
    "data",
    ["", "1", "0fav m550", "2fav m550", "1fav", "1fav 550", "1fav m0", "1rate m550 11", "1go 999", "1undo 999"]
    + ["1go -1", "1undo x", "1watchlist movies newest 0", "1\x00\ud800", "1search", "1more 2", "1" + "x" * 200]
    + [f"1rate m550 {value}" for value in ("nan", "1e309", "8.3", "0", "-1", "8,5")],
)
async def test_a_forged_or_old_button_changes_nothing(talk: Talk, front: CoreFront, data: str) -> None:
    await talk.ada.says("/movie 550")
    await front.press_data("ada", "private", data)
    await talk.ada.is_told("out of date")
    for command in ("/favorites", "/rated", "/watchlist"):
        await talk.ada.says(command)
        await talk.ada.sees_no("Fight Club")


async def test_an_old_button_gives_the_fresh_view(talk: Talk, front: CoreFront) -> None:
    await talk.ada.says("/fav 550")
    await talk.ada.says("/help")
    await front.press_data("ada", "private", "0fav m550")
    await talk.ada.is_told("out of date")
    await talk.ada.sees("Fight Club")
    await talk.ada.sees_button("✓ Favourite")


async def test_somebody_elses_wish_is_not_gone_on_with(talk: Talk, front: CoreFront) -> None:
    await talk.ada.says("/logout")
    await talk.ada.says("/fav 550")
    await front.press_data("ben", "private", "1go 1")
    await talk.ben.is_told("out of date")


async def test_a_strangers_press_in_a_group_goes_on_in_private(service: Service, store: Store) -> None:
    talk = Talk(front := CoreFront(build(Services(service, service), store), stranger=True))
    await talk.ada.in_group.says("/movie 550")
    await talk.ada.in_group.presses("+ Watchlist")
    await talk.ada.in_group.sees("just for you, Ada")
    await talk.ada.says(f"/start go_{front.wish('Open our chat')}")
    await talk.ada.sees("Fight Club", "Added to your watchlist.")
    await talk.ada.in_group.says("/watch 550")
    await talk.ada.in_group.sees("already")


async def test_somebody_without_a_private_chat_gets_a_button_that_opens_it(service: Service, store: Store) -> None:
    talk = Talk(front := CoreFront(build(Services(service, service), store), stranger=True))
    await talk.ada.in_group.says("/watchlist")
    await talk.ada.in_group.sees("just for you, Ada")
    assert front.opens_private("Open our chat")
    await talk.ada.says(f"/start go_{front.wish('Open our chat')}")
    await talk.ada.sees("No films on your watchlist yet.")


HOSTILE = [
    *("<b>x</b>", "<script>alert(1)</script>", "&amp;", "*_`[x](y)`", "'; drop table people; --", "{title}", "{0}"),
    *("\u202eevil", "\u2066x\u2069", "a\u200bb", "z" + "\u0300" * 500, "👨‍👩‍👧‍👦" * 300, "\x00", "\ud800", "ﷺ" * 50),
    *("%s", "\n", " ", "x" * 100_000, "/" + "x" * 5000, "/rate " + "9" * 400, "/rate 550 " + "9" * 400),
    *("/go 1", "/go", "/undo 1", "/undo", "/", "//", "/@", "/rate @ 8", "/rate 8½½", "/start go_99999999999999999999"),
    *("/login /login", "/login /login /login /go 1", "/samples x", "/more 2 x", "/watchlist 99999999999999999999"),
    *("/fav https://www.themoviedb.org/movie/0", "/fav https://evil.example/movie/550"),
    *("/search ''\"\"*:^", "AND OR NOT NEAR("),
]
"""What nobody means well, or not at all."""


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: ascii(words)[:30])
@pytest.mark.parametrize("chat", ["private", "group"])
async def test_hostile_words_get_an_answer_and_break_nothing(
    talk: Talk, words: str, chat: str, caplog: pytest.LogCaptureFixture
) -> None:
    ada = talk.ada if chat == "private" else talk.ada.in_group
    await ada.says(words)
    assert not [record for record in caplog.records if record.exc_info], caplog.text
    if chat == "private":
        await ada.sees_no("Sorry, something broke")
    await talk.ada.says("/fav tv 1400")
    await talk.ada.sees("Added to your favourites.")
