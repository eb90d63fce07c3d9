"""Sentences for people: declared in English, translated when shown, in the reader's language.

`t("{title} is now a favourite.", title=title)` makes a `Text`: nothing is translated yet, so that one reply can be
shown to several readers. Placeholders are typed (a `Title`, a `Rating`, a number, a `Person`'s name …), so that a
renderer can emphasise them. `Phrases` is one language's way to show them. Nothing here knows markup.
"""

from __future__ import annotations

import gettext
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from pathlib import Path
from typing import Final

from babel import Locale
from babel.dates import format_skeleton, format_time, format_timedelta, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_decimal

from bot.core.model import Kind, Rating, Title
from bot.core.text import clean

LOCALES: Final = Path(__file__).parent.parent / "locale"
LANGUAGES: Final = {"en": "English", "de": "Deutsch"}
"""Those that the program speaks, each by its own name."""


def N_(message: str) -> str:  # noqa: N802 - gettext's own name
    """Mark `message` for translation where it is declared; it is translated when shown."""
    return message


@dataclass(frozen=True, slots=True)
class Name:
    """What a person, a chat or an account is called: shown emphasised, never translated."""

    words: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A person who is to notice it, by the platform's id and by name."""

    person_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Code:
    """Something to type, as `/rate 550 8.5`."""

    words: str


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its ISO 3166-1 code: shown by its name in the reader's language."""

    code: str


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone by IANA's name: shown by its city."""

    name: str


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant (seconds since 1970, UTC) as people in `zone` would say it at the instant `now`."""

    at: int
    now: int
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Clock:
    """What a clock in `zone` shows at an instant (seconds since 1970, UTC)."""

    at: int
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class Day:
    """A day as people say it on the day `today`."""

    on: date
    today: date


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence to be translated: its English, and what goes into its `{placeholders}`."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    plural: str | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Hint(Text):
    """A sentence that helps and can be done without: whoever wants short answers is not told it."""


def hint(text: Text) -> Hint:
    """That sentence as a hint."""
    return Hint(text.message, text.values, text.plural, text.count)


def t(message: str, **values: object) -> Text:
    """A sentence. `message` is marked for translation by being written here."""
    return Text(message, values)


def tn(message: str, plural: str, count: int, **values: object) -> Text:
    """A sentence that counts: `tn("{count} title", "{count} titles", 3)`."""
    return Text(message, {"count": count, **values}, plural, count)


def plain(words: str) -> Text:
    """Words that are not ours to translate: a name, a language's own name."""
    return Text("{words}", {"words": words})


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters for a renderer: `strong` to be emphasised, `code` to be typed.

    `mentions`: the id of the person whose name it is, to be told of it.
    """

    words: str
    strong: bool = False
    code: bool = False
    mentions: str = ""


@cache
def phrases(language: str) -> Phrases:
    """The phrases of `language`; English where the program doesn't speak it."""
    return Phrases(language if language in LANGUAGES else "en")


def language_code(words: str) -> str | None:
    """The language that `words` name, by its code or its name in any language that the program speaks."""
    for code, own_name in LANGUAGES.items():
        names = {Locale.parse(other).languages[code] for other in LANGUAGES}
        if words.casefold() in {code, own_name.casefold(), *(name.casefold() for name in names)}:
            return code
    return None


class Phrases:
    """One language: its translations, and how it writes numbers and lists."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._locale = Locale.parse(language)
        # Our English is British: "a, b and c", "5 Nov".
        self._ours = Locale.parse("en_GB") if language == "en" else self._locale
        self._catalogue = gettext.translation("messages", LOCALES, [language], fallback=language == "en")

    def text(self, text: Text) -> str:
        """`text` in this language, as plain characters."""
        return "".join(span.words for span in self.spans(text))

    def spans(self, text: Text) -> tuple[Span, ...]:
        """`text` in this language, in runs that a renderer can emphasise."""
        return tuple(self._spans(text))

    def number(self, number: Rating | float) -> str:
        """As people here write it: `8,5` in German."""
        value = number.value if isinstance(number, Rating) else number
        return str(format_decimal(value, locale=self._locale))

    def listing(self, words: tuple[str, ...]) -> str:
        """`a, b and c`."""
        return format_list(words, locale=self._ours)

    def country(self, code: str) -> str:
        """The country's name; its code where it has none in this language."""
        return str(self._locale.territories.get(code, code))

    def zone(self, name: str) -> str:
        """The zone's city, or its name where that is none: `Berlin`, `UTC`."""
        return str(get_timezone_location(name, locale=self._locale, return_city=True)) if "/" in name else name

    def moment(self, moment: Moment) -> str:
        """`just now`, `3 hours ago`; after a day the date, with its year where that is another one."""
        ago = timedelta(seconds=moment.now - moment.at)
        if ago < timedelta(minutes=1):
            return self.text(t("just now"))
        if ago < timedelta(days=1):
            return str(format_timedelta(-ago, add_direction=True, locale=self._ours))
        then, now = (datetime.fromtimestamp(at, moment.zone) for at in (moment.at, moment.now))
        skeleton = "MMMd" if then.year == now.year else "yMMMd"
        return str(format_skeleton(skeleton, then, tzinfo=moment.zone, locale=self._ours))

    def day(self, day: Day) -> str:
        """`tomorrow`; else the date, with the weekday while it is near and with the year where that is another one."""
        days = (day.on - day.today).days
        if near := {-1: t("yesterday"), 0: t("today"), 1: t("tomorrow")}.get(days):
            return self.text(near)
        skeleton = "yMMMd" if day.on.year != day.today.year else "MMMEd" if 0 < days < 7 else "MMMd"
        return str(format_skeleton(skeleton, day.on, locale=self._ours))

    def clock(self, clock: Clock) -> str:
        """`14:05`."""
        at = datetime.fromtimestamp(clock.at, UTC)
        return str(format_time(at, "short", tzinfo=clock.zone, locale=self._ours))

    def genres(self, title: Title) -> tuple[str, ...]:
        """The title's genres; one that is not TMDB's stays as the service calls it."""
        return tuple(self._catalogue.gettext(name) if name in GENRES else clean(name, 40) for name in title.genres)

    def title(self, title: Title) -> str:
        """The title's name and, where known, its year."""
        name = clean(title.name)
        return f"{name} ({title.year})" if title.year else name

    def _translate(self, text: Text) -> str:
        if not text.message:
            return ""
        if text.plural is not None:
            return self._catalogue.ngettext(text.message, text.plural, text.count)
        return self._catalogue.gettext(text.message)

    def _spans(self, text: Text) -> Iterator[Span]:
        for words, name, _, _ in string.Formatter().parse(self._translate(text)):
            if words:
                yield Span(words)
            if name is not None:
                yield from self._value(text.values[name])

    def _value(self, value: object) -> Iterator[Span]:
        match value:
            case Text():
                yield from self._spans(value)
            case Title():
                yield Span(clean(value.name), strong=True)
                if value.year:
                    yield Span(f" ({value.year})")
            case Rating():
                yield Span(self.number(value), strong=True)
            case Name(words) | Mention(name=words):
                person_id = value.person_id if isinstance(value, Mention) else ""
                yield Span(clean(words, 64), strong=True, mentions=person_id)
            case Code(words):
                yield Span(clean(words), code=True)
            case Country() | Zone() | Moment() | Clock() | Day():
                yield Span(self._local(value))
            case tuple():
                yield Span(self.listing(tuple(clean(str(word)) for word in value)))
            case bool() | float():
                raise TypeError(f"a sentence can't show {value!r}")
            case int():
                yield Span(self.number(value))
            case str():
                yield Span(clean(value, 500))
            case _:
                raise TypeError(f"a sentence can't show {value!r}")

    def _local(self, value: Country | Zone | Moment | Clock | Day) -> str:
        match value:
            case Country(code):
                return self.country(code)
            case Zone(name):
                return self.zone(name)
            case Moment():
                return self.moment(value)
            case Clock():
                return self.clock(value)
            case Day():
                return self.day(value)


KIND_WORDS: Final = {Kind.MOVIE: N_("film"), Kind.TV: N_("series")}


GENRES: Final = frozenset(
    {
        *(N_("Action"), N_("Adventure"), N_("Animation"), N_("Comedy"), N_("Crime"), N_("Documentary"), N_("Drama")),
        *(N_("Family"), N_("Fantasy"), N_("History"), N_("Horror"), N_("Music"), N_("Mystery"), N_("Romance")),
        *(N_("Science Fiction"), N_("TV Movie"), N_("Thriller"), N_("War"), N_("Western")),
        *(N_("Action & Adventure"), N_("Kids"), N_("News"), N_("Reality"), N_("Sci-Fi & Fantasy"), N_("Soap")),
        *(N_("Talk"), N_("War & Politics")),
    }
)
"""TMDB's genres of films and series, by their English names."""


def kind_word(kind: Kind) -> Text:
    """`film` or `series`, in the reader's language."""
    return Text(KIND_WORDS[kind])
