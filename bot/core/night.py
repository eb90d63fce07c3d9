"""What a film night goes by, as a group sets it, and what is known of its films: values with their JSON forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, Final

from bot.core.deciding import Entry, Method
from bot.core.model import Kind, Title, TitleRef

Json = dict[str, Any]

BALLOT_SIZE: Final = 6
"""Films on a ballot: more would not fit a phone's screen with their buttons."""


class Source(StrEnum):
    """Where a night's films come from."""

    BEST = "best"
    """The first of the others that has enough."""
    OVERLAP = "overlap"
    """On the watchlists of several who are in."""
    LIST = "list"
    """The group's list."""
    LOVED = "loved"
    """Loved by one who is in, unseen by the rest."""
    POPULAR = "popular"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a night goes by.

    `minutes` until the voting ends, or `until` an instant (seconds since 1970, UTC). `longest`: a film's minutes at
    most. `genre`: TMDB's number. `vetoes`: so many each may give, and `veto_from` so many take a film out. `quorum`:
    percent of those who are in that must have voted. `hidden`: nobody sees the count before the end. `named`: who voted
    for what is shown. `admins`: they alone open and lead it. `skip`: films passed over with "Other films".
    `zone`: by whose clock (IANA) it was opened, for a group that has set none.
    """

    method: Method = Method.APPROVAL
    source: Source = Source.BEST
    minutes: int = 30
    until: int | None = None
    longest: int | None = None
    genre: int | None = None
    streams: bool = False
    unseen: bool = False
    vetoes: int = 0
    veto_from: int = 1
    quorum: int = 0
    hidden: bool = False
    named: bool = False
    admins: bool = False
    skip: int = 0
    zone: str = ""

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Rules:
        """As they were kept. What is missing is as at the beginning."""
        known = {one.name for one in fields(cls)}
        said = {name: value for name, value in kept.items() if name in known}
        rules = replace(cls(), **said)
        return replace(rules, method=Method(rules.method), source=Source(rules.source))

    def to_json(self) -> Json:
        """What differs from the beginning."""
        mine = {one.name: getattr(self, one.name) for one in fields(self)}
        usual = {one.name: one.default for one in fields(self)}
        return {name: value for name, value in mine.items() if value != usual[name]}

    def ends(self, now: int) -> int:
        """When a vote ends that begins now, at the latest."""
        return self.until if self.until is not None and self.until > now else now + self.minutes * 60

    def kept(self) -> Rules:
        """What of it is meant for later nights as well."""
        return replace(self, until=None, skip=0, zone="")

    @property
    def is_private(self) -> bool:
        """Whether votes are given in the private chat: an order or points can't be pressed together in a group."""
        return self.method in (Method.RANKED, Method.STAR)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A film on the ballot.

    `wanted`: on so many watchlists; `wanted_by`: whose, if all of them let that be shown. `votes`: wanted by so many on
    the group's list, if it is there. `seen_by`, `watched`: rated by so many, watched at an earlier night.
    `proposed_by`, `proposer`: the id and the name of who put it on the group's list. `waited`: see `Entry`.
    """

    number: int
    ref: TitleRef
    name: str
    year: int | None = None
    minutes: int | None = None
    wanted: int = 0
    votes: int | None = None
    seen_by: int = 0
    watched: bool = False
    waited: int = 0
    proposed_by: str = ""
    proposer: str = ""
    wanted_by: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, number: int, kind: str, title_id: int, facts: Mapping[str, Any]) -> Candidate:
        """As it was kept."""
        return cls(number, TitleRef(Kind(kind), title_id), **{**facts, "wanted_by": tuple(facts["wanted_by"])})

    def to_json(self) -> Json:
        """Its facts, without what names it."""
        names = [one.name for one in fields(self) if one.name not in ("number", "ref")]
        return {name: getattr(self, name) for name in names}

    @property
    def title(self) -> Title:
        """As a list shows it."""
        return Title(self.ref, self.name, self.year, runtime=self.minutes)

    @property
    def entry(self) -> Entry:
        """As it is counted."""
        return Entry(self.number, max(self.wanted, self.votes or 0), self.seen_by, self.waited)
