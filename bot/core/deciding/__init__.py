"""How a group decides on tonight's film: ballots in, an outcome out. Pure: no clock, no chance, nothing kept.

`decide` counts, `words` says how it came out, `rota` says whose turn it is. Where chance has a say it comes from the
outcome's seed, which is shown, so that anybody can do the sums again.
"""

from bot.core.deciding.counting import decide
from bot.core.deciding.model import Ballot, Entry, Method, Outcome, Round, RoundKind, Tie, TieRule

__all__ = ["Ballot", "Entry", "Method", "Outcome", "Round", "RoundKind", "Tie", "TieRule", "decide"]
