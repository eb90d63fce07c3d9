"""Stub until the lists come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.database import Database


@dataclass(frozen=True, slots=True)
class PartyRow:
    id: int


@dataclass(frozen=True, slots=True)
class ProposalRow:
    kind: str
    title_id: int
    wants: int
    proposed_by: str
    proposer: str


async def in_use(db: Database, *, platform: str, chat_id: str) -> PartyRow | None:
    return None


async def wanted(db: Database, party_id: int) -> list[ProposalRow]:
    return []


async def watched(db: Database, *, party_id: int, kind: str, title_id: int, now: int) -> None: ...
