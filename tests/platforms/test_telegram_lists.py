"""A group's lists on Telegram: proposed by a reply, pinned where that is allowed, moved along with their group."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.doubles.bot_api import BotApi, Group, Seen, User, serving
from tests.platforms.telegram_front import Bot, running

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def telegram() -> AsyncIterator[BotApi]:
    async with serving() as double:
        yield double


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def bot(telegram: BotApi, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bot]:
    """One bot for all of these: each test brings along its own people and groups."""
    async with running(telegram, tmp_path_factory.mktemp("bot")) as bot:
        yield bot


@pytest.fixture
def ada(telegram: BotApi) -> User:
    return telegram.user("Ada")


@pytest.fixture
def ben(telegram: BotApi) -> User:
    return telegram.user("Ben")


async def club_of(telegram: BotApi, *users: User, kind: str = "group") -> Group:
    """A group that the bot has greeted."""
    club: Group = getattr(telegram, kind)("Film club", users)
    club.add_bot()
    await telegram.until(lambda: telegram.written(club))
    return club


def board(user: User, club: Group) -> Seen:
    """The newest message that shows a list."""
    return [seen for seen in user.sees(club) if "🍿" in seen.text][-1]


async def test_a_reply_to_a_card_proposes_its_title(telegram: BotApi, ada: User, ben: User) -> None:
    club = await club_of(telegram, ada, ben)
    card = await telegram.answered(ada.types("/movie 550", club))
    told = await telegram.answered(ben.types("/propose", club, reply_to=card))
    assert told.text == "Fight Club (1999) is on “Film night” now, proposed by Ben."
    link = ada.types("what of https://www.themoviedb.org/movie/129-spirited-away ?", club)
    told = await telegram.answered(ben.types("/propose", club, reply_to=link))
    assert told.text == "Spirited Away (2001) is on “Film night” now, proposed by Ben."
    told = await telegram.answered(ben.types("/propose", club))
    assert "There is something missing" in told.text


async def test_the_list_is_pinned_where_the_group_lets_it_be(telegram: BotApi, ada: User) -> None:
    club = await club_of(telegram, ada)
    shown = await telegram.answered(ada.types("/party", club))
    assert "nothing is on it yet" in shown.text
    await telegram.answered(ada.types("/help", club))
    assert club.pinned == [], "it may not"
    club.promote_bot()
    again = await telegram.answered(ada.types("/party", club))
    await telegram.until(lambda: club.pinned == [again.id])


async def test_the_list_goes_on_where_its_group_has_moved(telegram: BotApi, ada: User, ben: User) -> None:
    club = await club_of(telegram, ada, ben)
    await telegram.answered(ada.types("/propose 550", club))
    await telegram.answered(ada.types("/party", club))
    made = club.migrate()
    await telegram.answered(ben.types("/propose 129", made))
    await telegram.until(lambda: any("🍿" in seen.text and "2 titles" in seen.text for seen in ben.sees(made)))
    press = ben.presses(board(ben, made), "1")
    assert "you want it. 2 want it now." in (await press.told()).text
