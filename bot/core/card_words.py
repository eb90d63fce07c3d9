"""What a title's card says, so that every front end says it in the same words and the same order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from bot.core import showing
from bot.core.discovery import Details, Episode, Offers, Provider
from bot.core.model import Among, Kind, Title
from bot.core.phrases import Day, Name, Phrases, Text, kind_word, plain, t, tn
from bot.core.reply import TitleCard
from bot.core.text import clean

MOST_OVERVIEW: Final = 200
"""Characters of what it is about on a card that is to fit a phone's screen."""
MOST_WHOLE: Final = 1200
MOST_GENRES: Final = 3
MOST_MAKERS: Final = 3
MOST_CAST: Final = 3
MOST_CAST_WHOLE: Final = 8
MOST_NAMES: Final = 3
MOST_NAME: Final = 20
MOST_SERVICES: Final = 3
MOST_SERVICES_WHOLE: Final = 12


def facts(card: TitleCard, words: Phrases) -> tuple[str, ...]:
    """`film`, `2 h 19 min` or `3 seasons, 24 episodes`, the age rating."""
    title = card.title
    details = title.details or Details()
    extent = _extent(details) if title.ref.kind is Kind.TV else None
    said = [kind_word(title.ref.kind), *([extent] if extent else [])]
    if extent is None and (runtime := showing.runtime(title.runtime)) is not None:
        said.append(runtime)
    if age := details.certification(card.country):
        said.append(t("age rating {age}", age=age))
    return tuple(words.text(one) for one in said)


def _extent(details: Details) -> Text | None:
    if not details.season_count:
        return None
    seasons = tn("{count} season", "{count} seasons", details.season_count)
    if not details.episode_count:
        return seasons
    episodes = tn("{count} episode", "{count} episodes", details.episode_count)
    return t("{seasons}, {episodes}", seasons=seasons, episodes=episodes)


def genres(card: TitleCard, words: Phrases) -> tuple[str, ...]:
    """Its genres, the first of them on a short card."""
    found = words.genres(card.title)
    return found if card.whole else found[:MOST_GENRES]


def people(card: TitleCard) -> list[tuple[Text, tuple[str, ...]]]:
    """Who made it and who plays, each with the word for it."""
    title = card.title
    cast = title.cast[: MOST_CAST_WHOLE if card.whole else MOST_CAST]
    both = ((t("By"), title.makers[:MOST_MAKERS]), (t("With"), cast))
    return [(role, tuple(clean(name, 64) for name in names)) for role, names in both if names]


def score(title: Title, words: Phrases) -> Text | None:
    """`★ 8.4 · 27,000 votes on TMDB`; nothing where nobody has voted."""
    if not title.vote_average or not title.vote_count:
        return None
    mean = Name(words.number(round(title.vote_average, 1)))
    return tn("★ {mean} · {count} vote on TMDB", "★ {mean} · {count} votes on TMDB", title.vote_count, mean=mean)


def overview(card: TitleCard) -> str | None:
    """What it is about: on a short card its beginning, cut after a word."""
    said = clean(card.title.overview or "", MOST_WHOLE)
    return (said if card.whole else shortened(said, MOST_OVERVIEW)) or None


def shortened(said: str, most: int) -> str:
    """At most `most` characters of it, cut after a word."""
    if len(said) <= most:
        return said
    kept = said[:most].rpartition(" ")[0] or said[: most - 1]
    return f"{kept.rstrip(' ,;:.–-')} …"


def has_more(title: Title) -> bool:
    """Whether there is more to say than fits a short card."""
    offers = title.details.offers if title.details else ()
    long = len(title.overview or "") > MOST_OVERVIEW or len(title.cast) > MOST_CAST or len(title.genres) > MOST_GENRES
    return long or bool(offers)


def after(card: TitleCard, words: Phrases) -> Iterator[tuple[str, Text]]:
    """What follows the overview, each with a word for the program: the next episode, where to watch, the group."""
    details = card.title.details
    if details is not None:
        if details.next_episode is not None and (line := coming(details.next_episode)) is not None:
            yield "next", line
        offers = details.offered(card.country)
        if offers is not None:
            yield from (("where", line) for line in where(offers, whole=card.whole))
    if card.among is not None and (counted := among(card.among, words)) is not None:
        yield "among", counted


def coming(episode: Episode) -> Text | None:
    """When the next episode is shown; nothing where nobody knows."""
    if episode.air_date is None:
        return None
    number = t("S{season} E{episode}", season=str(episode.season), episode=str(episode.number))
    return t("Next episode: {number}, {day}", number=number, day=Day(date.fromisoformat(episode.air_date), date.min))


def where(offers: Offers, *, whole: bool) -> list[Text]:
    """Where it streams, on a whole card also where it is rented and sold; JustWatch is named, who knows."""
    most = MOST_SERVICES_WHOLE if whole else MOST_SERVICES
    lines = [t("Stream: {services}", services=_named(offers.stream, most))] if offers.stream else []
    if whole and offers.rent:
        lines.append(t("Rent: {services}", services=_named(offers.rent, most)))
    if whole and offers.buy:
        lines.append(t("Buy: {services}", services=_named(offers.buy, most)))
    if lines:
        lines[-1] = t("{line} (JustWatch)", line=lines[-1])
    return lines


def _named(services: tuple[Provider, ...], most: int) -> str:
    names = ", ".join(clean(service.name, 40) for service in services[:most])
    return f"{names} …" if len(services) > most else names


def among(counted: Among, words: Phrases) -> Text | None:
    """`Here: on 2 watchlists (Ada) · seen by 3 (Ben ★ 9) · ★ 7.5`; nothing where nobody has anything to do with it."""
    said = []
    if counted.wanting:
        on = tn("on {count} watchlist", "on {count} watchlists", counted.wanting)
        said.append(_by(on, [clean(name, MOST_NAME) for name in counted.wanted_by]))
    if counted.rated:
        rated = [f"{clean(name, MOST_NAME)} ★ {words.number(rating)}" for name, rating in counted.rated_by]
        said.append(_by(tn("seen by {count}", "seen by {count}", counted.rated), rated))
    if counted.mean is not None and counted.rated - len(counted.rated_by) != 1:
        # The mean of one is that one's own; of several whose others are named, his can be worked out.
        said.append(t("★ {mean}", mean=Name(words.number(round(counted.mean, 1)))))
    if not said:
        return None
    return t("Here: {said}", said=plain(" · ".join(words.text(one) for one in said)))


def _by(counted: Text, names: list[str]) -> Text:
    """A count with the names of those who let themselves be named; a few, as the whole card is to fit."""
    if not names:
        return counted
    shown = ", ".join(names[:MOST_NAMES])
    return t("{counted} ({names})", counted=counted, names=f"{shown} …" if len(names) > MOST_NAMES else shown)
