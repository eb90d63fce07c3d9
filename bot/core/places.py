"""Countries and time zones: which there are, which are offered, and what people call them.

Countries are ISO 3166-1 (and `XK`, which TMDB has too); zones are IANA's. Both come from CLDR and the zone database.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel import Locale
from babel.core import get_global

from bot.core.phrases import LANGUAGES
from bot.core.text import fold

_NONE: Final = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
"""What CLDR knows by two letters, and ISO 3166-1 has no country of."""
COUNTRIES: Final = frozenset(
    code for code in map(str, Locale.parse("en").territories) if len(code) == 2 and code.isalpha() and code not in _NONE
)
FIRST: Final = ("US", "GB", "DE", "FR", "ES", "IT", "IN", "BR")
"""Offered at once, beside the guess."""
OFFERED: Final = frozenset(
    {
        *("AE", "AR", "AT", "AU", "BE", "BG", "BR", "CA", "CH", "CL", "CO", "CR", "CZ", "DE", "DK", "EC", "EE", "EG"),
        *("ES", "FI", "FR", "GB", "GR", "HK", "HR", "HU", "ID", "IE", "IL", "IN", "IS", "IT", "JP", "KE", "KR", "LT"),
        *("LU", "LV", "MA", "MX", "MY", "NG", "NL", "NO", "NZ", "PE", "PH", "PK", "PL", "PT", "RO", "RS", "SA", "SE"),
        *("SG", "SI", "SK", "TH", "TN", "TR", "TW", "UA", "US", "UY", "VE", "ZA"),
    }
)
"""Offered on further pages: where there is much to stream. The others can be typed."""

_KNOWN: Final = frozenset(
    {
        *("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Toronto"),
        *("America/Winnipeg", "America/Edmonton", "America/Halifax", "America/Mexico_City", "America/Sao_Paulo"),
        *("America/Manaus", "America/Rio_Branco", "Australia/Sydney", "Pacific/Majuro", "Europe/Madrid"),
        *("Europe/Lisbon", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Novosibirsk"),
        *("Asia/Yakutsk", "Asia/Vladivostok", "Asia/Kamchatka", "Asia/Almaty", "Asia/Nicosia", "Asia/Gaza"),
        *("Asia/Kuala_Lumpur",),
    }
)
"""Of zones whose clocks agree, the one with the city that most people there live in or know."""
_NOWHERE: Final = "US"
_WINTER, _SUMMER = datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)


def region(tag: str) -> str:
    """The country (ISO 3166-1) in a language's tag: `pt-br` and `zh-Hant-TW` have one; "" where there is none."""
    found = re.match(r"[a-z]{2,8}(?:-[a-z]{4})?-([a-z]{2})(?:-|$)", tag, re.IGNORECASE)
    return found[1].upper() if found else ""


def guess(language: str, region: str = "") -> str:
    """The country of somebody whose platform says that language and, perhaps, region."""
    if region.upper() in COUNTRIES:
        return region.upper()
    likely = get_global("likely_subtags").get(language, "").rpartition("_")[2]
    return likely if likely in COUNTRIES else _NOWHERE


def country(words: str) -> str | None:
    """The country that `words` name, by its code or its name in any language that the program speaks."""
    code = "GB" if words.upper() == "UK" else words.upper()
    return code if code in COUNTRIES else _country_names().get(fold(words))


@cache
def _country_names() -> dict[str, str]:
    spoken = [Locale.parse(language) for language in LANGUAGES]
    return {
        fold(locale.territories[code]): code for locale in spoken for code in COUNTRIES if code in locale.territories
    }


@cache
def by_name(language: str) -> tuple[str, ...]:
    """Those that are offered, in the order of their names in that language."""
    names = Locale.parse(language).territories
    return tuple(sorted(OFFERED, key=lambda code: fold(str(names[code]))))


# ── Time zones ───────────────────────────────────────────────────────────────────────────────────────────────────


def clock(zone: str) -> tzinfo:
    """The zone of that name; UTC where the machine does not know it (any more)."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


@cache
def zones(code: str) -> tuple[str, ...]:
    """A country's zones, from west to east; of those whose clocks agree all year, the one that is best known."""
    there = [name for name in get_global("territory_zones").get(code, ()) if name in _all()]
    chosen: dict[tuple[float, float], str] = {}
    for name in sorted(there, key=lambda name: name not in _KNOWN):
        chosen.setdefault((_hours(name, _WINTER), _hours(name, _SUMMER)), name)
    return tuple(name for _, name in sorted(chosen.items()))


def zone(words: str) -> str | None:
    """The zone that `words` name: as IANA has it in any case, or by its city."""
    wanted = words.replace(" ", "_").casefold()
    return _zone_names().get(wanted) or _cities().get(fold(words))


@cache
def _all() -> frozenset[str]:
    return frozenset(name for name in available_timezones() if not name.startswith(("posix", "right", "Factory")))


@cache
def _zone_names() -> dict[str, str]:
    return {name.casefold(): name for name in _all()}


@cache
def _cities() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in sorted(set(get_global("zone_territories")) & _all()):
        found.setdefault(fold(name.rpartition("/")[2].replace("_", " ")), name)
    return found


def _hours(name: str, at: datetime) -> float:
    offset = at.astimezone(clock(name)).utcoffset()
    return offset.total_seconds() / 3600 if offset is not None else 0.0
