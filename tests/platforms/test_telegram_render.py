"""Replies as Telegram takes them: its markup, its limits, its buttons."""

from __future__ import annotations

import html
import re

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.core.intents import Go, Help, ShowTitle
from bot.core.model import Kind, Listed, Rating, Title, TitleRef, TitleState
from bot.core.phrases import Code, Name, plain, t
from bot.core.posters import Posters
from bot.core.reply import Button, Guide, RatingPad, Reply, TitleCard, TitleList, notice
from bot.frontends.telegram.render import Message, Render, toast

RENDER = Render("marquee_bot", Posters("https://images.example/t/p/", "https://pages.example"))
REF = TitleRef(Kind.MOVIE, 550)
FILM = Title(REF, "Fight Club", 1999, None, ("Drama", "Thriller"), 139, ("David Fincher",), ("Brad Pitt",))
TAG = re.compile(r"</?(?:b|code)>")


def shown(reply: Reply, language: str = "en") -> Message:
    return RENDER.message(reply, language)


def read(markup: str) -> str:
    """What a person reads of it."""
    assert "<" not in TAG.sub("", markup), markup
    return html.unescape(TAG.sub("", markup))


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_a_card_reads_well_on_a_phone() -> None:
    state = TitleState(Rating(17), watchlist=True, favorite=True)
    message = shown(Reply((TitleCard(FILM, state, t("Rated {rating}.", rating=Rating(17))),)))
    assert message.html == (
        "<b>Fight Club</b> (1999)\n"
        "film · 2\u00a0h\u00a019\u00a0min · Drama and Thriller\n"
        "By David Fincher\n"
        "With Brad Pitt\n"
        "★ <b>8.5</b> · on the watchlist · favourite\n"
        "\n"
        "Rated <b>8.5</b>."
    )


def test_a_list_has_its_numbers_and_five_buttons_a_row() -> None:
    entries = tuple(Listed(FILM, Rating(number + 1)) for number in range(10))
    message = shown(Reply((TitleList(t("Your watchlist"), entries, 11, 47, mixed=True),)))
    assert message.html.startswith("<b>Your watchlist</b>\n11. <b>Fight Club</b> (1999) · film ★ 0.5\n12. ")
    assert message.html.endswith("20. <b>Fight Club</b> (1999) · film ★ 5\n\n11–20 of 47")
    assert message.keyboard is not None
    assert [len(row) for row in message.keyboard.inline_keyboard] == [5, 5]


def test_examples_are_marked_as_something_to_type() -> None:
    group = (t("Rate"), (("/rate ID VALUE", t("rate a title"), "/rate fight club 8.5"),))
    message = shown(Reply((Guide(t("Just send me a title's name."), (group,)),)))
    assert message.html == (
        "Just send me a title's name.\n\n<b>Rate</b>\n/rate ID VALUE: rate a title (<code>/rate fight club 8.5</code>)"
    )


@pytest.mark.parametrize("language", ["en", "de"])
@given(words=st.text(max_size=300), strong=st.booleans())
def test_whatever_it_says_is_escaped_and_fits(language: str, words: str, *, strong: bool) -> None:
    value = Name(words) if strong else Code(words)
    message = shown(notice(*[t("{value} & {words}", value=value, words=words)] * 12), language)
    assert 0 < units(read(message.html)) <= 4096
    assert message.html.strip() == message.html


def test_what_is_too_long_is_cut_between_characters() -> None:
    family = "👨‍👩‍👧‍👦"
    message = shown(notice(*[t("{words}", words=family * 400)] * 3))
    text = read(message.html)
    assert units(text) <= 4096
    assert set(regex.findall(r"\X", text.removesuffix("…"))) <= {family, "\n"}


def test_a_cut_never_falls_into_a_tag_or_an_entity() -> None:
    for length in range(60):
        lines = [t("{words}", words="x" * 480)] * 8 + [t("{words}", words="y" * (140 + length))]
        text = read(shown(notice(*lines, t("{name}", name=Name("<&>" * 20)))).html)
        assert units(text) <= 4096


def test_buttons_carry_command_text_or_open_the_private_chat() -> None:
    buttons = ((Button(t("Help"), Help()), Button(t("Open our chat"), Go(7), private=True)),)
    message = shown(notice(t("Hello"), buttons=buttons))
    assert message.keyboard is not None
    [[pressed, opens]] = message.keyboard.inline_keyboard
    assert (pressed.text, pressed.callback_data, pressed.url) == ("Help", "1help", None)
    assert (opens.callback_data, opens.url) == (None, "https://t.me/marquee_bot?start=go_7")


def test_labels_and_buttons_stay_within_limits() -> None:
    rows = tuple((Button(plain("x" * 300), ShowTitle(REF)),) for _ in range(150))
    message = shown(notice(t("Many"), buttons=rows))
    assert message.keyboard is not None
    assert len(message.keyboard.inline_keyboard) == 100
    assert len(message.keyboard.inline_keyboard[0][0].text) == 64


def test_a_toast_fits() -> None:
    told = toast(Reply(toast=t("{words}", words="👍🏽" * 300)), "en")
    assert told is not None
    assert units(told) <= 200
    assert toast(Reply(), "en") is None


@pytest.mark.parametrize("part", [TitleCard, RatingPad])
def test_a_poster_is_a_large_preview_above_the_text(part: type[TitleCard] | type[RatingPad]) -> None:
    film = Title(REF, "Fight Club", poster_path="/abc_D-1.jpg")
    preview = shown(Reply((part(film, None),))).preview
    address = "https://images.example/t/p/w342/abc_D-1.jpg"
    assert preview.to_dict() == {"url": address, "prefer_large_media": True, "show_above_text": True}


@pytest.mark.parametrize("path", [None, "", "//evil.example/x.jpg", "/../x.jpg", "/x.jpg?y=1", "/x.svg", "x.jpg"])
def test_without_a_poster_the_titles_page_is_previewed_and_no_other_address(path: str | None) -> None:
    preview = shown(Reply((TitleCard(Title(REF, "x", poster_path=path), None),))).preview
    assert preview.to_dict() == {
        "url": "https://pages.example/movie/550",
        "prefer_large_media": True,
        "show_above_text": True,
    }
    series = Title(TitleRef(Kind.TV, 1396), "y", poster_path=path)
    assert shown(Reply((RatingPad(series, None),))).preview.url == "https://pages.example/tv/1396"
    assert shown(notice(t("https://evil.example"))).preview.is_disabled
