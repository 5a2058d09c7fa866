"""What reaches phones by push: read at the stand-in for the push provider, one long poll for all phones."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import httpx

_POLL_MS = 20_000
_PAUSE_S = 0.5


@dataclass(frozen=True)
class Hint:
    """One push as a phone gets it; `received_monotonic` is this machine's monotonic clock, seconds."""

    token: str
    type: str
    case_id: str
    seq: int
    received_monotonic: float


class Hints:
    """Hands pushes to whoever waits for them, in the order in which they came."""

    def __init__(self, fcm_url: str) -> None:
        self._client = httpx.AsyncClient(base_url=fcm_url, timeout=_POLL_MS / 1000 + 10, trust_env=False)
        self._last = 0
        self._of_case: dict[str, list[Hint]] = defaultdict(list)
        self._arrived = asyncio.Event()
        self._hearers: list[Callable[[Hint], None]] = []
        self._listening: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Forgets what came before and listens from now on."""
        known = await self._receive(wait_ms=0)
        self._last = known[-1]["seq"] if known else 0
        self._listening = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)
        await self._client.aclose()

    def tell(self, hearer: Callable[[Hint], None]) -> None:
        """Have a function called with every push from now on."""
        self._hearers.append(hearer)

    async def wait(self, token: str, case_id: str, *, from_seq: int, seconds: float) -> Hint | None:
        """Wait for the push to one phone about a case at this step or later; None when none came."""
        return await self._wait(case_id, lambda hint: hint.token == token and hint.seq >= from_seq, seconds)

    async def next_task(self, case_id: str, *, after_seq: int, seconds: float) -> Hint | None:
        """Wait for the push that gives somebody a later task of a case; None when none came."""
        return await self._wait(
            case_id, lambda hint: hint.type == "TASK_ASSIGNED" and hint.seq > after_seq, seconds
        )

    async def first(self, case_id: str, kind: str, *, seconds: float) -> Hint | None:
        """Wait for the first push of a kind about a case, to whomever; None when none came."""
        return await self._wait(case_id, lambda hint: hint.type == kind, seconds)

    def received(self, case_id: str) -> list[Hint]:
        """List what has been pushed about a case."""
        return list(self._of_case.get(case_id, ()))

    def forget(self, case_id: str) -> None:
        """Let go of the pushes about a case that is over."""
        self._of_case.pop(case_id, None)

    async def _wait(self, case_id: str, holds: Callable[[Hint], bool], seconds: float) -> Hint | None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    for hint in self._of_case[case_id]:
                        if holds(hint):
                            return hint
                    await self._arrived.wait()
        return None

    async def _listen(self) -> None:
        while True:
            try:
                attempts = await self._receive(wait_ms=_POLL_MS)
            except (httpx.HTTPError, ValueError):
                await asyncio.sleep(_PAUSE_S)
                continue
            for attempt in attempts:
                self._take(attempt)

    async def _receive(self, *, wait_ms: int) -> list[dict[str, Any]]:
        answer = await self._client.get("/received", params={"since": self._last, "wait_ms": wait_ms})
        attempts: list[dict[str, Any]] = answer.raise_for_status().json()
        return attempts

    def _take(self, attempt: dict[str, Any]) -> None:
        self._last = attempt["seq"]
        data = attempt["data"]
        hint = Hint(
            attempt["token"],
            data.get("type", ""),
            data.get("id", ""),
            int(data.get("seq", 0)),
            attempt["received_monotonic"],
        )
        self._of_case[hint.case_id].append(hint)
        for hearer in self._hearers:
            hearer(hint)
        self._arrived.set()
        self._arrived = asyncio.Event()
