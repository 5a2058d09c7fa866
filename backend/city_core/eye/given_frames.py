"""Frames as a source announces them: read and checked one by one, before any picture is read."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from city_core.kit.instants import checked_instant
from city_core.kit.problems import CityProblem
from city_core.places.given import GivenPoint, PointSource, checked_wgs84

MOST_FRAMES = 50
MOST_LIST_BYTES = 64_000
OLDEST = timedelta(days=7)  # less than a frame is kept: one that comes again is still known
_AHEAD = timedelta(minutes=5)
_NAME = re.compile(r"[A-Za-z0-9._:-]{1,64}")


@dataclass(frozen=True)
class GivenFrame:
    """One frame as its source announces it; without a point, its camera stands where it stood."""

    frame_id: str
    camera_id: str
    taken_at: datetime
    point: GivenPoint | None
    heading: float | None
    flight_id: str | None


@dataclass(frozen=True)
class Outcome:
    """What became of one frame: ACCEPTED, DUPLICATE, THINNED or REFUSED with a problem."""

    frame_id: str
    outcome: str
    problem: CityProblem | None = None


def refused(frame_id: str, problem: CityProblem) -> Outcome:
    """Say that a frame was refused, and why."""
    return Outcome(frame_id, "REFUSED", problem)


def read_list(data: bytes, now: datetime) -> tuple[list[GivenFrame], list[Outcome]]:
    """Read the list of a request: the frames that are well formed, and the refusals of the others.

    A list that is none, that is too long, or that names a frame twice is refused whole.
    """
    try:
        rows = orjson.loads(data)
    except ValueError as error:
        raise CityProblem("REQUEST_INVALID", field="frames", allowed="a JSON list") from error
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_FRAMES:
        raise CityProblem("REQUEST_INVALID", field="frames", allowed=f"a JSON list of 1 to {MOST_FRAMES}")
    ids = [_name(row, "frameId") for row in rows]
    if len(set(ids)) < len(ids):
        raise CityProblem("REQUEST_INVALID", field="frameId", allowed="each frame once a request")
    frames: list[GivenFrame] = []
    outcomes: list[Outcome] = []
    for frame_id, row in zip(ids, rows, strict=True):
        try:
            frames.append(_frame(frame_id, row, now))
        except CityProblem as problem:
            outcomes.append(refused(frame_id, problem))
    return frames, outcomes


def _frame(frame_id: str, row: Mapping[str, Any], now: datetime) -> GivenFrame:
    flight_id = None if row.get("flightId") is None else _name(row, "flightId")
    return GivenFrame(
        frame_id,
        _name(row, "cameraId"),
        _instant(row.get("takenAt"), now),
        _point(row),
        None if row.get("heading") is None else _number(row, "heading", 0, 360),
        flight_id,
    )


def _name(row: Any, field: str) -> str:
    value = row.get(field) if isinstance(row, dict) else None
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise CityProblem("REQUEST_INVALID", field=field, allowed="1 to 64 of A-Z a-z 0-9 . _ : -")
    return value


def _instant(value: Any, now: datetime) -> datetime:
    allowed = "an instant with its offset from UTC, of the last 7 days"
    try:
        at = checked_instant(datetime.fromisoformat(value), "takenAt")
    except (TypeError, ValueError) as error:
        raise CityProblem("REQUEST_INVALID", field="takenAt", allowed=allowed) from error
    if at is None or not now - OLDEST <= at <= now + _AHEAD:
        raise CityProblem("REQUEST_INVALID", field="takenAt", allowed=allowed)
    return at.astimezone(UTC)


def _point(row: Mapping[str, Any]) -> GivenPoint | None:
    if row.get("lng") is None and row.get("lat") is None:
        return None
    datum = row.get("datum", "WGS84")
    if not isinstance(datum, str):
        raise CityProblem("PLACE_INVALID", field="datum", allowed="a datum such as WGS84")
    lng, lat = _number(row, "lng", -180, 180), _number(row, "lat", -90, 90)
    point = GivenPoint(lng, lat, datum, source=PointSource.SENSOR.value)
    checked_wgs84(point)
    return point


def _number(row: Mapping[str, Any], field: str, least: float, most: float) -> float:
    value = row.get(field)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and math.isfinite(found := float(value or 0)) and least <= found <= most:
        return found
    raise CityProblem("REQUEST_INVALID", field=field, allowed=f"a number from {least} to {most}")
