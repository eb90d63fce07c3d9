"""What Telegram knows: accounts, chats, members and messages, and their JSON as the Bot API writes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

from tests.doubles.bot_api.entities import Entity
from tests.doubles.bot_api.keyboards import Keyboard

Json = dict[str, Any]

RIGHTS: Final = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
    "can_send_welcome_messages",
)


@dataclass(eq=False)
class Account:
    """A person or a bot. `started`: the bot may write to this person, who has opened its chat."""

    id: int
    first_name: str
    is_bot: bool = False
    username: str | None = None
    last_name: str | None = None
    language_code: str | None = None
    started: bool = False
    blocked: bool = False
    deactivated: bool = False

    def json(self) -> Json:
        """A User."""
        optional = {"last_name": self.last_name, "username": self.username, "language_code": self.language_code}
        return {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name, **given_only(optional)}


ANONYMOUS: Final = Account(1087968824, "Group", is_bot=True, username="GroupAnonymousBot")
"""Who writes where an admin is anonymous; `sender_chat` is then the group itself."""
CHANNEL_BOT: Final = Account(136817688, "Channel", is_bot=True, username="Channel_Bot")
"""Who writes where a channel does; `sender_chat` is then the channel."""


@dataclass(eq=False)
class Member:
    """Somebody's place in a chat: creator, administrator, member, restricted, left or kicked."""

    account: Account
    status: str = "member"
    anonymous: bool = False

    @property
    def is_in(self) -> bool:
        """Whether he is there at all."""
        return self.status in {"creator", "administrator", "member", "restricted"}

    @property
    def is_admin(self) -> bool:
        """Whether he is the owner or an administrator."""
        return self.status in {"creator", "administrator"}

    def json(self) -> Json:
        """A ChatMember, with the fields of its status."""
        base: Json = {"user": self.account.json(), "status": self.status}
        match self.status:
            case "creator":
                base["is_anonymous"] = self.anonymous
            case "administrator":
                base |= {"can_be_edited": False, "is_anonymous": self.anonymous} | dict.fromkeys(RIGHTS, True)
            case "kicked":
                base["until_date"] = 0
            case _:
                pass
        return base


@dataclass(eq=False)
class Photo:
    """A picture. `content` is what was uploaded; a picture from an address has `url` instead."""

    file_id: str
    width: int
    height: int
    content: bytes = b""
    url: str | None = None

    def json(self) -> list[Json]:
        """The PhotoSizes: one is enough."""
        size: Json = {"file_id": self.file_id, "file_unique_id": f"u{self.file_id}"}
        return [{**size, "width": self.width, "height": self.height, "file_size": len(self.content)}]


@dataclass(eq=False)
class Chat:
    """A private chat, group, supergroup or channel. `person`: whose private chat it is."""

    id: int
    type: str
    title: str = ""
    username: str | None = None
    person: Account | None = None
    is_forum: bool = False
    messages: dict[int, Message] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)
    closed_topics: set[int] = field(default_factory=set)
    pinned: list[int] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    migrated_to: Chat | None = None
    deleted: bool = False
    muted: bool = False
    last_bot: int | None = None
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def json(self) -> Json:
        """A Chat."""
        if self.person:
            names = {"first_name": self.person.first_name, "last_name": self.person.last_name}
            return {"id": self.id, "type": self.type, **given_only({**names, "username": self.person.username})}
        optional = {"username": self.username, "is_forum": self.is_forum or None}
        return {"id": self.id, "type": self.type, "title": self.title, **given_only(optional)}

    def full_json(self) -> Json:
        """A ChatFullInfo."""
        gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
        last = self.messages.get(self.pinned[-1]) if self.pinned else None
        return {
            **self.json(),
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(gifts, False),
            **given_only({"pinned_message": last.json(nested=True) if last else None}),
        }

    def member(self, account: Account) -> Member:
        """Somebody's place here; who never was here has left."""
        return self.members.get(account.id) or Member(account, "left")

    def kind_word(self) -> str:
        """What refusals call it."""
        return f"{self.type} chat"


@dataclass(eq=False)
class Message:
    """One message. `service`: the fields of a service message. `thread`: its topic, or the thread it answers in."""

    chat: Chat
    id: int
    date: int
    sender: Account | None = None
    sender_chat: Chat | None = None
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    photo: Photo | None = None
    caption_above: bool = False
    keyboard: Keyboard = field(default_factory=list)
    preview: Json | None = None
    thread: int | None = None
    in_topic: bool = False
    reply_to: Message | None = None
    service: Json = field(default_factory=dict)
    edit_date: int | None = None
    deleted: bool = False
    meant_for_bot: bool = False
    inline_id: str | None = None
    via_bot: Account | None = None
    update: int | None = None
    """The id of the update that told the bot of it, if one did."""
    mark: int = 0
    """How much the bot had written when it came (`World.written`)."""

    def content(self) -> object:
        """What an edit has to change something of."""
        picture = self.photo.file_id if self.photo else None
        return (self.text, self.entities, picture, self.caption_above, self.preview, self.keyboard)

    def json(self, *, nested: bool = False) -> Json:
        """A Message; nested in another one, without what it answers."""
        if self.deleted:
            return {"chat": self.chat.json(), "message_id": self.id, "date": 0}
        optional: Json = {
            "from": self.sender.json() if self.sender else None,
            "sender_chat": self.sender_chat.json() if self.sender_chat else None,
            "via_bot": self.via_bot.json() if self.via_bot else None,
            "edit_date": self.edit_date,
            "message_thread_id": self.thread,
            "is_topic_message": self.in_topic or None,
            "reply_to_message": self.reply_to.json(nested=True) if self.reply_to and not nested else None,
            "reply_markup": {"inline_keyboard": self.keyboard} if self.keyboard else None,
        }
        words, found = ("caption", "caption_entities") if self.photo else ("text", "entities")
        optional |= {
            words: self.text or None,
            found: self.entities or None,
            "photo": self.photo.json() if self.photo else None,
            "show_caption_above_media": self.caption_above or None,
            "link_preview_options": self.preview or None,
        }
        base: Json = {"message_id": self.id, "date": self.date, "chat": self.chat.json()}
        return {**base, **given_only(optional), **self.service}


def given_only(fields: Json) -> Json:
    """The fields that have a value: the Bot API leaves the others out."""
    return {name: value for name, value in fields.items() if value is not None}
