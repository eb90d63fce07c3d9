"""Film nights: one message in a group that goes from who is in to what was watched.

`steps` takes it on, `candidates` finds the films, `voting` takes the votes, `closing` ends it, `board` is the message,
`options` sets what it goes by, `past` tells of earlier ones.
"""

from __future__ import annotations

from bot.core.dispatch import Dispatch
from bot.core.intents import (
    KeepOptions,
    LeftGroup,
    Night,
    NightDue,
    NightOptions,
    Rank,
    Score,
    ShowBallot,
    ShowNight,
    ShowNights,
    Until,
    Veto,
    Vote,
)
from bot.features.nights import closing, options, past, steps, voting


def install(dispatch: Dispatch) -> None:
    """Answer these."""
    dispatch.add(Night, steps.night)
    dispatch.add(Until, steps.until)
    dispatch.add(NightOptions, options.options)
    dispatch.add(KeepOptions, options.keep)
    dispatch.add(Vote, voting.vote)
    dispatch.add(ShowBallot, voting.ballot)
    dispatch.add(Rank, voting.rank)
    dispatch.add(Score, voting.score)
    dispatch.add(Veto, voting.veto)
    dispatch.add(NightDue, closing.due)
    dispatch.add(LeftGroup, steps.left)
    dispatch.add(ShowNights, past.past)
    dispatch.add(ShowNight, past.one)
