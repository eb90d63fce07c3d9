"""The double of Telegram's Bot API is strict: texts, entities, keyboards, pictures, edits, and their limits."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from tests.doubles.bot_api import BotApi, Clock, User
from tests.doubles.bot_api.entities import clean, parse_html, units, with_found
from tests.doubles.bot_api.refusals import NOT_MODIFIED, Refused
from tests.doubles.conftest import Caller, complaint


@pytest.fixture
def ada(double: BotApi) -> User:
    return double.user("ada", started=True)


def png(width: int = 40, height: int = 60) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height)).save(file, "PNG")
    return file.getvalue()


def rows(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [[button] for button in buttons]}


YES = {"text": "Yes", "callback_data": "1yes"}


# ── HTML ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("html", "text", "found"),
    [
        ("plain", "plain", []),
        ("<b>a<i>b</i></b>c", "abc", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<STRONG>x</strong>", "x", [("bold", 0, 1)]),
        ("&lt;b&gt; &amp; &quot;&#128512;&#x41;", '<b> & "😀A', []),
        ("😀<u>é</u>", "😀é", [("underline", 2, 1)]),
        ('<a href="https://example.org/?a=1&amp;b=2">x</a>', "x", [("text_link", 0, 1)]),
        ('<span class="tg-spoiler">x</span><tg-spoiler>y</tg-spoiler>', "xy", [("spoiler", 0, 1), ("spoiler", 1, 1)]),
        ('<pre><code class="language-python">x</code></pre>', "x", [("pre", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("<b></b>x", "x", []),
    ],
)
def test_what_html_means(html: str, text: str, found: list[tuple[str, int, int]]) -> None:
    parsed, entities, stray = parse_html(html)
    assert (parsed, [(each["type"], each["offset"], each["length"]) for each in entities]) == (text, found)
    assert not stray


@pytest.mark.parametrize(
    ("html", "says"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("ä<br>", 'Unsupported start tag "br" at byte offset 2'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("<3", "Unclosed start tag at byte offset 0"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href>x</a>", "Expected equal sign in declaration of an attribute"),
        ("<a href=x/y>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ('<span class="x">x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("&#xd800;", "Text contains invalid Unicode characters"),
    ],
)
async def test_broken_html_is_refused(call: Caller, ada: User, html: str, says: str) -> None:
    refused = await call.refused("sendMessage", chat_id=ada.id, text=html, parse_mode="HTML")
    assert refused.startswith(f"Bad Request: can't parse entities: {says}")


async def test_what_was_not_escaped_is_complained_of(double: BotApi, call: Caller, ada: User) -> None:
    await call("sendMessage", chat_id=ada.id, text="Fast & Furious &nbsp;", parse_mode="HTML")
    assert ada.sees()[-1].text == "Fast & Furious &nbsp;"
    assert "not escaped" in complaint(double)


def test_texts_are_cleaned_and_entities_move_along() -> None:
    text, entities = clean(" \n a\r\u202eb\x00😀c  ", [{"type": "bold", "offset": 6, "length": 4}])
    assert text == "ab 😀c"
    assert entities == [{"type": "bold", "offset": 1, "length": 4}]
    assert units(text) == 6


def test_commands_mentions_and_addresses_are_found() -> None:
    found = with_found("/rate@marquee_bot 8 @ada see https://example.org/x. /no/path a/b me@x.org", [])
    assert [(each["type"], each["offset"], each["length"]) for each in found] == [
        ("bot_command", 0, 17),
        ("mention", 20, 4),
        ("url", 29, 21),
    ]


# ── Limits ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_text_has_4096_characters_after_parsing(call: Caller, ada: User) -> None:
    full = "<b>" + "&amp;" * 4096 + "</b>"
    assert (await call("sendMessage", chat_id=ada.id, text=full, parse_mode="HTML"))["text"] == "&" * 4096
    refused = await call.refused("sendMessage", chat_id=ada.id, text="x" * 4097)
    assert refused == "Bad Request: message is too long"
    assert await call("sendMessage", chat_id=ada.id, text="😀" * 4096)


@pytest.mark.parametrize("text", [" \n", "\u200b\u200d", "<b> </b>"])
async def test_a_text_shows_something(call: Caller, ada: User, text: str) -> None:
    refused = await call.refused("sendMessage", chat_id=ada.id, text=text, parse_mode="HTML")
    assert refused == "Bad Request: text must be non-empty"


@pytest.mark.parametrize(
    ("button", "says"),
    [
        ({"text": "x", "callback_data": "ä" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": " ", "callback_data": "x"}, "BUTTON_TEXT_INVALID"),
        ({"text": "x"}, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        ({"text": 1, "callback_data": "x"}, 'can\'t parse inline keyboard button: Field "text" must be of type String'),
        ({"text": "x", "url": "localhost"}, "inline keyboard button URL 'localhost' is invalid: Wrong HTTP URL"),
    ],
)
async def test_buttons_that_are_refused(call: Caller, ada: User, button: dict[str, Any], says: str) -> None:
    refused = await call.refused("sendMessage", chat_id=ada.id, text="x", reply_markup=rows(button))
    assert refused == f"Bad Request: {says}"


async def test_a_keyboard_has_100_buttons_of_64_bytes(call: Caller, ada: User) -> None:
    button = {"text": "x", "callback_data": "ä" * 32}
    assert await call("sendMessage", chat_id=ada.id, text="x", reply_markup=rows(*[button] * 100))
    refused = await call.refused("sendMessage", chat_id=ada.id, text="x", reply_markup=rows(*[button] * 101))
    assert refused == "Bad Request: reply markup is too long"


async def test_entities_of_ones_own(call: Caller, ada: User) -> None:
    bold = {"type": "bold", "offset": 0, "length": 2}
    assert (await call("sendMessage", chat_id=ada.id, text="😀x", entities=[bold]))["entities"] == [bold]
    refused = await call.refused("sendMessage", chat_id=ada.id, text="😀x", entities=[{**bold, "length": 1}])
    assert "middle of a UTF-16 symbol" in refused
    refused = await call.refused("sendMessage", chat_id=ada.id, text="😀x", entities=[{**bold, "length": 9}])
    assert "after the end of the text" in refused


async def test_a_link_to_a_person_mentions_who_is_known(double: BotApi, call: Caller, ada: User) -> None:
    ben, cleo = double.user("ben"), double.user("cleo")
    club = double.group("Film club", [ada, ben])
    club.add_bot()

    async def mentioned(who: User, method: str = "sendMessage", **more: Any) -> list[tuple[str, int]]:
        words = f'<b>Hey</b> <a href="tg://user?id={who.id}">{who.first_name}</a>'
        body = {"text" if method == "sendMessage" else "caption": words, "parse_mode": "HTML", **more}
        sent = await call(method, chat_id=club.id, **body)
        found = sent.get("entities") or sent["caption_entities"]
        return [(each["type"], each.get("user", {}).get("id", 0)) for each in found]

    assert await mentioned(ben) == [("bold", 0), ("text_mention", ben.id)]
    assert await mentioned(ben, "sendPhoto", photo=png()) == [("bold", 0), ("text_mention", ben.id)]
    assert await mentioned(cleo) == [("bold", 0)], "she is not there, and has never talked to the bot"
    cleo.starts()
    assert await mentioned(cleo) == [("bold", 0), ("text_mention", cleo.id)]


# ── Edits ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_edit_changes_something(double: BotApi, call: Caller, ada: User) -> None:
    preview = {"url": "https://image.example.org/1.jpg", "prefer_large_media": True, "show_above_text": True}
    sent = await call("sendMessage", chat_id=ada.id, text="one", reply_markup=rows(YES), link_preview_options=preview)
    assert sent["link_preview_options"] == preview
    place = {"chat_id": ada.id, "message_id": sent["message_id"]}
    same = {**place, "text": "<b></b>one ", "parse_mode": "HTML", "link_preview_options": preview}
    assert await call.refused("editMessageText", **same, reply_markup=rows(YES)) == f"Bad Request: {NOT_MODIFIED}"
    assert await call.refused("editMessageReplyMarkup", **place, reply_markup=rows(YES)) == (
        f"Bad Request: {NOT_MODIFIED}"
    )
    edited = await call("editMessageText", **same)
    assert (edited["text"], "reply_markup" in edited, "edit_date" in edited) == ("one", False, True)
    [seen] = ada.sees()
    assert (seen.text, seen.preview, seen.labels, seen.edited) == ("one", preview["url"], [], True)
    assert len(double.written(ada.chat)) == 2


async def test_what_cannot_be_edited(call: Caller, ada: User) -> None:
    theirs = ada.types("mine")
    sent = await call("sendMessage", chat_id=ada.id, text="one")
    place = {"chat_id": ada.id, "message_id": sent["message_id"]}
    edits = [
        await call.refused("editMessageText", chat_id=ada.id, message_id=9999, text="two"),
        await call.refused("editMessageText", chat_id=ada.id, message_id=theirs.id, text="two"),
        await call.refused("editMessageText", chat_id=ada.id, text="two"),
        await call.refused("editMessageCaption", **place, caption="two"),
    ]
    assert edits == [
        "Bad Request: message to edit not found",
        "Bad Request: message can't be edited",
        "Bad Request: message identifier is not specified",
        "Bad Request: there is no caption in the message to edit",
    ]
    assert await call("deleteMessage", **place)
    assert await call.refused("editMessageText", **place, text="two") == "Bad Request: message to edit not found"
    assert await call.refused("deleteMessage", **place) == "Bad Request: message to delete not found"


async def test_a_button_of_a_deleted_message(call: Caller, ada: User) -> None:
    await call("sendMessage", chat_id=ada.id, text="one", reply_markup=rows(YES))
    [seen] = ada.sees()
    ada.deletes(seen)
    ada.presses_data(seen, "1yes")
    [update] = await call("getUpdates")
    assert update["callback_query"]["message"] == {
        "chat": ada.chat.json(),
        "message_id": seen.id,
        "date": 0,
    }


async def test_own_messages_can_be_deleted_for_two_days(double: BotApi, call: Caller, clock: Clock) -> None:
    group = double.group("Film club", [double.user("ada")])
    group.add_bot()
    sent = await call("sendMessage", chat_id=group.id, text="one")
    clock.forward(49 * 3600)
    asked = {"chat_id": group.id, "message_id": sent["message_id"]}
    assert await call.refused("deleteMessage", **asked) == "Bad Request: message can't be deleted for everyone"


async def test_a_message_sent_by_others_via_the_bot(double: BotApi, call: Caller, ada: User) -> None:
    message = double.inline_message(ada, "one", [("Yes", "1yes")])
    ada.presses(message, "Yes")
    [update] = await call("getUpdates")
    number = update["callback_query"]["inline_message_id"]
    assert "message" not in update["callback_query"]
    assert await call("editMessageText", inline_message_id=number, text="two") is True
    assert (message.text, message.keyboard) == ("two", [])


# ── Pictures ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_pictures_are_uploaded_named_and_sent_again(double: BotApi, call: Caller, ada: User) -> None:
    sent = await call("sendPhoto", chat_id=ada.id, photo=png(), caption="<b>One</b>", parse_mode="HTML")
    assert (sent["photo"][0]["width"], sent["caption"]) == (40, "One")
    assert ada.sees()[-1].photo == png()
    again = await call("sendPhoto", chat_id=ada.id, photo=sent["photo"][0]["file_id"])
    assert again["photo"] == sent["photo"]
    await call("sendPhoto", chat_id=ada.id, photo="https://image.example.org/1.jpg")
    assert ada.sees()[-1].photo == "https://image.example.org/1.jpg"


async def test_pictures_that_are_refused(call: Caller, ada: User) -> None:
    async def refused(photo: bytes | str, **more: str) -> str:
        return await call.refused("sendPhoto", chat_id=ada.id, photo=photo, **more)

    assert await refused(b"no picture") == "Bad Request: IMAGE_PROCESS_FAILED"
    assert await refused(png(210, 10)) == "Bad Request: PHOTO_INVALID_DIMENSIONS"
    assert await refused("nonsense") == "Bad Request: wrong file identifier/HTTP URL specified"
    assert await refused(png(), caption="x" * 1025) == "Bad Request: message caption is too long"
    assert await call.refused("sendPhoto", chat_id=ada.id) == "Bad Request: there is no photo in the request"


async def test_a_text_becomes_a_picture_and_stays_one(call: Caller, ada: User) -> None:
    sent = await call("sendMessage", chat_id=ada.id, text="one")
    place = {"chat_id": ada.id, "message_id": sent["message_id"]}
    media = {"type": "photo", "media": "attach://poster", "caption": "two"}
    await call("editMessageMedia", **place, media=media, poster=png())
    assert (ada.sees()[-1].text, ada.sees()[-1].photo) == ("two", png())
    await call("editMessageCaption", **place, caption="three")
    assert ada.sees()[-1].text == "three"
    refused = await call.refused("editMessageText", **place, text="four")
    assert refused == "Bad Request: there is no text in the message to edit"


async def test_a_picture_goes_where_a_text_may(double: BotApi, call: Caller, ada: User) -> None:
    forum = double.forum("Film club", [ada])
    assert "chat not found" in await call.refused("sendPhoto", chat_id=forum.id, photo=png())
    forum.add_bot()
    drama = forum.topic("Drama")
    sent = await call(
        "sendPhoto", chat_id=forum.id, photo=png(), message_thread_id=drama, reply_markup=rows(YES), caption="One"
    )
    assert (sent["message_thread_id"], sent["is_topic_message"], bool(sent["reply_markup"])) == (drama, True, True)
    assert "thread not found" in await call.refused("sendPhoto", chat_id=forum.id, photo=png(), message_thread_id=99)
    forum.mute()
    refused = await call.refused("sendPhoto", chat_id=forum.id, photo=png())
    assert refused == "Bad Request: not enough rights to send photos to the chat"
    assert await call("sendPhoto", chat_id=ada.id, photo=png(), caption="😀" * 1024)
    refused = await call.refused(
        "sendPhoto", chat_id=ada.id, photo=png(), caption="<b>&amp;</b>" * 1025, parse_mode="HTML"
    )
    assert refused == "Bad Request: message caption is too long"
    assert await call.refused("sendPhoto", chat_id=ada.id, photo=b"") == "Bad Request: file must be non-empty"


# ── Menus ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_menus_by_scope_and_language(double: BotApi, call: Caller, ada: User) -> None:
    uwe = double.user("uwe", language_code="de-AT")
    group = double.group("Film club", [ada, uwe])
    words = {"command": "help", "description": "Help"}
    await call("setMyCommands", commands=[words])
    await call("setMyCommands", commands=[{**words, "description": "Hilfe"}], language_code="de")
    admins = [words, {"command": "house", "description": "House account"}]
    await call("setMyCommands", commands=admins, scope={"type": "all_chat_administrators"})
    assert [each["description"] for each in uwe.menu()] == ["Hilfe"]
    assert ada.menu(group) == admins
    assert await call("getMyCommands", scope={"type": "all_private_chats"}) == []
    await call("deleteMyCommands", scope={"type": "all_chat_administrators"})
    assert ada.menu(group) == [words]


@pytest.mark.parametrize(
    ("command", "description", "says"),
    [
        ("Help", "x", "BOT_COMMAND_INVALID"),
        ("x" * 33, "x", "BOT_COMMAND_INVALID"),
        ("", "x", "BOT_COMMAND_INVALID"),
        ("help", "", "BOT_COMMAND_DESCRIPTION_INVALID"),
        ("help", "x" * 257, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
async def test_menus_that_are_refused(call: Caller, command: str, description: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        await call("setMyCommands", commands=[{"command": command, "description": description}])


async def test_a_menu_has_100_commands(call: Caller) -> None:
    commands = [{"command": f"c{number}", "description": "x"} for number in range(101)]
    assert await call("setMyCommands", commands=commands[:100])
    assert await call.refused("setMyCommands", commands=commands) == "Bad Request: BOT_COMMANDS_TOO_MUCH"
