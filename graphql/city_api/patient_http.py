"""What arrived before a link broke is still read: photos in pieces go on from there."""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_MOST_TURNS = 1_000


class PatientHttp(HttpToolsProtocol):
    """Tells the application that a phone is gone only after it has read what the phone had sent.

    uvicorn drops the body that waits as soon as the connection is lost. On a link that delivers in bursts and
    breaks at once, an upload would begin anew each time.
    """

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget a connection once nothing of it waits to be read."""
        self._forget(exc, _MOST_TURNS)

    def _forget(self, exc: Exception | None, turns: int) -> None:
        cycle: Any = self.cycle
        waits = cycle is not None and not cycle.response_complete and bool(cycle.body)
        if waits and turns > 0:
            self.loop.call_later(0.001, self._forget, exc, turns - 1)
        else:
            super().connection_lost(exc)
