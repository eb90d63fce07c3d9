"""What is said of a title or a list wherever it is shown, so that every front end says it in the same words."""

from __future__ import annotations

from bot.core.model import Rating, Title, TitleState
from bot.core.phrases import Name, Phrases, Text, t
from bot.core.text import clean


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
