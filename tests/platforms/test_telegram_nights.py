"""Film nights in Telegram's groups: many voters, topics, comings and goings, forged presses, and a bot that dies."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence

import pytest
import pytest_asyncio

from tests.doubles.bot_api import BotApi, Call, Group, Message, User, serving
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


# ── Helpers ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def club_of(telegram: BotApi, users: Sequence[User], kind: str = "group") -> Group:
    """A group that the bot has greeted."""
    club: Group = getattr(telegram, kind)("Film club", users)
    club.add_bot()
    await telegram.until(lambda: telegram.written(club))
    return club


def people(telegram: BotApi, count: int) -> list[User]:
    return [telegram.user(f"Member{number}") for number in range(count)]


def labels(board: Message) -> list[str]:
    return [label for row in seen(board).labels for label in row]


def films(board: Message) -> list[str]:
    """The buttons to vote with."""
    return [label for label in labels(board) if label[0].isdigit() and ". " in label]


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


async def voting(telegram: BotApi, opener: User, club: Group, thread: int | None = None) -> Message:
    """The board of a night whose vote has begun."""
    board = await opened(telegram, opener, club, thread)
    await presses(telegram, opener, board, "Choose films")
    await presses(telegram, opener, board, "Start the vote")
    await shows(telegram, board, "End the vote")
    return board


def writes(telegram: BotApi, club: Group, since: int = 0) -> list[Call]:
    """The messages and edits that the group got, from that call on."""
    calls = telegram.world.calls[since:]
    return [c for c in calls if c.method in WRITING and c.acted and str(c.values["chat_id"]) == str(club.id)]


def tally(board: Message) -> list[int]:
    """How many votes each film has, by the board."""
    lines = [line for line in board.text.splitlines() if re.match(r"[0-9]\. ", line)]
    return [int(found[1]) if (found := re.search(r"✓ ([0-9]+) vote", line)) else 0 for line in lines]


# ── Many ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_two_hundred_vote_at_once_and_each_vote_counts_once(telegram: BotApi, bot: Bot) -> None:
    users = people(telegram, VOTERS)
    club = await club_of(telegram, users, "supergroup")
    since = len(telegram.world.calls)
    board = await voting(telegram, users[0], club)
    shown = films(board)
    given = [(user, shown[0 if at % 2 else at % 6 // 2 + 1]) for at, user in enumerate(users)]
    given += [(user, shown[4]) for at, user in enumerate(users) if at % 5 == 0]
    begun = time.monotonic()
    answers = [(label, user.presses(board, label)) for user, label in given]
    for label, press in answers:
        told = (await press.told()).text
        assert told.startswith("Your vote: ")
        assert label.partition(". ")[2].rstrip("…") in told
    assert time.monotonic() - begun < 10
    wanted = Counter(label for _, label in given)
    await telegram.until(lambda: tally(board) == [wanted[label] for label in shown], what="the right count")
    await shows(telegram, board, f"{VOTERS} of {VOTERS} have voted")
    await presses(telegram, users[0], board, "End the vote")
    await shows(telegram, board, "Tonight", f"{VOTERS // 2} of {VOTERS} would watch")
    await telegram.until(lambda: users[0].sees(club)[-1].photo, what="the picture of the count")
    done = telegram.world.calls[since:]
    assert len([call for call in done if call.method == "answerCallbackQuery"]) == len(given) + 3
    assert time.monotonic() - begun < 50, "what follows holds for a minute"
    assert len(writes(telegram, club, since)) <= 20


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
