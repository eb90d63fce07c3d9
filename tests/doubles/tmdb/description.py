"""TMDB's OpenAPI description, and what in a call or in its answer does not fit it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from cachetools import LRUCache
from jsonschema_path import SchemaPath
from openapi_core import Config, OpenAPI, V31RequestValidator, V31ResponseValidator
from openapi_core.casting.schemas import oas31_types_caster
from openapi_core.casting.schemas.factories import SchemaCastersFactory
from openapi_core.datatypes import RequestParameters
from openapi_core.templating.paths.datatypes import PathOperationServer
from openapi_core.templating.paths.finders import APICallPathFinder
from openapi_core.validation.schemas import oas31_schema_validators_factory as fresh
from openapi_core.validation.schemas.factories import DialectSchemaValidatorsFactory
from openapi_core.validation.schemas.validators import SchemaValidator
from werkzeug.datastructures import Headers, ImmutableMultiDict

from tests.conftest import TMDB_OPENAPI
from tests.doubles.tmdb.v4 import V4
from tests.doubles.tmdb.wire import Json

_HOST: Final = "https://api.themoviedb.org"
_LOOSE: Final = ("/3/search/multi", "/3/trending/all/", "/3/trending/person/", "/combined_credits", "/watch/providers",
                 "/3/certification/")  # fmt: skip
"""Answers of more than one shape: films, series and people in one list, or a field for each country."""


@dataclass
class Request:
    """A call, as openapi-core reads it. `path_pattern` is the path with its places' names, `places` what they hold."""

    method: str
    path: str
    path_pattern: str
    places: dict[str, str]
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes | None = None
    host_url: str = _HOST
    parameters: RequestParameters = field(init=False)

    def __post_init__(self) -> None:
        query = ImmutableMultiDict(self.query)
        self.parameters = RequestParameters(query=query, header=Headers(self.headers), path=self.places)
        self.method = self.method.lower()

    @property
    def key(self) -> tuple[object, ...]:
        """All that is looked at: of the headers, that there is a token, and what the body is."""
        scheme = self.headers.get("authorization", "").partition(" ")[0]
        return self.method, self.path, tuple(self.query), scheme, self.content_type, self.body

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


class _Finder(APICallPathFinder):
    """Finds an operation by its pattern, and remembers it: to try all patterns takes a millisecond."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._found: dict[tuple[str, str], PathOperationServer] = {}

    def find(self, method: str, name: str) -> PathOperationServer:
        """The operation."""
        if (method, name) not in self._found:
            self._found[method, name] = super().find(method, name)
        return self._found[method, name]


class _Kept(DialectSchemaValidatorsFactory):
    """Makes the validator of each schema once: openapi-core would make new classes for each value."""

    def __init__(self) -> None:
        super().__init__(fresh.schema_validator_cls, fresh.default_jsonschema_dialect_id, fresh.format_checker)
        self._made: dict[tuple[object, ...], SchemaValidator] = {}

    def create(self, spec: SchemaPath, schema: SchemaPath, *args: Any, **named: Any) -> SchemaValidator:
        """The validator of a schema."""
        key = (schema, *args, *named.values())
        if key not in self._made:
            self._made[key] = super().create(spec, schema, *args, **named)
        return self._made[key]


class _Checked:
    """One document, and its validators: made once, as each keeps what it has resolved."""

    def __init__(self, document: dict[str, Any]) -> None:
        # The document was checked when it was repaired, and ours is held by the tests.
        spec = OpenAPI.from_dict(document, config=Config(spec_validator_cls=None)).spec
        self.paths: dict[str, Any] = document["paths"]
        kept = _Kept()
        common: dict[str, Any] = {
            "schema_validators_factory": kept,
            "schema_casters_factory": SchemaCastersFactory(kept, oas31_types_caster),
            "path_finder_cls": _Finder,
        }
        named: dict[str, Any] = common | {"forbid_unspecified_additional_properties": True}
        self.requests = V31RequestValidator(spec, **named)
        self.strict = V31ResponseValidator(spec, **named, enforce_properties_required=True)
        self.loose = V31ResponseValidator(spec, **common)

    def operation(self, method: str, pattern: str) -> dict[str, Any] | None:
        """The description of that call, if it has one."""
        found: dict[str, Any] | None = self.paths.get(pattern, {}).get(method.lower())
        return found


class Description:
    """TMDB's own description of version 3, and ours of the calls of version 4."""

    def __init__(self, path: Path) -> None:
        self._v3 = _Checked(json.loads(path.read_text("utf-8")))
        self._v4 = _Checked(V4)
        # Tests ask for the same things again and again, and to look at twenty titles takes milliseconds.
        self._asked: LRUCache[tuple[object, ...], list[str]] = LRUCache(1000)
        self._answered: LRUCache[tuple[str, Response], list[str]] = LRUCache(1000)

    @staticmethod
    @cache
    def load(path: Path) -> Description:
        """The description in that file, read once."""
        return Description(path)

    @classmethod
    def there(cls) -> Description | None:
        """The description, if this machine has it."""
        return cls.load(TMDB_OPENAPI) if TMDB_OPENAPI.is_file() else None

    @property
    def operations(self) -> list[tuple[str, str]]:
        """Method and path of all that is described."""
        both = (*self._v3.paths.items(), *self._v4.paths.items())
        return [(method.upper(), path) for path, methods in both for method in methods]

    def check(self, request: Request, response: Response) -> list[str]:
        """What is wrong with a call and its answer."""
        request = _with_account(request)
        document = self._v4 if request.path.startswith("/4/") else self._v3
        operation = document.operation(request.method, request.path_pattern)
        if operation is None:
            return ["it is not described"]
        if request.key not in self._asked:
            errors = document.requests.iter_errors(request)
            self._asked[request.key] = [*_unnamed(request, operation), *_sentences(errors)]
        wrong = [*self._asked[request.key]]
        for part_request, part_response in _parts(request, response):
            wrong += self._answer(document, part_request, part_response)
        return wrong

    def _answer(self, document: _Checked, request: Request, response: Response) -> list[str]:
        key = (f"{request.method} {request.path}", response)
        if key not in self._answered:
            self._answered[key] = [*self._look_at(document, request, response)]
        return self._answered[key]

    def _look_at(self, document: _Checked, request: Request, response: Response) -> Iterator[str]:
        loose = response.status_code >= 400 or any(path in request.path for path in _LOOSE)
        validator = document.loose if loose else document.strict
        for wrong in _sentences(validator.iter_errors(request, response)):
            yield f"the answer to {request.path}: {wrong}"


def _with_account(request: Request) -> Request:
    """Real clients ask for /3/account with the session alone, which the description has under an account's number."""
    if request.path_pattern != "/3/account":
        return request
    described = "/3/account/{account_id}"
    return replace(request, path="/3/account/0", path_pattern=described, places={"account_id": "0"})


def _unnamed(request: Request, operation: dict[str, Any]) -> Iterator[str]:
    named = {each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"}
    if "append_to_response" in dict(request.query):
        # They belong to what is appended.
        named |= {"session_id", "include_image_language", "include_video_language"}
    given = Counter(name for name, _ in request.query)
    for name in sorted(given.keys() - named):
        yield f"there is no parameter {name!r}"
    for name in sorted(name for name, times in given.items() if times > 1):
        yield f"{name!r} is given more than once"
    if request.body and "requestBody" not in operation:
        yield "there is no body"


def _parts(request: Request, response: Response) -> Iterator[tuple[Request, Response]]:
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
            path, pattern = f"{request.path}/{name}", f"{request.path_pattern}/{name}"
            asked = replace(request, path=path, path_pattern=pattern, query=[])
            yield asked, Response(200, json.dumps(part).encode())
    yield request, Response(200, json.dumps(body).encode())


def _sentences(errors: Iterator[Exception]) -> Iterator[str]:
    try:
        for error in errors:
            yield _sentence(error)
    except (ArithmeticError, ValueError) as error:
        # openapi-core itself stumbles over numbers and bytes that are none.
        yield f"it cannot be read: {error}"


def _sentence(error: Exception) -> str:
    """openapi-core keeps what was wrong in the causes of its error."""
    causes = getattr(error.__cause__, "schema_errors", ())
    details = [f"{'/'.join(map(str, cause.absolute_path))}: {cause.message[:200]}" for cause in causes]
    return f"{str(error)[:200]} {'; '.join(details)}".strip()
