"""A day as people say it, seen from another one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.core.phrases import Day, phrases

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("days", "english", "german"),
    [
        (-1, "yesterday", "gestern"),
        (0, "today", "heute"),
        (1, "tomorrow", "morgen"),
        (2, "Fri 27 Nov", "Fr., 27. Nov."),
        (20, "15 Dec", "15. Dez."),
        (-20, "5 Nov", "5. Nov."),
        (60, "24 Jan 2027", "24. Jan. 2027"),
    ],
)
def test_a_day(days: int, english: str, german: str) -> None:
    day = Day(TODAY + timedelta(days=days), TODAY)
    assert (phrases("en").day(day), phrases("de").day(day)) == (english, german)
