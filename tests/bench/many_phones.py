"""Many phones that ask at one moment, each over a connection of its own: as light as a client can be.

A client with a pool spends minutes on choosing among two thousand connections; what it measured was itself.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

_OPENED_AT_ONCE = 100


@dataclass
class Heard:
    """One answer: its status, its headers in lower case, its body, and the seconds until its first byte."""

    status: int
    headers: dict[str, str]
    body: bytes
    took: float

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class _Line(asyncio.Protocol):
    """A connection that sends one request and hears the answer out."""

    ended: asyncio.Future[None]
    asked_at: float = 0.0
    first_at: float = 0.0
    heard: bytearray = field(default_factory=bytearray)
    transport: asyncio.Transport | None = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def ask(self, request: bytes) -> None:
        assert self.transport is not None
        self.asked_at = time.monotonic()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.first_at = self.first_at or time.monotonic()
        self.heard += data

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)

    def answer(self) -> Heard:
        head, _, body = bytes(self.heard).partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        if not first.startswith("HTTP/1.1 "):
            raise ConnectionError("a phone was not answered")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        return Heard(int(first.split()[1]), headers, body, self.first_at - self.asked_at)


async def ask_at_once(host: str, port: int, requests: Sequence[bytes], seconds: float) -> list[Heard]:
    """Open a connection for each request, send all of them at one moment, and hear all answers.

    Raises ConnectionError for one that was not answered, TimeoutError where they last too long.
    """
    loop = asyncio.get_running_loop()
    lines: list[_Line] = []
    for start in range(0, len(requests), _OPENED_AT_ONCE):
        opened = [
            loop.create_connection(lambda: _Line(loop.create_future()), host, port)
            for _ in requests[start : start + _OPENED_AT_ONCE]
        ]
        lines += [line for _, line in await asyncio.gather(*opened)]
    async with asyncio.timeout(seconds):
        for line, request in zip(lines, requests, strict=True):
            line.ask(request)
        await asyncio.gather(*(line.ended for line in lines))
    return [line.answer() for line in lines]


def post(path: str, body: Any, **headers: str) -> bytes:
    """Write a POST with a JSON body, after which the connection ends."""
    text = json.dumps(body).encode()
    given = {
        "host": "city", "connection": "close", "content-type": "application/json",
        "accept-encoding": "identity", "content-length": str(len(text)), **headers,
    }  # fmt: skip
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + text


def bare_get(path: str) -> bytes:
    """Write a GET after which the connection ends."""
    return f"GET {path} HTTP/1.1\r\nhost: city\r\nconnection: close\r\n\r\n".encode()
