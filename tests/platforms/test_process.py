"""The program as its operator sees it: started, stopped, killed, started again, set up wrongly."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import socket
import sys
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT, bare_environment
from tests.doubles.tmdb import READ_TOKEN, Tmdb, beside

ADDRESS = re.compile(r"(http://127\.0\.0\.1:(\d+))/\?key=(\S+)")
API = re.compile(r"(http://127\.0\.0\.1:\d+)/api,")
SECRET_KEY = "c2VjcmV0LWNhbmFyeS1rZXktZm9yLXRlc3RzLW9ubHk="


@dataclass
class Program:
    """A running `python -m bot`, and what it printed so far."""

    process: asyncio.subprocess.Process
    printed: list[str] = field(default_factory=list)

    async def until(self, pattern: re.Pattern[str]) -> re.Match[str]:
        """The first line that has the pattern."""
        assert self.process.stdout is not None
        while line := (await self.process.stdout.readline()).decode():
            self.printed.append(line)
            if found := pattern.search(line):
                return found
        raise AssertionError(f"it ended without {pattern.pattern!r}:\n{''.join(self.printed)}")

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to stop; its exit code."""
        self.process.send_signal(number)
        return await self.ended()

    async def ended(self) -> int:
        """Its exit code, when it has ended; what it printed meanwhile is kept."""
        assert self.process.stdout is not None
        async with asyncio.timeout(9):
            self.printed.append((await self.process.stdout.read()).decode())
            return await self.process.wait()

    @property
    def output(self) -> str:
        return "".join(self.printed)


@asynccontextmanager
async def program(database: Path, *arguments: str, **settings: str) -> AsyncIterator[Program]:
    ports = {"MARQUEE_WEB_PORT": "0", "MARQUEE_API_PORT": "0"}
    environ = {**bare_environment(), "MARQUEE_DATABASE": str(database), **ports, **settings}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", *arguments),
        cwd=ROOT,
        env=environ,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield Program(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@dataclass
class Page:
    """Ada's page in the web chat, over HTTP."""

    http: httpx.AsyncClient
    origin: str

    async def says(self, text: str) -> None:
        body = {"id": str(uuid.uuid4()), "person": "ada", "chat": "ada", "text": text}
        kept = await self.http.post("/api/say", json=body, headers={"Origin": self.origin})
        assert kept.status_code == 202, kept.text

    async def sees(self, *words: str) -> str:
        """Wait until the bot has said the words; all that has been said, runs of characters joined."""
        seen, after = "", 0

        async def look() -> bool:
            nonlocal seen, after
            snapshot = (await self.http.get("/api/snapshot")).json()
            after = snapshot["seq"]
            seen = json.dumps(snapshot["chats"], ensure_ascii=False)
            seen = re.sub(r'"(?:, "(?:strong|code)": true)?\}, \{"words": "', "", seen)
            return all(word in seen for word in words)

        async with asyncio.timeout(10):
            if await look():
                return seen
            async with self.http.stream("GET", "/api/events", params={"after": after}) as events:
                async for line in events.aiter_lines():
                    if line.startswith("data:") and await look():
                        return seen
        raise AssertionError(seen)


@asynccontextmanager
async def page(address: re.Match[str]) -> AsyncIterator[Page]:
    async with httpx.AsyncClient(base_url=address[1], follow_redirects=True) as http:
        (await http.get("/", params={"key": address[3]})).raise_for_status()
        yield Page(http, address[1])


async def test_it_starts_stops_and_finds_yesterdays_data(tmp_path: Path) -> None:
    async with program(tmp_path / "m.db") as first:
        address = await first.until(ADDRESS)
        async with page(address) as ada:
            await ada.says("/rate 550 8.5")
            await ada.sees("Rated ", "Fight Club")
        assert await first.stop() == 0
    async with program(tmp_path / "m.db", "web") as second:
        again = await second.until(ADDRESS)
        assert again[3] == address[3], "yesterday's tab still opens"
        async with page(again) as ada:
            assert "Fight Club" in await ada.sees("Rated ")
            await ada.says("/undo 1")
            await ada.sees("Undone")
        assert await second.stop(signal.SIGINT) == 0


async def test_an_update_that_a_kill_cut_off_is_answered_at_the_next_start(tmp_path: Path) -> None:
    async with program(tmp_path / "m.db") as first:
        async with page(await first.until(ADDRESS)) as ada:
            await ada.sees("Hello Ada")
            await ada.says("/fav 550")
            first.process.kill()
        await first.ended()
    async with program(tmp_path / "m.db") as second, page(await second.until(ADDRESS)) as ada:
        seen = await ada.sees("Added to your favourites.")
        assert seen.count("Added to your favourites.") == 1


async def test_a_stop_does_not_wait_for_a_service_that_hangs(tmp_path: Path) -> None:
    asked = asyncio.Event()
    over = asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        asked.set()
        await over.wait()
        writer.close()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with program(tmp_path / "m.db", ACCOUNT_API_URL=url) as started:
        async with page(await started.until(ADDRESS)) as ada:
            await ada.says("/login a-key-to-an-account")
            await asked.wait()
            assert await started.stop() == 0
        assert "answered at the next start" in started.output
    over.set()
    server.close()
    async with program(tmp_path / "m.db") as again, page(await again.until(ADDRESS)) as ada:
        await ada.sees("You need no key here")


async def test_a_busy_port_gives_the_next_free_one(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        async with program(tmp_path / "m.db", MARQUEE_WEB_PORT=str(port)) as started:
            await started.until(re.compile(rf"Port {port} is busy; taking \d+"))
            assert int((await started.until(ADDRESS))[2]) > port


async def test_a_second_one_on_the_same_database_says_who_has_it(tmp_path: Path) -> None:
    async with program(tmp_path / "m.db") as first:
        await first.until(ADDRESS)
        async with program(tmp_path / "m.db") as second:
            assert await second.ended() == 2
            assert f"process {first.process.pid}" in second.output


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"MARQUEE_WEB_PORT": "many"}, "MARQUEE_WEB_PORT"),
        ({"MARQUEE_BACKEND": "shelf"}, "MARQUEE_BACKEND"),
        ({"MARQUEE_BACKEND": "account_api"}, "ACCOUNT_API_URL"),
        ({"MARQUEE_SECRET_KEY": "too short"}, "MARQUEE_SECRET_KEY"),
        ({"MARQUEE_LOG_LEVEL": "LOUD"}, "MARQUEE_LOG_LEVEL"),
        ({"MARQUEE_WEB": "off"}, "MARQUEE_WEB"),
        ({"MARQUEE_WEB": "0"}, "MARQUEE_WEB"),
    ],
    ids=lambda given: next(iter(given)) if isinstance(given, dict) else "",
)
async def test_a_wrong_setting_stops_the_start_with_one_line_that_names_it(
    tmp_path: Path, settings: dict[str, str], words: str
) -> None:
    async with program(tmp_path / "m.db", **settings) as started:
        assert await started.ended() == 2
    lines = [line for line in started.output.splitlines() if "INFO" not in line]
    assert len(lines) == 1, started.output
    assert words in lines[0]
    assert "too short" not in lines[0]


async def test_a_wrong_key_refuses_to_start_and_changes_nothing(tmp_path: Path) -> None:
    async with program(tmp_path / "m.db") as first:
        async with page(await first.until(ADDRESS)) as ada:
            await ada.sees("Hello Ada")
        assert await first.stop() == 0
    before = (tmp_path / "m.db").read_bytes()
    async with program(tmp_path / "m.db", MARQUEE_SECRET_KEY=SECRET_KEY) as second:
        assert await second.ended() == 2
        assert "key" in second.output
        assert SECRET_KEY not in second.output
    assert (tmp_path / "m.db").read_bytes() == before


async def test_check_says_what_is_set_and_what_answers(tmp_path: Path) -> None:
    async with program(tmp_path / "m.db", "check", MARQUEE_SECRET_KEY=SECRET_KEY) as checked:
        assert await checked.ended() == 0
    assert re.search(r"^MARQUEE_SECRET_KEY\s+set$", checked.output, re.MULTILINE)
    assert re.search("ok +account service .offline.: answers", checked.output)
    assert "NOT OK" not in checked.output
    assert SECRET_KEY not in checked.output


async def test_check_makes_nothing_and_says_where_the_key_is(tmp_path: Path) -> None:
    async with program(tmp_path / "data" / "m.db", "check") as checked:
        assert await checked.ended() == 0
    assert "m.db is not there yet: the first start makes it" in checked.output
    assert re.search("ok +account service .offline.: answers", checked.output)
    assert re.search(r"^MARQUEE_SECRET_KEY\s+not set: a key file beside the database$", checked.output, re.MULTILINE)
    assert list(tmp_path.iterdir()) == []


async def test_check_beside_a_running_one_says_who_has_the_database_and_asks_the_services(
    tmp_path: Path, unused_tcp_port_factory: Callable[[], int]
) -> None:
    async with program(tmp_path / "m.db") as running:
        await running.until(ADDRESS)
        async with program(tmp_path / "m.db", "check") as checked:
            assert await checked.ended() == 0
        in_use = f"in use by the running Marquee (process {running.process.pid})"
        assert in_use in checked.output
        assert re.search("ok +account service .offline.: the running Marquee", checked.output)
        url = f"http://127.0.0.1:{unused_tcp_port_factory()}"
        async with program(tmp_path / "m.db", "check", ACCOUNT_API_URL=url) as remote:
            assert await remote.ended() == 1
        assert in_use in remote.output
        assert f"NOT OK account service ({url})" in " ".join(remote.output.split())


async def test_a_misspelled_setting_is_warned_of_in_one_line(tmp_path: Path) -> None:
    async with program(tmp_path / "m.db", "check", MARQUEE_WEB_PROT="8123") as checked:
        assert await checked.ended() == 0
    [line] = [line for line in checked.output.splitlines() if "MARQUEE_WEB_PROT" in line]
    assert "WARNING" in line
    assert "MARQUEE_WEB_PORT?" in line
    assert "8123" not in line


async def test_check_finds_a_damaged_database(tmp_path: Path) -> None:
    (tmp_path / "m.db").write_bytes(b"no database at all" * 100)
    async with program(tmp_path / "m.db", "check") as checked:
        assert await checked.ended() == 1
    assert "NOT OK database" in " ".join(checked.output.split())


async def test_check_says_which_service_does_not_answer(
    tmp_path: Path, unused_tcp_port_factory: Callable[[], int]
) -> None:
    url = f"http://127.0.0.1:{unused_tcp_port_factory()}"
    async with program(tmp_path / "m.db", "check", ACCOUNT_API_URL=url) as checked:
        assert await checked.ended() == 1
    assert f"NOT OK account service ({url})" in " ".join(checked.output.split())


async def test_no_secret_is_logged_even_at_debug(tmp_path: Path) -> None:
    async with program(tmp_path / "m.db", MARQUEE_LOG_LEVEL="DEBUG", MARQUEE_SECRET_KEY=SECRET_KEY) as started:
        address = await started.until(ADDRESS)
        async with page(address) as ada:
            await ada.says("/rate 550 8.5")
            await ada.sees("Rated ")
            await ada.http.get("/api/snapshot", params={"person": "ada", "key": address[3]})
        assert await started.stop() == 0
    logged = "".join(line for line in started.output.splitlines(keepends=True) if "web chat: http" not in line)
    for secret in (SECRET_KEY, address[3]):
        assert secret not in logged
    assert not re.search(r"Bearer (?!\W)|session_id=\w", logged)


async def test_the_account_api_is_served_to_another_marquee(tmp_path: Path) -> None:
    async with program(tmp_path / "api.db", "api") as served:
        url = (await served.until(API))[1]
        async with program(tmp_path / "bot.db", ACCOUNT_API_URL=url) as bot:
            async with page(await bot.until(ADDRESS)) as ada:
                await ada.says("/fav 550")
                await ada.sees("Connect 127.0.0.1")
                await ada.says("/login /fav 550")
                await ada.sees("You are signed in as ", "Added to your favourites.")
                await ada.says("/logout")
                await ada.sees("You are signed out.")
            assert await bot.stop() == 0
        assert await served.stop() == 0


@pytest.mark.needs("tmdb")
@pytest.mark.parametrize(("token", "says"), [(READ_TOKEN, "ok TMDB: answers"), ("wrong", "NOT OK TMDB: it refuses")])
async def test_check_says_whether_tmdb_takes_the_key(tmp_path: Path, token: str, says: str) -> None:
    with beside(Tmdb()) as root:
        settings = {"TMDB_ACCESS_TOKEN": token, "TMDB_API_URL": root}
        async with program(tmp_path / "m.db", "check", **settings) as checked:
            assert await checked.ended() == (0 if token == READ_TOKEN else 1)
    told = " ".join(checked.output.split())
    assert says in told
    assert token not in told
    assert re.search(r"answers, and takes TMDB_ACCESS_TOKEN \(\d+ ms\)", told) or token != READ_TOKEN
