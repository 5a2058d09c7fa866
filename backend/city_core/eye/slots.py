"""Thinning: of which moment, or which spot, one frame is kept (抽帧)."""

from __future__ import annotations

import math
from datetime import datetime

from city_core.eye.rules import EyeRule

_METRES_A_DEGREE = 111_320.0
_HEADINGS = 8


def slot_of(
    rule: EyeRule,
    taken_at: datetime,
    point: tuple[float, float],
    flight_id: str | None,
    heading: float | None,
) -> str:
    """Name the slot of a frame; of all frames of one camera with the same slot, one is kept.

    A fixed camera has a slot every so many seconds, one that moves a slot for each spot and time, and a
    flight one for each spot and direction however long it lasts: of a flight only standing still is thinned.
    """
    turn = math.floor(taken_at.timestamp() / rule.seconds_between_frames)
    if flight_id is None and not rule.is_moving:
        return f"t{turn}"
    spot = _spot(point, max(rule.metres_between_frames, 1))
    if flight_id is None:
        return f"m{turn}:{spot}"
    looks = "-" if heading is None else str(round(heading * _HEADINGS / 360) % _HEADINGS)
    return f"f{flight_id}:{spot}:{looks}"


def _spot(point: tuple[float, float], metres: int) -> str:
    lng, lat = point
    # the width of a degree is that of a whole belt, so that neighbours count with the same squares
    belt = math.cos(math.radians(round(lat)))
    east = math.floor(lng * _METRES_A_DEGREE * belt / metres)
    north = math.floor(lat * _METRES_A_DEGREE / metres)
    return f"{east},{north}"
