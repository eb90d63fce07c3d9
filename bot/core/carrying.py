"""What a button carries: its command text; where that is too long or for one person alone, the number of a kept row."""

from __future__ import annotations

from dataclasses import replace

from bot.core import grammar
from bot.core.chat import Caller
from bot.core.desk import Desk
from bot.core.errors import MarqueeError, NotYours, OutOfDate
from bot.core.intents import Go, Retype
from bot.core.reply import Button, Link, Reply, Row
from storage import wishes


async def carried(reply: Reply, desk: Desk) -> tuple[Row, ...]:
    """The reply's buttons, as a platform can carry them."""
    return tuple([tuple([await _carried(button, desk) for button in row]) for row in reply.buttons])


async def kept(wish: int, desk: Desk) -> str:
    """The command text that was kept under that number. Raises NotYours, and OutOfDate for what is kept no more."""
    row = await wishes.read(desk.store.db, wish_id=wish, now=desk.store.now())
    person, chat = desk.caller.person, desk.caller.chat
    if row is not None and row[:2] != (person.platform, person.id):
        name = await wishes.owner_in(desk.store.db, wish_id=wish, platform=person.platform, chat_id=chat.id)
        if name is not None:
            raise NotYours(name)
    if row is None or row[:2] != (person.platform, person.id):
        # Somebody else's wish is nobody's business: but where all saw it asked, it looks like one that is gone.
        raise OutOfDate
    return row[2]


async def _carried(button: Button | Link, desk: Desk) -> Button | Link:
    if isinstance(button, Link):
        return button
    match button.intent:
        case Retype(text):
            if (wanted := _wish_in(text)) is not None:
                return replace(button, intent=wanted)
        case intent if button.private and grammar.payload(intent) is not None:
            return button
        case intent if _needs_row(button, desk.caller):
            text = f"/{grammar.spell(intent)}"
        case _:
            return button
    person = desk.caller.person
    wish = await wishes.keep(
        desk.store.db,
        platform=person.platform,
        person_id=person.id,
        text=text,
        now=desk.store.now(),
        chat_id=None if desk.caller.in_private else desk.caller.chat.id,
    )
    return replace(button, intent=Go(wish))


def _needs_row(button: Button, caller: Caller) -> bool:
    """Whether a row carries the button's intent: it is too long, or for one person only."""
    too_long = len(grammar.button(button.intent).encode()) > grammar.MOST_BUTTON_BYTES
    return too_long or button.private or (button.owned and not caller.in_private)


def _wish_in(text: str) -> Go | None:
    """The wish that `text` goes on with already. What can't be read is kept to the letter, and refused when pressed."""
    try:
        wanted = grammar.read(text)
    except MarqueeError:
        return None
    return wanted if isinstance(wanted, Go) else None
