"""Type for the pictures that we draw: the faces, and words that fit and can be drawn."""

from __future__ import annotations

from functools import cache
from importlib import resources
from io import BytesIO

from PIL import ImageFont


@cache
def face(weight: str, size: int) -> ImageFont.FreeTypeFont:
    """Manrope in a weight (`Medium`, `SemiBold`, `ExtraBold`) and a size in pixels."""
    file = resources.files("font_manrope").joinpath(f"files/Manrope-{weight}.ttf")
    # Several threads draw at once: the basic layout shares nothing between them.
    return ImageFont.truetype(BytesIO(file.read_bytes()), size, layout_engine=ImageFont.Layout.BASIC)


def drawable(words: str) -> str:
    """`words` without what the type has no sign for."""
    return " ".join("".join(char for char in words if char == " " or _has_sign(char)).split())


def shortened(line: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    """As much of `line` as is at most `width` pixels wide."""
    if font.getlength(line) <= width:
        return line
    while line and font.getlength(line + "…") > width:
        line = line[:-1]
    return line.rstrip() + "…"


@cache
def _has_sign(char: str) -> bool:
    font = face("Medium", 24)
    return char.isprintable() and bytes(font.getmask(char)) != bytes(font.getmask("\U0010fffd"))
