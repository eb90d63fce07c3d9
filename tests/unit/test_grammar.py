"""Command text ⇄ intent: what is spelled can be read back, and fits a button; what people type is read leniently."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from bot.core import grammar, places, points
from bot.core import intents as i
from bot.core.chat import Chat, ChatKind, Person, Update
from bot.core.discovery import Window
from bot.core.errors import BadArgument, OutOfDate
from bot.core.genres import GENRES_OF, Genre
from bot.core.model import EVERY_RATING, MOST_ID, Kind, Order, Rating, Section, TitleRef
from bot.core.phrases import LANGUAGES
from bot.core.preferences import OnRating
from bot.core.text import clean
from bot.features.nights.options import OPTIONS

REFS = st.builds(TitleRef, st.sampled_from(Kind), st.integers(1, MOST_ID))
SERIES = st.builds(TitleRef, st.just(Kind.TV), st.integers(1, MOST_ID))
NUMBERS = st.integers(0, 9_999_999_999)
PAGES = st.integers(1, 1000)
ZONES = sorted(zone for country in places.COUNTRIES for zone in places.zones(country))
SWITCHED = [i.Setting.QUIET, i.Setting.NAME, i.Setting.LINKS]
VIEWS = st.builds(
    lambda section, order, page, genre, length, mine, decade: i.ShowList(
        section, genre[0], order, page, i.Only(genre[1], length, mine, decade=decade)
    ),
    st.sampled_from(Section),
    st.sampled_from([*Order, *i.Sorted]),
    st.integers(1, 1000),
    st.sampled_from([(kind, genre) for kind in Kind for genre in (None, *map(int, GENRES_OF[kind]))]),
    st.sampled_from([None, *i.Length]),
    st.booleans(),
    st.sampled_from([None, *range(1870, 2100, 10)]),
)
NIGHTS, CANDIDATES = st.integers(1, 10**9 - 1), st.integers(1, 99)
EACH_OF_A_NIGHT = (
    st.builds(i.Night, st.sampled_from(i.NightStep), st.none() | NIGHTS),
    st.builds(i.Vote, CANDIDATES, st.none() | NIGHTS),
    st.builds(i.ShowBallot, NIGHTS),
    st.builds(i.Rank, NIGHTS, st.none() | CANDIDATES),
    st.builds(i.Rank, NIGHTS, st.none(), st.just(True)),
    st.builds(i.Score, NIGHTS, CANDIDATES, st.none() | st.integers(0, 5)),
    st.builds(i.Score, NIGHTS),
    st.builds(i.Veto, NIGHTS, st.none() | CANDIDATES),
    st.builds(i.NightOptions, st.none() | NIGHTS),
    st.builds(i.NightOptions, NIGHTS, st.sampled_from(sorted(OPTIONS)), st.none() | st.sampled_from(["no", "28"])),
    st.builds(i.KeepOptions, NIGHTS),
    st.builds(i.ShowNights, st.integers(1, 9999)),
    st.builds(i.ShowNight, NIGHTS, st.integers(1, 9999)),
)
IDS = st.integers(1, 999_999_999)
BOARDS = (
    IDS,
    st.integers(1, 9999),
    st.sampled_from(i.BoardOrder),
    st.builds(
        i.BoardFilter,
        st.none() | st.integers(1, 9999),
        st.none() | st.integers(1, 999_999),
        streams=st.booleans(),
        unseen=st.booleans(),
    ),
)
EACH_OF_A_LIST = (
    st.builds(lambda party, page, order, only: i.ShowParty("", party, page, order, only), *BOARDS),
    st.builds(i.TurnParty, *BOARDS),
    st.builds(i.ArrangeParty, BOARDS[0], *BOARDS[2:]),
    st.builds(i.ShowParties, st.booleans()),
    st.builds(i.ChangeParty, IDS, st.sampled_from(i.PartyStep)),
    st.builds(i.ChangeParty, IDS, st.just(i.PartyStep.LIMIT), st.none() | st.integers(1, 99)),
    st.builds(i.Propose, REFS, st.none() | IDS, st.booleans()),
    st.builds(i.Unpropose, REFS),
    st.builds(i.Unpropose, st.none(), IDS),
    *(st.builds(kind, IDS) for kind in (i.Repropose, i.ShowProposal)),
    st.builds(i.Opine, IDS, st.booleans()),
    st.builds(i.Opine, st.none(), st.booleans(), REFS),
    st.builds(i.FromWatchlist, IDS, st.integers(1, 9999), st.sampled_from(Kind), st.none() | REFS),
    st.just(i.ShowMembers()),
    st.builds(i.TakePart, st.booleans()),
)
EACH_BUTTON_INTENT = (
    st.builds(i.Help, st.sampled_from(["", "find", "topics"])),
    st.just(i.SignIn()),
    st.just(i.SignOut()),
    st.just(i.ShowAccount()),
    st.just(i.FillSamples()),
    st.just(i.Start()),
    st.builds(i.ChooseLanguage, st.sampled_from([None, "en", "de"])),
    VIEWS,
    st.builds(i.ArrangeList, VIEWS, st.sampled_from(i.Choice)),
    st.builds(i.HowLong, VIEWS),
    st.builds(i.MarkTitles, VIEWS, st.integers(0, 0x3FF), st.integers(0, 0xFFFF)),
    st.builds(i.UndoAll, NUMBERS),
    st.builds(i.ShowTitle, REFS, st.booleans()),
    *(st.builds(kind, REFS) for kind in (i.Unwatch, i.Unfavorite, i.Unrate)),
    *(st.builds(kind, REFS, st.booleans()) for kind in (i.Watch, i.Favorite)),
    st.just(i.FinishSignIn()),
    st.builds(i.KeepHere, st.sampled_from(["", "/watch m550"])),
    st.builds(i.CarryOver, NUMBERS, NUMBERS),
    st.builds(i.House, st.from_regex(r"-?[0-9]{1,20}|club", fullmatch=True), st.sampled_from(i.HouseStep)),
    st.builds(i.Rate, REFS, st.sampled_from([None, *EVERY_RATING])),
    st.just(i.ShowSettings()),
    st.builds(i.ShowSettings, st.sampled_from(i.Setting), st.integers(1, 99)),
    st.builds(i.ChooseSetting, st.just(i.Setting.LANGUAGE), st.sampled_from(sorted(LANGUAGES))),
    st.builds(i.ChooseSetting, st.just(i.Setting.COUNTRY), st.sampled_from(sorted(places.COUNTRIES))),
    st.builds(i.ChooseSetting, st.just(i.Setting.ZONE), st.sampled_from(ZONES)),
    st.builds(i.ChooseSetting, st.just(i.Setting.SERVICES), st.from_regex(r"[+-][0-9]{1,10}|none", fullmatch=True)),
    st.builds(i.ChooseSetting, st.sampled_from(SWITCHED), st.sampled_from(["on", "off"])),
    st.builds(i.ChooseSetting, st.just(i.Setting.WATCHLIST), st.sampled_from(OnRating).map(str)),
    st.builds(i.ShowHistory, st.integers(1, 9999)),
    st.builds(i.Trending, st.sampled_from(Window), st.sampled_from([None, *Kind]), PAGES),
    st.builds(i.Popular, st.sampled_from(Kind), PAGES),
    *(st.builds(kind, PAGES) for kind in (i.Upcoming, i.Airing, i.Recommend)),
    st.builds(i.Similar, REFS, PAGES),
    st.builds(i.Random, st.sampled_from([*i.Pick, *Genre]), st.none() | st.integers(0, 2**32 - 1), st.none() | REFS),
    st.builds(i.ShowChange, NUMBERS, st.integers(1, 9999)),
    st.builds(i.Undo, NUMBERS, st.booleans()),
    st.just(i.Undo()),
    st.builds(i.Similar, REFS, st.integers(1, 999)),
    *(st.builds(kind, REFS) for kind in (i.Where, i.Unfold)),
    st.builds(i.ShowSeasons, SERIES, st.integers(1, 1000)),
    st.builds(i.ShowSeason, SERIES, st.integers(0, 10_000), st.integers(1, 1000)),
    st.builds(i.ShowPerson, st.integers(1, MOST_ID)),
    st.builds(i.Unfollowed, st.sampled_from(i.Place)),
    st.builds(i.Go, NUMBERS),
    *EACH_OF_A_NIGHT,
    *EACH_OF_A_LIST,
)
BUTTON_INTENTS = st.one_of(*EACH_BUTTON_INTENT)


@given(BUTTON_INTENTS)
def test_a_button_says_what_it_means_in_64_bytes(intent: i.Intent) -> None:
    data = grammar.button(intent)
    assert grammar.read_button(data) == intent
    assert len(data.encode()) <= grammar.MOST_BUTTON_BYTES


ANY = settings(max_examples=1, phases=[Phase.generate], database=None, deadline=None)
"""Whichever comes first will do."""


def test_every_intent_that_a_button_may_carry_is_tried() -> None:
    spoken = {i.NewParty, i.RenameParty, i.NoteProposal}
    never = {i.Either, i.Retype, i.Unknown, i.Search, i.TakeOff, i.Until, i.NightDue, i.LeftGroup, *spoken}
    tried = {type(find(one, lambda _: True, settings=ANY)) for one in EACH_BUTTON_INTENT}
    assert tried == set(i.INTENTS) - never


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=80), st.integers(1, 1000))
def test_a_searchs_words_come_back_whole(words: str, page: int) -> None:
    words = " ".join(words.split())
    if not words:
        return
    assert grammar.read_button(grammar.button(i.Search(words, page))) == i.Search(words, page)
    assert grammar.read_button(grammar.button(i.Search(words, listed=True))) == i.Search(words, listed=True)


@given(VIEWS, st.lists(st.integers(1, MOST_ID), min_size=1, max_size=10, unique=True), st.text(max_size=80))
def test_a_row_carries_what_is_looked_for_and_what_is_taken_off(view: i.ShowList, ids: list[int], words: str) -> None:
    only = replace(view.only, words=" ".join(clean(words).split()))
    for intent in (replace(view, only=only), i.TakeOff(replace(view, only=only), tuple(ids))):
        assert grammar.read(f"/{grammar.spell(intent)}") == intent


@pytest.mark.parametrize(
    ("typed", "only"),
    [
        ("crime", i.Only(genre=80)),
        ("krimi älteste", i.Only(genre=80)),
        ("finde Heat", i.Only(words="Heat")),
        ("tv u90", i.Only(length=i.Length.SHORT)),
        ("title mine", i.Only(mine=True)),
        ("1990s", i.Only(decade=1990)),
        ("90s", i.Only(decade=1990)),
        ("drama 20er", i.Only(genre=18, decade=2020)),
        ("find The  Godfather 2", i.Only(words="The Godfather 2")),
    ],
)
def test_a_list_can_be_narrowed_by_typing(typed: str, only: i.Only) -> None:
    read = grammar.read(f"/watchlist {typed}")
    assert isinstance(read, i.ShowList)
    assert read.only == only


@pytest.mark.parametrize("data", ["1take 5,5 watchlist movies newest 1", "1mark 400 0 watchlist movies newest 1"])
def test_a_forged_choice_of_titles_is_refused(data: str) -> None:
    with pytest.raises(OutOfDate):
        grammar.read_button(data)


@given(st.text(max_size=200))
def test_anything_can_be_read_or_is_refused_in_a_sentence(text: str) -> None:
    for read in (grammar.read, grammar.read_button):
        for said in (text, f"/rate {text}", f"1rate {text}", f"/watchlist {text}"):
            with suppress(BadArgument, OutOfDate):
                assert isinstance(read(said), i.Intent)


@given(st.sampled_from(EVERY_RATING), st.sampled_from([".", ","]), st.sampled_from(["", "0", "/10", " / 10"]))
def test_every_rating_can_be_typed(rating: Rating, point: str, after: str) -> None:
    after = after if rating.halves % 2 else after.replace("0", "", 1) if after == "0" else after
    typed = str(rating).replace(".", point) + after
    assert grammar.read(f"/rate m550 {typed}") == i.Rate(TitleRef(Kind.MOVIE, 550), rating)


@pytest.mark.parametrize("half", range(10))
def test_every_half_can_be_typed_as_one(half: int) -> None:
    typed = f"{half or ''}½"
    assert points.read_rating(typed) == Rating(2 * half + 1)


@given(st.text(max_size=12))
def test_what_is_read_as_a_rating_is_one(words: str) -> None:
    rating = points.read_rating(words)
    assert rating is None or rating in EVERY_RATING


@given(st.floats(-100, 100).map(lambda number: f"{number:.2f}"))
def test_the_two_nearest_enclose_the_number_or_are_the_end(words: str) -> None:
    lower, upper = points.nearest_ratings(words)
    assert upper.halves == lower.halves + 1
    number = float(words)
    assert lower.value <= number <= upper.value or lower.value == 0.5 or upper.value == 10


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        ("550", TitleRef(Kind.MOVIE, 550)),
        ("tv 1396", TitleRef(Kind.TV, 1396)),
        ("TV1396", TitleRef(Kind.TV, 1396)),
        ("movie 1396", TitleRef(Kind.MOVIE, 1396)),
        ("https://www.themoviedb.org/tv/1396-breaking-bad", TitleRef(Kind.TV, 1396)),
        ("themoviedb.org/movie/550/cast", TitleRef(Kind.MOVIE, 550)),
        ("TT0137523", i.ImdbId("tt0137523")),
        ("https://www.imdb.com/de/title/tt0137523/?ref_=nv", i.ImdbId("tt0137523")),
        ("fight club", i.Words("fight club")),
        ("tv: the office", i.Words("the office", Kind.TV)),
        ("٥٥٠", i.Words("٥٥٠")),
        ("https://themoviedb.org.evil.example/movie/550", i.Words("https://themoviedb.org.evil.example/movie/550")),
    ],
)
def test_a_title_as_people_give_it(typed: str, target: i.Target) -> None:
    read = grammar.read(f"/fav {typed}")
    first = read.readings[0] if isinstance(read, i.Either) else read
    assert first == i.Favorite(target)


@given(st.integers(1, MOST_ID), st.sampled_from([None, *EVERY_RATING]))
def test_a_bare_number_is_an_id_first_and_a_name_second(number: int, rating: Rating | None) -> None:
    read = grammar.read(f"/rate {number} {rating or ''}")
    assert isinstance(read, i.Either)
    assert read.readings[:2] == (
        i.Rate(TitleRef(Kind.MOVIE, number), rating),
        i.Rate(i.Words(str(number)), rating),
    )


@given(st.sampled_from(["iron man", "toy story", "kill bill", "the 39 steps"]), st.integers(1, 10))
def test_words_and_a_number_are_read_both_ways(words: str, number: int) -> None:
    assert grammar.read(f"/rate {words} {number}") == i.Either(
        (i.Rate(i.Words(words), Rating.of(number)), i.Rate(i.Words(f"{words} {number}")))
    )


def test_a_command_may_name_its_bot() -> None:
    assert grammar.read("/fav@marquee_bot tv1396") == i.Favorite(TitleRef(Kind.TV, 1396))
    assert grammar.addressee("/fav@marquee_bot tv1396") == "marquee_bot"


@pytest.mark.parametrize(
    "intent", [i.Start(), i.Go(123), i.FinishSignIn("a-nonce_of-22_letters_"), i.House("-1001234567890")]
)
def test_what_a_link_to_the_bot_carries_can_be_read_back(intent: i.Intent) -> None:
    payload = grammar.payload(intent)
    assert payload is not None
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload)
    assert grammar.read(f"/start {payload}") == intent


@pytest.mark.parametrize(
    "text",
    [
        "/login a-key-to-an-account",
        "/LOGIN a-key-to-an-account",
        "/start login_0123456789abcdef",
        "/login hunter2",
        "/login my secret pass",
        "/login12345678",
        "/loginhunter2",
        "/login /hunter2",
    ],
)
def test_a_secret_that_was_typed_is_not_repeated(text: str) -> None:
    update = Update("u1", Person("web", "ada", "Ada"), Chat("web", "ada", ChatKind.PRIVATE), text)
    assert grammar.is_secret(text)
    assert grammar.as_typed(update) == "/login"
    with pytest.raises(TypeError):
        grammar.spell(grammar.read(text))


@pytest.mark.parametrize("text", ["/login " * 290, "/login /here /login", "/login /login@marquee_bot"])
def test_signing_in_to_sign_in_is_signing_in(text: str) -> None:
    assert grammar.read(text) == i.SignIn()


def test_signing_in_goes_on_with_what_comes_after_it_however_often_it_was_said() -> None:
    assert grammar.read("/login /login /fav m550") == i.SignIn("/fav m550")
    assert grammar.spell(i.SignIn("/login")) == "login"


@pytest.mark.parametrize("data", ["1login hunter2", "1start login_0123456789abcdef"])
def test_a_button_carries_no_secret(data: str) -> None:
    with pytest.raises(OutOfDate):
        grammar.read_button(data)
