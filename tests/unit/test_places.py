"""Countries and time zones as people name them, and as they are offered; dates and times as people say them."""

from __future__ import annotations

from datetime import UTC

import pytest

from bot.core import places
from bot.core.phrases import Clock, Country, Moment, Zone, phrases, t
from bot.core.preferences import ChatSettings, PersonSettings, Preferences

NOW = 1_700_000_000  # 14 November 2023, 22:13:20 UTC


@pytest.mark.parametrize(
    ("words", "code"),
    [("de", "DE"), ("Germany", "DE"), ("deutschland", "DE"), ("uk", "GB"), ("österreich", "AT"), ("XK", "XK")],
)
def test_a_country_by_its_code_or_its_name(words: str, code: str) -> None:
    assert places.country(words) == code


@pytest.mark.parametrize("words", ["EU", "ZZ", "UN", "", "DEU", "Narnia", "12"])
def test_what_is_no_country(words: str) -> None:
    assert places.country(words) is None


@pytest.mark.parametrize(
    ("language", "region", "code"),
    [("de", "", "DE"), ("en", "", "US"), ("en", "gb", "GB"), ("pt", "BR", "BR"), ("xx", "QQ", "US")],
)
def test_a_country_is_guessed(language: str, region: str, code: str) -> None:
    assert places.guess(language, region) == code


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("de-AT", "AT"),
        ("pt-br", "BR"),
        ("zh-Hant-TW", "TW"),
        ("de", ""),
        ("en-u-ca-gregory", ""),
        ("es-419", ""),
        ("", ""),
    ],
)
def test_a_languages_tag_may_name_a_country(tag: str, code: str) -> None:
    assert places.region(tag) == code


def test_every_country_that_is_offered_is_one() -> None:
    assert {*places.OFFERED, *places.FIRST} <= places.COUNTRIES
    assert set(places.by_name("de")) == places.OFFERED
    assert places.by_name("de").index("DE") < places.by_name("de").index("FR") < places.by_name("de").index("US")


@pytest.mark.parametrize("code", sorted(places.OFFERED))
def test_every_country_that_is_offered_has_its_zones(code: str) -> None:
    zones = places.zones(code)
    assert zones
    assert all(places.zone(zone) == zone for zone in zones)


def test_zones_whose_clocks_agree_are_offered_once_by_the_city_that_people_know() -> None:
    assert places.zones("DE") == ("Europe/Berlin",)
    assert places.zones("ES") == ("Atlantic/Canary", "Europe/Madrid")
    assert places.zones("BR")[2] == "America/Sao_Paulo"
    assert "America/Toronto" in places.zones("CA")
    assert len(places.zones("US")) == 8


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("utc", "UTC"),
        ("../../etc/passwd", None),
        ("Mordor", None),
        ("", None),
    ],
)
def test_a_zone_by_its_name_or_its_city(words: str, zone: str | None) -> None:
    assert places.zone(words) == zone


def test_a_zone_that_the_machine_does_not_know_is_utc() -> None:
    assert places.clock("Mars/Olympus") is UTC


def test_a_zone_that_was_not_chosen_is_the_countrys_only_one() -> None:
    assert str(Preferences(PersonSettings(country="DE")).zone) == "Europe/Berlin"
    assert Preferences(PersonSettings(country="US")).zone is UTC
    assert str(Preferences(PersonSettings(country="US", zone="America/Denver")).zone) == "America/Denver"


def test_in_a_group_the_groups_settings_hold() -> None:
    own = PersonSettings(country="DE", quiet=True)
    here = Preferences(own, ChatSettings(country="FR"), "GB")
    assert (here.country, str(here.zone), str(here.own_zone)) == ("FR", "Europe/Paris", "Europe/Berlin")
    assert (here.quiet(personal=True), here.quiet(personal=False)) == (True, False)
    assert (Preferences(own, ChatSettings(), "GB").country, Preferences(own, None, "GB").country) == ("GB", "DE")


@pytest.mark.parametrize(
    ("ago", "english", "german"),
    [
        (5 * 60, "5 minutes ago", "vor 5 Minuten"),
        (3 * 3600, "3 hours ago", "vor 3 Stunden"),
        (3 * 86400, "11 Nov", "11. Nov."),
        (400 * 86400, "10 Oct 2022", "10. Okt. 2022"),
        (59, "just now", "gerade eben"),
        (-5, "just now", "gerade eben"),
    ],
)
def test_an_instant_as_people_say_it(ago: int, english: str, german: str) -> None:
    moment = t("{when}", when=Moment(NOW - ago, NOW, UTC))
    assert phrases("en").text(moment) == english
    assert phrases("de").text(moment) == german


def test_a_day_is_that_of_the_zone() -> None:
    tokyo = places.clock("Asia/Tokyo")
    assert phrases("en").text(t("{when}", when=Moment(NOW - 3 * 86400, NOW, tokyo))) == "12 Nov"
    assert phrases("en").text(t("{time}", time=Clock(NOW, tokyo))) == "07:13"


def test_places_have_their_names_in_the_readers_language() -> None:
    said = t("{country} {zone} {utc}", country=Country("AT"), zone=Zone("Europe/Vienna"), utc=Zone("UTC"))
    assert phrases("en").text(said) == "Austria Vienna UTC"
    assert phrases("de").text(said) == "Österreich Wien UTC"
