"""The rows of what there is one of in each street; the words of the far one are secrets."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.api.policy.seeded_messages import climbed
from tests.api.support import new_uuid
from tests.village import COMMUNITY, GRID, INSIDE, RESPONSIBILITY, STREET

FAR, FAR_COMMUNITY, FAR_GRID, FAR_RESPONSIBILITY = (
    "370303002", "370303002001", "370303002001001", "37030300200101",
)  # fmt: skip
THERE = (118.075, 36.805)
OWN, FOREIGN, MISSING = "own", "foreign", "missing"
SECRET = "SECRET"
DEPUTIES = {OWN: "inspector-2", FOREIGN: "inspector-far-too"}


def place_of(*, near: bool) -> dict[str, Any]:
    """Say where things of one of the two streets are."""
    return {
        "street_code": STREET if near else FAR, "grid_code": GRID if near else FAR_GRID,
        "community_code": COMMUNITY if near else FAR_COMMUNITY,
        "responsibility_grid_id": RESPONSIBILITY if near else FAR_RESPONSIBILITY,
        "point": {"type": "Point", "coordinates": list(INSIDE if near else THERE)},
    }  # fmt: skip


def things(
    whose: str, place: dict[str, Any], case_id: str, now: datetime
) -> dict[tuple[str, str], dict[str, Any]]:
    """Make a row of each kind, by its collection and by the name that inputs have for its id."""
    is_far = whose == FOREIGN
    said = (lambda kind: f"{SECRET}_{kind}") if is_far else (lambda kind: "平常")
    person, street = ("citizen-far" if is_far else "citizen-1"), place["street_code"]
    return {
        ("inbox_messages", "messageId"): {
            "person_id": person, "kind": "TASK_ASSIGNED", "case_id": case_id, "seq": 1, "created_at": now,
            "read_at": None, **climbed(now),
        },
        ("grid_elements", "elementId"): {
            **place, "kind": "PERSON", "code": "P-1", "name_zh": said("PERSON"), "note": said("PERSON"),
            "category": "", "state": "IN_USE", "version": 1, "updated_at": now, "history": [],
            "is_invented": True,
        },
        ("original_readings", "readingId"): {
            "client_id": new_uuid(), "media_id": "3" * 32, "case_id": case_id, "street_code": street,
            "person_id": "leader-of-shift", "role": "SHIFT_LEADER", "session_id": "s", "device_id": "",
            "origin": "web", "address": "", "reason": said("READING"), "read_at": now,
            "link_expires_at": now, "openings": 1, "opened_at": now, "last_opened_at": now,
        },
        ("absences", "absenceId"): {
            "person_id": "inspector-far" if is_far else "inspector-1", "starts_at": now, "set_by": "leader-1",
            "ends_at": now + timedelta(days=1), "reason": said("ABSENCE"), "set_at": now,
            "deputy_id": DEPUTIES[whose], "ended_at": None, "client_id": new_uuid(), "input_hash": "h",
        },
    }  # fmt: skip
