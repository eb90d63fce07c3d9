"""A server of the account API that has the five basic calls alone: no accounts of its own making, search or details."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.api.app import create_app
from bot.app import build
from bot.backends.account_api import AccountApi, embedded_client
from bot.backends.fallback import Fallback
from bot.backends.offline import Offline
from bot.core.backend import Service, Services
from bot.core.model import Kind, Rating, Session, TitleRef
from bot.core.store import Store
from bot.frontends.web.people import PEOPLE
from storage.database import Database
from tests.core_front import CoreFront
from tests.talk import Talk

BASIC = re.compile(
    r"/api/account|/api/account/\d+/(?:favorites?|watchlist|rated)(?:/(?:movies|tv))?|/api/(?:movie|tv)/\d+/rating"
)
FIGHT_CLUB = TitleRef(Kind.MOVIE, 550)


class Basic:
    """A server with nothing else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        known = scope["type"] != "http" or BASIC.fullmatch(scope["path"])
        answer = self._app if known else JSONResponse({"error": "There is nothing here."}, 404)
        await answer(scope, receive, send)


@pytest.fixture
async def elsewhere(db: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Offline]:
    """What keeps the lists of that server, in a database of its own."""
    other = await Database.open(tmp_path_factory.mktemp("elsewhere") / "accounts.db")
    yield await Offline.open(other)
    await other.close()


@pytest.fixture
async def ada_there(elsewhere: Offline) -> Session:
    """Ada's account there."""
    return await elsewhere.create("Ada Elsewhere")


@pytest.fixture
async def talk(service: Service, store: Store, elsewhere: Offline) -> AsyncIterator[Talk]:
    async with embedded_client(Basic(create_app(elsewhere))) as client:
        api = AccountApi(client)
        catalogue = Fallback(api, service.catalogue)
        main = Service(
            "https://lists.example",
            api,
            catalogue,
            api,
            embedded=False,
            discovery=service.discovery,
            label="lists.example",
        )
        yield Talk(CoreFront(build(Services(main, service), store, tuple(PEOPLE.values()))))


async def sign_in(talk: Talk, session: Session) -> None:
    await talk.ada.says(f"/login {session.token}")
    await talk.ada.sees("You are signed in as Ada Elsewhere at lists.example.")


async def test_who_wants_something_is_asked_for_the_key(talk: Talk, ada_there: Session) -> None:
    await talk.ada.says("/fav 550")
    await talk.ada.sees_button("Connect lists.example", "Keep it here")
    await talk.ada.presses("Connect lists.example")
    await talk.ada.sees("/login KEY", "I delete your message at once")
    await sign_in(talk, ada_there)
    assert all(ada_there.token not in message.text for message in await talk.ada.messages())


async def test_a_key_that_nobody_knows_is_refused(talk: Talk) -> None:
    await talk.ada.says("/login 0123456789abcdef")
    await talk.ada.sees("lists.example doesn't know that key.")
    assert all("0123456789abcdef" not in message.text for message in await talk.ada.messages())


async def test_a_key_does_not_stay_where_nobody_answers_whose_it_is(
    service: Service, store: Store, elsewhere: Offline, ada_there: Session
) -> None:
    app = create_app(elsewhere)

    async def hanging(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await asyncio.Event().wait()
        await app(scope, receive, send)

    async with embedded_client(hanging) as client:
        api = AccountApi(client)
        url, found = "https://lists.example", service.discovery
        main = Service(url, api, service.catalogue, api, embedded=False, discovery=found, label="lists.example")
        dispatch = build(Services(main, service), store, tuple(PEOPLE.values()))
        dispatch.seconds = 0.1
        talk = Talk(CoreFront(dispatch))
        await talk.ada.says(f"/login {ada_there.token}")
        await talk.ada.sees("isn't answering")
        assert all(ada_there.token not in message.text for message in await talk.ada.messages())


async def test_lists_favourites_and_ratings_work(talk: Talk, ada_there: Session, elsewhere: Offline) -> None:
    await sign_in(talk, ada_there)
    await talk.ada.says("/watch fight club")
    await talk.ada.sees("Fight Club", "Added to your watchlist.")
    await talk.ada.says("/rate 550 8.5")
    await talk.ada.sees("Rated 8.5. That took it off your watchlist.")
    assert (await elsewhere.state(ada_there, FIGHT_CLUB)).rating == Rating(17)
    await talk.ada.presses("Undo")
    state = await elsewhere.state(ada_there, FIGHT_CLUB)
    assert (state.rating, state.watchlist) == (None, True)
    await talk.ada.says("/watchlist")
    await talk.ada.sees("Fight Club")


async def test_what_was_there_before_is_known_from_the_lists(
    talk: Talk, ada_there: Session, elsewhere: Offline
) -> None:
    await elsewhere.rate(ada_there, FIGHT_CLUB, Rating(6))
    await sign_in(talk, ada_there)
    await talk.ada.says("/movie 550")
    await talk.ada.sees("★ 3")
    await talk.ada.says("/rate 550 9")
    await talk.ada.sees("Rated 9 instead of 3.")


async def test_what_cannot_be_known_is_said(talk: Talk, ada_there: Session) -> None:
    await sign_in(talk, ada_there)
    await talk.ada.says("/movie 999999")
    await talk.ada.sees("#999999")
