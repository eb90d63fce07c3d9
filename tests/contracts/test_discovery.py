"""Discovery, over TMDB's double and over the bundled facts: one contract, what each can't, and what it costs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from bot.backends.cached import Cached
from bot.backends.nothing import NoDiscovery
from bot.backends.offline import Offline, OfflineDiscovery
from bot.backends.offline.likeness import FIRST_PERSON
from bot.backends.tmdb import cards
from bot.core.backend import Discovery, Finder
from bot.core.discovery import (
    Details,
    Episode,
    Filters,
    Offers,
    People,
    Provider,
    Season,
    Star,
    Status,
    Trailer,
    Window,
)
from bot.core.errors import BackendDown, MarqueeError, NoSuchPerson, NoSuchSeason, NoSuchTitle, NotHere, Refused
from bot.core.genres import GENRES_OF, Genre
from bot.core.model import Kind, Page, Rating, Title, TitleRef
from bot.core.phrases import GENRES, phrases
from storage.database import Database
from tests.contracts.conftest import Clock, SigningUp, tmdb_double, tmdb_over
from tests.doubles.tmdb import Tmdb as World
from tests.doubles.tmdb import faults
from tests.doubles.tmdb.faults import Fault
from tests.doubles.tmdb.refusals import not_found

FIGHT_CLUB = TitleRef(Kind.MOVIE, 550)
GODFATHER = TitleRef(Kind.MOVIE, 238)
SPIRITED_AWAY = TitleRef(Kind.MOVIE, 129)
BREAKING_BAD = TitleRef(Kind.TV, 1396)
SIMPSONS = TitleRef(Kind.TV, 456)
NOWHERE = TitleRef(Kind.MOVIE, 2_000_000_000)

Call = Callable[[Discovery], Awaitable[Any]]
CALLS: dict[str, Call] = {
    "popular": lambda it: it.popular(Kind.MOVIE, "en", 1),
    "similar": lambda it: it.similar(FIGHT_CLUB, "en", 1),
    "recommendations": lambda it: it.recommendations(FIGHT_CLUB, "en"),
    "people": lambda it: it.people("brad pitt", "en", 1),
    "discover": lambda it: it.discover(Kind.TV, "en", Filters((Genre.DRAMA,)), 1),
}
TMDB_ALONE: dict[str, Call] = {
    "trending": lambda it: it.trending(Window.DAY, None, "en", 1),
    "upcoming": lambda it: it.upcoming("en", "DE", 1),
    "airing": lambda it: it.airing("en", 1, "Europe/Berlin"),
    "providers": lambda it: it.providers("DE", "en"),
    "season": lambda it: it.season(BREAKING_BAD, 1, "en"),
    "streaming": lambda it: it.discover(Kind.MOVIE, "en", Filters(providers=(8,), country="DE"), 1),
}
PAGED: dict[str, Callable[[Discovery, int], Awaitable[Page | People]]] = {
    "popular": lambda it, page: it.popular(Kind.MOVIE, "en", page),
    "similar": lambda it, page: it.similar(FIGHT_CLUB, "en", page),
    "people": lambda it, page: it.people("john", "en", page),
    "discover": lambda it, page: it.discover(Kind.MOVIE, "en", Filters(), page),
}


@pytest.fixture
async def world_and_tmdb() -> AsyncIterator[tuple[World, SigningUp]]:
    async with tmdb_double() as (world, root), tmdb_over(world, root) as tmdb:
        yield world, tmdb


@pytest.fixture
def world(world_and_tmdb: tuple[World, SigningUp]) -> World:
    return world_and_tmdb[0]


@pytest.fixture
def tmdb(world_and_tmdb: tuple[World, SigningUp]) -> SigningUp:
    return world_and_tmdb[1]


@pytest.fixture
async def facts(offline: Offline, db: Database, clock: Clock) -> OfflineDiscovery:
    return await OfflineDiscovery.open(db, clock)


@pytest.fixture(params=["tmdb", "cached", "offline"])
async def discovery(request: pytest.FixtureRequest, tmdb: SigningUp, facts: OfflineDiscovery) -> Discovery:
    services: dict[str, Discovery] = {"tmdb": tmdb, "cached": Cached(tmdb), "offline": facts}
    return services[request.param]


def refs(page: Page) -> list[TitleRef]:
    return [listed.title.ref for listed in page.results]


# ── What both do ──


@pytest.mark.parametrize("paged", PAGED.values(), ids=PAGED)
async def test_pages_follow_each_other_and_end(
    discovery: Discovery, paged: Callable[[Discovery, int], Awaitable[Page | People]]
) -> None:
    first, second = await paged(discovery, 1), await paged(discovery, 2)
    assert len(first.results) == 20 or (not second.results and first.results)
    assert first.total_results >= len(first.results) + len(second.results)
    assert not set(first.results) & set(second.results)
    after = await paged(discovery, min(first.total_pages + 1, 500))
    assert after.results == ()
    with pytest.raises(Refused):
        await paged(discovery, 501)


async def test_what_is_popular_is_of_the_kind_asked_for(discovery: Discovery) -> None:
    for kind in Kind:
        assert {ref.kind for ref in refs(await discovery.popular(kind, "en", 1))} == {kind}


async def test_what_is_similar_shares_something_and_is_not_the_title_itself(discovery: Discovery) -> None:
    for ref in (FIGHT_CLUB, BREAKING_BAD):
        similar = refs(await discovery.similar(ref, "en", 1))
        assert similar
        assert ref not in similar
        assert {one.kind for one in similar} == {ref.kind}
        recommended = await discovery.recommendations(ref, "en")
        assert ref not in refs(recommended)
        assert 0 < len(recommended.results) <= 20


async def test_of_an_unknown_title_nothing_is_similar(discovery: Discovery) -> None:
    with pytest.raises(NoSuchTitle):
        await discovery.similar(NOWHERE, "en", 1)
    with pytest.raises(NoSuchTitle):
        await discovery.recommendations(NOWHERE, "en")


async def test_people_are_found_and_known_for_their_titles(discovery: Discovery) -> None:
    found = (await discovery.people("BRAD  pitt", "en", 1)).results[0]
    assert found.name == "Brad Pitt"
    assert found.department == "Acting"
    star = await discovery.person(found.id, "en")
    assert (star.id, star.name, star.department) == (found.id, found.name, found.department)
    assert {FIGHT_CLUB} <= {title.ref for title in star.known_for}


async def test_somebody_who_is_unknown_is_said_to_be(discovery: Discovery) -> None:
    with pytest.raises(NoSuchPerson):
        await discovery.person(2_000_000_001, "en")
    for words in ("zzyzx qwrtp", "", "   ", "\x00", "!"):
        found = await discovery.people(words, "en", 1)
        assert (found.results, found.total_results, found.total_pages) == ((), 0, 0)


async def test_filters_hold_together_and_apart(discovery: Discovery, offline: Offline) -> None:
    async def known(filters: Filters, kind: Kind = Kind.MOVIE) -> list[Title]:
        page = await discovery.discover(kind, "en", filters, 1)
        assert page.results
        return [await offline.title(ref, "en") for ref in refs(page)]

    assert all(Genre.HORROR in title.genre_ids for title in await known(Filters((Genre.HORROR,))))
    both = Filters((Genre.COMEDY, Genre.ROMANCE))
    assert all(set(both.genres) <= set(title.genre_ids) for title in await known(both))
    assert all(1 <= (title.runtime or 0) <= 95 for title in await known(Filters(max_runtime=95)))
    assert all(1990 <= (title.year or 0) <= 1999 for title in await known(Filters(decade=1990)))
    assert all(2000 <= (title.year or 0) <= 2009 for title in await known(Filters(decade=2000), Kind.TV))
    everything = await known(Filters((Genre.DRAMA,), max_runtime=120, decade=1990))
    assert all(title.runtime and title.runtime <= 120 and title.year for title in everything)
    nothing = await discovery.discover(Kind.MOVIE, "en", Filters((4_711,)), 1)
    assert (nothing.results, nothing.total_results) == ((), 0)


# ── TMDB alone ──


@pytest.mark.parametrize("call", (CALLS | TMDB_ALONE).values(), ids=CALLS | TMDB_ALONE)
async def test_each_costs_one_request_and_the_next_time_none(tmdb: SigningUp, world: World, call: Call) -> None:
    cached = Cached(tmdb)
    first = await call(cached)
    both_kinds = {"/3/watch/providers/movie", "/3/watch/providers/tv"}
    assert len(world.calls) == 1 or {one.path for one in world.calls} == both_kinds
    world.calls.clear()
    assert await call(cached) == first
    assert world.calls == []


async def test_charts_are_asked_for_again_after_an_hour(tmdb: SigningUp, world: World, clock: Clock) -> None:
    cached = Cached(tmdb, clock)
    for seconds, calls in ((0, 1), (3_599, 1), (2, 2)):
        clock.now += seconds
        await cached.popular(Kind.TV, "en", 1)
        assert len(world.calls) == calls


async def test_a_full_card_is_one_request_with_what_is_like_it_and_the_next_time_none(
    tmdb: SigningUp, world: World
) -> None:
    cached = Cached(tmdb)
    for ref in (FIGHT_CLUB, BREAKING_BAD):
        world.calls.clear()
        for _ in range(2):
            card = await cached.title(ref, "en")
            assert card.details is not None
            assert card.details.recommended == await cached.recommendations(ref, "en")
            assert card.details.similar == await cached.similar(ref, "en", 1)
        assert len(world.calls) == 1
        assert refs(await cached.recommendations(ref, "en")) == refs(await tmdb.recommendations(ref, "en"))
        assert refs(await cached.similar(ref, "en", 1)) == refs(await tmdb.similar(ref, "en", 1))


async def test_a_films_card_has_everything(tmdb: SigningUp) -> None:
    card = await tmdb.title(FIGHT_CLUB, "en")
    assert card.overview == "What Fight Club is about."
    assert card.vote_count is not None
    assert card.details is not None
    details = card.details
    assert details.trailer == Trailer("trailer550", "en")
    assert details.trailer.address == "https://www.youtube.com/watch?v=trailer550"
    assert (details.certification("DE"), details.certification("US")) == ("16", "R")
    assert details.certification("FR") is None
    assert details.offered("FR") is None
    assert details.offered("US") == Offers(
        "US",
        stream=(Provider(337, "Disney Plus"),),
        rent=(Provider(10, "Amazon Video"),),
        buy=(Provider(2, "Apple TV"),),
        link="https://www.themoviedb.org/movie/550/watch?locale=US",
    )
    assert details.status is Status.RELEASED
    assert (details.season_count, details.seasons, details.next_episode) == (None, (), None)
    assert hash(card) == hash(await tmdb.title(FIGHT_CLUB, "en"))


async def test_a_series_card_tells_its_seasons_and_what_comes_next(tmdb: SigningUp, world: World) -> None:
    details = (await tmdb.title(SIMPSONS, "en")).details
    assert details is not None
    assert (details.season_count, details.episode_count) == (2, 16)
    assert [(one.number, one.count) for one in details.seasons] == [(1, 8), (2, 8)]
    assert details.next_episode == Episode(3, 1, "Episode 1", world.day(3), 22)
    assert details.last_episode is not None
    assert details.status is Status.RETURNING
    assert details.certification("US") == "TV-14"
    ended = (await tmdb.title(BREAKING_BAD, "en")).details
    assert ended is not None
    assert (ended.next_episode, ended.status) == (None, Status.ENDED)


async def test_what_nobody_wrote_in_ones_language_is_shown_in_another(tmdb: SigningUp, world: World) -> None:
    german = await tmdb.title(GODFATHER, "de")
    assert (german.name, german.overview) == ("Der Pate", "Worum es in „Der Pate“ geht.")
    assert german.details is not None
    assert german.details.trailer == Trailer("trailer238-de", "de")
    assert len(world.calls) == 1
    original = await tmdb.title(FIGHT_CLUB, "de-AT")
    assert original.overview == "What Fight Club is about."
    assert original.details is not None
    assert original.details.trailer == Trailer("trailer550", "en")
    assert len(world.calls) == 3
    japanese = await tmdb.title(SPIRITED_AWAY, "de")
    assert japanese.overview == "What Spirited Away is about."
    assert [call.query["language"] for call in world.calls[3:]] == ["de", "ja", "en"]


async def test_a_card_does_without_an_overview_that_does_not_come(tmdb: SigningUp, world: World) -> None:
    world.faults.add(Fault(refused=not_found()), path=r"movie/550$", when=lambda call: call.query["language"] == "en")
    card = await tmdb.title(FIGHT_CLUB, "de")
    assert card.name == "Fight Club"
    assert card.overview is None


async def test_a_season_has_its_episodes(tmdb: SigningUp) -> None:
    season = await tmdb.season(BREAKING_BAD, 2, "en")
    assert (season.number, season.name, season.count, len(season.episodes)) == (2, "Season 2", 8, 8)
    assert season.episodes[0] == Episode(2, 1, "Episode 1", season.air_date, 45)
    for ref, number in ((BREAKING_BAD, 99), (FIGHT_CLUB, 1)):
        with pytest.raises(NoSuchSeason):
            await tmdb.season(ref, number, "en")


async def test_what_streams_on_ones_services(tmdb: SigningUp) -> None:
    services = await tmdb.providers("DE", "en")
    assert [service.name for service in services] == ["Netflix", "Apple TV", "Disney Plus", "Amazon Video"]
    assert await tmdb.providers("FR", "en") == ()
    found = await tmdb.discover(Kind.MOVIE, "en", Filters(providers=(8, 9), country="DE"), 1)
    for ref in refs(found)[:3]:
        details = (await tmdb.title(ref, "en")).details
        assert details is not None
        offers = details.offered("DE")
        assert offers is not None
        assert Provider(8, "Netflix") in offers.stream


async def test_what_is_trending_coming_and_on_the_air(tmdb: SigningUp, world: World) -> None:
    both = await tmdb.trending(Window.WEEK, None, "en", 1)
    assert {ref.kind for ref in refs(both)} == set(Kind)
    assert (both.total_pages, both.total_results) == (1, 20)
    assert {ref.kind for ref in refs(await tmdb.trending(Window.DAY, Kind.TV, "en", 1))} == {Kind.TV}
    world.calls.clear()
    assert (await tmdb.trending(Window.WEEK, None, "en", 2)).results == ()
    assert world.calls == []
    coming = await tmdb.upcoming("en", "DE", 1)
    assert {listed.title.name for listed in coming.results} >= {"Tomorrow's Premiere", "Next Month's Feature"}
    assert SIMPSONS in refs(await tmdb.airing("en", 1, "Europe/Berlin"))


async def test_nothing_is_for_adults(tmdb: SigningUp) -> None:
    adult = {TitleRef(Kind.MOVIE, 9_000_001), TitleRef(Kind.TV, 9_000_002)}
    for kind in Kind:
        for number in range(1, 4):
            assert not adult & set(refs(await tmdb.discover(kind, "en", Filters((Genre.DRAMA,)), number)))


# ── What a stranger's server may say ──

RUBBISH: list[Any] = [
    None,
    True,
    -1,
    2**70,
    1.5,
    "",
    "\ud800",
    "x" * 5_000,
    "javascript:alert(1)",
    [],
    {},
    [[]],
    [{}],
    {"results": 5},
    {"results": [None, 5, {}]},
    {"DE": {"link": "https://evil.test/", "flatrate": [{"provider_id": "8", "provider_name": 5}]}, "de": {}, "D": 5},
]
CARD: dict[str, Any] = {
    "id": 1396,
    "name": "A series",
    "overview": "It is about.",
    "status": "Ended",
    "vote_count": 5,
    "number_of_seasons": 2,
    "seasons": [{"season_number": 1, "episode_count": 3, "name": "One", "air_date": "2020-01-01"}],
    "next_episode_to_air": {"season_number": 2, "episode_number": 1, "name": "Next", "air_date": "2030-01-01"},
    "content_ratings": {"results": [{"iso_3166_1": "DE", "rating": "16"}]},
    "videos": {"results": [{"site": "YouTube", "type": "Trailer", "key": "abcdefghijk", "iso_639_1": "en"}]},
    "watch/providers": {"results": {"DE": {"link": "", "flatrate": [{"provider_id": 8, "provider_name": "N"}]}}},
    "recommendations": {"page": 1, "results": [{"id": 5, "name": "Five"}], "total_pages": 1, "total_results": 1},
    "similar": {"page": 1, "results": [], "total_pages": 0, "total_results": 0},
}


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where all that is in `value` is."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, one in inner for place in places(one, (*at, key)))]


def with_rubbish(value: Any, at: tuple[Any, ...], rubbish: Any) -> Any:
    """`value` with `rubbish` in one place."""
    if not at:
        return rubbish
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[at[0]] = with_rubbish(value[at[0]], at[1:], rubbish)
    return changed


def test_rubbish_in_any_place_of_a_card_leaves_the_rest_of_it() -> None:
    good = cards.title(CARD, BREAKING_BAD, "en")
    assert good.details is not None
    assert good.details.offers
    assert good.details.trailer
    for place in places(CARD)[1:]:
        for rubbish in RUBBISH:
            said = with_rubbish(CARD, place, rubbish)
            if place == ("id",):
                with pytest.raises(BackendDown):
                    cards.title(said, BREAKING_BAD, "en")
                continue
            card = cards.title(said, BREAKING_BAD, "en")
            assert isinstance(card.details, Details)
            assert "evil" not in repr(card)
            trailer = card.details.trailer
            assert trailer is None or trailer.address == "https://www.youtube.com/watch?v=abcdefghijk"


@pytest.mark.parametrize("call", (CALLS | TMDB_ALONE).values(), ids=CALLS | TMDB_ALONE)
async def test_a_broken_answer_is_an_error_of_ours(tmdb: SigningUp, world: World, call: Call) -> None:
    for fault in (faults.html(), faults.truncated(), faults.garbage()):
        held = world.faults.add(fault, times=None)
        with pytest.raises(MarqueeError):
            await call(tmdb)
        held.off()


def test_values_check_themselves() -> None:
    made: list[Callable[[], object]] = [
        lambda: Provider(0, "Netflix"),
        lambda: Provider(8, ""),
        lambda: Offers("de"),
        lambda: Offers("DE", link="https://evil.test/"),
        lambda: Trailer("a b c d e f"),
        lambda: Trailer('abcdef"'),
        lambda: Episode(-1, 1),
        lambda: Episode(1, 1, air_date="2020-02-30"),
        lambda: Season(1, count=-1),
        lambda: Star(0, "Nobody"),
        lambda: Star(1, "Somebody", profile_path="//evil.test/x.jpg"),
        lambda: Filters(providers=(8,)),
        lambda: Filters(decade=1995),
        lambda: Filters(max_runtime=0),
        lambda: Filters(genres=(-1,)),
        lambda: Filters(country="Germany"),
        lambda: Details(season_count=-1),
    ]
    for make in made:
        with pytest.raises(ValueError, match="not "):
            make()


# ── The facts alone ──


@pytest.mark.parametrize("call", TMDB_ALONE.values(), ids=TMDB_ALONE)
async def test_what_takes_tmdb_is_declined_in_a_sentence(facts: OfflineDiscovery, call: Call) -> None:
    with pytest.raises(NotHere):
        await call(NoDiscovery())
    with pytest.raises(NotHere) as raised:
        await call(facts)
    assert phrases("en").text(raised.value.sentence) == "That needs TMDB, which isn't connected here."
    assert phrases("de").text(raised.value.sentence) == "Dafür braucht es TMDB, das hier nicht verbunden ist."


async def test_by_the_facts_the_likest_come_first(facts: OfflineDiscovery, offline: Offline) -> None:
    async def names(ref: TitleRef) -> list[str]:
        return [listed.title.name for listed in (await facts.similar(ref, "en", 1)).results]

    assert (await names(GODFATHER))[0] == "The Godfather: Part II"
    assert (await names(BREAKING_BAD))[0] == "Better Call Saul"
    assert "My Neighbor Totoro" in (await names(SPIRITED_AWAY))[:5]


async def test_what_others_here_rated_high_is_recommended_and_what_they_did_not_is_not(
    facts: OfflineDiscovery, offline: Offline, db: Database
) -> None:
    [best, *_, last] = refs(await facts.recommendations(FIGHT_CLUB, "en"))
    far = TitleRef(Kind.MOVIE, 11)
    assert far not in refs(await facts.recommendations(FIGHT_CLUB, "en"))
    ann, ben, carl, dora = [await offline.create(name) for name in ("Ann", "Ben", "Carl", "Dora")]
    for who in (ann, ben, carl):
        await offline.rate(who, FIGHT_CLUB, Rating.of(9))
        await offline.rate(who, far, Rating.of(10))
        await offline.rate(who, best, Rating.of(1))
    await offline.rate(dora, FIGHT_CLUB, Rating.of(2))
    await offline.rate(dora, last, Rating.of(0.5))
    recommended = refs(await facts.recommendations(FIGHT_CLUB, "en"))
    assert far in recommended[:5]
    assert best not in recommended
    assert last in recommended
    # Another service's lists, as they are mirrored, count the same.
    for number in range(5):
        await db.write("insert into mirror_lists values ('tmdb', :id, 'rated', 'movie', 2, 1, 1)", id=number)
        for title_id, rating in ((550, 18), (last.id, 20)):
            await db.write(
                "insert into mirror_titles values ('tmdb', :id, 'rated', 'movie', :title_id, 1, null, :rating)",
                id=number,
                title_id=title_id,
                rating=rating,
            )
    assert last in refs(await facts.recommendations(FIGHT_CLUB, "en"))[:5]


async def test_what_is_on_most_watchlists_here_is_popular(
    facts: OfflineDiscovery, offline: Offline, clock: Clock
) -> None:
    assert refs(await facts.popular(Kind.MOVIE, "en", 1))[0] != FIGHT_CLUB
    for name in ("Ann", "Ben"):
        await offline.set_watchlist(await offline.create(name), FIGHT_CLUB, True)
    clock.now += 301  # seconds: it is counted anew
    assert refs(await facts.popular(Kind.MOVIE, "en", 1))[0] == FIGHT_CLUB
    assert refs(await facts.discover(Kind.MOVIE, "en", Filters(decade=1990), 1))[0] == FIGHT_CLUB


async def test_a_title_from_beyond_the_facts_has_likes_among_them(
    offline: Offline, db: Database, tmdb: SigningUp
) -> None:
    beyond = await Offline.open(db, beyond=tmdb)
    facts = await OfflineDiscovery.open(db)
    other = TitleRef(Kind.TV, 550)
    await beyond.set_watchlist(await beyond.create("Ann"), other, True)
    assert refs(await facts.similar(other, "en", 1))


async def test_peoples_numbers_are_out_of_tmdbs_way_and_stay(facts: OfflineDiscovery, db: Database) -> None:
    found = await facts.people("hitchcok", "en", 1)
    assert [star.name for star in found.results] == ["Alfred Hitchcock"]
    assert found.results[0].id == 1_620_573_262 > FIRST_PERSON
    assert found.results[0].department == "Directing"
    again = await OfflineDiscovery.open(db)
    assert await again.person(found.results[0].id, "de") == found.results[0]


# ── Genres ──


def test_every_genre_has_a_name_that_is_translated(offline: Offline) -> None:
    assert {genre.english for genre in Genre} == GENRES
    assert set(Genre) == {genre for genres in GENRES_OF.values() for genre in genres}


async def test_the_facts_genres_are_among_them(facts: OfflineDiscovery) -> None:
    for kind in Kind:
        for number in range(1, 4):
            for listed in (await facts.popular(kind, "en", number)).results:
                title = listed.title
                assert [Genre(one).english for one in title.genre_ids] == list(title.genres)
                assert set(title.genre_ids) <= set(GENRES_OF[kind])


async def test_what_all_ask_at_once_is_one_request(tmdb: SigningUp, world: World) -> None:
    cached: Finder = Cached(tmdb)
    held = world.faults.add(faults.hangs(), path=r"movie/popular$", times=None)
    loop = asyncio.get_running_loop()
    reads = [loop.create_task(cached.popular(Kind.MOVIE, "en", 1)) for _ in range(10)]
    await world.until(lambda: held.hits)
    held.off()
    assert len(set(await asyncio.gather(*reads))) == 1
    assert len(world.calls) == 1
