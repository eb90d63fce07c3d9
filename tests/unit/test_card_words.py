"""A card fits a phone's screen; what does not fit is behind More."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.core import card_words
from bot.core.discovery import Certification, Details, Episode, Offers, Provider, Season
from bot.core.model import Among, Kind, Rating, Title, TitleRef, TitleState
from bot.core.phrases import phrases
from bot.core.posters import Posters
from bot.core.reply import Reply, TitleCard
from bot.frontends.telegram.render import Render

SERVICES = tuple(Provider(number, f"Service {number}") for number in range(1, 9))
FULL = Title(
    TitleRef(Kind.TV, 1396),
    "A Series of Some Length",
    2008,
    original_name="Eine Serie",
    genres=("Drama", "Crime", "Thriller", "Comedy"),
    makers=("Somebody",),
    cast=tuple(f"Player {number}" for number in range(10)),
    vote_average=8.44,
    vote_count=27_000,
    overview="word " * 200,
    details=Details(
        certifications=(Certification("US", "TV-MA"),),
        offers=(Offers("US", SERVICES, SERVICES, SERVICES),),
        season_count=3,
        episode_count=24,
        seasons=(Season(1, count=24),),
        next_episode=Episode(4, 1, air_date="2026-11-28"),
    ),
)
CARD = TitleCard(FULL, TitleState(Rating(17), watchlist=True, favorite=True))


def lines_on_telegram(card: TitleCard, width: int = 48) -> int:
    html = Render("marquee_bot", Posters()).message(Reply((card,)), "en").html
    return sum(max(1, -(-len(line) // width)) for line in html.replace("<b>", "").replace("</b>", "").split("\n"))


def test_a_card_with_everything_fits_a_phone() -> None:
    assert lines_on_telegram(CARD) <= 16
    assert lines_on_telegram(replace(CARD, state=None, among=Among(3, 2, 8.5))) <= 16
    assert lines_on_telegram(replace(CARD, whole=True)) > 16


def test_numbers_are_written_as_people_here_write_them() -> None:
    score = card_words.score(FULL, phrases("de"))
    assert score is not None
    assert phrases("de").text(score) == "★ 8,4 · 27.000 Stimmen bei TMDB"


def test_the_mean_of_one_is_not_told() -> None:
    one = card_words.among(Among(0, 1, 9.0), phrases("en"))
    assert one is not None
    assert phrases("en").text(one) == "Here: seen by 1"


def test_the_mean_does_not_give_away_the_only_one_who_is_not_named() -> None:
    both = card_words.among(Among(0, 2, 8.0, (), (("Ada", Rating(18)),)), phrases("en"))
    assert both is not None
    assert phrases("en").text(both) == "Here: seen by 2 (Ada ★ 9)"


def test_few_are_named_on_a_card() -> None:
    many = card_words.among(Among(5, 0, None, ("Ada", "Ben", "Cleo", "Dan")), phrases("en"))
    assert many is not None
    assert phrases("en").text(many) == "Here: on 5 watchlists (Ada, Ben, Cleo …)"


@given(st.text(max_size=400), st.integers(10, 200))
def test_what_is_cut_is_cut_after_a_word(said: str, most: int) -> None:
    said = " ".join(said.split())
    cut = card_words.shortened(said, most)
    assert len(cut) <= most + 2
    assert cut == said or cut.endswith("…")
    if cut != said:
        assert said.startswith(cut.removesuffix(" …"))
