"""What is said of a title or a list wherever it is shown, so that every front end says it in the same words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.core.discovery import Status
from bot.core.model import Rating, Title, TitleState
from bot.core.phrases import N_, Name, Phrases, Text, plain, t
from bot.core.text import clean

STATUS_WORDS: Final[Mapping[Status, str]] = {
    Status.RUMORED: N_("rumoured"),
    Status.PLANNED: N_("planned"),
    Status.PILOT: N_("pilot"),
    Status.IN_PRODUCTION: N_("in production"),
    Status.POST_PRODUCTION: N_("in post-production"),
    Status.RELEASED: N_("released"),
    Status.RETURNING: N_("goes on"),
    Status.ENDED: N_("ended"),
    Status.CANCELED: N_("cancelled"),
}
DEPARTMENTS: Final = frozenset(
    {
        *(N_("Acting"), N_("Art"), N_("Camera"), N_("Costume & Make-Up"), N_("Creator"), N_("Crew"), N_("Directing")),
        *(N_("Editing"), N_("Lighting"), N_("Production"), N_("Sound"), N_("Visual Effects"), N_("Writing")),
    }
)
"""What people mostly do, by TMDB's words."""
CHOSEN: Final = "✓ "
"""Stands before what is chosen, in a list as on a button."""


def status(shown: Status) -> Text:
    """Where a title stands: `ended`."""
    return Text(STATUS_WORDS[shown])


def department(word: str) -> Text | None:
    """What somebody mostly does: `Acting`. One that is not TMDB's stays as the service calls it."""
    return Text(word) if word in DEPARTMENTS else plain(word) if word else None


def original(title: Title) -> str | None:
    """The original name, where it is another one."""
    name = clean(title.original_name or "")
    return name if name and name != clean(title.name) else None


def runtime(minutes: int | None) -> Text | None:
    """`2 h 19 min`, in one piece: with no-break spaces."""
    if not minutes or minutes < 0:
        return None
    hours, rest = divmod(minutes, 60)
    if not hours:
        return t("{minutes}\u00a0min", minutes=rest)
    if not rest:
        return t("{hours}\u00a0h", hours=hours)
    return t("{hours}\u00a0h\u00a0{minutes}\u00a0min", hours=hours, minutes=rest)


def state(shown: TitleState, words: Phrases) -> list[tuple[str, Text]]:
    """What the reader's account says: each with a word for the program."""
    standing: list[tuple[str, Text]] = []
    if shown.rating is not None:
        standing.append(("rated", t("★ {rating}", rating=Name(words.number(shown.rating)))))
    if shown.watchlist:
        standing.append(("watchlist", t("on the watchlist")))
    if shown.favorite:
        standing.append(("favorite", t("favourite")))
    return standing


def rating_now(current: Rating | None) -> Text:
    """What stands on a rating pad."""
    if current is None:
        return t("From 0.5 to 10, in half points.")
    return t("Your rating now: ★ {rating}", rating=current)


def range_of(first: int, count: int, total: int) -> Text | None:
    """`11–20 of 47`; nothing where all are shown."""
    if count == 0 or (first == 1 and count >= total):
        return None
    return t("{first}–{last} of {total}", first=first, last=first + count - 1, total=total)


def note(title: Title) -> Text | None:
    """What is plainly not known of it."""
    return t("I know only its number: the catalogue here doesn't have it.") if title.bare else None


def joined(said: list[Text]) -> Text | None:
    """On one line, with dots between."""
    if not said:
        return None
    line = said[0]
    for more in said[1:]:
        line = Text("{said} · {more}", {"said": line, "more": more})
    return line
