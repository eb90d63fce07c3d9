"""The double of Telegram's Bot API is strict: how it hands out updates, and how it goes wrong when it is told to."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from tests.doubles.bot_api import BotApi, Clock, User, faults
from tests.doubles.bot_api.refusals import OTHER_POLLER, QUERY_TOO_OLD, WEBHOOK_ACTIVE, Refused
from tests.doubles.conftest import Caller, complaint


@pytest.fixture
def ada(double: BotApi) -> User:
    return double.user("ada")


def ids(updates: list[dict[str, Any]]) -> list[int]:
    return [update["update_id"] for update in updates]


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


# ── getUpdates ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_only_a_higher_offset_confirms(double: BotApi, call: Caller, ada: User) -> None:
    sent = [ada.types(text) for text in ("one", "two", "three")]
    first = await call("getUpdates")
    assert texts(first) == ["one", "two", "three"]
    assert ids(await call("getUpdates")) == ids(first)
    assert ids(await call("getUpdates", offset=ids(first)[0])) == ids(first)
    assert double.updates.confirmed == []
    assert texts(await call("getUpdates", offset=ids(first)[1], limit=1)) == ["two"]
    assert double.updates.confirmed == [sent[0].update]
    assert await call("getUpdates", offset=ids(first)[-1] + 1) == []
    assert double.updates.confirmed == ids(first)


async def test_an_offset_from_far_ahead_confirms_nothing(call: Caller, ada: User) -> None:
    ada.types("still here")
    assert texts(await call("getUpdates", offset=2_000_000_000)) == ["still here"]


async def test_a_negative_offset_keeps_the_last(call: Caller, ada: User) -> None:
    for text in ("one", "two", "three"):
        ada.types(text)
    assert texts(await call("getUpdates", offset=-2)) == ["two", "three"]
    assert texts(await call("getUpdates")) == ["two", "three"]


async def test_a_poll_waits_and_is_woken(double: BotApi, call: Caller, ada: User) -> None:
    async with asyncio.TaskGroup() as tasks:
        poll = tasks.create_task(call("getUpdates", timeout=30))
        await double.polled()
        ada.types("hello")
    assert texts(poll.result()) == ["hello"]


async def test_a_second_poller_sends_the_first_away(double: BotApi, call: Caller, ada: User) -> None:
    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(call.refused("getUpdates", timeout=30))
        await double.polled()
        second = tasks.create_task(call("getUpdates", timeout=30))
        assert await first == OTHER_POLLER
        await double.polled()
        ada.types("hello")
    assert texts(second.result()) == ["hello"]


async def test_a_poll_is_over_when_its_bot_is_gone(double: BotApi) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", double.server.port)
    writer.write(f"GET /bot{double.token}/getUpdates?timeout=50 HTTP/1.1\r\nhost: x\r\n\r\n".encode())
    await double.polled()
    writer.close()
    await double.until(lambda: double.updates.poller is None)


async def test_no_polling_beside_a_webhook(double: BotApi, call: Caller, ada: User) -> None:
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(call.refused("getUpdates", timeout=30))
        await double.polled()
        await call("setWebhook", url="https://bot.example.org/hook", secret_token="s3")
        assert await waiting == "Conflict: terminated by setWebhook request"
    assert await call.refused("getUpdates") == WEBHOOK_ACTIVE
    assert (await call("getWebhookInfo"))["url"] == "https://bot.example.org/hook"
    ada.types("kept")
    await call("deleteWebhook")
    assert texts(await call("getUpdates")) == ["kept"]
    await call("deleteWebhook", drop_pending_updates=True)
    assert await call("getUpdates") == []


async def test_the_kinds_of_updates_are_remembered(double: BotApi, call: Caller, ada: User) -> None:
    await call("getUpdates", allowed_updates=["callback_query"])
    assert ada.types("unheard").update is None
    await call("getUpdates")
    assert ada.types("unheard").update is None
    await call("getUpdates", allowed_updates=[])
    assert ada.types("heard").update
    await call("getUpdates", allowed_updates=["mesage"])
    assert "mesage" in complaint(double)


async def test_messages_wait_a_day_and_presses_150_seconds(
    double: BotApi, call: Caller, ada: User, clock: Clock
) -> None:
    ada.starts()
    await call("sendMessage", chat_id=ada.id, text="Well?", reply_markup=keyboard())
    press = ada.presses(ada.sees()[-1], "Yes")
    clock.forward(149)
    assert len(await call("getUpdates")) == 2
    clock.forward(2)
    assert texts(await call("getUpdates")) == ["/start"]
    assert double.updates.expired == [press.update]
    clock.forward(86_400)
    assert await call("getUpdates") == []


async def test_a_request_that_was_cut_short_does_not_count(double: BotApi, call: Caller, ada: User) -> None:
    ada.types("kept")
    body = b"offset=700000002"
    reader, writer = await asyncio.open_connection("127.0.0.1", double.server.port)
    head = f"POST /bot{double.token}/getUpdates HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n"
    writer.write(head.encode() + b"content-type: application/x-www-form-urlencoded\r\n\r\n" + body[:-1])
    await writer.drain()
    writer.close()
    assert await reader.read() == b""
    assert texts(await call("getUpdates")) == ["kept"]
    assert double.updates.confirmed == []


async def test_ids_may_fall_back_and_nonsense_may_come(double: BotApi, call: Caller, ada: User) -> None:
    ada.types("one")
    await call("getUpdates", offset=double.updates.next_id)
    double.updates.next_id = 17
    ada.types("two")
    double.updates.push_raw({"update_id": 18, "message": {"oops": None}})
    assert ids(await call("getUpdates", offset=17)) == [17, 18]


# ── The wire ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_parameters_come_in_every_form(double: BotApi, call: Caller, ada: User) -> None:
    ada.starts()
    message: dict[str, Any] = {"chat_id": ada.id, "text": "hi"}
    client = call.client
    answers = [
        await client.get("sendMessage", params=message),
        await client.post("SENDMESSAGE", data=message),
        await client.post("sendMessage", json={**message, "reply_markup": keyboard(), "protect_content": True}),
        await client.post("sendMessage", files={name: (None, str(value)) for name, value in message.items()}),
    ]
    assert [answer.json()["ok"] for answer in answers] == [True] * 4
    assert len(ada.sees()) == 5


async def test_who_may_not_call(double: BotApi, call: Caller) -> None:
    async def get(path: str) -> tuple[int, str]:
        response = await call.client.get(f"{double.url}{path}")
        return response.status_code, response.json()["description"]

    assert await get("/bot123:another/getMe") == (401, "Unauthorized")
    assert await get("/botnonsense/getMe") == (404, "Not Found")
    assert await get(f"/bot{double.token}/getMee") == (404, "Not Found: method not found")
    assert "getMee" in complaint(double)


async def test_what_no_method_takes_is_complained_of(double: BotApi, call: Caller, ada: User) -> None:
    ada.starts()
    await call("sendMessage", chat_id=ada.id, text="hi", disable_web_page_preview=True)
    assert complaint(double) == "sendMessage has no parameter 'disable_web_page_preview'"
    await call("sendMessage", chat_id=ada.id, text="hi", link_preview_options={"is_disable": True, "is_disabled": True})
    assert "no field 'is_disable'" in complaint(double)


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ({"message_id": "seven"}, 'parameter "message_id" must be an Integer'),
        ({"message_id": 2**63}, 'parameter "message_id" must be an Integer'),
        ({"text": ""}, "message text is empty"),
        ({"reply_markup": "{"}, 'can\'t parse "reply_markup" JSON object'),
        ({"reply_markup": '{"inline_keyboard": 1}'}, 'field "inline_keyboard" of the'),
    ],
)
async def test_wrong_types_are_refused(call: Caller, ada: User, parameters: dict[str, Any], says: str) -> None:
    ada.starts()
    sent = await call("sendMessage", chat_id=ada.id, text="hi")
    asked = {"chat_id": ada.id, "message_id": sent["message_id"], "text": "ho"} | parameters
    assert (await call.refused("editMessageText", **asked)).startswith(f"Bad Request: {says}")


# ── Presses ──────────────────────────────────────────────────────────────────────────────────────────────────────


def keyboard(label: str = "Yes", **does: str) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": label, **(does or {"callback_data": "1yes"})}]]}


async def test_a_press_has_one_answer(double: BotApi, call: Caller, ada: User) -> None:
    ada.starts()
    await call("sendMessage", chat_id=ada.id, text="Well?", reply_markup=keyboard())
    press = ada.presses(ada.sees()[-1], "Yes")
    [_, update] = await call("getUpdates")
    query = update["callback_query"]
    assert (query["data"], query["message"]["text"], query["from"]["id"]) == ("1yes", "Well?", ada.id)
    assert await call.refused("answerCallbackQuery", callback_query_id="1") == f"Bad Request: {QUERY_TOO_OLD}"
    long = await call.refused("answerCallbackQuery", callback_query_id=query["id"], text="x" * 201)
    assert long == "Bad Request: MESSAGE_TOO_LONG"
    await call("answerCallbackQuery", callback_query_id=query["id"], text="x" * 200, show_alert=True)
    answer = await press.answer
    assert (len(answer.text), answer.show_alert, answer.url) == (200, True, None)
    assert await call.refused("answerCallbackQuery", callback_query_id=query["id"]) == f"Bad Request: {QUERY_TOO_OLD}"
    assert "answered before" in complaint(double)


async def test_an_answer_that_comes_too_late(double: BotApi, call: Caller, ada: User, clock: Clock) -> None:
    ada.starts()
    await call("sendMessage", chat_id=ada.id, text="Well?", reply_markup=keyboard())
    press = ada.presses(ada.sees()[-1], "Yes")
    assert press.query
    clock.forward(151)
    assert (
        await call.refused("answerCallbackQuery", callback_query_id=press.query.id) == f"Bad Request: {QUERY_TOO_OLD}"
    )


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://t.me/marquee_test_bot?start=abc-1_2", True),
        ("https://t.me/another_bot?start=abc", False),
        ("t.me/marquee_test_bot?start=abc", False),
        ("https://t.me/marquee_test_bot", False),
        ("https://t.me/marquee_test_bot?start=" + "x" * 65, False),
        ("https://example.org/", False),
    ],
)
async def test_an_answer_opens_this_bot_only(call: Caller, ada: User, url: str, fine: bool) -> None:
    ada.starts()
    await call("sendMessage", chat_id=ada.id, text="Well?", reply_markup=keyboard())
    press = ada.presses(ada.sees()[-1], "Yes")
    assert press.query
    asked = {"callback_query_id": press.query.id, "url": url}
    if fine:
        assert await call("answerCallbackQuery", **asked)
        assert ada.follows((await press.answer).url or "").text == "/start abc-1_2"
    else:
        assert await call.refused("answerCallbackQuery", **asked) == "Bad Request: URL_INVALID"


# ── What goes wrong ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_chat_has_to_wait_and_others_go_on(double: BotApi, call: Caller, ada: User) -> None:
    ben = double.user("ben", started=True)
    ada.starts()
    with double.faults.add("sendMessage", faults.retry_after(7), times=None, chat=ada):
        with pytest.raises(Refused) as refused:
            await call("sendMessage", chat_id=ada.id, text="hi")
        assert await call("sendMessage", chat_id=ben.id, text="hi")
    assert (refused.value.code, refused.value.parameters) == (429, {"retry_after": 7})
    assert refused.value.description == "Too Many Requests: retry after 7"
    assert await call("sendMessage", chat_id=ada.id, text="hi")


@pytest.mark.parametrize(
    ("fault", "done"),
    [
        (faults.reset_before(), False),
        (faults.reset_after(), True),
        (faults.truncated(), True),
        (faults.garbage(), True),
        (faults.server_error(502), False),
        (faults.server_error(500), False),
    ],
)
async def test_connections_and_answers_break(
    double: BotApi, call: Caller, ada: User, fault: faults.Fault, done: bool
) -> None:
    ada.starts()
    double.faults.add("sendMessage", fault)
    with pytest.raises((httpx.TransportError, ValueError, Refused)):
        await call("sendMessage", chat_id=ada.id, text="hi")
    assert [message.text for message in double.written(ada.chat)] == (["hi"] if done else [])
    assert await call("sendMessage", chat_id=ada.id, text="again")


async def test_a_press_may_be_answered_again_if_the_first_time_was_not_confirmed(
    double: BotApi, call: Caller, ada: User
) -> None:
    ada.starts()
    await call("sendMessage", chat_id=ada.id, text="Well?", reply_markup=keyboard())
    press = ada.presses(ada.sees()[-1], "Yes")
    assert press.query
    double.faults.add("answerCallbackQuery", faults.reset_after())
    with pytest.raises(httpx.TransportError):
        await call("answerCallbackQuery", callback_query_id=press.query.id, text="noted")
    assert "too old" in await call.refused("answerCallbackQuery", callback_query_id=press.query.id)
    assert (await press.answer).text == "noted"


async def test_a_call_waits_for_a_sign(double: BotApi, call: Caller, ada: User) -> None:
    ada.starts()
    for fault, done in ((faults.delayed, 0), (faults.answered_late, 2)):
        # The first was sent in between.
        sign = asyncio.Event()
        planned = double.faults.add("sendMessage", fault(sign))
        async with asyncio.TaskGroup() as tasks:
            sending = tasks.create_task(call("sendMessage", chat_id=ada.id, text="hi"))
            await planned.reached.wait()
            await double.until(lambda: len(double.written(ada.chat)) == done)  # noqa: B023
            assert not sending.done()
            sign.set()
        assert sending.result()["text"] == "hi"


async def test_a_call_hangs_until_it_is_let_go(double: BotApi, call: Caller, ada: User) -> None:
    hanging = double.faults.add("*", faults.hangs())

    async def hung() -> None:
        with pytest.raises(httpx.TransportError):
            await call("getMe")

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(hung())
        await hanging.reached.wait()
        assert (await call("getMe"))["id"] == double.bot.id
        hanging.off()


async def test_telegram_is_down_for_a_while_and_forgets_nothing(double: BotApi, call: Caller, ada: User) -> None:
    address = double.url
    ada.types("before")
    await double.down()
    with pytest.raises(httpx.ConnectError):
        await call("getMe")
    ada.types("meanwhile")
    await double.up()
    assert double.url == address
    assert texts(await call("getUpdates")) == ["before", "meanwhile"]
