"""Who is there in the local web chat: five sample people, each alone with Marquee, and all in one group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.core.chat import Chat, ChatKind, Person

PLATFORM: Final = "web"
BOT_NAME: Final = "Marquee"


@dataclass(frozen=True, slots=True)
class Room:
    """A chat and who is in it."""

    chat: Chat
    name: str
    members: tuple[str, ...]


PEOPLE: Final = {
    person_id: Person(PLATFORM, person_id, name, sample=True)
    for person_id, name in (("ada", "Ada"), ("ben", "Ben"), ("cleo", "Cleo"), ("dee", "Dee"), ("eli", "Eli"))
}
"""By their ids."""

_CLUB: Final = "Film club"
GROUP: Final = Room(Chat(PLATFORM, "club", ChatKind.GROUP, _CLUB), _CLUB, tuple(PEOPLE))

ROOMS: Final = {
    room.chat.id: room
    for room in (
        *(Room(Chat(PLATFORM, person_id, ChatKind.PRIVATE), BOT_NAME, (person_id,)) for person_id in PEOPLE),
        GROUP,
    )
}
"""By their chats' ids. A private chat has its person's."""
