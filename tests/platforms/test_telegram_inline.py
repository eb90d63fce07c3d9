"""Cards for any chat: `@bot fight club`, typed where the bot is not, and the buttons of what was chosen there."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from statistics import median

import pytest

from bot.core.chat import Chat, ChatKind, Person, Update
from bot.core.dispatch import Answer
from bot.core.model import Kind, Title, TitleRef
from bot.core.reply import Reply, TitleCard
from bot.core.store import Store
from bot.frontends.telegram.cards import Cards
from bot.frontends.telegram.receive import Chosen, Put
from storage import parties
from tests.doubles import tmdb
from tests.doubles.bot_api import BotApi, Group, Offered, Seen, User, serving
from tests.doubles.bot_api.faults import hangs
from tests.doubles.bot_api.inline import Article
from tests.doubles.tmdb import READ_TOKEN, Tmdb, faults
from tests.platforms.telegram_front import Bot, running

CLUB = "Fight Club (1999)"
PROPOSE = "Propose for film night"


@pytest.fixture
async def telegram() -> AsyncIterator[BotApi]:
    async with serving() as double:
        yield double


@pytest.fixture
def ada(telegram: BotApi) -> User:
    return telegram.user("Ada")


@pytest.fixture
def ben(telegram: BotApi) -> User:
    return telegram.user("Ben")


@pytest.fixture
def friends(telegram: BotApi, ada: User, ben: User) -> Group:
    """A group that the bot is not in."""
    return telegram.group("Friends", [ada, ben])


@pytest.fixture
async def bot(telegram: BotApi, tmp_path: Path) -> AsyncIterator[Bot]:
    async with running(telegram, tmp_path) as process:
        yield process


async def offered(user: User, query: str, offset: str = "") -> Offered:
    return await user.types_inline(query, offset).told()


def first(found: Offered) -> Article:
    return found.results[0]


async def puts(telegram: BotApi, user: User, title: str, chat: Group) -> Seen:
    """Type a title and tap the result; gives the card that all see, once it is complete."""
    typed = user.types_inline(title.partition(" (")[0])
    await typed.told()
    put = user.chooses(typed, title, chat)
    if telegram.world.inline_feedback:
        await telegram.until(lambda: put in telegram.world.written)
    return user.sees(chat)[-1]


# ── Typing ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_fits_the_words_is_offered_to_whoever_types(bot: Bot, ada: User) -> None:
    found = await offered(ada, "fight club")
    assert (first(found).title, first(found).id) == (CLUB, "m550")
    assert first(found).description.startswith("film")
    assert first(found).text.startswith(CLUB)
    assert (first(found).preview or {}).get("prefer_large_media")
    assert (found.cache_time, found.is_personal, found.button) == (300, True, None)


async def test_everybody_is_answered_in_his_own_language(telegram: BotApi, bot: Bot, ada: User) -> None:
    """The same words, typed at the same time: Telegram may keep the answer, but for whoever got it alone."""
    carl = telegram.user("Carl", language_code="de")
    english, german = await offered(ada, "breaking bad"), await offered(carl, "breaking bad")
    assert (first(english).description.partition(" ")[0], first(german).description.partition(" ")[0]) == (
        "series",
        "Serie",
    )
    assert english.is_personal
    assert german.is_personal


async def test_films_and_series_a_kind_an_address_and_a_number(bot: Bot, ada: User) -> None:
    for typed, number in (
        ("breaking bad", "t1396"),
        ("tv: breaking bad", "t1396"),
        ("tt0137523", "m550"),
        ("https://www.themoviedb.org/tv/1396", "t1396"),
        ("m550", "m550"),
    ):
        assert first(await offered(ada, typed)).id == number, typed


async def test_nothing_that_fits_is_an_empty_answer(bot: Bot, ada: User) -> None:
    for typed in ("qqqqqqqq", "tt9999999", "m999999999", "@", "x" * 256, "\u202e7"):
        assert (await offered(ada, typed)).titles == [], typed


async def test_more_of_them_follow_twenty_at_a_time(bot: Bot, ada: User) -> None:
    one = await offered(ada, "the")
    two = await offered(ada, "the", one.next_offset)
    assert (len(one.results), one.next_offset) == (20, "20")
    assert two.results
    assert not {each.id for each in one.results} & {each.id for each in two.results}
    assert (await offered(ada, "the", "99960")).results == ()


# ── One's own watchlist ──────────────────────────────────────────────────────────────────────────────────────────


async def test_without_words_it_is_ones_own_watchlist_and_nobody_elses(
    telegram: BotApi, bot: Bot, ada: User, ben: User
) -> None:
    for number in ("tv1396", "550", "680"):
        await telegram.answered(ada.types(f"/watch {number}"))
    found = await offered(ada, "  ")
    assert [each.id for each in found.results] == ["m680", "m550", "t1396"]
    assert (found.cache_time, found.is_personal, found.next_offset) == (0, True, "")
    assert all("watchlist" not in each.text.lower() for each in found.results), "a shared card shows nobody's state"
    nobody = await offered(ben, "")
    assert (nobody.titles, nobody.cache_time, nobody.is_personal) == ([], 0, True)


async def test_a_long_watchlist_is_turned_films_first_without_a_gap(telegram: BotApi, bot: Bot, ada: User) -> None:
    wanted = [each.id for offset in ("", "20") for each in (await offered(ada, "the", offset)).results][:28]
    for number in wanted:
        await telegram.answered(ada.types(f"/watch {number}"))
    shown: list[str] = []
    offset = ""
    while not shown or offset:
        found = await offered(ada, "", offset)
        assert 0 < len(found.results) <= 20
        shown += [each.id for each in found.results]
        offset = found.next_offset
    newest = wanted[::-1]
    assert shown == [each for each in newest if each[0] == "m"] + [each for each in newest if each[0] == "t"]


async def test_who_is_not_signed_in_is_sent_to_the_private_chat(telegram: BotApi, bot: Bot, ada: User) -> None:
    found = await offered(ada, "")
    assert found.button == ("Sign in to see your watchlist here", "login")
    assert "You are signed in" in (await telegram.answered(ada.starts(found.button[1]))).text
    assert (await offered(ada, "")).button == ("Your watchlist is empty", "hello")


# ── Chosen ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_buttons_of_a_card_elsewhere_work_for_whoever_presses(
    telegram: BotApi, bot: Bot, ada: User, ben: User, friends: Group
) -> None:
    for user in (ada, ben):
        await telegram.answered(user.starts())
    card = await puts(telegram, ada, CLUB, friends)
    for user in (ben, ada):
        press = user.presses(card, "+ Watchlist")
        await telegram.answered(press)
        assert (await press.told()).text == "Added to your watchlist."
        assert f"Added to {user.first_name}’s watchlist." in user.sees(friends)[-1].text
        assert first(await offered(user, "")).id == "m550"
    again = await ben.presses(card, "+ Watchlist").told()
    assert again.text == "It is on your watchlist already."
    not_his = await ben.presses(ada.sees(friends)[-1], "Undo").told()
    assert (not_his.text, not_his.show_alert) == ("This button belongs to somebody else. Nothing was changed.", True)
    undone = ada.presses(ada.sees(friends)[-1], "Undo")
    await telegram.answered(undone)
    assert "Undone on Ada’s account." in ben.sees(friends)[-1].text
    assert telegram.calls("sendMessage", friends) == []


async def test_what_is_personal_goes_to_the_private_chat(telegram: BotApi, bot: Bot, ada: User, friends: Group) -> None:
    await telegram.answered(ada.starts())
    card = await puts(telegram, ada, CLUB, friends)
    press = ada.presses(card, "Rate")
    await telegram.until(lambda: "How do you rate" in ada.sees()[-1].text)
    assert (await press.told()).text == "I have answered you in our private chat."
    assert ada.sees(friends)[-1].text == card.text


async def test_who_has_not_started_the_bot_is_sent_there_and_goes_on(
    telegram: BotApi, bot: Bot, ada: User, ben: User, friends: Group
) -> None:
    card = await puts(telegram, ada, CLUB, friends)
    told = await ben.presses(card, "+ Watchlist").told()
    assert told.url is not None
    assert "Added to your watchlist." in (await telegram.answered(ben.follows(told.url))).text
    assert ben.sees(friends)[-1].text == card.text


async def test_what_can_not_be_said_there_is_told_to_the_presser_or_in_private(
    telegram: BotApi, bot: Bot, ada: User, friends: Group
) -> None:
    await telegram.answered(ada.starts())
    card = await puts(telegram, ada, CLUB, friends)
    nothing = await ada.presses_data(card, "1undo").told()
    assert (nothing.text, nothing.show_alert) == ("There is no change of yours here that I could undo.", True)
    stale = await ada.presses_data(card, "0help").told()
    assert "out of date" in stale.text
    help_anew = ada.presses_data(card, "1help")
    await telegram.answered(help_anew)
    assert (await help_anew.told()).text == "I have answered you in our private chat."
    missing = await ada.presses_data(card, "1movie m999999999").told()
    assert ("I know no film with the number 999999999." in missing.text, missing.show_alert) == (True, True)
    for data in ("1search fight", "1account", "1login", "1house inline:x ask", "nonsense", "1language de"):
        assert (await ada.presses_data(card, data).told()) is not None
    assert ada.sees(friends)[-1].text == card.text
    assert "Crash" not in bot.log


@pytest.mark.parametrize("feedback", [True, False])
async def test_a_card_from_a_list_is_completed_where_it_was_put(
    telegram: BotApi, bot: Bot, ada: User, friends: Group, feedback: bool
) -> None:
    telegram.world.inline_feedback = feedback
    await telegram.answered(ada.starts())
    card = await puts(telegram, ada, CLUB, friends)
    assert ("David Fincher" in card.text) is feedback
    await telegram.answered(ada.presses(card, "+ Watchlist"))
    assert "David Fincher" in ada.sees(friends)[-1].text


async def test_a_card_is_no_message_to_the_bot_where_it_is_itself(
    telegram: BotApi, bot: Bot, ada: User, ben: User
) -> None:
    club = telegram.group("Film club", [ada, ben])
    club.add_bot()
    await telegram.until(lambda: telegram.written(club))
    await telegram.answered(ada.starts())
    said = len(ada.sees())
    for chat in (club, ada.chat):
        typed = ada.types_inline("fight club")
        await typed.told()
        ada.chooses(typed, CLUB, chat)
        await ada.presses_data(chat.messages[max(chat.messages)], "1undo").told()
    await ada.presses_data(ada.sees()[0], "").told()
    assert len(ada.sees()) == said + 1
    assert len(telegram.calls("sendMessage", club)) == 1, "the greeting alone"


# ── In a group that the bot is in ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
async def club(telegram: BotApi, bot: Bot, ada: User, ben: User) -> Group:
    """A group that the bot has greeted."""
    club = telegram.group("Film club", [ada, ben])
    club.add_bot()
    await telegram.until(lambda: telegram.written(club))
    return club


def can_propose(card: Seen) -> bool:
    return [PROPOSE] in card.labels


@pytest.mark.parametrize("chosen_first", [False, True])
async def test_a_card_in_a_group_of_the_bots_is_proposed_for_its_list(
    telegram: BotApi, bot: Bot, ada: User, ben: User, club: Group, chosen_first: bool
) -> None:
    telegram.world.inline_feedback_first = chosen_first
    await puts(telegram, ada, CLUB, club)
    await telegram.until(lambda: can_propose(ben.sees(club)[-1]))
    card = ben.sees(club)[-1]
    assert "David Fincher" in card.text
    not_known = await ben.presses(card, PROPOSE).told()
    assert (not_known.text, not_known.show_alert) == ("That is another group’s list. Nothing was changed.", True)
    shown = await telegram.answered(ben.types("/party", club))
    assert "nothing is on it yet" in shown.text
    assert (await ada.presses(card, PROPOSE).told()).text == (
        "Fight Club (1999) is on “Film night” now, proposed by Ada."
    )
    await telegram.until(lambda: "Fight Club" in ben.sees(club)[-1].text, what="the list, brought up to date")
    assert (await ben.presses(card, PROPOSE).told()).text == (
        "Fight Club (1999) is on “Film night” already: Ada proposed it first."
    )


async def test_its_button_stays_when_it_changes_and_when_the_bot_starts_anew(
    telegram: BotApi, bot: Bot, ada: User, club: Group
) -> None:
    await telegram.answered(ada.starts())
    await puts(telegram, ada, CLUB, club)
    await telegram.until(lambda: can_propose(ada.sees(club)[-1]))
    await telegram.answered(ada.presses(ada.sees(club)[-1], "+ Watchlist"))
    assert "Added to Ada’s watchlist." in ada.sees(club)[-1].text
    assert can_propose(ada.sees(club)[-1])
    await bot.stop()
    await bot.start()
    await telegram.answered(ada.presses(ada.sees(club)[-1], "Undo"))
    assert "Undone on Ada’s account." in ada.sees(club)[-1].text
    assert can_propose(ada.sees(club)[-1])


async def test_its_list_is_begun_in_the_groups_language(telegram: BotApi, ada: User, club: Group) -> None:
    await telegram.answered(ada.types("/language de", club))
    await puts(telegram, ada, CLUB, club)
    await telegram.until(lambda: can_propose(ada.sees(club)[-1]))
    shown = await telegram.answered(ada.types("/party", club))
    assert "Filmabend" in shown.text


async def test_elsewhere_a_card_has_no_such_button(
    telegram: BotApi, ada: User, ben: User, club: Group, friends: Group
) -> None:
    telegram.world.inline_feedback = False
    await puts(telegram, ada, CLUB, club)
    telegram.world.inline_feedback = True
    for user, title in ((ada, "Pulp Fiction (1994)"), (ben, CLUB)):
        card = await puts(telegram, user, title, friends)
        await telegram.idle()
        assert "David Fincher" in card.text or "Tarantino" in card.text
        assert not can_propose(user.sees(friends)[-1])
    assert not can_propose(ada.sees(club)[-1]), "nobody has said which message it is"


async def test_whoever_hides_behind_his_group_puts_a_card_without_it(
    telegram: BotApi, ada: User, ben: User, bot: Bot
) -> None:
    club = telegram.supergroup("Film club", [ada, ben])
    club.add_bot()
    await telegram.until(lambda: telegram.written(club))
    club.promote(ben, anonymous=True)
    card = await puts(telegram, ben, CLUB, club)
    await telegram.idle()
    assert "David Fincher" in card.text
    assert not can_propose(ada.sees(club)[-1])
    assert "Crash" not in bot.log


async def test_both_halves_of_a_card_come_at_the_same_time_or_not_at_all(store: Store) -> None:
    time, shown = [0.0], list[str]()
    group, elsewhere = Chat("telegram", "-5", ChatKind.GROUP), Chat("telegram", "inline:x", ChatKind.INLINE)
    person, title = Person("telegram", "7", "Ada"), TitleRef(Kind.MOVIE, 550)
    made, _ = await parties.make(
        store.db, platform="telegram", chat_id="-5", name=("Film night", "film night"), person_id="7", now=0
    )

    async def answer(update: Update) -> Answer:
        return Answer(Reply((TitleCard(Title(title, str(update.chat.party)), None),)), "en")

    async def show(inline_id: str, shows: Answer) -> None:
        [card] = shows.reply.parts
        assert isinstance(card, TitleCard)
        shown.append(f"{inline_id}: {card.title.name}")

    async def list_in(update: Update) -> int:
        assert update.chat == group
        return made.id

    def chosen(inline_id: str) -> Chosen:
        return Chosen(Update(inline_id, person, elsewhere, "", pressed=True), inline_id, title)

    cards, put = Cards(store, answer, show, list_in, lambda: time[0]), Put(Update("1", person, group, ""), title)
    await cards.take(chosen("elsewhere"))
    time[0] += 6
    await cards.take(put)
    await cards.take(chosen("here"))
    assert shown == ["elsewhere: None", f"here: {made.id}"]
    await cards.take(put)
    time[0] += 6
    await cards.take(chosen("elsewhere, too"))
    await cards.take(chosen("there"))
    await cards.take(put)
    assert shown[2:] == ["elsewhere, too: None", "there: None", f"there: {made.id}"], "the newest, once it is seen"


# ── Who may ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_only_who_may_use_the_bot_is_offered_anything(
    telegram: BotApi, tmp_path: Path, ada: User, ben: User, friends: Group
) -> None:
    async with running(telegram, tmp_path, MARQUEE_ALLOWED=str(ada.id)):
        found = await offered(ada, "fight club")
        assert (found.titles[0], found.is_personal, found.cache_time) == (CLUB, True, 300)
        for query in ("fight club", ""):
            assert (await offered(ben, query)) == Offered((), 0, is_personal=True, next_offset="", button=None)
        card = await puts(telegram, ada, CLUB, friends)
        told = await ben.presses(card, "+ Watchlist").told()
        assert (str(ben.id) in told.text, told.show_alert) == (True, True)


async def test_who_came_along_with_a_group_that_may_use_the_bot_is_offered_titles_and_may_press(
    telegram: BotApi, tmp_path: Path, ada: User, ben: User, friends: Group
) -> None:
    club = telegram.group("Film club", [ada, ben])
    async with running(telegram, tmp_path, MARQUEE_ALLOWED=str(club.id)):
        assert (await offered(ben, "fight club")).titles == []
        club.add_bot()
        await telegram.until(lambda: telegram.written(club))
        await telegram.answered(ben.types("/movie 550", club))
        assert (await offered(ben, "fight club")).titles == [CLUB]
        card = await puts(telegram, ben, CLUB, friends)
        assert (await ben.presses(card, "+ Watchlist").told()).url is not None
        assert str(ada.id) in (await ada.presses(card, "+ Watchlist").told()).text


# ── In no one's way ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_queries_are_not_kept_and_wait_for_nothing(telegram: BotApi, bot: Bot, ada: User, ben: User) -> None:
    telegram.faults.add("sendMessage", hangs())
    ada.types("/help")
    await telegram.until(lambda: telegram.calls("sendMessage"))
    assert first(await offered(ada, "fight club")).title == CLUB
    assert first(await offered(ben, "fight club")).title == CLUB
    telegram.faults.clear()
    with closing(sqlite3.connect(f"file:{bot.database}?mode=ro", uri=True)) as database:
        assert database.execute("select count(*) from inbox").fetchone() == (1,)
        assert database.execute("select count(*) from people").fetchone() == (1,), "who only types is not met"


async def test_nonsense_harms_nobody(telegram: BotApi, bot: Bot, ada: User) -> None:
    odd: list[object] = [{}, {"id": 7}, [], None, {"id": "1", "from": {}, "query": "x", "offset": ""}]
    for query in odd:
        telegram.updates.push_raw({"update_id": telegram.updates.next_id, "inline_query": query})
        telegram.updates.next_id += 1
    assert first(await offered(ada, "fight club")).title == CLUB


async def test_a_warm_answer_is_quick(
    telegram: BotApi, bot: Bot, ada: User, capsys: pytest.CaptureFixture[str]
) -> None:
    """Told, not judged: on a busy machine a number of milliseconds says little."""

    async def seconds(query: str) -> float:
        begun = time.perf_counter()
        await offered(ada, query)
        return time.perf_counter() - begun

    await offered(ada, "the")
    nothing = median([await seconds("qqqqqqqq") for _ in range(9)])
    twenty = median([await seconds("the") for _ in range(9)])
    with capsys.disabled():
        ratio = twenty / nothing
        print(f"\nA warm inline answer: {twenty * 1000:.0f} ms for twenty cards, {ratio:.1f} x an empty one")  # noqa: T201


# ── With TMDB ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
async def world() -> Tmdb:
    return Tmdb()


@pytest.fixture
async def with_tmdb(telegram: BotApi, tmp_path: Path, world: Tmdb) -> AsyncIterator[Bot]:
    async with tmdb.serving(world) as root:
        settings = {"TMDB_ACCESS_TOKEN": READ_TOKEN, "TMDB_API_URL": root, "TMDB_WEB_URL": root}
        async with running(telegram, tmp_path, **settings) as process:
            yield process
    assert world.complaints == []


@pytest.mark.needs("tmdb")
async def test_posters_come_along_and_the_same_words_are_asked_once(world: Tmdb, with_tmdb: Bot, ada: User) -> None:
    begun = len(world.calls)
    found = await offered(ada, "fight club")
    assert first(found).id == "m550"
    assert re.search(r"/w154/\S+\.jpg$", first(found).thumbnail or "")
    assert re.search(r"/w342/\S+\.jpg$", (first(found).preview or {})["url"])
    assert len(first(found).description.splitlines()) == 2, "and what it is about"
    assert [call.path for call in world.calls[begun:]] == ["/3/search/multi"]
    await offered(ada, "fight club")
    assert len(world.calls) == begun + 1


@pytest.mark.needs("tmdb")
async def test_of_ones_queries_only_the_newest_is_answered_and_a_slow_search_holds_up_nobody(
    telegram: BotApi, world: Tmdb, with_tmdb: Bot, ada: User, ben: User
) -> None:
    await offered(ben, "fight club")
    world.faults.add(faults.hangs(), path="/search/", times=None)
    old = ada.types_inline("toy s")
    await telegram.until(lambda: old.update in telegram.updates.confirmed)
    new = ada.types_inline("fight club")
    assert first(await new.told()).id == "m550"
    assert first(await offered(ben, "fight club")).id == "m550"
    assert "Hello Ben" in (await telegram.answered(ben.starts())).text
    world.faults.clear()
    assert first(await offered(ada, "toy story")).title.startswith("Toy Story")
    assert not old.offered.done()


@pytest.mark.needs("tmdb")
async def test_a_search_that_fails_offers_nothing(telegram: BotApi, world: Tmdb, with_tmdb: Bot, ada: User) -> None:
    world.faults.add(faults.server_error(), path="/search/", times=None)
    failed = ada.types_inline("fight club")
    await with_tmdb.says("An inline query was not answered")
    assert not failed.offered.done()
    world.faults.clear()
    assert first(await offered(ada, "toy story")).title.startswith("Toy Story")
