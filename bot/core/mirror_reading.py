"""Reading a list newest first until what is known of it is met, and what the mirror then has to change. No I/O.

A service tells of a list its pages and its total, no more. Titles come onto it at the top and leave it anywhere, the
others keep their order. So let `known` be the list when it was last known, and `seen` what was read of it now, from
the top. If some title of `seen` has not been put on since, then all that follows it was on the list before: what was
not read is part of the rest of `known`. How many those are the total says, and as many as the rest has are the rest
itself. So reading stops as soon as

    total = titles seen + rest of known after the last one seen (without those that were seen further up) + hidden

Nothing is lost on equal totals: when one title was removed and another added, the new one is met at the top, the count
comes out one too high, and the reading goes on until the gap that the other left. A removal alone makes it go on as
well, to the gap and no further; only in the worst case to the list's end.

What tells that a title has not been put on since? A title that was taken off and put back looks known as well. But it
stands among others than before: only what stands as before, RUN titles in a row and the last of them the last one
read, counts as met. By nature not seen is therefore just this: somebody takes off RUN or more titles and puts them
back in their old order, where a page ends, and below them as many were put on as taken off. (A reading to the end,
which lists of fewer than RUN titles always get, sees that too.) And a rating that was changed and kept its place is
seen where its page is read, and not below.

While a list is read it may change. Pages are asked for by number, so a title put on shifts the rest down (what comes
twice is left out, what is new above is left for the next time), and one taken off above shifts titles up past us. That
lowers the total from one page to the next, for what is put on at the same time would have shifted them back down. With
something known, a total that changes starts the reading anew; the third time, and with nothing known, the reading goes
on to the end, and after a total that fell goes back until it meets a title that it has seen. Either way the result has
every title that was on the list when it began and is still on it, in order; what it has too much was removed
meanwhile, what it lacks stands at the top: what the next reading takes for changes since.

`hidden`: TMDB counts titles that it no longer shows, and shows no more than MOST_PAGES pages. What the total counts
beyond the last title read stays the same while the list's other titles come and go, so it is kept and reckoned with.
It has to be right, else as many removals would go unseen: where a total that changed leaves it open, the list is read
again, or stays unknown. (A title that a service ceases to show and still counts is not seen to go, either.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from bot.core.backend import MOST_PAGES
from bot.core.model import Page
from storage.mirror import KeptRow, ListRow

RUN: Final = 10
"""Titles in a row, standing as before, that show where what is known begins. Half a page, so that a page with up to ten
new titles is enough."""
TRIES: Final = 3
"""Readings that may be upset by a change before one goes through to the end come what may."""
MOST_IDLE: Final = 3
"""Pages in a row that may bring nothing new: a server that repeats itself is not read MOST_PAGES times."""
MOST_BACK: Final = 50
"""Steps back in one reading: a server whose totals go up and down is not read for ever."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A list as it was last known: its titles newest first, and how many more its service counts."""

    ids: Sequence[int]
    hidden: int

    @classmethod
    def of(cls, row: ListRow | None, rows: Sequence[KeptRow]) -> Snapshot | None:
        """What was kept of a list; None of one that was never read."""
        if row is None or row.as_of is None:
            return None
        return cls([one.title_id for one in rows], row.total - len(rows))


class End(Enum):
    """Why a reading is over."""

    MET = auto()
    """What follows is known."""
    WHOLE = auto()
    """It was read to its end."""
    CUT = auto()
    """It goes on where the service shows no more."""
    LOST = auto()
    """The service contradicts itself: nothing can be said of the whole list."""


class Reading:
    """One reading of one list: `take` page number `next`, until there is an `end`.

    `known`: None the first time. `rated`: whether it is a list of rated titles; what another list says of ratings (some
    servers do) is left alone.
    """

    def __init__(self, known: Snapshot | None, *, rated: bool) -> None:
        self.next = 1
        self.end: End | None = None
        self.total = 0
        self.hidden = 0
        """Once there is an end: how many titles the service counts beyond the `result`."""
        self.seen: dict[int, int | None] = {}
        """Titles from the top on, with the rating (half points) where one was told."""
        self._known = known
        self._rated = rated
        self._at = {title_id: place for place, title_id in enumerate(known.ids)} if known else {}
        self._tries = 1
        self._first: int | None = None
        self._steady = True
        self._torn = False
        self._back = self._idle = self._run = self._last = 0

    def take(self, page: Page) -> None:
        """Take in the page that was asked for."""
        before = self.total
        self.total = page.total_results
        if self._first is None:
            self._first = before = self.total
        if before != self.total:
            if self._known is not None and self._tries < TRIES:
                self._restart()
                return
            self._steady = False
            self._torn = self._torn or self.total < before
        if not self._append(page):
            # Titles may have slipped past: back to where something that was seen is seen again.
            self.next -= 1
            self._back += 1
            self.end = End.LOST if self._back > MOST_BACK else None
            return
        self.next += 1
        self._end(page)

    @property
    def met(self) -> bool:
        """Whether the last titles read are known and stand as they did."""
        return self._run >= RUN

    @property
    def result(self) -> list[int]:
        """The whole list, newest first, once there is an `end`."""
        if self.end is not End.MET or self._known is None:
            return list(self.seen)
        rest = self._known.ids[self._at[self._last] + 1 :]
        return [*self.seen, *(title_id for title_id in rest if title_id not in self.seen)]

    def _restart(self) -> None:
        self._tries += 1
        self.next = 1
        self.seen.clear()
        self._first = None
        self._steady = True
        self._torn = False
        self._back = self._idle = self._run = self._last = 0

    def _append(self, page: Page) -> bool:
        """Add what was not seen yet. False if it can't be told whether titles are missing in between."""
        ratings = {one.title.ref.id: one.rating.halves if self._rated and one.rating else None for one in page.results}
        again = [place for place, title_id in enumerate(ratings) if title_id in self.seen]
        if self._torn and not again and self.next > 1 and self.seen:
            return False
        self._torn = False
        count = len(self.seen)
        # What is new above what was seen already was put on since the reading began: the next one's to see.
        for title_id in list(ratings)[again[0] if again else 0 :]:
            if title_id not in self.seen:
                self._follow(title_id)
            self.seen[title_id] = ratings[title_id]
        self._idle = self._idle + 1 if page.results and len(self.seen) == count else 0
        return True

    def _follow(self, title_id: int) -> None:
        """Keep how many of the last titles stand as they did."""
        place = self._at.get(title_id)
        before = self._at.get(self._last)
        if place is None:
            self._run = 0
        else:
            self._run = self._run + 1 if before is not None and place == before + 1 else 1
        self._last = title_id

    def _end(self, page: Page) -> None:
        if not page.results or (self._steady and len(self.seen) >= self.total):
            self._close(End.WHOLE)
        elif self._idle >= MOST_IDLE:
            self.end = End.LOST
        elif self._known is not None and self._steady and self.met and self._counts_fit(self._known):
            self.end, self.hidden = End.MET, self._known.hidden
        elif self.next > MOST_PAGES:
            self._close(End.CUT)

    def _close(self, end: End) -> None:
        """No more pages: end, if it is sure how many titles are hidden."""
        if self._steady:
            self.end, self.hidden = end, self.total - len(self.seen)
        elif self._known is not None:
            self.end, self.hidden = end, self._known.hidden
        elif len(self.seen) == self._first:
            self.end, self.hidden = end, 0
        elif end is End.WHOLE and self._tries < TRIES:
            self._restart()
        else:
            self.end = End.LOST

    def _counts_fit(self, known: Snapshot) -> bool:
        last = self._at[self._last]
        above = sum(1 for title_id in self.seen if self._at.get(title_id, -1) > last)
        return self.total == len(self.seen) + len(known.ids) - last - 1 - above + known.hidden


@dataclass(frozen=True, slots=True)
class Moves:
    """What has to change: titles that go, and rows to be put in or in place of others."""

    gone: tuple[int, ...]
    put: tuple[KeptRow, ...]


def moves(
    old: Sequence[KeptRow], new: Sequence[int], ratings: Mapping[int, int | None], *, floor: int, since: int | None
) -> Moves:
    """From the rows `old` to the titles `new` (both newest first), with the fewest changes.

    `floor`: the place below the lowest. `since`: when what stands on top of all that was there before was seen to
    appear; None if that can't be told. A title without one of `ratings` keeps what it has.
    """
    had = {row.title_id: row for row in old}
    top = _first_in_order(had, new)
    put = []
    place = floor
    for number in range(len(new) - 1, -1, -1):
        title_id = new[number]
        was = had.get(title_id)
        place = was.place if was is not None and was.place > place else place + 1
        added_at = since if since is not None and number < top else was.added_at if was is not None else None
        rating = ratings.get(title_id)
        row = KeptRow(title_id, place, added_at, was.rating if rating is None and was is not None else rating)
        if row != was:
            put.append(row)
    kept = set(new)
    return Moves(tuple(title_id for title_id in had if title_id not in kept), tuple(put))


def _first_in_order(had: Mapping[int, KeptRow], new: Sequence[int]) -> int:
    """The number in `new` of the uppermost title that stands where it did: what is above it has come since."""
    first = len(new)
    highest: int | None = None
    for number in range(len(new) - 1, -1, -1):
        was = had.get(new[number])
        if was is not None and (highest is None or was.place > highest):
            first, highest = number, was.place
    return first
