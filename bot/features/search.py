"""Finding titles and people by their names, and asking which of two readings was meant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bot.core.backend import PAGE_SIZE
from bot.core.cards import opened
from bot.core.choosing import clearly
from bot.core.desk import MOST_CHOICES, Desk, missed_year
from bot.core.discovery import Star
from bot.core.dispatch import Dispatch
from bot.core.errors import ForAdults, LeadsNowhere, NobodyFound, NoSuchTitle, NothingFound
from bot.core.intents import Either, Intent, Misread, Rate, Search, ShowPerson, ShowTitle, Titled, Words
from bot.core.model import Listed, Page, Title, TitleRef
from bot.core.naming import is_address, kind_said, numbered, person_said
from bot.core.phrases import Text, plain, t
from bot.core.refusals import MOST_NAME, aimed, label, named
from bot.core.reply import LIST_SIZE, Button, Place, Reply, Row, TitleList, notice
from bot.core.showing import department as department_word
from bot.core.text import clean, cut, fold, has_number, same_name

MOST_EMPTY: Final = 5
"""Pages of a service that are looked through for a title, where they are full of people."""
MOST_STARS: Final = 3
"""People offered below titles."""


async def search(asked: Search, desk: Desk) -> Reply:
    """What is meant at once where that is clear, a title or a person; else ten titles that fit, best first."""
    if is_address(asked.words):
        raise LeadsNowhere(asked.words)
    if (name := person_said(asked.words)) is not None:
        return await _people(name, desk)
    kind, words = kind_said(asked.words)
    said = Words(words, kind)
    found = await _found(asked, said, desk)
    more = replace(asked, listed=True)
    if asked.page == 1 and not asked.listed and (title := clearly(said, found.page)) is not None:
        return await opened(desk, title.ref, others=more if len(found.entries) > 1 else None)
    stars = await desk.people(words) if asked.page == 1 and kind is None else ()
    star = next((star for star in stars if same_name(words, star.name)), None)
    if star is not None and not asked.listed:
        reply = Reply(goes_on=ShowPerson(star.id))
        return replace(reply, buttons=((Button(t("Other results"), more),),)) if found.entries else reply
    if not found.entries and (number := numbered(asked.words)) is not None:
        return Reply(goes_on=ShowTitle(number))
    if not found.entries and not stars:
        raise NothingFound(words, said)
    if not found.entries:
        return _only_people(asked, stars)
    return _list(asked, words, found, stars)


@dataclass(frozen=True, slots=True)
class _Found:
    """Ten titles of a search, the service's page that they were on, and whether more follow."""

    entries: tuple[Listed, ...]
    page: Page
    follows: bool


async def _found(asked: Search, said: Words, desk: Desk) -> _Found:
    """Our page of ten. A service leaves people out of its pages, so that one may be empty while more follow."""
    number, half = divmod(asked.page - 1, PAGE_SIZE // LIST_SIZE)
    tried = number + 1
    page = await desk.search(said.text, said.kind, tried)
    here = page.results[half * LIST_SIZE :]
    while not here and tried < page.total_pages and tried <= number + MOST_EMPTY:
        tried += 1
        page = await desk.search(said.text, said.kind, tried)
        here = page.results
    return _Found(here[:LIST_SIZE], page, follows=len(here) > LIST_SIZE or tried < page.total_pages)


def _list(asked: Search, words: str, found: _Found, stars: tuple[Star, ...]) -> Reply:
    missed = missed_year(words, found.page) if asked.page == 1 else None
    heading = t("Found for “{words}”", words=asked.words)
    if missed is not None:
        heading = t("Nothing for “{words}” is from {year}. From other years:", words=asked.words, year=str(missed))
    first = (asked.page - 1) * LIST_SIZE + 1
    part = TitleList(heading, found.entries, first, max(found.page.total_results, len(found.entries)), mixed=True)
    turning: list[Button] = []
    if asked.page > 1:
        before = asked.page - 1
        turning.append(Button(t("‹ Page {page}", page=before), replace(asked, page=before, listed=before == 1)))
    if found.follows:
        after = asked.page + 1
        turning.append(Button(t("Page {page} ›", page=after), replace(asked, page=after, listed=False)))
    return Reply((part,), (*((tuple(turning),) if turning else ()), *_rows(stars[:MOST_STARS])))


def _rows(stars: tuple[Star, ...]) -> tuple[Row, ...]:
    return tuple((Button(_named(star), ShowPerson(star.id)),) for star in stars)


def _named(star: Star) -> Text:
    name, department = cut(clean(star.name), MOST_NAME), department_word(star.department)
    return t("{name}, {department}", name=name, department=department) if department else plain(name)


async def _people(name: str, desk: Desk) -> Reply:
    """Somebody by name alone."""
    stars = await desk.services.main.discovery.people(name, desk.caller.language, 1)
    if not stars.results:
        raise NobodyFound(name)
    return _only_people(Search(name), stars.results)


def _only_people(asked: Search, stars: tuple[Star, ...]) -> Reply:
    named = tuple(star for star in stars if same_name(asked.words, star.name)) or stars
    if len(named) == 1:
        return Reply(goes_on=ShowPerson(named[0].id))
    return notice(t("Whom do you mean by “{words}”?", words=asked.words), buttons=_rows(named[:MOST_CHOICES]))


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read what was typed, on a title that exists."""

    intent: Titled
    title: Title
    by_number: bool

    def label(self, *, mixed: bool) -> Text:
        """`mixed`: readings on films and on series are offered together."""
        shown = named(self.title, mixed=mixed)
        if self.by_number:
            shown = t("no. {number}, {title}", number=str(self.title.ref.id), title=shown)
        return label(self.intent, shown)


async def either(asked: Either, desk: Desk) -> Reply:
    """Go on with the likeliest reading, unless another one fits a title too: then ask, and write nothing."""
    first, *others = [reading for reading in asked.readings if isinstance(reading, Titled)]
    also = [fit for reading in others for fit in await _fits(reading, desk)]
    if not also:
        return Reply(goes_on=first)
    fits = [*await _fits(first, desk), *also]
    if len(fits) == 1 and not isinstance(first.title, TitleRef) and _opens_pad(fits[0].intent):
        return Reply(goes_on=fits[0].intent)
    ask = t("That can be read in more than one way. Which one do you mean?")
    if isinstance(first.title, TitleRef) and not any(fit.by_number for fit in fits):
        ask = t("I know no film with the number {number}. Do you mean this?", number=str(first.title.id))
    mixed = len({fit.title.ref.kind for fit in fits}) > 1
    buttons = tuple((Button(fit.label(mixed=mixed), fit.intent, owned=True),) for fit in fits)
    return notice(ask, buttons=buttons, place=Place.ANEW)


def _opens_pad(intent: Intent) -> bool:
    """Whether it only opens the rating pad: the number belongs to the name, and nothing is written."""
    return isinstance(intent, Rate) and intent.value is None


async def _fits(reading: Titled, desk: Desk) -> list[_Reading]:
    """The reading on each title whose very name or number it gives."""
    if isinstance(reading, Rate) and isinstance(reading.value, Misread):
        return []
    match reading.title:
        case TitleRef() as ref:
            try:
                return [_Reading(reading, await desk.title(ref), by_number=True)]
            except (NoSuchTitle, ForAdults):
                return []
        case Words() as words:
            found = await desk.search(words.text, words.kind)
            titles = desk.named_among(words, found) or tuple(
                listed.title for listed in found.results if _has_all(words.text, listed.title)
            )
            return [_Reading(aimed(reading, title.ref), title, by_number=False) for title in titles[:4]]
        case _:
            return []


def _has_all(words: str, title: Title) -> bool:
    """Whether the name has all the words and the number they end with: "kill bill 1" and "Kill Bill: Vol. 1"."""
    *head, number = fold(words).split() or [""]
    return bool(head) and has_number(title.name, number) and set(head) <= set(fold(title.name).split())


def install(dispatch: Dispatch) -> None:
    """Answer these."""
    dispatch.add(Search, search)
    dispatch.add(Either, either)
