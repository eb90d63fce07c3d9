"""The bot's commands, per scope and language."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from tests.doubles.bot_api.methods import method
from tests.doubles.bot_api.refusals import bad
from tests.doubles.bot_api.state import Account, Chat
from tests.doubles.bot_api.wire import Asked, Json
from tests.doubles.bot_api.world import World

MOST_COMMANDS: Final = 100
MOST_MENU: Final = 4096
"""Characters of all descriptions together: undocumented, and met by bots with long menus."""
_SCOPES: Final = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}
Key = tuple[str, str]


def _key(world: World, asked: Asked) -> Key:
    """Scope and language that a call is about. Refused."""
    scope = asked.dictionary("scope", {"type", "chat_id", "user_id"}) or {"type": "default"}
    kind = scope.get("type")
    if kind not in _SCOPES:
        raise bad("unsupported bot command scope type specified")
    if set(scope) - {"type"} != set(_SCOPES[kind]):
        raise bad(f"can't parse BotCommandScope: {kind} takes {_SCOPES[kind]}")
    if "chat_id" in scope:
        world.readable(scope["chat_id"])
    language = asked.text("language_code")
    if not re.fullmatch(r"([a-z]{2})?", language):
        raise bad("invalid language code specified")
    return json.dumps(scope, sort_keys=True), language


@method("setMyCommands", "commands scope language_code")
async def set_my_commands(world: World, asked: Asked) -> bool:
    """At most 100, of lower-case words of 32 characters and descriptions of 256."""
    key = _key(world, asked)
    if asked.json("commands") is None:
        raise bad("commands is not specified")
    commands = [_command(asked, each) for each in asked.items("commands")]
    if len(commands) > MOST_COMMANDS or sum(len(each["description"]) for each in commands) > MOST_MENU:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    if len({each["command"] for each in commands}) < len(commands):
        asked.complain("setMyCommands: a command twice")
    world.commands[key] = commands
    world.bell.ring()
    return True


def _command(asked: Asked, command: Any) -> Json:
    command = asked.only("a command", command, {"command", "description"})
    word, description = command.get("command"), command.get("description")
    if not isinstance(word, str) or not re.fullmatch(r"/?[a-z0-9_]{1,32}", word):
        raise bad("BOT_COMMAND_INVALID")
    if not isinstance(description, str) or not 1 <= len(description.strip()) <= 256:
        raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": word.removeprefix("/"), "description": description.strip()}


@method("getMyCommands", "scope language_code")
async def get_my_commands(world: World, asked: Asked) -> list[Json]:
    """What was set for exactly this scope and language."""
    return world.commands.get(_key(world, asked), [])


@method("deleteMyCommands", "scope language_code")
async def delete_my_commands(world: World, asked: Asked) -> bool:
    """What stands above it is shown instead."""
    world.commands.pop(_key(world, asked), None)
    world.bell.ring()
    return True


def menu(world: World, account: Account, chat: Chat) -> list[Json]:
    """What a person is offered in a chat: the first that is set (core.telegram.org/bots/api#botcommandscope)."""
    member = {"type": "chat_member", "chat_id": chat.id, "user_id": account.id}
    here, admins = {"type": "chat", "chat_id": chat.id}, {"type": "chat_administrators", "chat_id": chat.id}
    if chat.person:
        scopes: list[Json] = [here, {"type": "all_private_chats"}, {"type": "default"}]
    elif chat.member(account).is_admin:
        kinds = ("all_chat_administrators", "all_group_chats", "default")
        scopes = [member, admins, here, *({"type": kind} for kind in kinds)]
    else:
        scopes = [member, here, {"type": "all_group_chats"}, {"type": "default"}]
    for scope in scopes:
        for language in (account.language_code or "", ""):
            if found := world.commands.get((json.dumps(scope, sort_keys=True), language[:2])):
                return found
    return []
