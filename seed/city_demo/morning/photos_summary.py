"""Sums up what photos were worth this morning: advice, evidence, copies, machines; counts that were seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from city_demo.morning.looking import Looked
from city_demo.morning.walk import Walk

_REFUSALS = ("PHOTO_NOT_AN_IMAGE", "PHOTO_TOO_COSTLY", "PHOTO_DISGUISED")
_FLAGS = (
    "SAME_PICTURE", "ANOTHER_SCENE", "TAKEN_BEFORE_DISPATCH", "PLACE_DIFFERS", "TAKEN_LONG_AGO", "EDITED",
    "NOT_FROM_APP_CAMERA",
)  # fmt: skip


def photos_summary(walks: Sequence[Walk], looked: Looked | None) -> list[str]:
    """Write the lines about advice, evidence, copies for citizens, and machines."""
    counts = sum((walk.twist.counts for walk in walks), Counter[str]())
    return [
        f"识别 Advice before reports: {_advice(counts)}",
        f"取证 Photos as evidence: {_evidence(counts)}",
        f"隐私 Copies and originals: {_copies(looked)}; {_originals(counts)}",
        f"城市之眼 Machines: {_camera(counts)}; {_flight(counts)}",
    ]


def _advice(counts: Counter[str]) -> str:
    answered = f"{counts['asked']} asked, {counts['proposed']} proposals within {counts['advice_ms']} ms"
    return f"{answered}, taken over {counts['taken_over']}, changed {counts['overruled']}"


def _evidence(counts: Counter[str]) -> str:
    found = [kind for kind in _FLAGS if counts[kind]]
    flags = f"{sum(counts[kind] for kind in found)} flags on an after-photo ({', '.join(found)})"
    checks = f"checks failed {counts['checks_failed']}, then passed {counts['checks_passed']}"
    reasons = ", ".join(f"{code} {counts[code]}" for code in _REFUSALS if counts[code])
    hostile = f"{counts['hostile']} hostile files refused ({reasons}), asked again {counts['asked_again']}"
    return f"{flags}, {checks}; {hostile}"


def _copies(looked: Looked | None) -> str:
    if looked is None:
        return "nobody looked"
    seen = f"{looked.copies} of {looked.asked} public copies opened by link, {looked.bare} without metadata"
    return f"{seen}, {looked.veiled} with veiled parts, {looked.forged} forged links refused"


def _originals(counts: Counter[str]) -> str:
    return f"{counts['originals']} original read with a reason, {counts['readings']} row in the record"


def _camera(counts: Counter[str]) -> str:
    kept = f"{counts['kept']} kept, {counts['thinned']} thinned"
    seen = f"{counts['events']} event of {counts['sightings']} sightings"
    return f"{counts['camera_frames']} frames of a camera ({kept}) → {seen} → {counts['cases']} case"


def _flight(counts: Counter[str]) -> str:
    looked = f"{counts['flight_frames']} frames of a flight, {counts['flight_seen']} looked at"
    found = f"{counts['flight_sightings']} finds, {counts['flight_events']} events"
    return f"{looked}, {found}, {counts['dismissed']} dismissed"
