"""The double of Telegram's Bot API is strict: who may write where, what a bot sees of a group, and how chats move."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doubles.bot_api import BotApi, Chat, Group, User
from tests.doubles.bot_api.refusals import Refused
from tests.doubles.conftest import Caller


@pytest.fixture
def ada(double: BotApi) -> User:
    return double.user("ada")


@pytest.fixture
def ben(double: BotApi) -> User:
    return double.user("ben")


@pytest.fixture
def club(double: BotApi, ada: User, ben: User) -> Group:
    return double.group("Film club", [ada, ben])


async def news(double: BotApi, call: Caller) -> list[dict[str, Any]]:
    """What the bot had not seen yet."""
    updates = await call("getUpdates")
    await call("getUpdates", offset=double.updates.next_id)
    return [{name: value for name, value in update.items() if name != "update_id"} for update in updates]


async def says(call: Caller, chat: Chat | User, **more: Any) -> str:
    """How writing there is refused; "" if it isn't."""
    try:
        await call("sendMessage", chat_id=chat.id, text="hi", **more)
    except Refused as refused:
        return refused.description
    return ""


# ── Who may write ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_person_speaks_first(call: Caller, ada: User) -> None:
    assert await says(call, ada) == "Forbidden: bot can't initiate conversation with a user"
    assert await call.refused("sendMessage", chat_id=12345, text="hi") == "Bad Request: chat not found"
    assert await call.refused("sendMessage", text="hi") == "Bad Request: chat_id is empty"
    ada.starts()
    assert await says(call, ada) == ""


async def test_blocking(double: BotApi, call: Caller, ada: User) -> None:
    ada.starts()
    ada.blocks_bot()
    assert await says(call, ada) == "Forbidden: bot was blocked by the user"
    ada.starts("again")
    assert await says(call, ada) == ""
    changes = [update for update in await news(double, call) if "my_chat_member" in update]
    assert [update["my_chat_member"]["new_chat_member"]["status"] for update in changes] == ["kicked", "member"]
    ada.deactivates()
    assert await says(call, ada) == "Forbidden: user is deactivated"


async def test_adding_and_kicking(double: BotApi, call: Caller, club: Group, ada: User) -> None:
    assert await says(call, club) == "Bad Request: chat not found"
    club.add_bot(by=ada)
    change, joined = await news(double, call)
    assert change["my_chat_member"]["old_chat_member"]["status"] == "left"
    assert change["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert [user["id"] for user in joined["message"]["new_chat_members"]] == [double.bot.id]
    assert await says(call, club) == ""
    club.kick_bot(by=ada)
    assert [list(update) for update in await news(double, call)] == [["my_chat_member"]]
    assert await says(call, club) == "Forbidden: bot was kicked from the group chat"
    assert ada.types("/help@marquee_test_bot", club).update is None


async def test_leaving_and_silence(double: BotApi, call: Caller, ada: User) -> None:
    group = double.supergroup("Cinema", [ada], username="cinema")
    group.add_bot()
    group.mute()
    assert await says(call, group) == "Bad Request: not enough rights to send text messages to the chat"
    group.promote_bot()
    assert await call("sendMessage", chat_id="@cinema", text="hi")
    assert await call("leaveChat", chat_id=group.id)
    assert await says(call, group) == "Forbidden: bot is not a member of the supergroup chat"


async def test_a_channel_wants_an_administrator(double: BotApi, call: Caller, ada: User) -> None:
    channel = double.channel("News", ada)
    channel.add_bot()
    assert await says(call, channel) == "Bad Request: need administrator rights in the channel chat"
    channel.promote_bot()
    assert await says(call, channel) == ""
    ada.types("post", channel)
    posts = [update["channel_post"] for update in await news(double, call) if "channel_post" in update]
    assert [(post["text"], "from" in post) for post in posts] == [("post", False)]


# ── Privacy mode ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_privacy_mode_lets_through(double: BotApi, call: Caller, club: Group, ada: User, ben: User) -> None:
    club.add_bot()
    seen = {
        "chatter": ada.types("hello", club).update,
        "mention": ada.types("@marquee_test_bot hello", club).update,
        "bare command, and the bot never wrote": ada.types("/help", club).update,
        "command for it": ada.types("/help@Marquee_Test_Bot", club).update,
        "command for another": ada.types("/help@another_bot", club).update,
    }
    await says(call, club)
    written = club.messages[max(club.messages)]
    answer = ben.types("/help@another_bot", club, reply_to=written)
    seen |= {
        "bare command, and the bot wrote last": ada.types("/help", club).update,
        "answer to the bot": answer.update,
        "answer to what was meant for it": ada.types("same here", club, reply_to=answer).update,
        "edited chatter": ada.edits(ada.types("hm", club), "hmm").update,
    }
    club.add(double.user("cleo"))
    seen["somebody joins"] = club.messages[max(club.messages)].update
    assert {what for what, update in seen.items() if update} == {
        "command for it",
        "bare command, and the bot wrote last",
        "answer to the bot",
        "answer to what was meant for it",
        "somebody joins",
    }


async def test_who_sees_everything(double: BotApi, club: Group, ada: User) -> None:
    club.add_bot()
    double.world.sees_mentions = True
    assert ada.types("@marquee_test_bot hello", club).update
    club.promote_bot()
    assert ada.types("hello", club).update
    club.demote_bot()
    assert ada.types("hello", club).update is None
    double.world.privacy = False
    assert ada.types("hello", club).update


# ── Members ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_members_and_administrators(double: BotApi, call: Caller, club: Group, ada: User, ben: User) -> None:
    club.add_bot()
    stranger = double.user("cleo")
    asked = {"chat_id": club.id}
    users = [ada, ben, stranger]
    members = [await call("getChatMember", **asked, user_id=user.id) for user in users]
    assert [member["status"] for member in members] == ["creator", "member", "left"]
    assert await call.refused("getChatMember", **asked, user_id=1) == "Bad Request: user not found"
    club.promote(ben)
    admins = await call("getChatAdministrators", **asked)
    assert [(each["status"], each["user"]["id"]) for each in admins] == [
        ("creator", ada.id),
        ("administrator", ben.id),
    ]
    assert await call("getChatMemberCount", **asked) == 3
    assert (await call("getChat", **asked))["title"] == "Film club"


async def test_others_comings_and_goings_are_for_administrators_who_ask(
    double: BotApi, call: Caller, club: Group, ben: User
) -> None:
    kinds = ["message", "my_chat_member", "chat_member"]
    await call("getUpdates", allowed_updates=kinds)
    club.add_bot()
    club.demote(ben)
    club.promote_bot()
    club.remove(ben)
    changes = [update["chat_member"] for update in await news(double, call) if "chat_member" in update]
    assert [(each["new_chat_member"]["user"]["id"], each["new_chat_member"]["status"]) for each in changes] == [
        (ben.id, "left")
    ]


async def test_anonymous_administrators_and_channels(double: BotApi, call: Caller, ada: User, ben: User) -> None:
    group = double.supergroup("Cinema", [ada, ben])
    group.add_bot()
    group.promote(ben, anonymous=True)
    ben.types("/help@marquee_test_bot", group)
    ada.types("/help@marquee_test_bot", group, channel=double.channel("News", ada))
    anonymous, channel = [update["message"] for update in (await news(double, call))[-2:]]
    assert (anonymous["from"]["username"], anonymous["sender_chat"]["id"]) == ("GroupAnonymousBot", group.id)
    assert (channel["from"]["username"], channel["sender_chat"]["title"]) == ("Channel_Bot", "News")
    await says(call, group)


# ── Moving ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_group_becomes_a_supergroup(double: BotApi, call: Caller, club: Group, ada: User) -> None:
    club.add_bot()
    await news(double, call)
    moved = club.migrate()
    joined, old, new = await news(double, call)
    assert joined["my_chat_member"]["chat"]["id"] == moved.id
    assert (old["message"]["chat"]["id"], old["message"]["migrate_to_chat_id"]) == (club.id, moved.id)
    assert (new["message"]["chat"]["id"], new["message"]["migrate_from_chat_id"]) == (moved.id, club.id)
    with pytest.raises(Refused, match="group chat was upgraded to a supergroup chat") as refused:
        await call("sendMessage", chat_id=club.id, text="hi")
    assert refused.value.parameters == {"migrate_to_chat_id": moved.id}
    assert (await call("sendMessage", chat_id=moved.id, text="hi"))["message_id"] == 2
    assert ada.types("/help", moved).update


# ── Topics, answers, pins ────────────────────────────────────────────────────────────────────────────────────────


async def test_topics(double: BotApi, call: Caller, ada: User) -> None:
    forum = double.forum("Cinema", [ada])
    forum.add_bot()
    drama = forum.topic("Drama")
    typed = ada.types("/help@marquee_test_bot", forum, thread=drama)
    message = (await news(double, call))[-1]["message"]
    assert (message["message_thread_id"], message["is_topic_message"], message["chat"]["is_forum"]) == (
        drama,
        True,
        True,
    )
    sent = await call("sendMessage", chat_id=forum.id, text="hi", message_thread_id=drama)
    assert sent["message_thread_id"] == drama
    answer = await call("sendMessage", chat_id=forum.id, text="hi", reply_parameters={"message_id": typed.id})
    assert (answer["message_thread_id"], answer["reply_to_message"]["text"]) == (drama, "/help@marquee_test_bot")
    assert [seen.text for seen in ada.sees(forum, drama)] == ["/help@marquee_test_bot", "hi", "hi"]
    for thread in (1, 999):
        assert await says(call, forum, message_thread_id=thread) == "Bad Request: message thread not found"
    assert await call("sendChatAction", chat_id=forum.id, message_thread_id=1, action="typing")
    forum.close_topic(drama)
    assert await says(call, forum, message_thread_id=drama) == "Bad Request: TOPIC_CLOSED"
    forum.delete_topic(drama)
    assert await says(call, forum, message_thread_id=drama) == "Bad Request: message thread not found"


async def test_an_answers_thread_is_no_topic(double: BotApi, call: Caller, ada: User) -> None:
    group = double.supergroup("Cinema", [ada])
    group.add_bot()
    sent = await call("sendMessage", chat_id=group.id, text="hi")
    ada.types("why?", group, reply_to=group.messages[sent["message_id"]])
    message = (await news(double, call))[-1]["message"]
    assert (message["message_thread_id"], "is_topic_message" in message) == (sent["message_id"], False)
    thread = message["message_thread_id"]
    assert await says(call, group, message_thread_id=thread) == "Bad Request: message thread not found"
    answer = await call(
        "sendMessage", chat_id=group.id, text="so", reply_parameters={"message_id": message["message_id"]}
    )
    assert (answer["message_thread_id"], "is_topic_message" in answer) == (thread, False)


async def test_answers_to_what_is_gone(call: Caller, ada: User) -> None:
    typed = ada.starts()
    ada.deletes(typed)
    gone = {"message_id": typed.id}
    assert await says(call, ada, reply_parameters=gone) == "Bad Request: message to be replied not found"
    assert await says(call, ada, reply_parameters={**gone, "allow_sending_without_reply": True}) == ""


async def test_pins(double: BotApi, call: Caller, club: Group, ada: User) -> None:
    club.add_bot()
    sent = await call("sendMessage", chat_id=club.id, text="board")
    asked = {"chat_id": club.id, "message_id": sent["message_id"]}
    assert await call.refused("pinChatMessage", **asked) == (
        "Bad Request: not enough rights to manage pinned messages in the chat"
    )
    club.promote_bot()
    assert await call("pinChatMessage", **asked, disable_notification=True)
    assert (await call("getChat", chat_id=club.id))["pinned_message"]["text"] == "board"
    assert (await news(double, call))[-1]["message"]["pinned_message"]["text"] == "board"
    assert await call("unpinChatMessage", **asked)
    assert await call.refused("unpinChatMessage", **asked) == "Bad Request: message to unpin not found"
    missing = await call.refused("pinChatMessage", chat_id=club.id, message_id=99999)
    assert missing == "Bad Request: message to pin not found"


async def test_numbers_of_messages_meet_across_supergroups(double: BotApi, call: Caller, ada: User) -> None:
    first, second = double.supergroup("One", [ada]), double.supergroup("Two", [ada])
    for group in (first, second):
        group.add_bot()
    sent = [(await call("sendMessage", chat_id=group.id, text="hi"))["message_id"] for group in (first, second)]
    assert sent == [2, 2]
