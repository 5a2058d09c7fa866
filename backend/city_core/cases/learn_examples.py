"""Every decision of a person on what detection saw becomes a labelled example for the next model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from city_core.cases.learning import WITHDRAWN_STATES
from city_core.detection.classes import class_rules_of
from city_core.detection.examples import lesson_of, lesson_of_rejection
from city_core.detection.keep_examples import keep_examples, withdraw_examples
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.work import Claim
from city_core.media.model import PhotoState

_USES_OF_A_REPORT = ("REPORT", "VERIFY")


async def learn_examples(city: City, held: Claim) -> None:
    """Draw the examples of one step from the photos of its report; repeated, it draws the same ones.

    A case that was taken back meanwhile keeps none: whichever of the two is written last sees the other.
    """
    taught = held.input
    if not taught.get("withdraws"):
        await keep_examples(city, await _examples(city, held.owner_id, taught))
    case = await city.database.cases.find_one({"_id": held.owner_id}, {"state": 1})
    if case is None or case["state"] in WITHDRAWN_STATES:
        await withdraw_examples(city, held.owner_id)


async def _examples(city: City, case_id: str, taught: Mapping[str, Any]) -> list[Row]:
    case = await city.database.cases.find_one({"_id": case_id}, {"photos": 1, "detections": 1})
    if case is None:
        return []
    owners = {p["media_id"]: p["added_by"] for p in case["photos"] if p["use"] in _USES_OF_A_REPORT}
    ready = {"_id": {"$in": list(owners)}, "state": PhotoState.READY}
    photos = {
        photo["_id"]: photo
        async for photo in city.database.photos.find(ready, {"sha256": 1, "owner_id": 1})
        if photo["owner_id"] == owners[photo["_id"]]
    }
    labels = (await class_rules_of(city)).rules.labels_of(taught["type_code"])
    drawn = (
        _example(case_id, photos[seen["media_id"]], seen, taught, labels)
        for seen in case["detections"]
        if seen["media_id"] in photos and not seen.get("given_up")
    )
    return [row for row in drawn if row is not None]


def _example(case_id: str, photo: Row, seen: Row, taught: Mapping[str, Any], labels: list[str]) -> Row | None:
    lesson = lesson_of_rejection() if taught["rejects"] else lesson_of(seen["boxes"], labels)
    if lesson is None:
        return None
    return {
        "_id": f"case:{case_id}:{photo['_id']}",
        "media_id": photo["_id"],
        "sha256": photo["sha256"],
        "verdict": lesson.verdict.value,
        "labels": list(lesson.labels),
        "boxes": [dict(box) for box in lesson.boxes],
        "model_version": seen["model_version"],
        "case_id": case_id,
        "decided_by": taught["decided_by"],
        "decided_at": taught["decided_at"],
        "decided_in_step": taught["step"],
    }
