"""How far somebody is, as far as one can tell: a fix 定位 is worth less the older it is.

Pure rules, shared by routing and by the search for the nearest officer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from city_core.kit.geo import distance_m

Row = Mapping[str, Any]


@dataclass(frozen=True)
class WayRule:
    """What an uncertain place counts as, in metres of way.

    Past `fresh_minutes` somebody may have gone on at `drift_m_per_minute`; from `stale_minutes` on nobody
    knows, which counts as `unknown_m`. A place that no phone reported is where they usually are.
    """

    fresh_minutes: int = 10
    stale_minutes: int = 60
    drift_m_per_minute: int = 50
    usual_place_m: int = 1_000
    unknown_m: int = 5_000


@dataclass(frozen=True)
class Way:
    """The way to somebody: `distance_m` as far as it is known, the age of the fix, and what it counts as."""

    distance_m: float | None
    age_minutes: float | None
    counted_m: float


def way_to(person: Row, point: Sequence[float], at: datetime, rule: WayRule) -> Way:
    """Measure the way from a WGS-84 point to where a person was last, and what it counts as now.

    It counts more the older the fix is; what is not known counts as `unknown_m`, or as what it was when
    that is farther.
    """
    place = person.get("last_place")
    if not place:
        return Way(None, None, rule.unknown_m)
    there = place["coordinates"]
    distance = distance_m((there[0], there[1]), (point[0], point[1]))
    age = _age_minutes(person.get("last_place_at"), at)
    doubt = rule.usual_place_m if age is None else _doubt_m(age, rule)
    is_known = age is None or age < rule.stale_minutes
    counted = min(distance + doubt, max(distance, rule.unknown_m))
    return Way(distance if is_known else None, age, counted)


def _age_minutes(reported_at: datetime | None, at: datetime) -> float | None:
    return None if reported_at is None else max(0.0, (at - reported_at).total_seconds() / 60)


def _doubt_m(age_minutes: float, rule: WayRule) -> float:
    if age_minutes >= rule.stale_minutes:
        return math.inf
    return max(0.0, age_minutes - rule.fresh_minutes) * rule.drift_m_per_minute
