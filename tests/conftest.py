"""What all tests share: what a test needs of the system, and a database that is a real file.

A test that needs more than Python says so by `@pytest.mark.needs("chromium")`. Where that is
missing the test is skipped, by name and with what to install; with MARQUEE_TESTS=all it fails.
"""

import os
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings as hypothesis_settings

from storage.database import Database
from storage.sealing import Seal

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
"""The papers that the project is built from; a clone may lack them."""
TMDB_OPENAPI = Path(os.environ.get("TMDB_OPENAPI") or SHARED / "tmdb" / "openapi.json")
"""TMDB's description of its API, which the double of TMDB is held to. It is theirs: a clone lacks it."""

hypothesis_settings.register_profile("default", deadline=None)
hypothesis_settings.register_profile("soak", deadline=None, max_examples=2_000)
hypothesis_settings.load_profile("default")


class Need(NamedTuple):
    """Something of the system: is it there, and what to do if not."""

    is_there: Callable[[], bool]
    remedy: str


def bare_environment() -> dict[str, str]:
    """For a process of the program: what it needs of the system, and no setting of whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}


def chromium_path() -> str | None:
    """The system's Chromium, since none is downloaded."""
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if found := shutil.which(name):
            return found
    return None


NEEDS = {
    "chromium": Need(lambda: chromium_path() is not None, "install Chromium (apt install chromium)"),
    "shared": Need(SHARED.is_dir, f"put the project's papers beside the clone, at {SHARED}"),
    "tmdb": Need(TMDB_OPENAPI.is_file, f"put TMDB's description at {TMDB_OPENAPI}, or its path in TMDB_OPENAPI"),
}


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose needs are not met, or fail it when all must run."""
    for mark in item.iter_markers("needs"):
        for what in mark.args:
            need = NEEDS[what]
            if need.is_there():
                continue
            missing = f"needs {what}: {need.remedy}"
            if os.environ.get("MARQUEE_TESTS") == "all":
                pytest.fail(missing, pytrace=False)
            pytest.skip(missing)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name each skipped test, which pytest's own summary folds into one line a reason."""
    for report in terminalreporter.stats.get("skipped", []):
        terminalreporter.write_line(f"NOT RUN {report.nodeid}")


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    """An open database in a file of its own."""
    database = await Database.open(tmp_path / "marquee.db")
    yield database
    await database.close()


@pytest.fixture
async def seal(db: Database) -> Seal:
    """The seal of `db`, with the key file beside it."""
    return await Seal.load(db, None)
