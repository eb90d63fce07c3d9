"""The command line: `python -m bot [run|web|telegram|api|check]`."""

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from typing import Final

from bot.core import logs
from bot.settings import SECRET_NAMES, Settings, SettingsError, load, misspelled

CANNOT_START: Final = 2
"""The exit code when a setting, the database or its key keeps Marquee from starting."""

_log: Final = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what `arguments` (the process's) ask for, and return the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        settings = load()
    except SettingsError as error:
        return _refuse(str(error))
    for secret in settings.secrets:
        logs.register_secret(secret)
    logs.setup(level=settings.log_level, form=settings.log_format)
    for name, nearest in misspelled():
        _log.warning("%s is set, and nothing reads it: did you mean %s?", name, nearest)
    do: Callable[[Settings], int] = CHATS.get(getattr(asked, "chat", None) or "", asked.do)
    return do(settings)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="Marquee: your watchlist, favourites and ratings in a chat. "
        "Settings come from the environment; deploy/env.example lists them.",
    )
    parser.set_defaults(do=run)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, do, does in (
        ("run", run, "start every chat that is set up (this is the default)"),
        ("web", web, "start with the web chat, whatever MARQUEE_WEB says"),
        ("telegram", telegram, "start on Telegram alone, whatever MARQUEE_WEB says"),
        ("api", api, "serve the account API over HTTP"),
        ("check", check, "say what is set and whether each service answers"),
    ):
        command = commands.add_parser(name, help=does, description=does)
        command.set_defaults(do=do)
        if do is run:
            command.add_argument("chat", nargs="?", choices=CHATS, help="this chat, whatever MARQUEE_WEB says")
    return parser


def run(settings: Settings) -> int:
    """Start every chat that is set up."""
    from bot import app

    return _refusing(lambda: app.run(settings, web=settings.opens_web))


def web(settings: Settings) -> int:
    """Start with the web chat, whatever is set."""
    from bot import app

    return _refusing(lambda: app.run(settings, web=True))


def telegram(settings: Settings) -> int:
    """Start on Telegram alone, whatever is set."""
    from bot import app

    if settings.telegram_bot_token is None:
        return _refuse("TELEGRAM_BOT_TOKEN is not set: take a token from BotFather, as README.md says.")
    return _refusing(lambda: app.run(settings, web=False))


CHATS: Final[dict[str, Callable[[Settings], int]]] = {"web": web, "telegram": telegram}
"""The chats that `run` can be told to start, each by the command of that name."""


def api(settings: Settings) -> int:
    """Serve the account API."""
    from bot import app

    return _refusing(lambda: app.serve_api(settings))


def check(settings: Settings) -> int:
    """Say what is set (never a secret) and whether each service answers."""
    return _refusing(lambda: _report(settings))


def _report(settings: Settings) -> int:
    """0 if all is well, 1 if a service doesn't answer."""
    from bot import app

    for name, value in described(settings):
        _say(f"{name:<20} {value}")
    _say("")
    found = app.check(settings)
    for one in found:
        level = "NOT OK" if not one.ok else "warn" if one.warns else "ok"
        _say(f"{level:<7}{one.name}: {one.detail}")
    return 0 if all(one.ok for one in found) else 1


def described(settings: Settings) -> list[tuple[str, str]]:
    """Each setting's variable and value, of a secret only whether it is set."""
    found = []
    for field, info in Settings.model_fields.items():
        value = getattr(settings, field)
        if field == "asked_backend":
            value = settings.backend
        elif field == "web":
            value = "on" if settings.opens_web else "off"
        shown = "not set" if value is None else str(value)
        if info.alias in SECRET_NAMES and value is not None:
            shown = "set"
        elif field == "allowed" and value is not None:
            shown = ", ".join(sorted(value))
        elif field == "secret_key":
            shown = "not set: a key file beside the database"
        found.append((str(info.alias), shown))
    return found


def _refusing(start: Callable[[], int]) -> int:
    """Start, and turn what keeps Marquee from starting into one line and an exit code."""
    from bot import app

    try:
        return start()
    except (SettingsError, app.StorageError) as error:
        return _refuse(str(error))


def _refuse(sentence: str) -> int:
    sys.stderr.write(logs.redact(f"marquee: {sentence}") + "\n")
    return CANNOT_START


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
