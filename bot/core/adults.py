"""Who is shown titles for adults: whoever's own account asks for them, where nobody else reads along."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from cachetools import TTLCache

if TYPE_CHECKING:
    from bot.core.sessions import SignedIn

BELIEVED_SECONDS: Final = 600
MOST_ACCOUNTS: Final = 1_000


class Adults:
    """What accounts say, asked once in a while. Only a yes is remembered: who was told to switch it on asks again."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._asking: TTLCache[tuple[str, int], bool] = TTLCache(MOST_ACCOUNTS, BELIEVED_SECONDS, now)

    async def asks(self, account: SignedIn) -> bool:
        """Whether that account asks for such titles. Raises BackendError."""
        if account.key not in self._asking:
            if not (await account.service.accounts.account(account.session.token)).include_adult:
                return False
            self._asking[account.key] = True
        return True
