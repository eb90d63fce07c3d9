"""Cards for any chat: what somebody types after the bot's name is answered while he types, or not at all.

Nothing of it is kept: Telegram forgets a query within seconds. It waits for no other update, and none waits for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from typing import Final

from telegram import InlineQueryResultArticle, InlineQueryResultsButton, InputTextMessageContent
from telegram.constants import ParseMode

from bot.core import naming
from bot.core.chat import Update
from bot.core.errors import MarqueeError
from bot.core.model import Title
from bot.core.offers import MOST, Offers
from bot.core.phrases import Phrases, kind_word, phrases
from bot.core.posters import THUMBNAIL, Posters
from bot.core.reply import Notice, Reply, TitleCard
from bot.core.text import clean, cut
from bot.frontends.telegram import receive
from bot.frontends.telegram.poll import Raw
from bot.frontends.telegram.receive import Asking
from bot.frontends.telegram.render import Render
from bot.frontends.telegram.send import Sender
from storage.errors import StorageError

SECONDS: Final = 5
"""Within which something must be found. Whoever types has typed on, or given up, by then."""
AT_ONCE: Final = 16
"""Searches at the same time. One who waits here is mostly overtaken by himself."""
KEPT_SECONDS: Final = 300
"""How long Telegram may give somebody the same answer to the same words."""
MOST_ABOUT: Final = 100
"""Characters of what a title is about: two lines on a phone."""

_log: Final = logging.getLogger(__name__)


class Inline:
    """Answers queries; of each person only the newest. `offers` finds cards for an update, from a place on."""

    def __init__(
        self,
        sender: Sender,
        render: Render,
        posters: Posters,
        offers: Callable[[Update, int], Awaitable[Offers]],
        tasks: asyncio.TaskGroup,
    ) -> None:
        self._sender = sender
        self._render = render
        self._posters = posters
        self._offers = offers
        self._tasks = tasks
        self._newest: dict[int, tuple[str, asyncio.Task[None]]] = {}
        self._room = asyncio.Semaphore(AT_ONCE)

    def take(self, raw: Raw) -> None:
        """Have a query answered, and the same person's older one no more. What can't be read is left."""
        try:
            asking = receive.asking(raw)
        except Exception:  # noqa: BLE001 - one query must not take the other updates down
            _log.exception("An inline query could not be read")
            return
        person = asking.person_id
        if person in self._newest:
            query_id, older = self._newest[person]
            if query_id == asking.query_id:  # it came again with what could not be kept
                return
            older.cancel()
        self._newest[person] = asking.query_id, self._tasks.create_task(self._answer(asking))

    async def _answer(self, asking: Asking) -> None:
        """Find cards, and offer them. A search that fails or takes too long offers nothing, rather than an excuse."""
        try:
            offers = await self._search(asking)
            # To break off a call would cost the next one a new connection: so this is told, overtaken or not.
            await self._tell(asking, offers)
        except (MarqueeError, StorageError, TimeoutError) as error:
            _log.info("An inline query was not answered: %s", type(error).__name__)
        except Exception:  # noqa: BLE001 - one query must not take the other updates down
            _log.exception("An inline query was not answered")

    async def _search(self, asking: Asking) -> Offers:
        """What is found; until then a newer query of the same person's stops this."""
        try:
            async with asyncio.timeout(SECONDS), self._room:
                return await self._offers(asking.update, asking.start)
        finally:
            newest = self._newest.get(asking.person_id)
            if newest is not None and newest[0] == asking.query_id:
                del self._newest[asking.person_id]

    async def _tell(self, asking: Asking, offers: Offers) -> None:
        await self._sender.offer(
            asking.query_id,
            [self._result(card, offers.language) for card in offers.cards[:MOST]],
            cache_time=0 if offers.changing else KEPT_SECONDS,
            # In his language, and with what there is to watch in his country: Telegram must not give it to others.
            is_personal=True,
            next_offset="" if offers.following is None else str(offers.following),
            button=self._button(offers),
        )

    def _button(self, offers: Offers) -> InlineQueryResultsButton | None:
        if offers.opens is None:
            return None
        label = phrases(offers.language).text(offers.opens.label)
        return InlineQueryResultsButton(label, start_parameter=self._render.payload(offers.opens))

    def _result(self, card: Reply, language: str) -> InlineQueryResultArticle:
        """A line to choose, with a small poster; chosen, it becomes the card."""
        [title] = [part.title for part in card.parts if isinstance(part, TitleCard)]
        message, words = self._render.message(card, language), phrases(language)
        return InlineQueryResultArticle(
            naming.spell_title(title.ref),
            words.title(title),
            InputTextMessageContent(message.html, ParseMode.HTML, link_preview_options=message.preview),
            reply_markup=message.keyboard,
            description="\n".join(_about(title, words)),
            thumbnail_url=self._posters.url(title, THUMBNAIL),
        )


def _about(title: Title, words: Phrases) -> Iterator[str]:
    facts = (words.text(kind_word(title.ref.kind)), words.listing(words.genres(title)))
    yield " · ".join(fact for fact in facts if fact)
    if title.overview:
        yield cut(clean(title.overview), MOST_ABOUT)


def is_card(reply: Reply) -> bool:
    """Whether a shared card may become this: it stays the card of a title."""
    return any(isinstance(part, TitleCard) for part in reply.parts)


def told(reply: Reply, language: str) -> str | None:
    """A reply as a word to whoever pressed; None for one that needs a message, with a list or things to choose from."""
    if reply.toast is not None:
        return phrases(language).text(reply.toast)
    words, said = phrases(language), []
    if sum(map(len, reply.buttons)) > 1:
        return None
    for part in reply.parts:
        if not isinstance(part, Notice):
            return None
        said += [words.text(line) for line in part.lines]
    return "\n".join(said) or None
