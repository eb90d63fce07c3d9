"""Finding without a name in mind: what is trending, popular, coming and on the air, and more like a title."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot.core import paging
from bot.core.desk import Desk
from bot.core.discovery import Window
from bot.core.dispatch import Dispatch
from bot.core.errors import MarqueeError
from bot.core.intents import Airing, Intent, Popular, ShowTitle, Similar, Trending, Upcoming
from bot.core.model import Kind, TitleRef
from bot.core.phrases import N_, Country, Day, Text, t
from bot.core.reply import Button, Reply, Row, TitleList, notice

EPISODES_SECONDS: Final = 4
"""How long a list waits to say when the next episodes are; it does without those that are not known by then."""

_TRENDING: Final = {
    (Window.DAY, None): N_("Trending today"),
    (Window.DAY, Kind.MOVIE): N_("Films trending today"),
    (Window.DAY, Kind.TV): N_("Series trending today"),
    (Window.WEEK, None): N_("Trending this week"),
    (Window.WEEK, Kind.MOVIE): N_("Films trending this week"),
    (Window.WEEK, Kind.TV): N_("Series trending this week"),
}
_POPULAR: Final = {Kind.MOVIE: N_("Popular films"), Kind.TV: N_("Popular series")}
_OF_KIND: Final = {None: N_("Films and series"), Kind.MOVIE: N_("Films"), Kind.TV: N_("Series")}


async def trending(asked: Trending, desk: Desk) -> Reply:
    """What most look at today, or this week."""
    entries, total = await paging.ten(
        asked.page,
        lambda page: desk.services.main.discovery.trending(asked.window, asked.kind, desk.caller.language, page),
    )
    today = Button(t("Today"), Trending(Window.DAY, asked.kind))
    week = Button(t("This week"), Trending(Window.WEEK, asked.kind))
    kinds = tuple(
        Button(Text(label), Trending(asked.window, kind)) for kind, label in _OF_KIND.items() if kind is not asked.kind
    )
    part = TitleList(
        Text(_TRENDING[asked.window, asked.kind]), entries, paging.first(asked.page), total, mixed=asked.kind is None
    )
    other = week if asked.window is Window.DAY else today
    return _shown(part, asked.page, lambda page: replace(asked, page=page), ((other,), kinds))


async def popular(asked: Popular, desk: Desk) -> Reply:
    """The most popular films or series."""
    entries, total = await paging.ten(
        asked.page, lambda page: desk.services.main.discovery.popular(asked.kind, desk.caller.language, page)
    )
    other = Kind.TV if asked.kind is Kind.MOVIE else Kind.MOVIE
    part = TitleList(Text(_POPULAR[asked.kind]), entries, paging.first(asked.page), total)
    return _shown(
        part, asked.page, lambda page: replace(asked, page=page), ((Button(Text(_OF_KIND[other]), Popular(other)),),)
    )


async def upcoming(asked: Upcoming, desk: Desk) -> Reply:
    """Films that are coming to the cinemas of the chat's country, each with its day."""
    country = desk.preferences.country
    entries, total = await paging.ten(
        asked.page, lambda page: desk.services.main.discovery.upcoming(desk.caller.language, country, page)
    )
    today = _today(desk)
    days = tuple(_day(listed.title.release_date, today) for listed in entries)
    heading = t("Coming to the cinemas: {country}", country=Country(country))
    part = TitleList(heading, entries, paging.first(asked.page), total, notes=days)
    return _shown(part, asked.page, lambda page: replace(asked, page=page), (_elsewhere(Popular(), Airing()),))


async def airing(asked: Airing, desk: Desk) -> Reply:
    """Series that have an episode in the next days, each with the day of its next one."""
    zone = desk.preferences.zone
    name = zone.key if isinstance(zone, ZoneInfo) else None
    entries, total = await paging.ten(
        asked.page, lambda page: desk.services.main.discovery.airing(desk.caller.language, page, name)
    )
    today = _today(desk)
    episodes = tuple(await asyncio.gather(*(_next_episode(listed.title.ref, today, desk) for listed in entries)))
    heading = t("Series with an episode in the next days")
    part = TitleList(heading, entries, paging.first(asked.page), total, notes=episodes)
    return _shown(part, asked.page, lambda page: replace(asked, page=page), (_elsewhere(Popular(Kind.TV), Upcoming()),))


async def similar(asked: Similar, desk: Desk) -> Reply:
    """What is like a title, the likest first, with the way back to its card."""
    title = await desk.title(await desk.one_ref(asked.title))
    asked = replace(asked, title=title.ref)
    entries, total = await paging.ten(
        asked.page, lambda page: desk.services.main.discovery.similar(title.ref, desk.caller.language, page)
    )
    back = Button(t("‹ Back"), ShowTitle(title.ref))
    if not entries and asked.page == 1:
        popular_ones = Button(Text(_POPULAR[title.ref.kind]), Popular(title.ref.kind))
        return notice(t("I know nothing that is like {title}.", title=title), buttons=((back, popular_ones),))
    part = TitleList(t("More like {title}", title=title), entries, paging.first(asked.page), total)
    return _shown(part, asked.page, lambda page: replace(asked, page=page), ((back,),))


def _shown(part: TitleList, page: int, to: Callable[[int], Intent], rows: tuple[Row, ...]) -> Reply:
    """The list with what turns its pages, and further rows; past its end, its beginning."""
    if not part.entries and page > 1:
        return Reply(goes_on=to(1))
    if not part.entries:
        return notice(part.heading, t("There is nothing here just now."), buttons=rows)
    return Reply((part,), (*paging.turning(page, part.total, to), *rows))


def _elsewhere(popular_ones: Popular, other: Upcoming | Airing) -> Row:
    coming = isinstance(other, Upcoming)
    return (
        Button(Text(_POPULAR[popular_ones.kind]), popular_ones),
        Button(t("Coming to the cinemas") if coming else t("Series on the air"), other),
    )


async def _next_episode(ref: TitleRef, today: date, desk: Desk) -> Text | None:
    """Which episode of a series comes next, and when; None where nobody says, or not soon enough."""
    try:
        async with asyncio.timeout(EPISODES_SECONDS):
            details = (await desk.title(ref)).details
    except (MarqueeError, TimeoutError):
        return None
    episode = details.next_episode if details is not None else None
    day = _day(episode.air_date, today) if episode is not None else None
    if episode is None or day is None:
        return None
    return t("S{season} E{number}, {day}", season=str(episode.season), number=str(episode.number), day=day)


def _today(desk: Desk) -> date:
    """The day that it is where the chat is."""
    return datetime.fromtimestamp(desk.store.now(), UTC).astimezone(desk.preferences.zone).date()


def _day(on: str | None, today: date) -> Text | None:
    return Text("{day}", {"day": Day(date.fromisoformat(on), today)}) if on else None


def install(dispatch: Dispatch) -> None:
    """Answer these."""
    dispatch.add(Trending, trending)
    dispatch.add(Popular, popular)
    dispatch.add(Upcoming, upcoming)
    dispatch.add(Airing, airing)
    dispatch.add(Similar, similar)
