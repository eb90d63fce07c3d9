"""Listening on this machine, and telling whoever started it."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from bot.settings import SettingsError

STOP_SECONDS: Final = 4
"""How long a stop may take until what is left is cut off."""


class Server(uvicorn.Server):
    """uvicorn without its own signal handling: we stop more than a server."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Whoever runs it is told to stop, and stops it."""
        yield


def server(app: ASGIApp, lifespan: str = "off") -> Server:
    """A server of `app`, to be run and stopped by whoever asks for it."""
    config = uvicorn.Config(
        app,
        lifespan=lifespan,  # type: ignore[arg-type]
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
        h11_max_incomplete_event_size=64 * 1024,
        ws="none",
    )
    return Server(config)


@contextmanager
def listening(host: str, port: int, tries: int) -> Iterator[socket.socket]:
    """A socket on the first free port from `port` on. Raises SettingsError if there is none."""
    why = ""
    for candidate in range(port, port + tries) if port else (0,):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        # With its protocol named, asyncio sets TCP_NODELAY: else every answer waits 40 ms for an acknowledgement.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
            listener.listen(128)
        except OSError as error:
            listener.close()
            why = error.strerror or str(error)
            continue
        if candidate != port:
            say(f"Port {port} is busy; taking {candidate}.")
        with listener:
            yield listener
        return
    raise SettingsError(f"No port is free from {port} on ({why}): set another one.")


def say(line: str) -> None:
    """Tell whoever started the program."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
