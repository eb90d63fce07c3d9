"""What Telegram says of an update, as the core understands it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.chat import Chat, ChatKind, Person
from bot.core.model import Kind, TitleRef
from bot.frontends.telegram import arrived, receive
from bot.frontends.telegram.receive import (
    Chosen,
    Left,
    Me,
    Membership,
    Moved,
    Nameless,
    NotText,
    Pressed,
    Put,
    Said,
    Spot,
)

ME = Me(99, "Marquee_Bot")
ADA = {"id": 7, "is_bot": False, "first_name": "Ada", "language_code": "de-AT"}
BOT = {"id": 99, "is_bot": True, "first_name": "Marquee", "username": "Marquee_Bot"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Ada"}
GROUP = {"id": -1005, "type": "supergroup", "title": "Film club"}
CARD = {"inline_message_id": "AbC-1"}
CHANNEL = {"id": -1006, "type": "channel", "title": "Film news"}


def message(chat: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"message_id": 3, "date": 1_700_000_000, "chat": chat, "from": ADA, **fields}


def got(kind: str, inside: dict[str, Any]) -> Any:
    return receive.read({"update_id": 11, kind: inside}, ME)


def said(chat: dict[str, Any], text: str, **fields: Any) -> Said | None:
    found = got("message", message(chat, text=text, **fields))
    assert found is None or isinstance(found, Said)
    return found


def test_a_private_message() -> None:
    found = said(PRIVATE, "fight club")
    assert found is not None
    assert (found.update.person, found.update.chat) == (
        Person("telegram", "7", "Ada"),
        Chat("telegram", "7", ChatKind.PRIVATE),
    )
    assert (found.update.text, found.update.addressed, found.update.pressed) == ("fight club", True, False)
    assert (found.update.private_chat_id, found.update.language, found.update.region) == ("7", "de", "AT")
    assert (found.spot, found.query_id) == (Spot(7, True, None, 3), None)


def test_a_press_is_its_pressers_and_in_a_topic_stays_there() -> None:
    pressed = message(GROUP, text="x", message_thread_id=4, is_topic_message=True) | {"from": BOT}
    query = {"id": "q1", "from": ADA, "message": pressed, "chat_instance": "1", "data": "1help"}
    found = got("callback_query", query)
    assert isinstance(found, Said)
    assert (found.update.person.name, found.update.text, found.update.pressed) == ("Ada", "1help", True)
    assert found.update.private_chat_id is None
    assert (found.spot, found.query_id) == (Spot(-1005, False, 4, 3), "q1")


def test_a_press_on_a_message_that_is_too_old_to_be_shown_is_one_still() -> None:
    old = {"message_id": 3, "date": 0, "chat": GROUP}
    found = got("callback_query", {"id": "q1", "from": ADA, "message": old, "chat_instance": "1", "data": "1help"})
    assert isinstance(found, Said)
    assert found.spot == Spot(-1005, False, None, 3)


def test_a_press_on_a_card_elsewhere_is_its_pressers_in_a_place_of_its_own() -> None:
    found = got("callback_query", {"id": "q1", "from": ADA, "chat_instance": "1", "data": "1watch m550", **CARD})
    assert isinstance(found, Said)
    assert found.update.chat == Chat("telegram", "inline:AbC-1", ChatKind.INLINE)
    assert (found.update.private_chat_id, found.update.pressed) == (None, True)
    assert (found.spot, found.query_id) == (Spot(0, False, inline_id="AbC-1"), "q1")


def test_a_card_that_was_put_somewhere_is_asked_for_again() -> None:
    found = got("chosen_inline_result", {"result_id": "t1396", "from": ADA, "query": "bad", **CARD})
    assert isinstance(found, Chosen)
    assert (found.inline_id, found.update.text, found.update.pressed) == ("AbC-1", "1tv t1396", True)


def test_a_card_that_somebody_has_put_into_a_group_is_seen_there() -> None:
    keyboard = {"inline_keyboard": [[{"text": "+ Watchlist", "callback_data": "1watch m550"}]]}
    card = {"text": "Fight Club (1999)", "via_bot": BOT, "reply_markup": keyboard}
    found = got("message", message(GROUP, **card))
    assert isinstance(found, Put)
    assert (found.title, found.update.person.id, found.update.chat.id) == (TitleRef(Kind.MOVIE, 550), "7", "-1005")
    origin = {"type": "user", "date": 1_700_000_000, "sender_user": ADA}
    others = {"id": 98, "is_bot": True, "first_name": "Other", "username": "other_bot"}
    for none in (
        message(PRIVATE, **card),
        message(GROUP, **card, forward_origin=origin),
        message(GROUP, **card | {"reply_markup": {"inline_keyboard": []}}),
        message(GROUP, **card | {"from": ANONYMOUS, "sender_chat": GROUP}),
    ):
        assert got("message", none) is None
    assert isinstance(got("message", message(GROUP, **card | {"via_bot": others})), Said)


@pytest.mark.parametrize(
    "odd", [{"result_id": "t1396"}, {"result_id": "fight club", **CARD}, {"result_id": "", **CARD}]
)
def test_a_card_without_buttons_or_of_no_title_is_left(odd: dict[str, Any]) -> None:
    assert got("chosen_inline_result", {"from": ADA, "query": "bad", **odd}) is None


@pytest.mark.parametrize(("offset", "start"), [("", 0), ("20", 20), ("-1", 0), ("x" * 64, 0), ("9" * 30, 0)])
def test_what_is_typed_elsewhere(offset: str, start: int) -> None:
    raw = {"update_id": 11, "inline_query": {"id": "q1", "from": ADA, "query": "fight club", "offset": offset}}
    found = receive.asking(raw)
    assert (found.query_id, found.person_id, found.start) == ("q1", 7, start)
    assert (found.update.text, found.update.language, found.update.chat.kind) == ("fight club", "de", ChatKind.INLINE)


def test_a_card_that_somebody_put_there_by_way_of_the_bot_says_nothing_to_it() -> None:
    assert said(PRIVATE, "Fight Club (1999)", via_bot=BOT) is None
    assert said(GROUP, "Fight Club (1999)", via_bot=BOT) is None


@pytest.mark.parametrize(
    "pressed",
    [{"data": "1help"}, *({**where, "game_short_name": "chess"} for where in ({"message": message(GROUP)}, CARD))],
)
def test_a_press_on_what_is_not_ours_is_only_answered(pressed: dict[str, Any]) -> None:
    assert got("callback_query", {"id": "q1", "from": ADA, "chat_instance": "1", **pressed}) == Pressed("q1")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("/help", ("/help", False)),
        ("/help@marquee_bot", ("/help@marquee_bot", True)),
        ("/help@other_bot", None),
        ("hello everybody", ("hello everybody", False)),
        ("@marquee_bot fight club", ("fight club", True)),
        ("@Marquee_Bot, fight club", ("fight club", True)),
        ("@marquee_bot /rate 550 8", ("/rate 550 8", True)),
        ("fight club @marquee_bot", ("fight club", True)),
        ("@marquee_bot", ("/help", True)),
        ("@marquee_bots fight club", ("@marquee_bots fight club", False)),
        ("me@marquee_bot.example", ("me@marquee_bot.example", False)),
    ],
)
def test_in_a_group_the_bot_is_meant_by_its_name(text: str, meant: tuple[str, bool] | None) -> None:
    found = said(GROUP, text)
    assert (found and (found.update.text, found.update.addressed)) == meant


@pytest.mark.parametrize(("text", "meant"), [("@marquee_bot heat", "heat"), ("@Marquee_Bot", "/help")])
def test_in_private_the_bots_name_is_no_part_of_what_is_asked(text: str, meant: str) -> None:
    found = said(PRIVATE, text)
    assert found is not None
    assert (found.update.text, found.update.addressed) == (meant, True)


def test_no_more_is_read_than_telegram_ever_sends() -> None:
    found = said(PRIVATE, "x" * 1_000_000)
    assert found is not None
    assert len(found.update.text) == 4096


def keyboard(*data: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": each, "callback_data": each} for each in data]]}


@pytest.mark.parametrize(
    ("answered", "about"),
    [
        ({"text": "x", "from": BOT, "reply_markup": keyboard("1help", "1watch m550")}, TitleRef(Kind.MOVIE, 550)),
        ({"text": "x", "from": BOT, "reply_markup": keyboard("1unwatch t1396")}, TitleRef(Kind.TV, 1396)),
        ({"text": "x", "via_bot": BOT, "reply_markup": keyboard("1watch m550")}, TitleRef(Kind.MOVIE, 550)),
        ({"text": "look: https://www.themoviedb.org/movie/550"}, TitleRef(Kind.MOVIE, 550)),
        ({"text": "x", "from": BOT, "reply_markup": keyboard("1movie m550 new", "0watch m550", "")}, None),
        ({"text": "x", "reply_markup": keyboard("1watch m550")}, None),
        ({"text": "nothing"}, None),
    ],
)
def test_a_reply_is_about_the_title_of_a_card_or_an_address(answered: dict[str, Any], about: TitleRef | None) -> None:
    found = said(GROUP, "/propose", reply_to_message=message(GROUP, **answered))
    assert found is not None
    assert found.update.about == about


def test_a_reply_to_the_bot_means_the_bot() -> None:
    answered = message(GROUP, text="x") | {"from": BOT}
    found = said(GROUP, "fight club", reply_to_message=answered)
    assert found is not None
    assert (found.update.addressed, found.update.replies) == (True, True)
    found = said(GROUP, "fight club", reply_to_message=message(GROUP, text="x"))
    assert found is not None
    assert not found.update.addressed


def test_outside_topics_a_thread_is_not_written_to() -> None:
    found = said(GROUP, "/help", message_thread_id=12)
    assert found is not None
    assert found.spot.thread_id is None


def test_every_update_has_an_id_of_its_own_even_if_numbers_come_again() -> None:
    first, again = said(PRIVATE, "x"), said(PRIVATE, "x", message_id=4)
    assert first is not None
    assert again is not None
    assert first.update.id != again.update.id


@pytest.mark.parametrize(
    ("fields", "answered"),
    [
        ({"text": "/watchlist"}, True),
        ({"text": "/watchlist@marquee_bot"}, True),
        ({"text": "@marquee_bot heat"}, True),
        ({"text": "/roll 2d6"}, False),
        ({"text": "/rate@marquee_bot 550 8"}, True),
        ({"text": "/watchlist@other_bot"}, False),
        ({"text": "good evening"}, False),
        ({"text": " "}, False),
        ({}, False),
    ],
)
def test_who_has_no_name_gets_a_word_only_if_he_means_the_bot(fields: dict[str, Any], *, answered: bool) -> None:
    expected = Nameless(Spot(-1005, False, None, 3), "en") if answered else None
    admin = message(GROUP, sender_chat=GROUP, **fields) | {"from": ANONYMOUS}
    assert got("message", admin) == expected
    channel = {"message_id": 3, "date": 1, "chat": CHANNEL, "sender_chat": CHANNEL, **fields}
    found = got("channel_post", channel)
    assert (found is not None) == answered


@pytest.mark.parametrize("text", ["/search heat", "/movie@marquee_bot 550", "/tv 1396", "/help"])
def test_what_needs_no_person_is_answered_to_an_anonymous_admin(text: str) -> None:
    admin = message(GROUP, sender_chat=GROUP, text=text) | {"from": ANONYMOUS}
    found = got("message", admin)
    assert isinstance(found, Said)
    assert found.update.person == Person("telegram", "-1005", "Film club")
    assert (found.update.text, found.update.private_chat_id) == (text, None)


@pytest.mark.parametrize(
    "fields",
    [
        {"new_chat_title": "x"},
        {"pinned_message": message(GROUP, text="x")},
        {"new_chat_members": [BOT]},
        {"text": "/help", "from": {**ADA, "is_bot": True}},
        {"text": "/help", "is_automatic_forward": True, "sender_chat": CHANNEL},
        {"photo": [], "caption": "/help"},
    ],
)
def test_what_is_nobodys_question_is_ignored(fields: dict[str, Any]) -> None:
    assert got("message", message(GROUP) | fields) is None


def test_a_picture_in_private_is_told_that_only_text_is_read() -> None:
    photo = [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}]
    assert got("message", message(PRIVATE, photo=photo)) == NotText(Spot(7, True, None, 3), "de")
    assert got("message", message(PRIVATE, photo=photo, media_group_id="9")) == NotText(
        Spot(7, True, None, 3), "de", "9"
    )
    assert got("message", message(GROUP, photo=photo)) is None


def test_a_supergroup_is_announced_on_both_sides() -> None:
    group = {"id": -5, "type": "group", "title": "Film club"}
    assert got("message", message(group, migrate_to_chat_id=-1005)) == Moved(-5, -1005)
    assert got("message", message(GROUP, migrate_from_chat_id=-5)) == Moved(-5, -1005)


@pytest.mark.parametrize(
    ("now", "is_in", "reads_all"),
    [
        ({"status": "member"}, True, False),
        ({"status": "administrator"}, True, True),
        ({"status": "kicked", "until_date": 0}, False, False),
        ({"status": "left"}, False, False),
        ({"status": "restricted", "is_member": True}, True, False),
        ({"status": "restricted", "is_member": False}, False, False),
    ],
)
def test_coming_and_going(now: dict[str, Any], *, is_in: bool, reads_all: bool) -> None:
    """Read without the library, which refuses a member without rights that came with its own version."""
    change = {"chat": GROUP, "from": ADA, "date": 1, "new_chat_member": {"user": BOT, **now}}
    assert got("my_chat_member", change) == Membership(Spot(-1005, False), "supergroup", is_in, reads_all, "de")
    assert got("chat_member", change) == (None if is_in else Left(-1005, 99))


POISON: list[dict[str, Any]] = [
    {},
    {"message": None},
    {"message": 5},
    {"message": {}},
    {"message": {"chat": 7, "from": []}},
    {"message": {"chat": {"id": "x"}, "from": {"id": None}}},
    {"callback_query": {"message": "x", "from": {}}},
    {"my_chat_member": {"chat": {"id": True}}},
    {"unheard_of": {"chat": {"id": 7}}},
]


@pytest.mark.parametrize("raw", POISON, ids=repr)
def test_what_cannot_be_read_is_a_line_of_its_own(raw: dict[str, Any]) -> None:
    assert arrived.line({"update_id": 5, **raw}) == "update:5"
    assert isinstance(arrived.is_meant(raw), bool)
    assert arrived.language_of(raw) == "en"


def test_a_person_in_a_chat_is_one_line() -> None:
    raw = {"update_id": 1, "message": message(GROUP, text="x")}
    query = {"id": "q1", "from": ADA, "message": message(GROUP) | {"from": BOT}, "data": "x"}
    assert arrived.line(raw) == arrived.line({"update_id": 2, "callback_query": query}) == "-1005:7"
    assert arrived.line({"update_id": 3, "message": message(GROUP) | {"from": BOT}}) == "-1005:99"
    query = {"id": "q1", "from": ADA, "data": "x", **CARD}
    chosen = {"result_id": "m550", "from": ADA, "query": "", **CARD}
    card = arrived.line({"update_id": 2, "callback_query": query})
    assert card == arrived.line({"update_id": 4, "chosen_inline_result": chosen}) == "AbC-1:7"
