"""Posters, drawn: the bundled catalogue has none. Type on flat colour, a motif of the genre, the same at every time.

Drawn at twice the size and scaled down, which smooths the edges. The type is Manrope (OFL), from a package, so that
no font of the system is needed; what it has no sign for is left out, so that nobody sees empty boxes.
"""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from hashlib import sha256
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFont
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.core.errors import MarqueeError
from bot.core.lettering import drawable, face, shortened
from bot.core.model import MOST_ID, Kind, Title, TitleRef
from bot.core.text import clean
from bot.frontends.web.motifs import motif_of, palette_of

WIDTH, HEIGHT = 300, 450
MOST_KEPT: Final = 512
"""Posters in memory, some 10 kB each."""

_DRAWN: Final = 2  # times as large as it is shown
_MARGIN: Final = 44
_LOOKS: Final = "1"
"""Goes into the ETag: another number when posters look different, so that browsers fetch them again."""
_FILE: Final = re.compile(r"([1-9][0-9]{0,9})\.png")


class Drawn:
    """Serves drawn posters. `title` looks a title up, and may raise MarqueeError."""

    def __init__(self, title: Callable[[TitleRef], Awaitable[Title]]) -> None:
        self._title = title
        self._drawn: OrderedDict[str, bytes] = OrderedDict()

    async def serve(self, request: Request) -> Response:
        """The poster of `/poster/movie/550.png`."""
        file = _FILE.fullmatch(request.path_params["file"])
        if file is None or request.path_params["kind"] not in set(Kind) or int(file[1]) > MOST_ID:
            raise HTTPException(404)
        try:
            title = await self._title(TitleRef(Kind(request.path_params["kind"]), int(file[1])))
        except MarqueeError:
            raise HTTPException(404) from None
        shown = (_LOOKS, title.ref, title.name, title.original_name, title.year, title.genres, title.makers)
        mark = sha256(repr(shown).encode()).hexdigest()[:16]
        headers = {"etag": f'"{mark}"', "cache-control": "private, max-age=86400"}
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(status_code=304, headers=headers)
        return Response(await self._png(mark, title), headers=headers, media_type="image/png")

    async def _png(self, mark: str, title: Title) -> bytes:
        if mark not in self._drawn:
            self._drawn[mark] = await asyncio.to_thread(draw, title)
        self._drawn.move_to_end(mark)
        while len(self._drawn) > MOST_KEPT:
            self._drawn.popitem(last=False)
        return self._drawn[mark]


def draw(title: Title) -> bytes:
    """The title's poster, as a PNG of WIDTH by HEIGHT pixels."""
    palette = palette_of(title)
    width, height = WIDTH * _DRAWN, HEIGHT * _DRAWN
    image = Image.new("RGB", (width, height), palette.ground)
    pen = ImageDraw.Draw(image)
    motif_of(title)(pen, width, palette, title.ref.id)
    # The band under the type keeps it readable, whatever the motif does.
    lines, font = _fitted(drawable(clean(title.name)), width - 2 * _MARGIN)
    step = round(font.size * 1.08)
    small = face("SemiBold", 26)
    below = _small_print(title, small, width - 2 * _MARGIN)
    top = height - _MARGIN - 40 * len(below) - 24 - step * len(lines)
    pen.rectangle((0, min(top - 40, height * 2 // 3), width, height), fill=palette.ground)
    for number, line in enumerate(lines):
        pen.text((_MARGIN - font.size // 24, top + number * step), line, palette.ink, font)
    for number, line in enumerate(reversed(below), 1):
        pen.text((_MARGIN, height - _MARGIN - 40 * number + 8), line, palette.soft, small)
    shown = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).quantize(96, dither=Image.Dither.NONE)
    file = BytesIO()
    shown.save(file, "PNG", optimize=True)
    return file.getvalue()


def _small_print(title: Title, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Under the name: the original one, if it can be drawn; who made it, and when."""
    original = clean(title.original_name or "")
    maker = drawable(clean(title.makers[0], 40)) if title.makers else ""
    lines = [original if original != title.name and drawable(original) == original else ""]
    lines.append("   ".join(word for word in (str(title.year or ""), maker) if word))
    return [shortened(line, font, width) for line in lines if line]


def _fitted(name: str, width: int) -> tuple[list[str], ImageFont.FreeTypeFont]:
    """The name in lines, in the largest type in which it fits."""
    largest = 190 if len(name) <= 4 else 110
    for size in range(largest, 35, -6):
        font = face("ExtraBold", size)
        lines = _wrapped(name, font, width)
        if len(lines) * size <= 400 and all(font.getlength(line) <= width for line in lines):
            return lines, font
    font = face("ExtraBold", 36)
    return [shortened(line, font, width) for line in _wrapped(name, font, width)[:9]], font


def _wrapped(name: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    lines: list[str] = []
    for word in name.split():
        if lines and font.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
