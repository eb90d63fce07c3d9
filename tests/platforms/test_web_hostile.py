"""What people and forgers send to the web chat: each speaks only where he is, and text stays text."""

from __future__ import annotations

import json
import uuid

import httpx
import pytest

from tests.platforms.parrot import Parrot
from tests.platforms.web_front import WebFront, post, snapshot


def said(**more: object) -> dict[str, object]:
    return {"id": str(uuid.uuid4()), "person": "ada", "chat": "ada", "text": "hello", **more}


# ── Who presses what ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("nothing_heard")
@pytest.mark.parametrize(
    ("person", "chat"),
    [
        ("ada", "ben"),
        ("eve", "ada"),
        ("eve", "club"),
        ("bot", "ada"),
        ("", ""),
        (None, None),
        (1, 2),
        ("ada", "nowhere"),
    ],
)
async def test_nobody_speaks_in_a_chat_that_he_is_not_in(
    client: httpx.AsyncClient, person: object, chat: object
) -> None:
    for path in ("/api/say", "/api/press", "/api/read"):
        sent = said(person=person, chat=chat, message=1, data="1help")
        assert (await client.post(path, json=sent)).status_code == 403
    asked = {"person": str(person), "chat": str(chat), "before": "9"}
    assert (await client.get("/api/older", params=asked)).status_code == 403


@pytest.mark.parametrize("number", [0, -1, 10**6, 2**63, 1e309, 1.5, True, "1", None, [1]])
async def test_a_press_names_a_message_of_that_chat(client: httpx.AsyncClient, number: object) -> None:
    body = json.dumps(said(message=number, data="1help"))
    headers = {"content-type": "application/json"}
    assert (await client.post("/api/press", content=body, headers=headers)).status_code == 404
    assert (await client.post("/api/read", content=body, headers=headers)).status_code == 404


async def test_a_press_on_a_message_of_somebody_elses_chat_is_refused(front: WebFront, parrot: Parrot) -> None:
    await front.say("ben", "private", "hello")
    message = (await front.shown("ben", "private"))[-1]
    before = len(parrot.said)
    response = await front.client.post("/api/press", json=said(message=int(message.id), data="1help"))
    assert response.status_code == 404
    assert len(parrot.said) == before


@pytest.mark.parametrize(
    "data",
    ["1undo 1", "1rate m550 8.5", "1logout", "0help", "help", "", "1", "1help\x00", "2help", "<b>", "\ud800", "1HELP"],
)
async def test_a_button_that_the_message_has_not_is_out_of_date(front: WebFront, parrot: Parrot, data: str) -> None:
    await front.say("ada", "private", "hello")
    message = (await front.shown("ada", "private"))[-1]
    seq = (await snapshot(front.client))["seq"]
    await front._send("/api/press", "ada", "private", message=int(message.id), data=data)
    assert await front.toast("ada") == "Out of date"
    assert parrot.said[-1].text.startswith("0")
    assert (await front.shown("ada", "private"))[-1] == message
    assert (await snapshot(front.client))["seq"] > seq


# ── Hostile text ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("a\u202eb\u2066c\u200fd", "a b c d"),
        ("nul\x00 and \x1b[31m", "nul and [31m"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("\ufeffbom", "bom"),
        ("z" + "\u0300" * 50 + "algo", "z" + "\u0300" * 4 + "algo"),
        ("👩\u200d👩\u200d👧 family", "👩\u200d👩\u200d👧 family"),
        ("one\r\ntwo\n\n\n\n\nthree", "one\ntwo\n\nthree"),
        ("x" * 4000, "x" * 4000),
    ],
)
async def test_hostile_text_is_cleaned(front: WebFront, text: str, kept: str) -> None:
    await front.say("ada", "private", text)
    said_now = [shown for shown in await front.shown("ada", "private") if shown.author == "ada"]
    assert said_now[-1].text == kept


@pytest.mark.usefixtures("nothing_heard")
@pytest.mark.parametrize("text", ["", "   ", "\n\n", "\x00", "\u202e", "\ud800\udbff", "x" * 4001])
async def test_nothing_and_too_much_are_refused_with_a_sentence(client: httpx.AsyncClient, text: str) -> None:
    response = await post(client, "/api/say", said(text=text))
    assert response.status_code == 422
    assert response.json()["sentence"]


async def test_the_page_never_parses_text_as_markup(client: httpx.AsyncClient) -> None:
    for name in ("chat.js", "store.js", "live.js", "log.js", "message.js", "composer.js", "sidebar.js", "dom.js"):
        script = (await client.get(f"/{name}")).text
        for danger in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "DOMParser",
            "Function(",
        ):
            assert danger not in script, f"{danger} in {name}"
    page = (await client.get("/")).text
    assert "<script>" not in page
    assert "style=" not in page
    assert "onclick" not in page
