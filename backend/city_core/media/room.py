"""Room for photos on their way through this process: many phones at once cannot take all of its memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from city_core.kit.problems import CityProblem
from city_core.settings import Settings

_PEOPLE = 4  # so many would have to take all that they may to fill the room


class Guest:
    """One photo in the room; it takes more as its bytes come."""

    def __init__(self, room: Room, settings: Settings, person_id: str) -> None:
        self._room = room
        self._person_id = person_id
        self._most_bytes = settings.upload_memory_bytes
        self._share_bytes = max(settings.upload_limit_bytes, settings.upload_memory_bytes // _PEOPLE)
        self.taken_bytes = 0

    def take(self, size_bytes: int) -> None:
        """Take room for bytes that have come; BUSY when the process, or this person in it, holds enough."""
        of_person = self._room.of_person[self._person_id]
        is_full = self._room.taken_bytes + size_bytes > self._most_bytes
        if is_full or of_person + size_bytes > self._share_bytes:
            raise CityProblem("BUSY", allowed="the same again in a moment")
        self._count(size_bytes)

    def give_back(self, size_bytes: int) -> None:
        """Give room back for bytes that are kept elsewhere now."""
        self._count(-size_bytes)

    def _count(self, size_bytes: int) -> None:
        self.taken_bytes += size_bytes
        self._room.taken_bytes += size_bytes
        self._room.of_person[self._person_id] += size_bytes
        if not self._room.of_person[self._person_id]:
            del self._room.of_person[self._person_id]


class Room:
    """Counts the bytes of photos that this process holds, in all and for each person."""

    def __init__(self) -> None:
        self.taken_bytes = 0
        self.of_person: Counter[str] = Counter()

    @contextmanager
    def guest(self, settings: Settings, person_id: str) -> Iterator[Guest]:
        """Let one photo of a person in; what it took is free again when it leaves."""
        guest = Guest(self, settings, person_id)
        try:
            yield guest
        finally:
            guest.give_back(guest.taken_bytes)


ROOM = Room()
