"""A phone that has sent a part of a photo, and has not come to the rest yet."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from tests.api.tus_phone import PIECE, TusPhone


@dataclass
class Halfway:
    """What was sent of a photo, and where the answer comes."""

    sent: int
    reader: asyncio.StreamReader

    async def answer(self) -> bytes:
        """Hear what the server says, up to the end of the connection."""
        return await self.reader.read()


@contextlib.asynccontextmanager
async def halfway(phone: TusPhone, address: str, sent: int) -> AsyncIterator[Halfway]:
    """Begin to send all of a photo at an address, and keep the rest back."""
    host, port = address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    headers = {
        **PIECE, **phone.auth, "host": host, "upload-offset": "0", "content-length": str(len(phone.data)),
    }  # fmt: skip
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    writer.write(f"PATCH {phone.url} HTTP/1.1\r\n{head}\r\n".encode() + phone.data[:sent])
    await writer.drain()
    try:
        yield Halfway(sent, reader)
    finally:
        writer.transport.abort()
