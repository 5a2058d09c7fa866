"""What detection saw in the photos of a case is put on record, as advice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from city_core.cases.after_advice import after_advice, after_model, photos_after
from city_core.cases.reasons import Why, reason
from city_core.cases.record import Step, change_case
from city_core.cases.workflow import Action, State
from city_core.detection.classes import ClassRules, class_rules_of
from city_core.detection.models import measured_by
from city_core.detection.queries import ask_to_look, finds_of_photos
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.work import Claim, WorkItem
from city_core.media.ask_for_others import ask_for_others
from city_core.people.roles import SYSTEM


class _NothingNew(Exception):
    """Somebody else has put on record what was seen meanwhile: there is no step to take."""


async def record_detections(city: City, held: Claim) -> Row | None:
    """Write finds, model and proposal to the case and let a waiting report go on; never decides anything.

    None when nothing new was seen in its photos; what is not looked at yet brings this work again.
    """
    seen = await _new_finds(city, held.owner_id)
    if not seen:
        return None

    async def decide(case: Row) -> Step:
        known = {detection["media_id"] for detection in case["detections"]}
        fresh = [row for row in seen if row["media_id"] not in known]
        if not fresh:
            raise _NothingNew
        rules = (await class_rules_of(city)).rules
        changes: dict[str, Any] = {"detections": [*case["detections"], *fresh]}
        if case["advice"] is None and (advice := _advice(case, fresh, rules)) is not None:
            changes["advice"] = advice
        after = await _judged(city, case, fresh, rules)
        if after is not None:
            changes["after_advice"] = after
        goes_on = [WorkItem("triage", "triage:advised", city.clock.now())]
        waits = case["state"] == State.REPORTED
        facts = {"after_advice": after} if after is not None else {}
        return Step(changes, reasons=[_summary(fresh)], work=goes_on if waits else (), facts=facts)

    try:
        return await change_case(city, SYSTEM, held.owner_id, Action.RECORD_DETECTIONS, decide, finishes=held)
    except _NothingNew:
        return None


async def _new_finds(city: City, case_id: str) -> list[Row]:
    """Collect what was seen in those photos of a case whose finds it does not hold yet, in its order."""
    case = await city.database.cases.find_one({"_id": case_id}, {"photos": 1, "detections": 1})
    if case is None:
        return []
    known = {detection["media_id"] for detection in case["detections"]}
    owners = {
        photo["media_id"]: photo["added_by"] for photo in case["photos"] if photo["media_id"] not in known
    }
    finds = await finds_of_photos(city, owners)
    await ask_to_look(city, [media_id for media_id in owners if media_id not in finds])
    await ask_for_others(city, case_id, [media_id for media_id in owners if media_id not in finds])
    fields = ("model_version", "boxes", "given_up", "looked_at")
    return [
        {"media_id": media_id, **{name: finds[media_id][name] for name in fields}}
        for media_id in owners
        if media_id in finds
    ]


async def _judged(city: City, case: Row, fresh: Sequence[Row], rules: ClassRules) -> Row | None:
    """Say whether the problem is still there, when the last photo after handling was looked at."""
    after = {photo["media_id"] for photo in photos_after(case)}
    if not any(row["media_id"] in after for row in fresh):
        return None
    detections = [*case["detections"], *fresh]
    version = after_model(case, detections)
    classes = rules.of_type(case["type_code"]) if version is not None else []
    measured = {rule.label: await measured_by(city, version or "", rule.label) for rule in classes}
    return after_advice(case, detections, rules, measured)


def _advice(case: Row, detections: Sequence[Row], rules: ClassRules) -> Row | None:
    reported = {photo["media_id"] for photo in case["photos"] if photo["use"] in ("REPORT", "VERIFY")}
    finds = [
        (box["label"], box["confidence"], row["model_version"])
        for row in detections
        if row["media_id"] in reported
        for box in row["boxes"]
    ]
    proposal = rules.propose(finds)
    if proposal is None:
        return None
    return {
        "label": proposal.label,
        "confidence": proposal.confidence,
        "type_code": proposal.rule.type_code,
        "condition_id": proposal.rule.condition_id,
        "model_version": proposal.model_version,
        "outcome": "OPEN",
        "decided_by": None,
    }


def _summary(detections: Sequence[Row]) -> Row:
    finds = sorted({box["label"] for row in detections for box in row["boxes"]})
    versions = sorted({row["model_version"] for row in detections})
    return reason(Why.DETECTION, models=versions, labels=finds)
