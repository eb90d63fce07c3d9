"""What film nights say of many people, and of times that are far."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.core.phrases import Mention, Text, phrases, t
from bot.features.nights.board import some_of, when
from bot.features.nights.closing import listed
from bot.features.nights.steps import read_time

NOW = datetime(2023, 11, 14, 22, 0, tzinfo=UTC)


def said(words: Text) -> str:
    return phrases("en").text(words)


def test_of_many_people_some_are_named() -> None:
    assert said(some_of(["Ada", "", "Ben"])) == "Ada, … and Ben"
    assert said(some_of([f"P{n}" for n in range(200)])) == "P0, P1, P2, P3, P4 and 195 more"


def test_of_many_people_some_are_mentioned() -> None:
    people = [Mention(str(n), f"P{n}") for n in range(600)]
    assert said(listed(people[:2])) == "P0, P1"
    assert said(listed(people)).endswith("P19 and 580 more")


@pytest.mark.parametrize(
    ("hours", "shown"), [(1, "23:00"), (24, "22:00"), (25, "23:00 tomorrow"), (48, "22:00 Thu 16 Nov")]
)
def test_a_time_that_is_more_than_a_day_ahead_has_its_day(hours: int, shown: str) -> None:
    now = int(NOW.timestamp())
    assert said(t("{when}", when=when(now + hours * 3600, now, UTC))) == shown


@pytest.mark.parametrize("words", ["in 1 tag", "1 day", "24 stunden", "in 24h", "22:00", "tonight at 22.00", "1440"])
def test_a_day_is_said_in_many_ways(words: str) -> None:
    at = read_time(words, NOW)
    assert at is not None
    assert at - NOW.timestamp() == 24 * 3600
