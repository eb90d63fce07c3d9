"""The manual: what README names exists, and what exists README names."""

import re

import pytest

from bot.core.intents import COMMANDS, INTENTS, Command
from bot.features import help as helping
from tests.conftest import ROOT

MANUAL = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
DEPLOY = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
COMPOSE = (ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8")
TABLE = re.findall(r"^\| `(/[^`]+)` \| (.+) \|$", MANUAL, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_every_command_is_in_the_manual(command: Command) -> None:
    assert (command.usage.replace("|", "\\|"), command.summary) in TABLE


def test_the_manual_has_no_command_that_does_not_exist() -> None:
    assert len(TABLE) == len(COMMANDS)
    said = set(re.findall(r"`/([a-z]+)[ `]", MANUAL))
    assert said <= set(COMMANDS)


def test_every_command_has_its_place_in_help_once() -> None:
    shown = [word for _, words in helping.GROUPS.values() for word in words]
    assert sorted(shown) == sorted(COMMANDS)


def test_no_command_word_is_used_twice() -> None:
    words = [command.word for intent in INTENTS for command in intent.commands]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("text", [MANUAL, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_every_make_target_that_is_named_exists(text: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    commands = re.findall(r"(?:`|^)make ([a-z -]+)", text, re.MULTILINE)
    named = {target for command in commands for target in re.split(r"\s{2,}", command)[0].split()}
    assert named <= targets, named - targets
    assert {"run", "test"} <= named


@pytest.mark.parametrize("text", [MANUAL, DEPLOY], ids=["README", "deploy/README"])
def test_every_command_of_the_program_that_is_named_exists(text: str) -> None:
    named = re.findall(r"(?:-m bot|run --rm marquee) ([a-z]+)", text)
    assert "check" in named
    assert set(named) <= {"run", "web", "telegram", "api", "check"}


@pytest.mark.parametrize("text", [MANUAL, DEPLOY], ids=["README", "deploy/README"])
def test_every_heading_that_is_linked_to_exists(text: str) -> None:
    headings = re.findall(r"^#+ (.+)$", MANUAL, re.MULTILINE)
    anchors = {re.sub(r"[^a-z -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"README\.md#([\w-]+)", text)) <= anchors


def test_a_container_starts_again_with_the_machine_and_fills_no_disk() -> None:
    for line in ("restart: unless-stopped", "env_file: marquee.env", "max-size: 10m"):
        assert re.search(rf"^ +{line}$", COMPOSE, re.MULTILINE), line


def test_every_file_that_is_named_exists() -> None:
    for text in (MANUAL, CONTRIBUTING):
        for path in re.findall(r"`((?:bot|storage|tests|deploy)/[\w./-]*)`", text):
            assert (ROOT / path).exists(), path
    for path in re.findall(r"^((?:bot|storage|tests)/[\w./-]*) ", MANUAL, re.MULTILINE):
        assert (ROOT / path).exists(), path
    for path in re.findall(r"\]\(([\w./-]+)\)", MANUAL):
        assert (ROOT / path).exists(), path
