"""What is offered to somebody who types the bot's name in a chat that it doesn't see: cards, to put one there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.core.reply import Button, Reply

MOST: Final = 20
"""Cards offered at a time."""


@dataclass(frozen=True, slots=True)
class Offers:
    """Cards as a group sees them, each with one TitleCard and the buttons below it.

    They are for whoever asked, in his `language`. `following`: where the next ones begin; None after the last.
    `changing`: the next time they may be others.
    `opens`: a button that opens the private chat, above them.
    """

    cards: tuple[Reply, ...] = ()
    following: int | None = None
    changing: bool = False
    opens: Button | None = None
    language: str = "en"
