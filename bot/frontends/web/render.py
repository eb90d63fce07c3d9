"""Replies as plain JSON for the page, in the reader's language. The page shows texts as text alone, never as markup."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias, assert_never

from bot.core import card_words, grammar, showing
from bot.core.intents import COMMANDS, ShowTitle
from bot.core.model import Listed, Title, TitleState
from bot.core.phrases import KIND_WORDS, Phrases, Text, phrases, t
from bot.core.reply import Bar, Button, Guide, Link, Notice, Part, RatingPad, Reply, Tally, TitleCard, TitleList
from bot.core.text import clean
from bot.frontends.web.words import WORDS

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Addresses:
    """`hide` gives the address that stands in for a secret one, `poster` a title's picture, if it has one."""

    hide: Callable[[str], str] = lambda url: url
    poster: Callable[[Title], str | None] = lambda _title: None


def message(reply: Reply, language: str, addresses: Addresses = Addresses()) -> Json:
    """What the bot says, as the page shows it: parts, and the buttons under them."""
    words = phrases(language)
    return {
        "language": language,
        "parts": [_part(part, words, addresses) for part in reply.parts],
        "keyboard": [[_button(button, words, addresses) for button in row] for row in reply.keyboard()],
    }


def note(reply: Reply, language: str) -> Json:
    """The short word to whoever pressed, beside the message or instead of one."""
    return {"toast": phrases(language).text(reply.toast) if reply.toast else None, "alert": reply.alert}


def unsaid(language: str) -> Json:
    """What stands where somebody said a secret."""
    return {"text": phrases(language).text(t("(deleted: it had a secret in it)"))}


@cache
def page_words(language: str) -> Json:
    """All that the page itself says, and the commands that it suggests."""
    words = phrases(language)
    # What stands in braces is filled in by the page: it goes through as it is.
    blanks = {name: f"{{{name}}}" for name in ("name", "names", "count")}
    return {
        "language": language,
        "labels": {key: words.text(Text(message, blanks)) for key, message in WORDS.items()},
        "commands": [
            {
                "word": f"/{command.word}",
                "arguments": command.arguments,
                "summary": words.text(Text(command.summary)),
            }
            for command in COMMANDS.values()
        ],
    }


def _button(button: Button | Link, words: Phrases, addresses: Addresses) -> Json:
    if isinstance(button, Link):
        return {"label": words.text(button.label), "url": addresses.hide(button.url) if button.secret else button.url}
    shown: Json = {"label": words.text(button.label), "data": grammar.button(button.intent)}
    if button.private:
        shown["private"] = True
    return shown


def _spans(text: Text, words: Phrases) -> list[Json]:
    return [
        {"words": span.words} | ({"strong": True} if span.strong else {}) | ({"code": True} if span.code else {})
        for span in words.spans(text)
    ]


def _part(part: Part, words: Phrases, addresses: Addresses) -> Json:
    match part:
        case Notice(lines, picture):
            return {"type": "notice", "lines": [_spans(line, words) for line in lines], "picture": picture}
        case TitleCard(title=title):
            return _card(part, words) | _posters(title, addresses)
        case TitleList(heading, entries, first, total, marked=marked):
            return {
                "type": "list",
                "heading": _spans(heading, words),
                "range": _maybe(showing.range_of(first, len(entries), total), words),
                "entries": [
                    _entry(n, listed, part, words)
                    | {"marked": n in (marked or ()), "choosing": marked is not None}
                    | _posters(listed.title, addresses)
                    for n, listed in enumerate(entries, first)
                ],
            }
        case RatingPad(title, current):
            return {
                "type": "pad",
                **_posters(title, addresses),
                "alt": words.text(t("Poster of {title}", title=title)),
                "heading": _spans(t("How do you rate {title}?", title=title), words),
                "hint": _spans(showing.rating_now(current), words),
            }
        case Guide(intro, groups):
            return {
                "type": "guide",
                "intro": _spans(intro, words),
                "groups": [
                    {
                        "heading": words.text(heading),
                        "commands": [
                            {"usage": usage, "summary": words.text(summary), "example": example}
                            for usage, summary, example in commands
                        ],
                    }
                    for heading, commands in groups
                ],
            }
        case Tally(rounds):
            return {
                "type": "tally",
                "rounds": [
                    {"heading": words.text(heading), "bars": [_bar(bar, words) for bar in bars]}
                    for heading, bars in rounds
                ],
            }
        case _:
            assert_never(part)


def _bar(bar: Bar, words: Phrases) -> Json:
    return {
        "label": words.text(bar.label),
        "total": words.number(bar.total),
        "share": bar.share,
        "wins": bar.wins,
        "drops": bar.drops,
    }


def _card(card: TitleCard, words: Phrases) -> Json:
    title, score = card.title, card_words.score(card.title, words)
    kind, *rest = card_words.facts(card, words)
    facts = [kind, str(title.year or ""), *rest, _maybe(showing.note(title), words)]
    return {
        "type": "card",
        "alt": words.text(t("Poster of {title}", title=title)),
        "name": clean(title.name),
        "year": str(title.year or ""),
        "original": showing.original(title),
        "facts": [fact for fact in facts if fact],
        "genres": list(card_words.genres(card, words)),
        "score": None if score is None else _spans(score, words),
        "people": [
            {"role": words.text(role), "names": words.listing(names)} for role, names in card_words.people(card)
        ],
        "overview": card_words.overview(card),
        "more": [{"what": what, "line": _spans(text, words)} for what, text in card_words.after(card, words)],
        "state": None if card.state is None else _state(card.state, words),
        "change": None if card.change is None else _spans(card.change, words),
    }


def _state(state: TitleState, words: Phrases) -> list[Json]:
    """What the reader's account says: each a sign and its word."""
    return [{"what": what, "words": words.text(text)} for what, text in showing.state(state, words)]


def _maybe(text: Text | None, words: Phrases) -> str | None:
    return None if text is None else words.text(text)


def _entry(number: int, listed: Listed, part: TitleList, words: Phrases) -> Json:
    title = listed.title
    return {
        "number": number,
        "name": clean(title.name),
        "year": str(title.year or ""),
        "kind": words.text(Text(KIND_WORDS[title.ref.kind])) if part.mixed else None,
        "note": _maybe(part.note(number), words),
        "rating": None if listed.rating is None else words.number(listed.rating),
        "data": grammar.button(ShowTitle(title.ref, anew=True)),
    }


def _posters(title: Title, addresses: Addresses) -> Json:
    """The title's poster, and the drawn one for where there is none or it does not come."""
    drawn = f"/poster/{title.ref.kind.value}/{title.ref.id}.png"
    return {"poster": addresses.poster(title) or drawn, "drawn": drawn}


def apology(reference: str, language: str) -> Json:
    """What is said of something that could not be answered, however often it was tried."""
    sentence = t("Sorry, I could not answer that. I have written it down as {reference}.", reference=reference)
    return message(Reply((Notice((sentence,)),)), language)
