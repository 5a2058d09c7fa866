"""Is the problem still to be seen after handling? Advice for who checks 核查, never the check itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from city_core.detection.classes import ClassRule, ClassRules
from city_core.detection.permissions import Measured, sees_it_reliably
from city_core.kit.mongo import Row
from city_core.people.roles import Actor

GONE, STILL_THERE, CANNOT_TELL = "GONE", "STILL_THERE", "CANNOT_TELL"
_AGREES = {(True, GONE): True, (True, STILL_THERE): False, (False, GONE): False, (False, STILL_THERE): True}


def photos_after(case: Row) -> list[Row]:
    """Give the photos of the latest handling, those that were added to it later last.

    Those of an earlier one show what was sent back. A photo that is added does not take the place of the
    others: it would make gone what they show.
    """
    handled = sorted(
        (photo for photo in case["photos"] if photo["use"] == "HANDLE"), key=lambda photo: photo["added_at"]
    )
    latest = handled[-1]["added_at"] if handled else None
    since = min(case.get("handled_at") or latest, latest) if latest is not None else None
    return [photo for photo in handled if photo["added_at"] >= since]


def after_model(case: Row, detections: Sequence[Row]) -> str | None:
    """Name the model that looked at all photos of the latest handling; None where one was not looked at."""
    seen = {row["media_id"]: row["model_version"] for row in detections}
    versions = {seen.get(photo["media_id"]) for photo in photos_after(case)}
    return versions.pop() if len(versions) == 1 else None


def after_advice(
    case: Row, detections: Sequence[Row], rules: ClassRules, measured: Mapping[str, Measured | None]
) -> Row | None:
    """Judge whether the class of a case is still to be seen, once all photos after handling were looked at.

    `measured` holds by label how well that very model finds it. GONE needs more than not seeing it: the same
    model saw it in a photo before, or is known to miss it seldom.
    """
    version, classes = after_model(case, detections), rules.of_type(case["type_code"])
    if version is None or not classes:
        return None
    after = _rows_of(detections, {photo["media_id"] for photo in photos_after(case)})
    before_ids = {photo["media_id"] for photo in case["photos"] if photo["use"] in ("REPORT", "VERIFY")}
    before = [row for row in _rows_of(detections, before_ids) if row["model_version"] == version]
    rule = max(classes, key=lambda one: _surest(before, one) or 0.0)
    verdict, confidence = _verdict(rule, before, after, measured.get(rule.label))
    return {
        "label": rule.label,
        "verdict": verdict,
        "confidence": confidence,
        "model_version": version,
        "outcome": "OPEN",
        "decided_by": None,
        "photos_at": photos_after(case)[-1]["added_at"],
    }


def checked_advice(case: Row, actor: Actor, *, passed: bool) -> Row | None:
    """Note whether the check agreed with the advice about the very photos that it judged."""
    advice: Row | None = case.get("after_advice")
    agrees = _AGREES.get((passed, advice["verdict"])) if advice is not None else None
    if advice is None or agrees is None or not is_about_latest(case, advice):
        return advice
    return {**advice, "outcome": "ACCEPTED" if agrees else "OVERRULED", "decided_by": actor.person_id}


def is_about_latest(case: Row, advice: Row) -> bool:
    """Tell whether advice is about the latest handling, not one that was sent back."""
    photos = photos_after(case)
    return bool(photos) and photos[-1]["added_at"] == advice["photos_at"]


def _verdict(
    rule: ClassRule, before: Sequence[Row], after: Sequence[Row], measured: Measured | None
) -> tuple[str, float | None]:
    still = _surest(after, rule)
    if still is not None:
        return STILL_THERE, still
    if any(row.get("given_up") for row in after):
        return CANNOT_TELL, None
    seen_before = _surest(before, rule)
    if seen_before is not None:
        return GONE, seen_before
    if measured is not None and sees_it_reliably(rule, measured):
        return GONE, measured.recall
    return CANNOT_TELL, None


def _surest(rows: Sequence[Row], rule: ClassRule) -> float | None:
    sure = [
        box["confidence"]
        for row in rows
        for box in row["boxes"]
        if box["label"] == rule.label and box["confidence"] >= rule.least_confidence
    ]
    return max(sure, default=None)


def _rows_of(detections: Sequence[Row], media_ids: set[str]) -> list[Row]:
    return [row for row in detections if row["media_id"] in media_ids]
