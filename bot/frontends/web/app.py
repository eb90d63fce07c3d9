"""The web chat's server: takes what the page sends, has it answered, keeps it, and tells every open page."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from bot.core import grammar
from bot.core.boards import Boards, nothing_happens, stub
from bot.core.chat import Chat, ChatKind, Update
from bot.core.dispatch import Answer
from bot.core.intake import Intake
from bot.core.intents import Intent
from bot.core.model import Title, TitleRef
from bot.core.phrases import LANGUAGES
from bot.core.posters import Posters
from bot.core.reply import Place, Reply
from bot.core.store import Store
from bot.core.text import clean
from bot.frontends.web import back, receive, render, words
from bot.frontends.web.guard import Guard, browser_language, browser_region, refusal
from bot.frontends.web.links import Links
from bot.frontends.web.live import Live, message
from bot.frontends.web.pages import PAGES, page
from bot.frontends.web.people import BOT_NAME, PEOPLE, PLATFORM, ROOMS
from bot.frontends.web.posters import Drawn
from bot.frontends.web.receive import Sent, Unreadable
from bot.frontends.web.render import Addresses
from storage import web_chat
from storage.boards import BoardRow
from storage.errors import StorageError
from storage.web_chat import BOT, Saying

SHOWN: Final = 50
"""Messages of a chat that the page has at first, and gets at a time when it looks further back."""

BOARD_SECONDS: Final = 0.5
"""Between two edits of a message that is kept up to date: here nobody minds many."""

_log: Final = logging.getLogger(__name__)


class WebChat:
    """The local web chat. `app` is served on 127.0.0.1; `run` answers what comes, until `stop`.

    `title` looks a title up for its poster, and may raise MarqueeError. `pictures`: the hosts of other ones.
    `happen` says what comes of what nobody asked for. `url` is where it is served, once that is known.
    """

    def __init__(
        self,
        store: Store,
        answer: Callable[[Update], Awaitable[Answer]],
        key: str,
        title: Callable[[TitleRef], Awaitable[Title]],
        posters: Posters | None = None,
        pictures: str = "",
        happen: Callable[[Intent, Chat, str], Awaitable[Answer]] = nothing_happens,
    ) -> None:
        self.url = ""
        self._db = store.db
        self._now = store.now
        self._live = Live(store.db)
        self._answer = answer
        self._drawn = Drawn(title)
        self._links = Links()
        self._poster = posters.url if posters and pictures else lambda _title: None
        self._intake = Intake(PLATFORM, store, self._handle, self._give_up)
        self._boards = Boards(PLATFORM, store, happen, self._edit, BOARD_SECONDS)
        routes = [
            *(Route(path, page) for path in PAGES),
            Route("/poster/{kind}/{file}", self._drawn.serve),
            Route("/api/snapshot", self._snapshot),
            Route("/api/events", self._events),
            Route("/api/older", self._older),
            Route("/api/say", self._say, methods=["POST"]),
            Route("/api/press", self._press, methods=["POST"]),
            Route("/api/back", self._back, methods=["POST"]),
            Route("/go/{id}", self._links.go),
            Route(back.PATH, back.back),
            Route("/api/read", self._read, methods=["POST"]),
        ]
        app = Starlette(
            routes=routes,
            exception_handlers={Unreadable: _refused, HTTPException: _not_found, StorageError: _not_kept},
        )
        app.router.redirect_slashes = False
        self.app: ASGIApp = Guard(app, key, back.OPEN, pictures)

    async def run(self) -> None:
        """Answer what an earlier run left and what comes, until `stop`; returns when the last answer is kept."""
        await web_chat.purge(self._db, now=self._now())
        async with asyncio.TaskGroup() as tasks:
            answering = tasks.create_task(self._intake.run())
            keeping_up = tasks.create_task(self._boards.run())
            await self._say_hello()
            await answering
            keeping_up.cancel()

    def stop(self) -> None:
        """Begin nothing more, and end the event streams so that the server can close."""
        self._live.stop()
        self._intake.finish()

    async def _say_hello(self) -> None:
        """Once for ever: everybody has said /start alone, and Ada in the group, so that no chat is empty."""
        for room in ROOMS.values():
            person_id = room.members[0]
            update_id = f"hello:{room.chat.id}:{person_id}"
            if not await web_chat.has_said(self._db, update_id=update_id):
                await self._keep_said(Sent(update_id, person_id, room, {}), "/start", {"language": "en"})

    # ── What the core asks ───────────────────────────────────────────────────────────────────────────────────────

    def address(self, payload: str) -> str | None:
        """The address of the page that comes back with that payload."""
        return f"{self.url}{back.PATH}?start={payload}"

    def chat_now(self, chat_id: str) -> str:
        """The same: chats here stay what they are."""
        return chat_id

    def former_ids(self, chat_id: str) -> tuple[str, ...]:  # noqa: ARG002 - as every platform's
        """None: a room keeps its id."""
        return ()

    async def deliver(self, answer: Answer) -> None:
        """Say what nobody has asked for, and bring boards up to date."""
        for post in answer.reply.elsewhere:
            saying = self._saying(post.chat_id, post.reply, post.language)
            await web_chat.say(self._db, saying, cause=f"post:{secrets.token_hex(8)}", now=self._now())
        self._live.ring()
        await self._boards.follow(answer.reply)

    async def is_admin(self, chat_id: str, person_id: str) -> bool:
        """The first who was there runs the group."""
        room = ROOMS.get(chat_id)
        return room is not None and room.members[0] == person_id

    # ── What the page sends ──────────────────────────────────────────────────────────────────────────────────────

    async def _say(self, request: Request) -> Response:
        sent = await receive.sent(request)
        kept = await self._keep_said(sent, sent.text(), _spoken(request))
        return JSONResponse({"kept": kept}, 202)

    async def _keep_said(self, sent: Sent, text: str, spoken: dict[str, str]) -> bool:
        payload = {"person": sent.person_id, "chat": sent.room.chat.id, "text": text, **spoken}
        shown = web_chat.bubble(
            chat_id=sent.room.chat.id,
            author=sent.person_id,
            update_id=sent.id,
            body=json.dumps({"text": text}),
            now=self._now(),
        )
        kept = await self._intake.keep(sent.id, sent.line, json.dumps(payload), shown)
        self._live.ring()
        return kept

    async def _press(self, request: Request) -> Response:
        sent = await receive.sent(request)
        number, data = sent.message(), sent.button()
        pressed = await web_chat.message(self._db, number=number)
        if pressed is None or pressed.chat_id != sent.room.chat.id or pressed.author != BOT:
            raise Unreadable(404, words.NO_SUCH_MESSAGE)
        rows = json.loads(pressed.body)["keyboard"]
        button = next((button for row in rows for button in row if button.get("data") == data), None)
        payload = {
            "person": sent.person_id,
            # A private button goes on in the person's private chat, so there is nothing there to replace.
            "chat": sent.person_id if button and button.get("private") else sent.room.chat.id,
            "message": None if button and button.get("private") else number,
            # What the message doesn't have is marked as of no version: the answer is that it is out of date.
            "data": data if button else f"0{clean(data)[1:]}",
            **_spoken(request),
        }
        kept = await self._intake.keep(sent.id, sent.line, json.dumps(payload))
        return JSONResponse({"kept": kept}, 202)

    async def _back(self, request: Request) -> Response:
        """Somebody has come back to the page from elsewhere, with what `/start` is to be said with."""
        sent = await receive.sent(request)
        payload = {
            "person": sent.person_id,
            "chat": sent.person_id,
            "text": f"/start {sent.payload()}",
            **_spoken(request),
        }
        kept = await self._intake.keep(sent.id, sent.line, json.dumps(payload))
        return JSONResponse({"kept": kept}, 202)

    async def _read(self, request: Request) -> Response:
        sent = await receive.sent(request)
        read = await web_chat.message(self._db, number=sent.message())
        if read is None or read.chat_id != sent.room.chat.id:
            raise Unreadable(404, words.NO_SUCH_MESSAGE)
        await web_chat.read(
            self._db, person_id=sent.person_id, chat_id=sent.room.chat.id, number=read.number, now=self._now()
        )
        self._live.ring()
        return JSONResponse({}, 202)

    # ── Answering ────────────────────────────────────────────────────────────────────────────────────────────────

    async def _handle(self, update_id: str, payload: str) -> None:
        done: dict[str, Any] = json.loads(payload)
        person, room = PEOPLE[done["person"]], ROOMS[done["chat"]]
        update = Update(
            update_id,
            person,
            room.chat,
            done.get("data", ""),
            pressed="data" in done,
            private_chat_id=person.id,
            language=done["language"],
            region=done.get("region", ""),
        )
        if not update.pressed:
            meant = receive.meant(done["text"], room)
            update = replace(update, text=meant.text, addressed=meant.addressed)
            if not meant.ours:
                await self._keep_answer(update_id, person.id, (), {})
                return
        shown = not update.pressed and (update.addressed or grammar.is_command(update.text))
        with self._live.typing(room.chat.id) if shown else nullcontext():
            answer = await self._answer(update)
            sayings, note = self._shown(answer, update, done.get("message"))
            instead = render.unsaid(answer.language) if answer.reply.unsay else None
            numbers = await self._keep_answer(update_id, person.id, sayings, note, instead)
            await self._follow(answer, update, numbers)

    async def _keep_answer(
        self,
        update_id: str,
        person_id: str,
        sayings: Sequence[Saying],
        note: render.Json,
        instead: render.Json | None = None,
    ) -> list[int]:
        numbers = await web_chat.answered(
            self._db,
            update_id=update_id,
            person_id=person_id,
            sayings=sayings,
            note=json.dumps(note),
            now=self._now(),
            instead=None if instead is None else json.dumps(instead),
        )
        self._live.ring()
        return numbers

    async def _follow(self, answer: Answer, update: Update, numbers: list[int]) -> None:
        """Keep the board up to date that was said just now, and those that show something else now."""
        reply = answer.reply
        if reply.board is not None and numbers:
            before = await self._boards.shown(
                reply.board, chat_id=update.chat.id, topic="", message=str(numbers[-1]), language=answer.language
            )
            if before is not None:
                await self._edit(before, Answer(stub(), before.language))
        await self._boards.follow(reply)

    async def _edit(self, row: BoardRow, answer: Answer) -> str:
        """Put the answer in the place of a board's message; gives the number of that."""
        saying = self._saying(row.chat_id, answer.reply, answer.language, int(row.message))
        number = await web_chat.say(self._db, saying, cause=f"board:{row.board}", now=self._now())
        self._live.ring()
        return str(number)

    def _shown(self, answer: Answer, update: Update, pressed: int | None) -> tuple[list[Saying], render.Json]:
        """What to say where, and what to tell the presser beside it."""
        reply, language = answer.reply, answer.language
        note = render.note(reply, language)
        sayings = [self._saying(post.chat_id, post.reply, post.language) for post in reply.elsewhere]
        if reply.place is Place.TOAST or not reply.parts:
            return sayings, note
        chat_id = update.person.id if reply.place is Place.PRIVATE else update.chat.id
        if chat_id != update.chat.id:
            note["chat"] = chat_id
        replaces = pressed if reply.place is Place.HERE else None
        return [*sayings, self._saying(chat_id, reply, language, replaces)], note

    def _saying(self, chat_id: str, reply: Reply, language: str, replaces: int | None = None) -> Saying:
        addresses = Addresses(lambda url: self._links.hide(url, chat_id), self._poster)
        return Saying(chat_id, json.dumps(render.message(reply, language, addresses)), language, replaces)

    async def _give_up(self, update_id: str, payload: str, reference: str) -> None:
        done = json.loads(payload)
        language = (await web_chat.languages(self._db)).get(done["chat"], "en")
        saying = Saying(done["chat"], json.dumps(render.apology(reference, language)), language)
        await self._keep_answer(update_id, done["person"], (saying,), {})

    # ── Telling the pages ────────────────────────────────────────────────────────────────────────────────────────

    async def _snapshot(self, _request: Request) -> Response:
        """All that a page shows at first. Events after `seq` bring it up to date, whatever comes meanwhile."""
        _, seq = await web_chat.kept_events(self._db)
        languages = await web_chat.languages(self._db)
        chats = [
            {
                "id": room.chat.id,
                "private": room.chat.kind is ChatKind.PRIVATE,
                "name": room.name,
                "members": room.members,
                **await self._last_messages(room.chat.id),
            }
            for room in ROOMS.values()
        ]
        people = [
            {"id": person.id, "name": person.name, "language": languages.get(person.id, "en")}
            for person in PEOPLE.values()
        ]
        snapshot = {
            "seq": seq,
            "bot": BOT_NAME,
            "people": people,
            "chats": chats,
            "reads": await web_chat.reads(self._db),
            "words": [render.page_words(language) for language in LANGUAGES],
        }
        return JSONResponse(snapshot, headers={"cache-control": "no-store"})

    async def _older(self, request: Request) -> Response:
        """The messages of a chat before the one that the page has first."""
        _, room = receive.at(request.query_params.get("person"), request.query_params.get("chat"))
        found = await self._last_messages(room.chat.id, _number(request.query_params.get("before")))
        return JSONResponse(found, headers={"cache-control": "no-store"})

    async def _last_messages(self, chat_id: str, before: int | None = None) -> render.Json:
        rows = await web_chat.messages(self._db, chat_id=chat_id, before=before, limit=SHOWN + 1)
        return {"messages": [message(row) for row in rows[-SHOWN:]], "more": len(rows) > SHOWN}

    async def _events(self, request: Request) -> Response:
        """What happens from now on, or after the event that the page has seen last."""
        seen = request.headers.get("last-event-id") or request.query_params.get("after")
        after = None if seen is None else _number(seen)
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(self._live.told(after), headers=headers, media_type="text/event-stream")


def _spoken(request: Request) -> dict[str, str]:
    """Which language the browser would rather read, and the country in that, as an update is kept with."""
    return {"language": browser_language(request.headers), "region": browser_region(request.headers)}


def _number(given: str | None) -> int:
    """A number that the page sends in an address."""
    if given is None or not re.fullmatch(r"[0-9]{1,15}", given):
        raise Unreadable(400, words.UNREADABLE)
    return int(given)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Unreadable)  # noqa: S101 - for the type checker
    return refusal(error.status, error.sentence, request.headers, **error.values)


async def _not_found(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return refusal(status, words.NOT_FOUND, request.headers)


async def _not_kept(request: Request, error: Exception) -> Response:
    _log.error("The web chat could not keep something: %s", error)
    return refusal(503, words.NOT_KEPT, request.headers)
