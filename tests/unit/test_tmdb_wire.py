"""What TMDB's answers mean, one by one: statuses, codes, and titles that somebody wanted to do harm with."""

import json
from typing import Any

import pytest

from bot.backends.reading import Passing
from bot.backends.tmdb import wire
from bot.core.errors import (
    BackendDown,
    KeyRefused,
    MarqueeError,
    NoSuchTitle,
    NotApproved,
    RateLimited,
    Refused,
    SessionEnded,
)
from bot.core.model import Kind, Listed, Page, Rating, Title, TitleRef
from bot.core.text import year_apart

FIGHT_CLUB = TitleRef(Kind.MOVIE, 550)
BREAKING_BAD = TitleRef(Kind.TV, 1396)


def said(code: int | None, **more: object) -> bytes:
    return json.dumps({"success": False, "status_code": code, "status_message": "A\u202e sentence."} | more).encode()


STATUSES: list[tuple[int, int | None, type[MarqueeError], type[MarqueeError]]] = [
    # status, TMDB's code, for a person's call, for everybody's
    (401, 7, KeyRefused, KeyRefused),
    (401, 10, KeyRefused, KeyRefused),
    (401, 36, KeyRefused, KeyRefused),
    (401, 3, SessionEnded, KeyRefused),
    (401, 14, SessionEnded, KeyRefused),
    (401, 17, SessionEnded, KeyRefused),
    (401, 38, Refused, KeyRefused),
    (401, None, BackendDown, BackendDown),
    (401, 33, NotApproved, NotApproved),
    (422, 41, NotApproved, NotApproved),
    (404, 34, NoSuchTitle, NoSuchTitle),
    (404, 6, NoSuchTitle, NoSuchTitle),
    (404, None, BackendDown, BackendDown),
    (429, 25, RateLimited, RateLimited),
    (429, None, RateLimited, RateLimited),
    (400, 18, Refused, Refused),
    (400, 22, Refused, Refused),
    (422, 5, Refused, Refused),
    (403, 45, Refused, Refused),
    (400, None, BackendDown, BackendDown),
    (500, 11, Passing, Passing),
    (502, None, Passing, Passing),
    (503, 7, Passing, Passing),
    (504, 24, Passing, Passing),
    (200, 15, Passing, Passing),
    (200, 9, Passing, Passing),
    (200, 34, NoSuchTitle, NoSuchTitle),
    (200, 25, RateLimited, RateLimited),
    (200, 99, Passing, Passing),
    (301, None, BackendDown, BackendDown),
    (418, 99, BackendDown, BackendDown),
]


@pytest.mark.parametrize(("status", "code", "of_a_person", "of_all"), STATUSES)
def test_each_status_and_code_is_one_error(
    status: int, code: int | None, of_a_person: type[MarqueeError], of_all: type[MarqueeError]
) -> None:
    bodies = [b"", b"<html>", b"[]", b'{"status_code": "7"}'] if code is None else [said(code)]
    for body in bodies:
        for personal, error in ((True, of_a_person), (False, of_all)):
            with pytest.raises(error) as caught:
                wire.decipher(status, body, personal=personal, missing=NoSuchTitle(FIGHT_CLUB))
            assert type(caught.value) is error


@pytest.mark.parametrize("code", [34, 6, 37])
def test_404_says_nothing_where_nothing_was_asked_for(code: int) -> None:
    with pytest.raises(BackendDown):
        wire.decipher(404, said(code))


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"<html>", b'{"success": false}', b'{"id": 5', b"\xff"])
def test_200_without_tmdbs_object_may_pass(body: bytes) -> None:
    with pytest.raises(Passing):
        wire.decipher(200, body)


def test_the_reason_is_passed_on_clean() -> None:
    with pytest.raises(Refused) as caught:
        wire.decipher(400, said(18))
    assert str(caught.value) == "A sentence."


def test_how_long_to_wait_is_passed_on() -> None:
    with pytest.raises(RateLimited) as limited:
        wire.decipher(429, b"", "7")
    with pytest.raises(Passing) as passing:
        wire.decipher(503, b"", "7")
    with pytest.raises(Passing) as unsaid:
        wire.decipher(503, b"")
    assert (limited.value.retry_after, passing.value.wait, unsaid.value.wait) == (7, 7, None)


@pytest.mark.parametrize(
    ("code", "adds", "removes"),
    [(1, True, True), (12, True, True), (13, True, True), (8, True, True), (21, False, True)],
)
def test_a_write_counts_when_tmdb_says_so(code: int, adds: bool, removes: bool) -> None:
    for takes_away, counts in ((False, adds), (True, removes)):
        if counts:
            wire.confirm({"status_code": code}, removes=takes_away)
        else:
            with pytest.raises(Passing):
                wire.confirm({"status_code": code}, removes=takes_away)


@pytest.mark.parametrize("answer", [{}, {"success": True}, {"status_code": True}, {"status_code": 40}])
def test_a_write_counts_for_nothing_else(answer: dict[str, Any]) -> None:
    with pytest.raises(Passing):
        wire.confirm(answer)


# ── A person's token ──


def test_a_token_is_one_or_two_secrets() -> None:
    for token in ("session", "session:eyJ.a-b_c.d"):
        keys = wire.Keys.of(token)
        assert keys.token == token
        assert repr(keys) == "Keys()"
    for token in ("", ":", "session:", ":access", "a b", "a\nb", "ünicode", "\ud800", "x" * 201, "s:a:b", "s:a b"):
        with pytest.raises(SessionEnded):
            wire.Keys.of(token)


# ── Titles ──

DETAILS: dict[str, Any] = {
    "id": 550,
    "title": "Fight Club",
    "original_title": "Fight Club",
    "release_date": "1999-10-15",
    "runtime": 139,
    "genres": [{"id": 18, "name": "Drama"}],
    "imdb_id": "tt0137523",
    "poster_path": "/pB8BM7pdSp6B6Ih7QZ4DrQ3PmJK.jpg",
    "credits": {
        "cast": [{"name": f"Actor {order}", "order": order} for order in (3, 1, 0, 2, 4, 5, 6)],
        "crew": [
            {"name": "A Writer", "job": "Writer"},
            {"name": "David Fincher", "job": "Director"},
            {"name": "David Fincher", "job": "Director"},
        ],
    },
}


def test_a_film_is_read() -> None:
    assert wire.title(DETAILS, FIGHT_CLUB) == Title(
        ref=FIGHT_CLUB,
        name="Fight Club",
        year=1999,
        genres=("Drama",),
        runtime=139,
        makers=("David Fincher",),
        cast=tuple(f"Actor {order}" for order in range(5)),
        imdb_id="tt0137523",
        poster_path="/pB8BM7pdSp6B6Ih7QZ4DrQ3PmJK.jpg",
        release_date="1999-10-15",
        genre_ids=(18,),
    )


@pytest.mark.parametrize(
    ("usual", "last", "minutes"),
    [([45, 50], {"runtime": 60}, 45), ([], {"runtime": 60}, 60), ([0], None, None), (None, {}, None), (["x"], 7, None)],
)
def test_a_series_is_as_long_as_its_usual_episode(usual: object, last: object, minutes: int | None) -> None:
    title = wire.title(
        {
            "id": 1396,
            "name": "Breaking Bad",
            "episode_run_time": usual,
            "last_episode_to_air": last,
            "created_by": [{"name": "Vince Gilligan"}],
            "external_ids": {"imdb_id": "tt0903747"},
        },
        BREAKING_BAD,
    )
    assert (title.runtime, title.makers, title.imdb_id) == (minutes, ("Vince Gilligan",), "tt0903747")


@pytest.mark.parametrize(
    "poster", [None, "", "/../x.jpg", "//evil.example/x.jpg", "https://evil.example/x.jpg", "/x.svg", 7]
)
def test_no_poster_leads_elsewhere(poster: object) -> None:
    assert wire.title({**DETAILS, "poster_path": poster}, FIGHT_CLUB).poster_path is None


def test_names_are_made_harmless_and_nulls_are_nothing() -> None:
    name = "<b>\u202eFight\x00 \ud800Club" + "!" * 10_000
    empty = dict.fromkeys(("release_date", "imdb_id", "genres", "credits", "runtime", "original_title", "vote_average"))
    title = wire.title({**DETAILS, **empty, "title": name}, FIGHT_CLUB)
    assert title.name.startswith("<b> Fight Club!")
    assert len(title.name) == 200
    assert (title.year, title.release_date, title.imdb_id, title.cast, title.makers) == (None, None, None, (), ())


def test_people_and_what_is_for_adults_are_left_out_of_what_was_found() -> None:
    results = [
        {"id": 287, "media_type": "person", "name": "Brad Pitt"},
        {"id": 1, "media_type": "movie", "title": "Red Velvet", "adult": True},
        {"id": 550, "media_type": "movie", "title": "Fight Club", "release_date": "", "adult": False},
    ]
    page = wire.found({"results": results, "total_pages": 1, "total_results": 3}, None, 1)
    assert [one.title.ref for one in page.results] == [FIGHT_CLUB]
    assert (page.total_results, page.total_pages) == (1, 1)


@pytest.mark.parametrize("results", [None, {}, "x", [{"id": 1, "title": "x"}] * 21])
def test_a_page_of_something_else_may_pass(results: object) -> None:
    with pytest.raises(Passing):
        wire.found({"results": results, "total_pages": 1, "total_results": 1}, Kind.MOVIE, 1)


def test_an_empty_list_has_no_page_and_none_past_500() -> None:
    assert wire.page({"results": [], "total_pages": 1, "total_results": 0}, Kind.TV, 1).total_pages == 0
    assert wire.page({"results": [], "total_pages": 900, "total_results": 18_000}, Kind.TV, 1).total_pages == 500


def test_a_rating_stands_in_a_list() -> None:
    row = {"id": 550, "title": "Fight Club", "rating": 8.5}
    [one] = wire.page({"results": [row], "total_pages": 1, "total_results": 1}, Kind.MOVIE, 1).results
    assert one.rating == Rating(17)


def of(kind: Kind, number: int, total: int) -> Page:
    """A page of a search for one kind, whose titles are numbered through."""
    ids = range((number - 1) * 20 + 1, min(number * 20, total) + 1)
    return Page(tuple(Listed(Title(TitleRef(kind, i), "x")) for i in ids), number, -(-total // 20), total)


@pytest.mark.parametrize(("films", "series"), [(0, 0), (1, 0), (0, 20), (12, 8), (15, 6), (45, 3), (100, 100)])
def test_two_searches_are_mixed_without_loss(films: int, series: int) -> None:
    pages: list[Page] = []
    while not pages or len(pages) < pages[0].total_pages:
        number = len(pages) + 1
        halves = (of(Kind.MOVIE, wire.halved(number), films), of(Kind.TV, wire.halved(number), series))
        pages.append(wire.mixed(*halves, number))
    refs = [one.title.ref for page in pages for one in page.results]
    assert len(refs) == len(set(refs)) == films + series
    assert all(len(page.results) <= 20 and page.total_results == films + series for page in pages)
    assert films + series > 20 or pages[0].total_pages <= 1


# ── Small things ──


@pytest.mark.parametrize(
    ("asked", "sent"),
    [("de", "de"), ("de-AT", "de-AT"), ("pt_br", "pt-BR"), ("", "en"), ("deu", "en"), ("de-\n", "en"), ("DE", "en")],
)
def test_a_language_is_one_or_english(asked: str, sent: str) -> None:
    assert wire.language(asked) == sent


@pytest.mark.parametrize(
    ("words", "apart"),
    [
        ("heat 1995", ("heat", 1995)),
        ("Heat (1995)", ("Heat", 1995)),
        ("1917", None),
        ("blade runner 2049", ("blade runner", 2049)),
        ("heat 995", None),
        ("apollo 13", None),
    ],
)
def test_a_year_at_the_end_is_set_apart(words: str, apart: tuple[str, int] | None) -> None:
    assert year_apart(words) == apart


@pytest.mark.parametrize(
    "base", ["http://image.tmdb.org/t/p/", "https://evil.example/", "https://tmdb.org.evil/", None]
)
def test_pictures_come_from_tmdb_alone(base: object) -> None:
    with pytest.raises(Passing):
        wire.image_base({"images": {"secure_base_url": base}})
    assert wire.image_base({"images": {"secure_base_url": "https://image.tmdb.org/t/p/"}}).endswith("/t/p/")
