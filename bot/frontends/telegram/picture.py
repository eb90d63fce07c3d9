"""A count as a picture: each round's totals as bars."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

from bot.core.lettering import drawable, face, shortened
from bot.core.phrases import Phrases
from bot.core.reply import Bar, Tally

WIDTH: Final = 800

_GROUND, _INK, _SOFT = "#1b1e26", "#f4f1ea", "#9aa0ad"
_BAR, _WINNER = "#4a5468", "#e8b23a"
_MARGIN, _HEADING, _ROW, _GAP = 32, 50, 46, 26
_BARS_AT, _BARS_TO = 400, 690


def draw(tally: Tally, words: Phrases) -> bytes:
    """A PNG of `WIDTH` pixels with the rounds one below the other, the winner's bars in gold.

    It takes some milliseconds: draw it in a thread.
    """
    height = 2 * _MARGIN - _GAP + sum(_HEADING + _ROW * len(bars) + _GAP for _, bars in tally.rounds)
    image = Image.new("RGB", (WIDTH, height), _GROUND)
    pen = ImageDraw.Draw(image)
    top = _MARGIN
    for heading, bars in tally.rounds:
        pen.text((_MARGIN, top), words.text(heading), _SOFT, face("SemiBold", 26))
        top += _HEADING
        for bar in bars:
            _draw_bar(pen, top, bar, words)
            top += _ROW
        top += _GAP
    file = BytesIO()
    image.quantize(64, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _draw_bar(pen: ImageDraw.ImageDraw, top: int, bar: Bar, words: Phrases) -> None:
    font = face("ExtraBold" if bar.wins else "Medium", 26)
    name = shortened(drawable(words.text(bar.label)) or "…", font, _BARS_AT - _MARGIN - 24)
    pen.text((_MARGIN, top + 2), name, _WINNER if bar.wins else _SOFT if bar.drops else _INK, font)
    # What has nothing still has a place to look at.
    end = _BARS_AT + max(round((_BARS_TO - _BARS_AT) * bar.share), 3)
    pen.rectangle((_BARS_AT, top, end, top + _ROW - 16), fill=_WINNER if bar.wins else _BAR)
    pen.text((end + 14, top + 2), words.number(bar.total), _SOFT if bar.drops else _INK, face("SemiBold", 26))
