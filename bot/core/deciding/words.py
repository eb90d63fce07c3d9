"""What people are told about a method and about an outcome: one sentence for the ballot, a few lines for the result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bot.core.deciding.model import Method, Outcome, Round, RoundKind, Tie, TieRule
from bot.core.phrases import N_, Code, Name, Phrases, Text, plain, t, tn
from bot.core.text import clean

MOST_REASONS: Final = 3
"""Lines on an outcome."""
MOST_NAMED: Final = 4
"""Titles named in a line; of more, the first ones and how many others."""

NAMES: Final = {
    Method.APPROVAL: N_("Most votes"),
    Method.RANKED: N_("Ranking"),
    Method.STAR: N_("Points"),
    Method.DRAW: N_("Draw"),
    Method.TURNS: N_("Taking turns"),
}
EXPLAINED: Final = {
    Method.APPROVAL: N_("Press every film you would watch; the one with most votes wins."),
    Method.RANKED: N_(
        "Put the films in your order; whichever is first for fewest of you drops out and its votes move on, until one "
        "has more than half."
    ),
    Method.STAR: N_("Give each film 0 to 5 points; of the two with most points, the one that more of you prefer wins."),
    Method.DRAW: N_("One is drawn: each film has one chance, and one more for everybody who wants it."),
    Method.TURNS: N_("Whoever’s turn it is picks the film."),
}

_WON_TIE: Final = {
    TieRule.POINTS: N_("{titles} were level with {total}; {title} has more points."),
    TieRule.FIVES: N_("{titles} were level with {total}; more of you gave {title} all 5 points."),
    TieRule.APPROVALS: N_("{titles} were level with {total}; more of you voted for {title} at all."),
    TieRule.FEWER_VETOES: N_("{titles} were level with {total}; fewer of you are against {title}."),
    TieRule.FEWER_SEEN: N_("{titles} were level with {total}; fewer of you have seen {title}."),
    TieRule.WAITED: N_("{titles} were level with {total}; whoever proposed {title} has waited longest."),
    TieRule.DRAW: N_("{titles} were level with {total}; {title} was drawn, with seed {seed}."),
}
_LOST_TIE: Final = {
    TieRule.APPROVALS: N_("{titles} were level with {total}; {title} dropped out, as fewer of you ranked it at all."),
    TieRule.FEWER_VETOES: N_("{titles} were level with {total}; {title} dropped out, as more of you are against it."),
    TieRule.FEWER_SEEN: N_("{titles} were level with {total}; {title} dropped out, as more of you have seen it."),
    TieRule.WAITED: N_(
        "{titles} were level with {total}; {title} dropped out, as whoever proposed it has waited least."
    ),
    TieRule.DRAW: N_("{titles} were level with {total}; {title} was drawn to drop out, with seed {seed}."),
}


def method_name(method: Method, words: Phrases) -> str:
    """What a method is called."""
    return words.text(Text(NAMES[method]))


def explained(method: Method, words: Phrases) -> str:
    """How a method works, in a sentence for whoever is about to use it."""
    return words.text(Text(EXPLAINED[method]))


def why(outcome: Outcome, titles: Mapping[int, str], words: Phrases) -> list[str]:
    """Why it has won, in one to three lines; none where there was no title. `titles`: names, by number."""
    return [words.text(line) for line in reasons(outcome, titles)]


def reasons(outcome: Outcome, titles: Mapping[int, str]) -> list[Text]:
    """The lines of `why`, for each reader's language."""
    if not outcome.order:
        return []
    lines = [t("All films had too many vetoes; those with the fewest stayed.")] if outcome.spared else []
    lines.extend(_won(outcome, titles))
    ties = [_tie(tie, outcome, titles) for tie in outcome.ties]
    # The tie that mattered last is nearest to the outcome.
    room = max(1, MOST_REASONS - len(lines))
    return [*lines[: MOST_REASONS - 1], *ties[-room:]] if ties else lines


def _won(outcome: Outcome, titles: Mapping[int, str]) -> Iterator[Text]:
    """By what the first of the order has won, apart from ties."""
    winner, last = outcome.order[0], outcome.rounds[-1]
    title, votes = Name(titles[winner]), round(last.totals[winner])
    match last.kind:
        case RoundKind.PICKED:
            yield t("{title} was picked by the one whose turn it was.", title=title)
        case RoundKind.WANTED:
            yield t("None of the films that are left has a vote.") if outcome.voters else t("Nobody has voted.")
            if votes:
                yield tn("{count} of you wants {title}.", "{count} of you want {title}.", votes, title=title)
        case RoundKind.DRAW | RoundKind.CHANCES:
            chances = outcome.rounds[0].totals
            numbers = {"count": round(chances[winner]), "of": round(sum(chances.values()))}
            seed = Code(outcome.seed)
            yield t("Drawn with seed {seed}: {title} had {count} of {of} chances.", seed=seed, title=title, **numbers)
        case RoundKind.SCORES:
            yield tn("{title} has {count} point.", "{title} has {count} points.", votes, title=title)
        case RoundKind.RUNOFF:
            yield _run_off(outcome, titles)
        case RoundKind.COUNT if outcome.method is Method.RANKED:
            numbers = {"count": votes, "of": round(sum(last.totals.values())), "round": len(outcome.rounds)}
            if len(outcome.rounds) == 1:
                yield t("{title} was first for {count} of {of}.", title=title, **numbers)
            else:
                yield t("{title} won the run-off in round {round} with {count} of {of}.", title=title, **numbers)
        case RoundKind.COUNT:
            yield tn(
                "{count} of {voters} would watch {title}.",
                "{count} of {voters} would watch {title}.",
                votes,
                voters=outcome.voters,
                title=title,
            )


def _run_off(outcome: Outcome, titles: Mapping[int, str]) -> Text:
    """STAR's two rounds."""
    points, votes = outcome.rounds[0].totals, outcome.rounds[-1].totals
    winner = outcome.order[0]
    other = next(number for number in votes if number != winner)
    said = {
        "title": Name(titles[winner]),
        "points": round(points[winner]),
        "other": Name(titles[other]),
        "others_points": round(points[other]),
        "votes": round(votes[winner]),
        "others_votes": round(votes[other]),
    }
    return t(
        "Most points: {title} {points}, {other} {others_points}. In the run-off: {title} {votes}, {other} "
        "{others_votes}.",
        **said,
    )


def _tie(tie: Tie, outcome: Outcome, titles: Mapping[int, str]) -> Text:
    lost = any(one.dropped == tie.chosen for one in outcome.rounds)
    return Text(
        (_LOST_TIE if lost else _WON_TIE)[tie.rule],
        {
            "titles": _named(tie, titles),
            "total": round(_level_in(tie, outcome).totals[tie.chosen]),
            "title": Name(titles[tie.chosen]),
            "seed": Code(outcome.seed),
        },
    )


def _level_in(tie: Tie, outcome: Outcome) -> Round:
    """The last round in which those of the tie had the same."""
    return next(
        one
        for one in reversed(outcome.rounds)
        if one.totals.keys() >= set(tie.among) and len({one.totals[number] for number in tie.among}) == 1
    )


def _named(tie: Tie, titles: Mapping[int, str]) -> Text | tuple[str, ...]:
    """The titles of a tie: the chosen one first, and not more than fit a line."""
    among = [tie.chosen, *(number for number in tie.among if number != tie.chosen)]
    names = tuple(clean(titles[number], 64) for number in among)
    if len(names) <= MOST_NAMED:
        return names
    shown = MOST_NAMED - 1
    more = len(names) - shown
    return tn("{titles} and {count} more", "{titles} and {count} more", more, titles=plain(", ".join(names[:shown])))
