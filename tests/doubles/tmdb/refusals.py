"""What TMDB answers when it does not do as it was asked: HTTP status, its own status code, and a short sentence."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """An answer with `success: false`."""

    def __init__(self, status: int, code: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{status}/{code} {message}")
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        """The answer's JSON."""
        return {"success": False, "status_code": self.code, "status_message": self.message}


def no_key() -> Refused:
    """401: the read token is missing or wrong."""
    return Refused(401, 7, "Invalid API key: You must be granted a valid key.")


def no_session(code: int = 3) -> Refused:
    """401: the session is missing, unknown or revoked; TMDB says it as 3 or as 17."""
    return Refused(401, code, "Session denied." if code == 17 else "Authentication failed: no permission.")


def not_found() -> Refused:
    """404: no such title, person or path."""
    return Refused(404, 34, "The resource you requested could not be found.")


def bad_id() -> Refused:
    """404: what stands in the place of a number is none."""
    return Refused(404, 6, "Invalid id: it is invalid or not found.")


def wrong_method() -> Refused:
    """405: the path is there, for another method."""
    return Refused(405, 4, "Invalid format: this service doesn't exist in that format.")


def bad_value(what: str) -> Refused:
    """400: a value outside its limits."""
    return Refused(400, 18, f"Validation failed: {what}")


def bad_parameters(what: str) -> Refused:
    """422: a parameter that cannot be read."""
    return Refused(422, 5, f"Invalid parameters: {what}")


def bad_page() -> Refused:
    """400: pages go from 1 to 500."""
    return Refused(400, 22, "Invalid page: Pages start at 1 and max at 500.")


def bad_body() -> Refused:
    """400: the body is no JSON object."""
    return Refused(400, 47, "The input is not valid.")


def too_many_appended() -> Refused:
    """400: more than twenty parts in `append_to_response`."""
    return Refused(400, 27, "Too many append to response objects: the maximum is 20.")


def too_many_requests(seconds: int) -> Refused:
    """429: to be asked again after so many seconds."""
    message = "Your request count is over the allowed limit."
    return Refused(429, 25, message, {"retry-after": str(seconds)})


def bad_request_token() -> Refused:
    """401: the request token is none, is over, or was used."""
    return Refused(401, 33, "Invalid request token: it is either expired or invalid.")


def not_approved() -> Refused:
    """422: the person has not approved the request token (yet)."""
    return Refused(422, 41, "This request token hasn't been approved by the user.")


def bad_access_token() -> Refused:
    """401: the access token is none, or was deleted."""
    return Refused(401, 35, "Invalid token.")


def broken(status: int) -> Refused:
    """5xx as TMDB itself says it."""
    code, message = {
        500: (11, "Internal error: Something went wrong."),
        502: (43, "Couldn't connect to the backend server."),
        503: (9, "Service offline: temporarily offline, try again later."),
        504: (24, "Your request to the backend server timed out."),
    }[status]
    return Refused(status, code, message)
