"""The account that one acts on: whose it is, where it is kept, what is on it, and which chats use it."""

from __future__ import annotations

from typing import Final

from babel import Locale

from bot.core.desk import Desk
from bot.core.dispatch import Dispatch
from bot.core.intents import ShowAccount, ShowList, SignIn, SignOut
from bot.core.model import Account, Kind, Section
from bot.core.phrases import Name, Text, t
from bot.core.reply import Button, Notice, Place, Reply, Row
from bot.core.sessions import SignedIn
from storage import sessions

GRAVATAR: Final = "https://www.gravatar.com/avatar"
"""https://docs.gravatar.com/rest/hash/; the services say the hash, never the e-mail address."""


async def show_account(asked: ShowAccount, desk: Desk) -> Reply:
    """The account's name, country and language, the counts of its lists, and the chats that are linked to it."""
    mine = await desk.sessions.own()
    account = await mine.service.accounts.account(mine.session.token)
    counts = await desk.counts(mine)
    lines = [
        t("{name} ({username})", name=Name(account.name), username=account.username),
        _kept_where(mine),
        *_about(account, mine, desk),
        t(
            "Watchlist: {watchlist}. Favourites: {favorites}. Rated: {rated}.",
            watchlist=_of(counts, Section.WATCHLIST),
            favorites=_of(counts, Section.FAVORITES),
            rated=_of(counts, Section.RATED),
        ),
    ]
    if linked := await _linked(mine, desk):
        lines.append(t("Linked chats: {chats}", chats=linked))
    picture = None
    if account.gravatar and not mine.service.embedded:
        picture = f"{GRAVATAR}/{account.gravatar}?s=240&d=identicon"
    return Reply((Notice(tuple(lines), picture),), _buttons(mine, desk), Place.PRIVATE)


def _kept_where(mine: SignedIn) -> Text:
    if mine.service.embedded:
        return t("Your lists are kept by this bot, for you alone.")
    return t("Your lists are kept by {service}.", service=mine.service.label)


def _about(account: Account, mine: SignedIn, desk: Desk) -> tuple[Text, ...]:
    """Country and language; an embedded account has none to speak of."""
    if mine.service.embedded:
        return ()
    locale = Locale.parse(desk.caller.language)
    country = locale.territories.get(account.country, account.country)
    language = locale.languages.get(account.language, account.language)
    return (t("Country: {country}. Language: {language}.", country=country, language=language),)


def _of(counts: dict[tuple[Section, Kind], int], section: Section) -> int:
    return sum(counts[section, kind] for kind in Kind)


async def _linked(mine: SignedIn, desk: Desk) -> tuple[str, ...]:
    """The other chats that act on the same account."""
    here = (desk.caller.person.platform, mine.chat_id)
    rows = await sessions.linked(desk.store.db, service=mine.service.name, account_id=mine.session.account_id)
    return tuple(row.name or row.platform for row in rows if (row.platform, row.chat_id) != here)


def _buttons(mine: SignedIn, desk: Desk) -> tuple[Row, ...]:
    lists = (
        Button(t("Watchlist"), ShowList(Section.WATCHLIST)),
        Button(t("Favourites"), ShowList(Section.FAVORITES)),
        Button(t("Rated"), ShowList(Section.RATED)),
    )
    out = Button(t("Sign out"), SignOut())
    if mine.service is desk.services.main:
        return (lists, (out,))
    return (lists, (Button(t("Connect {service}", service=desk.services.main.label), SignIn()), out))


def install(dispatch: Dispatch) -> None:
    """Answer this."""
    dispatch.add(ShowAccount, show_account)
