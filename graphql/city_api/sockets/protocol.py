"""What the server does for phones on bad networks below the application: finds the dead, drops the slow."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

MOST_MESSAGE_BYTES = 256 * 1024
PING_SECONDS = 25.0
# What the system keeps for a phone that does not read; as much again waits in the process.
_MOST_UNSENT_BYTES = 64 * 1024
_PATIENCE_SECONDS = 2.0


class PatientProtocol(WebSocketsSansIOProtocol):
    """Keeps little for a slow phone, and tells even one that does not read why it was let go."""

    _ending: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Begin a connection with a small buffer."""
        super().connection_made(transport)
        opened = transport.get_extra_info("socket")
        if opened is not None:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _MOST_UNSENT_BYTES)

    async def send(self, message: Any) -> None:
        """Send a message; the last word does not wait until the phone has read all others."""
        is_last = message["type"] == "websocket.close" and self.handshake_complete
        if is_last:
            self.writable.set()
        await super().send(message)
        if is_last:
            self._end_after(self.close_timeout + _PATIENCE_SECONDS)

    def keepalive_timeout(self) -> None:
        """Let go of a phone that is gone; without a word, as graphql-ws would not come back after 1011."""
        self.pong_timer = None
        self.close_sent = True
        self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection."""
        if self._ending is not None:
            self._ending.cancel()
        super().connection_lost(exc)

    def _end_after(self, seconds: float) -> None:
        # Closing waits for what is unsent, which a phone that does not read never takes.
        if self._ending is None:
            self._ending = self.loop.call_later(seconds, self.transport.abort)
