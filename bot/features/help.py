"""Hello, help, and what to say to a command that there is none of."""

from __future__ import annotations

import re
from typing import Final

from rapidfuzz import process

from bot.core.desk import Desk
from bot.core.dispatch import Dispatch
from bot.core.intents import COMMANDS, FillSamples, Go, Help, Retype, Search, ShowList, Start, Unknown
from bot.core.model import Section
from bot.core.phrases import N_, Code, Text, t
from bot.core.reply import Button, Guide, Place, Reply, Row, notice
from bot.core.text import cut

GROUPS: Final = (
    (N_("Find"), ("search", "movie", "tv")),
    (N_("Your lists"), ("watchlist", "favorites", "rated")),
    (N_("Keep"), ("watch", "unwatch", "fav", "unfav", "undo")),
    (N_("Rate"), ("rate", "unrate")),
    (N_("You and me"), ("login", "logout", "account", "language", "start", "help")),
)
MOST_WORD: Final = 32
"""Characters of an unknown word that are repeated; no command's is longer."""
_NEAR: Final = 60
"""How alike (0 to 100) an unknown word must be to a command's to be taken for a slip of the thumb."""


async def start(asked: Start, desk: Desk) -> Reply:
    """Say hello, with things to press; or go on with the wish that a link to the bot carried."""
    if wish := re.fullmatch(r"go_([0-9]{1,10})", asked.payload):
        return Reply(goes_on=Go(int(wish[1])))
    if not desk.caller.in_private:
        return _hello_group()
    return notice(
        t("Hello {name}! I keep your watchlist, your favourites and your ratings.", name=desk.caller.person.name),
        t("Send me the name of a film or a series, and I'll show it to you. Or press one of these:"),
        buttons=(*_first_steps(), *_samples(desk)),
        place=Place.ANEW,
    )


def _hello_group() -> Reply:
    return notice(
        t("Hello! I help you find films and series, and keep everybody's own watchlist, favourites and ratings."),
        t(
            "Type {search}, or press a button on a title: it counts for whoever presses. "
            "What is personal I answer in private.",
            search=Code("/search fight club"),
        ),
        buttons=((Button(t("What can you do?"), Help()),),),
        place=Place.ANEW,
    )


def _first_steps() -> tuple[Row, ...]:
    return (
        (Button(t("Show me “Spirited Away”"), Search("spirited away")),),
        (Button(t("My watchlist"), ShowList(Section.WATCHLIST)), Button(t("What can you do?"), Help())),
    )


def _samples(desk: Desk) -> tuple[Row, ...]:
    if not desk.caller.person.sample:
        return ()
    return ((Button(t("Fill with sample lists"), FillSamples()),),)


async def show_help(asked: Help, desk: Desk) -> Reply:
    """All commands, grouped, with examples to tap."""
    intro = t(
        "Just send me a title's name. ID is a name too, or a TMDB number (550, tv 1396), or a link to TMDB or IMDb. "
        "VALUE is 0.5 to 10 in half points."
    )
    groups = tuple(
        (
            Text(heading),
            tuple(
                (
                    COMMANDS[word].usage,
                    Text(COMMANDS[word].summary),
                    f"/{word} {COMMANDS[word].example}" if COMMANDS[word].example else None,
                )
                for word in words
            ),
        )
        for heading, words in GROUPS
    )
    return Reply((Guide(intro, groups),), place=Place.ANEW)


async def unknown(asked: Unknown, desk: Desk) -> Reply:
    """The command that was probably meant."""
    near = process.extractOne(asked.word, list(COMMANDS), score_cutoff=_NEAR)
    told = t("I don't know {word}.", word=Code(f"/{cut(asked.word, MOST_WORD)}"))
    every = Button(t("All commands"), Help())
    if near is None:
        return notice(told, buttons=((every,),))
    meant = f"/{near[0]} {asked.rest}".rstrip()
    return notice(
        told,
        t("Did you mean {word}?", word=Code(f"/{near[0]}")),
        buttons=((Button(t("{words}", words=meant), Retype(meant)), every),),
    )


def install(dispatch: Dispatch) -> None:
    """Answer these."""
    dispatch.add(Start, start)
    dispatch.add(Help, show_help)
    dispatch.add(Unknown, unknown)
