"""An access token of a push service: kept while it is good, fetched anew by one hint for all of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

# Renewed this long before its end, so that no hint sets out with a token that dies on the way.
_EARLY_S = 300.0
# A service that refuses us, or each token it gave us, is not asked again by each of a thousand hints.
_PAUSE_S = 10.0


@dataclass(frozen=True)
class Granted:
    """A token and the seconds that it lasts."""

    token: str
    lasts_s: float


class SignInRefused(Exception):
    """The push service gave no token: its address, the id or the secret is set wrongly, or it is unwell."""


class AccessToken:
    """The token of one service for one process; a fetch serves everybody who waits for it."""

    def __init__(self, fetch: Callable[[], Awaitable[Granted]]) -> None:
        self._fetch = fetch
        self._token = ""
        self._good_until = 0.0
        self._refused_until = 0.0
        self._keep_until = 0.0
        self._renewing = asyncio.Lock()

    async def current(self) -> str:
        """Give a token that is good for a while."""
        if time.monotonic() < self._good_until:
            return self._token
        return await self.renewed(self._token)

    async def renewed(self, seen: str) -> str:
        """Give another token than the one seen to be refused; whoever comes second gets the first one's."""
        async with self._renewing:
            now = time.monotonic()
            was_good = now < self._good_until
            if was_good and (self._token != seen or now < self._keep_until):
                return self._token
            if now < self._refused_until:
                raise SignInRefused
            try:
                granted = await self._fetch()
            except Exception:
                self._refused_until = time.monotonic() + _PAUSE_S
                raise
            self._token = granted.token
            self._good_until = now + granted.lasts_s - min(_EARLY_S, granted.lasts_s / 10)
            self._keep_until = now + _PAUSE_S if was_good else 0.0
            return self._token
