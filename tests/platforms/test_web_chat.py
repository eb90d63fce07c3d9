"""The web chat over HTTP: what is said is kept once, answered once, and told to every page, whatever breaks between."""

from __future__ import annotations

import asyncio
import re
import uuid
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.core.model import Title, TitleRef
from bot.core.store import Store
from bot.frontends.web import pages
from bot.frontends.web.app import WebChat
from bot.frontends.web.posters import HEIGHT, WIDTH, draw
from bot.frontends.web.words import WORDS
from storage import web_chat
from storage.database import Database
from tests.platforms.conftest import NOW
from tests.platforms.parrot import FILM, HOSTILE, Parrot, title_of
from tests.platforms.web_front import KEY, WebFront, events, opened, post, serving, snapshot


def said(text: str, person: str = "ada", chat: str = "ada") -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "person": person, "chat": chat, "text": text}


async def until(client: httpx.AsyncClient, after: int, kind: str, **fields: object) -> list[dict[str, Any]]:
    """The events up to the first of that kind with these fields."""
    seen: list[dict[str, Any]] = []
    async with asyncio.timeout(10):
        async for event in events(client, after):
            seen.append(event)
            if event["kind"] == kind and fields.items() <= event.items():
                return seen
    raise AssertionError(seen)


async def texts(front: WebFront, person: str = "ada", chat: str = "private") -> list[str]:
    return [f"{message.author}: {message.text}" for message in await front.shown(person, chat)]


async def greeted(front: WebFront) -> None:
    """Wait until all greetings are answered."""
    waiting = {"hello:ada:ada", "hello:ben:ben", "hello:cleo:cleo", "hello:dee:dee", "hello:eli:eli", "hello:club:ada"}
    async with asyncio.timeout(10):
        async for event in events(front.client, 0):
            waiting.discard(event.get("update", ""))
            if not waiting:
                return


# ── Hello ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_at_first_open_everybody_has_said_start(front: WebFront, parrot: Parrot) -> None:
    await greeted(front)
    for person in ("ada", "ben", "cleo", "dee", "eli"):
        assert await texts(front, person) == [f"{person}: /start", "bot: You said: /start"]
    assert (await texts(front, "ben", "group"))[0] == "ada: /start"
    assert [update.addressed for update in parrot.said if update.chat.id != "club"] == [True] * 5


async def test_hello_is_said_once_for_ever(store: Store, parrot: Parrot, front: WebFront) -> None:
    await greeted(front)
    # Also after the inbox has forgotten the update's id.
    await store.db.write("delete from inbox")
    again = Parrot()
    async with serving(WebChat(store, again, KEY, title_of)) as url, opened(url) as client:
        await WebFront(client).say("ada", "private", "last")
        assert [update.text for update in again.said] == ["last"]


# ── Saying ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_resend_is_harmless(front: WebFront, parrot: Parrot) -> None:
    message = said("once")
    seq = (await snapshot(front.client))["seq"]
    answers = [await post(front.client, "/api/say", message) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 202]
    await until(front.client, seq, "answered", update=message["id"])
    await post(front.client, "/api/say", message)
    assert (await texts(front)).count("ada: once") == 1
    assert [update.text for update in parrot.said].count("once") == 1


async def test_what_is_sent_at_once_is_answered_in_order(front: WebFront, parrot: Parrot) -> None:
    messages = [said(f"line {number}") for number in range(20)]
    seq = (await snapshot(front.client))["seq"]
    for message in messages:
        await post(front.client, "/api/say", message)
    await until(front.client, seq, "answered", update=messages[-1]["id"])
    assert [update.text for update in parrot.said if update.text.startswith("line")] == [m["text"] for m in messages]


async def test_people_do_not_wait_for_each_other(front: WebFront, parrot: Parrot) -> None:
    await post(front.client, "/api/say", said("wait for it"))
    await parrot.began.wait()
    await front.say("ben", "private", "me first")
    assert "bot: You said: me first" in await texts(front, "ben")
    assert "bot: You said: wait for it" not in await texts(front)
    parrot.go_on.set()


async def test_a_group_is_silent_unless_the_bot_is_meant(front: WebFront, parrot: Parrot) -> None:
    await greeted(front)
    before = len(await front.shown("ben", "group"))
    await front.say("ada", "group", "shall we watch something?")
    await front.say("ada", "group", "/help@other_bot")
    assert len(await front.shown("ben", "group")) == before + 2
    await front.say("ada", "group", "@Marquee, fight club")
    assert (await texts(front, "ben", "group"))[-1] == "bot: You said: fight club"
    await front.say("ada", "group", "@marquee")
    assert (await texts(front, "ben", "group"))[-1] == "bot: You said: /help"
    await front.say("ada", "group", "/help@marquee_bot")
    assert parrot.said[-1].addressed
    assert "/help@other_bot" not in [update.text for update in parrot.said]


async def test_a_reply_without_words_is_silence(front: WebFront) -> None:
    before = len(await front.shown("ada", "private"))
    await front.say("ada", "private", "silence")
    assert len(await front.shown("ada", "private")) == before + 1


# ── Pressing ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_each_answer_goes_to_its_place(front: WebFront) -> None:
    await greeted(front)
    await front.say("ben", "group", "@marquee hello")
    message = (await front.shown("ben", "group"))[-1]
    count = len(await front.shown("ada", "group"))
    await front.press("ada", "group", message.id, "Toast")
    assert await front.toast("ada") == "Just a word"
    await front.press("ada", "group", message.id, "Privately")
    assert await front.toast("ada") == "See our private chat"
    assert (await texts(front))[-1] == "bot: Just for you"
    assert len(await front.shown("ada", "group")) == count
    await front.press("ada", "group", message.id, "Anew")
    assert len(await front.shown("ada", "group")) == count + 1
    await front.press("ada", "group", message.id, "Here")
    now = await front.shown("ada", "group")
    assert len(now) == count + 1
    assert "Fight Club (1999)" in next(each.text for each in now if each.id == message.id)


async def test_a_private_button_goes_on_in_the_private_chat(front: WebFront, parrot: Parrot) -> None:
    await greeted(front)
    await front.say("ada", "group", "@marquee hello")
    message = (await front.shown("ben", "group"))[-1]
    await front.press("ben", "group", message.id, "In private")
    assert (parrot.said[-1].chat.id, parrot.said[-1].pressed) == ("ben", True)
    assert (await front.shown("ben", "group"))[-1] == message
    assert (await texts(front, "ben"))[-1] == "bot: You said: 1samples"


async def test_a_press_that_is_sent_twice_is_done_once(front: WebFront, parrot: Parrot) -> None:
    await front.say("ada", "private", "hello")
    message = (await front.shown("ada", "private"))[-1]
    press = said("") | {"message": int(message.id), "data": "1movie m550 new"}
    seq = (await snapshot(front.client))["seq"]
    for _ in range(3):
        await post(front.client, "/api/press", press)
    await until(front.client, seq, "answered", update=press["id"])
    assert [update.id for update in parrot.said].count(press["id"]) == 1


# ── What is told to the pages ────────────────────────────────────────────────────────────────────────────────────


async def test_a_page_that_was_away_is_told_what_it_missed(front: WebFront) -> None:
    await front.say("ada", "private", "before")
    seq = (await snapshot(front.client))["seq"]
    await front.say("ada", "private", "while away")
    await front.say("ben", "group", "@marquee you too")
    seen = await until(front.client, seq, "typing")
    missed = [each["message"].get("text") for each in seen if each["kind"] == "message" and "text" in each["message"]]
    assert missed == ["while away", "@marquee you too"]
    numbers = [each["seq"] for each in seen if each["kind"] != "typing"]
    assert numbers == sorted(set(numbers))
    assert min(numbers) > seq


async def test_every_page_is_told(front: WebFront, url: str) -> None:
    await greeted(front)
    async with opened(url) as second:
        seq = (await snapshot(second))["seq"]
        message = said("hear, hear")
        await post(front.client, "/api/say", message)
        for page in (front.client, second):
            seen = await until(page, seq, "answered", update=message["id"])
            assert [each["message"]["author"] for each in seen if each["kind"] == "message"] == ["ada", "bot"]


async def test_the_typing_sign_stands_while_an_answer_is_made(front: WebFront, parrot: Parrot) -> None:
    await greeted(front)
    seq = (await snapshot(front.client))["seq"]
    message = said("wait")
    await post(front.client, "/api/say", message)
    await until(front.client, seq, "typing", chats=["ada"])
    parrot.go_on.set()
    await until(front.client, seq, "answered", update=message["id"])
    assert (await until(front.client, seq, "typing"))[-1]["chats"] == []


@pytest.mark.parametrize("after", [10**9, 3])
async def test_a_page_from_another_time_starts_afresh(front: WebFront, db: Database, after: int) -> None:
    await greeted(front)
    await web_chat.purge(db, now=NOW + web_chat.EVENTS_KEPT_SECONDS + 1)
    async for event in events(front.client, after):
        assert event["kind"] == "reload"


async def test_unread_is_kept_for_each_person(front: WebFront) -> None:
    await greeted(front)
    await front.say("cleo", "group", "hello")
    last = (await front.shown("ben", "group"))[-1]
    seq = (await snapshot(front.client))["seq"]
    read = said("", "ben", "club") | {"message": int(last.id)}
    assert (await post(front.client, "/api/read", read)).status_code == 202
    seen = await until(front.client, seq, "read", person="ben", chat="club", number=int(last.id))
    assert len(seen) == 1
    # Reading backwards, or again, is no news.
    first = (await front.shown("ben", "group"))[0]
    for message in (last, first):
        assert (await post(front.client, "/api/read", read | {"message": int(message.id)})).status_code == 202
    await front.say("cleo", "group", "@marquee hello")
    found = await snapshot(front.client)
    assert ["ben", "club", int(last.id)] in found["reads"]
    assert not [each for each in found["reads"] if each[0] == "cleo"]


async def test_older_messages_come_in_pages(front: WebFront) -> None:
    for number in range(60):
        await post(front.client, "/api/say", said(f"number {number}", "cleo", "cleo"))
    await front.say("cleo", "private", "silence")
    [room] = [each for each in (await snapshot(front.client))["chats"] if each["id"] == "cleo"]
    assert (len(room["messages"]), room["more"]) == (50, True)
    told = [line for line in await texts(front, "cleo") if line.startswith("cleo: number")]
    assert told == [f"cleo: number {number}" for number in range(60)]
    numbers = [int(message.id) for message in await front.shown("cleo", "private")]
    assert numbers == sorted(set(numbers))


async def test_the_page_speaks_the_persons_language(front: WebFront) -> None:
    await front.say("ada", "private", "deutsch")
    people = {each["id"]: each["language"] for each in (await snapshot(front.client))["people"]}
    assert people == {"ada": "de", "ben": "en", "cleo": "en", "dee": "en", "eli": "en"}


# ── Breaking off ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_after_a_restart_all_is_there_and_what_was_left_is_answered(store: Store, parrot: Parrot) -> None:
    async with serving(WebChat(store, parrot, KEY, title_of)) as url, opened(url) as client:
        await WebFront(client).say("ada", "private", "kept")
    stopped = WebChat(store, parrot, KEY, title_of)
    transport = httpx.ASGITransport(stopped.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        client.cookies.set("marquee_8000", KEY)
        client.headers.update({"host": "127.0.0.1:8000", "origin": "http://127.0.0.1:8000"})
        left = said("left unanswered")
        assert (await post(client, "/api/say", left)).status_code == 202
    async with serving(WebChat(store, parrot, KEY, title_of)) as url, opened(url) as client:
        await until(client, 0, "answered", update=left["id"])
        told = await texts(WebFront(client))
    assert told[-4:] == ["ada: kept", "bot: You said: kept", "ada: left unanswered", "bot: You said: left unanswered"]


async def test_what_is_answered_twice_is_shown_once(store: Store, parrot: Parrot) -> None:
    web = WebChat(store, parrot, KEY, title_of)
    async with serving(web) as url, opened(url) as client:
        front = WebFront(client)
        await front.say("ada", "private", "hello")
        [update] = [each for each in parrot.said if each.text == "hello"]
        before = await front.shown("ada", "private")
        saying = web_chat.Saying("ada", '{"parts": [], "keyboard": []}', "en")
        await web_chat.answered(
            store.db, update_id=update.id, person_id="ada", sayings=[saying], note="{}", now=store.now()
        )
        assert [each.id for each in await front.shown("ada", "private")] == [each.id for each in before]


async def test_what_fails_again_and_again_gets_an_apology(front: WebFront, parrot: Parrot) -> None:
    await greeted(front)
    parrot.broken = True
    await front.say("ada", "private", "crash")
    assert re.search(r"Sorry, .* as [0-9a-f]{6}\.", (await texts(front))[-1])
    parrot.broken = False
    await front.say("ada", "private", "and on")
    assert (await texts(front))[-1] == "bot: You said: and on"


async def test_stop_ends_the_streams_at_once(store: Store, parrot: Parrot) -> None:
    async with asyncio.timeout(5), AsyncExitStack() as page:
        async with serving(WebChat(store, parrot, KEY, title_of)) as url:
            client = await page.enter_async_context(opened(url))
            stream = client.stream("GET", "/api/events", params={"after": 0})
            response = await page.enter_async_context(stream)
            assert response.status_code == 200
        # The page was still listening when the server was told to stop.
        async for _ in response.aiter_bytes():
            pass


# ── Posters ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_poster_is_drawn_once_and_kept_by_the_browser(client: httpx.AsyncClient) -> None:
    first = await client.get("/poster/movie/550.png")
    assert first.headers["content-type"] == "image/png"
    assert "max-age" in first.headers["cache-control"]
    again = await client.get("/poster/movie/550.png", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = await client.get("/poster/tv/7.png")
    assert other.headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize(
    "name",
    [
        "M",
        "8½",
        "Amélie",
        "Nausicaä of the Valley of the Wind",
        "WALL·E",
        "千と千尋の神隠し",
        "",
        "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
        "x" * 500,
        "word " * 100,
        HOSTILE.name,
    ],
)
def test_any_title_makes_a_poster(name: str) -> None:
    from io import BytesIO

    from PIL import Image

    with Image.open(BytesIO(draw(Title(FILM.ref, name, genres=("Drama",))))) as poster:
        assert poster.size == (WIDTH, HEIGHT)
        assert len(poster.convert("RGB").getcolors(WIDTH * HEIGHT) or []) > 1


async def test_no_poster_of_an_unknown_title(store: Store, parrot: Parrot) -> None:
    from bot.core.errors import NoSuchTitle

    async def unknown(ref: TitleRef) -> Title:
        raise NoSuchTitle(ref)

    async with serving(WebChat(store, parrot, KEY, unknown)) as url, opened(url) as client:
        assert (await client.get("/poster/movie/550.png")).status_code == 404


# ── The page's files ─────────────────────────────────────────────────────────────────────────────────────────────

FOLDER = Path(pages.__file__).parent / "page"


def test_every_file_of_the_page_is_in_the_table() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {p.removeprefix("/") or "index.html" for p in pages.PAGES}


def test_every_word_of_the_page_is_marked_and_used() -> None:
    scripts = "\n".join(path.read_text("utf-8") for path in FOLDER.glob("*.js"))
    used = set(re.findall(r'\bword\("(\w+)"', scripts))
    by_name = {"refused", "waiting", "sending"}  # the state of what is on its way
    assert used | by_name == set(WORDS)


async def test_the_files_are_kept_by_the_browser(client: httpx.AsyncClient) -> None:
    first = await client.get("/chat.css")
    again = await client.get("/chat.css", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
