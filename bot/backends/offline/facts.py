"""The bundled facts (`bot/backends/catalogue`, see its NOTICE.md), made ready to be stored and searched."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.core.text import fold, has_number, without_article
from storage.catalogue import IndexRow, TitleRow

FACTS: Final = Path(__file__).parent.parent / "catalogue" / "facts.json"

_INDEX_VERSION: Final = 1
"""Counts up when `index_of` changes, so that the facts are indexed anew."""
_NUMERALS: Final = {"2": "ii", "3": "iii", "4": "iv", "6": "vi", "7": "vii", "8": "viii", "9": "ix"}


@dataclass(frozen=True, slots=True)
class Facts:
    """A catalogue's file: its bytes, and a digest that changes when they, or how they are indexed, do."""

    content: bytes
    digest: str

    @classmethod
    def read(cls, path: Path = FACTS) -> Facts:
        """The file at `path`; it is read at once, and understood by `titles`."""
        content = path.read_bytes()
        return cls(content, f"{_INDEX_VERSION}-{hashlib.sha256(content).hexdigest()}")

    def titles(self) -> list[tuple[TitleRow, IndexRow]]:
        """Every title with what a search finds it by."""
        rows = [_row(facts) for facts in json.loads(self.content)]
        return [(row, index_of(row)) for row in rows]


def index_of(row: TitleRow) -> IndexRow:
    """What a search finds the title by: its names folded, written as one word, and the people's names."""
    names = {fold(spelling): None for name in names_of(row) for spelling in _spellings(name)}
    joined = {spelling.replace(" ", ""): None for name in names for spelling in (name, without_article(name))}
    people = " ".join(fold(person) for person in (*row.makers, *row.cast_names))
    return IndexRow(" ".join(names), " ".join(joined), people)


def names_of(row: TitleRow) -> tuple[str, ...]:
    """The title's name, and its original one."""
    return (row.name, row.original_name) if row.original_name else (row.name,)


def _spellings(name: str) -> list[str]:
    """The ways in which a name is typed: `8½` also as `8 1/2`, `Part II` also as `Part 2`, and the reverse."""
    folded = fold(name)
    numbers = [
        f"{number} {roman}" for number, roman in _NUMERALS.items() if " " in folded and has_number(folded, number)
    ]
    return [name, name.replace("½", " 1/2"), *numbers]


def _row(facts: dict[str, Any]) -> TitleRow:
    return TitleRow(
        kind=facts["kind"],
        title_id=facts["tmdb_id"],
        name=facts["title"],
        original_name=facts.get("original_title"),
        year=facts["year"],
        release_date=facts.get("release_date"),
        runtime=facts.get("runtime"),
        genres=tuple(facts["genres"]),
        genre_ids=tuple(facts["genre_ids"]),
        original_language=facts.get("original_language"),
        makers=tuple(facts.get("director") or facts.get("creator") or ()),
        cast_names=tuple(facts["cast"]),
        imdb_id=facts.get("imdb_id"),
    )
