"""What is kept, and the time: what everything that keeps something is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from storage.database import Database
from storage.sealing import Seal


@dataclass(frozen=True, slots=True)
class Store:
    """The database, the seal of its secrets, and the clock (seconds since 1970, UTC)."""

    db: Database
    seal: Seal
    now: Callable[[], int]
