"""What is wrong with a request, and how each error is answered: a status and one sentence for a person."""

from __future__ import annotations

import logging
import math
import secrets
from typing import TYPE_CHECKING, Final

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse

from bot.core.errors import (
    BackendDown,
    NoSuchImdbTitle,
    NoSuchTitle,
    NotSupported,
    RateLimited,
    Refused,
    SessionEnded,
)
from bot.core.model import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.exceptions import HTTPException
    from starlette.requests import Request

_log: Final = logging.getLogger(__name__)
KINDS: Final = {Kind.MOVIE: "movie", Kind.TV: "TV series"}
_PLAIN: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Fault(Exception):
    """A request that can't be answered as it was asked. `status` is HTTP's, `sentence` is for a person."""

    def __init__(self, status: int, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.headers = headers or {}


def answer(body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A response, kept by no cache: what it says is one person's."""
    return JSONResponse(body, status, {**_PLAIN, **(headers or {})})


def refuse(fault: Fault) -> JSONResponse:
    """The one form that every error has."""
    return answer({"error": fault.sentence}, fault.status, fault.headers)


def fault_of(error: Exception) -> Fault:
    """The answer to any error. One that nobody expected is logged with its trace, under the reference in its answer."""
    match error:
        case Fault():
            return error
        case SessionEnded():
            return Fault(
                401,
                "There is no valid session: send its token as “Authorization: Bearer …” or as the cookie session_id.",
                {"WWW-Authenticate": "Bearer"},
            )
        case NoSuchTitle(ref=ref):
            return Fault(404, f"There is no {KINDS[ref.kind]} with the id {ref.id}.")
        case NoSuchImdbTitle():
            return Fault(404, "There is no title with this IMDb id.")
        case NotSupported():
            return Fault(404, "This server doesn't offer that.")
        case Refused():
            return Fault(422, str(error))
        case RateLimited(retry_after=seconds):
            return too_many(seconds)
        case BackendDown() | TimeoutError():
            # Not a fault of this server's: what lies below it is slow or gone.
            return Fault(503, "The service behind this one isn't answering. Please try again in a moment.")
        case ClientDisconnect():
            return Fault(400, "The request ended before its body did.")
        case _:
            reference = secrets.token_hex(4)
            _log.error("Unexpected error, reference %s", reference, exc_info=error)
            return Fault(500, f"Something went wrong here, and it was noted under the reference {reference}.")


def too_many(seconds: float) -> Fault:
    """The answer to somebody who has to wait for `seconds`."""
    wait = max(1, math.ceil(seconds))
    return Fault(429, f"Too many requests: please try again in {wait} s.", {"Retry-After": str(wait)})


def no_route(request: Request, error: HTTPException) -> JSONResponse:
    """The answer where no route, or none for this method, was found."""
    headers = dict(error.headers or {})
    if error.status_code == 405:
        allowed = headers.get("Allow", "another method")
        return refuse(Fault(405, f"{request.method} isn't possible here, but {allowed} is.", headers))
    return refuse(Fault(404, "There is nothing at this address. What there is, /openapi.json says."))
