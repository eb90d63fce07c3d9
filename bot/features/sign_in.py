"""Whose account it is: signing in and out, and showing it."""

from __future__ import annotations

from bot.core import approving
from bot.core.approving import SignInAstray, SignInFailed, SignInOver, SignInRefused
from bot.core.desk import Desk
from bot.core.dispatch import Dispatch
from bot.core.errors import AdminsOnly, BackendError, NotSupported, OutOfDate, SessionEnded
from bot.core.intents import (
    CarryOver,
    FinishSignIn,
    House,
    HouseStep,
    KeepHere,
    Retype,
    ShowList,
    SignIn,
    SignOut,
)
from bot.core.model import Kind, Section, Session
from bot.core.phrases import Code, Text, t
from bot.core.refusals import account_choices, ended_there
from bot.core.reply import Button, Notice, Place, Post, Reply, Row, notice
from bot.core.sessions import SignedIn
from storage import people
from storage.sign_ins import SignInRow

# ── Signing in ───────────────────────────────────────────────────────────────────────────────────────────────────


async def sign_in(asked: SignIn, desk: Desk) -> Reply:
    """Have an account to act on, then go on with what was wanted. In a group: the group's own, for its admins."""
    if asked.token:
        return await _by_token(asked, desk)
    if (house := await _for_group(desk)) is not None:
        return Reply(goes_on=house)
    main = desk.services.main
    account = desk.sessions.kept()
    if account is not None and account.service is main:
        return await _welcome(account, asked.then, desk)
    if main.embedded:
        return await keep_here(KeepHere(asked.then), desk)
    if main.approvals is not None:
        return notice(
            t("Open the page, press Approve there, and you come back here signed in."),
            t("I never see your password. The link is for you alone and works for 15 minutes."),
            buttons=(*await approving.approval(desk, desk.sessions.home, asked.then), *_or_here(desk, asked.then)),
            place=Place.PRIVATE,
        )
    try:
        account = await desk.sessions.create(main, desk.sessions.home, desk.caller.person.name)
    except NotSupported:
        return _ask_token(desk, asked.then)
    return await _welcome(account, asked.then, desk)


def _or_here(desk: Desk, then: str) -> tuple[Row, ...]:
    """The other choice, for who keeps nothing here yet."""
    return () if desk.sessions.kept() is not None else ((Button(t("Keep it here"), KeepHere(then)),),)


async def _for_group(desk: Desk) -> House | None:
    """In a group, an admin sets up the group's account; anybody else signs in himself."""
    chat = desk.caller.chat
    if desk.caller.in_private or not await desk.sessions.is_admin(chat.id):
        return None
    await people.name_chat(desk.store.db, platform=chat.platform, chat_id=chat.id, name=chat.name)
    return House(chat.id)


async def _by_token(asked: SignIn, desk: Desk) -> Reply:
    """With the key to an account: only where the service has no other way, only in private, and never left standing."""
    main = desk.services.main
    if not desk.caller.in_private:
        return Reply(
            (
                Notice(
                    (
                        t("Everybody here can read that key, so I did not use it."),
                        t("Please delete your message, and have the key replaced where you got it."),
                    )
                ),
            ),
            place=Place.ANEW,
            unsay=True,
        )
    if main.embedded or main.approvals is not None:
        told = notice(
            t("You need no key here, and I did not use it. I have deleted your message where I may."),
            buttons=((Button(t("Sign in"), SignIn()),),),
        )
        return Reply(told.parts, told.buttons, unsay=True)
    try:
        found = await main.accounts.account(asked.token)
    except SessionEnded:
        told = notice(t("{service} doesn't know that key. Nothing was changed.", service=main.label))
        return Reply(told.parts, unsay=True)
    except BackendError as down:
        told = notice(down.sentence, t("Your key was not kept. Please send it again in a while."))
        return Reply(told.parts, unsay=True)
    session = Session(found.id, asked.token, found.name)
    account = await desk.sessions.keep(main, session, desk.sessions.home)
    welcome = await _welcome(account, "", desk)
    lines = (t("I have deleted your message with the key, where I may."),)
    return Reply((*welcome.parts, Notice(lines)), welcome.buttons, Place.PRIVATE, unsay=True)


def _ask_token(desk: Desk, then: str) -> Reply:
    return notice(
        t(
            "{service} has no sign-in of its own. Send me the key to your account, here in private: {example}",
            service=desk.services.main.label,
            example=Code("/login KEY"),
        ),
        t("I delete your message at once, and keep the key encrypted."),
        buttons=_or_here(desk, then),
        place=Place.PRIVATE,
    )


async def keep_here(asked: KeepHere, desk: Desk) -> Reply:
    """An account with the embedded service, at once: the one that was signed out of, or a new one."""
    kept = desk.sessions.kept()
    if kept is not None and not kept.service.embedded:
        return await _welcome(kept, asked.then, desk)
    account = await desk.sessions.keep_here(desk.sessions.home, desk.caller.person.name)
    return await _welcome(account, asked.then, desk)


async def _welcome(account: SignedIn, then: str, desk: Desk) -> Reply:
    welcome = _signed_in_as(account)
    if then:
        return Reply((Notice((welcome,)),), place=Place.PRIVATE, goes_on=Retype(then))
    buttons = _lists()
    lines = [welcome]
    if account.service.embedded:
        lines.append(t("Your lists are kept by this bot; there is nothing more to do."))
        if not desk.services.main.embedded:
            connect = Button(t("Connect {service}", service=desk.services.main.label), SignIn("/account"))
            buttons = (*buttons, (connect,))
    return notice(*lines, buttons=buttons, place=Place.PRIVATE)


def _signed_in_as(account: SignedIn) -> Text:
    if account.service.embedded:
        return t("You are signed in as {name}.", name=account.name)
    return t("You are signed in as {name} at {service}.", name=account.name, service=account.service.label)


# ── The way back ─────────────────────────────────────────────────────────────────────────────────────────────────


async def finish(asked: FinishSignIn, desk: Desk) -> Reply:
    """Back from the service's page: signed in, or the reason why not and a press for a fresh link."""
    if not desk.caller.in_private:
        raise OutOfDate
    try:
        returned = await approving.come_back(desk, asked.nonce)
    except SignInOver as over:
        return _over(over, desk)
    except SignInAstray as astray:
        return _astray(astray, desk)
    except AdminsOnly:
        return notice(AdminsOnly().sentence, place=Place.ANEW)
    except SignInRefused as refused:
        return notice(refused.sentence, buttons=_fresh(refused.row, desk), place=Place.ANEW)
    except SignInFailed as failed:
        again = Button(t("Try again"), FinishSignIn())
        return notice(
            failed.sentence,
            t("Nothing is connected yet. Try again, or take a fresh link if that doesn't help."),
            buttons=((again,), *_fresh(failed.row, desk)),
            place=Place.ANEW,
        )
    if returned.account.house:
        return Reply(goes_on=House(returned.account.chat_id, HouseStep.CONNECTED))
    offer = await _carry_over_offer(desk)
    then = Retype(returned.wish) if returned.wish else None
    lines = (_signed_in_as(returned.account), *offer[0])
    buttons = offer[1] if then is not None else (*offer[1], *_lists())
    return Reply((Notice(lines),), buttons, Place.ANEW, goes_on=then)


async def _carry_over_offer(desk: Desk) -> tuple[tuple[Text, ...], tuple[Row, ...]]:
    """What this person has kept here so far, and whether to take it along."""
    row = await desk.sessions.kept_here(desk.sessions.home)
    if row is None:
        return (), ()
    kept = desk.sessions.opened(row, desk.sessions.home)
    counts = await desk.counts(kept)
    if not any(counts.values()):
        return (), ()
    told = t(
        "You have kept lists here: {watchlist} on the watchlist, {favorites} favourites, {rated} ratings.",
        watchlist=sum(counts[Section.WATCHLIST, kind] for kind in Kind),
        favorites=sum(counts[Section.FAVORITES, kind] for kind in Kind),
        rated=sum(counts[Section.RATED, kind] for kind in Kind),
    )
    return (told,), ((Button(t("Take them along"), CarryOver()), Button(t("Leave them here"), SignIn())),)


def _over(over: SignInOver, desk: Desk) -> Reply:
    reason = (
        t("That link was good for 15 minutes, and they are over. Nothing was changed.")
        if over.late
        else t("That link was used before. Nothing was changed.")
    )
    return notice(reason, buttons=_fresh(over.row, desk), place=Place.ANEW)


def _fresh(row: SignInRow, desk: Desk) -> tuple[Row, ...]:
    """A fresh link for the same chat, with what was wanted."""
    own = row.chat_id == desk.sessions.home
    return ((Button(t("Get a fresh link"), SignIn(row.wish) if own else House(row.chat_id, HouseStep.CONNECT)),),)


def _astray(astray: SignInAstray, desk: Desk) -> Reply:
    told = notice(
        t("This sign-in was begun by somebody else, so I have cancelled it: your account is not connected."),
        t("If somebody sent you that page to approve, don't. To sign in yourself, press this:"),
        buttons=((Button(t("Sign in"), SignIn()),),),
    )
    warning = (
        t("Somebody else came back by your sign-in link. I have signed out the account that was connected with it.")
        if astray.undone
        else t("Somebody else came back by your sign-in link, so I have cancelled it. Nothing is connected.")
    )
    row = astray.row
    again = Button(t("Get a fresh link"), SignIn(row.wish), owned=False)
    asker = Post(row.private_chat_id, notice(warning, buttons=((again,),)))
    reachable = row.platform == desk.caller.person.platform
    return Reply(told.parts, told.buttons, Place.ANEW, elsewhere=(asker,) if reachable else ())


# ── Signing out ──────────────────────────────────────────────────────────────────────────────────────────────────


async def sign_out(asked: SignOut, desk: Desk) -> Reply:
    """Act on the account no more. An embedded one waits for its person; another service ends the session."""
    account = desk.sessions.kept()
    if account is None:
        return notice(t("You are not signed in."), buttons=account_choices(desk, ""), place=Place.PRIVATE)
    ended = await desk.sessions.end(account)
    if account.service.embedded:
        told = t("Your lists stay here. “Sign in” brings you back to them.")
        if not desk.services.main.embedded:
            told = t("Your lists stay here. “Keep it here” brings you back to them.")
    else:
        told = ended_there(ended, account.service.label)
    return notice(t("You are signed out."), told, buttons=account_choices(desk, ""), place=Place.PRIVATE)


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
    dispatch.add(KeepHere, keep_here)
    dispatch.add(FinishSignIn, finish)
    dispatch.add(SignOut, sign_out)
