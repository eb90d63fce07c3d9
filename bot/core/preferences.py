"""What a person or a group has set, and what holds where nothing was.

Not the program's own settings: those are the environment's (`bot.settings`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

from bot.core import places
from bot.core.discovery import Provider

if TYPE_CHECKING:
    from storage.settings import SettingsRow


class OnRating(StrEnum):
    """What happens to the watchlist when a title on it is rated: TMDB, and each service like it, takes it off."""

    LEAVE = "leave"
    ASK = "ask"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class PersonSettings:
    """A person's own. `country` (ISO 3166-1) and `zone` (IANA) are None where none was chosen.

    `show_name`: others in a group may read it beside what he rated; else he is only counted.
    """

    country: str | None = None
    zone: str | None = None
    streaming: tuple[Provider, ...] = ()
    quiet: bool = False
    on_rating: OnRating = OnRating.ASK
    show_name: bool = False


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """A group's. `answer_links`: a title's address is answered there also when nobody has addressed the bot.

    `on_rating` is about the account that the group has of its own.
    """

    country: str | None = None
    zone: str | None = None
    streaming: tuple[Provider, ...] = ()
    quiet: bool = False
    on_rating: OnRating = OnRating.ASK
    answer_links: bool = False


@dataclass(frozen=True, slots=True)
class Preferences:
    """What holds for one caller: in private his `own`, in a group the `chat`'s. `guess`: a country if none is set."""

    own: PersonSettings = PersonSettings()
    chat: ChatSettings | None = None
    guess: str = "US"

    @property
    def here(self) -> PersonSettings | ChatSettings:
        """Those of the chat: what is shown there is the same for all who read it."""
        return self.own if self.chat is None else self.chat

    @property
    def country(self) -> str:
        """The country (ISO 3166-1) whose age ratings, releases and streaming are meant here."""
        return self.here.country or self.guess

    @property
    def zone(self) -> tzinfo:
        """The zone that dates and times are shown in here."""
        return zone(self.here, self.guess)

    @property
    def own_zone(self) -> tzinfo:
        """The zone for what the caller alone reads."""
        return zone(self.own, self.guess)

    @property
    def streaming(self) -> tuple[Provider, ...]:
        """The services that are subscribed to here; none where none were chosen."""
        return self.here.streaming

    @property
    def answer_links(self) -> bool:
        """Whether a title's address is answered here that was said to nobody in particular."""
        return self.chat is None or self.chat.answer_links

    def quiet(self, *, personal: bool) -> bool:
        """Whether hints are left out: of what the caller alone reads, or of what is said here."""
        return self.own.quiet if personal else self.here.quiet

    def on_rating(self, *, house: bool) -> OnRating:
        """What rating does to the watchlist, on the group's own account or the caller's."""
        return self.chat.on_rating if house and self.chat is not None else self.own.on_rating


Settings: TypeAlias = PersonSettings | ChatSettings
NOTHING_SET: Final = Preferences()


def zone(settings: Settings, guess: str) -> tzinfo:
    """The chosen zone; else the country's, where it has only one; else UTC."""
    if settings.zone is not None:
        return places.clock(settings.zone)
    only = places.zones(settings.country or guess)
    return places.clock(only[0]) if len(only) == 1 else UTC


def person(row: SettingsRow) -> PersonSettings:
    """A person's settings as they were kept."""
    return PersonSettings(
        row.country, row.zone, _streaming(row), row.quiet, OnRating(row.on_rating), show_name=row.show_name
    )


def chat(row: SettingsRow) -> ChatSettings:
    """A group's settings as they were kept."""
    return ChatSettings(
        row.country, row.zone, _streaming(row), row.quiet, OnRating(row.on_rating), answer_links=row.answer_links
    )


def _streaming(row: SettingsRow) -> tuple[Provider, ...]:
    return tuple(Provider(number, name) for number, name in row.streaming)
