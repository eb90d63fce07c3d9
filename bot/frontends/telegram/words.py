"""What the Telegram front end itself says, as replies like any other."""

from __future__ import annotations

from bot.core.intents import Go, Start
from bot.core.phrases import Code, Text, t
from bot.core.reply import Button, Place, Reply, notice


def greeting(bot_name: str, *, reads_all: bool) -> Reply:
    """To a group that the bot has come into: what it does, and what it can read there."""
    return notice(
        t("Hello! I help you find films and series, and keep everybody's own watchlist, favourites and ratings."),
        t(
            "Type {search}, or press a button on a title: it counts for whoever presses. "
            "What is personal I answer in private.",
            search=Code("/search fight club"),
        ),
        _reads_all() if reads_all else _reads_little(bot_name),
        buttons=((_open(),),),
    )


def not_for_you(chat_id: int) -> Reply:
    """To a group that whoever runs the bot has not let in."""
    return notice(
        t(
            "This bot is for a few people only. Whoever runs it can let this group in: its number is {number}.",
            number=Code(str(chat_id)),
        )
    )


def _reads_all() -> Text:
    return t("I get every message here, but I look only at commands, replies to me, and messages that name me.")


def _reads_little(bot_name: str) -> Text:
    # By core.telegram.org/bots/features#privacy-mode the bot gets commands that name it, bare ones if no other bot has
    # written since, and replies to what is its own; its name alone is not among them, and seldom gets through.
    return t(
        "I read commands, replies to me, and messages that name me, as far as Telegram passes them on. "
        "If there are other bots here, add my name: {example}",
        example=Code(f"/search@{bot_name} fight club"),
    )


def nameless() -> Reply:
    """To an anonymous admin, or somebody who writes as a channel."""
    return notice(
        t("I can't see who is writing, so I don't know whose lists to use. Write under your own name, or to me alone."),
        buttons=((_open(),),),
    )


def only_text() -> Reply:
    """To a picture, a voice message and the like, in private."""
    return notice(t("I can read only text. Send me the name of a film or a series."))


def just_for_you(name: str, wish: int) -> Reply:
    """To somebody in a group whose private chat can't be written to: a button that opens it and goes on there."""
    return notice(
        t("That is just for you, {name}. I answer it in our private chat.", name=name),
        buttons=((Button(t("Open our chat"), Go(wish), private=True),),),
        place=Place.ANEW,
    )


def in_private() -> Text:
    """To somebody who pressed where that can't be answered."""
    return t("I have answered you in our private chat.")


def apology(reference: str) -> Reply:
    """About something that could not be answered, however often it was tried."""
    return notice(sorry(reference))


def sorry(reference: str) -> Text:
    """The same in a sentence."""
    return t("Sorry, I could not answer that. I have written it down as {reference}.", reference=reference)


def _open() -> Button:
    return Button(t("Open our chat"), Start(), private=True)
