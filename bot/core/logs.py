"""Logging: lines of text or JSON on stderr, without secrets.

What is known to be secret (see `register_secret`) and what looks like a secret is replaced in the
finished line, so that neither an argument nor a traceback can carry one out.
"""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, Literal, TextIO
from urllib.parse import quote

HIDDEN: Final = "***"
SHORTEST_SECRET: Final = 6
"""Shorter values are not registered: they would blot out ordinary words."""

QUIET: Final = ("httpx", "httpcore", "hpack", "uvicorn.access", "PIL", "filelock", "asyncio", "telegram")
"""Loggers kept at WARNING at every level: they tell addresses, headers, what people write, or trifles."""

_secrets: set[str] = set()
_known: re.Pattern[str] | None = None

_TOKEN: Final = r"[\w.~+/=%-]+"  # noqa: S105 - what a token is made of
_LOOKS_SECRET: Final = (
    # Telegram's bot token, also in its addresses (/bot123:AA…/sendMessage)
    (re.compile(r"\d+:[\w-]{35}"), HIDDEN),
    # TMDB's access and request tokens
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), HIDDEN),
    # The way back from a sign-in, as a link to the bot carries it
    (re.compile(r"\blogin_[\w-]{16,}"), f"login_{HIDDEN}"),
    (re.compile(rf"\b(Bearer|Basic)(\s+){_TOKEN}", re.IGNORECASE), rf"\1\2{HIDDEN}"),
    # In addresses, cookies, JSON and reprs: api_key=…, 'session_id': '…', ?key=…
    (
        re.compile(
            r"\b((?:guest_)?session_id|api_key|(?:access_|request_)?token|secret|password|key)"
            rf"(['\"]?\s*[=:]\s*b?['\"]?)(?!\*\*\*){_TOKEN}",
            re.IGNORECASE,
        ),
        rf"\1\2{HIDDEN}",
    ),
)
_CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def register_secret(value: str) -> None:
    """Keep `value` out of every line from now on, also where it is percent-encoded."""
    global _known
    if len(value) < SHORTEST_SECRET:
        return
    _secrets.update({value, quote(value, safe=""), json.dumps(value)[1:-1]})
    longest_first = sorted(_secrets, key=len, reverse=True)
    _known = re.compile("|".join(map(re.escape, longest_first)))


def redact(text: str) -> str:
    """`text` without the secrets that are registered or that look like one."""
    if _known is not None:
        text = _known.sub(HIDDEN, text)
    for pattern, instead in _LOOKS_SECRET:
        text = pattern.sub(instead, text)
    return text


def setup(*, level: str = "INFO", form: Literal["text", "json"] = "text", stream: TextIO | None = None) -> None:
    """Log to `stream` (stderr) from now on, and nowhere else. Call it once, at start."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    # It warns of every further try, without saying of what: whoever tries again says it.
    logging.getLogger("stamina").setLevel(logging.ERROR)
    logging.captureWarnings(True)
    # Python's own last words would show a traceback as it is.
    logging.raiseExceptions = False
    sys.excepthook = _last_words


class TextLines(logging.Formatter):
    """`2026-01-31T20:15:00.123Z INFO bot.app: what happened`, one line; a traceback indented."""

    def format(self, record: logging.LogRecord) -> str:
        """The finished text. What somebody typed cannot begin a line of its own."""
        line = f"{_time(record)} {record.levelname} {record.name}: {_message(record)}"
        lines = [_escaped(redact(line))]
        lines += ["  | " + _escaped(line) for line in _trace(self, record).splitlines()]
        return "\n".join(lines)


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and trace where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """The finished line."""
        entry = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": redact(_message(record)),
        }
        if trace := _trace(self, record):
            entry["trace"] = trace
        return json.dumps(entry)


def _time(record: logging.LogRecord) -> str:
    moment = datetime.fromtimestamp(record.created, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception as error:  # noqa: BLE001 - a wrong log call must not stop what it tells of
        return f"{record.msg} (its arguments do not fit: {type(error).__name__})"


def _trace(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    """The traceback and the stack of a record, redacted; empty where it has none."""
    found = []
    if record.exc_info:
        found.append(formatter.formatException(record.exc_info))
    if record.stack_info:
        found.append(formatter.formatStack(record.stack_info))
    return redact("\n".join(found))


def _escaped(text: str) -> str:
    return _CONTROLS.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def _last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log what nobody caught."""
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("bot").critical("Marquee stops", exc_info=(kind, error, trace))
