"""What the page itself says: labels, banners and refusals. Marked here, translated when shown."""

from __future__ import annotations

from typing import Final

from bot.core.phrases import N_

WORDS: Final = {
    "you_are": N_("You are"),
    "chats": N_("Chats"),
    "back": N_("Back to the chats"),
    "skip": N_("Skip to the message field"),
    "bot": N_("bot"),
    "you": N_("You"),
    "typing": N_("typing …"),
    "typing_label": N_("Marquee is typing"),
    "log": N_("Messages"),
    "write": N_("Write a message"),
    "write_to": N_("Message {name}"),
    "send": N_("Send"),
    "commands": N_("Commands"),
    "buttons": N_("What you can press"),
    "newer": N_("New messages"),
    "unread": N_("Unread: {count}"),
    "today": N_("Today"),
    "yesterday": N_("Yesterday"),
    "reconnecting": N_("Reconnecting … What you write meanwhile is kept."),
    "waiting": N_("Will be sent when the connection is back"),
    "sending": N_("Sending"),
    "refused": N_("Not sent"),
    "again": N_("Send again"),
    "discard": N_("Discard"),
    "not_now": N_("There is no connection. Press again in a moment."),
    "open": N_("Open"),
    "close": N_("OK"),
    "try": N_("Send {name}"),
    "rated_by_you": N_("your rating {name}"),
    "locked_out": N_("Marquee was started again. Open the address that it printed, and you are back."),
    "empty": N_("Nothing has been said here yet."),
}
"""By the key that the page asks for."""

KEY_NEEDED: Final = N_("To open Marquee, use the address with the key that it printed when it started.")
WRONG_HOST: Final = N_("Marquee answers only at the address that it printed when it started.")
FOREIGN: Final = N_("Another page asked for this, so nothing was done.")
NOT_JSON: Final = N_("I can read only JSON here.")
TOO_LARGE: Final = N_("That is too much at once.")
TOO_SLOW: Final = N_("That took too long to arrive.")
UNREADABLE: Final = N_("I could not read that.")
NO_SUCH_CHAT: Final = N_("You are not in this chat.")
NO_SUCH_MESSAGE: Final = N_("This message is not in this chat.")
NOTHING_SAID: Final = N_("There is nothing to send in that.")
TOO_LONG: Final = N_("A message has at most {most} characters.")
NOT_KEPT: Final = N_("It could not be kept just now. Please send it again in a moment.")
NOT_FOUND: Final = N_("There is nothing here.")
COMING_BACK: Final = N_("One moment …")
NOT_BACK: Final = N_("Marquee isn't answering. Start it, and ask it for a fresh link.")
