"""Whose account it is: signing in and out, and showing it."""

from __future__ import annotations

from bot.core.desk import Desk
from bot.core.dispatch import Dispatch
from bot.core.intents import Retype, ShowAccount, ShowList, SignIn, SignOut
from bot.core.model import Section
from bot.core.phrases import Name, t
from bot.core.reply import Button, Place, Reply, Row, notice
from storage import sessions


async def sign_in(asked: SignIn, desk: Desk) -> Reply:
    """Have an account to act on, then go on with what was wanted."""
    then = Retype(asked.then) if asked.then else None
    if desk.visit.signed_out_at is not None and desk.service.embedded:
        await sessions.sign_in_again(
            desk.store.db, service=desk.service.name, platform=desk.caller.person.platform, chat_id=desk.home
        )
        await desk.look_again()
    elif not desk.has_account and not desk.service.embedded:
        await desk.create_account()
    account = await desk.service.accounts.account((await desk.session()).token)
    welcome = t("You are signed in as {name}.", name=Name(account.name))
    if then is not None:
        return Reply(notice(welcome).parts, place=Place.PRIVATE, goes_on=then)
    lines = (
        (welcome, t("Your lists are kept by this bot; there is nothing more to do."))
        if desk.service.embedded
        else (welcome,)
    )
    return notice(*lines, buttons=_lists(), place=Place.PRIVATE)


async def show_account(asked: ShowAccount, desk: Desk) -> Reply:
    """The account's names, and where it is kept."""
    account = await desk.service.accounts.account((await desk.session()).token)
    kept = (
        t("Your lists are kept by this bot, for you alone.")
        if desk.service.embedded
        else t("Your lists are kept by {service}.", service=desk.service.name)
    )
    return notice(
        t(
            "Your account: {name} ({username}), number {number}.",
            name=Name(account.name),
            username=account.username,
            number=str(account.id),
        ),
        kept,
        buttons=(*_lists(), (Button(t("Sign out"), SignOut()),)),
        place=Place.PRIVATE,
    )


async def sign_out(asked: SignOut, desk: Desk) -> Reply:
    """Act on the account no more. An embedded one waits for its person; another service ends the session."""
    if not desk.has_account:
        return notice(t("You are not signed in."), buttons=((Button(t("Sign in"), SignIn()),),), place=Place.PRIVATE)
    session = await desk.session()
    place = {"service": desk.service.name, "platform": desk.caller.person.platform, "chat_id": desk.home}
    if desk.service.embedded:
        await sessions.sign_out(desk.store.db, **place, now=desk.store.now())
        told = t("Your lists stay here. “Sign in” brings you back to them.")
    else:
        if desk.service.sign_up is not None:
            await desk.service.sign_up.end(session)
        await sessions.forget(desk.store.db, **place)
        told = t("Your lists stay with your account. “Sign in” brings you back to them.")
    return notice(t("You are signed out."), told, buttons=((Button(t("Sign in"), SignIn()),),), place=Place.PRIVATE)


def _lists() -> tuple[Row, ...]:
    return (
        (
            Button(t("Watchlist"), ShowList(Section.WATCHLIST)),
            Button(t("Favourites"), ShowList(Section.FAVORITES)),
            Button(t("Rated"), ShowList(Section.RATED)),
        ),
    )


def install(dispatch: Dispatch) -> None:
    """Answer these."""
    dispatch.add(SignIn, sign_in)
    dispatch.add(SignOut, sign_out)
    dispatch.add(ShowAccount, show_account)
