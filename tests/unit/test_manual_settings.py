"""The manual of the settings: what it lists is read, and what is read it lists."""

import re

import pytest

from bot import settings
from bot.settings import Settings
from tests.conftest import ROOT

EXAMPLE = (ROOT / "deploy" / "env.example").read_text(encoding="utf-8")
README = ROOT / "README.md"
LISTED = dict(re.findall(r"^#?([A-Z][A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))


def test_the_example_lists_every_setting_and_no_other() -> None:
    assert sorted(LISTED) == sorted(settings.names())


def test_every_setting_in_the_example_has_its_line() -> None:
    lines = EXAMPLE.splitlines()
    for number, line in enumerate(lines):
        if re.match(r"#?[A-Z][A-Z_]+=", line):
            assert line.startswith("#"), f"{line} is not commented"
            assert lines[number - 1].startswith("# "), f"{line} has no line of help"


def test_the_defaults_in_the_example_are_true() -> None:
    assert settings.load(LISTED) == settings.load({})
    for field in Settings.model_fields.values():
        if field.default_factory is None and field.default is not None:
            assert LISTED[str(field.alias)].lower() == str(field.default).lower()


def test_the_readme_names_settings_that_exist() -> None:
    if not README.exists():
        pytest.skip("README.md is not written yet")
    text = README.read_text(encoding="utf-8")
    named = set(re.findall(r"\b(?:MARQUEE|TELEGRAM|TMDB|ACCOUNT_API)_[A-Z_]*[A-Z]\b", text))
    assert named <= {*settings.names(), "MARQUEE_TESTS"}
    table = {
        name
        for line in text.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([A-Z][A-Z_]+)`", line.split("|")[1])
    }
    missing = {name for name in settings.names() if not name.endswith("_FILE")} - table
    if table & set(settings.names()):
        assert not missing, f"README's table lacks {sorted(missing)}"
