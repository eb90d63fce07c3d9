"""Whoever reads Marquee in another language than English reads all of it in that language, and reads it right."""

from __future__ import annotations

import re
from functools import cache
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords
from babel.messages.pofile import read_po

from bot.core.phrases import LANGUAGES, LOCALES
from tests.conftest import ROOT

QUOTES = {"de": ("„", "“")}
"""How each language opens and closes a quotation."""
NOT_OURS = {"Spirited Away"}
"""What is quoted in a message and is no label of ours: it stays as it is."""

each_language = pytest.mark.parametrize("language", sorted(LANGUAGES.keys() - {"en"}))


@cache
def declared() -> frozenset[tuple[str, ...]]:
    """Every message in bot/ as `make messages` finds it: the one form, or singular and plural."""
    recipe = re.findall(r"-k (\S+)", (ROOT / "Makefile").read_text())
    keywords = DEFAULT_KEYWORDS | parse_keywords(recipe)
    found = extract_from_dir(ROOT / "bot", keywords=keywords)
    return frozenset(forms(message) for _, _, message, _, _ in found)


@cache
def catalogue(language: str) -> Catalog:
    with (LOCALES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, language, abort_invalid=True)


def messages(language: str) -> list[Message]:
    """All but the header."""
    return [message for message in catalogue(language) if message.id]


def forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """The one form of a text, or all of one that counts."""
    return (text or "",) if isinstance(text, str | None) else tuple(text)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_the_messages_are_found() -> None:
    assert ("+ Watchlist",) in declared()
    assert ("film",) in declared()


def test_there_is_a_catalogue_for_every_language_that_can_be_chosen() -> None:
    assert {"en", *(path.parts[-3] for path in LOCALES.glob("*/LC_MESSAGES/messages.po"))} == LANGUAGES.keys()


def test_every_message_can_be_filled_in() -> None:
    for text in (text for message in declared() for text in message):
        for _, name, form, conversion in Formatter().parse(text):
            plain = name is None or (name.isidentifier() and not form and not conversion)
            assert plain, f"a placeholder is a bare {{name}}: {text!r}"


@each_language
def test_every_message_is_in_the_catalogue_and_no_other(language: str) -> None:
    there = {forms(message.id) for message in messages(language)}
    assert sorted(declared() - there) == [], "run `make messages`, then translate these"
    assert sorted(there - declared()) == [], "run `make messages`: nothing says these any more"
    assert list(catalogue(language).obsolete) == []


@each_language
def test_every_message_is_translated(language: str) -> None:
    wanted = catalogue(language).num_plurals
    for message in messages(language):
        texts = forms(message.string)
        assert all(text.strip() for text in texts), f"empty: {message.id!r}"
        assert len(texts) == (wanted if message.pluralizable else 1), f"forms: {message.id!r}"
        assert not message.fuzzy, f"fuzzy: {message.id!r}"


@each_language
def test_every_translation_has_the_placeholders_of_its_message(language: str) -> None:
    for message in messages(language):
        texts = (*forms(message.id), *forms(message.string))
        assert all(placeholders(text) == placeholders(texts[0]) for text in texts), texts


@each_language
def test_a_button_is_quoted_by_the_label_that_it_has(language: str) -> None:
    opening, closing = QUOTES[language]
    for message in messages(language):
        for original in forms(message.id):
            quoted = re.findall("“([^”]+)”", original)
            for label in quoted:
                if label in NOT_OURS or placeholders(label):
                    shown = label
                else:
                    button = catalogue(language).get(label)
                    assert button is not None, f"{label!r} is quoted, and nothing is called so: {original!r}"
                    shown = str(button.string)
                for text in forms(message.string):
                    assert f"{opening}{shown}{closing}" in text, f"not {shown!r}: {text!r}"
            for text in forms(message.string):
                assert len(re.findall(r'["„“”«»]', text)) == 2 * len(quoted), f"quoted otherwise: {text!r}"
