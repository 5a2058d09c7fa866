"""How a test, a phone or the board reads and scripts a fake push service, from any process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import httpx

ANSWER_LIMIT_S = 10.0


class FcmControl:
    """Reads what was pushed and decides how the next pushes end."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._client = httpx.Client(base_url=url, timeout=ANSWER_LIMIT_S, trust_env=False)

    def script(self, token: str, outcomes: Sequence[str]) -> None:
        """The next pushes to this device end like this, then they arrive again.

        An outcome is UNREGISTERED, SENDER_ID_MISMATCH, INVALID_ARGUMENT, QUOTA_EXCEEDED, UNAVAILABLE,
        INTERNAL or hang, with the seconds of Retry-After behind a colon: `QUOTA_EXCEEDED:2`.
        """
        order = {"token": token, "outcomes": list(outcomes)}
        self._client.post("/script", json=order).raise_for_status()

    def received(
        self, since: int = 0, *, token: str | None = None, wait_ms: int = 0, refused_too: bool = False
    ) -> list[dict[str, Any]]:
        """Lists the pushes numbered after `since`, waiting up to `wait_ms` for the first of them."""
        query: dict[str, str | int] = {"since": since, "wait_ms": wait_ms}
        if token is not None:
            query["token"] = token
        if refused_too:
            query["attempts"] = "all"
        answer = self._client.get("/received", params=query, timeout=ANSWER_LIMIT_S + wait_ms / 1000)
        pushes: list[dict[str, Any]] = answer.raise_for_status().json()
        return pushes

    def sign_out_everyone(self) -> None:
        """Makes every access token invalid, as a key rotation does."""
        self._client.post("/sign-out").raise_for_status()

    def sign_ins(self) -> int:
        """Counts how often a backend signed in."""
        return int(self._client.get("/health").raise_for_status().json()["sign_ins"])

    def reset(self) -> None:
        """Forgets pushes and scripts."""
        self._client.post("/reset").raise_for_status()

    def close(self) -> None:
        self._client.close()
