"""Replies as Telegram's HTML, in the reader's language. Nothing else in the program builds markup for Telegram.

What is to be said is put together as runs of characters, cut to Telegram's limit, and escaped last.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final, TypeAlias, assert_never

import regex
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions

from bot.core import card_words, grammar, showing
from bot.core.model import Title
from bot.core.phrases import Phrases, Span, kind_word, phrases, t
from bot.core.posters import Posters
from bot.core.reply import Button, Guide, Link, Notice, Part, RatingPad, Reply, Tally, TitleCard, TitleList
from bot.core.text import cut

MOST_TEXT: Final = 4096
"""Of a message, once its markup is read; counted as Telegram does, in UTF-16 code units."""
MOST_CAPTION: Final = 1024
MOST_TOAST: Final = 200
MOST_LABEL: Final = 64
MOST_BUTTONS: Final = 100

Line: TypeAlias = tuple[Span, ...]

_UNSENDABLE: Final = regex.compile(r"[\x00-\x09\x0b-\x1f\x7f\p{Cs}]")
NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the Bot API takes it. `drawn`: its picture and language; the text is its caption then."""

    html: str
    keyboard: InlineKeyboardMarkup | None
    preview: LinkPreviewOptions
    drawn: tuple[Tally, str] | None = None


class Render:
    """Shows replies. `bot_name` is the bot's name on Telegram."""

    def __init__(self, bot_name: str, posters: Posters) -> None:
        self._bot_name = bot_name
        self._posters = posters

    def message(self, reply: Reply, language: str) -> Message:
        """What the bot says, with the buttons under it."""
        words = phrases(language)
        lines = [line for part in reply.parts for line in (*_part(part, words), ())]
        rows = [[self._button(button, words) for button in row] for row in reply.keyboard()]
        keyboard = InlineKeyboardMarkup(_at_most(rows, MOST_BUTTONS)) if any(rows) else None
        drawn = next(((part, language) for part in reply.parts if isinstance(part, Tally)), None)
        most = MOST_TEXT if drawn is None else MOST_CAPTION
        return Message(_markup(lines[:-1], most), keyboard, self._preview(reply), drawn)

    def opens(self, button: Button) -> str:
        """The address that opens the private chat and goes on there with what the button carries."""
        return self.opens_with(self.payload(button))

    @staticmethod
    def payload(button: Button) -> str:
        """What a link into the private chat carries for the button."""
        return grammar.payload(button.intent) or "hello"

    def opens_with(self, payload: str) -> str:
        """The address that opens the private chat with `/start` and that payload."""
        return f"https://t.me/{self._bot_name}?start={payload}"

    def _button(self, button: Button | Link, words: Phrases) -> InlineKeyboardButton:
        label = cut(words.text(button.label), MOST_LABEL) or "…"
        if isinstance(button, Link):
            return InlineKeyboardButton(label, url=button.url)
        if button.private:
            return InlineKeyboardButton(label, url=self.opens(button))
        return InlineKeyboardButton(label, callback_data=grammar.button(button.intent))

    def _preview(self, reply: Reply) -> LinkPreviewOptions:
        """The poster as a large preview above the text, so that card, pad and list turn into each other."""
        for part in reply.parts:
            match part:
                case TitleCard(title=title) | RatingPad(title=title):
                    url = self._picture_of(title)
                    return LinkPreviewOptions(url=url, prefer_large_media=True, show_above_text=True)
                case Notice(picture=str() as url):
                    return LinkPreviewOptions(url=url, prefer_small_media=True)
                case _:
                    continue
        return NO_PREVIEW

    def _picture_of(self, title: Title) -> str:
        """The address of the poster; where that is not known, TMDB's page of the title, which shows it."""
        return self._posters.url(title) or self._posters.page(title)


def toast(reply: Reply, language: str) -> str | None:
    """The short word to whoever pressed."""
    return brief(phrases(language).text(reply.toast)) if reply.toast else None


def brief(words: str) -> str:
    """As much of it as a word to whoever pressed can have."""
    return _cut_units(words, MOST_TOAST)


# ── Parts ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _part(part: Part, words: Phrases) -> Iterator[Line]:
    match part:
        case Notice(lines=lines):
            yield from (words.spans(line) for line in lines)
        case TitleCard():
            yield from _card(part, words)
        case TitleList():
            yield from _list(part, words)
        case RatingPad(title, current):
            yield words.spans(t("How do you rate {title}?", title=title))
            yield words.spans(showing.rating_now(current))
        case Guide(intro, groups):
            yield words.spans(intro)
            for heading, commands in groups:
                yield ()
                yield (Span(words.text(heading), strong=True),)
                for usage, summary, example in commands:
                    yield _command(usage, words.text(summary), example)
        case Tally():
            return  # it is drawn
        case _:
            assert_never(part)


def _card(card: TitleCard, words: Phrases) -> Iterator[Line]:
    title = card.title
    yield words.spans(t("{title}", title=title))
    if original := showing.original(title):
        yield (Span(original),)
    genres = words.listing(card_words.genres(card, words))
    yield (Span(" · ".join(fact for fact in (*card_words.facts(card, words), genres) if fact)),)
    if (score := card_words.score(title, words)) is not None:
        yield words.spans(score)
    for role, names in card_words.people(card):
        yield (Span(f"{words.text(role)} {words.listing(names)}"),)
    if (note := showing.note(title)) is not None:
        yield words.spans(note)
    if (overview := card_words.overview(card)) is not None:
        yield (Span(overview),)
    yield from (words.spans(text) for _, text in card_words.after(card, words))
    if standing := showing.state(card.state, words) if card.state else []:
        yield _joined([words.spans(text) for _, text in standing])
    if card.change is not None:
        yield ()
        yield words.spans(card.change)


def _list(part: TitleList, words: Phrases) -> Iterator[Line]:
    yield tuple(Span(span.words, strong=True) for span in words.spans(part.heading))
    for number, listed in enumerate(part.entries, part.first):
        sign = showing.CHOSEN if number in (part.marked or ()) else ""
        line = [Span(f"{sign}{number}. "), *words.spans(t("{title}", title=listed.title))]
        if part.mixed:
            line.append(Span(f" · {words.text(kind_word(listed.title.ref.kind))}"))
        if listed.rating is not None:
            line.append(Span(f" ★ {words.number(listed.rating)}"))
        if (note := part.note(number)) is not None:
            line += [Span(" · "), *words.spans(note)]
        yield tuple(line)
    if (shown := showing.range_of(part.first, len(part.entries), part.total)) is not None:
        yield ()
        yield words.spans(shown)


def _command(usage: str, summary: str, example: str | None) -> Line:
    """The bare word can be tapped and the example copied, each by itself."""
    said = Span(f"{usage}: {summary}")
    return (said,) if example is None else (said, Span(" ("), Span(example, code=True), Span(")"))


def _joined(lines: list[Line]) -> Line:
    """Runs on one line, with dots between."""
    return tuple(span for i, line in enumerate(lines) for span in (*([Span(" · ")] if i else []), *line))


# ── Markup ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _markup(lines: Iterable[Line], most: int) -> str:
    """The lines as HTML that Telegram takes: cut first, escaped last."""
    spans = [span for line in lines for span in (*line, Span("\n"))]
    alike = groupby(_cut(spans, most), key=lambda span: (span.strong, span.code, span.mentions))
    text = "".join(_tagged("".join(span.words for span in run), *kind) for kind, run in alike).strip()
    return text or "…"


def _cut(spans: Iterable[Span], most: int) -> Iterator[Span]:
    """The runs that fit, the last one cut between characters as a reader counts them."""
    left = most
    for span in spans:
        words = _UNSENDABLE.sub("", span.words)
        if _units(words) > left:
            yield replace(span, words=_cut_units(words, left))
            return
        left -= _units(words)
        yield replace(span, words=words)


def _cut_units(words: str, most: int) -> str:
    """At most `most` UTF-16 code units of it, the last an ellipsis where it was cut."""
    if _units(words) <= most:
        return words
    kept, left = "", most - 1
    for grapheme in regex.findall(r"\X", words):
        left -= _units(grapheme)
        if left < 0:
            break
        kept += grapheme
    return f"{kept.rstrip()}…" if most > 0 else ""


def _units(words: str) -> int:
    return len(words) + sum(character > "\uffff" for character in words)


def _tagged(words: str, strong: bool, code: bool, mentions: str) -> str:
    escaped = html.escape(words, quote=False)
    if mentions.isdecimal():
        return f'<a href="tg://user?id={mentions}">{escaped}</a>'
    if not escaped.strip() or not (strong or code):
        return escaped
    return f"<code>{escaped}</code>" if code else f"<b>{escaped}</b>"


def _at_most(rows: list[list[InlineKeyboardButton]], most: int) -> list[list[InlineKeyboardButton]]:
    """The rows that come first, with no more buttons than a message can have."""
    kept: list[list[InlineKeyboardButton]] = []
    for row in rows:
        most -= len(row)
        if most < 0:
            break
        if row:
            kept.append(row)
    return kept
