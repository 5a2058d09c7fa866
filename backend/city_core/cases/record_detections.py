"""What detection saw in the photos of a case is put on record, as advice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from city_core.cases.reasons import Why, reason
from city_core.cases.record import Step, change_case
from city_core.cases.workflow import Action, State
from city_core.catalogue.label_rules import propose
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.work import Claim, WorkItem
from city_core.media.model import PhotoState
from city_core.people.roles import SYSTEM


async def photos_to_look_at(city: City, case_id: str) -> list[str]:
    """List the photos of a case that are ready and that no model has looked at yet."""
    case = await city.database.cases.find_one({"_id": case_id}, {"photos": 1, "detections": 1})
    if case is None:
        return []
    seen = {detection["media_id"] for detection in case["detections"]}
    wanted = {photo["media_id"]: photo["added_by"] for photo in case["photos"]}
    query = {"_id": {"$in": [photo for photo in wanted if photo not in seen]}, "state": PhotoState.READY}
    ready = city.database.photos.find(query, {"owner_id": 1})
    return [photo["_id"] async for photo in ready if photo["owner_id"] == wanted[photo["_id"]]]


async def record_detections(city: City, held: Claim, detections: Sequence[Row]) -> Row | None:
    """Write finds, model and proposal to the case and let a waiting report go on; never decides anything."""

    async def decide(case: Row) -> Step:
        known = {detection["media_id"] for detection in case["detections"]}
        fresh = [row for row in detections if row["media_id"] not in known]
        changes: dict[str, Any] = {"detections": [*case["detections"], *fresh]}
        if case["advice"] is None and (advice := _advice(case, fresh)) is not None:
            changes["advice"] = advice
        goes_on = [WorkItem("triage", "triage:advised", city.clock.now())]
        waits = case["state"] == State.REPORTED
        return Step(changes, reasons=[_summary(fresh)], work=goes_on if waits else ())

    return await change_case(city, SYSTEM, held.owner_id, Action.RECORD_DETECTIONS, decide, finishes=held)


def _advice(case: Row, detections: Sequence[Row]) -> Row | None:
    reported = {photo["media_id"] for photo in case["photos"] if photo["use"] in ("REPORT", "VERIFY")}
    finds = [
        (box["label"], box["confidence"])
        for row in detections
        if row["media_id"] in reported
        for box in row["boxes"]
    ]
    proposal = propose(finds)
    if proposal is None:
        return None
    return {
        "label": proposal.label,
        "confidence": proposal.confidence,
        "type_code": proposal.rule.type_code,
        "condition_id": proposal.rule.condition_id,
        "model_version": detections[0]["model_version"],
        "outcome": "OPEN",
        "decided_by": None,
    }


def _summary(detections: Sequence[Row]) -> Row:
    finds = sorted({box["label"] for row in detections for box in row["boxes"]})
    versions = sorted({row["model_version"] for row in detections})
    return reason(Why.DETECTION, models=versions, labels=finds)
