"""The web chat as a front for conversations: its real HTTP interface, on a free port of this machine."""

from __future__ import annotations

import asyncio
import json
import socket
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import uvicorn

from bot.frontends.web.app import WebChat
from tests.talk import Shown

KEY = "a-key-for-tests"
STOP_SECONDS = 10


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving(web: WebChat, port: int = 0) -> AsyncIterator[str]:
    """Serve the web chat and have it answer; gives its address, without the key."""
    # With its protocol named, asyncio sets TCP_NODELAY; without it every answer waits 40 ms for an acknowledgement.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        config = uvicorn.Config(web.app, lifespan="off", log_config=None, access_log=False, ws="none")
        server = _Server(config)

        async def run() -> None:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(web.run())
                tasks.create_task(server.serve([listener]))

        running = asyncio.get_running_loop().create_task(run())
        web.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            yield web.url
        finally:
            web.stop()
            server.should_exit = True
            # Of a test that failed, an answer may still be on its way, for ever.
            await asyncio.wait_for(running, STOP_SECONDS)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser, as it were: with the cookie, and the Origin that the page's own requests have."""
    async with httpx.AsyncClient(base_url=url, timeout=20) as client:
        assert (await client.get("/", params={"key": KEY})).status_code == 303
        client.headers["origin"] = url
        yield client


async def events(client: httpx.AsyncClient, after: int) -> AsyncIterator[dict[str, Any]]:
    """What happens after that event, with its number as `seq`."""
    seq = after
    async with client.stream("GET", "/api/events", params={"after": after}) as response:
        assert response.status_code == 200, response.status_code
        async for line in response.aiter_lines():
            if line.startswith("id: "):
                seq = int(line.removeprefix("id: "))
            if line.startswith("data: "):
                yield {"seq": seq, **json.loads(line.removeprefix("data: "))}


async def snapshot(client: httpx.AsyncClient) -> dict[str, Any]:
    """All that the page shows at first."""
    response = await client.get("/api/snapshot")
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


async def post(client: httpx.AsyncClient, path: str, sent: dict[str, Any]) -> httpx.Response:
    """Send it as a browser does, which escapes what is no proper text."""
    return await client.post(path, content=json.dumps(sent), headers={"content-type": "application/json"})


class WebFront:
    """Says and presses as the page does, and reads what the page gets."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self._toasts: dict[str, str | None] = {}

    async def say(self, person: str, chat: str, text: str) -> None:
        await self._send("/api/say", person, chat, text=text)

    async def press(self, person: str, chat: str, message: str, label: str) -> None:
        [found] = [each for each in await self._messages(person, chat) if each["number"] == int(message)]
        [data, *_] = [b["data"] for row in found["keyboard"] for b in row if b["label"] == label and "data" in b]
        await self._send("/api/press", person, chat, message=int(message), data=data)

    async def link(self, person: str, chat: str, message: str, label: str) -> str:
        [found] = [each for each in await self._messages(person, chat) if each["number"] == int(message)]
        [url] = [b["url"] for row in found["keyboard"] for b in row if b["label"] == label]
        if url.startswith("/go/"):
            url = (await self.client.get(url)).headers["location"]
        return str(url)

    async def come_back(self, person: str, url: str) -> None:
        back = urlsplit(url)
        assert f"{back.scheme}://{back.netloc}" == str(self.client.base_url).rstrip("/")
        assert (await self.client.get(url, headers={"cookie": ""})).status_code == 200
        await self._send("/api/back", person, "private", payload=parse_qs(back.query)["start"][0])

    async def shown(self, person: str, chat: str) -> list[Shown]:
        return [_shown(message) for message in await self._messages(person, chat)]

    async def until(self, person: str, chat: str, true: Callable[[list[Shown]], bool]) -> None:
        seq = (await snapshot(self.client))["seq"]
        async with asyncio.timeout(10):
            if true(await self.shown(person, chat)):
                return
            async for _ in events(self.client, seq):
                if true(await self.shown(person, chat)):
                    return

    async def toast(self, person: str) -> str | None:
        return self._toasts.get(person)

    async def _send(self, path: str, person: str, chat: str, **more: object) -> None:
        seq = (await snapshot(self.client))["seq"]
        sent = {"id": str(uuid.uuid4()), "person": person, "chat": _chat(person, chat), **more}
        response = await post(self.client, path, sent)
        assert response.status_code == 202, response.text
        async with asyncio.timeout(20):
            async for event in events(self.client, seq):
                if event["kind"] == "answered" and event["update"] == sent["id"]:
                    self._toasts[person] = event.get("toast")
                    return

    async def _messages(self, person: str, chat: str) -> list[dict[str, Any]]:
        [room] = [each for each in (await snapshot(self.client))["chats"] if each["id"] == _chat(person, chat)]
        messages: list[dict[str, Any]] = room["messages"]
        while room["more"]:
            asked = {"person": person, "chat": room["id"], "before": messages[0]["number"]}
            room |= (await self.client.get("/api/older", params=asked)).json()
            messages = room["messages"] + messages
        return messages


def _chat(person: str, chat: str) -> str:
    return "club" if chat == "group" else person


def _shown(message: dict[str, Any]) -> Shown:
    text = message["text"] if "text" in message else "\n".join(_text(part) for part in message["parts"])
    labels = tuple(tuple(button["label"] for button in row) for row in message.get("keyboard", ()))
    return Shown(str(message["number"]), message["author"], text, labels)


def _text(part: dict[str, Any]) -> str:
    """A part as somebody reads it, from the same fields that the page shows."""
    match part["type"]:
        case "notice":
            return "\n".join(_line(line) for line in part["lines"])
        case "card":
            people = [each["names"] for each in part["people"]]
            state = " · ".join(each["words"] for each in part["state"] or ())
            change = _line(part["change"] or [])
            score, more = _line(part["score"] or []), [_line(each["line"]) for each in part["more"]]
            facts = [_named(part), part["original"] or "", *part["facts"], *part["genres"], score, *people]
            facts += [part["overview"] or "", *more, state, change]
            return "\n".join(filter(None, facts))
        case "list":
            rows = [_row(entry) for entry in part["entries"]]
            return "\n".join([_line(part["heading"]), *rows, part["range"] or ""])
        case "pad":
            return f"{_line(part['heading'])}\n{_line(part['hint'])}"
        case "guide":
            usages = [command["usage"] for group in part["groups"] for command in group["commands"]]
            return "\n".join([_line(part["intro"]), *usages])
        case "tally":
            return "\n".join(
                line
                for one in part["rounds"]
                for line in (one["heading"], *(f"{bar['label']} {bar['total']}" for bar in one["bars"]))
            )
        case other:
            raise AssertionError(f"what is a {other}?")


def _line(spans: list[dict[str, Any]]) -> str:
    return "".join(span["words"] for span in spans)


def _named(shown: dict[str, Any]) -> str:
    return f"{shown['name']} ({shown['year']})" if shown["year"] else str(shown["name"])


def _row(entry: dict[str, Any]) -> str:
    rating = f" ★ {entry['rating']}" if entry["rating"] else ""
    note = f" · {entry['note']}" if entry["note"] else ""
    return f"{'✓ ' if entry['marked'] else ''}{entry['number']}. {_named(entry)}{rating}{note}"
