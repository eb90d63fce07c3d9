"""What is on the posters besides type: a palette and a simple geometric motif for each genre.

A motif draws on the upper two thirds of a square-cornered sheet `width` pixels wide; `seed` (the title's id) moves
its shapes a little, so that two films of a genre don't look the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final, TypeAlias

from PIL.ImageDraw import ImageDraw

from bot.core.model import Title


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours: the ground, two for shapes, and the type's; `soft` for small print."""

    ground: str
    first: str
    second: str
    ink: str
    soft: str


_LIGHT, _DARK = "#fff8ec", "#1d1b22"
_PALETTES: Final = tuple(
    Palette(ground, first, second, ink, soft)
    for ground, first, second, ink, soft in (
        ("#14213d", "#fca311", "#3d5a98", _LIGHT, "#b9c4dd"),
        ("#f4e9d8", "#e4572e", "#17535f", _DARK, "#5a5148"),
        ("#0f3d3e", "#f2b950", "#2a7f76", _LIGHT, "#b5d3cb"),
        ("#ffe1d6", "#c8384e", "#ff9d76", "#3a1220", "#7c3c47"),
        ("#2b1b3d", "#ff6f91", "#6b4fa0", _LIGHT, "#cfbfe6"),
        ("#e3f0ee", "#1b6f8a", "#f0a04b", "#0f2c36", "#40626b"),
        ("#7a1f2b", "#f7c59f", "#b5394a", _LIGHT, "#efc9c2"),
        ("#1b1b1e", "#d7263d", "#5a5a66", _LIGHT, "#b8b6be"),
        ("#f9d65c", "#e2502b", "#2f6690", "#29220c", "#6a5818"),
        ("#204e3a", "#f3e6b3", "#5c9160", _LIGHT, "#c2dcc1"),
        ("#d9e5f7", "#33539e", "#ef767a", "#14203d", "#4b5a7e"),
        ("#3b2f2f", "#e8a87c", "#8b5e4b", _LIGHT, "#d9c4b6"),
    )
)
_BY_GENRE: Final = {
    "horror": (7, 4, 6),
    "western": (8, 11, 1),
    "science fiction": (0, 4, 2),
    "sci-fi & fantasy": (4, 0, 2),
    "romance": (3, 6, 10),
    "comedy": (8, 1, 3),
    "crime": (7, 11, 0),
    "mystery": (0, 7, 4),
    "thriller": (7, 6, 0),
    "war": (9, 11, 7),
    "animation": (5, 8, 10),
    "family": (10, 8, 5),
    "fantasy": (2, 4, 9),
    "adventure": (5, 2, 8),
    "documentary": (1, 5, 9),
    "music": (4, 3, 8),
    "history": (11, 6, 1),
}


def palette_of(title: Title) -> Palette:
    """The colours of a title's poster."""
    suited = next((_BY_GENRE[genre] for genre in _genres(title) if genre in _BY_GENRE), range(len(_PALETTES)))
    return _PALETTES[suited[title.ref.id % len(suited)]]


def _genres(title: Title) -> list[str]:
    """The genres, drama last: it is on half of all films and says the least."""
    return sorted((genre.casefold() for genre in title.genres), key=lambda genre: genre == "drama")


Motif: TypeAlias = Callable[[ImageDraw, int, Palette, int], None]


def motif_of(title: Title) -> Motif:
    """The motif of a title's first telling genre."""
    for genre in _genres(title):
        if genre in _MOTIFS:
            return _MOTIFS[genre]
    return (_arches, _quarters)[title.ref.id % 2]


def _disc(pen: ImageDraw, x: float, y: float, r: float, fill: str) -> None:
    pen.ellipse((x - r, y - r, x + r, y + r), fill=fill)


def _ring(pen: ImageDraw, x: float, y: float, r: float, colour: str, width: int) -> None:
    pen.ellipse((x - r, y - r, x + r, y + r), outline=colour, width=width)


def _orbits(pen: ImageDraw, width: int, palette: Palette, seed: int) -> None:
    dice = Random(seed)  # noqa: S311 - shapes, not secrets
    x, y = width * dice.uniform(0.35, 0.65), width * 0.42
    for ring in range(4, 0, -1):
        _ring(pen, x, y, width * 0.16 * ring, palette.second, 6)
        angle = dice.uniform(0, 2 * math.pi)
        r = width * 0.16 * ring
        _disc(pen, x + r * math.cos(angle), y + r * math.sin(angle), width * 0.028, palette.soft)
    _disc(pen, x, y, width * 0.13, palette.first)


def _sun_and_mesa(pen: ImageDraw, width: int, palette: Palette, seed: int) -> None:
    dice = Random(seed)  # noqa: S311
    x, y, r = width * dice.uniform(0.4, 0.6), width * 0.46, width * 0.34
    _disc(pen, x, y, r, palette.first)
    for stripe in range(5):
        top = y + r * (0.1 + stripe * 0.19)
        pen.rectangle((x - r, top, x + r, top + 6 + stripe * 5), fill=palette.ground)
    edge = width * dice.uniform(0.15, 0.55)
    base, top = width * 0.98, width * 0.66
    pen.polygon([(edge - 70, base), (edge, top), (edge + 190, top), (edge + 260, base)], fill=palette.second)


def _teeth(pen: ImageDraw, width: int, palette: Palette, seed: int) -> None:
    dice = Random(seed)  # noqa: S311
    _disc(pen, width * dice.uniform(0.35, 0.65), width * 0.6, width * 0.2, palette.first)
    count = dice.choice((5, 6, 7))
    step = width / count
    for tooth in range(count):
        tip = width * dice.uniform(0.28, 0.5)
        pen.polygon([(tooth * step, 0), ((tooth + 1) * step, 0), ((tooth + 0.5) * step, tip)], fill=palette.second)


def _meeting(pen: ImageDraw, width: int, palette: Palette, seed: int) -> None:
    shift = width * (0.13 + seed % 5 * 0.02)
    y, r = width * 0.44, width * 0.27
    _disc(pen, width / 2 - shift, y, r, palette.first)
    _disc(pen, width / 2 + shift, y, r, palette.second)
    _disc(pen, width / 2, y, r - shift, palette.ink)


def _confetti(pen: ImageDraw, width: int, palette: Palette, seed: int) -> None:
    dice = Random(seed)  # noqa: S311
    for row in range(4):
        for column in range(4):
            x, y = width * (0.14 + column * 0.24), width * (0.14 + row * 0.24)
            colour = dice.choice((palette.first, palette.second, palette.soft))
            shape = dice.randrange(4)
            if shape == 0:
                _disc(pen, x, y, width * 0.085, colour)
            elif shape == 1:
                _ring(pen, x, y, width * 0.085, colour, 22)
            else:
                start = dice.choice((0, 90, 180, 270))
                r = width * 0.1
                pen.pieslice((x - r, y - r, x + r, y + r), start, start + 180, fill=colour)


def _blinds(pen: ImageDraw, width: int, palette: Palette, seed: int) -> None:
    _disc(pen, width * (0.38 + seed % 4 * 0.08), width * 0.42, width * 0.3, palette.first)
    for blind in range(9):
        top = width * blind * 0.112
        tilt = width * 0.05 * (1 if seed % 2 else -1)
        pen.polygon(
            [(0, top), (width, top + tilt), (width, top + tilt + width * 0.05), (0, top + width * 0.05)],
            fill=palette.second if blind % 3 == 1 else palette.ground,
        )


def _tunnel(pen: ImageDraw, width: int, palette: Palette, seed: int) -> None:
    dice = Random(seed)  # noqa: S311
    x, y = width * dice.uniform(0.4, 0.6), width * dice.uniform(0.34, 0.5)
    for ring in range(7, 0, -1):
        r, turn = width * 0.075 * ring, ring * 0.16 + seed
        corners = [
            (x + r * math.cos(turn + k * math.pi / 2), y + r * math.sin(turn + k * math.pi / 2)) for k in range(4)
        ]
        pen.polygon(corners, fill=palette.second if ring % 2 else palette.ground)
    _disc(pen, x, y, width * 0.05, palette.first)


def _rays(pen: ImageDraw, width: int, palette: Palette, seed: int) -> None:
    x, y, turn = width * (0.3 + seed % 5 * 0.1), width * 0.5, seed % 30 / 30
    for ray in range(12):
        start, end = (math.pi / 6 * (ray + turn + half) for half in (0, 0.5))
        far = [(x + width * 1.6 * math.cos(angle), y + width * 1.6 * math.sin(angle)) for angle in (start, end)]
        pen.polygon([(x, y), *far], fill=palette.second)
    _disc(pen, x, y, width * 0.19, palette.first)


def _bubbles(pen: ImageDraw, width: int, palette: Palette, seed: int) -> None:
    dice = Random(seed)  # noqa: S311
    for number in range(11):
        r = width * dice.uniform(0.05, 0.17)
        x, y = width * dice.uniform(0.05, 0.95), width * dice.uniform(0.08, 0.8)
        _disc(pen, x, y, r, (palette.first, palette.second, palette.soft)[number % 3])
        _disc(pen, x - r * 0.35, y - r * 0.35, r * 0.18, palette.ground)


def _mountains(pen: ImageDraw, width: int, palette: Palette, seed: int) -> None:
    dice = Random(seed)  # noqa: S311
    _disc(pen, width * dice.uniform(0.25, 0.75), width * 0.3, width * 0.16, palette.first)
    for colour, low, high in ((palette.second, 0.4, 0.6), (palette.soft, 0.6, 0.78)):
        ridge = [(width * step / 4, width * dice.uniform(low, high)) for step in range(5)]
        pen.polygon([(0, width * 1.05), *ridge, (width, width * 1.05)], fill=colour)


def _columns(pen: ImageDraw, width: int, palette: Palette, seed: int) -> None:
    dice = Random(seed)  # noqa: S311
    for column in range(7):
        left = width * (0.08 + column * 0.123)
        top = width * dice.uniform(0.12, 0.62)
        colour = palette.first if column == seed % 7 else palette.second
        pen.rounded_rectangle((left, top, left + width * 0.095, width * 1.1), width * 0.047, fill=colour)


def _arches(pen: ImageDraw, width: int, palette: Palette, seed: int) -> None:
    x = width * (0.3 + seed % 5 * 0.1)
    for ring, colour in enumerate((palette.second, palette.ground, palette.first, palette.ground, palette.soft)):
        r = width * (0.44 - ring * 0.085)
        pen.rounded_rectangle((x - r, width * 0.52 - r, x + r, width * 1.3), r, fill=colour)


def _quarters(pen: ImageDraw, width: int, palette: Palette, seed: int) -> None:
    dice = Random(seed)  # noqa: S311
    r = width / 3
    for row in range(3):
        for column in range(3):
            start = dice.choice((0, 90, 180, 270))
            colour = dice.choice((palette.first, palette.second, palette.second, palette.ground))
            x, y = column * r + (r if start in (90, 180) else 0), row * r + (r if start in (180, 270) else 0)
            pen.pieslice((x - r, y - r, x + r, y + r), start, start + 90, fill=colour)


_MOTIFS: Final[dict[str, Motif]] = {
    "science fiction": _orbits,
    "sci-fi & fantasy": _orbits,
    "western": _sun_and_mesa,
    "horror": _teeth,
    "romance": _meeting,
    "comedy": _confetti,
    "crime": _blinds,
    "mystery": _blinds,
    "thriller": _tunnel,
    "war": _rays,
    "action": _rays,
    "action & adventure": _rays,
    "animation": _bubbles,
    "family": _bubbles,
    "fantasy": _mountains,
    "adventure": _mountains,
    "documentary": _columns,
    "history": _columns,
    "music": _columns,
}
