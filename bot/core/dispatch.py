"""From an update to its answer: read it, let the one handler answer, turn errors into replies.

Nothing gets past `answer`: a refusal becomes its sentence, a crash an apology with a reference to the log.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from bot.core import carrying, excuses, grammar, places, preferences, refusals
from bot.core.adults import Adults
from bot.core.backend import Services
from bot.core.chat import Caller, Chat, ChatKind, Person, Platform, Update
from bot.core.desk import Desk
from bot.core.errors import (
    BackendDown,
    CantKeep,
    MarqueeError,
    NearMiss,
    NoSuchTitle,
    NothingFound,
    OutOfDate,
    SessionEnded,
)
from bot.core.intents import INTENTS, Go, Help, Intent, Retype, ShowPerson, ShowTitle, Start, Unknown
from bot.core.mirror import Mirror
from bot.core.near_misses import nearly
from bot.core.phrases import LANGUAGES, t
from bot.core.preferences import Preferences
from bot.core.reply import Place, Post, Reply, notice, without_hints
from bot.core.sessions import Sessions
from bot.core.store import Store
from bot.core.turns import Turns
from storage import members, people
from storage.errors import StorageError
from storage.people import VisitRow

ANSWER_SECONDS: Final = 10
"""How long a handler may take before the person is told that the service doesn't answer."""

MOST_HINTED: Final = 4
"""Words said in a group that may be a title which is not found; more are a sentence, and meant for the others too."""

_LOCAL: Final = "web"

_log: Final = logging.getLogger(__name__)

Asked = TypeVar("Asked", bound=Intent)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply with its place settled, and the language of those who read it. Without parts or toast: stay silent."""

    reply: Reply
    language: str


class Dispatch:
    """Knows the one handler of each intent.

    `allowed`: who may use the bot, as `platform:id` of persons and groups; None: everybody. The local web chat is
    opened by its key alone.
    """

    def __init__(
        self,
        services: Services,
        store: Store,
        seconds: float = ANSWER_SECONDS,
        allowed: frozenset[str] | None = None,
    ) -> None:
        self._allowed = allowed
        self._services = services
        self._store = store
        self.seconds = seconds
        self._platforms: dict[str, Platform] = {}
        self._turns = Turns()
        self.mirror = Mirror(store.db, store.now)
        self._adults = Adults(store.now)
        self.changed = asyncio.Event()
        """Something that others follow has changed: a deadline may have been set."""
        self._handlers: dict[type[Intent], Callable[[Any, Desk], Awaitable[Reply]]] = {}

    def add(self, asked: type[Asked], handler: Callable[[Asked, Desk], Awaitable[Reply]]) -> None:
        """`handler` answers `asked`. ValueError if another does already."""
        if asked in self._handlers:
            raise ValueError(f"{asked.__name__} has two handlers")
        self._handlers[asked] = handler

    def meet(self, name: str, platform: Platform) -> None:
        """What can be asked of the platform of that name."""
        self._platforms[name] = platform

    def platform(self, name: str) -> Platform | None:
        """The platform of that name, where it runs."""
        return self._platforms.get(name)

    def check(self) -> None:
        """ValueError unless every intent has its handler."""
        if missing := [asked.__name__ for asked in INTENTS if asked not in self._handlers | _OWN]:
            raise ValueError(f"no handler for {', '.join(missing)}")

    def allows(self, platform: str, *ids: str) -> bool:
        """Whether one of these persons and chats may use the bot."""
        if self._allowed is None or platform not in {known.partition(":")[0] for known in self._allowed}:
            return self._allowed is None or platform == _LOCAL
        known = self._platforms.get(platform)
        before = [former for one in ids for former in known.former_ids(one)] if known is not None else []
        return any(f"{platform}:{one}" in self._allowed for one in (*ids, *before))

    async def _is_welcome(self, update: Update, visit: VisitRow) -> bool:
        """Whether the bot is for this person, here.

        Whoever writes in a group that may use it, may use it in private as well, for as long as the group may.
        """
        platform, person = update.person.platform, update.person.id
        if self.allows(platform, person):
            return True
        brought = self._is_brought(update, visit)
        if update.chat.kind is not ChatKind.GROUP:
            return brought
        if not self.allows(platform, update.chat.id):
            return False
        if not brought:
            await people.let_in(self._store.db, platform=platform, person_id=person, chat_id=update.chat.id)
        return True

    def _is_brought(self, update: Update, visit: VisitRow) -> bool:
        """Whether a group that may use the bot has brought this person along."""
        return visit.let_in_by is not None and self.allows(update.person.platform, visit.let_in_by)

    async def answer(self, update: Update) -> Answer:
        """The answer to one update. Never raises, but for being cancelled."""
        try:
            visit = await self._visit(update)
            if not await self._is_welcome(update, visit):
                return Answer(_unsaying(excuses.not_for(update), update), _spoken(update.language))
            await self._join(update, visit)
        except Exception:  # noqa: BLE001 - the last resort: logged, and apologised for
            return Answer(_unsaying(excuses.apology(_crash("reading who asks")), update), update.language)
        desk = self._desk(update, visit)
        reply = await self._reply(update, desk)
        self._told_of(reply)
        try:
            reply = await self._settled(reply, update, desk)
        except Exception:  # noqa: BLE001 - the last resort: logged, and apologised for
            reply = excuses.apology(_crash("keeping a reply's buttons"))
        reply = _unsaying(reply, update)
        personal = reply.place in (Place.PRIVATE, Place.TOAST)
        # Re-read: the answer to a new language is in that language.
        own_language = visit.language or _spoken(update.language)
        return Answer(reply, desk.spoken or (own_language if personal else desk.caller.language))

    async def happen(self, intent: Intent, chat: Chat, language: str) -> Answer:
        """What comes of something that nobody asked for: a board is to be shown anew, a time is up.

        It is answered in the group's language, or `language` where none is set. Raises MarqueeError and StorageError,
        and TimeoutError.
        """
        update = Update(
            "", Person(chat.platform, "", ""), chat, grammar.button(intent), pressed=True, language=language
        )
        desk = self._desk(update, await self._known(update))
        async with asyncio.timeout(self.seconds):
            reply = await self.handle(intent, desk)
        self._told_of(reply)
        return Answer(await self._settled(reply, update, desk), desk.caller.language)

    def _told_of(self, reply: Reply) -> None:
        """Whoever waits for a time that was set looks again, once something has changed."""
        if reply.refresh:
            self.changed.set()

    async def look(self, update: Update, found: Callable[[Desk], Awaitable[T]]) -> T | None:
        """What is found for whoever asks: nothing is said, and nothing kept of him. None where the bot is not for him.

        Raises MarqueeError, TimeoutError and StorageError.
        """
        async with asyncio.timeout(self.seconds):
            visit = await self._known(update)
            if not (self.allows(update.person.platform, update.person.id) or self._is_brought(update, visit)):
                return None
            return await found(self._desk(update, visit))

    def _desk(self, update: Update, visit: VisitRow) -> Desk:
        language = visit.language or _spoken(update.language)
        here = language if update.chat.kind is ChatKind.PRIVATE else visit.chat_language or language
        caller = Caller(update.id, update.person, update.chat, here, visit.private_chat_id, update.about)
        platform = self._platforms.get(update.chat.platform)
        own = Sessions(caller, self._services, self._store, self._turns, visit, platform, self.mirror)
        return Desk(
            caller,
            self._services,
            self._store,
            self._turns,
            own,
            platform,
            self.mirror,
            self._adults,
            _preferences(update, visit),
        )

    async def _join(self, update: Update, visit: VisitRow) -> None:
        """Keep who talks in a group."""
        if update.chat.kind is not ChatKind.GROUP or visit.is_member:
            return
        chat, person = update.chat, update.person
        await members.join(
            self._store.db, platform=chat.platform, chat_id=chat.id, person_id=person.id, now=self._store.now()
        )

    async def _known(self, update: Update) -> VisitRow:
        return await people.visit(
            self._store.db,
            services=(self._services.main.name, self._services.here.name),
            platform=update.person.platform,
            person_id=update.person.id,
            chat_id=update.chat.id,
            private_chat_id=update.private_chat_id,
        )

    async def _visit(self, update: Update) -> VisitRow:
        visit = await self._known(update)
        if visit.name != update.person.name or visit.private_chat_id != visit.kept_private_chat_id:
            await people.meet(
                self._store.db,
                platform=update.person.platform,
                person_id=update.person.id,
                name=update.person.name,
                private_chat_id=update.private_chat_id,
                now=self._store.now(),
            )
        return visit

    async def _reply(self, update: Update, desk: Desk) -> Reply:
        try:
            intent = grammar.read_button(update.text) if update.pressed else grammar.read_typed(update.text)
            if not update.addressed and _is_talk(intent, update.text, links=desk.preferences.answer_links):
                return Reply()
            async with asyncio.timeout(self.seconds):
                return await self._handled(intent, desk, aside=_is_aside(update))
        except TimeoutError:
            error: MarqueeError = BackendDown()
        except SessionEnded as ended:
            if desk.sessions.used is not None:
                await desk.sessions.forget(desk.sessions.used)
            error = ended
        except OutOfDate as stale:
            return await self._fresh(stale, update, desk)
        except MarqueeError as refused:
            error = refused
        except StorageError:
            _crash("writing to the database")
            error = CantKeep()
        except Exception:  # noqa: BLE001 - the last resort: logged, and apologised for
            return excuses.apology(_crash(type(desk.asked).__name__))
        if _is_aside(update) and isinstance(error, NothingFound):
            return Reply()
        return refusals.reply(error, desk, update)

    async def _handled(self, intent: Intent, desk: Desk, *, aside: bool) -> Reply:
        try:
            return await self.handle(intent, desk)
        except NoSuchTitle as missing:
            raise NoSuchTitle(missing.ref, await desk.of_other_kind(missing.ref)) from missing
        except NothingFound as nothing:
            if aside or nothing.said is None or not (titles := await nearly(nothing.said, desk)):
                raise
            raise NearMiss(nothing.words, titles) from nothing

    async def _fresh(self, stale: OutOfDate, update: Update, desk: Desk) -> Reply:
        """What a button out of date answers: that it is, and the fresh view in place of the old one."""
        if not update.pressed:
            told = notice(stale.sentence)
            if not grammar.is_link(update.text):
                return told
            # A link that somebody else was given: whoever follows it must not end there.
            hello = await self.handle(Start(), desk)
            return replace(hello, parts=(*told.parts, *hello.parts))
        meant = grammar.fresh(update.text)
        view = Reply(place=Place.TOAST)
        # Help is for whoever pressed: to a group it is no news.
        if desk.caller.in_private or not isinstance(meant, Help):
            with suppress(MarqueeError, TimeoutError):
                async with asyncio.timeout(self.seconds):
                    view = await self.handle(meant, desk)
        return replace(view, toast=stale.sentence, alert=True)

    async def handle(self, intent: Intent, desk: Desk) -> Reply:
        """What the intent's handler replies, and what it goes on with. Raises MarqueeError."""
        match intent:
            case Go(wish):
                wanted = grammar.read(await carrying.kept(wish, desk))
                if isinstance(wanted, Go):
                    raise OutOfDate
                return await self.handle(wanted, desk)
            case Retype(text):
                return await self.handle(grammar.read(text), desk)
            case _:
                desk.asked = intent
                reply = await self._handlers[type(intent)](intent, desk)
        if reply.goes_on is None:
            return reply
        after = await self.handle(reply.goes_on, desk)
        return replace(
            after,
            parts=(*reply.parts, *after.parts),
            buttons=(*after.buttons, *reply.buttons),
            elsewhere=(*reply.elsewhere, *after.elsewhere),
            turn=reply.turn or after.turn,
            refresh=(*reply.refresh, *after.refresh),
            at_once=reply.at_once or after.at_once,
            unsay=reply.unsay or after.unsay,
        )

    async def _settled(self, reply: Reply, update: Update, desk: Desk) -> Reply:
        """The reply with its place resolved for this update, and buttons that a platform can carry."""
        if reply.place is Place.TOAST and not update.pressed and reply.toast is not None:
            said = notice(reply.aloud or reply.toast).parts
            reply = replace(reply, parts=said, place=Place.ANEW, toast=None, alert=False)
        if reply.place is Place.PRIVATE and desk.caller.in_private:
            reply = replace(reply, place=Place.HERE)
        if reply.place is Place.PRIVATE and desk.caller.private_chat_id is None:
            reply = excuses.open_private(update, reply.wish)
        elif reply.place is Place.PRIVATE:
            reply = replace(reply, toast=reply.toast or t("I have answered you in our private chat."))
        if reply.place is Place.HERE and not update.pressed:
            reply = replace(reply, place=Place.ANEW)
        if desk.preferences.quiet(personal=reply.place in (Place.PRIVATE, Place.TOAST)):
            reply = without_hints(reply)
        elsewhere = tuple([await self._posted(post, desk) for post in reply.elsewhere])
        return replace(reply, buttons=await carrying.carried(reply, desk), elsewhere=elsewhere)

    async def _posted(self, post: Post, desk: Desk) -> Post:
        """What another chat is told, in its readers' language."""
        platform = desk.caller.chat.platform
        language = await people.language_in(self._store.db, platform=platform, chat_id=post.chat_id)
        buttons = await carrying.carried(post.reply, desk)
        return replace(post, reply=replace(post.reply, buttons=buttons), language=language or desk.caller.language)


def _unsaying(reply: Reply, update: Update) -> Reply:
    """A secret that was typed is never left standing, whatever came of it."""
    return replace(reply, unsay=reply.unsay or (not update.pressed and grammar.is_secret(update.text)))


def _preferences(update: Update, visit: VisitRow) -> Preferences:
    """What is set, with a guess at the country: a group that chose a language is where that is spoken."""
    own = preferences.person(visit.own_settings)
    guess = places.guess(visit.language or update.language, update.region)
    if update.chat.kind is ChatKind.PRIVATE:
        return Preferences(own, None, guess)
    if visit.chat_language:
        guess = places.guess(visit.chat_language)
    return Preferences(own, preferences.chat(visit.chat_settings), guess)


def _is_talk(intent: Intent, text: str, *, links: bool) -> bool:
    """Whether people may just be talking among themselves: words that are no command, or one of another bot's.

    `links`: a title's address that somebody says is answered.
    """
    if isinstance(intent, Unknown):
        return True
    return not grammar.is_command(text) and not (links and isinstance(intent, ShowTitle | ShowPerson))


def _is_aside(update: Update) -> bool:
    """Whether it may have been said to the others in a group, though the bot got it: below a card, or at length."""
    if update.pressed or update.chat.kind is ChatKind.PRIVATE or grammar.is_command(update.text):
        return False
    return update.replies or len(update.text.split()) > MOST_HINTED


_OWN: Final = dict.fromkeys((Go, Retype))
"""Those that dispatch answers itself."""


def _spoken(language: str) -> str:
    return language if language in LANGUAGES else "en"


def _crash(what: str) -> str:
    """Log the exception under a short reference, and return that."""
    reference = secrets.token_hex(3)
    _log.exception("Crash %s: %s", reference, what)
    return reference
