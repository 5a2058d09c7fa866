"""A bad network between one phone and the city: connections break, answers are lost on their way."""

from __future__ import annotations

import asyncio
from typing import Self
from urllib.parse import urlsplit

_PIECE_BYTES = 8_192
_PIECE_TAKES_S = 0.01


class BadLink:
    """Passes bytes on to the city, slowly, until it breaks; what the phone had sent by then arrived.

    `cut_after_bytes`: each connection breaks once so many bytes of the phone went through; None: none does.
    `lose_answers`: so many of the next answers never reach the phone; can be set at any time.
    """

    def __init__(self, api_url: str, *, cut_after_bytes: int | None = None) -> None:
        self._city = urlsplit(api_url)
        self._cut_after_bytes = cut_after_bytes
        self.lose_answers = 0
        self._open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for to_phone in self._open.values():
            to_phone.transport.abort()
        await asyncio.gather(*self._open, return_exceptions=True)

    @property
    def url(self) -> str:
        """The city's address as this phone has it."""
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"http://{host}:{port}"

    async def _serve(self, phone: asyncio.StreamReader, to_phone: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open[task] = to_phone
        task.add_done_callback(self._open.pop)
        try:
            city, to_city = await asyncio.open_connection(self._city.hostname, self._city.port)
            ways = [
                asyncio.create_task(self._up(phone, to_city)),
                asyncio.create_task(self._down(city, to_phone)),
            ]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
                to_city.close()
        except OSError:
            pass  # a city that is down looks like a network that is
        finally:
            # Not an orderly end: a phone whose network goes sees a reset.
            to_phone.transport.abort()

    async def _up(self, phone: asyncio.StreamReader, to_city: asyncio.StreamWriter) -> None:
        left = self._cut_after_bytes
        while left is None or left > 0:
            data = await phone.read(_PIECE_BYTES if left is None else min(_PIECE_BYTES, left))
            if not data:
                return
            left = None if left is None else left - len(data)
            await asyncio.sleep(_PIECE_TAKES_S)
            to_city.write(data)
            await to_city.drain()

    async def _down(self, city: asyncio.StreamReader, to_phone: asyncio.StreamWriter) -> None:
        while data := await city.read(_PIECE_BYTES):
            if self.lose_answers > 0:
                self.lose_answers -= 1
                return
            to_phone.write(data)
            await to_phone.drain()
