"""Room for photos on their way through this process: many phones at once cannot take all of its memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from city_core.kit.problems import CityProblem


class Guest:
    """One photo in the room; it takes more as its bytes come."""

    def __init__(self, room: Room, most_bytes: int) -> None:
        self._room = room
        self._most_bytes = most_bytes
        self.taken_bytes = 0

    def take(self, size_bytes: int) -> None:
        """Take room for bytes that have come; refuses as BUSY when the process holds enough."""
        if self._room.taken_bytes + size_bytes > self._most_bytes:
            raise CityProblem("BUSY", allowed="the same again in a moment")
        self._room.taken_bytes += size_bytes
        self.taken_bytes += size_bytes

    def give_back(self, size_bytes: int) -> None:
        """Give room back for bytes that are kept elsewhere now."""
        self._room.taken_bytes -= size_bytes
        self.taken_bytes -= size_bytes


class Room:
    """Counts the bytes of photos that this process holds."""

    def __init__(self) -> None:
        self.taken_bytes = 0

    @contextmanager
    def guest(self, most_bytes: int) -> Iterator[Guest]:
        """Let one photo in; what it took is free again when it leaves."""
        guest = Guest(self, most_bytes)
        try:
            yield guest
        finally:
            self.taken_bytes -= guest.taken_bytes


ROOM = Room()
