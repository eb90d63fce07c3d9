"""Hello, help, and what to say to a command that there is none of."""

from __future__ import annotations

from typing import Final

from rapidfuzz import fuzz, process

from bot.core.desk import Desk
from bot.core.dispatch import Dispatch
from bot.core.intents import COMMANDS, FillSamples, Help, Retype, Search, ShowList, Start, Unknown
from bot.core.model import Section
from bot.core.phrases import N_, Code, Text, hint, t
from bot.core.reply import Button, Guide, Place, Reply, Row, notice
from bot.core.text import cut

GROUPS: Final = {
    "find": (N_("Find"), ("search", "movie", "tv", "similar", "where")),
    "discover": (N_("Discover"), ("trending", "popular", "upcoming", "airing", "recommend", "random")),
    "lists": (N_("Your lists"), ("watchlist", "favorites", "rated")),
    "keep": (N_("Keep"), ("watch", "unwatch", "fav", "unfav", "undo", "history")),
    "rate": (N_("Rate"), ("rate", "unrate")),
    "group": (
        N_("Film night"),
        (
            *("night", "vote", "nights", "party", "propose", "wantit", "notforme", "note", "remove"),
            *("lists", "newlist", "renamelist", "members"),
        ),
    ),
    "us": (N_("You and me"), ("login", "logout", "account", "settings", "language", "start", "help")),
}
"""The topics of help by the words that buttons have for them: what each is called, and its commands."""
ALONE: Final = ("login", "logout", "account", "start")
"""What is of use only in private."""
MOST_WORD: Final = 32
"""Characters of an unknown word that are repeated; no command's is longer."""
_TOPICS: Final = "topics"
"""No topic: all of them, in place of the one that was shown."""
_NEAR: Final = 65
"""How alike (0 to 100) an unknown word must be to a command's to be taken for a slip of the thumb."""
_BEGINS: Final = 3
"""Letters at the beginning that are enough to be taken for the same word: `/ratings` and `/rate`."""
_NEVER_MEANT: Final = frozenset({"logout", "start"})
"""Nobody should sign out by a slip of the thumb, and who talks has begun already."""


async def start(asked: Start, desk: Desk) -> Reply:
    """Say hello, with things to press."""
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
    if not desk.caller.person.sample or not desk.services.main.embedded:
        return ()
    return ((Button(t("Fill with sample lists"), FillSamples()),),)


async def show_help(asked: Help, desk: Desk) -> Reply:
    """The topics to choose from; or one topic's commands, with examples to tap."""
    topic = _topic(asked.topic)
    if topic is None:
        return _topics(Place.HERE if asked.topic else Place.ANEW, in_private=desk.caller.in_private)
    heading, words = GROUPS[topic]
    commands = tuple(
        (
            COMMANDS[word].usage,
            Text(COMMANDS[word].summary),
            f"/{word} {COMMANDS[word].example}" if COMMANDS[word].example else None,
        )
        for word in words
        if desk.caller.in_private or word not in ALONE
    )
    back = Button(t("‹ Back"), Help(_TOPICS))
    return Reply((Guide(_intro(topic), ((Text(heading), commands),)),), ((back,),))


def _topic(word: str) -> str | None:
    """The topic of that name, or that has the command of that name."""
    return next((name for name, (_, words) in GROUPS.items() if word == name or word in words), None)


def _topics(place: Place, *, in_private: bool) -> Reply:
    how = (
        t("Just send me the name of a film or a series, and press the buttons below what I find.")
        if in_private
        else t("Type {search}, and press the buttons below what I find.", search=Code("/search fight club"))
    )
    buttons = [Button(Text(heading), Help(name)) for name, (heading, _) in GROUPS.items()]
    rows = tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))
    return notice(
        how,
        hint(t("All that you can type is here, with examples:")),
        t("This product uses the TMDB API but is not endorsed or certified by TMDB."),
        buttons=rows,
        place=place,
    )


def _intro(topic: str) -> Text:
    match topic:
        case "rate":
            return t("ID is a title’s name, a TMDB number or a link. VALUE is 0.5 to 10 in half points.")
        case "find":
            return t(
                "Send me a name, if you like with its year (alien 1979) or what it is (tv: the office, "
                "person: tom hanks). ID is a name, a TMDB number (550, tv 1396), or a link to TMDB, IMDb or Letterboxd."
            )
        case "keep":
            return t("ID is a title’s name, a TMDB number (550, tv 1396), or a link to TMDB, IMDb or Letterboxd.")
        case "lists":
            example = Code("/watchlist crime 90s")
            return t("What stands in brackets can be left out. A genre or a decade narrows: {example}", example=example)
        case "group":
            return t("For a group that watches together: its lists, and how it comes to a film.")
        case "discover":
            return t("What stands in brackets can be left out.")
        case _:
            return t("Whose lists these are, and how we talk.")


async def unknown(asked: Unknown, desk: Desk) -> Reply:
    """The command that was probably meant."""
    near = _meant_by(asked.word)
    told = t("I don't know {word}.", word=Code(f"/{cut(asked.word, MOST_WORD)}"))
    every = Button(t("All commands"), Help())
    if near is None:
        return notice(told, buttons=((every,),))
    meant = f"/{near} {asked.rest}".rstrip()
    return notice(
        told,
        t("Did you mean {word}?", word=Code(f"/{near}")),
        buttons=((Button(t("{words}", words=meant), Retype(meant)), every),),
    )


def _meant_by(word: str) -> str | None:
    """The command that is most like `word`, if they begin alike; else one that has its beginning, or is like it."""
    words = [command for command in COMMANDS if command not in _NEVER_MEANT]
    # The thumb seldom slips at the first letter: `/ratings` is no `/settings`.
    near = _nearest(word, [command for command in words if command[0] == word[:1]])
    begins = min((command for command in words if command.startswith(word[:_BEGINS])), key=len, default=None)
    return near or begins or _nearest(word, words)


def _nearest(word: str, among: list[str]) -> str | None:
    near = process.extractOne(word, among, scorer=fuzz.ratio, score_cutoff=_NEAR)
    return str(near[0]) if near else None


def install(dispatch: Dispatch) -> None:
    """Answer these."""
    dispatch.add(Start, start)
    dispatch.add(Help, show_help)
    dispatch.add(Unknown, unknown)
