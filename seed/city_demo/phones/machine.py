"""A machine that takes pictures by itself: it hands in frames in bulk, with a key and no sign-in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from city_demo.phones.network import open_network
from city_demo.phones.refusals import NoAnswer, Refused

_COME_AGAIN = frozenset({429, 503})
_MOST_TRIES = 10
_LONGEST_PAUSE_S = 3.0


@dataclass(frozen=True)
class Frame:
    """One picture of a machine; the place is WGS-84, degrees."""

    frame_id: str
    camera_id: str
    taken_at: datetime
    place: tuple[float, float]
    picture: bytes
    flight_id: str | None = None

    @property
    def row(self) -> dict[str, Any]:
        lng, lat = self.place
        row = {
            "frameId": self.frame_id, "cameraId": self.camera_id, "takenAt": self.taken_at.isoformat(),
            "lng": lng, "lat": lat,
        }  # fmt: skip
        return row if self.flight_id is None else {**row, "flightId": self.flight_id}


class Machine:
    """One source with its key."""

    def __init__(self, api_url: str, key: str) -> None:
        self._url = f"{api_url.rstrip('/')}/eye/frames"
        self._headers = {"authorization": f"Machine {key}"}

    async def hand_in(self, frames: Sequence[Frame]) -> dict[str, Any]:
        """Hand in frames, 50 at most; gives what became of them. While the city is busy, it comes again."""
        listed = json.dumps([frame.row for frame in frames])
        parts: list[tuple[str, Any]] = [("frames", (None, listed, "application/json"))]
        parts += [(frame.frame_id, ("frame.jpg", frame.picture, "image/jpeg")) for frame in frames]
        async with open_network(1) as way:
            for _ in range(_MOST_TRIES):
                answer = await way.post(self._url, headers=self._headers, files=parts)
                if answer.is_success:
                    return dict(answer.json())
                if answer.status_code not in _COME_AGAIN:
                    raise Refused(answer.json())
                wanted = float(answer.headers.get("retry-after", 1))
                await asyncio.sleep(min(wanted, _LONGEST_PAUSE_S))
        raise NoAnswer(f"{self._url} was busy {_MOST_TRIES} times.")
