"""What dispatch says by itself: that the bot is not for somebody, that an answer is private, that something broke."""

from __future__ import annotations

from dataclasses import replace

from bot.core import grammar
from bot.core.chat import ChatKind, Update
from bot.core.intents import Intent, Retype
from bot.core.phrases import Code, t
from bot.core.reply import Button, Notice, Place, Reply, notice


def not_for(update: Update) -> Reply:
    """To somebody whom whoever runs the bot has not let in; in a group only where the bot was meant."""
    if not update.addressed:
        return Reply()
    personal = update.chat.kind is not ChatKind.GROUP
    sentence = (
        t("This bot is for a few people only. Whoever runs it can let you in: your number is {number}.")
        if personal
        else t("This bot is for a few people only. Whoever runs it can let this group in: its number is {number}.")
    )
    number = Code(update.person.id if personal else update.chat.id)
    told = replace(sentence, values={"number": number})
    return Reply(place=Place.TOAST, toast=told, alert=True) if update.pressed else notice(told, place=Place.ANEW)


def open_private(update: Update, wish: Intent | None) -> Reply:
    """To somebody in a group whose private chat is not known: one button that opens it and goes on there."""
    wish = wish or Retype(grammar.as_typed(update))
    return notice(
        t("That is just for you, {name}. I answer it in our private chat.", name=update.person.name),
        buttons=((Button(t("Open our chat"), wish, private=True),),),
        place=Place.ANEW,
    )


def apology(reference: str) -> Reply:
    """To somebody who got no answer, since the program has a fault: `reference` is where the log tells of it."""
    return Reply(
        (
            Notice(
                (
                    t("Sorry, something broke on my side. I have written it down as {reference}.", reference=reference),
                    t("Please try again; if it stays broken, tell whoever runs this bot that reference."),
                )
            ),
        ),
        place=Place.ANEW,
    )
