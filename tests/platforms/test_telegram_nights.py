"""Film nights in Telegram's groups: many voters, topics, comings and goings, forged presses, and a bot that dies."""

from __future__ import annotations

import asyncio
import json
import random
import re
import signal
import sqlite3
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot.core.boards import SECONDS
from bot.core.deciding import Ballot
from bot.core.phrases import Text, phrases, t
from tests.doubles.bot_api import BotApi, Call, Chat, Group, Message, Press, Seen, User, serving
from tests.doubles.bot_api.faults import delayed
from tests.doubles.bot_api.people import seen
from tests.platforms.telegram_front import Bot, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

VOTERS = 200
WRITING = ("sendMessage", "sendPhoto", "editMessageText", "editMessageCaption", "editMessageReplyMarkup")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def telegram() -> AsyncIterator[BotApi]:
    async with serving() as double:
        yield double


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(telegram: BotApi, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bot]:
    """One bot for those that don't stop it: each brings along its own people and groups."""
    async with running(telegram, tmp_path_factory.mktemp("bot")) as bot:
        yield bot
        assert "Traceback" not in bot.log, bot.log[-3000:]


@pytest_asyncio.fixture(loop_scope="module")
async def own() -> AsyncIterator[BotApi]:
    """A Telegram for a bot that is stopped or killed."""
    async with serving() as double:
        yield double


# ── Helpers ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def club_of(telegram: BotApi, users: Sequence[User], kind: str = "group") -> Group:
    """A group that the bot has greeted."""
    club: Group = getattr(telegram, kind)("Film club", users)
    club.add_bot()
    await telegram.until(lambda: telegram.written(club))
    return club


def said(user: User, chat: Chat | None = None) -> list[Seen]:
    """What the bot has said there."""
    return [seen for seen in user.sees(chat) if seen.author == "Marquee"]


def people(telegram: BotApi, count: int) -> list[User]:
    return [telegram.user(f"Member{number}") for number in range(count)]


def labels(board: Message) -> list[str]:
    return [label for row in seen(board).labels for label in row]


def films(board: Message) -> list[str]:
    """The buttons to vote with."""
    return [label for label in labels(board) if label[0].isdigit() and ". " in label]


def data(board: Message, label: str) -> str:
    """What the button of that label sends."""
    [found] = [each.data for row in seen(board).buttons for each in row if each.label == label]
    assert found is not None
    return found


def whole(board: Message) -> str:
    """What is to be read on it."""
    return "\n".join([board.text, *labels(board)])


async def shows(telegram: BotApi, board: Message, *words: str) -> None:
    """Wait until the board says all that, or has buttons that do."""
    await telegram.until(lambda: all(word in whole(board) for word in words), 15, f"{words} on the board")


async def presses(telegram: BotApi, user: User, board: Message, label: str) -> str:
    """Press that button of the board as soon as it has it; gives what he is told."""
    await shows(telegram, board, label)
    return (await user.presses(board, label).told()).text


async def opened(telegram: BotApi, opener: User, club: Group, thread: int | None = None) -> Message:
    """A film night's board."""
    return await telegram.answered(opener.types("/night@marquee_test_bot", club, thread=thread))


async def voting(
    telegram: BotApi, opener: User, club: Group, thread: int | None = None, others: Sequence[User] = ()
) -> Message:
    """The board of a night whose vote has begun, and in which these others are as well."""
    board = await opened(telegram, opener, club, thread)
    for other in others:
        await presses(telegram, other, board, "I’m in")
    await presses(telegram, opener, board, "Choose films")
    await presses(telegram, opener, board, "Start the vote")
    await shows(telegram, board, "End the vote")
    return board


async def hurries(telegram: BotApi, opener: User, board: Message) -> None:
    """Have the board brought up to date at once, as whenever somebody goes on with the night."""
    await presses(telegram, opener, board, "30 minutes more")


def writes(telegram: BotApi, club: Group, since: int = 0) -> list[Call]:
    """The messages and edits that the group got, from that call on."""
    calls = telegram.world.calls[since:]
    return [c for c in calls if c.method in WRITING and c.acted and str(c.values["chat_id"]) == str(club.id)]


def tally(board: Message) -> list[int]:
    """How many votes each film has, by the board."""
    lines = [line for line in board.text.splitlines() if re.match(r"[0-9]\. ", line)]
    return [int(found[1]) if (found := re.search(r"✓ ([0-9]+) vote", line)) else 0 for line in lines]


# ── Many ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def busiest_minute(calls: list[Call]) -> int:
    """The most of them within one minute."""
    return max(sum(first.at <= each.at < first.at + 60 for each in calls) for first in calls)


async def test_two_hundred_vote_at_once_and_each_vote_counts_once(telegram: BotApi, bot: Bot) -> None:
    users = people(telegram, VOTERS)
    club = await club_of(telegram, users, "supergroup")
    since = len(telegram.world.calls)
    board = await voting(telegram, users[0], club)
    shown = films(board)
    given = [(user, shown[0 if at % 2 else at % 6 // 2 + 1]) for at, user in enumerate(users)]
    given += [(user, shown[4]) for at, user in enumerate(users) if at % 5 == 0]
    begun = len(telegram.world.calls)
    answers = [(label, user.presses(board, label)) for user, label in given]
    for label, press in answers:
        told = (await press.told()).text  # nothing, where the machine is busy and it took too long
        assert not told or told.startswith("Your vote: ")
        assert not told or label.partition(". ")[2].rstrip("…") in told
    wanted = Counter(label for _, label in given)
    await telegram.until(lambda: tally(board) == [wanted[label] for label in shown], what="the right count")
    await shows(telegram, board, f"{VOTERS} of {VOTERS} have voted")
    edits = [call.at for call in writes(telegram, club, begun)]
    assert all(after - before > SECONDS - 0.5 for before, after in pairwise(edits))
    await presses(telegram, users[0], board, "End the vote")
    await shows(telegram, board, "Tonight", f"{VOTERS // 2} of {VOTERS} would watch")
    await telegram.until(lambda: users[0].sees(club)[-1].photo, what="the picture of the count")
    done = telegram.world.calls[since:]
    assert len([call for call in done if call.method == "answerCallbackQuery"]) == len(given) + 3
    assert busiest_minute(writes(telegram, club, since)) <= 20


async def test_a_board_that_somebody_deletes_is_put_up_anew_with_all_votes(telegram: BotApi, bot: Bot) -> None:
    ada, ben = users = people(telegram, 2)
    club = await club_of(telegram, users)
    board = await voting(telegram, ada, club)
    await presses(telegram, ada, board, films(board)[0])
    ada.deletes(board)
    await ben.presses_data(board, data(board, films(board)[1])).told()
    await telegram.until(lambda: len(said(ada, club)) == 2, what="another board")
    anew = said(ada, club)[-1].message
    assert tally(anew) == [1, 1, 0, 0, 0, 0]
    await presses(telegram, ada, anew, "End the vote")
    await shows(telegram, anew, "Tonight")


# ── Topics ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_nights_in_two_topics_of_one_group_do_not_touch(telegram: BotApi, bot: Bot) -> None:
    ada, ben = users = people(telegram, 2)
    forum = await club_of(telegram, users, "forum")
    drama, horror = forum.topic("Drama"), forum.topic("Horror")
    first = await voting(telegram, ada, forum, drama)
    second = await voting(telegram, ben, forum, horror)
    assert (first.thread, second.thread) == (drama, horror)
    await presses(telegram, ada, first, films(first)[0])
    await telegram.answered(ben.types("/vote@marquee_test_bot 2", forum, thread=horror))
    await shows(telegram, first, "1 of 1 have voted")
    await shows(telegram, second, "1 of 1 have voted")
    assert tally(first) == [1, 0, 0, 0, 0, 0]
    assert tally(second) == [0, 1, 0, 0, 0, 0]
    assert "Only whoever opened" in await presses(telegram, ben, first, "30 minutes more")
    ben.types("/night@marquee_test_bot end", forum, thread=horror)
    await shows(telegram, second, "Tonight")
    await telegram.until(lambda: ben.sees(forum, horror)[-1].photo, what="the picture of the count")
    assert not any(each.photo for each in ben.sees(forum, drama))
    assert "End the vote" in labels(first)
    await presses(telegram, ada, first, films(first)[2])
    await presses(telegram, ada, first, "End the vote")
    await shows(telegram, first, "Tonight")
    await telegram.until(lambda: ada.sees(forum, drama)[-1].photo, what="the picture of the count")


# ── Comings and goings ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", ["member", "administrator"])
async def test_whoever_leaves_is_out_with_his_vote_and_nobody_waits_for_him(
    telegram: BotApi, bot: Bot, status: str
) -> None:
    ada, ben, cleo = users = people(telegram, 3)
    club = await club_of(telegram, users)
    club.add_bot(status=status)
    board = await voting(telegram, ada, club, others=[cleo])
    await presses(telegram, ada, board, films(board)[0])
    await presses(telegram, ben, board, films(board)[0])
    await shows(telegram, board, "2 of 3 have voted")
    club.remove(cleo)
    await shows(telegram, board, "2 of 2 have voted", "The result comes in a moment")
    club.remove(ben, by=ada)
    await shows(telegram, board, "1 of 1 have voted")
    assert tally(board) == [1, 0, 0, 0, 0, 0]
    await presses(telegram, ada, board, "End the vote")
    await shows(telegram, board, "1 of 1 would watch")


async def test_a_night_goes_on_in_the_supergroup_that_its_group_becomes(telegram: BotApi, bot: Bot) -> None:
    ada, ben = users = people(telegram, 2)
    club = await club_of(telegram, users)
    board = await voting(telegram, ada, club)
    await presses(telegram, ada, board, films(board)[1])
    made = club.migrate()
    await telegram.until(lambda: said(ada, made))
    anew = said(ada, made)[0].message
    assert tally(anew) == [0, 1, 0, 0, 0, 0]
    await presses(telegram, ben, anew, films(anew)[1])
    await hurries(telegram, ada, anew)
    await shows(telegram, anew, "2 of 2 have voted")
    await presses(telegram, ada, anew, "End the vote")
    await shows(telegram, anew, "2 of 2 would watch")
    assert [each.photo is not None for each in said(ada, made)] == [False, True]


async def test_a_group_that_becomes_a_supergroup_while_its_board_is_written_gets_one_board(
    own: BotApi, tmp_path: Path
) -> None:
    async with running(own, tmp_path) as bot:
        [ada] = users = people(own, 1)
        club = await club_of(own, users)
        board = await voting(own, ada, club)
        go_on = asyncio.Event()
        with own.faults.add("editMessageText", delayed(go_on), chat=club) as held:
            await presses(own, ada, board, films(board)[1])
            await hurries(own, ada, board)
            await held.reached.wait()
            made = club.migrate()
            await bot.says("has become a supergroup")
            go_on.set()
        await own.until(lambda: said(ada, made))
        anew = said(ada, made)[0].message
        await presses(own, ada, anew, films(anew)[2])
        await hurries(own, ada, anew)
        await own.until(lambda: tally(anew) == [0, 1, 1, 0, 0, 0], what="the second vote on the board")
        assert len(said(ada, made)) == 1


# ── Forged, foreign, late ────────────────────────────────────────────────────────────────────────────────────────


async def test_a_button_of_another_groups_night_is_out_of_date_and_changes_nothing(telegram: BotApi, bot: Bot) -> None:
    ada, eve = people(telegram, 2)
    club, other = await club_of(telegram, [ada]), await club_of(telegram, [eve])
    board, theirs = await voting(telegram, ada, club), await voting(telegram, eve, other)
    await presses(telegram, ada, board, films(board)[0])
    before = whole(theirs)
    for label in (films(board)[1], "End the vote", "30 minutes more"):
        told = await eve.presses_data(theirs, data(board, label)).told()
        assert "out of date" in told.text
        assert told.show_alert
    night = data(board, "End the vote").split()[1]
    await telegram.answered(eve.starts())
    for forged in (f"1ballot {night}", f"1veto {night} 1", f"1nightset {night}", f"1vote {night} 1"):
        assert "out of date" in (await eve.presses_data(eve.sees()[-1], forged).told()).text, forged
        assert "out of date" in (await eve.presses_data(theirs, forged).told()).text, forged
    await presses(telegram, ada, board, "End the vote")
    await shows(telegram, board, "1 of 1 would watch")
    assert whole(theirs) == before
    assert len(said(eve, other)) == 2, "it is no news to the group"


async def test_what_no_button_says_is_refused_and_changes_nothing(telegram: BotApi, bot: Bot) -> None:
    ada, ben = people(telegram, 2)
    club = await club_of(telegram, [ada, ben])
    board = await voting(telegram, ada, club)
    night = data(board, "End the vote").split()[1]
    assert "There is no film 9" in (await ben.presses_data(board, f"1vote {night} 9").told()).text
    assert "Only whoever opened" in (await ben.presses_data(board, f"1night {night} cancel").told()).text
    assert "There are no vetoes tonight" in (await ben.presses_data(board, f"1veto {night} 1").told()).text
    assert "The vote is on" in (await ada.presses_data(board, f"1night {night} choose").told()).text
    assert "The vote is on" in (await ada.presses_data(board, f"1night {night} start").told()).text
    assert "The vote is on" in (await ada.presses_data(board, f"1night {night} next").told()).text
    never = (f"1due {night}", f"1due {night} nudge", f"1left {ada.id}", f"1vote {night} 0", f"1vote {night} 01")
    for forged in (
        *never,
        f"1rank {night} 1",
        f"1score {night} 1 5",
        "1vote 999999 1",
        "0vote 1 1",
        f"1vote {night} 1 1",
    ):
        assert "out of date" in (await ben.presses_data(board, forged).told()).text, forged
    await presses(telegram, ada, board, films(board)[0])
    await hurries(telegram, ada, board)
    await shows(telegram, board, "1 of 1 have voted")
    assert tally(board) == [1, 0, 0, 0, 0, 0]


async def test_a_press_that_comes_late_is_told_so_and_the_result_stands(telegram: BotApi, bot: Bot) -> None:
    ada, ben = people(telegram, 2)
    club = await club_of(telegram, [ada, ben])
    board = await voting(telegram, ada, club)
    late = {label: data(board, label) for label in (*films(board)[:2], "End the vote", "30 minutes more")}
    await presses(telegram, ada, board, films(board)[0])
    await presses(telegram, ada, board, "End the vote")
    await shows(telegram, board, "1 of 1 would watch")
    for pressed in late.values():
        told = await ada.presses_data(board, pressed).told()
        assert "The vote is over, and its result stands. Nothing was changed." in told.text
        assert told.show_alert
    assert "The vote is over" in (await ben.presses_data(board, next(iter(late.values()))).told()).text
    await presses(telegram, ada, board, "Another night")
    await shows(telegram, board, "No film night this time")
    assert "called off" in (await ada.presses_data(board, next(iter(late.values()))).told()).text


# ── Stopped, killed ──────────────────────────────────────────────────────────────────────────────────────────────


def changed(bot: Bot, sql: str) -> None:
    """What has happened while the bot was down."""
    with closing(sqlite3.connect(bot.database)) as connection, connection:
        assert connection.execute(sql).rowcount == 1


@pytest.mark.parametrize("web", ["0", "1"])
async def test_a_vote_whose_time_comes_while_it_is_stopped_ends_at_the_next_start(
    own: BotApi, tmp_path: Path, web: str
) -> None:
    async with running(own, tmp_path, MARQUEE_WEB=web) as bot:
        ada, ben = users = people(own, 2)
        club = await club_of(own, users)
        board = await voting(own, ada, club)
        await presses(own, ada, board, films(board)[0])
        assert await bot.stop() == 0
        changed(bot, "update nights set closes_at = closes_at - 3600, latest = latest - 3600 where stage = 'voting'")
        late = ben.presses(board, films(board)[1])
        await bot.start()
        assert "The vote is over" in (await late.told()).text
        await shows(own, board, "🎬 Tonight", "1 of 1 would watch")
        await own.until(lambda: said(ben, club)[-1].photo, what="the picture of the count")
        assert len(said(ben, club)) == 3, "the greeting, the board, the result"
        assert await bot.stop() == 0
        await bot.start()
        await own.polled()
        await presses(own, ada, board, "We watched it")
        assert len(said(ben, club)) == 3
        assert "Traceback" not in bot.log


async def test_who_has_not_voted_is_reminded_alone_or_by_a_mention_once(own: BotApi, tmp_path: Path) -> None:
    async with running(own, tmp_path) as bot:
        ada, ben, cleo = users = people(own, 3)
        club = await club_of(own, users)
        await own.answered(ben.starts())
        board = await voting(own, ada, club, others=[ben, cleo])
        await presses(own, ada, board, films(board)[0])
        for _ in range(2):
            assert await bot.stop() == 0
            if not said(ben)[1:]:
                changed(bot, "update nights set nudges_at = 1 where stage = 'voting'")
            await bot.start()
            await own.until(lambda: said(ben)[1:] and said(cleo, club)[2:], what="what reminds them")
        alone, together = said(ben)[1:], said(cleo, club)[2:]
        assert [each.labels for each in alone] == [[["Vote"]]]
        assert [len(each.entities) for each in together] == [1]
        [mention] = together[0].entities
        assert (mention["type"], mention["user"]["id"]) == ("text_mention", cleo.id)
        await own.answered(ben.presses(alone[0], "Vote"))
        await presses(own, ben, said(ben)[-1].message, films(board)[0])
        await presses(own, ada, board, "End the vote")
        await shows(own, board, "2 of 2 would watch")
        assert [each for each in said(cleo, club) if "text_mention" in str(each.entities)] == together


def read(bot: Bot, sql: str) -> list[tuple[Any, ...]]:
    """What the bot has kept."""
    with closing(sqlite3.connect(f"file:{bot.database}?mode=ro", uri=True)) as connection:
        return list(connection.execute(sql))


def counted(bot: Bot, given: list[tuple[Press, int]]) -> set[Press]:
    """Of these presses the ones that the bot has counted; all that were answered are among them."""
    kept = {name for (name,) in read(bot, "select update_id from presses")}
    found = {press for press, _ in given if press.query and f"{press.update}-{press.query.id}" in kept}
    assert {press for press, _ in given if press.answer.done()} <= found, "an acknowledged vote is lost"
    return found


def ballots(given: list[tuple[Press, int]]) -> dict[str, set[int]]:
    """What each has voted for in the end: every press gives a vote or takes it back."""
    votes: dict[str, set[int]] = defaultdict(set)
    for press, film in given:
        votes[str(press.account.id)] ^= {film}
    return votes


def answered(given: list[tuple[Press, int]]) -> int:
    return sum(press.answer.done() for press, _ in given)


@pytest.mark.parametrize("kills", [8, pytest.param(50, marks=[pytest.mark.soak, pytest.mark.timeout(300)])])
async def test_killed_while_people_vote_it_loses_no_vote_and_counts_none_twice(
    own: BotApi, tmp_path: Path, kills: int
) -> None:
    seed = random.randrange(1_000_000)
    chance = random.Random(seed)
    users = people(own, 12)
    given: list[tuple[Press, int]] = []
    async with running(own, tmp_path) as bot:
        club = await club_of(own, users, "supergroup")
        board = await voting(own, users[0], club)
        votes = [data(board, label) for label in films(board)]
        for _ in range(kills):
            done = answered(given)
            for user in chance.sample(users, len(users)):
                film = chance.randrange(len(votes))
                given.append((user.presses_data(board, votes[film]), film + 1))
            moment = done + chance.randrange(len(given) - done)
            await own.until(lambda: answered(given) >= moment)  # noqa: B023 - awaited at once
            await bot.stop(signal.SIGKILL)
            counted(bot, given)
            for press, _ in given:
                assert press.query is not None
                press.query.forgiven = True  # it may have been answered just before the kill
            await bot.start()
        for press, _ in given:
            await press.told()
        assert len(counted(bot, given)) == len(given)
        expected = ballots(given)
        rows = read(bot, "select person_id, ballot from ballots")
        kept = {person: Ballot.from_json(json.loads(ballot)).approved for person, ballot in rows}
        assert kept == expected, f"with seed {seed}"
        totals = Counter(film for chosen in expected.values() for film in chosen)
        await hurries(own, users[0], board)
        await own.until(lambda: tally(board) == [totals[film] for film in range(1, 7)], what="the count on the board")
        assert len(said(users[0], club)) == 2, "the greeting and the board"
        assert await bot.stop() == 0
    assert "Traceback" not in bot.log


# ── A whole evening ──────────────────────────────────────────────────────────────────────────────────────────────

SHARED = {550: "Fight Club", 680: "Pulp Fiction", 13: "Forrest Gump"}


def clock(bot: Bot, board: Message, zone: str) -> str:
    """When the vote ends, in that zone."""
    night = data(board, "End the vote").split()[1]
    [(ends,)] = read(bot, f"select closes_at from nights where id = {night}")
    return f"{datetime.fromtimestamp(ends, ZoneInfo(zone)):%H:%M}"


def german(text: Text) -> str:
    return phrases("de").text(text)


def pressed(telegram: BotApi, since: int) -> Counter[str]:
    """How often each has pressed something, from that update on."""
    updates = telegram.updates.everything[since:]
    return Counter(each.body["from"]["first_name"] for each in updates if each.kind == "callback_query")


def sends(message: Seen, pattern: str) -> str:
    """What that button of the message sends, if there is one."""
    said = [each.data or "" for row in message.buttons for each in row]
    return next((each for each in said if re.fullmatch(f"1{pattern}", each)), "")


async def one_veto_each(telegram: BotApi, opener: User, club: Group) -> None:
    """Set that for all nights of a group."""
    board = await opened(telegram, opener, club)
    await presses(telegram, opener, board, "More options")
    for sent in ("nightset [0-9]+ vetoes", "nightset [0-9]+ vetoes 1", "nightkeep [0-9]+"):
        await telegram.until(lambda: sends(opener.sees()[-1], sent), what=sent)  # noqa: B023 - awaited at once
        await opener.presses_data(opener.sees()[-1], sends(opener.sees()[-1], sent)).told()
    await presses(telegram, opener, board, "Call it off")
    await shows(telegram, board, "No film night this time")


async def test_five_decide_with_few_presses_and_each_reads_his_own_language_and_time(
    telegram: BotApi, bot: Bot
) -> None:
    ada, ben, cleo, dee = (telegram.user(name) for name in ("Ada", "Ben", "Cleo", "Dee"))
    uwe = telegram.user("Uwe", language_code="de")
    club = await club_of(telegram, [ada, ben, cleo, dee, uwe])
    for user in (ada, ben, uwe):
        for film in SHARED:
            await telegram.answered(user.types(f"/watch {film}"))
    await telegram.answered(uwe.types("/settings zone Asia/Tokyo"))
    await telegram.answered(ada.types("/settings@marquee_test_bot zone Europe/London", club))
    await one_veto_each(telegram, ada, club)
    since, begun = len(telegram.world.calls), len(telegram.updates.everything)

    board = await opened(telegram, ada, club)
    for user in (ben, cleo, dee):
        assert await presses(telegram, user, board, "I’m in") == "You’re in."
    assert await presses(telegram, uwe, board, "I’m in") == german(t("You’re in."))
    await presses(telegram, ada, board, "Choose films")
    await shows(telegram, board, "Each is on at least 3 of 5 watchlists")
    await presses(telegram, ada, board, "Start the vote")
    await shows(telegram, board, "0 of 5 have voted", "End the vote")
    assert f"Until {clock(bot, board, 'Europe/London')} at the latest" in board.text
    before = pressed(telegram, begun)
    assert before == {"Ada": 2, "Ben": 1, "Cleo": 1, "Dee": 1, "Uwe": 1}

    fight, pulp, gump = (next(each for each in films(board) if name in each) for name in SHARED.values())
    for user, label in ((ada, fight), (ben, fight), (cleo, pulp), (dee, gump)):
        assert (await presses(telegram, user, board, label)).startswith("Your vote: ")
    told = await presses(telegram, uwe, board, fight)
    assert told == german(t("Your vote: {titles}", titles=("Fight Club",)))
    assert " und " in await presses(telegram, uwe, board, pulp)
    await presses(telegram, uwe, board, "My vote")
    await telegram.until(lambda: clock(bot, board, "Asia/Tokyo") in uwe.sees()[-1].text, what="his time")
    await shows(telegram, board, "5 of 5 have voted")
    assert sorted(tally(board)) == [1, 2, 3]
    await presses(telegram, ada, board, "End the vote")
    await shows(telegram, board, "🎬 Tonight: Fight Club (1999)", "3 of 5 would watch")
    await telegram.until(lambda: said(ada, club)[-1].photo, what="the picture of the count")
    assert "Tonight: Fight Club" in said(ada, club)[-1].text
    assert pressed(telegram, begun) - before == {"Ada": 2, "Ben": 1, "Cleo": 1, "Dee": 1, "Uwe": 3}
    sent = [call.method for call in writes(telegram, club, since) if call.method.startswith("send")]
    assert sent == ["sendMessage", "sendPhoto"]
