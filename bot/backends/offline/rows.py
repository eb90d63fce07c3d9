"""Titles between the model and storage."""

from __future__ import annotations

from bot.core.model import Kind, Title, TitleRef
from storage.catalogue import TitleRow


def row_of(title: Title) -> TitleRow:
    """The title as storage keeps it."""
    return TitleRow(
        kind=title.ref.kind.value,
        title_id=title.ref.id,
        name=title.name,
        original_name=title.original_name,
        year=title.year,
        release_date=title.release_date,
        runtime=title.runtime,
        genres=title.genres,
        genre_ids=title.genre_ids,
        original_language=title.original_language,
        makers=title.makers,
        cast_names=title.cast,
        imdb_id=title.imdb_id,
        poster_path=title.poster_path,
    )


def title_of(row: TitleRow) -> Title:
    """The title as it was kept."""
    return Title(
        ref=TitleRef(Kind(row.kind), row.title_id),
        name=row.name,
        year=row.year,
        original_name=row.original_name,
        genres=row.genres,
        runtime=row.runtime,
        makers=row.makers,
        cast=row.cast_names,
        imdb_id=row.imdb_id,
        release_date=row.release_date,
        genre_ids=row.genre_ids,
        original_language=row.original_language,
        poster_path=row.poster_path,
    )
