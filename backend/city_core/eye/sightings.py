"""What one more look at it makes of an event: counted, surer, shown by its best frames."""

from __future__ import annotations

from typing import Any

from city_core.detection.classes import ClassRule
from city_core.eye.model import EventState
from city_core.eye.rules import EyeRule
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import Row
from city_core.kit.work import WorkItem

MOST_PHOTOS = 3
RAISE = "raise_event"


def new_event(
    city: City, frame: Row, box: Row, rule: EyeRule, model_version: str, stands_for: ClassRule
) -> Row:
    """Make the event that a frame shows for the first time."""
    event = {
        "_id": new_id(),
        "version": 1,
        "state": EventState.GLIMPSED.value,
        "label": box["label"],
        "type_code": stands_for.type_code,
        "condition_id": stands_for.condition_id,
        "confidence": box["confidence"],
        "source_id": frame["source_id"],
        "camera_id": frame["camera_id"],
        "flight_id": frame["flight_id"],
        "is_moving": rule.is_moving,
        "place": frame["place"],
        "first_seen_at": frame["taken_at"],
        "last_seen_at": frame["taken_at"],
        "sightings": 1,
        "last_box": box,
        "best": _best(frame, box),
        "photo_ids": [frame["photo_id"]],
        "model_version": model_version,
        "case_id": None,
        "decided_by": None,
        "decided_at": None,
        "reason": None,
        "decide_until": None,
        "history": [],
        "work": [],
    }
    return _raised(city, event, rule)


def another_sighting(city: City, event: Row, frame: Row, box: Row, rule: EyeRule, model_version: str) -> Row:
    """See an event once more; the surest frame becomes its best one, and its place."""
    changed: dict[str, Any] = {
        **event,
        "version": event["version"] + 1,
        "sightings": event["sightings"] + 1,
        "first_seen_at": min(event["first_seen_at"], frame["taken_at"]),
        "last_seen_at": max(event["last_seen_at"], frame["taken_at"]),
        "photo_ids": [*event["photo_ids"], frame["photo_id"]][:MOST_PHOTOS],
    }
    if frame["taken_at"] >= event["last_seen_at"]:
        changed["last_box"] = box
    if box["confidence"] > event["confidence"]:
        others = [photo_id for photo_id in event["photo_ids"] if photo_id != frame["photo_id"]]
        changed |= {
            "confidence": box["confidence"],
            "best": _best(frame, box),
            "photo_ids": [frame["photo_id"], *others][:MOST_PHOTOS],
            "place": frame["place"] if event["case_id"] is None else event["place"],
            "model_version": model_version,
        }
    return _raised(city, changed, rule)


def _best(frame: Row, box: Row) -> Row:
    return {"frame_id": frame["_id"], "photo_id": frame["photo_id"], "box": box}


def _raised(city: City, event: Row, rule: EyeRule) -> Row:
    """Ask for an event to be put before people as soon as it was seen often enough."""
    enough = event["sightings"] >= rule.least_sightings
    asked = any(item["kind"] == RAISE for item in event["work"])
    if event["state"] != EventState.GLIMPSED or not enough or asked:
        return event
    return {**event, "work": [*event["work"], WorkItem(RAISE, RAISE, city.clock.now()).row()]}
