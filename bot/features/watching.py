"""Where to watch a title, and the seasons and episodes of a series."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from bot.core import card_words
from bot.core.choosing import meant
from bot.core.desk import Desk
from bot.core.discovery import Episode, Season
from bot.core.dispatch import Dispatch
from bot.core.errors import NoSuchSeason, NotHere
from bot.core.intents import Intent, Setting, ShowSeason, ShowSeasons, ShowSettings, ShowTitle, Where
from bot.core.phrases import Country, Day, Text, plain, t
from bot.core.reply import Button, Link, Reply, Row, notice
from bot.core.text import clean, cut

SEASONS_A_PAGE: Final = 12
EPISODES_A_PAGE: Final = 15
MOST_NAME: Final = 60
"""Characters of an episode's name."""


async def where(asked: Where, desk: Desk) -> Reply:
    """Where it streams, can be rented and bought, in this chat's country."""
    ref, _ = await meant(asked.title, desk)
    title = await desk.title(ref)
    card: Row = (Button(t("{title}", title=title), ShowTitle(ref)),)
    elsewhere: Row = (Button(t("Another country"), ShowSettings(Setting.COUNTRY)),)
    if title.details is None:
        return notice(NotHere().sentence, buttons=(card,))
    offers = title.details.offered(desk.country)
    lines = card_words.where(offers, whole=True) if offers is not None else []
    country = Country(desk.country)
    if offers is None or not lines:
        told = t("JustWatch knows nowhere to watch {title} just now ({country}).", title=title, country=country)
        return notice(told, buttons=(card, elsewhere))
    page: Row = (Link(t("All offers"), offers.link),) if offers.link else ()
    heading = t("Where to watch {title}: {country}", title=title, country=country)
    return notice(heading, *lines, buttons=tuple(row for row in (page, card, elsewhere) if row))


async def seasons(asked: ShowSeasons, desk: Desk) -> Reply:
    """The seasons of a series, each a button."""
    title = await desk.title(asked.title)
    back = Button(t("‹ Back"), ShowTitle(asked.title))
    if title.details is None or not title.details.seasons:
        return notice(NotHere().sentence, buttons=((back,),))
    every = title.details.seasons
    first, turning = _turned(asked.page, len(every), SEASONS_A_PAGE, lambda page: ShowSeasons(asked.title, page))
    buttons = [
        Button(_label(season), ShowSeason(asked.title, season.number)) for season in every[first:][:SEASONS_A_PAGE]
    ]
    rows = tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))
    lines = [t("{title}: choose a season.", title=title)]
    coming = title.details.next_episode
    if coming is not None and (line := card_words.coming(coming)) is not None:
        lines.append(line)
    return notice(*lines, buttons=(*rows, *turning, (back,)))


async def season(asked: ShowSeason, desk: Desk) -> Reply:
    """A season's episodes, each with its date."""
    title = await desk.title(asked.title)
    back = Button(t("‹ Seasons"), ShowSeasons(asked.title))
    try:
        found = await desk.services.main.discovery.season(asked.title, asked.season, desk.caller.language)
    except (NoSuchSeason, NotHere) as error:
        return notice(error.sentence, buttons=((back,),))
    first, turning = _turned(
        asked.page,
        len(found.episodes),
        EPISODES_A_PAGE,
        lambda page: ShowSeason(asked.title, asked.season, page),
    )
    lines = [_episode(episode) for episode in found.episodes[first:][:EPISODES_A_PAGE]]
    heading = t("{title}: {season}", title=title, season=_named(found))
    if not lines:
        lines = [t("Nothing is known of its episodes yet.")]
    return notice(heading, *lines, buttons=(*turning, (back, Button(t("The series"), ShowTitle(asked.title)))))


def _turned(page: int, total: int, size: int, to: Callable[[int], Intent]) -> tuple[int, tuple[Row, ...]]:
    """The index that a page begins with, one past the last being the last; and the buttons that turn it."""
    last = max(1, -(-total // size))
    page = min(page, last)
    turning: list[Button] = []
    if page > 1:
        turning.append(Button(t("‹ Page {page}", page=page - 1), to(page - 1)))
    if page < last:
        turning.append(Button(t("Page {page} ›", page=page + 1), to(page + 1)))
    return (page - 1) * size, (tuple(turning),) if turning else ()


def _label(season: Season) -> Text:
    return t("{season} · {count}", season=_named(season), count=season.count) if season.count else _named(season)


def _named(season: Season) -> Text:
    """What it is called, where that is more than its number."""
    if season.name:
        return plain(cut(clean(season.name), 30))
    return t("Season {number}", number=str(season.number)) if season.number else t("Specials")


def _episode(episode: Episode) -> Text:
    number, name = str(episode.number), cut(clean(episode.name), MOST_NAME)
    if episode.air_date is None:
        return t("{number}. {name}", number=number, name=name)
    return t(
        "{number}. {name} · {day}", number=number, name=name, day=Day(date.fromisoformat(episode.air_date), date.min)
    )


def install(dispatch: Dispatch) -> None:
    """Answer these."""
    dispatch.add(Where, where)
    dispatch.add(ShowSeasons, seasons)
    dispatch.add(ShowSeason, season)
