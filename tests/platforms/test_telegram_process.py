"""The bot on Telegram as its operator knows it: killed, stopped, cut off, overrun, set up anew. Nothing gets lost."""

from __future__ import annotations

import html
import random
import re
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import httpx
import pytest

from bot.backends.offline.facts import Facts
from tests.doubles.bot_api import BotApi, Press, User, serving
from tests.doubles.bot_api.faults import garbage, hangs, refused
from tests.doubles.bot_api.refusals import OTHER_POLLER, WEBHOOK_ACTIVE
from tests.platforms.account_service import AccountService, account_service
from tests.platforms.telegram_front import Bot, running

KILLS = 8


@pytest.fixture
async def telegram() -> AsyncIterator[BotApi]:
    async with serving() as double:
        yield double


def films() -> list[tuple[int, str]]:
    """Number and name of every bundled film."""
    rows = [row for row, _ in Facts.read().titles() if row.kind == "movie"]
    return [(row.title_id, f"{row.name} ({row.year})") for row in rows]


def counted(database: Path, sql: str) -> int:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return int(connection.execute(sql).fetchone()[0])


def marked_done(database: Path) -> set[str]:
    """The updates that will not be handled again."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return {row[0] for row in connection.execute("select update_id from inbox where done_at is not null")}


def answers(telegram: BotApi, user: User) -> Counter[str]:
    """How often the bot has sent a message with that first line; what it edited later counts as it was sent."""
    sent = (call.values["text"] for call in telegram.calls("sendMessage", user.chat) if call.acted)
    return Counter(html.unescape(re.sub(r"</?\w+>", "", text)).splitlines()[0] for text in sent)


async def all_done(user: User) -> None:
    """Wait until all that this person did in private is done: his next press is answered after it."""
    await user.presses_data(list(user.chat.messages.values())[-1], "").told()


# ── Killed, stopped ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_killed_eight_times_under_load_it_loses_nothing_and_repeats_only_what_was_under_way(
    telegram: BotApi, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seed = random.randrange(1_000_000)
    chance, rest = random.Random(seed), iter(films())
    users = [telegram.user(name) for name in ("Ada", "Ben", "Cleo", "Dora")]
    asked: dict[User, dict[str, str]] = {user: {} for user in users}  # by film, the update that asks
    under_way: Counter[str] = Counter()
    presses: list[Press] = []
    async with running(telegram, tmp_path) as bot:
        for _ in range(KILLS):
            begun = len(telegram.world.calls)
            for user in users:
                for number, name in islice(rest, 3):
                    asked[user][name] = str(user.types(f"/rate m{number} 8").update)
                    if (cards := telegram.written(user.chat)) and number % 2:
                        presses.append(user.presses_data(cards[-1], f"1fav m{number}"))
            moment = begun + chance.randrange(12)
            await telegram.until(lambda: len(telegram.world.calls) >= moment)  # noqa: B023 - awaited at once
            await bot.stop(signal.SIGKILL)
            done = marked_done(bot.database)
            # A person's updates go in order: only the first that was not marked can have been answered.
            under_way.update(
                next((name for name, update in asked[user].items() if update not in done), "") for user in users
            )
            for press in presses:
                assert press.query is not None
                press.query.forgiven = True  # it may have been answered just before the kill
            await bot.start()
        for press in presses:
            await press.told()
        for user in users:
            await all_done(user)
        assert await bot.stop() == 0
    repeated = 0
    for user in users:
        found = answers(telegram, user)
        assert asked[user].keys() <= set(found), f"lost, with seed {seed}"
        for name in asked[user]:
            assert found[name] - 1 <= under_way[name], f"{name} was marked and said again, with seed {seed}"
            repeated += found[name] - 1
    with capsys.disabled():
        print(f"\n{KILLS} kills: {sum(map(len, asked.values()))} answers, {repeated} of them twice")  # noqa: T201
    changed = sum(map(len, asked.values())) + len(presses)
    assert counted(bot.database, "select count(*) from changes") == changed, f"with seed {seed}"
    assert counted(bot.database, "select count(*) from entries where rating = 16") == sum(map(len, asked.values()))
    assert counted(bot.database, "select count(*) from entries where favorite_at is not null") == len(presses)
    assert counted(bot.database, "select count(*) from inbox where done_at is null") == 0


async def test_told_to_stop_it_ends_in_time_and_answers_the_rest_at_the_next_start(
    telegram: BotApi, tmp_path: Path
) -> None:
    ada, chosen = telegram.user("Ada"), films()[:20]
    async with account_service(tmp_path) as service, running(telegram, tmp_path, **remote(service)) as bot:
        await telegram.answered(ada.types("/login"))
        service.hold(str(chosen[3][0]))
        typed = [ada.types(f"/fav m{number}") for number, _ in chosen]
        await service.held.wait()
        await telegram.confirmed(typed[-1])
        begun, asked = time.monotonic(), len(telegram.calls("getUpdates"))
        assert await bot.stop() == 0
        assert time.monotonic() - begun < 5
        assert len(telegram.calls("getUpdates")) == asked
        done = answers(telegram, ada)
        service.release()
        await bot.start()
        await all_done(ada)
        found = answers(telegram, ada)
        assert {name for _, name in chosen} <= set(found)
        assert all(found[name] == 1 for _, name in chosen)
        assert 0 < len(done) < len(found)


async def test_with_nothing_to_do_it_ends_at_once(telegram: BotApi, tmp_path: Path) -> None:
    async with running(telegram, tmp_path) as bot:
        begun = time.monotonic()
        assert await bot.stop() == 0
        assert time.monotonic() - begun < 2
        assert "Traceback" not in bot.log


# ── Slow, flooded ────────────────────────────────────────────────────────────────────────────────────────────────


def remote(service: AccountService) -> dict[str, str]:
    return {"MARQUEE_BACKEND": "account_api", "ACCOUNT_API_URL": service.url}


async def test_one_call_that_hangs_and_one_who_floods_hold_up_nobody(telegram: BotApi, tmp_path: Path) -> None:
    ada, ben, cleo = (telegram.user(name) for name in ("Ada", "Ben", "Cleo"))
    async with account_service(tmp_path) as service, running(telegram, tmp_path, **remote(service)):
        for user in (ada, ben, cleo):
            await telegram.answered(user.types("/login"))
        service.hold("680")
        typed = ada.types("/fav m680")
        await service.held.wait()
        for _ in range(300):
            cleo.types("/fav m129")
        waits = []
        for number, name in films()[:20]:
            begun = time.monotonic()
            answer = await telegram.answered(ben.types(f"/fav m{number}"), 5)
            waits.append(time.monotonic() - begun)
            assert name in answer.text
        assert max(waits) < 2
        assert len(telegram.written(cleo.chat)) < 40, "the flood is written at a pace"
        await telegram.until(lambda: "typing" in ada.chat.actions)
        service.release()
        assert "Added to your favourites." in (await telegram.answered(typed)).text


async def test_a_slow_press_stops_turning_and_what_it_would_have_told_becomes_a_message(
    telegram: BotApi, tmp_path: Path
) -> None:
    ada, ben = telegram.user("Ada"), telegram.user("Ben")
    async with account_service(tmp_path) as service, running(telegram, tmp_path, **remote(service)):
        for user in (ada, ben):
            await telegram.answered(user.types("/login"))
            await telegram.answered(user.types("/movie 680"))
        service.hold("680")
        effect = ada.presses(ada.sees()[-1], "+ Favourite")
        stale = ben.presses_data(ben.sees()[-1], "0fav m680")
        assert (await effect.told()).text == ""
        assert (await stale.told()).text == ""
        service.release()
        await telegram.until(lambda: "Added to your favourites." in ada.sees()[-1].text)
        await telegram.until(lambda: any("out of date" in seen.text for seen in ben.sees()))
        assert len([seen for seen in ada.sees() if seen.author == "Marquee"]) == 2


async def test_a_press_whose_answer_hangs_shows_its_effect_at_once(telegram: BotApi, tmp_path: Path) -> None:
    ada = telegram.user("Ada")
    async with running(telegram, tmp_path):
        card = await telegram.answered(ada.types("/movie 550"))
        with telegram.faults.add("answerCallbackQuery", hangs()) as hanging:
            press = ada.presses(card, "Rate")
            await hanging.reached.wait()
            begun = time.monotonic()
            await telegram.until(lambda: "How do you rate" in ada.sees()[-1].text)
            assert time.monotonic() - begun < 1
            await press.told()


async def test_a_press_that_is_handled_again_is_answered_once(telegram: BotApi, tmp_path: Path) -> None:
    ada = telegram.user("Ada")
    async with running(telegram, tmp_path) as bot:
        card = await telegram.answered(ada.types("/movie 550"))
        telegram.faults.add("editMessageText", refused(400, "Bad Request: CHAT_RESTRICTED"))
        press = ada.presses(card, "Rate")
        await press.told()
        await telegram.until(lambda: "How do you rate" in ada.sees()[-1].text, what="the pad as a new message")
        await all_done(ada)
        assert len([call for call in telegram.calls("answerCallbackQuery") if call.values.get("text") is None]) == 2
        assert "Crash" not in bot.log


async def test_how_fast_it_is(telegram: BotApi, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only printed: presses answered in a second, beside bare calls to the same double."""
    users = [telegram.user("Ada") for _ in range(20)]
    calls = 200
    async with running(telegram, tmp_path):
        for said in [user.types("/watch 550") for user in users]:
            await telegram.answered(said)
        club = telegram.group("Film club", users)
        club.add_bot()
        await telegram.until(lambda: telegram.written(club))
        card = await telegram.answered(users[0].types(f"/movie@{telegram.bot.username} 550", club))
        begun = time.monotonic()
        for press in [user.presses(card, "+ Watchlist") for user in users for _ in range(calls // len(users))]:
            assert "already" in (await press.told()).text
        presses = calls / (time.monotonic() - begun)
    async with httpx.AsyncClient() as http:
        begun = time.monotonic()
        for _ in range(calls):
            await http.post(f"{telegram.url}/bot{telegram.token}/getMe")
        bare = calls / (time.monotonic() - begun)
    with capsys.disabled():
        print(f"\n{presses:.0f} presses/s, {presses / bare:.2f} of {bare:.0f} bare calls/s")  # noqa: T201


# ── Cut off, not alone ───────────────────────────────────────────────────────────────────────────────────────────


async def test_started_while_telegram_is_down_it_answers_as_soon_as_it_is_back(
    telegram: BotApi, tmp_path: Path
) -> None:
    ada = telegram.user("Ada")
    await telegram.down()
    bot = Bot(telegram, tmp_path)
    try:
        await bot.start()
        await bot.says("I keep trying")
        typed = ada.types("/movie 550")
        await telegram.up()
        await telegram.answered(typed, 5)
        await telegram.down()
        typed = ada.types("/movie 680")
        await telegram.up()
        await telegram.answered(typed, 6)
        assert await bot.stop() == 0
        assert "Traceback" not in bot.log
    finally:
        await bot.clear()


async def test_where_another_program_gets_the_updates_it_stands_aside_says_why_and_comes_back(
    telegram: BotApi, tmp_path: Path
) -> None:
    ada = telegram.user("Ada")
    async with running(telegram, tmp_path) as bot:
        for said, (why, times) in enumerate(((OTHER_POLLER, 2), (WEBHOOK_ACTIVE, 1)), 1):
            telegram.faults.add("getUpdates", refused(409, why), times=times)
            await telegram.answered(ada.types("/movie 550"))  # the request that waits is answered as ever
            await telegram.answered(ada.types("/movie 680"))
            assert bot.log.count("I stand aside") == said, "once, however often it is tried"
            assert bot.log.count(why.partition(";")[0]) == 1


async def test_a_webhook_of_an_earlier_life_is_taken_away_and_nothing_that_waits_is_dropped(
    telegram: BotApi, tmp_path: Path
) -> None:
    telegram.world.webhook.url = "https://old.example/hook"
    typed = telegram.user("Ada").types("/movie 550")
    async with running(telegram, tmp_path):
        await telegram.answered(typed)


async def test_a_refused_token_is_said_in_one_line(telegram: BotApi, tmp_path: Path) -> None:
    bot = Bot(telegram, tmp_path, TELEGRAM_BOT_TOKEN=f"{telegram.token}x")
    await bot.start()
    assert await bot.ended() == 2
    assert "TELEGRAM_BOT_TOKEN" in bot.log
    assert "Traceback" not in bot.log
    assert telegram.token not in bot.log


async def test_a_token_that_is_taken_back_while_it_runs_ends_it_in_one_line(telegram: BotApi, tmp_path: Path) -> None:
    async with running(telegram, tmp_path) as bot:
        telegram.faults.add("getUpdates", refused(401, "Unauthorized"))
        await telegram.answered(telegram.user("Ada").types("/movie 550"))
        await telegram.polled()  # asked once more, Telegram knew it
        telegram.server.token = f"{telegram.token}-anew"
        telegram.user("Ada").types("/movie 550")
        assert await bot.ended() == 2
        assert "TELEGRAM_BOT_TOKEN" in bot.log.splitlines()[-1]
        assert "Traceback" not in bot.log


@pytest.mark.parametrize("wrong", ["path", "page"])
async def test_an_address_without_a_bot_api_is_not_blamed_on_the_token(
    telegram: BotApi, tmp_path: Path, wrong: str
) -> None:
    if wrong == "page":
        telegram.faults.add("getMe", garbage(), times=None)
    bot = Bot(telegram, tmp_path, TELEGRAM_API_URL=telegram.url + ("/wrong" if wrong == "path" else ""))
    try:
        await bot.start("check")
        assert await bot.ended() == 1
        assert len(bot.log.partition("NOT OK Telegram: ")[2].splitlines()) == 1
        await bot.start()
        await bot.says("I keep trying")
        assert await bot.stop() == 0
        assert "Traceback" not in bot.log
        assert "token" not in bot.log.lower().replace("telegram_bot_token", "").replace("tmdb_access_token", "")
        assert ("nothing at TELEGRAM_API_URL speaks the Bot API" in bot.log) == (wrong == "path")
    finally:
        await bot.clear()


async def test_it_says_where_it_is_once_telegram_has_said_who_it_is(telegram: BotApi, tmp_path: Path) -> None:
    await telegram.down()
    bot = Bot(telegram, tmp_path)
    try:
        await bot.start()
        await bot.says("I keep trying")
        assert "t.me" not in bot.log
        await telegram.up()
        await bot.says(f"Marquee is on Telegram: https://t.me/{telegram.bot.username}\n")
    finally:
        await bot.clear()


async def test_check_says_whether_telegram_answers(telegram: BotApi, tmp_path: Path) -> None:
    bot = Bot(telegram, tmp_path)
    await bot.start("check")
    assert await bot.ended() == 0
    assert f"@{telegram.bot.username}" in bot.log
    await telegram.down()
    await bot.start("check")
    assert await bot.ended() == 1
    assert "NOT OK Telegram" in bot.log


async def test_the_web_chat_runs_beside_it_only_when_asked_for(telegram: BotApi, tmp_path: Path) -> None:
    async with running(telegram, tmp_path) as bot:
        assert "web chat" not in bot.log
        assert await bot.stop() == 0
    async with running(telegram, tmp_path, MARQUEE_WEB="1") as bot:
        await bot.says("Marquee's web chat: http://127.0.0.1:")
        await telegram.answered(telegram.user("Ada").types("/movie 550"))
        assert await bot.stop() == 0


@pytest.mark.parametrize(
    ("arguments", "web"), [("run web", True), ("web", True), ("run telegram", False), ("telegram", False)]
)
async def test_the_command_line_says_which_chats_to_start(
    telegram: BotApi, tmp_path: Path, arguments: str, *, web: bool
) -> None:
    bot = Bot(telegram, tmp_path, MARQUEE_WEB="off" if web else "on")
    try:
        await bot.start(*arguments.split())
        await telegram.answered(telegram.user("Ada").types("/movie 550"))
        assert await bot.stop() == 0
        assert ("Marquee's web chat: " in bot.log) == web
    finally:
        await bot.clear()


async def test_on_telegram_alone_it_needs_a_token(telegram: BotApi, tmp_path: Path) -> None:
    bot = Bot(telegram, tmp_path, TELEGRAM_BOT_TOKEN="")
    await bot.start("telegram")
    assert await bot.ended() == 2
    assert "TELEGRAM_BOT_TOKEN" in bot.log


async def test_the_menus_are_told_only_when_they_have_changed(telegram: BotApi, tmp_path: Path) -> None:
    async with running(telegram, tmp_path) as bot:
        await telegram.called("setMyCommands", 6)
        await telegram.answered(telegram.user("Ada").types("/movie 550"))
        await bot.stop()
        await bot.start()
        await telegram.answered(telegram.user("Ada").types("/movie 550"))
        assert len(telegram.calls("setMyCommands")) == 6
        await bot.stop()
        with closing(sqlite3.connect(bot.database)) as connection, connection:
            connection.execute(
                "update meta set value = 'as an earlier version had them' where key = 'telegram commands'"
            )
        await bot.start()
        await telegram.called("setMyCommands", 12)
