"""Ratings as people write them: `8.5`, `8,5`, `8.5/10`, `8½`; and those nearest to what is none."""

from __future__ import annotations

import re
from typing import Final

from bot.core.model import Rating

_VALUE: Final = re.compile(r"(?P<whole>[0-9]{0,2})(?:(?P<half>½)|[.,](?P<part>[05])0*)?(?:/10)?")
_NUMBER: Final = re.compile(r"(?P<part>-?[0-9]{1,6}(?:[.,][0-9]{1,6})?)(?![\w.,])(?:/(?P<whole>[0-9]{1,4})(?![\w.,]))?")


def like_a_rating(words: str) -> bool:
    """Whether somebody who wrote `words` last may have meant a rating, allowed or not."""
    return re.fullmatch(r"-?[0-9]+(?:[.,][0-9]*)?½?(?:/[0-9]+)?|½(?:/10)?|[.,][0-9]+", words) is not None


def read_rating(words: str) -> Rating | None:
    """`8.5`, `8,5`, `8.5/10`, `8½`; None for anything else."""
    value = _VALUE.fullmatch(words)
    if value is None or not (value["whole"] or value["half"] or value["part"]):
        return None
    halves = 2 * int(value["whole"] or 0) + (1 if value["half"] or value["part"] == "5" else 0)
    return Rating(halves) if 1 <= halves <= 20 else None


def nearest_ratings(words: str) -> tuple[Rating, ...]:
    """The two ratings nearest to the number that `words` begin with, the lower first; none if there is no number.

    A part of another whole than ten (`17/20`) is scaled to ten, and gives the one rating that it is, if it is one.
    """
    number = _NUMBER.match(words.replace("½", ".5"))
    if number is None or (number["whole"] and not int(number["whole"])):
        return ()
    halves = float(number["part"].replace(",", ".")) * 2
    if number["whole"]:
        halves = round(halves * 10 / int(number["whole"]), 6)
        if halves in range(1, 21):
            return (Rating(int(halves)),)
    lower = min(max(int(halves // 1), 1), 19)
    return Rating(lower), Rating(lower + 1)
