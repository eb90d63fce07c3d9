"""Sample lists for the people whom the local web chat brings along, so that there is something to try things with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.core.chat import Person
from bot.core.desk import Desk
from bot.core.dispatch import Dispatch
from bot.core.errors import OutOfDate
from bot.core.intents import FillSamples, ShowList
from bot.core.model import Kind, Rating, Section, TitleRef, TitleState
from bot.core.phrases import t
from bot.core.reply import Button, Place, Reply, notice
from bot.core.sessions import SignedIn


@dataclass(frozen=True, slots=True)
class _Sample:
    """Films (by id) and series (by id) to watch, favourite films, and films rated in points."""

    films: tuple[int, ...]
    series: tuple[int, ...]
    favorites: tuple[int, ...]
    rated: dict[int, float]


# They overlap, so that a group has something to agree on; the first is longer than one message.
_SAMPLES: Final = (
    _Sample(
        films=(115, 129, 372058, 1417, 545611, 406, 60243, 324857, 419430, 603, 14160, 286217, 120, 582),
        series=(95396, 87108, 70523),
        favorites=(550, 194, 13),
        rated={550: 9, 680: 8.5, 13: 8, 194: 9.5, 597: 6, 862: 8},
    ),
    _Sample(
        films=(603, 129, 335984, 577922, 1417, 372058, 807, 545611, 278),
        series=(1396, 66732),
        favorites=(680, 155),
        rated={155: 9, 680: 10, 120: 8.5, 862: 7.5, 313369: 5.5},
    ),
    _Sample(
        films=(129, 313369, 354912, 372058, 152584, 77338, 60243),
        series=(67070, 2316, 95396),
        favorites=(194, 531428),
        rated={194: 10, 129: 9, 550: 6.5, 354912: 8, 376867: 9},
    ),
    _Sample(
        films=(545611, 1417, 324857, 120, 335984, 582),
        series=(87108, 1396),
        favorites=(603,),
        rated={603: 9.5, 862: 7, 27205: 9, 680: 8},
    ),
    _Sample(
        films=(372058, 406, 603, 60243, 807),
        series=(70523,),
        favorites=(13,),
        rated={13: 9, 129: 8.5, 278: 10, 155: 7.5},
    ),
)


async def _fill(desk: Desk, account: SignedIn, sample: _Sample) -> bool:
    """Bring one person's account to the sample. A title that he has touched already stays as it is.

    Whether there was anything to do.
    """
    wanted: dict[TitleRef, TitleState] = {}
    for number, points in sample.rated.items():
        favorite = number in sample.favorites
        wanted[TitleRef(Kind.MOVIE, number)] = TitleState(Rating.of(points), favorite=favorite)
    for number in sample.favorites:
        wanted.setdefault(TitleRef(Kind.MOVIE, number), TitleState(favorite=True))
    # The last one put on is shown first.
    for number in reversed(sample.films):
        wanted.setdefault(TitleRef(Kind.MOVIE, number), TitleState(watchlist=True))
    for number in reversed(sample.series):
        wanted.setdefault(TitleRef(Kind.TV, number), TitleState(watchlist=True))
    untouched = [ref for ref in wanted if await desk.state_for(account, ref) == TitleState()]
    for ref in untouched:
        await desk.move(account, ref, TitleState(), wanted[ref])
    return bool(untouched)


def install(dispatch: Dispatch, people: tuple[Person, ...]) -> None:
    """Answer FillSamples, for these people; a private chat has its person's id."""

    async def fill(asked: FillSamples, desk: Desk) -> Reply:
        """Fill the lists of all sample people at once, so that a group can be tried too."""
        if desk.caller.person.id not in {person.id for person in people} or not desk.services.main.embedded:
            raise OutOfDate
        filled = [
            await _fill(desk, await desk.sessions.keep_here(person.id, person.name), sample)
            for person, sample in zip(people, _SAMPLES, strict=False)
        ]
        names = tuple(person.name for person in people)
        told = t("{names} have lists now. What each had touched before stays as it was.", names=names)
        return notice(
            told if any(filled) else t("{names} had their lists already. Nothing was changed.", names=names),
            buttons=(
                (
                    Button(t("My watchlist"), ShowList(Section.WATCHLIST)),
                    Button(t("What I have rated"), ShowList(Section.RATED)),
                ),
            ),
            place=Place.ANEW,
        )

    dispatch.add(FillSamples, fill)
