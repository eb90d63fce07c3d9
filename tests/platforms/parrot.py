"""A stand-in for the core, so that a test of the web chat decides itself what is answered."""

from __future__ import annotations

import asyncio

from bot.core.chat import Update
from bot.core.dispatch import Answer
from bot.core.intents import FillSamples, Help, Rate, ShowAccount, ShowTitle, SignIn, Start, Undo
from bot.core.model import Kind, Listed, Rating, Title, TitleRef, TitleState
from bot.core.phrases import Code, Name, plain, t
from bot.core.reply import Button, Guide, Place, RatingPad, Reply, TitleCard, TitleList, notice

REF = TitleRef(Kind.MOVIE, 550)
FILM = Title(REF, "Fight Club", 1999, None, ("Drama",), 139, ("David Fincher",), ("Brad Pitt", "Edward Norton"))
HOSTILE = Title(
    TitleRef(Kind.TV, 7),
    "<img src=x onerror=alert(1)>\u202e{evil}",
    2001,
    "</script><script>alert(2)</script>",
    ("<b>Drama</b>",),
    makers=("&lt;i&gt;",),
    cast=("javascript:alert(3)",),
)


async def title_of(ref: TitleRef) -> Title:
    """What the posters look titles up with."""
    return HOSTILE if ref == HOSTILE.ref else FILM


class Parrot:
    """Answers by the first word of what is said; `said` has all updates, in order."""

    def __init__(self) -> None:
        self.said: list[Update] = []
        self.go_on = asyncio.Event()
        """What was said with "wait" is answered when this is set."""
        self.began = asyncio.Event()
        self.broken = False

    async def __call__(self, update: Update) -> Answer:
        """The answer."""
        self.said.append(update)
        if self.broken:
            raise RuntimeError("as the test asked")
        if update.text.startswith("wait"):
            self.began.set()
            await self.go_on.wait()
        return Answer(self._reply(update), "de" if update.text == "deutsch" else "en")

    def _reply(self, update: Update) -> Reply:
        word = update.text.split()[0] if update.text else ""
        card = TitleCard(
            FILM, TitleState(Rating(17), watchlist=True, favorite=True), t("You rated {title}.", title=FILM)
        )
        buttons = (
            (Button(t("Toast"), Help()), Button(t("Alert"), SignIn()), Button(t("Anew"), ShowTitle(REF, anew=True))),
            (Button(t("Here"), ShowTitle(REF)), Button(t("Privately"), ShowAccount())),
            (Button(t("In private"), FillSamples(), private=True), Button(t("Rate"), Rate(REF))),
        )
        match word:
            case "silence":
                return Reply()
            case "card" | "1movie" if not update.text.endswith("new"):
                return Reply((card,), buttons, Place.HERE)
            case "1movie":
                return notice(t("A new message"), place=Place.ANEW)
            case "list":
                entries = tuple(Listed(FILM if n % 2 else HOSTILE, Rating(n + 1)) for n in range(10))
                return Reply((TitleList(t("Your list"), entries, 11, 47, mixed=True),), buttons)
            case "1rate" if len(update.text.split()) > 2:
                return Reply((card,), ((Button(t("Undo"), Undo(1)), *buttons[0]), buttons[1]), Place.HERE)
            case "pad" | "1rate":
                return Reply((RatingPad(FILM, Rating(17)),))
            case "actions":
                actions = (t("+ Watchlist"), ShowTitle(REF)), (t("+ Favourite"), Help()), (t("Rate"), Rate(REF))
                return Reply((card,), (tuple(Button(label, intent) for label, intent in actions),))
            case "guide":
                group = (t("Rate"), (("/rate ID VALUE", t("rate a title"), "/rate fight club 8.5"),))
                return Reply((Guide(t("Just send {code}.", code=Code("/help")), (group,)),))
            case "hostile":
                rows = ((Button(plain("<b>Press</b>"), Start()),),)
                return Reply((TitleCard(HOSTILE, None, t("{name}", name=Name("<i>x</i>"))),), rows)
            case "1help":
                return Reply(place=Place.TOAST, toast=t("Just a word"))
            case "1login":
                return Reply(place=Place.TOAST, toast=t("Attention"), alert=True)
            case "1account":
                return Reply(notice(t("Just for you")).parts, place=Place.PRIVATE, toast=t("See our private chat"))
            case _ if update.text.startswith("0"):
                return Reply(place=Place.TOAST, toast=t("Out of date"), alert=True)
            case _ if not update.addressed:
                return Reply()
            case _:
                return notice(t("You said: {words}", words=update.text), buttons=buttons)
