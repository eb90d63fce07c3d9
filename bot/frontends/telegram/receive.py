"""What Telegram says of an update, as the core understands it: who, where, and what was typed or pressed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import telegram
from telegram.constants import ChatMemberStatus, ChatType

from bot.core import grammar, naming
from bot.core.chat import Chat, ChatKind, Person, Update
from bot.core.intents import COMMANDS, ShowTitle
from bot.core.model import TitleRef
from bot.core.places import region
from bot.core.text import clean
from bot.frontends.telegram.about import MOST_TEXT, about, is_below, is_via, title_of
from bot.frontends.telegram.arrived import INLINE, language

PLATFORM: Final = "telegram"

MOST_NAME: Final = 64
"""Characters of a group's name that are shown."""
FOR_ANYBODY: Final = ("search", "movie", "tv", "help")
"""The commands that need no person: an anonymous admin may give them, or a channel in a group."""

_IN: Final = {ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.MEMBER}


@dataclass(frozen=True, slots=True)
class Me:
    """The bot itself, as Telegram knows it. `reads_all`: its privacy mode is off."""

    id: int
    username: str
    reads_all: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something was said. `message_id`: the person's message, or the one whose button he pressed.

    `inline_id`: instead of all that, a message of the bot's in a chat which it doesn't see.
    """

    chat_id: int
    private: bool
    thread_id: int | None = None
    message_id: int | None = None
    inline_id: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """Something typed, or a button's text; `query_id` is the press to be answered, if it was one."""

    update: Update
    spot: Spot
    query_id: str | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A card that was offered is in some chat now, as the message of that id; `update` asks for all that it shows."""

    update: Update
    inline_id: str
    title: TitleRef


@dataclass(frozen=True, slots=True)
class Put:
    """Such a card, as the message that it is in a group which the bot is in: `update` says who put it where."""

    update: Update
    title: TitleRef


@dataclass(frozen=True, slots=True)
class Asking:
    """Words that somebody is typing after the bot's name in some chat. `start`: from which title on, counted from 0."""

    query_id: str
    person_id: int
    update: Update
    start: int


@dataclass(frozen=True, slots=True)
class NotText:
    """A picture, a voice … sent in private. `album`: the same for all pictures that were sent together."""

    spot: Spot
    language: str
    album: str | None = None


@dataclass(frozen=True, slots=True)
class Nameless:
    """Something for the bot from an anonymous admin or a channel: nobody knows whose lists that means."""

    spot: Spot
    language: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button that is none of ours: of a game."""

    query_id: str


@dataclass(frozen=True, slots=True)
class Membership:
    """The bot is in a chat, or no longer. `kind`: Telegram's word; `reads_all`: it gets every message."""

    spot: Spot
    kind: str
    is_in: bool
    reads_all: bool
    language: str


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody is in a group no more."""

    chat_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A group has become a supergroup."""

    old_id: int
    new_id: int


Received: TypeAlias = Said | Chosen | Put | NotText | Nameless | Pressed | Membership | Left | Moved


# ── Reading ──────────────────────────────────────────────────────────────────────────────────────────────────────


def read(raw: dict[str, Any], me: Me) -> Received | None:
    """What an update asks or tells; None where it is none of the bot's business. Raises for what makes no sense."""
    if "my_chat_member" in raw:
        return _membership(raw["my_chat_member"], me)
    if "chat_member" in raw:
        return _left(raw["chat_member"])
    update = telegram.Update.de_json(raw, None)
    if update.callback_query is not None:
        return _press(update.update_id, update.callback_query)
    if update.chosen_inline_result is not None:
        return _chosen(update.update_id, update.chosen_inline_result)
    if update.message is not None:
        return _message_read(update.update_id, update.message, me)
    if update.channel_post is not None:
        return _nameless(update.channel_post, me)
    return None


def _press(update_id: int, query: telegram.CallbackQuery) -> Received | None:
    if not query.data:
        return Pressed(query.id)
    if query.message is not None:
        spot, chat = _spot(query.message), query.message.chat
        where = _chat(spot, chat)
    elif query.inline_message_id is not None:
        spot = Spot(0, private=False, inline_id=query.inline_message_id)
        where = _inline(query.inline_message_id)
    else:
        return Pressed(query.id)
    update = Update(
        id=f"{update_id}-{query.id}",
        person=_person(query.from_user),
        chat=where,
        text=query.data,
        pressed=True,
        private_chat_id=str(query.from_user.id) if spot.private else None,
        language=language(query.from_user.language_code),
        region=region(query.from_user.language_code or ""),
    )
    return Said(update, spot, query.id)


def asking(raw: dict[str, Any]) -> Asking:
    """What somebody is typing elsewhere. Raises for what makes no sense."""
    query = telegram.InlineQuery.de_json(raw[INLINE], None)
    return Asking(
        query.id,
        query.from_user.id,
        Update(
            id=f"{raw['update_id']}-{query.id}",
            person=_person(query.from_user),
            chat=_inline(""),
            text=query.query,
            language=language(query.from_user.language_code),
            region=region(query.from_user.language_code or ""),
        ),
        int(query.offset) if re.fullmatch(r"[0-9]{1,6}", query.offset) else 0,
    )


def _chosen(update_id: int, result: telegram.ChosenInlineResult) -> Chosen | None:
    ref = naming.ref([result.result_id])[0]
    if result.inline_message_id is None or not isinstance(ref, TitleRef):
        return None
    update = Update(
        id=f"{update_id}-{result.inline_message_id}",
        person=_person(result.from_user),
        chat=_inline(result.inline_message_id),
        text=grammar.button(ShowTitle(ref)),
        pressed=True,
        language=language(result.from_user.language_code),
        region=region(result.from_user.language_code or ""),
    )
    return Chosen(update, result.inline_message_id, ref)


def _membership(change: dict[str, Any], me: Me) -> Membership:
    """Read as it came: the library takes a member only with all the rights that its own version knows."""
    chat, now = change["chat"], change["new_chat_member"]
    return Membership(
        Spot(int(chat["id"]), chat["type"] == ChatType.PRIVATE),
        kind=str(chat["type"]),
        is_in=_is_in(now),
        reads_all=me.reads_all or now["status"] == ChatMemberStatus.ADMINISTRATOR,
        language=language(change["from"].get("language_code")),
    )


def _left(change: dict[str, Any]) -> Left | None:
    """Read as it came, as above."""
    now = change["new_chat_member"]
    return None if _is_in(now) else Left(int(change["chat"]["id"]), int(now["user"]["id"]))


def _is_in(member: dict[str, Any]) -> bool:
    return member["status"] in _IN or bool(member["status"] == ChatMemberStatus.RESTRICTED and member["is_member"])


def _message_read(update_id: int, message: telegram.Message, me: Me) -> Received | None:
    if message.migrate_to_chat_id is not None:
        return Moved(message.chat.id, message.migrate_to_chat_id)
    if message.migrate_from_chat_id is not None:
        return Moved(message.migrate_from_chat_id, message.chat.id)
    if message.left_chat_member is not None:
        return Left(message.chat.id, message.left_chat_member.id)
    if message.is_automatic_forward:
        return None
    person = message.from_user
    if message.sender_chat is not None or person is None:
        return _unnamed(update_id, message, me)
    if person.is_bot:
        return None
    spot = _spot(message)
    if is_via(message, me.id):
        return _put(update_id, message, person, spot)
    if message.text is None:
        nothing = not spot.private or message.effective_attachment is None
        return None if nothing else NotText(spot, language(person.language_code), message.media_group_id)
    meant = _meant(message, spot, me)
    if meant is None:
        return None
    text, addressed = meant
    update = Update(
        id=f"{update_id}-{message.message_id}",
        person=_person(person),
        chat=_chat(spot, message.chat),
        text=text,
        addressed=addressed,
        replies=is_below(message, me.id),
        about=about(message, me.id),
        private_chat_id=str(person.id) if spot.private else None,
        language=language(person.language_code),
        region=region(person.language_code or ""),
    )
    return Said(update, spot)


def _put(update_id: int, message: telegram.Message, person: telegram.User, spot: Spot) -> Put | None:
    """A card of ours that somebody has put there himself. It is no word to the bot, in private neither."""
    title = title_of(message)
    if spot.private or title is None or message.forward_origin is not None:
        return None
    update = Update(
        id=f"{update_id}-{message.message_id}",
        person=_person(person),
        chat=_chat(spot, message.chat),
        text="",
        language=language(person.language_code),
    )
    return Put(update, title)


def _meant(message: telegram.Message, spot: Spot, me: Me) -> tuple[str, bool] | None:
    """What was typed to the bot, and whether it is plainly meant; None if another bot is."""
    text = (message.text or "")[:MOST_TEXT]
    if (addressee := grammar.addressee(text)) is not None:
        return (text, True) if addressee.lower() == me.username.lower() else None
    rest, mentions = re.subn(rf"(?<!\S)@{re.escape(me.username)}\b[,:]?", "", text, flags=re.IGNORECASE)
    if mentions:
        return " ".join(rest.split()) or "/help", True
    return text, spot.private or is_below(message, me.id)


def _unnamed(update_id: int, message: telegram.Message, me: Me) -> Received | None:
    """Something from whoever writes as a group or a channel: what needs nobody's lists is answered."""
    spot, writer = _spot(message), message.sender_chat
    meant = _meant(message, spot, me)
    if meant is None or writer is None or _word(meant[0]) not in FOR_ANYBODY:
        return _nameless(message, me)
    return Said(
        Update(
            id=f"{update_id}-{message.message_id}",
            person=Person(PLATFORM, str(writer.id), writer.title or ""),
            chat=_chat(spot, message.chat),
            text=meant[0],
            addressed=meant[1],
        ),
        spot,
    )


def _nameless(message: telegram.Message, me: Me) -> Nameless | None:
    """Something for the bot from nobody in particular. What they say to each other is not answered."""
    spot = _spot(message)
    meant = _meant(message, spot, me)
    if meant is None or not (meant[1] or _is_ours(meant[0])):
        return None
    person = message.from_user
    return Nameless(spot, language(person.language_code if person else None))


def _is_ours(text: str) -> bool:
    """Whether it is a command that is not likely another bot's."""
    return _word(text) in COMMANDS


def _word(text: str) -> str:
    """The command's word, without the slash and the bot's name; nothing where it is none."""
    found = re.match(r"/(\w+)", text)
    return found[1].lower() if found else ""


def _spot(message: telegram.MaybeInaccessibleMessage) -> Spot:
    private = message.chat.type == ChatType.PRIVATE
    # Outside topics the thread is that of a discussion, which can't be written to by its number.
    topic = isinstance(message, telegram.Message) and message.is_topic_message
    thread_id = message.message_thread_id if isinstance(message, telegram.Message) and topic else None
    return Spot(message.chat.id, private, thread_id, message.message_id)


def _person(user: telegram.User) -> Person:
    return Person(PLATFORM, str(user.id), user.first_name)


def _inline(inline_id: str) -> Chat:
    return Chat(PLATFORM, f"inline:{inline_id}", ChatKind.INLINE)


def _chat(spot: Spot, chat: telegram.Chat) -> Chat:
    kind = ChatKind.PRIVATE if spot.private else ChatKind.GROUP
    topic = "" if spot.thread_id is None else str(spot.thread_id)
    return Chat(PLATFORM, str(spot.chat_id), kind, clean(chat.title or "", MOST_NAME), topic)
