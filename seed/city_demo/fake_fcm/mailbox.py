"""What reached the fake push service, in order, and what it was told to answer."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from city_demo.fake_fcm.outcomes import Outcome

DELIVERED = "DELIVERED"


@dataclass(frozen=True)
class Attempt:
    """One message that was sent to one device, and how it ended.

    `received_monotonic` is the machine's monotonic clock in seconds, comparable between processes.
    """

    seq: int
    kind: str
    address: str
    message: dict[str, Any]
    received_at: datetime
    received_monotonic: float
    outcome: str

    def as_json(self) -> dict[str, Any]:
        return {
            "seq": self.seq,
            "token": self.address,
            "kind": self.kind,
            "data": self.message.get("data", {}),
            "message": self.message,
            "received_at": self.received_at.isoformat(),
            "received_monotonic": self.received_monotonic,
            "outcome": self.outcome,
        }


class Mailbox:
    """Keeps every attempt, hands delivered ones to the phones, and follows the scripts."""

    def __init__(self) -> None:
        self._attempts: list[Attempt] = []
        self._scripts: defaultdict[str, deque[Outcome]] = defaultdict(deque)
        self._access_tokens: set[str] = set()
        self.sign_ins = 0
        self._arrived = asyncio.Event()

    def sign_in(self) -> str:
        """Issues an access token."""
        token = f"fake-{secrets.token_urlsafe(16)}"
        self._access_tokens.add(token)
        self.sign_ins += 1
        return token

    def sign_out_everyone(self) -> None:
        """Makes every access token invalid, as a key rotation does."""
        self._access_tokens.clear()

    def is_signed_in(self, access_token: str) -> bool:
        return access_token in self._access_tokens

    def script(self, address: str, outcomes: list[Outcome]) -> None:
        """The next messages to this address end like this, one after the other; later ones arrive."""
        self._scripts[address].extend(outcomes)

    def receive(self, kind: str, address: str, message: dict[str, Any]) -> tuple[int, Outcome | None]:
        """Takes one message; gives its number and the scripted refusal, if there is one."""
        script = self._scripts[address]
        outcome = script.popleft() if script else None
        self._attempts.append(
            Attempt(
                seq=len(self._attempts) + 1,
                kind=kind,
                address=address,
                message=message,
                received_at=datetime.now(UTC),
                received_monotonic=time.monotonic(),
                outcome=outcome.code if outcome else DELIVERED,
            )
        )
        self._arrived.set()
        self._arrived = asyncio.Event()
        return len(self._attempts), outcome

    def since(self, seq: int, *, address: str | None = None, refused_too: bool = False) -> list[Attempt]:
        """Lists what came after the given number: what arrived, or every attempt."""
        return [
            attempt
            for attempt in self._attempts[seq:]
            if (refused_too or attempt.outcome == DELIVERED) and address in (None, attempt.address)
        ]

    async def wait_since(
        self, seq: int, *, address: str | None = None, refused_too: bool = False, wait_s: float = 0
    ) -> list[Attempt]:
        """As `since`, but waits up to the given time for the first one."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                while not (found := self.since(seq, address=address, refused_too=refused_too)):
                    await self._arrived.wait()
                return found
        return self.since(seq, address=address, refused_too=refused_too)

    def reset(self) -> None:
        """Forgets messages and scripts; numbers start again at 1."""
        self._attempts.clear()
        self._scripts.clear()
