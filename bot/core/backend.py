"""What a backend gives: the account API's contract, and a catalogue. Errors: see `bot.core.errors`.

Every write names its target state, so that sending it twice does nothing twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.core.model import (
    Account,
    Kind,
    Order,
    Page,
    Rating,
    Section,
    Session,
    Title,
    TitleRef,
    TitleState,
)

PAGE_SIZE = 20
"""Results on a page, TMDB's and the account API's."""
MOST_PAGES = 500
"""No list or search is paged further."""


class Accounts(Protocol):
    """A person's account. Raises SessionEnded for a token that is not (or no longer) valid."""

    async def account(self, token: str) -> Account:
        """Whose session it is."""
        ...

    async def titles(
        self, session: Session, section: Section, kind: Kind, order: Order, page: int, language: str
    ) -> Page:
        """A page (from 1, of up to PAGE_SIZE) of a list. A page past the last is empty."""
        ...

    async def set_favorite(self, session: Session, ref: TitleRef, on: bool) -> None:
        """Make it a favourite, or one no more."""
        ...

    async def set_watchlist(self, session: Session, ref: TitleRef, on: bool) -> None:
        """Put it on the watchlist, or take it off."""
        ...

    async def rate(self, session: Session, ref: TitleRef, rating: Rating) -> None:
        """Add or replace. Takes the title off the watchlist."""
        ...

    async def unrate(self, session: Session, ref: TitleRef) -> None:
        """Take the rating away."""
        ...

    async def state(self, session: Session, ref: TitleRef) -> TitleState:
        """All that the account says of one title. Raises NotSupported where a server lacks this extension."""
        ...


class Catalogue(Protocol):
    """Finds and describes titles. Raises NoSuchTitle for an unknown one. `language` is ISO 639-1."""

    async def search(self, words: str, kind: Kind | None, year: int | None, language: str, page: int) -> Page:
        """Best first; both kinds mixed where `kind` is None."""
        ...

    async def title(self, ref: TitleRef, language: str) -> Title:
        """All that is known of a title."""
        ...

    async def find(self, imdb_id: str) -> TitleRef:
        """The title that IMDb calls `imdb_id` (`tt0137523`)."""
        ...


class SignUp(Protocol):
    """A service that makes accounts by itself (the embedded one, and servers with that extension)."""

    async def create(self, name: str, username: str | None = None) -> Session:
        """A new account and its session. `name`: 1 to 64 characters, shown to people."""
        ...

    async def end(self, session: Session) -> None:
        """Sign out: the token is no longer valid."""
        ...


@dataclass(frozen=True, slots=True)
class Approval:
    """A sign-in under way: where the person approves it, and the token (a secret) that then becomes a session."""

    url: str = field(repr=False)
    request_token: str = field(repr=False)


class Approvals(Protocol):
    """A service whose accounts are connected by approving on a page of its own, as TMDB's version 4 does.

    https://developer.themoviedb.org/v4/docs/authentication-user
    """

    async def begin(self, back: str | None) -> Approval:
        """A sign-in to approve within 15 minutes. `back`: where the service's page sends the person afterwards."""
        ...

    async def finish(self, request_token: str) -> Session:
        """The session of whoever approved it, with that account's name. Raises NotApproved. A token works once."""
        ...

    async def end(self, session: Session) -> None:
        """Sign out, at the service too. A session that has ended already is no error."""
        ...


@dataclass(frozen=True, slots=True)
class Service:
    """An account service as the bot uses it. `name` tells its sessions and changes from other services'.

    `label`: what people call it. `embedded`: it lives in this process, so that a person's account is made at once, and
    its token is the only key to what the person kept: signing out must not throw it away.
    """

    name: str
    accounts: Accounts
    catalogue: Catalogue
    sign_up: SignUp | None
    embedded: bool
    approvals: Approvals | None = None
    label: str = ""
    image_base: Callable[[], Awaitable[str]] | None = None
    """Says what stands in front of a size and a poster's path."""


class Streaming(Protocol):
    """Says where one can watch in a country."""

    async def providers(self, country: str, language: str) -> Sequence[tuple[int, str]]:
        """The streaming services of a country (ISO 3166-1): TMDB's id and the name of each, best known first."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """`main` keeps people's lists; `here`, embedded, those of whoever would rather not connect an account there.

    They are one and the same where the main one is embedded. What titles are called, `main` says for both.
    `streaming`: what knows of streaming services, where TMDB is connected.
    """

    main: Service
    here: Service
    streaming: Streaming | None = None

    def named(self, name: str) -> Service:
        """The service that a session is with. KeyError for one that is not set up any more."""
        for service in (self.main, self.here):
            if service.name == name:
                return service
        raise KeyError(name)
