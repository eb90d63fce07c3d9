"""TMDB over its double: what it is asked, what goes wrong on the way, and whose session goes along."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from random import Random
from typing import Any

import pytest

from bot.backends.cached import Cached
from bot.backends.tmdb import IMAGES, Tmdb, tmdb_client
from bot.core import logs
from bot.core.errors import (
    BackendDown,
    KeyRefused,
    MarqueeError,
    NoSuchImdbTitle,
    NoSuchTitle,
    NotApproved,
    RateLimited,
    Refused,
    SessionEnded,
)
from bot.core.model import EVERY_RATING, Kind, Order, Rating, Section, Session, TitleRef, TitleState
from tests.contracts.conftest import BACK, WEB, SigningUp, tmdb_double, tmdb_over
from tests.doubles.tmdb import Title, faults
from tests.doubles.tmdb import Tmdb as World
from tests.doubles.tmdb.faults import Fault
from tests.doubles.tmdb.refusals import Refused as Says
from tests.doubles.tmdb.refusals import not_found

FIGHT_CLUB = TitleRef(Kind.MOVIE, 550)
GODFATHER = TitleRef(Kind.MOVIE, 238)
BREAKING_BAD = TitleRef(Kind.TV, 1396)
NOWHERE = TitleRef(Kind.MOVIE, 2_000_000_000)

Call = Callable[[Tmdb, Session], Awaitable[object]]
PERSONAL: dict[str, Call] = {
    "account": lambda tmdb, who: tmdb.account(who.token),
    "titles": lambda tmdb, who: tmdb.titles(who, Section.RATED, Kind.TV, Order.NEWEST, 1, "en"),
    "favorite": lambda tmdb, who: tmdb.set_favorite(who, FIGHT_CLUB, True),
    "watchlist": lambda tmdb, who: tmdb.set_watchlist(who, BREAKING_BAD, False),
    "rate": lambda tmdb, who: tmdb.rate(who, FIGHT_CLUB, Rating(17)),
    "unrate": lambda tmdb, who: tmdb.unrate(who, FIGHT_CLUB),
    "state": lambda tmdb, who: tmdb.state(who, FIGHT_CLUB),
}
SHARED: dict[str, Call] = {
    "search": lambda tmdb, _: tmdb.search("heat", None, None, "en", 1),
    "title": lambda tmdb, _: tmdb.title(BREAKING_BAD, "en"),
    "find": lambda tmdb, _: tmdb.find("tt0137523"),
    "image_base": lambda tmdb, _: tmdb.image_base(),
    "check": lambda tmdb, _: tmdb.check(),
}
CALLS = PERSONAL | SHARED
RAISING = {name: call for name, call in CALLS.items() if name != "image_base"}
personal = pytest.mark.parametrize("call", PERSONAL.values(), ids=PERSONAL)
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


@pytest.fixture
async def double() -> AsyncIterator[tuple[World, str]]:
    async with tmdb_double() as double:
        yield double


@pytest.fixture
def world(double: tuple[World, str]) -> World:
    return double[0]


@pytest.fixture
async def tmdb(double: tuple[World, str]) -> AsyncIterator[SigningUp]:
    async with tmdb_over(*double) as tmdb:
        yield tmdb


@pytest.fixture
async def ann(tmdb: SigningUp, world: World) -> Session:
    session = await tmdb.create("Ann", "ann")
    world.calls.clear()
    return session


# ── What it costs ──


@every_call
async def test_everything_is_one_request(tmdb: Tmdb, world: World, ann: Session, call: Call) -> None:
    await call(tmdb, ann)
    assert len(world.calls) == 1


async def test_signing_in_is_four_requests_and_out_two(tmdb: SigningUp, world: World) -> None:
    ben = await tmdb.create("Ben")
    assert len(world.calls) == 4
    await Tmdb.end(tmdb, ben)
    assert len(world.calls) == 6


async def test_a_card_is_one_request_and_the_next_time_none(tmdb: Tmdb, world: World) -> None:
    now = 0.0
    cached = Cached(tmdb, clock=lambda: now)
    found = [await cached.title(FIGHT_CLUB, "en") for _ in range(3)]
    assert found[0] == found[2]
    await cached.find("tt0137523")
    await cached.find("tt0137523")
    await cached.search("heat", None, None, "en", 1)
    await cached.search("heat", None, None, "en", 1)
    assert len(world.calls) == 3
    await cached.title(GODFATHER, "de")
    now = 301  # seconds: searches are done anew, titles are not
    await cached.title(FIGHT_CLUB, "en")
    await cached.search("heat", None, None, "en", 1)
    assert len(world.calls) == 5
    for _ in range(2):
        with pytest.raises(NoSuchTitle):
            await cached.title(NOWHERE, "en")
    assert len(world.calls) == 7


async def test_what_all_want_at_once_is_one_request_and_what_is_personal_never(
    tmdb: SigningUp, world: World, ann: Session
) -> None:
    ben = await tmdb.create("Ben")
    cached = Cached(tmdb)
    held = [world.faults.add(faults.hangs(), path=path, times=None) for path in (r"movie/550$", "account_states")]
    loop = asyncio.get_running_loop()
    reads = [loop.create_task(catalogue.title(FIGHT_CLUB, "en")) for catalogue in (tmdb, cached) * 10]
    states = [loop.create_task(tmdb.state(who, FIGHT_CLUB)) for who in (ann, ben) * 3]
    await world.until(lambda: all(fault.hits for fault in held))
    reads[0].cancel()
    for fault in held:
        fault.off()
    assert len(set(await asyncio.gather(*reads[1:]))) == 1
    await asyncio.gather(*states)
    assert len(world.called("GET", "/3/movie/550")) == 1
    asked = [call.account for call in world.called("GET", "/3/movie/550/account_states")]
    assert sorted(filter(None, asked)) == ["ann"] * 3 + ["user1"] * 3


# ── What goes wrong on the way ──

BROKEN = {
    "before": faults.reset_before(),
    "after": faults.reset_after(),
    "cut": faults.cut(),
    "truncated": faults.truncated(),
    "garbage": faults.garbage(),
    "html": faults.html(),
    "500": faults.server_error(500),
    "502": faults.error_page(502),
    "503": faults.server_error(503),
    "504": faults.server_error(504),
}
broken = pytest.mark.parametrize("fault", BROKEN.values(), ids=BROKEN)


@broken
async def test_one_failure_is_not_noticed_and_nothing_is_done_twice(
    tmdb: Tmdb, world: World, ann: Session, fault: Fault
) -> None:
    for name, call in CALLS.items():
        planned = world.faults.add(fault)
        await call(tmdb, ann)
        assert planned.hits == 1, name
    await tmdb.rate(ann, FIGHT_CLUB, Rating(5))
    world.faults.add(fault)
    await tmdb.rate(ann, FIGHT_CLUB, Rating(9))
    assert world.accounts[ann.account_id].ratings == {("movie", 550): 4.5}


@pytest.mark.parametrize("fault", [faults.garbage(), faults.server_error()])
@every_call
async def test_tmdb_being_down_is_said_after_four_tries(
    tmdb: Tmdb, world: World, ann: Session, fault: Fault, call: Call
) -> None:
    planned = world.faults.add(fault, times=None)
    if call is SHARED["image_base"]:
        assert await tmdb.image_base() == IMAGES
        assert await tmdb.image_base() == IMAGES
    else:
        with pytest.raises(BackendDown):
            await call(tmdb, ann)
    assert planned.hits == 4


async def test_a_long_wait_is_not_begun(tmdb: Tmdb, world: World, ann: Session) -> None:
    for call in RAISING.values():
        with world.faults.add(faults.retry_after(30), times=None) as planned:
            with pytest.raises(RateLimited) as caught:
                await call(tmdb, ann)
            assert (caught.value.retry_after, planned.hits) == (30, 1)


async def test_one_that_hangs_holds_up_nobody_else(tmdb: SigningUp, world: World, ann: Session) -> None:
    ben = await tmdb.create("Ben")
    with world.faults.add(faults.hangs(), path="account_states") as hanging:
        waiting = asyncio.get_running_loop().create_task(tmdb.state(ann, FIGHT_CLUB))
        await world.until(lambda: hanging.hits)
        async with asyncio.timeout(1):
            await tmdb.state(ben, FIGHT_CLUB)
        assert not waiting.done()
    assert await waiting == TitleState()


async def test_fifty_people_on_a_bad_day_end_where_they_wanted(tmdb: SigningUp, world: World) -> None:
    accounts = [world.account(f"canary{number}") for number in range(50)]
    people = [Session(account.id, world.session(account)) for account in accounts]
    films = [TitleRef(Kind.MOVIE, number) for kind, number in world.titles if kind == "movie"][:50]
    shares = {faults.server_error(500): 0.05, faults.reset_before(): 0.01, faults.reset_after(): 0.03}
    world.faults.mix(7, shares | {faults.garbage(): 0.02})

    async def until_done(call: Callable[[], Awaitable[Any]]) -> Any:
        while True:
            try:
                return await call()
            except BackendDown:
                pass  # as a person would, who presses again

    async def act(who: Session, own: TitleRef, random: Random) -> None:
        first, last = random.sample(EVERY_RATING, 2)
        await until_done(lambda: tmdb.rate(who, own, first))
        await until_done(lambda: tmdb.rate(who, own, last))
        await until_done(lambda: tmdb.set_favorite(who, own, True))
        assert await until_done(lambda: tmdb.state(who, own)) == TitleState(last, favorite=True)

    trios = enumerate(zip(people, films, strict=True))
    await asyncio.gather(*(act(who, own, Random(seed)) for seed, (who, own) in trios))
    owner = {str(own.id): who for who, own in zip(people, films, strict=True)}
    assert len(world.calls) > 200
    for call in world.calls:
        number = str(call.body.get("media_id") or call.path.split("/")[3])
        assert call.session == owner[number].token.partition(":")[0]
        assert world.sessions[call.session].id == owner[number].account_id


# ── What TMDB says otherwise than the contract ──


async def test_what_is_so_already_is_done(tmdb: Tmdb, world: World, ann: Session) -> None:
    for name, (status, code) in {
        "favorite": (403, 8),
        "rate": (403, 8),
        "watchlist": (200, 21),
        "unrate": (200, 21),
    }.items():
        world.faults.add(Fault(refused=Says(status, code, "as the test asked")))
        await PERSONAL[name](tmdb, ann)


async def test_a_rating_that_is_not_there_and_a_title_that_is_not_are_told_apart(
    tmdb: Tmdb, world: World, ann: Session
) -> None:
    world.faults.add(Fault(refused=not_found()), method="DELETE")
    await tmdb.unrate(ann, FIGHT_CLUB)
    with pytest.raises(NoSuchTitle):
        await tmdb.unrate(ann, NOWHERE)


@pytest.mark.parametrize(
    ("code", "error"),
    [(3, SessionEnded), (7, KeyRefused), (15, BackendDown), (18, Refused), (25, RateLimited), (99, BackendDown)],
)
async def test_success_false_is_none_whatever_the_status(
    tmdb: Tmdb, world: World, ann: Session, code: int, error: type[MarqueeError]
) -> None:
    says = Says(200, code, "as the test asked", {"retry-after": "60"})
    world.faults.add(Fault(refused=says), times=None)
    for call in PERSONAL.values():
        with pytest.raises(error):
            await call(tmdb, ann)


@pytest.mark.parametrize("code", [3, 17])
@personal
async def test_a_session_that_was_revoked_has_ended(
    tmdb: Tmdb, world: World, ann: Session, code: int, call: Call
) -> None:
    world.revoke(ann.token.partition(":")[0], code=code)
    with pytest.raises(SessionEnded):
        await call(tmdb, ann)
    assert len(world.calls) == 1


async def test_a_wrong_key_is_not_the_persons_fault(double: tuple[World, str], ann: Session) -> None:
    async with tmdb_client(double[1]) as client:
        wrong = Tmdb(client, "wrong", WEB)
        for call in RAISING.values():
            with pytest.raises(KeyRefused):
                await call(wrong, ann)


async def test_where_no_session_went_along_none_has_ended(tmdb: Tmdb, world: World, ann: Session) -> None:
    world.faults.add(Fault(refused=Says(401, 3, "as the test asked")), times=None)
    for name in ("search", "title", "find", "check"):
        with pytest.raises(KeyRefused):
            await SHARED[name](tmdb, ann)


async def test_only_the_rated_list_shows_ratings(tmdb: Tmdb, ann: Session) -> None:
    await tmdb.rate(ann, FIGHT_CLUB, Rating(17))
    await tmdb.set_favorite(ann, FIGHT_CLUB, True)
    for section, rating in ((Section.RATED, Rating(17)), (Section.FAVORITES, None)):
        [one] = (await tmdb.titles(ann, section, Kind.MOVIE, Order.NEWEST, 1, "en")).results
        assert (one.title.ref, one.rating) == (FIGHT_CLUB, rating)


# ── Finding ──


async def test_a_search_shows_neither_people_nor_what_is_for_adults(tmdb: Tmdb, world: World) -> None:
    assert (await tmdb.search("red velvet", None, None, "en", 1)).results == ()
    found = await tmdb.search("brad", None, None, "en", 1)
    assert (found.results, found.total_results, found.total_pages) == ((), 0, 0)
    assert {call.query["include_adult"] for call in world.calls} == {"false"}
    pages = [await tmdb.search("the", None, None, "en", number) for number in range(1, 12)]
    refs = [one.title.ref for page in pages for one in page.results]
    assert len(refs) == len(set(refs)) > 100


async def test_a_year_narrows_a_search_of_both_kinds_also_at_the_end_of_the_words(tmdb: Tmdb) -> None:
    for words, year in (("batman", 1989), ("batman 1989", None), ("Batman (1989)", None)):
        found = await tmdb.search(words, None, year, "en", 1)
        assert [one.title.name for one in found.results] == ["Batman"]
        assert (found.total_results, found.total_pages) == (1, 1)
        assert (await tmdb.search(words, None, year, "en", 2)).results == ()
    others = await tmdb.search("alien 1950", None, None, "en", 1)
    assert {"Alien", "Aliens"} <= {one.title.name for one in others.results}
    named = await tmdb.search("blade runner 2049", None, None, "en", 1)
    assert [one.title.year for one in named.results] == [2017]


async def test_names_are_in_the_language_asked_for(tmdb: Tmdb, ann: Session) -> None:
    godfather = TitleRef(Kind.MOVIE, 238)
    for language, name in (("de", "Der Pate"), ("de-AT", "Der Pate"), ("de_DE", "Der Pate"), ("nonsense", None)):
        assert (await tmdb.title(godfather, language)).name == (name or "The Godfather")
        await tmdb.titles(ann, Section.RATED, Kind.MOVIE, Order.NEWEST, 1, language)
        await tmdb.search("pate", None, None, language, 1)


async def test_what_nobody_dated_and_what_is_hostile_is_shown_plainly(tmdb: Tmdb, world: World) -> None:
    undated = await tmdb.title(TitleRef(Kind.MOVIE, 9_000_003), "en")
    assert (undated.year, undated.release_date, undated.runtime, undated.cast) == (None, None, None, ())
    name = "<b>\u202eevil\x00</b>" + "x" * 10_000
    world.titles["movie", 9_100_000] = Title("movie", 9_100_000, name, name, "1999-01-01", 90, ((18, "Drama"),), "en")
    hostile = await tmdb.title(TitleRef(Kind.MOVIE, 9_100_000), "en")
    assert hostile.name.startswith("<b> evil </b>xxx")
    assert len(hostile.name) == 200


async def test_nonsense_is_nobodys_imdb_id(tmdb: Tmdb, world: World) -> None:
    for words in ("", "tt", "../movie/550", "tt1?x=1", "nm0000093", "tt\ud800"):
        with pytest.raises(NoSuchImdbTitle):
            await tmdb.find(words)
    assert world.calls == []


async def test_where_the_pictures_are_is_asked_once(tmdb: Tmdb, world: World) -> None:
    assert {await tmdb.image_base() for _ in range(3)} == {IMAGES}
    assert len(world.calls) == 1


# ── Signing in and out ──


async def test_a_person_approves_on_tmdbs_site(tmdb: Tmdb, world: World) -> None:
    ann = world.account("ann", name="Ann")
    approval = await tmdb.begin(BACK)
    assert approval.url == f"{WEB}/auth/access?request_token={approval.request_token}"
    assert approval.request_token not in repr(approval)
    with pytest.raises(NotApproved):
        await tmdb.finish(approval.request_token)
    assert world.approve(approval.request_token, ann) == BACK
    session = await tmdb.finish(approval.request_token)
    assert (session.account_id, session.account_name) == (ann.id, "Ann")
    assert session.token not in repr(session)
    with pytest.raises(NotApproved):
        await tmdb.finish(approval.request_token)


async def test_what_was_denied_has_expired_or_never_was_is_not_approved(tmdb: Tmdb, world: World) -> None:
    denied, expired = [(await tmdb.begin(None)).request_token for _ in range(2)]
    world.deny(denied)
    world.clock.forward(16 * 60)  # type: ignore[attr-defined]
    for token in (denied, expired, "never", ""):
        with pytest.raises(NotApproved):
            await tmdb.finish(token)


async def test_signing_out_ends_everything_there_and_twice_is_no_error(tmdb: Tmdb, world: World, ann: Session) -> None:
    for session in (ann, ann, Session(ann.account_id, ann.token.partition(":")[0]), Session(1, "no\ntoken")):
        await Tmdb.end(tmdb, session)
    assert (world.sessions, world.tokens.access) == ({}, {})


async def test_signing_out_ends_the_one_also_when_the_other_cannot_be(tmdb: Tmdb, world: World, ann: Session) -> None:
    planned = world.faults.add(faults.error_page(), path="/3/authentication/session", times=None)
    with planned, pytest.raises(BackendDown):
        await Tmdb.end(tmdb, ann)
    assert world.tokens.access == {}
    await Tmdb.end(tmdb, ann)
    assert world.sessions == {}


@pytest.mark.parametrize(
    ("method", "path", "fault"),
    [
        ("POST", "convert", faults.server_error()),
        ("POST", "convert", faults.garbage()),
        ("GET", "account", faults.error_page()),
        ("GET", "account", Fault(refused=Says(401, 3, "no"))),
    ],
)
async def test_a_sign_in_that_fails_leaves_nothing_behind(
    tmdb: SigningUp, world: World, method: str, path: str, fault: Fault
) -> None:
    with world.faults.add(fault, method=method, path=path, times=None), pytest.raises(MarqueeError):
        await tmdb.create("Ann")
    assert len(world.called("POST", ".*/convert/4")) == 1
    assert world.tokens.access == {}
    if fault != faults.garbage():  # then nobody knows the session that was made
        assert world.sessions == {}


async def test_a_sign_in_that_is_given_up_leaves_nothing_behind(tmdb: SigningUp, world: World) -> None:
    with world.faults.add(faults.hangs(), method="GET", path="account") as hanging:
        signing_in = asyncio.get_running_loop().create_task(tmdb.create("Ann"))
        await world.until(lambda: hanging.hits)
        signing_in.cancel()
        await asyncio.wait([signing_in])
    assert (world.sessions, world.tokens.access, signing_in.cancelled()) == ({}, {}, True)


@pytest.mark.parametrize("path", ["request_token", "access_token"])
async def test_what_makes_something_is_not_sent_twice(tmdb: SigningUp, world: World, path: str) -> None:
    planned = world.faults.add(faults.reset_after(), path=path, times=None)
    with pytest.raises(BackendDown):
        await tmdb.create("Ann")
    assert planned.hits == 1


# ── Secrets ──


async def test_no_secret_gets_out(
    tmdb: SigningUp, world: World, ann: Session, caplog: pytest.LogCaptureFixture
) -> None:
    told = []
    with caplog.at_level(logging.DEBUG):
        approval = await tmdb.begin(BACK)
        world.approve(approval.request_token, world.account("ben"))
        ben = await tmdb.finish(approval.request_token)
        for fault in (faults.reset_before(), faults.garbage(), faults.error_page(), Fault(refused=Says(401, 3, "no"))):
            with world.faults.add(fault, times=None):
                for name in ("rate", "titles", "search", "check"):
                    try:
                        await CALLS[name](tmdb, ann)
                    except MarqueeError as error:
                        told += traceback.format_exception(error)
        await tmdb.end(ben)
    secrets = [world.read_token, approval.request_token]
    secrets += [secret for session in (ann, ben) for secret in session.token.split(":")]
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith(logs.QUIET)]
    theirs = [logs.redact(record.getMessage()) for record in caplog.records]
    assert any("ReadError" in line or "RemoteProtocolError" in line for line in ours)
    for secret in secrets:
        assert not [line for line in (*ours, *theirs, *told) if secret in line]
