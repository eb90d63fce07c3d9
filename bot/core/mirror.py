"""A mirror of people's lists: what needs them at hand (own ratings in a list, Undo, a group's overlaps) asks nobody.

What other services keep is read into our tables; the embedded service's lists are there already. How lists are read
with few requests, and what by nature is not seen: see `bot.core.mirror_reading`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from bot.core.backend import PAGE_SIZE, Service
from bot.core.errors import MarqueeError
from bot.core.mirror_reading import End, Moves, Reading, Snapshot, moves
from bot.core.model import Kind, Order, Page, Rating, Section, Session, TitleRef, TitleState
from bot.core.shelved import EVERY_LIST, Account, Known, List, Shelved, rated_by
from bot.core.turns import Turns
from storage import mirror, shelves
from storage.database import Database
from storage.errors import StorageError
from storage.mirror import KeptRow, ListRow, Settled, Shelf

BATCH: Final = 500
"""Rows written in one transaction: a few milliseconds, after which whoever waits for the database has his turn."""
MOST_WANTED: Final = 1000
"""Accounts that may wait to be read in the background. Whoever comes later is read when he is asked for again."""
ANY_LANGUAGE: Final = "en"
"""Lists are read for their ids: names are not kept."""

_log: Final = logging.getLogger(__name__)


@dataclass(slots=True)
class _Underway:
    """What happens to a list while it is read: we change titles ourselves, or its owner signs out."""

    touched: set[int] = field(default_factory=set)
    forgotten: bool = False


class Mirror:
    """The mirror of all accounts. `now`: seconds since 1970, UTC.

    Everything raises StorageError when the database can't be used; what asks the service raises
    MarqueeError of its kinds as well.
    """

    def __init__(self, db: Database, now: Callable[[], int]) -> None:
        self._db: Final = db
        self._now: Final = now
        self._turns: Final = Turns()
        self._underway: Final[dict[Shelf, _Underway]] = {}
        self._forgotten: Final[set[Account]] = set()
        self._waiting: Final[dict[Account, tuple[Service, Session, set[List]]]] = {}
        self._queue: Final[asyncio.Queue[Account]] = asyncio.Queue(MOST_WANTED)

    # ── Keeping up ───────────────────────────────────────────────────────────────────────────────────────────────

    async def absorb(
        self, service: Service, session: Session, section: Section, kind: Kind, order: Order, page: Page
    ) -> None:
        """Take in a page of a list that was fetched just now for another reason. Asks the service nothing.

        The first page, newest first, is as good as a refresh if its total fits what is known, and else brings what is
        new on top. Any other page brings its ratings. Where the total doesn't fit, a refresh is asked for with `want`.
        """
        shelf = _shelf(service, session, section, kind)
        # A reading that is under way sees the same, and more; and whoever shows the page must not wait for it.
        if service.embedded or self._turns.taken(shelf) or self._is_forgotten(shelf):
            return
        async with self._reading(shelf) as underway:
            if await self._as_before(shelf, order, page):
                return
            row, rows = await mirror.read(self._db, shelf)
            known = Snapshot.of(row, rows)
            if page.page == 1 and order is Order.NEWEST:
                reading = Reading(known, rated=section is Section.RATED)
                reading.take(page)
                await self._take_over(shelf, reading, row, rows, self._now())
                fits = reading.end is not None
            elif known is None:
                await self._hint(shelf, page, order)
                fits = False
            else:
                await self._note(shelf, _ratings(section, page))
                fits = row is not None and page.total_results == row.total
        if not fits and not underway.forgotten:
            self.want(service, session, [(section, kind)])

    async def refresh(
        self,
        service: Service,
        session: Session,
        section: Section,
        kind: Kind,
        *,
        language: str = ANY_LANGUAGE,
        seen: Callable[[Page], None] = lambda _page: None,
    ) -> None:
        """Read a list, newest first, until what is known is met; the first time the whole of it.

        `seen` is told each page that was read, in that language.

        Raises MarqueeError where the service fails; what was read of the list until then is kept where it fits what
        was known, and `as_of` stays what it was. Waits for a refresh of the same list that is under way.
        """
        shelf = _shelf(service, session, section, kind)
        if service.embedded or self._is_forgotten(shelf):
            return
        async with self._reading(shelf):
            row, rows = await mirror.read(self._db, shelf)
            started = self._now()
            reading = Reading(Snapshot.of(row, rows), rated=section is Section.RATED)
            try:
                while reading.end is None:
                    page = await service.accounts.titles(session, section, kind, Order.NEWEST, reading.next, language)
                    seen(page)
                    reading.take(page)
            except MarqueeError:
                await self._take_over(shelf, reading, row, rows, started)
                raise
            await self._take_over(shelf, reading, row, rows, started)

    async def fill(self, service: Service, session: Session) -> None:
        """Refresh all six lists, one after the other. Raises MarqueeError at the first that fails."""
        for section, kind in EVERY_LIST:
            await self.refresh(service, session, section, kind)

    async def freshen(self, people: Iterable[tuple[Service, Session]], lists: Sequence[List]) -> set[Account]:
        """Refresh these lists of several people at once: one request for each list that has not changed much.

        Returns the accounts of which a list could not be read to the end, so is as old as it was.
        """

        async def one(service: Service, session: Session, section: Section, kind: Kind) -> Account | None:
            try:
                await self.refresh(service, session, section, kind)
            except MarqueeError as error:
                _log.warning("A list at %s could not be refreshed: %s", service.name, type(error).__name__)
                return service.name, session.account_id
            return None

        # Two people may share an account.
        accounts = {(service.name, session.account_id): (service, session) for service, session in people}
        failed = await asyncio.gather(
            *(one(service, session, *which) for service, session in accounts.values() for which in lists)
        )
        return {account for account in failed if account is not None}

    def want(self, service: Service, session: Session, lists: Iterable[List] = EVERY_LIST) -> None:
        """Have these lists refreshed in the background, soon; `run` does it. Nobody waits."""
        account = service.name, session.account_id
        self._forgotten.discard(account)
        if service.embedded:
            return
        if account not in self._waiting:
            if self._queue.full():
                return
            self._queue.put_nowait(account)
        _, _, before = self._waiting.get(account, (None, None, ()))
        self._waiting[account] = service, session, {*before, *lists}

    async def run(self) -> None:
        """Refresh what is wanted, one account at a time, until cancelled. What fails waits for its next `want`."""
        while True:
            account = await self._queue.get()
            # Whoever has signed out in between is not waiting any more.
            if waiting := self._waiting.pop(account, None):
                await self._serve(*waiting)
            self._queue.task_done()

    async def _serve(self, service: Service, session: Session, lists: set[List]) -> None:
        try:
            for section, kind in sorted(lists):
                await self.refresh(service, session, section, kind)
        except (MarqueeError, StorageError) as error:
            # By its name alone: what a service says in an error may name its owner.
            _log.warning("An account at %s could not be mirrored: %s", service.name, type(error).__name__)
        except Exception:  # noqa: BLE001 - one account must not take the others' worker down
            _log.exception("An account at %s could not be mirrored", service.name)

    async def changed(self, service: Service, session: Session, ref: TitleRef, state: TitleState) -> None:
        """Take in what we have just made of a title, after the service said so."""
        if service.embedded or (service.name, session.account_id) in self._forgotten:
            return
        for section in Section:
            if underway := self._underway.get(_shelf(service, session, section, ref.kind)):
                underway.touched.add(ref.id)
        on = {Section.FAVORITES: state.favorite, Section.WATCHLIST: state.watchlist, Section.RATED: state.rating}
        await mirror.change(
            self._db,
            service=service.name,
            account_id=session.account_id,
            kind=ref.kind.value,
            title_id=ref.id,
            on=[section.value for section, there in on.items() if there],
            rating=state.rating.halves if state.rating else None,
            now=self._now(),
        )

    async def forget(self, service: Service, account_id: int) -> None:
        """Nothing of the account is left here, also of what is being read just now. Its service keeps what it has."""
        self._forgotten.add((service.name, account_id))
        self._waiting.pop((service.name, account_id), None)
        for shelf, underway in self._underway.items():
            if (shelf.service, shelf.account_id) == (service.name, account_id):
                underway.forgotten = True
        await mirror.forget(self._db, service=service.name, account_id=account_id)

    # ── One account ──────────────────────────────────────────────────────────────────────────────────────────────

    async def known(self, service: Service, session: Session) -> Known:
        """How well the account's lists are known. The embedded service's are, always."""
        if service.embedded:
            counted = await shelves.counts(self._db, (service.name, session.account_id))
            return Known(
                self._now(),
                {(section, kind): counted.get((section.value, kind.value), 0) for section, kind in EVERY_LIST},
            )
        rows = await mirror.lists(self._db, service=service.name, account_id=session.account_id)
        whole = [row.as_of for row in rows if row.complete and row.as_of is not None]
        return Known(
            min(whole) if len(whole) == len(EVERY_LIST) else None,
            {(Section(row.section), Kind(row.kind)): row.total for row in rows},
        )

    async def titles(
        self,
        service: Service,
        session: Session,
        section: Section,
        kind: Kind,
        order: Order,
        page: int,
        size: int = PAGE_SIZE,
    ) -> list[Shelved]:
        """A page (from 1, of `size` titles) of a list; one past the last is empty."""
        rows = await shelves.page(
            self._db,
            _shelf(service, session, section, kind),
            newest=order is Order.NEWEST,
            limit=size,
            offset=(page - 1) * size,
        )
        return [Shelved(TitleRef(kind, row.title_id), row.added_at, _rating(row.rating)) for row in rows]

    async def state(self, service: Service, session: Session, ref: TitleRef) -> TitleState:
        """What is known of a title on the account; on lists that are not known yet it is taken not to be."""
        on = await shelves.sections(self._db, (service.name, session.account_id), kind=ref.kind.value, title_id=ref.id)
        return TitleState(
            rating=_rating(on.get(Section.RATED.value)),
            watchlist=Section.WATCHLIST.value in on,
            favorite=Section.FAVORITES.value in on,
        )

    async def ratings(self, service: Service, session: Session, refs: Iterable[TitleRef]) -> dict[TitleRef, Rating]:
        """The account's own ratings of those of the titles that have one."""
        found = await rated_by(self._db, [(service.name, session.account_id)], refs)
        return {ref: Rating(round(points * 2)) for ref, (_, points) in found.items() if points is not None}

    def _is_forgotten(self, shelf: Shelf) -> bool:
        return (shelf.service, shelf.account_id) in self._forgotten

    # ── Taking over what was read ────────────────────────────────────────────────────────────────────────────────

    @asynccontextmanager
    async def _reading(self, shelf: Shelf) -> AsyncIterator[_Underway]:
        """Have the list to ourselves; what happens to it meanwhile is written down in what this gives."""
        async with self._turns.of(shelf):
            underway = self._underway[shelf] = _Underway(forgotten=self._is_forgotten(shelf))
            try:
                yield underway
            finally:
                del self._underway[shelf]

    async def _take_over(
        self, shelf: Shelf, reading: Reading, row: ListRow | None, rows: list[KeptRow], started: int
    ) -> None:
        """Bring the list from `rows` to what was read; of a reading that was cut off, what is sure."""
        since = started if row is not None and row.as_of is not None else None
        if reading.end in (None, End.LOST):
            await self._take_part(shelf, reading, rows, since)
            return
        hidden = reading.hidden
        complete = reading.end is End.WHOLE or (reading.end is End.MET and row is not None and row.complete)
        floor = 0 if rows else max(hidden, 0)
        # Of ten thousand titles it takes longer than others should wait.
        todo = await asyncio.to_thread(moves, rows, reading.result, reading.seen, floor=floor, since=since)
        await self._bring(shelf, todo, Settled(started, hidden, complete))

    async def _take_part(self, shelf: Shelf, reading: Reading, rows: list[KeptRow], since: int | None) -> None:
        underway = self._underway[shelf]
        if not reading.seen or underway.forgotten:
            return
        if since is None:
            floor = max(reading.total - len(reading.seen), 0)
            todo = moves(rows, list(reading.seen), reading.seen, floor=floor, since=None)
            await mirror.hint(self._db, shelf, put=_others(todo.put, underway), total=reading.total)
            return
        if reading.met:
            # With nothing known in sight there may be more new titles below: the known ones would seem to follow.
            had = {row.title_id for row in rows}
            new = [title_id for title_id in reading.seen if title_id not in had]
            todo = moves(rows, [*new, *(row.title_id for row in rows)], reading.seen, floor=0, since=since)
            await mirror.put_on_top(self._db, shelf, put=_others(todo.put, underway))
            return
        await self._note(shelf, {one: halves for one, halves in reading.seen.items() if halves is not None})

    async def _note(self, shelf: Shelf, ratings: Mapping[int, int]) -> None:
        touched = self._underway[shelf].touched
        await mirror.note(self._db, shelf, {one: halves for one, halves in ratings.items() if one not in touched})

    async def _bring(self, shelf: Shelf, todo: Moves, settled: Settled) -> None:
        underway = self._underway[shelf]
        steps = [
            (todo.gone[start : start + BATCH], todo.put[start : start + BATCH])
            for start in range(0, max(len(todo.gone), len(todo.put), 1), BATCH)
        ]
        for number, (gone, put) in enumerate(steps, 1):
            if underway.forgotten:
                return
            await mirror.bring(
                self._db,
                shelf,
                gone=[title_id for title_id in gone if title_id not in underway.touched],
                put=_others(put, underway),
                settled=settled if number == len(steps) else None,
            )

    async def _as_before(self, shelf: Shelf, order: Order, page: Page) -> bool:
        """Whether the page has no news of a known list; then that is all there is to say, however long the list is."""
        rated = shelf.section == Section.RATED
        shown = [(one.title.ref.id, one.rating.halves if rated and one.rating else None) for one in page.results]
        return await mirror.stands(
            self._db,
            shelf,
            shown,
            offset=(page.page - 1) * PAGE_SIZE,
            newest=order is Order.NEWEST,
            total=page.total_results,
            now=self._now(),
        )

    async def _hint(self, shelf: Shelf, page: Page, order: Order) -> None:
        """Keep a page of a list that is not known: its place in the list follows from its number."""
        first = (page.page - 1) * PAGE_SIZE
        ratings = _ratings(shelf.section, page)
        put = []
        for number, one in enumerate(page.results, first):
            place = page.total_results - number if order is Order.NEWEST else number + 1
            put.append(KeptRow(one.title.ref.id, max(place, 1), None, ratings.get(one.title.ref.id)))
        await mirror.hint(self._db, shelf, put=_others(put, self._underway[shelf]), total=page.total_results)


def _shelf(service: Service, session: Session, section: Section, kind: Kind) -> Shelf:
    return Shelf(service.name, session.account_id, section.value, kind.value)


def _others(rows: Iterable[KeptRow], underway: _Underway) -> list[KeptRow]:
    """Without what we changed ourselves meanwhile: of that we know better."""
    return [row for row in rows if row.title_id not in underway.touched]


def _ratings(section: str, page: Page) -> dict[int, int]:
    """In half points by id, from a page of rated titles; what another list says of ratings is left alone."""
    if section != Section.RATED:
        return {}
    return {one.title.ref.id: one.rating.halves for one in page.results if one.rating}


def _rating(halves: int | None) -> Rating | None:
    return Rating(halves) if halves is not None else None
