"""Inline mode: what people type after the bot's name, what they are offered, and what becomes of what they choose."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doubles.bot_api import BotApi, Clock, User
from tests.doubles.conftest import Caller, complaint

DATA = {"inline_keyboard": [[{"text": "Yes", "callback_data": "1yes"}]]}


@pytest.fixture
def ada(double: BotApi) -> User:
    return double.user("ada")


def article(number: str = "m550", **more: Any) -> dict[str, Any]:
    content = {"message_text": "<b>Fight Club</b>", "parse_mode": "HTML"}
    return {"type": "article", "id": number, "title": "Fight Club", "input_message_content": content} | more


async def test_it_is_told_who_types_what_and_where(double: BotApi, call: Caller, ada: User) -> None:
    typed = ada.types_inline("fight", "20", "supergroup")
    [update] = await call("getUpdates")
    assert update["inline_query"] == {
        "id": typed.id,
        "from": ada.json(),
        "query": "fight",
        "offset": "20",
        "chat_type": "supergroup",
    }


async def test_an_answer_is_taken_once_and_within_half_a_minute(
    double: BotApi, call: Caller, clock: Clock, ada: User
) -> None:
    first, second = ada.types_inline("fight"), ada.types_inline("fight club")
    assert await call("answerInlineQuery", inline_query_id=first.id, results=[]) is True
    offered = await first.told()
    assert (offered.results, offered.cache_time, offered.is_personal, offered.next_offset) == ((), 300, False, "")
    for gone in (first.id, "7", ""):
        assert "query is too old" in await call.refused("answerInlineQuery", inline_query_id=gone, results=[])
    clock.forward(31)
    assert "query is too old" in await call.refused("answerInlineQuery", inline_query_id=second.id, results=[])
    assert await call("getUpdates") == [], "what was typed half a minute ago is told to nobody"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"results": [article(str(n)) for n in range(51)]}, "too many inline query results specified"),
        ({"results": [article(), article()]}, "RESULT_ID_DUPLICATE"),
        ({"results": [article("")]}, "RESULT_ID_EMPTY"),
        ({"results": [article("x" * 65)]}, "RESULT_ID_INVALID"),
        ({"results": [article("ü" * 33)]}, "RESULT_ID_INVALID"),
        ({"results": [article(title=" ")]}, "ARTICLE_TITLE_EMPTY"),
        ({"results": [article(title=1)]}, 'Field "title" must be of type String'),
        ({"results": [article(thumbnail_url="/1.jpg")]}, "WEBDOCUMENT_URL_INVALID"),
        ({"results": ["m550"]}, "expected an Object"),
        ({"results": {}}, "must be an Array"),
        ({"results": [article(input_message_content=None)]}, 'Field "input_message_content"'),
        ({"results": [article(input_message_content={"message_text": ""})]}, "message text is empty"),
        ({"results": [article(input_message_content={"message_text": "x" * 4097})]}, "message is too long"),
        (
            {"results": [article(input_message_content={"message_text": "<b>", "parse_mode": "HTML"})]},
            "can't parse entities",
        ),
        (
            {"results": [article(reply_markup={"inline_keyboard": [[{"text": "x", "callback_data": "x" * 65}]]})]},
            "BUTTON_DATA_INVALID",
        ),
        ({"next_offset": "x" * 65}, "NEXT_OFFSET_INVALID"),
        ({"is_personal": "maybe"}, 'parameter "is_personal" must be a Boolean'),
        ({"cache_time": "long"}, 'parameter "cache_time" must be an Integer'),
        ({"button": {"start_parameter": "x"}}, 'Field "text"'),
        ({"button": {"text": "x", "start_parameter": ""}}, "can't use empty start_parameter"),
        ({"button": {"text": "x", "start_parameter": "x" * 65}}, "too long start_parameter specified"),
        ({"button": {"text": "x", "start_parameter": "a b"}}, "unallowed characters in start_parameter are used"),
    ],
)
async def test_refusals(call: Caller, ada: User, asked: dict[str, Any], words: str) -> None:
    typed = ada.types_inline("fight")
    assert words in await call.refused("answerInlineQuery", inline_query_id=typed.id, **{"results": [], **asked})
    assert not typed.offered.done()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"results": [article(thumb_url="https://example.org/1.jpg")]}, "no field 'thumb_url'"),
        ({"results": [], "cache_time": 90_000}, "would be cut"),
        ({"results": [], "button": {"text": "x", "start_parameter": "x"}}, "everybody who types the same"),
        ({"results": [], "switch_pm_text": "x"}, "no parameter 'switch_pm_text'"),
    ],
)
async def test_what_the_original_forgives_is_complained_of(
    double: BotApi, call: Caller, ada: User, asked: dict[str, Any], words: str
) -> None:
    await call("answerInlineQuery", inline_query_id=ada.types_inline("fight").id, **asked)
    assert words in complaint(double)


async def test_what_is_chosen_stands_in_a_chat_that_the_bot_does_not_see(
    double: BotApi, call: Caller, ada: User
) -> None:
    ben = double.user("ben")
    friends, typed = double.group("Friends", [ada, ben]), ada.types_inline("fight")
    await call("answerInlineQuery", inline_query_id=typed.id, results=[article(reply_markup=DATA)])
    ada.chooses(typed, "Fight Club", friends)
    [seen] = ben.sees(friends)
    assert (seen.text, seen.author, seen.labels) == ("Fight Club", "ada", [["Yes"]])
    ben.presses(seen, "Yes")
    _, chosen, pressed = await call("getUpdates")
    number = chosen["chosen_inline_result"]["inline_message_id"]
    assert chosen["chosen_inline_result"]["result_id"] == "m550"
    assert pressed["callback_query"]["inline_message_id"] == number
    assert "message" not in pressed["callback_query"]
    assert await call("editMessageText", inline_message_id=number, text="two") is True
    assert "message is not modified" in await call.refused("editMessageText", inline_message_id=number, text="two")
    assert ben.sees(friends)[0].text == "two"
    assert await call.refused("editMessageText", inline_message_id="7", text="two") == "Bad Request: MESSAGE_ID_INVALID"


async def test_where_the_bot_is_it_gets_what_was_sent_via_it(double: BotApi, call: Caller, ada: User) -> None:
    double.world.inline_feedback = False
    group, typed = double.group("Film club", [ada]), ada.types_inline("fight")
    group.add_bot()
    await call("answerInlineQuery", inline_query_id=typed.id, results=[article()])
    ada.chooses(typed, "Fight Club", group)
    *_, said = await call("getUpdates")
    assert said["message"]["via_bot"]["id"] == double.bot.id
    assert said["message"]["from"]["id"] == ada.id


async def test_what_was_chosen_may_be_told_before_the_message(double: BotApi, call: Caller, ada: User) -> None:
    double.world.inline_feedback_first = True
    group, typed = double.group("Film club", [ada]), ada.types_inline("fight")
    group.add_bot()
    await call("answerInlineQuery", inline_query_id=typed.id, results=[article(reply_markup=DATA)])
    ada.chooses(typed, "Fight Club", group)
    *_, chosen, said = await call("getUpdates")
    assert chosen["chosen_inline_result"]["result_id"] == "m550"
    assert said["message"]["reply_markup"] == DATA


async def test_without_buttons_nobody_is_told_the_number_by_which_to_change_it(
    double: BotApi, call: Caller, ada: User
) -> None:
    typed = ada.types_inline("fight")
    await call("answerInlineQuery", inline_query_id=typed.id, results=[article()])
    ada.chooses(typed, "Fight Club", double.group("Friends", [ada]))
    _, chosen = await call("getUpdates")
    assert "inline_message_id" not in chosen["chosen_inline_result"]
