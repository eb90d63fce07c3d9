"""What an intent is made of: a command's word and help, and the ways to name a title."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from bot.core.model import Kind, TitleRef


@dataclass(frozen=True, slots=True)
class Command:
    """A command's word (without the slash), its arguments, and its line of help (marked for translation)."""

    word: str
    arguments: str
    summary: str
    example: str = ""
    """What to type after the word to try it."""

    @property
    def usage(self) -> str:
        """`/rate ID VALUE`."""
        return f"/{self.word} {self.arguments}".rstrip()


@dataclass(frozen=True, slots=True)
class Words:
    """A title by its name, as somebody typed it; of one kind only, if that was said."""

    text: str
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class ImdbId:
    """A title by IMDb's id, as `tt0137523`."""

    id: str


Target: TypeAlias = TitleRef | Words | ImdbId


@dataclass(frozen=True, slots=True)
class Misread:
    """Where a rating was expected: something that is none."""

    words: str


@dataclass(frozen=True, slots=True)
class Intent:
    """What a person wants."""

    commands: ClassVar[tuple[Command, ...]] = ()
