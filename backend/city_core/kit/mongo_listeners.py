"""What the driver tells about itself: connections for the metrics, commands for the traces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
    ConnectionCheckedInEvent,
    ConnectionCheckedOutEvent,
    ConnectionClosedEvent,
    ConnectionCreatedEvent,
    ConnectionPoolListener,
)

from city_core.kit.metrics import CONNECTIONS
from city_core.kit.traces import are_on, begin_span, end_span

_MOST_UNDER_WAY = 10_000
_NOT_TOLD = frozenset({"hello", "ping", "isMaster", "endSessions", "killCursors"})


class _Connections(ConnectionPoolListener):
    """Counts connections, open and in use."""

    def __init__(self) -> None:
        self._open = CONNECTIONS.labels("open")
        self._in_use = CONNECTIONS.labels("in_use")

    def connection_created(self, event: ConnectionCreatedEvent) -> None:
        self._open.inc()

    def connection_closed(self, event: ConnectionClosedEvent) -> None:
        self._open.dec()

    def connection_checked_out(self, event: ConnectionCheckedOutEvent) -> None:
        self._in_use.inc()

    def connection_checked_in(self, event: ConnectionCheckedInEvent) -> None:
        self._in_use.dec()

    def _nothing(self, event: Any) -> None:
        return None

    pool_created = pool_ready = pool_cleared = pool_closed = _nothing
    connection_ready = connection_check_out_started = connection_check_out_failed = _nothing


class _Commands(CommandListener):
    """Traces commands by their name and collection; what is asked or found is never told."""

    def __init__(self) -> None:
        self._under_way: dict[int, Any] = {}

    def started(self, event: CommandStartedEvent) -> None:
        name = event.command_name
        if name in _NOT_TOLD or len(self._under_way) >= _MOST_UNDER_WAY:
            return
        about = event.command.get("collection" if name == "getMore" else name)
        words = {"db.system.name": "mongodb", "db.operation.name": name}
        if isinstance(about, str):
            words["db.collection.name"] = about
        begun = begin_span(" ".join(part for part in (name, words.get("db.collection.name")) if part), words)
        if begun is not None:
            self._under_way[event.request_id] = begun

    def succeeded(self, event: CommandSucceededEvent) -> None:
        begun = self._under_way.pop(event.request_id, None)
        if begun is not None:
            end_span(begun)

    def failed(self, event: CommandFailedEvent) -> None:
        begun = self._under_way.pop(event.request_id, None)
        if begun is not None:
            end_span(begun, int(event.failure.get("code") or 0))


def driver_listeners() -> Sequence[ConnectionPoolListener | CommandListener]:
    """Give the listeners of a new client; commands are only listened to where traces are made."""
    return [_Connections(), *([_Commands()] if are_on() else [])]
