"""Film nights where something comes between: over the core, whose clock is ours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.core import deadlines
from storage import deadlines as due_rows
from storage import nights
from tests.conversations.test_night_times import MINUTE, Night, night
from tests.conversations.test_nights import vote_on

__all__ = ["night"]


class Between:
    """Does something once, just before a function of storage is called the next time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, what: Callable[[], Awaitable[None]]):
        self._called = getattr(module, name)
        self._what: Callable[[], Awaitable[None]] | None = what
        monkeypatch.setattr(module, name, self)

    async def __call__(self, *args: Any, **kwargs: Any) -> Any:
        what, self._what = self._what, None
        if what is not None:
            await what()
        return await self._called(*args, **kwargs)


async def test_a_vote_that_is_prolonged_as_its_time_is_up_goes_on(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    await vote_on(night.talk)
    Between(monkeypatch, nights, "move", lambda: night.talk.ada.in_group.presses("30 minutes more"))
    await night.passes(30 * MINUTE)
    await night.talk.ben.in_group.comes_to_see("0 of 5 have voted.", "at the latest")
    await night.passes(30 * MINUTE)
    await night.talk.ben.in_group.comes_to_see("Tonight: ")


async def test_too_few_votes_are_no_end_where_it_is_prolonged_just_then(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    await vote_on(night.talk, ("Quorum", "all of you"))
    Between(monkeypatch, nights, "wait", lambda: night.talk.ada.in_group.presses("30 minutes more"))
    await night.passes(30 * MINUTE)
    await night.talk.ben.in_group.comes_to_see("0 of 5 have voted.", "at the latest")


async def test_nobody_is_reminded_of_an_hour_that_was_put_off_just_then(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    await vote_on(night.talk)
    Between(monkeypatch, due_rows, "nudged", lambda: night.talk.ada.in_group.presses("30 minutes more"))
    await night.passes(23 * MINUTE)
    assert not [one for one in await night.talk.ben.messages() if "yours is missing" in one.text]


async def test_a_night_that_cannot_be_ended_keeps_no_other_from_it(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    await vote_on(night.talk)

    async def broken() -> None:
        raise KeyError

    Between(monkeypatch, nights, "move", broken)
    assert await night.passes(30 * MINUTE) == deadlines.AGAIN_SECONDS
    await night.passes(5)
    await night.talk.ben.in_group.comes_to_see("Tonight: ")
