"""TMDB's OpenAPI description, and what in a call or in its answer does not fit it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from openapi_core import Config, OpenAPI, V31RequestValidator, V31ResponseValidator
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

from tests.doubles.tmdb.v4 import V4
from tests.doubles.tmdb.wire import Json

_HOST: Final = "https://api.themoviedb.org"
_LOOSE: Final = ("/3/search/multi", "/3/trending/all/", "/3/trending/person/", "/combined_credits", "/watch/providers",
                 "/3/certification/")  # fmt: skip
"""Answers of more than one shape: films, series and people in one list, or a field for each country."""


@dataclass
class Request:
    """A call, as openapi-core reads it."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes | None = None
    host_url: str = _HOST
    parameters: RequestParameters = field(init=False)

    def __post_init__(self) -> None:
        query = ImmutableMultiDict(self.query)
        self.parameters = RequestParameters(query=query, header=Headers(self.headers))
        self.method = self.method.lower()

    @property
    def content_type(self) -> str:
        """What the body is."""
        return self.headers.get("content-type", "").lower()


@dataclass(frozen=True)
class Response:
    """An answer, as openapi-core reads it."""

    status_code: int
    data: bytes | None
    content_type: str = "application/json"

    @property
    def headers(self) -> Headers:
        """No answer's headers are described."""
        return Headers()


class _Checked:
    """One document, and its validators: made once, as each keeps what it has resolved."""

    def __init__(self, document: dict[str, Any]) -> None:
        # The document was checked when it was repaired, and ours is held by the tests.
        spec = OpenAPI.from_dict(document, config=Config(spec_validator_cls=None)).spec
        self.paths: dict[str, Any] = document["paths"]
        self.requests = V31RequestValidator(spec, forbid_unspecified_additional_properties=True)
        self.strict = V31ResponseValidator(
            spec, forbid_unspecified_additional_properties=True, enforce_properties_required=True
        )
        self.loose = V31ResponseValidator(spec)

    def operation(self, method: str, pattern: str) -> dict[str, Any] | None:
        """The description of that call, if it has one."""
        found: dict[str, Any] | None = self.paths.get(pattern, {}).get(method.lower())
        return found


class Description:
    """TMDB's own description of version 3, and ours of the calls of version 4."""

    def __init__(self, path: Path) -> None:
        self._v3 = _Checked(json.loads(path.read_text("utf-8")))
        self._v4 = _Checked(V4)

    @staticmethod
    @cache
    def load(path: Path) -> Description:
        """The description in that file, read once."""
        return Description(path)

    @property
    def operations(self) -> list[tuple[str, str]]:
        """Method and path of all that is described."""
        both = (*self._v3.paths.items(), *self._v4.paths.items())
        return [(method.upper(), path) for path, methods in both for method in methods]

    def check(self, request: Request, response: Response, pattern: str) -> list[str]:
        """What is wrong with a call and its answer. `pattern` is the path of the call with its places' names."""
        request, pattern = _with_account(request, pattern)
        document = self._v4 if request.path.startswith("/4/") else self._v3
        operation = document.operation(request.method, pattern)
        if operation is None:
            return ["it is not described"]
        wrong = [*_unnamed(request, operation)]
        wrong += [_sentence(error) for error in document.requests.iter_errors(request)]
        for part_request, part_response in _parts(request, response, pattern):
            wrong += self._answer(document, part_request, part_response)
        return wrong

    def _answer(self, document: _Checked, request: Request, response: Response) -> Iterator[str]:
        loose = response.status_code >= 400 or any(path in request.path for path in _LOOSE)
        validator = document.loose if loose else document.strict
        for error in validator.iter_errors(request, response):
            yield f"the answer to {request.path}: {_sentence(error)}"


def _with_account(request: Request, pattern: str) -> tuple[Request, str]:
    """Real clients ask for /3/account with the session alone, which the description has under an account's number."""
    if pattern != "/3/account":
        return request, pattern
    return Request(request.method, "/3/account/0", request.query, request.headers), "/3/account/{account_id}"


def _unnamed(request: Request, operation: dict[str, Any]) -> Iterator[str]:
    named = {each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"}
    if "append_to_response" in named:
        # They belong to what is appended.
        named |= {"session_id", "include_image_language", "include_video_language"}
    for name in sorted({name for name, _ in request.query} - named):
        yield f"there is no parameter {name!r}"
    if request.body and "requestBody" not in operation:
        yield "there is no body"


def _parts(request: Request, response: Response, pattern: str) -> Iterator[tuple[Request, Response]]:
    """The answer without what was appended, and each appended part as an answer of its own."""
    names = [name for name in (dict(request.query).get("append_to_response") or "").split(",") if name]
    if not names or response.status_code != 200:
        yield request, response
        return
    body: Json = json.loads(response.data or b"{}")
    for name in names:
        if name in body:
            part = body.pop(name)
            if "page" not in part:
                # Asked for alone, it has the id of its title, which here stands around it.
                part["id"] = body["id"]
            asked = Request("get", f"{request.path}/{name}", [], request.headers)
            yield asked, Response(200, json.dumps(part).encode())
    yield request, Response(200, json.dumps(body).encode())


def _sentence(error: Exception) -> str:
    """openapi-core keeps what was wrong in the causes of its error."""
    causes = getattr(error.__cause__, "schema_errors", ())
    details = [f"{'/'.join(map(str, cause.absolute_path))}: {cause.message[:200]}" for cause in causes]
    return f"{str(error)[:200]} {'; '.join(details)}".strip()
