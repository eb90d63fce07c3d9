"""The log: readable, one record a line, and without secrets at any level."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Literal

import httpx
import pytest

from bot.core import logs

BOT_TOKEN = "7512345678:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJhdWQiOiJhYmMifQ.s5Zx-abc_DEF"
SESSION = "5f2a8c0d9e1b4a7f"
OWN = 'own"secret/with+signs'


class Log:
    """Logging set up into a text."""

    def __init__(self, form: Literal["text", "json"], level: str) -> None:
        self._stream = io.StringIO()
        logs.setup(level=level, form=form, stream=self._stream)

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()


@pytest.fixture(params=["text", "json"])
def form(request: pytest.FixtureRequest) -> Literal["text", "json"]:
    return "json" if request.param == "json" else "text"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level, hook = root.handlers[:], root.level, sys.excepthook
    quiet = {name: logging.getLogger(name).level for name in logs.QUIET}
    yield
    root.handlers[:], root.level, sys.excepthook = handlers, level, hook
    logging.raiseExceptions = True
    logging.captureWarnings(False)
    for name, before in quiet.items():
        logging.getLogger(name).setLevel(before)
    logs._secrets.clear()
    logs._known = None


SECRETS = {
    "bot token": (f"GET https://api.telegram.org/bot{BOT_TOKEN}/getMe", BOT_TOKEN),
    "way back": ("Crash: /start login_AbCd-1234_efGH56", "AbCd-1234_efGH56"),
    "bearer": (f"Authorization: Bearer {SESSION}", SESSION),
    "bearer in a repr": (f"[(b'authorization', b'Bearer {SESSION}')]", SESSION),
    "session in an address": (f"/3/account?session_id={SESSION}&page=1", SESSION),
    "session in a cookie": (f"Cookie: a=b; session_id={SESSION}; c=d", SESSION),
    "session in a repr": (f"{{'session_id': '{SESSION}'}}", SESSION),
    "session in JSON": (f'{{"guest_session_id":"{SESSION}"}}', SESSION),
    "api key": (f"https://example.org/3/movie/1?api_key={SESSION}", SESSION),
    "access token": (f"TMDB said no to {JWT}", JWT),
    "request token": (f"request_token={SESSION}", SESSION),
    "web key": (f"open http://127.0.0.1:8080/?key={SESSION}", SESSION),
    "registered": (f"it was {OWN}", OWN),
    "registered, in an address": ("/own%22secret%2Fwith%2Bsigns", "own%22secret"),
    "registered, in JSON": (json.dumps({"is": OWN}), json.dumps(OWN)[1:-1]),
}


@pytest.mark.parametrize(("said", "secret"), SECRETS.values(), ids=SECRETS)
def test_a_secret_is_in_no_line(form: Literal["text", "json"], said: str, secret: str) -> None:
    logs.register_secret(OWN)
    log = Log(form, "DEBUG")
    logging.getLogger("bot").debug(said)
    logging.getLogger("bot").debug("argument %s", said)
    logging.getLogger("bot").debug("argument %r", {"said": said})
    logging.getLogger("bot").debug("stack", stack_info=True)
    try:
        raise ValueError(said)
    except ValueError:
        logging.getLogger("bot").exception("trace")
    assert logs.HIDDEN in log.text
    assert secret not in log.text
    assert json.dumps(secret)[1:-1] not in log.text


def test_what_is_no_secret_stays() -> None:
    for said in ("rated movie 550 8.5 at 12:30:05", "Monkey=1", "the key of the door", "a = b"):
        assert logs.redact(said) == said


def test_a_secret_that_begins_like_another_is_hidden_whole() -> None:
    logs.register_secret("abcdefgh")
    logs.register_secret("abcdefgh-ijkl")
    assert logs.redact("is abcdefgh-ijkl, is abcdefgh") == "is ***, is ***"


def test_a_short_value_is_not_registered() -> None:
    logs.register_secret("a")
    assert logs.redact("a cat") == "a cat"


def test_a_text_line_says_when_what_and_where() -> None:
    log = Log("text", "INFO")
    logging.getLogger("bot.app").info("open at %s", "http://127.0.0.1")
    [line] = log.lines
    assert line.endswith("Z INFO bot.app: open at http://127.0.0.1")


def test_nobody_can_forge_a_line() -> None:
    log = Log("text", "INFO")
    forged = "x\n2026-01-01T00:00:00.000Z INFO bot: all is well\r\x1b[2J\u2028\u202e"
    logging.getLogger("bot").info("said %s", forged)
    try:
        raise ValueError(forged)
    except ValueError:
        logging.getLogger("bot").exception("failed")
    first, second, *trace = log.lines
    assert "x\\n2026" in first
    assert second.endswith("failed")
    assert trace
    assert all(line.startswith("  | ") for line in trace)
    assert not set("\r\x1b\u2028\u202e") & set(log.text)


def test_a_json_line_holds_it_all() -> None:
    log = Log("json", "INFO")
    try:
        raise ValueError("half\nway ✨")
    except ValueError:
        logging.getLogger("bot.app").exception("failed")
    [line] = log.lines
    entry = json.loads(line)
    assert entry.keys() == {"time", "level", "logger", "message", "trace"}
    assert (entry["level"], entry["logger"], entry["message"]) == ("ERROR", "bot.app", "failed")
    assert "half\nway ✨" in entry["trace"]


def test_a_wrong_log_call_still_tells(form: Literal["text", "json"]) -> None:
    log = Log(form, "INFO")
    logging.getLogger("bot").info("%d films", f"Bearer {SESSION}")
    assert "%d films" in log.text
    assert SESSION not in log.text


async def test_the_http_client_is_quiet_at_debug() -> None:
    log = Log("text", "DEBUG")
    transport = httpx.MockTransport(lambda _: httpx.Response(200))
    async with httpx.AsyncClient(transport=transport) as client:
        await client.get(f"https://example.org/bot{BOT_TOKEN}/getMe")
    assert log.text == ""
    for name in logs.QUIET:
        assert logging.getLogger(f"{name}.part").getEffectiveLevel() == logging.WARNING


def test_what_nobody_caught_is_logged_without_secrets() -> None:
    log = Log("text", "INFO")
    error = ValueError(f"Bearer {SESSION}")
    sys.excepthook(ValueError, error, None)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert log.lines[0].endswith("CRITICAL bot: Marquee stops")
    assert "KeyboardInterrupt" not in log.text
    assert SESSION not in log.text
