"""The bot in Telegram's chats: groups, topics, presses, people who block it, and what Telegram says no to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from itertools import count
from typing import Any

import pytest
import pytest_asyncio

from bot.core.intents import COMMANDS
from bot.core.phrases import Text, phrases
from tests.conversations.test_faults import HOSTILE
from tests.doubles.bot_api import BotApi, Chat, Group, Seen, User, serving
from tests.doubles.bot_api.faults import (
    Fault,
    delayed,
    garbage,
    refused,
    reset_after,
    reset_before,
    retry_after,
    server_error,
    truncated,
)
from tests.doubles.bot_api.refusals import QUERY_TOO_OLD
from tests.platforms.telegram_front import Bot, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

BOT_NAME = "marquee_test_bot"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def telegram() -> AsyncIterator[BotApi]:
    async with serving() as double:
        yield double


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def bot(telegram: BotApi, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bot]:
    """One bot for all of these: each test brings along its own people and groups."""
    async with running(telegram, tmp_path_factory.mktemp("bot"), MARQUEE_LOG_LEVEL="debug") as bot:
        yield bot


@pytest.fixture(autouse=True)
def calm(bot: Bot, request: pytest.FixtureRequest) -> Iterator[None]:
    """What Telegram refuses or loses is no crash: no update is tried again because of it."""
    before = bot.log.count("Crash")
    yield
    if "cannot_be_read" not in request.node.name:
        assert bot.log.count("Crash") == before, bot.log[-2000:]


@pytest.fixture
def ada(telegram: BotApi) -> User:
    return telegram.user("Ada")


@pytest.fixture
def ben(telegram: BotApi) -> User:
    return telegram.user("Ben")


async def started(telegram: BotApi, *users: User) -> None:
    for user in users:
        await telegram.answered(user.starts())


async def club_of(telegram: BotApi, *users: User, kind: str = "group") -> Group:
    """A group that the bot has greeted."""
    club: Group = getattr(telegram, kind)("Film club", users)
    club.add_bot()
    await telegram.until(lambda: telegram.written(club))
    return club


async def all_done(user: User, chat: Chat) -> None:
    """Wait until all is done that this person did there: his next press is answered after it."""
    await user.presses_data(list(chat.messages.values())[-1], "").told()


def said(user: User, chat: Chat | None = None, thread: int | None = None) -> list[Seen]:
    """What the bot has said there."""
    return [seen for seen in user.sees(chat, thread) if seen.author == "Marquee"]


async def asks(telegram: BotApi, user: User, text: str, chat: Chat | None = None, **where: Any) -> Seen:
    """Type something; the answer in that chat."""
    await telegram.answered(user.types(text, chat, **where))
    await all_done(user, chat or user.chat)
    return said(user, chat)[-1]


# ── Groups ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_it_greets_a_group_once_and_says_what_it_can_read(telegram: BotApi, ada: User, kind: str) -> None:
    club = await club_of(telegram, ada, kind=kind)
    club.promote_bot()
    club.demote_bot()
    await all_done(ada, club)
    [hello] = said(ada, club)
    assert "I read commands, replies to me, and messages that name me" in hello.text
    assert "nothing else" not in hello.text
    assert f"/search@{BOT_NAME} fight club" in hello.text
    assert hello.labels == [["Open our chat"]]
    assert hello.buttons[0][0].url is not None
    assert "Hello Ada" in (await telegram.answered(ada.follows(hello.buttons[0][0].url))).text


async def test_put_in_as_an_administrator_it_says_that_it_gets_everything(telegram: BotApi, ada: User) -> None:
    club = telegram.group("Film club", [ada])
    club.add_bot(status="administrator")
    await telegram.until(lambda: said(ada, club))
    assert "I get every message here" in said(ada, club)[0].text


async def test_thrown_out_and_put_in_again_it_greets_again_and_has_forgotten_nothing(
    telegram: BotApi, ada: User
) -> None:
    await started(telegram, ada)
    club = await club_of(telegram, ada)
    await asks(telegram, ada, "/language de", club)
    club.remove_bot()
    club.add_bot()
    await telegram.until(lambda: len([seen for seen in said(ada, club) if seen.labels == [["Open our chat"]]]) == 2)
    assert "8,5" in (await asks(telegram, ada, "/rate 550 8.5", club)).text


async def test_it_answers_the_persons_message_and_only_what_is_meant_for_it(telegram: BotApi, ada: User) -> None:
    club = await club_of(telegram, ada)
    club.promote_bot()  # so that it gets everything
    before = len(said(ada, club))
    for text in ("shall we watch heat?", "/help@other_bot", "/roll 2d6", "@other_bot heat"):
        ada.types(text, club)
    edited = ada.types("hello", club)
    ada.edits(edited, "/movie 550")
    await all_done(ada, club)
    assert len(said(ada, club)) == before
    asked = ada.types(f"@{BOT_NAME} toy story", club)
    answer = await telegram.answered(asked)
    assert "Toy Story" in answer.text
    assert answer.reply_to is asked
    replied = await asks(telegram, ada, "spirited away", club, reply_to=answer)
    assert "Spirited Away" in replied.text


async def test_talk_below_a_card_and_sentences_that_name_the_bot_are_no_searches(telegram: BotApi, ada: User) -> None:
    club = await club_of(telegram, ada)
    club.promote_bot()
    card = await asks(telegram, ada, f"/movie@{BOT_NAME} 550", club)
    before = len(said(ada, club))
    ada.types("zzqx qqzx", club, reply_to=card)
    ada.types(f"zzqx qqzx xqzz zxqq qxzz @{BOT_NAME}", club)
    await all_done(ada, club)
    assert len(said(ada, club)) == before
    assert "found nothing" in (await asks(telegram, ada, f"@{BOT_NAME} zzqx qqzx", club)).text
    assert "found nothing" in (await asks(telegram, ada, f"/search@{BOT_NAME} zzqx", club, reply_to=card)).text


async def test_a_press_by_a_stranger_jumps_to_his_private_chat_and_goes_on_there(
    telegram: BotApi, ada: User, ben: User
) -> None:
    club = await club_of(telegram, ada, ben)
    card = await asks(telegram, ada, "/movie 550", club)
    before = ada.sees(club)
    told = await ben.presses(card, "Rate").told()
    assert told.url is not None
    assert told.url.startswith(f"https://t.me/{BOT_NAME}?start=go_")
    assert ada.sees(club) == before, "nothing is said to the others"
    pad = await telegram.answered(ben.follows(told.url))
    assert "Fight Club" in pad.text
    press = ben.presses(pad, "8")
    await telegram.answered(press)
    assert "Rated 8." in said(ben)[-1].text


async def test_a_stranger_who_types_gets_a_button_that_goes_on_in_private(
    telegram: BotApi, ada: User, ben: User
) -> None:
    club = await club_of(telegram, ada, ben)
    told = await asks(telegram, ben, "/rate 550 7", club)
    assert "just for you, Ben" in told.text
    press = ben.presses(told, "Open our chat")
    url = (await press.told()).url
    assert url is not None
    assert "Rated 7." in (await telegram.answered(ben.follows(url))).text
    # It is his wish: somebody else who presses gets nothing of it.
    stale = await telegram.answered(ada.follows(url))
    assert "out of date" in stale.text
    assert "Hello Ada" in stale.text
    assert stale.keyboard, "he is not left with nothing to press"


async def test_an_anonymous_admin_and_a_channel_are_told_once_why_they_get_no_answer(
    telegram: BotApi, ada: User, ben: User
) -> None:
    club = await club_of(telegram, ada, ben, kind="supergroup")
    club.promote(ben, anonymous=True)
    told = await telegram.answered(ben.types(f"/watchlist@{BOT_NAME}", club))
    assert "I can't see who is writing" in told.text
    news = telegram.channel("Film news", ada)
    assert "Fight Club" in (await telegram.answered(ben.types(f"/movie@{BOT_NAME} 550", club))).text
    ada.types(f"/watchlist@{BOT_NAME}", club, channel=news)
    ben.types(f"/rated@{BOT_NAME}", club)
    await asks(telegram, ada, f"/movie@{BOT_NAME} 550", club)
    assert len([seen for seen in said(ada, club) if "who is writing" in seen.text]) == 1
    news.add_bot(status="administrator")
    ada.types("Heat is back in the cinemas", news)
    told = await telegram.answered(ada.types("/watchlist", news))
    assert "I can't see who is writing" in told.text
    assert len(said(ada, news)) <= 1


@pytest.mark.parametrize("told_as", ["service message", "administrator"])
async def test_who_leaves_is_counted_no_more_until_he_is_back_and_talks(
    telegram: BotApi, ada: User, ben: User, told_as: str
) -> None:
    await started(telegram, ada, ben)
    club = await club_of(telegram, ada, ben)
    for user in (ada, ben):
        await asks(telegram, user, "/watch 550")
        await asks(telegram, user, "/movie 550", club)
    assert "Here: on 2 watchlists" in (await asks(telegram, ada, "/movie 550", club)).text
    if told_as == "administrator":
        club.promote_bot()
        club.promote(ben)
        club.demote(ben)
        telegram.world.set_member(club, ben, ada, "kicked")
    else:
        club.remove(ben, by=ada)
    assert "Here: on 1 watchlist" in (await asks(telegram, ada, "/movie 550", club)).text
    club.add(ben, by=ada)
    assert "Here: on 1 watchlist" in (await asks(telegram, ada, "/movie 550", club)).text
    assert "Here: on 2 watchlists" in (await asks(telegram, ben, "/movie 550", club)).text


async def test_put_in_again_it_counts_those_who_talk_since(telegram: BotApi, ada: User, ben: User) -> None:
    await started(telegram, ada, ben)
    club = await club_of(telegram, ada, ben)
    for user in (ada, ben):
        await asks(telegram, user, "/watch 550")
        await asks(telegram, user, "/movie 550", club)
    club.remove_bot()
    club.remove(ben, by=ada)
    club.add_bot()
    await telegram.until(lambda: len([seen for seen in said(ada, club) if seen.labels == [["Open our chat"]]]) == 2)
    assert "Here: on 1 watchlist" in (await asks(telegram, ada, "/movie 550", club)).text


# ── Topics, supergroups ──────────────────────────────────────────────────────────────────────────────────────────


async def test_a_topic_is_answered_in_the_topic(telegram: BotApi, ada: User) -> None:
    await started(telegram, ada)
    forum = await club_of(telegram, ada, kind="forum")
    drama = forum.topic("Drama")
    card = await telegram.answered(ada.types("/movie 550", forum, thread=drama))
    assert (card.thread, card.in_topic) == (drama, True)
    press = ada.presses(card, "+ Watchlist")
    changed = await telegram.answered(press)
    assert (changed.id, changed.thread) == (card.id, drama)
    found = await telegram.answered(ada.types("/search toy", forum, thread=drama))
    opened = await telegram.answered(ada.presses(found, "1"))
    assert (opened.thread, opened.reply_to) == (drama, None), "a new message, which answers none"
    general = await telegram.answered(ada.types("/movie 550", forum))
    assert not general.in_topic


async def test_an_answer_whose_topic_is_gone_is_given_outside_of_it(telegram: BotApi, ada: User) -> None:
    forum = await club_of(telegram, ada, kind="forum")
    drama = forum.topic("Drama")
    asked = ada.types("/movie 550", forum, thread=drama)
    forum.delete_topic(drama)
    answer = await telegram.answered(asked)
    assert (answer.thread, answer.text.split("\n")[0]) == (None, "Fight Club (1999)")


async def test_a_group_that_becomes_a_supergroup_takes_everything_along(telegram: BotApi, bot: Bot, ada: User) -> None:
    logged = bot.log.count("has become a supergroup")
    await started(telegram, ada)
    club = await club_of(telegram, ada)
    await asks(telegram, ada, "/language de", club)
    made = club.migrate()
    told = await telegram.answered(ada.types(f"/rate@{BOT_NAME} 550 8.5", made))
    assert "8,5" in told.text
    ada.posts(made, migrate_from_chat_id=club.id)  # announced once more
    assert "9,5" in (await asks(telegram, ada, "/rate 550 9.5", made)).text
    left = {**told.json(), "from": ada.json(), "chat": club.json(), "text": "/rate 550 7.5"}
    telegram.updates.push_raw({"update_id": telegram.updates.next_id, "message": left})
    telegram.updates.next_id += 1
    await telegram.until(lambda: "7,5" in said(ada, made)[-1].text, what="an answer to what was said before")
    await telegram.until(lambda: not telegram.updates.pending())
    assert not [seen for seen in said(ada, made) if "Open our chat" in str(seen.labels)], "it does not greet again"
    assert bot.log.count("has become a supergroup") == logged + 1


async def test_an_answer_on_its_way_follows_the_group(telegram: BotApi, ada: User) -> None:
    await started(telegram, ada)
    club = await club_of(telegram, ada)
    card = await asks(telegram, ada, "/movie 550", club)
    typed, pressed = ada.types("/movie 680", club), ada.presses(card, "+ Watchlist")
    made = club.migrate()
    await telegram.until(lambda: len(telegram.written(made)) >= 2)
    assert {"Pulp Fiction (1994)", "Fight Club (1999)"} <= {each.text.split("\n")[0] for each in telegram.written(made)}
    assert (typed.chat, pressed.chat) == (club, club)
    assert "Added to your watchlist." in (await pressed.told()).text


async def test_that_a_group_has_moved_is_learned_from_a_refusal_too(telegram: BotApi, ada: User) -> None:
    await started(telegram, ada)
    club = await club_of(telegram, ada)
    card = await asks(telegram, ada, "/movie 550", club)
    made = telegram.supergroup("Film club", [ada])
    made.numbers = count(card.id - 1)  # another message has the same number there
    made.add_bot()
    await telegram.until(lambda: said(ada, made))
    hello = said(ada, made)[0]
    assert hello.id == card.id
    gone = "Bad Request: group chat was upgraded to a supergroup chat"
    for method in ("editMessageText", "sendMessage"):
        telegram.faults.add(method, refused(400, gone, migrate_to_chat_id=made.id), times=None, chat=club)
    press = ada.presses(card, "+ Favourite")
    await telegram.until(lambda: "Added to" in said(ada, made)[-1].text)
    assert (await press.told()).text
    ada.types("/movie 680", club)
    await telegram.until(lambda: "Pulp Fiction" in said(ada, made)[-1].text)
    assert hello in said(ada, made), "no other message was changed"


# ── Presses ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_list_a_card_and_a_pad_turn_into_each_other(telegram: BotApi, ada: User) -> None:
    card = await asks(telegram, ada, "/movie 550")
    for label, words in (("Rate", "How do you rate"), ("‹ Back", "David Fincher"), ("+ Favourite", "Added to your")):
        shown = await telegram.answered(ada.presses(said(ada)[-1], label))
        assert (shown.id, shown.edit_date is not None) == (card.id, True)
        assert words in shown.text
        assert said(ada)[-1].preview == card.preview == "https://www.themoviedb.org/movie/550"


async def test_pressing_twice_at_once_is_answered_twice_and_shown_once(telegram: BotApi, ada: User) -> None:
    card = await asks(telegram, ada, "/movie 550")
    first, second = ada.presses(card, "Rate"), ada.presses(card, "Rate")
    await first.told()
    await second.told()
    await all_done(ada, ada.chat)
    assert len(said(ada)) == 1
    assert [call.description for call in telegram.calls("editMessageText", ada.chat) if call.status == 400]


async def test_a_press_under_a_message_that_is_gone_is_answered_with_a_new_one(telegram: BotApi, ada: User) -> None:
    card = await asks(telegram, ada, "/movie 550")
    press = ada.presses(card, "+ Watchlist")
    ada.deletes(card)
    assert "Added to your watchlist." in (await telegram.answered(press)).text


async def test_a_press_that_was_too_old_to_be_answered_has_its_effect(telegram: BotApi, ada: User) -> None:
    card = await asks(telegram, ada, "/movie 550")
    telegram.faults.add("answerCallbackQuery", refused(400, f"Bad Request: {QUERY_TOO_OLD}"))
    ada.presses(card, "+ Favourite")
    await telegram.until(lambda: "Added to your favourites." in said(ada)[-1].text)
    assert len(said(ada)) == 1


async def test_forged_data_changes_nothing_and_is_told_to_the_presser(telegram: BotApi, ada: User, ben: User) -> None:
    club = await club_of(telegram, ada, ben)
    await started(telegram, ben)
    card = await asks(telegram, ada, "/movie 550", club)
    told = await ben.presses_data(card, "0fav m550").told()
    assert told.show_alert
    assert "out of date" in told.text


# ── Blocked, refused, slow ───────────────────────────────────────────────────────────────────────────────────────


async def test_who_blocks_the_bot_is_left_alone_and_finds_everything_again(
    telegram: BotApi, ada: User, ben: User
) -> None:
    await asks(telegram, ada, "/fav 550")
    with telegram.faults.add("sendMessage", delayed(gate := asyncio.Event()), chat=ada.chat) as held:
        ada.types("/help")
        await held.reached.wait()
        ada.blocks_bot()
        gate.set()
    club = await club_of(telegram, ada, ben)
    tried = len(telegram.calls("sendMessage", ada.chat))
    told = await asks(telegram, ada, "/favorites", club)
    assert "just for you, Ada" in told.text
    assert len(telegram.calls("sendMessage", ada.chat)) == tried, "it is known that this would fail"
    url = (await ada.presses(told, "Open our chat").told()).url
    assert url is not None
    assert "Fight Club" in (await telegram.answered(ada.follows(url))).text


async def test_who_has_deleted_his_account_is_tried_once(telegram: BotApi, ada: User) -> None:
    await started(telegram, ada)
    ada.types("/help")
    ada.deactivates()
    await telegram.until(lambda: [call for call in telegram.calls("sendMessage", ada.chat) if call.status == 403])
    await all_done(ada, ada.chat)
    assert len(telegram.calls("sendMessage", ada.chat)) == 2


async def test_where_it_may_not_write_it_stays_silent(telegram: BotApi, ada: User) -> None:
    club = await club_of(telegram, ada)
    club.mute()
    tried = len(telegram.calls("sendMessage", club))
    ada.types("/movie 550", club)
    await all_done(ada, club)
    assert len(telegram.calls("sendMessage", club)) == tried + 1
    club.mute(muted=False)
    assert "Fight Club" in (await asks(telegram, ada, "/movie 550", club)).text


async def test_a_chat_that_has_had_too_much_is_left_alone_while_others_go_on(
    telegram: BotApi, ada: User, ben: User
) -> None:
    await started(telegram, ada, ben)
    telegram.faults.add("sendMessage", retry_after(2), chat=ada.chat)
    asked = ada.types("/help")
    await telegram.until(lambda: [call for call in telegram.calls("sendMessage", ada.chat) if call.status == 429])
    await asks(telegram, ben, "/help")
    assert len(said(ada)) == 1, "Ben need not wait for it"
    await telegram.answered(asked)
    early, late = [call.at for call in telegram.calls("sendMessage", ada.chat)][-2:]
    assert late - early >= 2


@pytest.mark.parametrize(
    ("fault", "most"),
    [
        (reset_before(), 1),
        (server_error(502), 1),
        (server_error(500), 1),
        (reset_after(), 2),
        (truncated(), 2),
        (garbage(), 2),
    ],
    ids=["reset before", "502", "500", "reset after", "truncated", "garbage"],
)
async def test_an_answer_that_fails_is_sent_again_and_not_more_often(
    telegram: BotApi, ada: User, fault: Fault, most: int
) -> None:
    telegram.faults.add("sendMessage", fault, chat=ada.chat)
    await asks(telegram, ada, "/movie 550")
    assert 1 <= len(said(ada)) <= most


async def test_every_picture_in_private_gets_a_word_and_an_album_one(telegram: BotApi, ada: User) -> None:
    await started(telegram, ada)
    photo = [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}]
    for album in ({}, {}, {"media_group_id": "7"}, {"media_group_id": "7"}, {"media_group_id": "8"}):
        ada.posts(ada.chat, photo=photo, **album)
    await all_done(ada, ada.chat)
    only_text = "I can read only text. Send me the name of a film or a series."
    assert [seen.text for seen in said(ada)][1:] == [only_text] * 4


# ── Whatever comes ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_hostile_words_and_names_are_answered_and_refused_by_nobody(telegram: BotApi) -> None:
    before = len(telegram.world.calls)
    for begin in range(0, len(HOSTILE), 12):
        eve = telegram.user("<b>Eve</b>&amp;\u202e{0}")
        for words in HOSTILE[begin : begin + 12]:
            eve.types(words)
        await all_done(eve, eve.chat)
        assert not [seen for seen in said(eve) if "Sorry" in seen.text]
    assert not [str(call)[:300] for call in telegram.world.calls[before:] if call.status not in (0, 200)]


async def test_what_cannot_be_read_keeps_nobody_waiting(telegram: BotApi, ada: User, ben: User) -> None:
    await started(telegram, ben)
    number = telegram.updates.next_id
    chat = {"id": ben.id, "type": "private"}
    poison: list[dict[str, Any]] = [
        {"message": 5},
        {"message": {"chat": chat}},
        {"callback_query": {"id": "x", "from": {}}},
        {"unheard_of": {}},
        {},
    ]
    for raw in poison:
        telegram.updates.push_raw({"update_id": telegram.updates.next_id, **raw})
        telegram.updates.next_id += 1
    telegram.updates.push_raw({"message": "without a number"})
    assert "Fight Club" in (await telegram.answered(ada.types("/movie 550"), 2)).text
    await telegram.until(lambda: "Sorry" in said(ben)[-1].text)
    assert telegram.updates.next_id > number + len(poison)


async def test_a_message_of_a_million_characters_is_answered(telegram: BotApi, ada: User) -> None:
    assert (await asks(telegram, ada, "x" * 1_000_000)).text


async def test_updates_whose_numbers_begin_again_are_handled(telegram: BotApi, ada: User) -> None:
    await asks(telegram, ada, "/movie 550")
    telegram.updates.next_id = 4711
    assert "Pulp Fiction" in (await asks(telegram, ada, "/movie 680")).text
    assert "Spirited Away" in (await asks(telegram, ada, "/movie 129")).text


async def test_an_update_that_comes_twice_is_answered_once(telegram: BotApi, ada: User) -> None:
    typed = ada.types("/movie 550")
    await telegram.answered(typed)
    await telegram.confirmed(typed)
    again = next(each for each in telegram.updates.everything if each.id == typed.update)
    telegram.updates.push_raw(again.json())
    await asks(telegram, ada, "/movie 680")
    assert len(said(ada)) == 2


# ── Menus and secrets ────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_menus_fit_the_chat_the_person_and_his_language(telegram: BotApi, ada: User, ben: User) -> None:
    await telegram.called("setMyCommands", 6)
    club = telegram.group("Film club", [ada, ben])
    assert [each["command"] for each in ben.menu()] == list(COMMANDS)
    everyone, admins = ([each["command"] for each in user.menu(club)] for user in (ben, ada))
    extra = [word for word in admins if word not in everyone]
    assert extra == ["settings", "language", "login"], "what admins alone may do"
    assert everyone == admins[: len(everyone)]
    cleo = telegram.user("Cleo", language_code="de")
    english, german = ({each["command"]: each["description"] for each in user.menu()} for user in (ben, cleo))
    assert english["rate"] == COMMANDS["rate"].summary
    assert german["rate"] == phrases("de").text(Text(COMMANDS["rate"].summary)) != english["rate"]


async def test_neither_secrets_nor_what_people_write_stand_in_the_log(telegram: BotApi, bot: Bot, ada: User) -> None:
    telegram.faults.add("sendMessage", server_error(502), chat=ada.chat)
    await asks(telegram, ada, "/movie canary-of-ada")
    secret = telegram.token.partition(":")[2]
    for canary in (telegram.token, secret, "canary-of-ada"):
        assert canary not in bot.log
        assert canary.encode() not in bot.database.read_bytes()
    assert "The Bot API" in bot.log, "it does log what went wrong"
