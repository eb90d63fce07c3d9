"""The tokens of version 4: JWTs that anybody can read, signed with a secret that only the double knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

import jwt

from tests.doubles.tmdb.refusals import bad_access_token, bad_request_token, not_approved

SECRET: Final = "made up for the double, and long enough for HS256"
APPLICATION: Final = "0123456789abcdef0123456789abcdef"
MINUTES: Final = 15
"""How long a request token can be approved and redeemed."""


@dataclass(eq=False)
class Pending:
    """A request token that waits for its person. `account` is the object id of who approved it."""

    redirect_to: str
    until: float
    decided: bool = False
    account: str | None = None


class Tokens:
    """All request tokens and access tokens."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._numbers = count(1)
        self.pending: dict[str, Pending] = {}
        self.access: dict[str, str] = {}
        """Access tokens that are good, and the object id of whose each is."""

    def request(self, redirect_to: str) -> str:
        """A new request token, which tells where the browser will be sent."""
        until = self._clock() + MINUTES * 60
        claims: dict[str, Any] = {"scopes": ["pending_request_token"], "exp": int(until)}
        token = self._signed(claims | ({"redirect_to": redirect_to} if redirect_to else {}))
        self.pending[token] = Pending(redirect_to, until)
        return token

    def decide(self, request_token: str, account: str | None) -> str:
        """The person approves it (with whose account), or doesn't; gives where the browser is sent. Refused."""
        waiting = self._waiting(request_token)
        waiting.decided = True
        waiting.account = account
        return waiting.redirect_to

    def redeem(self, request_token: str) -> tuple[str, str]:
        """Access token and account's object id for an approved request token, once. Refused."""
        waiting = self._waiting(request_token)
        if waiting.account is None:
            raise not_approved()
        del self.pending[request_token]
        token = self._signed({"scopes": ["api_read", "api_write"], "sub": waiting.account})
        self.access[token] = waiting.account
        return token, waiting.account

    def whose(self, access_token: str) -> str:
        """The object id of whose access token it is. Refused."""
        if access_token not in self.access:
            raise bad_access_token()
        return self.access[access_token]

    def forget(self, access_token: str) -> None:
        """The access token is good for nothing any more. Refused."""
        self.whose(access_token)
        del self.access[access_token]

    def _waiting(self, request_token: str) -> Pending:
        waiting = self.pending.get(request_token)
        if waiting is None or waiting.until <= self._clock():
            raise bad_request_token()
        return waiting

    def _signed(self, claims: dict[str, Any]) -> str:
        common = {"aud": APPLICATION, "iat": int(self._clock()), "version": 1, "jti": str(next(self._numbers))}
        return jwt.encode(common | claims, SECRET, algorithm="HS256")
