"""A stand-in for a service over HTTP: it serves on loopback, answers as told, and keeps what it was sent."""

from __future__ import annotations

import contextlib
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs

from tests.api.support import running

HANG = "hang"
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True)
class Asked:
    """One request."""

    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """A status with a JSON body, or none."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class FakeService:
    """Answers for one service; `orders` say how the next requests for an address end."""

    def __init__(self) -> None:
        self.url = ""
        self.received: list[Any] = []
        self.sign_ins = 0
        self._orders: defaultdict[str, deque[str]] = defaultdict(deque)
        self._tokens: set[str] = set()

    def order(self, address: str, *outcomes: str) -> None:
        """Let the next requests for this address end like this; later ones succeed."""
        self._orders[address].extend(outcomes)

    def next_order(self, address: str) -> str | None:
        return self._orders[address].popleft() if self._orders[address] else None

    def sign_in(self) -> str:
        self.sign_ins += 1
        self._tokens.add(f"access-token-{self.sign_ins}")
        return f"access-token-{self.sign_ins}"

    def is_signed_in(self, token: str) -> bool:
        return token in self._tokens

    def sign_out_everyone(self) -> None:
        """Make every access token invalid."""
        self._tokens.clear()

    def answer(self, asked: Asked) -> Answer | str:
        """Answer one request, or let it hang."""
        raise NotImplementedError

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[Self]:
        async with running(self) as url:  # type: ignore[arg-type]
            self.url = url
            yield self

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return
        answer = self.answer(await _read(scope, receive))
        if isinstance(answer, str):
            while (await receive())["type"] != "http.disconnect":
                pass
            return
        content = b"" if answer.body is None else json.dumps(answer.body).encode()
        headers = [(name.lower().encode(), value.encode()) for name, value in answer.headers.items()]
        headers.append((b"content-length", str(len(content)).encode()))
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": content})


def unwell(order: str) -> Answer | str | None:
    """Read an order that every service knows: `hang`, `busy`, `busy:SECONDS`, `down`."""
    name, _, seconds = order.partition(":")
    if name == HANG:
        return HANG
    if name == "busy":
        return Answer(503, {}, {"Retry-After": seconds} if seconds else {})
    return Answer(500, {}) if name == "down" else None


async def _read(scope: Scope, receive: Receive) -> Asked:
    body = b""
    while True:
        event = await receive()
        body += event.get("body", b"")
        if not event.get("more_body"):
            break
    headers = {name.decode(): value.decode() for name, value in scope["headers"]}
    query = {name: values[-1] for name, values in parse_qs(scope["query_string"].decode()).items()}
    return Asked(scope["path"], headers, query, body)
