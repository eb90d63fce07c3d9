"""An outcome as a picture: each round's totals as bars."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

from bot.core.deciding.model import Method, Outcome, Round, RoundKind
from bot.core.lettering import drawable, face, shortened
from bot.core.phrases import N_, Phrases, Text, t
from bot.core.text import clean

WIDTH: Final = 800
MOST_ROUNDS: Final = 4
"""Of more, the first and the last ones are drawn."""

_GROUND, _INK, _SOFT = "#1b1e26", "#f4f1ea", "#9aa0ad"
_BAR, _WINNER = "#4a5468", "#e8b23a"
_MARGIN, _HEADING, _ROW, _GAP = 32, 50, 46, 26
_BARS_AT, _BARS_TO = 400, 690

_HEADINGS: Final = {
    RoundKind.COUNT: N_("Votes"),
    RoundKind.SCORES: N_("Points"),
    RoundKind.RUNOFF: N_("Run-off"),
    RoundKind.DRAW: N_("Chances in percent"),
    RoundKind.WANTED: N_("Wanted by"),
    RoundKind.PICKED: N_("Picked"),
}


def bars(outcome: Outcome, titles: Mapping[int, str], words: Phrases) -> bytes:
    """A PNG of `WIDTH` pixels with the rounds one below the other, the winner's bars in gold. `titles`: by number.

    It takes some milliseconds: draw it in a thread.
    """
    rounds = [(at, one) for at, one in enumerate(outcome.rounds, 1) if one.kind in _HEADINGS]
    if len(rounds) > MOST_ROUNDS:
        rounds = [rounds[0], *rounds[1 - MOST_ROUNDS :]]
    height = 2 * _MARGIN - _GAP + sum(_HEADING + _ROW * len(one.totals) + _GAP for _, one in rounds)
    image = Image.new("RGB", (WIDTH, height), _GROUND)
    pen = ImageDraw.Draw(image)
    names = {number: drawable(clean(name, 100)) or str(number) for number, name in titles.items()}
    top = _MARGIN
    for at, one in rounds:
        heading = Text(_HEADINGS[one.kind])
        if outcome.method is Method.RANKED and one.kind is RoundKind.COUNT:
            heading = t("Round {round}", round=at)
        pen.text((_MARGIN, top), words.text(heading), _SOFT, face("SemiBold", 26))
        top = _GAP + _draw_round(pen, top + _HEADING, one, outcome.order[0], names, words)
    file = BytesIO()
    image.quantize(64, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _draw_round(
    pen: ImageDraw.ImageDraw, top: int, one: Round, winner: int, names: Mapping[int, str], words: Phrases
) -> int:
    """One line for each title, those with most first; where they end."""
    longest = max(*one.totals.values(), 1)
    for number in sorted(one.totals, key=lambda number: (-one.totals[number], number != winner, number)):
        total, won, out = one.totals[number], number == winner, number == one.dropped
        font = face("ExtraBold" if won else "Medium", 26)
        name = shortened(names[number], font, _BARS_AT - _MARGIN - 24)
        pen.text((_MARGIN, top + 2), name, _WINNER if won else _SOFT if out else _INK, font)
        length = round((_BARS_TO - _BARS_AT) * total / longest)
        # What has nothing still has a place to look at.
        pen.rectangle((_BARS_AT, top, _BARS_AT + max(length, 3), top + _ROW - 16), fill=_WINNER if won else _BAR)
        said = words.number(round(total, 1))
        pen.text((_BARS_AT + max(length, 3) + 14, top + 2), said, _SOFT if out else _INK, face("SemiBold", 26))
        top += _ROW
    return top
