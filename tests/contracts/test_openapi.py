"""The served description: valid, complete, and true of what is served, as far as thousands of odd requests can tell."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.applications import Starlette

from bot.api import create_app
from bot.api.openapi import describe
from bot.backends.offline import Offline
from bot.core.model import Session
from storage.database import Database

CHECKS = [
    not_a_server_error,
    allow_header_conformance,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]
CONTRACT = {
    ("get", "/api/account"),
    ("get", "/api/account/{account_id}/{section}/{kinds}"),
    ("post", "/api/account/{account_id}/{section}"),
    ("post", "/api/{kind}/{id}/rating"),
    ("delete", "/api/{kind}/{id}/rating"),
}


def operations() -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method, path): operation
        for path, operations in describe()["paths"].items()
        for method, operation in operations.items()
        if method != "parameters"
    }


def test_the_description_is_valid() -> None:
    validate(describe())


def test_every_route_is_described_and_the_other_way_round(app: Starlette) -> None:
    served = {
        (method.lower(), route.path)  # type: ignore[attr-defined]
        for route in app.routes
        for method in route.methods - {"HEAD"}  # type: ignore[attr-defined]
    }
    assert served - {("get", "/openapi.json")} == operations().keys()


def test_what_goes_beyond_the_contract_is_marked() -> None:
    marked = {key for key, operation in operations().items() if operation.get("x-extension") is True}
    assert marked == operations().keys() - CONTRACT
    assert all("xtension" in operations()[key]["description"] for key in marked)


# ── Is it true? ──


class Under:
    """The application under test, and new sessions with it."""

    def __init__(self, app: Starlette, session: Callable[[], Session]) -> None:
        self.app = app
        self.session = session


@pytest.fixture(scope="module")
def under(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Under]:
    path = tmp_path_factory.mktemp("fuzzed") / "marquee.db"
    shutil.copy(prepared, path)
    with asyncio.Runner() as runner:
        db = runner.run(Database.open(path))
        offline = runner.run(Offline.open(db))
        app = create_app(offline, catalogue=offline, sign_up=offline)
        yield Under(app, lambda: runner.run(offline.create("Ann")))
        runner.run(db.close())


@pytest.fixture(scope="module")
def description(under: Under) -> BaseSchema:
    return schemathesis.openapi.from_asgi("/openapi.json", under.app)


@pytest.mark.parametrize("mode", GenerationMode)
@pytest.mark.parametrize(("method", "path"), operations())
def test_odd_requests_are_answered_as_described(
    under: Under, description: BaseSchema, method: str, path: str, mode: GenerationMode
) -> None:
    session = under.session()
    headers = {"Authorization": f"Bearer {session.token}"}
    statuses = set()
    # Chance would hardly ever find the own account, or a title that is there.
    found = {"account_id": session.account_id, "id": 550, "kind": "movie", "imdb_id": "tt0137523"}
    known = {name: value for name, value in found.items() if f"{{{name}}}" in path}

    @settings(max_examples=40, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=description[path][method].as_strategy(generation_mode=mode), own=st.booleans())
    def check(case: schemathesis.Case[Any], own: bool) -> None:
        if own and mode is GenerationMode.POSITIVE:
            case.path_parameters.update(known)
            if path == "/api/account/{account_id}/{section}":
                case.body = {"media_type": "movie", "media_id": 550, "favorite": True, "watchlist": False}
        statuses.add(case.call_and_validate(headers=headers, checks=CHECKS).status_code)

    check()
    assert min(statuses) < 300 or mode is GenerationMode.NEGATIVE
