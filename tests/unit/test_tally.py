"""The picture of an outcome: as wide as said, as tall as its rounds, the winner's bar the golden one."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from bot.core.deciding import Ballot, Entry, Method, Outcome, decide
from bot.core.model import Kind, TitleRef
from bot.core.night import Candidate
from bot.core.phrases import phrases
from bot.core.reply import Tally
from bot.features.nights.tally import MOST_ROUNDS, tally
from bot.frontends.telegram.picture import WIDTH, draw

TITLES = {1: "Heat", 2: "Alien", 3: "The Lord of the Rings: The Fellowship of the Ring", 4: "千と千尋の神隠し"}
RANKED = [(1, 2, 3, 4)] * 42 + [(2, 3, 4, 1)] * 26 + [(3, 4, 2, 1)] * 15 + [(4, 3, 2, 1)] * 17
GOLD = (232, 178, 58)


def of(method: Method, count: int = 4) -> Outcome:
    said = [Ballot(frozenset(one[:2]), one, {one[0]: 5, one[1]: 3}) for one in RANKED]
    return decide(method, [Entry(number) for number in range(1, count + 1)], said, seed="7f3a", picked=2)


def drawn(outcome: Outcome, titles: dict[int, str] | None = None) -> Image.Image:
    films = [Candidate(number, TitleRef(Kind.MOVIE, number), name) for number, name in (titles or TITLES).items()]
    shown = tally(outcome, tuple(films)) if outcome.order else Tally(())
    image = Image.open(BytesIO(draw(shown, phrases("de"))))
    assert image.format == "PNG"
    assert image.width == WIDTH
    return image.convert("RGB")


def golden_lines(image: Image.Image) -> int:
    """How many bars are golden, where every bar begins."""
    column = [image.getpixel((402, y)) == GOLD for y in range(image.height)]
    return sum(now and not before for before, now in zip([False, *column], column, strict=False))


@pytest.mark.parametrize(("method", "rounds"), [("approval", 1), ("ranked", 3), ("star", 2), ("draw", 1), ("turns", 1)])
def test_the_winner_is_golden_in_each_round(method: str, rounds: int) -> None:
    outcome = of(Method(method))
    assert golden_lines(drawn(outcome)) == rounds


def test_of_many_rounds_a_few_are_drawn() -> None:
    titles = {number: f"Film {number}" for number in range(1, 9)}
    said = [Ballot(ranking=(number,)) for number in titles for _ in range(number)]
    outcome = decide(Method.RANKED, [Entry(number) for number in titles], said, seed="7f3a")
    assert len(outcome.rounds) > MOST_ROUNDS
    assert golden_lines(drawn(outcome, titles)) == MOST_ROUNDS


def test_no_title_at_all_is_still_a_picture() -> None:
    drawn(of(Method.APPROVAL, 0))
