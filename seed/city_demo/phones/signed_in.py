"""How a phone stays signed in: it keeps its tokens and has them renewed before they run out."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

_AHEAD_S = 60.0
_RENEWED_S = 30.0
Ask = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]


class SignIn:
    """The tokens of one phone; one renewal at a time, and the same one again when its answer was lost."""

    def __init__(self) -> None:
        self.device_id = str(uuid.uuid4())
        self.token: str | None = None
        self._refresh_token: str | None = None
        self._due = 0.0
        self._renewed = float("-inf")
        self._door = asyncio.Lock()

    def keep(self, answer: Mapping[str, Any]) -> None:
        """Keep what the city answered when this phone signed in or renewed."""
        expires = datetime.fromisoformat(str(answer["expiresAt"]).replace("Z", "+00:00"))
        lasts = (expires - datetime.now(UTC)).total_seconds()
        self.token = str(answer["token"])
        self._refresh_token = answer.get("refreshToken")
        self._due = time.monotonic() + lasts - min(_AHEAD_S, lasts / 2)
        self._renewed = time.monotonic()

    @property
    def is_due(self) -> bool:
        """Whether the access token runs out soon."""
        return self._refresh_token is not None and time.monotonic() >= self._due

    @property
    def may_be_renewed(self) -> bool:
        """Whether a refused token is worth a renewal: one that is fresh was refused for another reason."""
        return self._refresh_token is not None and time.monotonic() - self._renewed > _RENEWED_S

    async def renew(self, ask: Ask) -> None:
        """Have the tokens renewed, unless somebody else just did."""
        used = self._refresh_token
        async with self._door:
            if used is not None and used == self._refresh_token:
                self.keep(await ask({"refreshToken": used, "deviceId": self.device_id}))
