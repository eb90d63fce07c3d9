"""What gets lost between the bot and Telegram: sends without an answer, calls that hang, refusals nobody knew of."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from bot.core.boards import nothing_happens
from bot.core.chat import Update
from bot.core.dispatch import Answer
from bot.core.errors import OutOfDate
from bot.core.intents import Vote
from bot.core.offers import Offers
from bot.core.phrases import t
from bot.core.posters import Posters
from bot.core.reply import Button, Place, Reply, notice
from bot.core.store import Store
from bot.frontends.telegram.app import Telegram
from bot.frontends.telegram.chats import Chats
from bot.frontends.telegram.render import Message, Render
from bot.frontends.telegram.send import CONNECTIONS, Sender, Unreachable
from bot.frontends.telegram.wire import connected
from tests.doubles.bot_api import BotApi, User, serving
from tests.doubles.bot_api.faults import (
    Fault,
    garbage,
    hangs,
    hangs_after,
    refused,
    reset_after,
    retry_after,
    server_error,
    truncated,
)

READ_SECONDS = 0.3


@pytest.fixture
async def telegram() -> AsyncIterator[BotApi]:
    async with serving() as double:
        yield double


@pytest.fixture
async def sender(telegram: BotApi, store: Store) -> AsyncIterator[Sender]:
    """The way out by itself, which doesn't wait as long as the program for an answer."""
    async with connected(telegram.token, telegram.url, CONNECTIONS, READ_SECONDS) as bot:
        yield Sender(bot, Chats(store))


@pytest.fixture
def ada(telegram: BotApi) -> User:
    return telegram.user("Ada", started=True)


def message(words: str) -> Message:
    return Render("marquee_test_bot", Posters()).message(notice(t("{words}", words=words)), "en")


# ── Whether it was done ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "fault",
    [hangs_after(), reset_after(), truncated(), garbage(), server_error(504)],
    ids=["hangs", "reset", "cut", "garbage", "504"],
)
async def test_a_send_that_may_have_been_done_is_tried_once_more_and_then_given_up(
    telegram: BotApi, sender: Sender, ada: User, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    telegram.faults.add("sendMessage", fault, times=None)
    await sender.send(ada.id, message("Fight Club"))
    assert len(telegram.calls("sendMessage")) == 2
    assert "may have been sent" in caplog.text
    telegram.faults.clear()
    await sender.send(ada.id, message("Pulp Fiction"))
    assert ada.sees()[-1].text == "Pulp Fiction"


@pytest.mark.filterwarnings("ignore:Deprecated since version v22.2")
@pytest.mark.parametrize("fault", [server_error(502), server_error(500), retry_after(1)], ids=["502", "500", "429"])
async def test_a_send_that_was_surely_not_done_is_tried_until_it_is(
    telegram: BotApi, sender: Sender, ada: User, fault: Fault
) -> None:
    telegram.faults.add("sendMessage", fault, times=3 if fault.refused is None else 2)
    await sender.send(ada.id, message("Fight Club"))
    assert [seen.text for seen in ada.sees()] == ["Fight Club"]


async def test_an_edit_may_be_repeated_as_it_changes_nothing_more(telegram: BotApi, sender: Sender, ada: User) -> None:
    await sender.send(ada.id, message("Fight Club"))
    telegram.faults.add("editMessageText", hangs_after(), times=1)
    telegram.faults.add("editMessageText", reset_after(), times=2)
    assert await sender.edit(ada.id, ada.sees()[-1].id, message("Pulp Fiction"))
    assert [seen.text for seen in ada.sees()] == ["Pulp Fiction"]


# ── What hangs ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_sends_that_hang_in_one_group_hold_up_nobody_else(telegram: BotApi, store: Store, ada: User) -> None:
    club = telegram.group("Film club", [ada])
    club.add_bot()
    async with connected(telegram.token, telegram.url, CONNECTIONS) as bot, asyncio.TaskGroup() as tasks:
        sender = Sender(bot, Chats(store))
        with telegram.faults.add("sendMessage", hangs(), times=None, chat=club) as hanging:
            stuck = [tasks.create_task(sender.send(club.id, message(f"{number}"))) for number in range(12)]
            await hanging.reached.wait()
            begun = time.monotonic()
            for number in range(5):
                await sender.send(ada.id, message(f"to Ada, {number}"))
            assert time.monotonic() - begun < 2
            assert hanging.hits <= 2
            for task in stuck:
                task.cancel()
    assert len(ada.sees()) == 5


async def test_presses_whose_answers_hang_hold_up_no_message(telegram: BotApi, store: Store, ada: User) -> None:
    async with connected(telegram.token, telegram.url, CONNECTIONS) as bot, asyncio.TaskGroup() as tasks:
        sender = Sender(bot, Chats(store))
        with telegram.faults.add("answerCallbackQuery", hangs(), times=None) as hanging:
            stuck = [tasks.create_task(sender.answer(f"{number}")) for number in range(12)]
            await hanging.reached.wait()
            begun = time.monotonic()
            await sender.send(ada.id, message("Fight Club"))
            assert time.monotonic() - begun < 2
            for task in stuck:
                task.cancel()
    assert len(ada.sees()) == 1


# ── Refusals that nobody knew of ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("why", ["there is no text in the message to edit", "CHAT_RESTRICTED", "BUTTON_DATA_INVALID"])
async def test_a_message_that_cannot_be_changed_is_sent_anew(
    telegram: BotApi, sender: Sender, ada: User, why: str
) -> None:
    await sender.send(ada.id, message("Fight Club"))
    telegram.faults.add("editMessageText", refused(400, f"Bad Request: {why}"))
    assert not await sender.edit(ada.id, ada.sees()[-1].id, message("Pulp Fiction"))


async def test_a_message_that_is_refused_is_tried_bare_and_then_given_up_in_one_line(
    telegram: BotApi, sender: Sender, ada: User, caplog: pytest.LogCaptureFixture
) -> None:
    asked = ada.types("/movie 550")
    telegram.faults.add("sendMessage", refused(400, "Bad Request: wrong type of the web page content"))
    await sender.send(ada.id, message("Fight Club"), reply_to=asked.id)
    assert (ada.sees()[-1].text, ada.sees()[-1].reply_to) == ("Fight Club", None)
    telegram.faults.add("sendMessage", refused(400, "Bad Request: CHAT_RESTRICTED"), times=2)
    with pytest.raises(Unreachable):
        await sender.send(ada.id, message("Pulp Fiction"))
    assert [record.levelname for record in caplog.records].count("ERROR") == 1


async def test_a_press_is_answered_once_however_often_it_is_handled(
    telegram: BotApi, sender: Sender, ada: User
) -> None:
    await sender.send(ada.id, message("Fight Club"))
    press = ada.presses_data(ada.sees()[-1], "1help")
    assert press.query is not None
    for _ in range(3):
        await sender.answer(press.query.id)
    assert sender.is_answered(press.query.id)
    assert len(telegram.calls("answerCallbackQuery")) == 1


# ── A press that takes too long ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.filterwarnings("ignore:Please use 'Bot.getUpdates'")
async def test_what_a_press_in_a_group_is_told_too_late_is_told_to_whoever_pressed_alone(
    telegram: BotApi, store: Store, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.frontends.telegram.app.PRESS_SECONDS", 0.1)
    ben = telegram.user("Ben")
    club = telegram.group("Film club", [ada, ben])

    async def answer(update: Update) -> Answer:
        if not update.pressed:
            return Answer(notice(t("Vote"), buttons=((Button(t("Heat"), Vote(1, 1)),),), place=Place.ANEW), "en")
        before = len(telegram.calls("answerCallbackQuery"))
        await telegram.called("answerCallbackQuery", before + 1)
        return Answer(Reply(place=Place.TOAST, toast=t("Your vote: Heat")), "en")

    async def offers(_update: Update, _start: int) -> Offers:
        raise OutOfDate

    async def no_list(_update: Update) -> None:
        raise OutOfDate

    chat = Telegram(
        store,
        answer,
        telegram.token,
        api_url=telegram.url,
        posters=Posters(),
        offers=offers,
        list_in=no_list,
        happen=nothing_happens,
        ready=lambda _address: None,
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(chat.run())
        await telegram.polled()
        club.add_bot()
        await telegram.until(lambda: telegram.written(club))
        board = await telegram.answered(ada.types("/night@marquee_test_bot", club))
        written = len(telegram.written(club))
        for user in (ben, ada):
            assert (await user.presses(board, "Heat").told()).text == ""
        await telegram.until(ada.sees)
        chat.stop()
    assert ada.sees()[-1].text == "Your vote: Heat"
    assert len(telegram.written(club)) == written, "his vote is nobody else's business"
    assert not ben.sees()
