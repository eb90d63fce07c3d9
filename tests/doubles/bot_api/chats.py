"""The methods about chats and who is in them."""

from __future__ import annotations

from tests.doubles.bot_api.methods import method
from tests.doubles.bot_api.refusals import bad
from tests.doubles.bot_api.state import Chat, Member, Message
from tests.doubles.bot_api.wire import Asked, Json
from tests.doubles.bot_api.world import World


@method("getChat", "chat_id")
async def get_chat(world: World, asked: Asked) -> Json:
    """All about a chat."""
    return world.readable(asked.values.get("chat_id")).full_json()


@method("getChatMember", "chat_id user_id")
async def get_chat_member(world: World, asked: Asked) -> Json:
    """Somebody's place in a chat: `left` for a person who is known and was never there."""
    chat = world.readable(asked.values.get("chat_id"))
    number = asked.whole("user_id")
    if number is None:
        raise bad("invalid user_id specified")
    account = world.accounts.get(number)
    if account is None:
        raise bad("user not found")
    if chat.person:
        return Member(account, "member").json()
    return chat.member(account).json()


@method("getChatAdministrators", "chat_id")
async def get_chat_administrators(world: World, asked: Asked) -> list[Json]:
    """The owner and the administrators, but no other bots."""
    chat = world.readable(asked.values.get("chat_id"))
    if chat.person:
        raise bad("there are no administrators in the private chat")
    admins = [member for member in chat.members.values() if member.is_admin]
    return [member.json() for member in admins if not member.account.is_bot or member.account is world.bot]


@method("getChatMemberCount", "chat_id")
async def get_chat_member_count(world: World, asked: Asked) -> int:
    """How many are there, with the bot."""
    chat = world.readable(asked.values.get("chat_id"))
    return 2 if chat.person else sum(member.is_in for member in chat.members.values())


def _pinnable(world: World, asked: Asked) -> Chat:
    chat = world.writable(asked.values.get("chat_id"))
    if not chat.person and not world.status(chat).is_admin:
        raise bad("not enough rights to manage pinned messages in the chat")
    return chat


@method("pinChatMessage", "business_connection_id chat_id message_id disable_notification")
async def pin_chat_message(world: World, asked: Asked) -> bool:
    """Pins, and says so with a service message, which the bot gets too."""
    chat = _pinnable(world, asked)
    message = world.find_message(chat, asked.whole("message_id"), "message to pin not found")
    if message.service:
        raise bad("service message can't be pinned")
    if message.id in chat.pinned:
        chat.pinned.remove(message.id)
    chat.pinned.append(message.id)
    said: Json = {"pinned_message": message.json(nested=True)}
    world.add(Message(chat, next(chat.numbers), world.now(), world.bot, service=said))
    return True


@method("unpinChatMessage", "business_connection_id chat_id message_id")
async def unpin_chat_message(world: World, asked: Asked) -> bool:
    """Unpins that message, or the one that was pinned last."""
    chat = _pinnable(world, asked)
    number = asked.whole("message_id") or (chat.pinned[-1] if chat.pinned else None)
    if number not in chat.pinned:
        raise bad("message to unpin not found")
    chat.pinned.remove(number)
    world.bell.ring()
    return True


@method("leaveChat", "chat_id")
async def leave_chat(world: World, asked: Asked) -> bool:
    """The bot goes."""
    chat = world.readable(asked.values.get("chat_id"))
    if chat.person:
        raise bad("chat not found")
    world.set_member(chat, world.bot, world.bot, "left")
    return True
