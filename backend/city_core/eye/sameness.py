"""What counts as the same thing: boxes that overlap in one camera's picture, or places near each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from city_core.eye.rules import EyeRule
from city_core.kit.geo import distance_m

Row = Mapping[str, Any]


def overlap(one: Row, other: Row) -> float:
    """Measure how far two boxes cover each other: their common area in parts of the area of both (IoU)."""
    width = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
    height = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
    common = max(width, 0.0) * max(height, 0.0)
    both = one["width"] * one["height"] + other["width"] * other["height"] - common
    return common / both if both > 0 else 0.0


def is_in_time(event: Row, taken_at: datetime, rule: EyeRule) -> bool:
    """Tell whether a find is near enough in time to an event, before or after it."""
    span = rule.same_event_within
    return bool(event["first_seen_at"] - span <= taken_at <= event["last_seen_at"] + span)


def same_event(
    events: Iterable[dict[str, Any]], frame: Row, box: Row, rule: EyeRule
) -> dict[str, Any] | None:
    """Choose the event that a find shows again, the likeliest one; None when it shows something new.

    A box that one camera turned away from and back to need not overlap the last one; the best one counts too.
    """
    found: dict[str, Any] | None = None
    most = 0.0
    for event in events:
        likeness = _likeness(event, frame, box, rule)
        if is_in_time(event, frame["taken_at"], rule) and likeness > most:
            found, most = event, likeness
    return found


def _likeness(event: Row, frame: Row, box: Row, rule: EyeRule) -> float:
    """Give how alike they are, above 0 to 1; 0 where they are not the same."""
    if rule.is_moving:
        apart = distance_m(_point(event["place"]), _point(frame["place"]))
        return 1.0 - apart / (rule.same_event_m + 1) if apart <= rule.same_event_m else 0.0
    most = max(overlap(event["last_box"], box), overlap(event["best"]["box"], box))
    return most if most * 100 >= rule.least_overlap_percent else 0.0


def _point(place: Row) -> tuple[float, float]:
    lng, lat = place["point"]["coordinates"]
    return lng, lat
