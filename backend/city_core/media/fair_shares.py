"""Whose photos step aside: who had much of the darkroom's time lets others go first.

A photo may lawfully take seconds, and a person may lawfully send thousands: nobody else is to wait for them.
"""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable

from city_core.kit.city import City
from city_core.media.model import PhotoOrigin, PhotoState

MUCH_SECONDS = 20.0  # of a place in the darkroom; two places have 120 within the window
_WINDOW_SECONDS = 60.0
_REMEMBERED_SECONDS = 0.5


class FairShares:
    """Counts what each person's photos took of the darkroom's time of late, in this process."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._spent: defaultdict[str, deque[tuple[float, float]]] = defaultdict(deque)
        self._asked: tuple[float, frozenset[str], bool] = (float("-inf"), frozenset(), False)

    def note(self, owner_id: str, seconds: float) -> None:
        """Note how long one photo took."""
        self._forget()
        self._spent[owner_id].append((self._now(), seconds))

    def who_had_much(self) -> frozenset[str]:
        """Name those whose photos had more than anybody's share of the last minute."""
        self._forget()
        return frozenset(
            owner_id
            for owner_id, spent in self._spent.items()
            if sum(seconds for _, seconds in spent) > MUCH_SECONDS
        )

    def _forget(self) -> None:
        since = self._now() - _WINDOW_SECONDS
        for owner_id, spent in list(self._spent.items()):
            while spent and spent[0][0] < since:
                spent.popleft()
            if not spent:
                del self._spent[owner_id]

    async def steps_aside(self, city: City, owner_id: str) -> bool:
        """Tell whether a photo waits because its sender had much, and somebody waits who had not."""
        had_much = self.who_had_much()
        if owner_id not in had_much:
            return False
        asked_at, about, others_wait = self._asked
        if self._now() - asked_at > _REMEMBERED_SECONDS or about != had_much:
            others_wait = await _others_wait(city, had_much)
            self._asked = (self._now(), had_much, others_wait)
        return others_wait


async def _others_wait(city: City, had_much: frozenset[str]) -> bool:
    of_others = {
        "origin": PhotoOrigin.PHONE.value,
        "state": PhotoState.RECEIVED.value,
        "owner_id": {"$nin": sorted(had_much)},
    }
    return await city.database.photos.find_one(of_others, {"_id": 1}) is not None


SHARES = FairShares()
