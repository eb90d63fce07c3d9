"""What `check` warns of."""

from __future__ import annotations

from bot import settings
from bot.app import checks


def test_a_bot_that_is_open_to_everybody_is_warned_of() -> None:
    open_to_all = checks._check_open(settings.load({"TMDB_ACCESS_TOKEN": "a-token-of-tmdb"}))
    assert (open_to_all.ok, open_to_all.warns) == (True, True)
    for_some = checks._check_open(settings.load({"MARQUEE_ALLOWED": "12345"}))
    assert (for_some.ok, for_some.warns) == (True, False)
