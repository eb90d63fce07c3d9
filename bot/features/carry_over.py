"""Taking lists that were kept here along to an account that was connected since. The ids are the same."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import Final

from bot.core.desk import Desk
from bot.core.dispatch import ANSWER_SECONDS, Dispatch
from bot.core.errors import BackendError, NoSuchTitle, OutOfDate, SessionEnded
from bot.core.intents import CarryOver, ShowList
from bot.core.model import Kind, Order, Section, Title, TitleRef, TitleState
from bot.core.phrases import Text, t, tn
from bot.core.reply import Button, Reply, notice
from bot.core.sessions import SignedIn

AT_ONCE: Final = 8
"""Titles on their way at the same time."""
SECONDS: Final = ANSWER_SECONDS * 0.5
"""How long one press may begin with further titles; the rest is another press."""
MOST_SECONDS: Final = ANSWER_SECONDS * 0.8
"""How long it may take in all: what is under way then is begun again by the next press."""
DOWN: Final = 3
"""Titles that fail in a row when it is not for them, but for the service."""
FRESH_SECONDS: Final = 3600
"""How old the mirror may be, so that it need not be asked title by title what the account has already."""
MOST_NAMED: Final = 5

Kept = tuple[Title, TitleState]


@dataclass(slots=True)
class _Carried:
    """How far it has come. `unknown` to the service, or `failed`: names of those left behind since the press."""

    done: int
    unknown: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    @property
    def left(self) -> int:
        return len(self.unknown) + len(self.failed)


async def carry_over(asked: CarryOver, desk: Desk) -> Reply:
    """Take them along, the oldest first. What the account has already stays as it is. Again does no harm."""
    account = await desk.sessions.own()
    row = await desk.sessions.kept_here(desk.sessions.home)
    if row is None or account.service.embedded:
        raise OutOfDate
    kept = await _kept(desk.sessions.opened(row, desk.sessions.home))
    carried = _Carried(min(asked.done, len(kept)))
    await _carry(kept, carried, account, desk)
    service, left = account.service.label, asked.left + carried.left
    told = _left_behind(carried, asked.left, service)
    if carried.done < len(kept):
        return notice(
            t("{done} of {all} titles are on your account now.", done=carried.done - left, all=len(kept)),
            *told,
            buttons=((Button(t("Go on"), CarryOver(carried.done, left)),),),
        )
    lists = (Button(t("Watchlist"), ShowList(Section.WATCHLIST)), Button(t("Rated"), ShowList(Section.RATED)))
    again = ((Button(t("Try again"), CarryOver()),),) if carried.failed else ()
    return notice(
        tn("{count} title is on your account now.", "{count} titles are on your account now.", len(kept) - left),
        *told,
        buttons=(*again, lists),
    )


async def _carry(kept: list[Kept], carried: _Carried, account: SignedIn, desk: Desk) -> None:
    """Take along what there is time for; where the service is down, up to there."""
    begun = asyncio.get_running_loop().time()
    known = await desk.mirror.known(account.service, account.session)
    mirrored = known.as_of is not None and desk.store.now() - known.as_of < FRESH_SECONDS
    while carried.done < len(kept) and asyncio.get_running_loop().time() < begun + SECONDS:
        some = kept[carried.done : carried.done + AT_ONCE]
        try:
            async with asyncio.timeout_at(begun + MOST_SECONDS):
                errors = await asyncio.gather(*(_take(*one, account, desk, mirrored=mirrored) for one in some))
        except TimeoutError:
            return
        failing = 0
        for (title, _), error in zip(some, errors, strict=True):
            carried.done += 1
            failing = failing + 1 if isinstance(error, BackendError) else 0
            if isinstance(error, NoSuchTitle):
                carried.unknown.append(title.name)
            elif error is not None:
                carried.failed.append(title.name)
            if failing == DOWN:
                carried.done -= DOWN
                del carried.failed[-DOWN:]
                return


def _left_behind(carried: _Carried, before: int, service: str) -> list[Text]:
    """What stays here alone."""
    told = []
    if before:
        told.append(
            tn("{count} more stays here, as I said before.", "{count} more stay here, as I said before.", before)
        )
    if carried.unknown:
        told.append(
            tn(
                "{count} that {service} doesn't know stays here: {titles}",
                "{count} that {service} doesn't know stay here: {titles}",
                len(carried.unknown),
                service=service,
                titles=_names(carried.unknown),
            )
        )
    if carried.failed:
        told.append(
            tn(
                "{count} could not be taken along just now and stays here: {titles}",
                "{count} could not be taken along just now and stay here: {titles}",
                len(carried.failed),
                titles=_names(carried.failed),
            )
        )
    return told


def _names(names: list[str]) -> str:
    return ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")


async def _take(
    title: Title, state: TitleState, account: SignedIn, desk: Desk, *, mirrored: bool
) -> NoSuchTitle | BackendError | None:
    """Take a title along; the error, if that fails for itself. Raises SessionEnded."""
    try:
        async with desk.turns.of("title", *account.key, title.ref):
            if mirrored:
                current = await desk.mirror.state(account.service, account.session, title.ref)
            else:
                current = await desk.state_for(account, title.ref)
            goal = TitleState(
                current.rating or state.rating,
                watchlist=current.watchlist or state.watchlist,
                favorite=current.favorite or state.favorite,
            )
            await desk.move(account, title.ref, current, goal)
    except SessionEnded:
        raise
    except (NoSuchTitle, BackendError) as error:
        return error
    return None


async def _kept(account: SignedIn) -> list[Kept]:
    """All that is kept here, as it came onto the lists."""
    titles: dict[TitleRef, Title] = {}
    states: dict[TitleRef, TitleState] = {}
    for section in (Section.RATED, Section.FAVORITES, Section.WATCHLIST):
        for kind in Kind:
            page, pages = 1, 1
            while page <= pages:
                found = await account.service.accounts.titles(account.session, section, kind, Order.OLDEST, page, "en")
                for listed in found.results:
                    state = states.get(listed.title.ref, TitleState())
                    match section:
                        case Section.RATED:
                            state = replace(state, rating=listed.rating)
                        case Section.FAVORITES:
                            state = replace(state, favorite=True)
                        case Section.WATCHLIST:
                            state = replace(state, watchlist=True)
                    titles[listed.title.ref] = listed.title
                    states[listed.title.ref] = state
                page, pages = page + 1, found.total_pages
    return [(titles[ref], state) for ref, state in states.items()]


def install(dispatch: Dispatch) -> None:
    """Answer this."""
    dispatch.add(CarryOver, carry_over)
