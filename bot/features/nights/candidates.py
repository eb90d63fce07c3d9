"""Which films a group may choose from tonight: from what those who are in already want, by the mirror of their lists.

Nobody waits for a service's lists: what is known of them is asked. Counts are told, never whose list it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.core.desk import Desk
from bot.core.errors import BackendError, MarqueeError, NotHere
from bot.core.model import Kind, Rating, Section, Title, TitleRef
from bot.core.night import BALLOT_SIZE, Candidate, Rules, Source
from bot.core.shelved import on_watchlists, rated_by
from storage import members, night_attendees, nights, parties, past_nights, shelves
from storage.nights import CandidateRow, NightRow, NightState

FOUND: Final = "found"
"""Among a night's options: the sources of its films, missing once something was set that asks for others."""
NEXT: Final = "next"
"""Among a night's options: how many titles are passed over to find others."""
ENOUGH: Final = 3
"""Fewer films than that are no choice: the next source is asked as well."""
SEVERAL: Final = 2
"""Of a single account nothing is told: everybody would know whose it is."""
MOST_LOOKED_AT: Final = 24
"""Titles looked at where it must be known more of them than a list says: each may cost a request."""
LOVED: Final = Rating.of(8)
LOOKS_AT_ONCE: Final = 6


@dataclass(frozen=True, slots=True)
class Found:
    """Films to choose from, and where they come from, the first source first.

    `following`: how many are to be passed over to find the ones after these.
    """

    sources: tuple[Source, ...]
    candidates: tuple[Candidate, ...]
    following: int


async def choose(state: NightState, desk: Desk) -> None:
    """Look for films by what is set, to be voted on. Raises NotOpen once they are voted on.

    The desk is one of the group's: whose language, country and services are meant.
    """
    found = await find(state, Rules.from_json(state.night.options), desk)
    sources = [source.value for source in found.sources]
    facts = {FOUND: sources, NEXT: found.following}
    await nights.set_options(desk.store.db, state.night.id, lambda kept: {**kept, **facts})
    await nights.choose(desk.store.db, state.night.id, to_rows(found.candidates))


def are_found(state: NightState) -> bool:
    """Whether its films are those of what is set now."""
    return FOUND in state.night.options


async def find(state: NightState, rules: Rules, desk: Desk) -> Found:
    """The films to choose from: the best that the source has, passing what the rules ask for.

    What suits best is what several want; where that is too little to choose from, the group's list, and then what is
    popular, come after it.
    """
    search = await _Search.begin(state, rules, desk)
    if rules.source is not Source.BEST:
        return Found((rules.source,), *await search.found(await search.leads(rules.source)))
    leads: dict[TitleRef, _Lead] = {}
    sources: list[Source] = []
    candidates: tuple[Candidate, ...] = ()
    following = 0
    for source in (Source.OVERLAP, Source.LIST, Source.POPULAR):
        try:
            more = [lead for lead in await search.leads(source) if lead.ref not in leads]
        except (BackendError, NotHere):
            if candidates:
                break
            raise
        if not more:
            continue
        leads |= {lead.ref: lead for lead in more}
        sources.append(source)
        candidates, following = await search.found(list(leads.values()))
        if len(candidates) >= ENOUGH and len(leads) > rules.skip:
            break
    return Found(tuple(sources), candidates, following)


def to_rows(candidates: Iterable[Candidate]) -> list[CandidateRow]:
    """As they are kept."""
    return [CandidateRow(one.number, one.ref.kind.value, one.ref.id, one.to_json()) for one in candidates]


def from_rows(rows: Iterable[CandidateRow]) -> tuple[Candidate, ...]:
    """As they were kept."""
    return tuple(Candidate.from_json(row.number, row.kind, row.title_id, row.facts) for row in rows)


@dataclass(frozen=True, slots=True)
class _Lead:
    """A title that may do, before it is looked at. `votes`: how many want it on the group's list, if it is there."""

    ref: TitleRef
    votes: int | None = None
    proposed_by: str = ""
    proposer: str = ""


class _Search:
    """`wanted`: titles, and on how many watchlists, most first. That and `watched` are read once for all sources."""

    def __init__(
        self,
        state: NightState,
        rules: Rules,
        desk: Desk,
        accounts: list[tuple[str, int]],
        wanted: list[tuple[TitleRef, int]],
        watched: set[tuple[str, int]],
    ) -> None:
        self._state = state
        self._rules = rules
        self._desk = desk
        self._accounts = accounts
        self._wanted = wanted
        self._watched = watched

    @classmethod
    async def begin(cls, state: NightState, rules: Rules, desk: Desk) -> _Search:
        """Read what each source goes by."""
        db, night = desk.store.db, state.night
        accounts = await night_attendees.accounts(db, night.id)
        wanted = await on_watchlists(db, accounts, None)
        watched = await past_nights.watched(db, platform=night.platform, chat_id=night.chat_id)
        return cls(state, rules, desk, accounts, wanted, watched)

    async def found(self, leads: list[_Lead]) -> tuple[tuple[Candidate, ...], int]:
        """Of these, in their order, those that pass, with what is known of them; and where to go on after them."""
        seen = await self._seen(lead.ref for lead in leads)
        wanted, watched = dict(self._wanted), self._watched
        if self._rules.unseen:
            leads = [one for one in leads if one.ref not in seen and (one.ref.kind.value, one.ref.id) not in watched]
        titles, following = await self._looked_at(leads)
        names = await self._names()
        waited = await self._waited()
        chosen = [
            Candidate(
                number,
                lead.ref,
                title.name,
                title.year,
                title.runtime,
                wanted.get(lead.ref, 0),
                lead.votes,
                seen.get(lead.ref, 0),
                (lead.ref.kind.value, lead.ref.id) in watched,
                waited(lead.proposed_by),
                lead.proposed_by,
                lead.proposer,
                await self._wanted_by(lead.ref, wanted.get(lead.ref, 0), names),
            )
            for number, (lead, title) in enumerate(titles, 1)
        ]
        return tuple(chosen), following

    async def _names(self) -> dict[tuple[str, int], str]:
        """Of the accounts of those who are in the ones whose people let themselves be named in groups."""
        night = self._state.night
        named = await members.named(self._desk.store.db, platform=night.platform, chat_id=night.chat_id)
        return {account: name for account, name in named.items() if account in self._accounts}

    async def _wanted_by(self, ref: TitleRef, wanted: int, names: dict[tuple[str, int], str]) -> tuple[str, ...]:
        """On whose watchlists it is, if every one of them lets that be shown."""
        if not 0 < wanted <= len(names):
            return ()
        rows = await shelves.said(self._desk.store.db, names, kind=ref.kind.value, title_id=ref.id)
        there = sorted(names[row.service, row.account_id] for row in rows if row.section == Section.WATCHLIST)
        return tuple(there) if len(there) == wanted else ()

    async def leads(self, source: Source) -> list[_Lead]:
        """Titles of that source, the best first."""
        match source:
            case Source.OVERLAP | Source.BEST:
                return [_Lead(ref) for ref, people in self._wanted if people >= SEVERAL]
            case Source.LIST:
                return await self._listed()
            case Source.LOVED:
                return await self._loved()
            case Source.POPULAR:
                page = await self._desk.services.main.discovery.popular(Kind.MOVIE, self._desk.caller.language, 1)
                return [_Lead(one.title.ref) for one in page.results]

    async def _listed(self) -> list[_Lead]:
        night, db = self._state.night, self._desk.store.db
        party = await parties.in_use(db, platform=night.platform, chat_id=night.chat_id)
        if party is None:
            return []
        return [
            _Lead(TitleRef(Kind(one.kind), one.title_id), one.wants, one.proposed_by, one.proposer)
            for one in await parties.wanted(db, party.id)
        ]

    async def _loved(self) -> list[_Lead]:
        """What one of those who are in rated high, and no other has seen: the highest first."""
        if len(self._accounts) < SEVERAL:
            return []
        found: dict[TitleRef, int] = {}
        for account in self._accounts:
            for kind in Kind:
                rows = await shelves.liked(
                    self._desk.store.db, account, kind=kind.value, least=LOVED.halves, limit=MOST_LOOKED_AT
                )
                for row in rows:
                    found[TitleRef(kind, row.title_id)] = row.rating or 0
        seen = await self._seen(found)
        alone = [ref for ref in found if seen.get(ref, 0) == 1]
        return [_Lead(ref) for ref in sorted(alone, key=lambda ref: (-found[ref], ref))]

    async def _seen(self, refs: Iterable[TitleRef]) -> dict[TitleRef, int]:
        """How many of those who are in have rated each title, of those that one has."""
        found = await rated_by(self._desk.store.db, self._accounts, refs)
        return {ref: people for ref, (people, _) in found.items()}

    async def _looked_at(self, leads: Sequence[_Lead]) -> tuple[list[tuple[_Lead, Title]], int]:
        """As many as fit a ballot, after those that were passed over, and how many are passed over with these.

        Begun again after the last.

        What is for adults is left out, whoever looks: all will read it. Raises BackendError where nothing could be
        looked at.
        """
        skip = self._rules.skip % max(1, len(leads))
        leads = [*leads[skip:], *leads[:skip]]
        passes = await self._passing()
        chosen: list[tuple[int, _Lead, Title]] = []
        failed: list[BackendError] = []
        for at in range(0, min(len(leads), MOST_LOOKED_AT), LOOKS_AT_ONCE):
            some = leads[at : at + LOOKS_AT_ONCE]
            titles = await asyncio.gather(*(self._desk.title(one.ref) for one in some), return_exceptions=True)
            for place, lead, title in zip(range(at, at + len(some)), some, titles, strict=True):
                if isinstance(title, Title):
                    if passes(title) and not title.adult:
                        chosen.append((place, lead, title))
                elif isinstance(title, BackendError):
                    failed.append(title)
                elif not isinstance(title, MarqueeError):
                    raise title
            if len(chosen) >= BALLOT_SIZE:
                break
        if failed and not chosen:
            raise failed[0]
        chosen = chosen[:BALLOT_SIZE]
        following = skip + chosen[-1][0] + 1 if chosen else 0
        return [(lead, title) for _, lead, title in chosen], following

    async def _passing(self) -> Callable[[Title], bool]:
        """What the rules ask of a title."""
        rules, country = self._rules, self._desk.country
        services = (
            await night_attendees.streaming(self._desk.store.db, self._state.night.id) if rules.streams else set()
        )

        def passes(title: Title) -> bool:
            if rules.longest is not None and (title.runtime is None or title.runtime > rules.longest):
                return False
            if rules.genre is not None and rules.genre not in title.genre_ids:
                return False
            return not rules.streams or title.streams(country, services)

        return passes

    async def _waited(self) -> Callable[[str], int]:
        """For how many nights no film of somebody's has won; of who has never won: as many as there were."""
        night = self._state.night
        before = await past_nights.won(self._desk.store.db, platform=night.platform, chat_id=night.chat_id)
        return lambda person_id: _since(before, person_id)


def _since(before: Sequence[NightRow], person_id: str) -> int:
    if not person_id:
        return 0
    proposers = [(night.result or {}).get("proposed_by", "") for night in before]
    return proposers.index(person_id) if person_id in proposers else len(proposers)
