"""The page's files: a fixed table, read once. Nothing else of the disk can be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

_FOLDER: Final = Path(__file__).parent / "page"


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    media_type: str
    etag: str


def _file(name: str, media_type: str) -> _File:
    content = (_FOLDER / name).read_bytes()
    return _File(content, media_type, f'"{sha256(content).hexdigest()[:16]}"')


PAGES: Final = {
    "/": _file("index.html", "text/html"),
    **{f"/{name}": _file(name, "text/css") for name in ("chat.css", "messages.css")},
    **{
        f"/{name}": _file(name, "text/javascript")
        for name in (
            "chat.js",
            "store.js",
            "live.js",
            "log.js",
            "message.js",
            "composer.js",
            "sidebar.js",
            "dom.js",
            "back.js",
        )
    },
    "/icon.svg": _file("icon.svg", "image/svg+xml"),
}
"""By their paths."""


async def page(request: Request) -> Response:
    """One of the files; 304 for a browser that has it already."""
    file = PAGES[request.url.path]
    headers = {"etag": file.etag, "cache-control": "no-cache"}
    if request.headers.get("if-none-match") == file.etag:
        return Response(status_code=304, headers=headers)
    return Response(file.content, headers=headers, media_type=file.media_type)
