"""The settings: the environment, read once, frozen. This module alone reads the environment.

An empty variable counts as unset. A secret can also come from a file: `<NAME>_FILE` names it.
"""

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

import platformdirs
from cryptography.fernet import Fernet
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)
from rapidfuzz import fuzz

BackendName = Literal["offline", "tmdb", "account_api"]


class SettingsError(Exception):
    """A setting is wrong: one line that names it, what is wrong, and what is allowed."""


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
        raise ValueError("no address")
    if parts.query or parts.fragment or parts.username is not None or re.search(r"\s", text):
        raise ValueError("more than an address")
    return text.rstrip("/")


def _keys(value: SecretStr) -> SecretStr:
    keys = [key.strip() for key in value.get_secret_value().split(",")]
    for key in keys:
        Fernet(key)
    return SecretStr(",".join(keys))


def _token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[\x21-\x7e]+", value.get_secret_value()):
        raise ValueError("not a token")
    return value


def _telegram_token(value: SecretStr) -> SecretStr:
    if not re.fullmatch(r"\d+:[\w-]+", value.get_secret_value(), re.ASCII):
        raise ValueError("not a token")
    return value


def _database(path: Path) -> Path:
    path = path.expanduser()
    if path.is_dir():
        raise ValueError("a folder")
    return path


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _switch(value: object) -> object:
    """`on` or `off` in any of the spellings that people use for it."""
    words = _lower(value)
    return _SWITCHES.get(words, words) if isinstance(words, str) else words


def _allowed(value: object) -> object:
    """`12345, -100123`: as `telegram:12345` and so on, for other platforms may follow."""
    if not isinstance(value, str):
        return value
    ids = [one.strip() for one in value.split(",") if one.strip()]
    if not ids or not all(re.fullmatch(r"(?:telegram:)?-?[0-9]{1,20}", one, re.ASCII) for one in ids):
        raise ValueError("not numbers")
    return frozenset(one if one.startswith("telegram:") else f"telegram:{one}" for one in ids)


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


Url = Annotated[str, AfterValidator(_url)]
Port = Annotated[int, Field(ge=0, le=65535)]
Switch = Annotated[Literal["on", "off"], BeforeValidator(_switch)]

_SWITCHES: Final = {**dict.fromkeys(("1", "true", "yes"), "on"), **dict.fromkeys(("0", "false", "no"), "off")}
_URL_SAYS: Final = "an address like https://example.org, without query or password"
_PORT_SAYS: Final = "a number from 0 to 65535 (0: any free port)"
_TOKEN_SAYS: Final = "a token without spaces"  # noqa: S105 - what a token looks like


class Settings(BaseModel):
    """Everything that can be set. A field's alias is its variable, its description what is allowed."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    database: Annotated[Path, AfterValidator(_database)] = Field(
        default_factory=lambda: platformdirs.user_data_path("marquee") / "marquee.db",
        alias="MARQUEE_DATABASE",
        description="the path of a file",
    )
    secret_key: Annotated[SecretStr, AfterValidator(_keys)] | None = Field(
        default=None,
        alias="MARQUEE_SECRET_KEY",
        description="a Fernet key (32 bytes in URL-safe base64), or several, newest first, with commas between",
    )
    asked_backend: Annotated[BackendName, BeforeValidator(_lower)] | None = Field(
        default=None, alias="MARQUEE_BACKEND", description="offline, tmdb or account_api"
    )
    web: Switch | None = Field(default=None, alias="MARQUEE_WEB", description="on or off")
    web_port: Port = Field(default=8080, alias="MARQUEE_WEB_PORT", description=_PORT_SAYS)
    api_host: Annotated[str, Field(pattern=r"^[\w.:-]+$")] = Field(
        default="127.0.0.1",
        alias="MARQUEE_API_HOST",
        description="the name or address to listen on, such as 127.0.0.1",
    )
    api_port: Port = Field(default=8090, alias="MARQUEE_API_PORT", description=_PORT_SAYS)
    public_url: Url | None = Field(default=None, alias="MARQUEE_PUBLIC_URL", description=_URL_SAYS)
    allowed: Annotated[frozenset[str], BeforeValidator(_allowed)] | None = Field(
        default=None,
        alias="MARQUEE_ALLOWED",
        description="the numbers of Telegram's persons and groups, with commas between",
    )
    log_format: Annotated[Literal["text", "json"], BeforeValidator(_lower)] = Field(
        default="text", alias="MARQUEE_LOG_FORMAT", description="text or json"
    )
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)] = Field(
        default="INFO", alias="MARQUEE_LOG_LEVEL", description="debug, info, warning or error"
    )
    telegram_bot_token: Annotated[SecretStr, AfterValidator(_telegram_token)] | None = Field(
        default=None,
        alias="TELEGRAM_BOT_TOKEN",
        description="a token as BotFather gives it: digits, a colon, letters",
    )
    telegram_api_url: Url = Field(default="https://api.telegram.org", alias="TELEGRAM_API_URL", description=_URL_SAYS)
    tmdb_access_token: Annotated[SecretStr, AfterValidator(_token)] | None = Field(
        default=None, alias="TMDB_ACCESS_TOKEN", description=_TOKEN_SAYS
    )
    tmdb_api_url: Url = Field(default="https://api.themoviedb.org", alias="TMDB_API_URL", description=_URL_SAYS)
    tmdb_web_url: Url = Field(default="https://www.themoviedb.org", alias="TMDB_WEB_URL", description=_URL_SAYS)
    tmdb_image_url: Url | None = Field(default=None, alias="TMDB_IMAGE_URL", description=_URL_SAYS)
    account_api_url: Url | None = Field(default=None, alias="ACCOUNT_API_URL", description=_URL_SAYS)

    @property
    def backend(self) -> BackendName:
        """Which service keeps people's lists: the one asked for, else by what is set."""
        if self.asked_backend is not None:
            return self.asked_backend
        if self.account_api_url is not None:
            return "account_api"
        return "offline" if self.tmdb_access_token is None else "tmdb"

    @property
    def opens_web(self) -> bool:
        """Whether to open the web chat: as asked, else when there is no other way to chat."""
        if self.web is not None:
            return self.web == "on"
        return self.telegram_bot_token is None

    @property
    def secrets(self) -> list[str]:
        """The values that must be in no log and no answer."""
        values = (self.secret_key, self.telegram_bot_token, self.tmdb_access_token)
        found = [value.get_secret_value() for value in values if value is not None]
        return found + [key for value in found for key in value.split(",")]


SECRET_NAMES: Final = ("MARQUEE_SECRET_KEY", "TELEGRAM_BOT_TOKEN", "TMDB_ACCESS_TOKEN")
"""The variables that hold a secret; each has a twin `<NAME>_FILE`."""


_FOR_TESTS: Final = ("MARQUEE_TESTS",)
"""What the tests read."""


def names() -> list[str]:
    """Every variable that is read, in the order of the settings, each secret's file after it."""
    found = []
    for field in Settings.model_fields.values():
        name = str(field.alias)
        found += [name, f"{name}_FILE"] if name in SECRET_NAMES else [name]
    return found


def misspelled(environ: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """Variables that look like ours and that nothing reads, each with the nearest that is read."""
    given = os.environ if environ is None else environ
    ours = names()
    said = [name for name in given if name.startswith("MARQUEE_") and given[name].strip()]
    strange = sorted(set(said) - {*ours, *_FOR_TESTS})
    # The beginning that all share says nothing about which one is meant.
    ends = {name.removeprefix("MARQUEE_"): name for name in ours}
    return [(name, ends[_nearest(name.removeprefix("MARQUEE_"), ends)]) for name in strange]


def _nearest(word: str, words: Iterable[str]) -> str:
    return max(words, key=lambda other: fuzz.ratio(word, other))


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings in `environ`, by default the process's. Raises SettingsError for a wrong one."""
    given = {
        name: value
        for name, value in (os.environ if environ is None else environ).items()
        if name in names() and value.strip()
    }
    for name in SECRET_NAMES:
        file = given.pop(f"{name}_FILE", None)
        if file is not None:
            if name in given:
                raise SettingsError(f"{name} and {name}_FILE are both set: set one of them.")
            given[name] = _read(f"{name}_FILE", file)
    try:
        settings = Settings.model_validate({name: value.strip() for name, value in given.items()})
    except ValidationError as error:
        raise SettingsError(_sentence(error, given)) from None
    _check_backend(settings)
    return settings


def _read(name: str, file: str) -> str:
    """The secret in the file that the variable `name` names."""
    try:
        text = Path(file).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not a text"
        raise SettingsError(f"{name} names {file!r}, which can't be read: {reason}.") from None
    if not text:
        raise SettingsError(f"{name} names {file!r}, which is empty.")
    return text


def _sentence(error: ValidationError, given: Mapping[str, str]) -> str:
    """One line about the first wrong setting. Secrets, and addresses that may hold one, unshown."""
    name = str(error.errors(include_input=False)[0]["loc"][0])
    [field] = [field for field in Settings.model_fields.values() if field.alias == name]
    shown = "" if name in SECRET_NAMES or name.endswith("_URL") else f" ({given[name][:40]!r})"
    return f"{name}{shown} is not valid: it must be {field.description}."


def _check_backend(settings: Settings) -> None:
    """Refuse a backend that lacks what it needs."""
    needs: dict[BackendName, tuple[str, Any]] = {
        "tmdb": ("TMDB_ACCESS_TOKEN", settings.tmdb_access_token),
        "account_api": ("ACCOUNT_API_URL", settings.account_api_url),
    }
    name, value = needs.get(settings.backend, ("", "not needed"))
    if value is None:
        raise SettingsError(
            f"MARQUEE_BACKEND is {settings.backend}, which needs {name}: set it, "
            "or choose another backend (offline needs nothing)."
        )
