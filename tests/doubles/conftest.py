"""A Telegram that runs, and a bot that does only what a test says."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.doubles.bot_api import BotApi, Clock, serving
from tests.doubles.bot_api.refusals import Refused


class Caller:
    """Calls methods as a form, like python-telegram-bot; gives the result, or raises what was refused."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def __call__(self, method: str, **parameters: Any) -> Any:
        files = {name: value for name, value in parameters.items() if isinstance(value, bytes)}
        form = {name: _written(value) for name, value in parameters.items() if name not in files}
        response = await self.client.post(method, data=form, files=files or None)
        answer = response.json()
        if not answer["ok"]:
            assert response.status_code == answer["error_code"]
            raise Refused(answer["error_code"], answer["description"], answer.get("parameters"))
        return answer["result"]

    async def refused(self, method: str, **parameters: Any) -> str:
        """What the refusal says. AssertionError if it was done."""
        try:
            result = await self(method, **parameters)
        except Refused as refused:
            return refused.description
        raise AssertionError(f"{method} was done: {result}")


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def double(clock: Clock) -> AsyncIterator[BotApi]:
    async with serving(clock=clock) as running:
        yield running


@pytest.fixture
async def call(double: BotApi) -> AsyncIterator[Caller]:
    async with httpx.AsyncClient(base_url=f"{double.url}/bot{double.token}/", timeout=20) as client:
        yield Caller(client)


def complaint(double: BotApi) -> str:
    """The one thing that the double complains of: what the test has done on purpose."""
    [only] = double.complaints
    double.complaints.clear()
    return only
