"""The account API's contract, line by line, over every life that it has."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.backends.offline.facts import Facts
from bot.core.errors import NoSuchImdbTitle, NoSuchTitle, Refused, SessionEnded
from bot.core.model import (
    EVERY_RATING,
    Kind,
    Order,
    Page,
    Rating,
    Section,
    Session,
    TitleRef,
    TitleState,
)
from tests.contracts.conftest import Clock, Whole

FIGHT_CLUB = TitleRef(Kind.MOVIE, 550)
HEAT_OF_ELSEWHERE = TitleRef(Kind.MOVIE, 2_000_000_000)
MIRROR = TitleRef(Kind.MOVIE, 1396)
PULP_FICTION = TitleRef(Kind.MOVIE, 680)
BREAKING_BAD = TitleRef(Kind.TV, 1396)
FILMS = [TitleRef(Kind.MOVIE, row.title_id) for row, _ in Facts.read().titles() if row.kind == "movie"]

Write = Callable[[Whole, Session, TitleRef], Awaitable[None]]


async def favorite(service: Whole, who: Session, ref: TitleRef) -> None:
    await service.set_favorite(who, ref, True)


async def watch(service: Whole, who: Session, ref: TitleRef) -> None:
    await service.set_watchlist(who, ref, True)


async def rate(service: Whole, who: Session, ref: TitleRef) -> None:
    await service.rate(who, ref, Rating.of(8.5))


async def unrate(service: Whole, who: Session, ref: TitleRef) -> None:
    await service.unrate(who, ref)


async def not_favorite(service: Whole, who: Session, ref: TitleRef) -> None:
    await service.set_favorite(who, ref, False)


async def unwatch(service: Whole, who: Session, ref: TitleRef) -> None:
    await service.set_watchlist(who, ref, False)


WRITES = [favorite, not_favorite, watch, unwatch, rate, unrate]
ONTO: dict[Section, Write] = {
    Section.FAVORITES: favorite,
    Section.WATCHLIST: watch,
    Section.RATED: rate,
}
OFF: dict[Section, Write] = {
    Section.FAVORITES: not_favorite,
    Section.WATCHLIST: unwatch,
    Section.RATED: unrate,
}


async def page(
    service: Whole,
    who: Session,
    section: Section,
    number: int = 1,
    order: Order = Order.NEWEST,
    kind: Kind = Kind.MOVIE,
) -> Page:
    return await service.titles(who, section, kind, order, number, "en")


async def on(service: Whole, who: Session, section: Section, order: Order = Order.OLDEST) -> list[int]:
    """The ids on the first page of a list of films."""
    return [one.title.ref.id for one in (await page(service, who, section, order=order)).results]


# ── Accounts and sessions ──


async def test_a_new_account_tells_who_it_is(service: Whole) -> None:
    session = await service.create("Zoë 🎬", "zoe")
    account = await service.account(session.token)
    assert (account.id, account.name, account.username) == (session.account_id, "Zoë 🎬", "zoe")
    assert (account.language, account.country, account.include_adult) == ("en", "US", False)
    assert len(account.gravatar) in {32, 64}  # both of Gravatar's hashes


async def test_an_account_without_a_username_gets_one(service: Whole) -> None:
    session = await service.create("Ann")
    assert (await service.account(session.token)).username == f"account{session.account_id}"


async def test_a_name_has_1_to_64_characters(service: Whole) -> None:
    for name in ("", " \t", "\x00", "\ud800", "x" * 65):
        with pytest.raises(Refused):
            await service.create(name)
    assert (await service.create("x" * 64)).account_name == "x" * 64


async def test_what_cannot_be_shown_is_left_out_of_a_name(service: Whole) -> None:
    session = await service.create("\u202eAnn\x00\ud800 \n Lee")
    assert (await service.account(session.token)).name == "Ann Lee"


async def test_a_token_that_is_nobodys_opens_nothing(service: Whole, ann: Session) -> None:
    for token in ("", "wrong", "ünicode", "\ud800", "a\nb", "x" * 5000):
        with pytest.raises(SessionEnded):
            await service.account(token)
        with pytest.raises(SessionEnded):
            await service.rate(Session(ann.account_id, token), FIGHT_CLUB, Rating(1))
    assert await service.state(ann, FIGHT_CLUB) == TitleState()


async def test_after_signing_out_the_token_is_no_longer_valid(service: Whole, ann: Session, ben: Session) -> None:
    await service.end(ann)
    with pytest.raises(SessionEnded):
        await service.account(ann.token)
    with pytest.raises(SessionEnded):
        await page(service, ann, Section.RATED)
    with pytest.raises(SessionEnded):
        await service.end(ann)
    assert (await service.account(ben.token)).name == "Ben"


# ── Lists ──


@pytest.mark.parametrize("section", Section)
async def test_a_title_comes_onto_a_list_and_off_it(service: Whole, ann: Session, section: Section) -> None:
    for _ in range(2):
        await ONTO[section](service, ann, FIGHT_CLUB)
        found = await page(service, ann, section)
        assert [(one.title.ref, one.title.name, one.title.year) for one in found.results] == [
            (FIGHT_CLUB, "Fight Club", 1999)
        ]
        assert (found.page, found.total_pages, found.total_results) == (1, 1, 1)
    for _ in range(2):
        await OFF[section](service, ann, FIGHT_CLUB)
        found = await page(service, ann, section)
        assert (found.results, found.page, found.total_pages, found.total_results) == ((), 1, 0, 0)


async def test_the_state_is_the_whole_of_what_was_said(service: Whole, ann: Session) -> None:
    assert await service.state(ann, FIGHT_CLUB) == TitleState()
    await favorite(service, ann, FIGHT_CLUB)
    await rate(service, ann, FIGHT_CLUB)
    await watch(service, ann, FIGHT_CLUB)
    assert await service.state(ann, FIGHT_CLUB) == TitleState(Rating(17), watchlist=True, favorite=True)
    await not_favorite(service, ann, FIGHT_CLUB)
    await unrate(service, ann, FIGHT_CLUB)
    assert await service.state(ann, FIGHT_CLUB) == TitleState(watchlist=True)


@pytest.mark.parametrize("section", Section)
async def test_45_titles_are_three_pages_each_way(service: Whole, ann: Session, section: Section) -> None:
    # The clock stands still: the order is that of coming onto the list, whatever the clock says.
    films = FILMS[40:85][::-1]
    for ref in films:
        await ONTO[section](service, ann, ref)
    for order, expected in ((Order.OLDEST, films), (Order.NEWEST, films[::-1])):
        pages = [await page(service, ann, section, number, order) for number in (1, 2, 3, 4, 500)]
        assert [[one.title.ref for one in found.results] for found in pages] == [
            expected[:20],
            expected[20:40],
            expected[40:],
            [],
            [],
        ]
        assert [found.page for found in pages] == [1, 2, 3, 4, 500]
        assert {(found.total_pages, found.total_results) for found in pages} == {(3, 45)}
    assert (await page(service, ann, section, kind=Kind.TV)).total_results == 0


@pytest.mark.parametrize("section", Section)
async def test_what_is_there_already_keeps_its_place(
    service: Whole, ann: Session, section: Section, clock: Clock
) -> None:
    one, two, three = FILMS[:3]
    for ref in (one, two, one):
        await ONTO[section](service, ann, ref)
        clock.now += 60
    assert await on(service, ann, section) == [one.id, two.id]
    clock.now -= 3600  # as clocks do when they are put right
    await ONTO[section](service, ann, three)
    assert await on(service, ann, section) == [one.id, two.id, three.id]
    await OFF[section](service, ann, one)
    await ONTO[section](service, ann, one)
    assert await on(service, ann, section) == [two.id, three.id, one.id]
    assert await on(service, ann, section, Order.NEWEST) == [one.id, three.id, two.id]


async def test_pages_are_numbered_from_1_to_500(service: Whole, ann: Session) -> None:
    for number in (0, -1, 501, 2**63):
        with pytest.raises(Refused):
            await page(service, ann, Section.RATED, number)
        for words in ("fight club", ""):
            with pytest.raises(Refused):
                await service.search(words, None, None, "en", number)


async def test_a_language_may_have_a_country(service: Whole, ann: Session) -> None:
    await rate(service, ann, FIGHT_CLUB)
    for language in ("de", "de-DE"):
        found = await service.titles(ann, Section.RATED, Kind.MOVIE, Order.NEWEST, 1, language)
        assert found.total_results == 1


# ── Ratings ──


async def test_every_half_point_is_kept_and_replaces_the_last(service: Whole, ann: Session) -> None:
    for rating in EVERY_RATING:
        await service.rate(ann, FIGHT_CLUB, rating)
        assert (await service.state(ann, FIGHT_CLUB)).rating == rating
    found = await page(service, ann, Section.RATED)
    assert [one.rating for one in found.results] == [Rating(20)]


async def test_rating_takes_the_title_off_the_watchlist(service: Whole, ann: Session) -> None:
    await watch(service, ann, FIGHT_CLUB)
    await favorite(service, ann, FIGHT_CLUB)
    await rate(service, ann, FIGHT_CLUB)
    assert await service.state(ann, FIGHT_CLUB) == TitleState(Rating(17), favorite=True)
    assert await on(service, ann, Section.WATCHLIST) == []
    await unrate(service, ann, FIGHT_CLUB)
    assert await on(service, ann, Section.WATCHLIST) == []


async def test_every_list_shows_the_own_rating(service: Whole, ann: Session, ben: Session) -> None:
    for who, value in ((ann, 8.5), (ben, 3.0)):
        await service.rate(who, FIGHT_CLUB, Rating.of(value))
        await watch(service, who, FIGHT_CLUB)
        await favorite(service, who, FIGHT_CLUB)
        await favorite(service, who, MIRROR)
    for who, value in ((ann, 8.5), (ben, 3.0)):
        for section in Section:
            found = (await page(service, who, section)).results
            ratings = {one.title.ref: one.rating for one in found}
            assert ratings.pop(FIGHT_CLUB) == Rating.of(value)
            assert ratings == ({MIRROR: None} if section is Section.FAVORITES else {})


# ── Which title, and whose ──


async def test_1396_is_a_film_and_a_series(service: Whole, ann: Session) -> None:
    await service.rate(ann, MIRROR, Rating.of(9))
    await service.rate(ann, BREAKING_BAD, Rating.of(4))
    await service.set_favorite(ann, BREAKING_BAD, True)
    await service.unrate(ann, MIRROR)
    assert await service.state(ann, MIRROR) == TitleState()
    assert await service.state(ann, BREAKING_BAD) == TitleState(Rating(8), favorite=True)
    assert (await page(service, ann, Section.FAVORITES, kind=Kind.MOVIE)).results == ()
    series = await page(service, ann, Section.FAVORITES, kind=Kind.TV)
    assert [one.title.name for one in series.results] == ["Breaking Bad"]


async def test_a_title_that_nobody_knows_is_refused(service: Whole, ann: Session) -> None:
    for write in WRITES:
        with pytest.raises(NoSuchTitle):
            await write(service, ann, HEAT_OF_ELSEWHERE)
    with pytest.raises(NoSuchTitle):
        await service.state(ann, HEAT_OF_ELSEWHERE)
    for section in Section:
        assert await on(service, ann, section) == []


async def test_another_account_is_out_of_reach(service: Whole, ann: Session, ben: Session) -> None:
    await favorite(service, ben, MIRROR)
    before = [await page(service, ben, section) for section in Section]
    as_ben = Session(ben.account_id, ann.token)
    for write in (favorite, not_favorite, watch, unwatch):
        with pytest.raises(Refused):
            await write(service, as_ben, MIRROR)
    for section in Section:
        with pytest.raises(Refused):
            await page(service, as_ben, section)
    assert [await page(service, ben, section) for section in Section] == before


async def test_fifty_accounts_at_once_never_mix(service: Whole) -> None:
    people = await asyncio.gather(*(service.create(f"canary {number}") for number in range(50)))

    async def act(number: int, who: Session) -> None:
        own, rating = FILMS[number], EVERY_RATING[number % 20]
        await service.set_watchlist(who, FIGHT_CLUB, number % 2 == 0)
        await service.set_favorite(who, own, True)
        await service.rate(who, own, rating)
        assert (await service.account(who.token)).name == f"canary {number}"
        assert await service.state(who, own) == TitleState(rating, favorite=True)

    await asyncio.gather(*(act(number, who) for number, who in enumerate(people)))
    for number, who in enumerate(people):
        assert await on(service, who, Section.FAVORITES) == [FILMS[number].id]
        rated = (await page(service, who, Section.RATED)).results
        assert [(one.title.ref, one.rating) for one in rated] == [(FILMS[number], EVERY_RATING[number % 20])]
        assert await on(service, who, Section.WATCHLIST) == ([550] if number % 2 == 0 else [])


# ── The catalogue ──


async def test_a_search_finds_titles_of_the_kind_asked_for(service: Whole) -> None:
    for kind, expected in (
        (None, ["Mirror", "Black Mirror"]),
        (Kind.MOVIE, ["Mirror"]),
        (Kind.TV, ["Black Mirror"]),
    ):
        found = await service.search("mirror", kind, None, "en", 1)
        assert [one.title.name for one in found.results] == expected
        assert (found.total_results, found.total_pages) == (len(expected), 1)


async def test_a_search_is_paged_and_counts_everything(service: Whole) -> None:
    pages = [await service.search("the", None, None, "en", number) for number in range(1, 12)]
    refs = [one.title.ref for found in pages for one in found.results]
    assert {(found.total_results, found.total_pages) for found in pages} == {(len(refs), -(-len(refs) // 20))}
    assert len(set(refs)) == len(refs) > 100
    assert pages[-1].results == ()


async def test_a_search_of_a_year_is_of_that_year(service: Whole) -> None:
    found = await service.search("batman", Kind.MOVIE, 2005, "en", 1)
    assert [one.title.name for one in found.results] == ["Batman Begins"]


async def test_a_search_without_anything_alike_is_empty(service: Whole) -> None:
    for words in ("", "   ", "!!!", "\x00", "\ud800", "zzzz", "'; drop table titles --", '"*'):
        found = await service.search(words, None, None, "en", 1)
        assert (found.results, found.total_pages, found.total_results) == ((), 0, 0)


async def test_long_words_are_searched_as_far_as_they_go(service: Whole) -> None:
    assert (await service.search("fight club " * 200, None, None, "en", 1)).total_results >= 0


async def test_a_title_is_described(service: Whole) -> None:
    title = await service.title(FIGHT_CLUB, "en")
    assert (title.name, title.year, title.runtime, title.imdb_id) == ("Fight Club", 1999, 139, "tt0137523")
    assert (title.genres, title.makers, title.cast[:2]) == (
        ("Drama",),
        ("David Fincher",),
        ("Edward Norton", "Brad Pitt"),
    )
    series = await service.title(BREAKING_BAD, "en")
    assert (series.ref, series.name, series.makers) == (BREAKING_BAD, "Breaking Bad", ("Vince Gilligan",))
    assert (await service.title(MIRROR, "en")).original_name == "Зеркало"


async def test_a_title_of_which_only_the_year_is_known_has_one(service: Whole) -> None:
    shogun = await service.title(TitleRef(Kind.TV, 126308), "en")
    assert (shogun.year, shogun.release_date) == (2024, None)


async def test_an_unknown_title_is_not_described(service: Whole) -> None:
    with pytest.raises(NoSuchTitle):
        await service.title(TitleRef(Kind.TV, PULP_FICTION.id), "en")


async def test_a_title_is_found_by_its_imdb_id(service: Whole) -> None:
    assert await service.find("tt0137523") == FIGHT_CLUB
    assert await service.find("tt0903747") == BREAKING_BAD
    with pytest.raises(NoSuchImdbTitle):
        await service.find("tt9999999")
