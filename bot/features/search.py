"""Finding titles by their names, and asking which of two readings was meant."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.core.backend import PAGE_SIZE
from bot.core.desk import Desk, missed_year
from bot.core.dispatch import Dispatch
from bot.core.errors import NoSuchTitle, NothingFound
from bot.core.intents import Either, Intent, Misread, Rate, Search, ShowTitle, Titled, Words
from bot.core.model import Title, TitleRef
from bot.core.naming import numbered
from bot.core.phrases import Text, t
from bot.core.refusals import aimed, label, named
from bot.core.reply import LIST_SIZE, Button, Place, Reply, TitleList, notice
from bot.core.text import fold, has_number


async def search(asked: Search, desk: Desk) -> Reply:
    """Ten titles that fit, best first; the card at once where there is only one."""
    page, half = divmod(asked.page - 1, PAGE_SIZE // LIST_SIZE)
    found = await desk.search(asked.words, page=page + 1)
    entries = found.results[half * LIST_SIZE :][:LIST_SIZE]
    if not entries and (number := numbered(asked.words)) is not None:
        return Reply(goes_on=ShowTitle(number))
    if not entries:
        raise NothingFound(asked.words)
    missed = missed_year(asked.words, found) if asked.page == 1 else None
    if found.total_results == 1 and missed is None:
        return Reply(goes_on=ShowTitle(entries[0].title.ref))
    heading = t("Found for “{words}”", words=asked.words)
    if missed is not None:
        heading = t("Nothing for “{words}” is from {year}. From other years:", words=asked.words, year=str(missed))
    part = TitleList(
        heading,
        entries,
        (asked.page - 1) * LIST_SIZE + 1,
        found.total_results,
        mixed=True,
    )
    turning: list[Button] = []
    if asked.page > 1:
        turning.append(Button(t("‹ Page {page}", page=asked.page - 1), replace(asked, page=asked.page - 1)))
    if asked.page * LIST_SIZE < found.total_results:
        turning.append(Button(t("Page {page} ›", page=asked.page + 1), replace(asked, page=asked.page + 1)))
    return Reply((part,), (tuple(turning),) if turning else ())


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
            except NoSuchTitle:
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
