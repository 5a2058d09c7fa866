"""Where somebody of the staff was: what a phone may say about it, and which of its fixes is kept.

Pure rules. Only the latest fix 定位 is kept, and only from while somebody is on duty.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

from city_core.kit.geo import Datum, to_wgs84
from city_core.kit.instants import checked_instant
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem

MOST_FIXES = 50
AHEAD = timedelta(minutes=2)  # how far a phone's clock may be ahead of ours
WORTH_KEEPING = timedelta(hours=12)
_MOST_ACCURACY_M = 100_000


@dataclass(frozen=True)
class Fix:
    """A place as a phone measured it: degrees in a datum, accuracy in metres, and when."""

    lng: float
    lat: float
    at: datetime
    datum: str = "WGS84"
    accuracy_m: float | None = None


def checked_fixes(fixes: Sequence[Fix], now: datetime) -> list[Row]:
    """Accept up to 50 fixes, none from the future; answers each as it is stored, the latest first."""
    if not 1 <= len(fixes) <= MOST_FIXES:
        raise CityProblem("POSITION_INVALID", field="fixes", allowed=f"1 to {MOST_FIXES} fixes")
    return sorted((_stored(fix, now) for fix in fixes), key=lambda row: row["last_place_at"], reverse=True)


def fix_to_keep(rows: Sequence[Row], now: datetime, was_on_duty: Callable[[datetime], bool]) -> Row | None:
    """Choose the latest fix that was taken on duty and not too long ago; None where there is none."""
    fresh = (row for row in rows if now - row["last_place_at"] <= WORTH_KEEPING)
    return next((row for row in fresh if was_on_duty(row["last_place_at"])), None)


def _stored(fix: Fix, now: datetime) -> Row:
    if fix.datum not in get_args(Datum):
        raise CityProblem("POSITION_INVALID", field="datum", allowed=", ".join(get_args(Datum)))
    if not (math.isfinite(fix.lng) and math.isfinite(fix.lat)):
        raise CityProblem("POSITION_INVALID", field="fixes", allowed="finite degrees")
    if not (-180 <= fix.lng <= 180 and -90 <= fix.lat <= 90):
        raise CityProblem("POSITION_INVALID", field="fixes", allowed="longitude ±180, latitude ±90")
    accuracy = fix.accuracy_m
    if accuracy is not None and not (math.isfinite(accuracy) and 0 <= accuracy <= _MOST_ACCURACY_M):
        raise CityProblem("POSITION_INVALID", field="accuracyM", allowed="0 to 100,000 metres")
    at = checked_instant(fix.at, "at")
    if at is None or at > now + AHEAD:
        raise CityProblem("POSITION_INVALID", field="at", allowed="no later than two minutes from now")
    lng, lat = to_wgs84((fix.lng, fix.lat), fix.datum)  # type: ignore[arg-type]
    return {
        "last_place": {"type": "Point", "coordinates": [lng, lat]},
        "last_place_at": at,
        "last_place_accuracy_m": accuracy,
    }
