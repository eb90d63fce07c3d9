"""Settings: what is read, what is chosen from it, and one line for what is wrong."""

from pathlib import Path

import pydantic
import pytest
from cryptography.fernet import Fernet

from bot import settings
from bot.settings import Settings, SettingsError

KEY = Fernet.generate_key().decode()
TELEGRAM = "123456:" + "A" * 35


def refused(environ: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as wrong:
        settings.load(environ)
    sentence = str(wrong.value)
    assert "\n" not in sentence
    return sentence


def test_nothing_needs_to_be_set() -> None:
    found = settings.load({})
    assert found.backend == "offline"
    assert found.opens_web
    assert found.database.name == "marquee.db"
    assert found.api_host == "127.0.0.1"
    assert found.secrets == []


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("MARQUEE_WEB_PROT", "MARQUEE_WEB_PORT"),
        ("MARQUEE_SECRETKEY", "MARQUEE_SECRET_KEY"),
        ("MARQUEE_DATABSE", "MARQUEE_DATABASE"),
        ("MARQUEE_TELEGRAM_TOKEN", "TELEGRAM_BOT_TOKEN"),
        ("MARQUEE_ACCOUNT_API_URL", "ACCOUNT_API_URL"),
    ],
)
def test_a_misspelled_variable_is_found_with_the_one_that_was_meant(name: str, nearest: str) -> None:
    assert settings.misspelled({name: "x", "PATH": "/bin"}) == [(name, nearest)]


def test_nothing_is_misspelled_in_what_is_read() -> None:
    given = {**dict.fromkeys(settings.names(), "x"), "MARQUEE_TESTS": "all", "MARQUEE_EMPTY": "", "MARQUEEN": "x"}
    assert settings.misspelled(given) == []


def test_settings_do_not_change() -> None:
    found = settings.load({})
    with pytest.raises(pydantic.ValidationError):
        found.web_port = 1  # type: ignore[misc]


def test_the_environment_is_read_unless_another_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARQUEE_WEB_PORT", "8123")
    assert settings.load().web_port == 8123
    assert settings.load({}).web_port == 8080


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_variable_counts_as_unset(empty: str) -> None:
    assert settings.load(dict.fromkeys(settings.names(), empty)) == settings.load({})


@pytest.mark.parametrize(
    ("environ", "backend"),
    [
        ({}, "offline"),
        ({"TMDB_ACCESS_TOKEN": "abcdef"}, "tmdb"),
        ({"ACCOUNT_API_URL": "http://localhost:8090"}, "account_api"),
        ({"ACCOUNT_API_URL": "http://localhost", "TMDB_ACCESS_TOKEN": "abcdef"}, "account_api"),
        ({"MARQUEE_BACKEND": "offline", "TMDB_ACCESS_TOKEN": "abcdef"}, "offline"),
        ({"MARQUEE_BACKEND": "TMDB", "TMDB_ACCESS_TOKEN": "abcdef"}, "tmdb"),
    ],
)
def test_the_backend_is_the_one_asked_for_or_what_is_set(environ: dict[str, str], backend: str) -> None:
    assert settings.load(environ).backend == backend


@pytest.mark.parametrize(
    ("environ", "opens"),
    [
        ({}, True),
        ({"TELEGRAM_BOT_TOKEN": TELEGRAM}, False),
        ({"TELEGRAM_BOT_TOKEN": TELEGRAM, "MARQUEE_WEB": "on"}, True),
        ({"MARQUEE_WEB": "OFF"}, False),
    ],
)
def test_the_web_chat_opens_as_asked_or_when_there_is_no_other(environ: dict[str, str], opens: bool) -> None:
    assert settings.load(environ).opens_web is opens


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MARQUEE_WEB_PORT", "abc", "from 0 to 65535"),
        ("MARQUEE_WEB_PORT", "65536", "from 0 to 65535"),
        ("MARQUEE_API_PORT", "-1", "from 0 to 65535"),
        ("MARQUEE_API_PORT", "80\nMARQUEE", "from 0 to 65535"),
        ("MARQUEE_API_HOST", "a b", "listen on"),
        ("MARQUEE_BACKEND", "imdb", "offline, tmdb or account_api"),
        ("MARQUEE_BACKEND", "tmdb", "needs TMDB_ACCESS_TOKEN"),
        ("MARQUEE_BACKEND", "account_api", "needs ACCOUNT_API_URL"),
        ("MARQUEE_WEB", "maybe", "on or off"),
        ("MARQUEE_LOG_FORMAT", "xml", "text or json"),
        ("MARQUEE_LOG_LEVEL", "loud", "debug, info"),
        ("MARQUEE_DATABASE", "/", "a file"),
        ("MARQUEE_PUBLIC_URL", "marquee.example.org", "https://"),
        ("TELEGRAM_API_URL", "ftp://example.org", "https://"),
        ("TMDB_API_URL", "https://", "https://"),
        ("TMDB_WEB_URL", "https://example.org:99999", "https://"),
        ("TMDB_IMAGE_URL", "https://example.org/?a=b", "https://"),
        ("ACCOUNT_API_URL", "http://exa mple.org", "https://"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_allowed(name: str, value: str, said: str) -> None:
    sentence = refused({name: value})
    assert sentence.startswith(name)
    assert said in sentence


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MARQUEE_SECRET_KEY", "hunter2"),
        ("MARQUEE_SECRET_KEY", f"{KEY},hunter2"),
        ("TELEGRAM_BOT_TOKEN", "hunter2"),
        ("TMDB_ACCESS_TOKEN", "hunter2 hunter2"),
        ("ACCOUNT_API_URL", "https://ada:hunter2@example.org"),
    ],
)
def test_a_wrong_secret_is_never_repeated(name: str, value: str, tmp_path: Path) -> None:
    sentences = [refused({name: value})]
    if name in settings.SECRET_NAMES:
        file = tmp_path / "secret"
        file.write_text(value)
        sentences.append(refused({f"{name}_FILE": str(file)}))
    for sentence in sentences:
        assert name in sentence
        assert "hunter2" not in sentence
        assert KEY not in sentence


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MARQUEE_SECRET_KEY", f"{KEY}, {KEY}"),
        ("TELEGRAM_BOT_TOKEN", TELEGRAM),
        ("TMDB_ACCESS_TOKEN", "eyJhbGciOi.J9.abc"),
    ],
)
def test_a_secret_may_come_from_a_file(name: str, value: str, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{value}\n")
    from_file = settings.load({f"{name}_FILE": str(file)})
    assert from_file == settings.load({name: value})
    assert from_file.secrets
    assert KEY not in repr(from_file)
    assert TELEGRAM not in repr(from_file)
    assert "both set" in refused({name: value, f"{name}_FILE": str(file)})


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "No such file"), (b"", "is empty"), (b" \n", "is empty"), (b"\xff\xfe", "not a text")],
)
def test_a_secrets_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, said: str) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    sentence = refused({"TELEGRAM_BOT_TOKEN_FILE": str(file)})
    assert sentence.startswith("TELEGRAM_BOT_TOKEN_FILE")
    assert said in sentence


def test_each_key_of_several_is_a_secret_of_its_own() -> None:
    other = Fernet.generate_key().decode()
    found = settings.load({"MARQUEE_SECRET_KEY": f"{KEY},{other}"})
    assert {KEY, other} <= set(found.secrets)


def test_an_address_ends_without_a_slash() -> None:
    found = settings.load({"TMDB_API_URL": "http://localhost:81/fake/"})
    assert found.tmdb_api_url == "http://localhost:81/fake"


def test_every_setting_says_what_is_allowed() -> None:
    for name, field in Settings.model_fields.items():
        assert field.alias, name
        assert field.description, name
