"""The account that a group has of its own: set up by its admins, each step in an admin's private chat.

Whether somebody is an admin is asked of the platform at every step; a button proves nothing.
"""

from __future__ import annotations

from dataclasses import replace

from bot.core import approving
from bot.core.desk import Desk
from bot.core.dispatch import Dispatch
from bot.core.errors import AdminsOnly
from bot.core.intents import House, HouseStep
from bot.core.phrases import Name, Text, hint, t
from bot.core.refusals import ended_there
from bot.core.reply import Button, Notice, Place, Post, Reply, Row, notice
from bot.core.sessions import SignedIn
from storage import people


async def house(asked: House, desk: Desk) -> Reply:
    """One step of setting it up, answered in private. Raises AdminsOnly."""
    if desk.platform is not None:
        asked = replace(asked, chat=desk.platform.chat_now(asked.chat))
    if not await desk.sessions.is_admin(asked.chat):
        raise AdminsOnly
    return replace(await _step(asked, desk), place=Place.PRIVATE, wish=asked)


async def _step(asked: House, desk: Desk) -> Reply:
    match asked.step:
        case HouseStep.ASK:
            return await _shown(asked.chat, desk)
        case HouseStep.CONNECT:
            return await _connect(asked.chat, desk)
        case HouseStep.HERE:
            current = await desk.sessions.at(asked.chat)
            if current is not None:
                return await _shown(asked.chat, desk)
            account = await desk.sessions.keep_here(asked.chat, (await _group(asked.chat, desk)).words)
            return await _connected(account, desk)
        case HouseStep.CONNECTED:
            now = await desk.sessions.at(asked.chat)
            return await _shown(asked.chat, desk) if now is None else await _connected(now, desk)
        case HouseStep.EVERYONE | HouseStep.ADMINS:
            return await _open(asked.chat, desk, everyone=asked.step is HouseStep.EVERYONE)
        case HouseStep.OUT:
            return await _sign_out(asked.chat, desk)


async def _shown(chat: str, desk: Desk) -> Reply:
    """Whose account the group uses, and what can be done about it."""
    group = await _group(chat, desk)
    account = await desk.sessions.at(chat)
    if account is None:
        return notice(
            t("Shall {group} have lists of its own? They are everybody's there, beside each one's own.", group=group),
            buttons=_choices(chat, desk),
        )
    everyone = await people.is_house_open(desk.store.db, platform=desk.caller.person.platform, chat_id=chat)
    return notice(
        _uses(group, account),
        _who_may(everyone=everyone),
        buttons=(*_rights(chat), (Button(t("Sign the group out"), House(chat, HouseStep.OUT)),)),
    )


def _choices(chat: str, desk: Desk) -> tuple[Row, ...]:
    main = desk.services.main
    here = Button(t("Keep them here"), House(chat, HouseStep.HERE))
    if main.approvals is None:
        return ((here,),)
    return ((Button(t("Connect {service}", service=main.label), House(chat, HouseStep.CONNECT)),), (here,))


async def _connect(chat: str, desk: Desk) -> Reply:
    return notice(
        t(
            "Open the page and press Approve there, signed in with the account that {group} shall use.",
            group=await _group(chat, desk),
        ),
        t("The link is for you alone and works for 15 minutes."),
        buttons=await approving.approval(desk, chat),
    )


async def _connected(account: SignedIn, desk: Desk) -> Reply:
    group = await _group(account.chat_id, desk)
    told = t("This group's lists are now on {name}’s account.", name=account.name)
    if account.service.embedded:
        told = t("This group has lists of its own now, kept by me.")
    question = (_uses(group, account), t("Who may change its lists there?"))
    return Reply(
        (Notice(question),),
        _rights(account.chat_id),
        elsewhere=(Post(account.chat_id, notice(told)),),
    )


def _uses(group: Name, account: SignedIn) -> Text:
    if account.service.embedded:
        return t("{group} has lists of its own, kept by me.", group=group)
    return t("{group} uses {name}’s account.", group=group, name=account.name)


def _rights(chat: str) -> tuple[Row, ...]:
    return (
        (
            Button(t("Everybody may"), House(chat, HouseStep.EVERYONE)),
            Button(t("Only admins may"), House(chat, HouseStep.ADMINS)),
        ),
    )


async def _open(chat: str, desk: Desk, *, everyone: bool) -> Reply:
    await people.open_house(desk.store.db, platform=desk.caller.person.platform, chat_id=chat, everyone=everyone)
    return notice(
        _who_may(everyone=everyone),
        hint(t("Its buttons and commands are in the group; each one's own account has buttons of its own.")),
        buttons=((Button(t("‹ Back"), House(chat)),),),
    )


def _who_may(*, everyone: bool) -> Text:
    return t("Everybody there may change its lists.") if everyone else t("Only the admins may change its lists.")


async def _sign_out(chat: str, desk: Desk) -> Reply:
    account = await desk.sessions.at(chat)
    if account is None:
        return await _shown(chat, desk)
    ended = await desk.sessions.end(account)
    told = t("{group} is signed out.", group=await _group(chat, desk))
    rest = ended_there(ended, account.service.label)
    if account.service.embedded:
        rest = t("The lists stay here, and “Keep them here” brings them back.")
    return Reply(
        (Notice((told, rest)),),
        ((Button(t("‹ Back"), House(chat)),),),
        elsewhere=(Post(chat, notice(t("This group has no lists of its own any more."))),),
    )


async def _group(chat: str, desk: Desk) -> Name:
    name = await people.chat_name(desk.store.db, platform=desk.caller.person.platform, chat_id=chat)
    return Name(name or "…")


def install(dispatch: Dispatch) -> None:
    """Answer this."""
    dispatch.add(House, house)
