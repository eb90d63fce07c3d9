"""What suits one person: recommendations by what he has rated high, and a title of his watchlist by luck.

Both read the mirror of his lists, and answer him alone.
"""

from __future__ import annotations

import asyncio
import hashlib
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.core import paging
from bot.core.cards import card
from bot.core.desk import Desk
from bot.core.dispatch import Dispatch
from bot.core.errors import ForAdults, MarqueeError, NoSuchTitle, NotHere
from bot.core.genres import Genre
from bot.core.intents import Intent, Pick, Popular, Random, Recommend, Setting, ShowSettings
from bot.core.model import Kind, Listed, Page, Rating, Title, TitleRef
from bot.core.phrases import Name, Text, hint, t, tn
from bot.core.reply import LIST_SIZE, Button, Notice, Place, Reply, Row, TitleList, notice
from bot.core.sessions import SignedIn
from bot.core.shelved import on_watchlists
from storage import catalogue, shelves

HIGH: Final = Rating.of(7)
"""From here on somebody likes it."""
MOST_SEEDS: Final = 5
"""Liked titles that are gone by: each costs a request, unless its card is at hand."""
FEW_SEEDS: Final = 3
"""With fewer, more ratings would make it better."""
FRESH_SECONDS: Final = 900
"""After that what is known of one's lists is read again, in the background."""
SHORT_MINUTES: Final = 119
LOOKS_AT_ONCE: Final = 5
MOST_LOOKS: Final = 10
"""Cards that are looked at in one draw, where it is not known which titles fit: each may cost a request."""
MOST_GENRES: Final = 6
"""Genres offered; more would not fit a phone's screen."""


async def _is_read(account: SignedIn, desk: Desk) -> bool:
    """Whether the account's lists are known. What isn't, or not lately, is asked for; nobody waits."""
    known = await desk.mirror.known(account.service, account.session)
    if known.as_of is None or desk.store.now() - known.as_of > FRESH_SECONDS:
        desk.mirror.want(account.service, account.session)
    return known.as_of is not None


def _still_reading(asked: Intent) -> Reply:
    return notice(
        t("I am still reading your lists; try again in a moment."),
        buttons=((Button(t("Try again"), asked),),),
        place=Place.PRIVATE,
    )


_POPULAR_ROW: Final[Row] = (
    Button(t("Popular films"), Popular()),
    Button(t("Popular series"), Popular(Kind.TV)),
)


# ── Recommendations ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Seed:
    """A title that somebody likes, with what those like who like it."""

    title: Title
    rating: Rating
    page: Page

    @property
    def reason(self) -> Text:
        """Why something is recommended."""
        return t("because you rated {title} {rating}", title=Name(self.title.name), rating=self.rating)


async def recommend(asked: Recommend, desk: Desk) -> Reply:
    """A page of what the asker may like and has on no list, each with its reason."""
    account = await desk.sessions.own()
    if not await _is_read(account, desk):
        return _still_reading(asked)
    liked = await _liked(account, desk)
    if not liked:
        return notice(
            t("I recommend by what you have rated 7 or higher, and there is nothing yet."),
            hint(t("Rate a few titles that you like: send me their names, or begin with these.")),
            buttons=(_POPULAR_ROW,),
            place=Place.PRIVATE,
        )
    seeds = await _seeds(liked, desk)
    found = await _new(_ranked(seeds), account, desk)
    if not found:
        return notice(
            t("All that I would recommend is on your lists already. Rate some more, and I know more."),
            buttons=(_POPULAR_ROW,),
            place=Place.PRIVATE,
        )
    page = min(asked.page, -(-len(found) // LIST_SIZE))
    shown = found[paging.first(page) - 1 :][:LIST_SIZE]
    part = TitleList(
        t("You may like"),
        tuple(Listed(title) for title, _ in shown),
        paging.first(page),
        len(found),
        mixed=True,
        notes=tuple(seed.reason for _, seed in shown),
    )
    more = Notice((hint(t("The more you rate 7 or higher, the better this gets.")),))
    rows = paging.turning(page, len(found), lambda number: replace(asked, page=number))
    return Reply((part, more) if len(seeds) < FEW_SEEDS else (part,), rows, Place.PRIVATE)


async def _liked(account: SignedIn, desk: Desk) -> list[tuple[TitleRef, Rating]]:
    """What the person likes best, the newest first of what he likes alike."""
    found = []
    for kind in Kind:
        rows = await shelves.liked(desk.store.db, account.key, kind=kind.value, least=HIGH.halves, limit=MOST_SEEDS)
        found += [(-row.rating, place, kind, row.title_id) for place, row in enumerate(rows) if row.rating is not None]
    return [(TitleRef(kind, number), Rating(-halves)) for halves, _, kind, number in sorted(found)[:MOST_SEEDS]]


async def _seeds(liked: Sequence[tuple[TitleRef, Rating]], desk: Desk) -> list[_Seed]:
    """Each with what is recommended by it, asked for at once. What fails is left out, unless all does."""

    async def one(ref: TitleRef, rating: Rating) -> _Seed:
        # Where a card brings its recommendations along, the two are one request.
        title = await desk.title(ref)
        return _Seed(title, rating, await desk.services.main.discovery.recommendations(ref, desk.caller.language))

    found = await asyncio.gather(*(one(*each) for each in liked), return_exceptions=True)
    for error in found:
        if isinstance(error, BaseException) and not isinstance(error, MarqueeError):
            raise error
    seeds = [seed for seed in found if isinstance(seed, _Seed)]
    errors = [error for error in found if isinstance(error, MarqueeError)]
    failed = [error for error in errors if not isinstance(error, NoSuchTitle | ForAdults)]
    if failed and not seeds:
        raise failed[0]
    return seeds


def _ranked(seeds: Sequence[_Seed]) -> list[tuple[Title, _Seed]]:
    """What they recommend, the best first, each with the one that does most: high up, by a high rating, by several."""
    titles: dict[TitleRef, Title] = {}
    scores: dict[TitleRef, dict[int, float]] = {}
    for number, seed in enumerate(seeds):
        for place, listed in enumerate(seed.page.results):
            titles.setdefault(listed.title.ref, listed.title)
            weight = (seed.rating.halves - HIGH.halves + 1) / (place + 3)
            scores.setdefault(listed.title.ref, {})[number] = weight
    best = sorted(titles, key=lambda ref: (-sum(scores[ref].values()), ref))
    return [(titles[ref], seeds[max(scores[ref], key=lambda number: scores[ref][number])]) for ref in best]


async def _new(found: list[tuple[Title, _Seed]], account: SignedIn, desk: Desk) -> list[tuple[Title, _Seed]]:
    """Without what is on one of the account's lists."""
    refs = [(title.ref.kind.value, title.ref.id) for title, _ in found]
    kept = await shelves.kept(desk.store.db, account.key, titles=refs)
    return [each for each, ref in zip(found, refs, strict=True) if ref not in kept]


# ── By luck ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of a title without asking."""

    kind: Kind
    runtime: int | None
    genre_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Draw:
    """One draw: from these titles in this order, of some of which the facts are known."""

    asked: Random
    seed: int
    order: Sequence[TitleRef]
    facts: Mapping[TitleRef, _Facts]
    country: str
    services: frozenset[int]

    def fits(self, ref: TitleRef) -> bool | None:
        """Whether the title is one of those to draw from; None where only its card tells."""
        known = self.facts.get(ref)
        match self.asked.pick:
            case Pick.ANY:
                return True
            case Pick.STREAMING:
                return None
            case _ if known is None:
                return None
            case Pick.SHORT:
                return known.kind is Kind.MOVIE and known.runtime is not None and known.runtime <= SHORT_MINUTES
            case genre:
                return genre in known.genre_ids

    def suits(self, title: Title) -> bool:
        """The same, by the title's card."""
        match self.asked.pick:
            case Pick.ANY:
                return True
            case Pick.STREAMING:
                return title.streams(self.country, self.services)
            case Pick.SHORT:
                return title.ref.kind is Kind.MOVIE and 0 < (title.runtime or 0) <= SHORT_MINUTES
            case genre:
                return genre in title.genre_ids

    def again(self, pick: Pick | Genre, after: TitleRef | None) -> Random:
        """The next draw, from what comes after that title."""
        return Random(pick, self.seed, after)


async def random(asked: Random, desk: Desk) -> Reply:
    """The card of a title of the asker's watchlist, with buttons that draw again."""
    account = await desk.sessions.own()
    if not await _is_read(account, desk):
        return _still_reading(asked)
    wanted = await on_watchlists(desk.store.db, [account.key], None)
    refs = [ref for ref, _ in wanted]
    if not refs:
        return notice(
            t("Your watchlist is empty, so there is nothing to draw from."),
            buttons=(_POPULAR_ROW, (Button(t("What I may like"), Recommend()),)),
            place=Place.PRIVATE,
        )
    draw = await _draw(asked, refs, desk)
    if asked.pick is Pick.STREAMING and desk.services.main.embedded:
        raise NotHere
    if asked.pick is Pick.STREAMING and not draw.services:
        return notice(
            t("Tell me first what you stream with."),
            buttons=((Button(t("My streaming services"), ShowSettings(Setting.SERVICES)),),),
            place=Place.PRIVATE,
        )
    title, looked = await _drawn(draw, desk)
    if title is None:
        return _nothing_fits(draw, looked)
    state = await desk.mirror.state(account.service, account.session, title.ref)
    shown = card(desk, title, state, change=_told(draw, title), place=Place.PRIVATE)
    return replace(shown, buttons=(*shown.buttons, *_rows(draw, title)))


async def _draw(asked: Random, refs: Sequence[TitleRef], desk: Desk) -> _Draw:
    # The update is the same when it is handled again, so the draw is.
    seed = asked.seed if asked.seed is not None else zlib.crc32(desk.caller.update_id.encode())
    rows = await catalogue.those(desk.store.db, [(ref.kind.value, ref.id) for ref in refs])
    facts = {TitleRef(Kind(row.kind), row.title_id): _Facts(Kind(row.kind), row.runtime, row.genre_ids) for row in rows}
    own = desk.preferences.own
    return _Draw(
        asked,
        seed,
        _order(refs, seed, asked.after),
        facts,
        own.country or desk.preferences.guess,
        frozenset(one.id for one in own.streaming),
    )


def _order(refs: Sequence[TitleRef], seed: int, after: TitleRef | None) -> list[TitleRef]:
    """The titles as the seed shuffles them, from the one after `after` on, and that last.

    Each title's place is its own, so that one put on or off the list moves no other.
    """

    def place(ref: TitleRef) -> bytes:
        return hashlib.blake2b(f"{seed} {ref.kind.value} {ref.id}".encode(), digest_size=8).digest()

    shuffled = sorted(refs, key=place)
    if after is None:
        return shuffled
    at = place(after)
    return [*(ref for ref in shuffled if place(ref) > at), *(ref for ref in shuffled if place(ref) <= at)]


async def _drawn(draw: _Draw, desk: Desk) -> tuple[Title | None, list[TitleRef]]:
    """The first title in order that fits, and those whose cards were looked at in vain until MOST_LOOKS."""
    looked: list[TitleRef] = []
    for batch in _batches(draw):
        titles = await asyncio.gather(*(_title(ref, desk) for ref in batch))
        for title in titles:
            if title is not None and draw.suits(title):
                return title, looked
        looked += batch
        if len(looked) >= MOST_LOOKS:
            break
    return None, looked


def _batches(draw: _Draw) -> Iterator[list[TitleRef]]:
    """The titles that may fit, as many at once as it takes to come to one that surely does."""
    batch: list[TitleRef] = []
    for ref in draw.order:
        fits = draw.fits(ref)
        if fits is not False:
            batch.append(ref)
        if fits or len(batch) == LOOKS_AT_ONCE:
            if batch:
                yield batch
            batch = []
    if batch:
        yield batch


async def _title(ref: TitleRef, desk: Desk) -> Title | None:
    """None for a title that its catalogue has no more, or that is not for whoever asks."""
    try:
        return await desk.title(ref)
    except (NoSuchTitle, ForAdults):
        return None


def _nothing_fits(draw: _Draw, looked: Sequence[TitleRef]) -> Reply:
    anything = Button(t("Anything"), draw.again(Pick.ANY, draw.asked.after))
    if len(looked) < MOST_LOOKS:
        return notice(t("Nothing on your watchlist fits."), buttons=((anything,),), place=Place.PRIVATE)
    more = Button(t("Look at others"), draw.again(draw.asked.pick, looked[-1]))
    told = tn(
        "I have looked at {count} title of your watchlist, and it does not fit.",
        "I have looked at {count} titles of your watchlist, and none fits.",
        len(looked),
    )
    return notice(told, buttons=((more, anything),), place=Place.PRIVATE)


def _told(draw: _Draw, title: Title) -> Text:
    """What it was drawn from."""
    pick, count = draw.asked.pick, len(draw.order)
    if title.ref == draw.asked.after and count > 1:
        return t("Nothing else on your watchlist fits.")
    match pick:
        case Pick.ANY if count == 1:
            return t("The only title on your watchlist.")
        case Pick.ANY:
            return tn("One of {count} title on your watchlist.", "One of {count} titles on your watchlist.", count)
        case Pick.SHORT:
            return t("From your watchlist: under two hours.")
        case Pick.STREAMING:
            return t("From your watchlist: you can stream it.")
        case genre:
            return t("From your watchlist: {genre}.", genre=Text(genre.english))


def _rows(draw: _Draw, title: Title) -> tuple[Row, ...]:
    """What draws again: the same way first, then in others."""
    if len(draw.order) == 1:
        return ()
    pick = draw.asked.pick

    def button(label: Text, other: Pick | Genre) -> tuple[Button, ...]:
        return () if other == pick else (Button(label, draw.again(other, title.ref)),)

    again = (Button(t("Another one"), draw.again(pick, title.ref)), *button(t("Anything"), Pick.ANY))
    short = button(t("Under two hours"), Pick.SHORT) if _has_short(draw) else ()
    streaming = button(t("Streaming here"), Pick.STREAMING) if title.details is not None else ()
    genres = [each for genre in _genres(draw, title) for each in button(Text(genre.english), genre)]
    return (*_in_rows([*again, *short, *streaming], 2), *_in_rows(genres, 3))


def _in_rows(buttons: Sequence[Button], of: int) -> Iterator[Row]:
    yield from (tuple(buttons[at : at + of]) for at in range(0, len(buttons), of))


def _has_short(draw: _Draw) -> bool:
    """Whether a title on the list may be a film under two hours."""
    short = replace(draw, asked=replace(draw.asked, pick=Pick.SHORT))
    return any(short.fits(ref) is not False for ref in draw.order)


def _genres(draw: _Draw, title: Title) -> list[Genre]:
    """The genres that most titles on the list have, of those that are known; also those of the one that was drawn."""
    known = {ref: facts.genre_ids for ref, facts in draw.facts.items()} | {title.ref: title.genre_ids}
    counted = Counter(Genre(number) for numbers in known.values() for number in numbers if number in set(Genre))
    return [genre for genre, _ in counted.most_common(MOST_GENRES)]


def install(dispatch: Dispatch) -> None:
    """Answer these."""
    dispatch.add(Recommend, recommend)
    dispatch.add(Random, random)
