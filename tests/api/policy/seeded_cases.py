"""What has happened to the two cases of the matrix: each points at the other where a case can."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.api.policy.seeded_rows import FOREIGN, SECRET
from tests.machines import GARBAGE

Row = dict[str, Any]


def happened(whose: str, ids: dict[str, str], now: datetime) -> Row:
    """Give the fields of a case in the hands of a department, with something of everything.

    `ids` names its photo, its component, its emergency and the `other` case.
    """
    is_far = whose == FOREIGN
    said = f"{SECRET}_CASE" if is_far else "平常"
    department, officer = ("far", "inspector-far") if is_far else ("sanitation", "officer-1")
    reporter = "citizen-far" if is_far else "citizen-1"
    leader = "leader-1" if is_far else "leader-of-street"
    task = {
        "kind": "HANDLE", "seq": 2, "assignee_id": officer, "department_id": department, "assigned_at": now,
        "accepted_at": now,
    }  # fmt: skip
    seen = {"label": GARBAGE["label"], "confidence": 0.9, "model_version": "m", "outcome": "OPEN"}
    return {
        "state": "IN_PROGRESS", "number": f"{SECRET}_NUMBER" if is_far else "CASE-1", "task": task,
        "department_id": department,
        "handler_id": officer, "people_involved": [reporter, officer], "filed_at": now, "handled_at": now,
        "deadline_at": now + timedelta(days=3), "limit_value": 3, "limit_unit": "work_day",
        "verification": "EXISTS", "component_code": ids["componentCode"], "recurrence_of": ids["other"],
        "emergency_id": ids["emergencyId"], "routing_fault": None, "suspended_until": now,
        "advice": {**seen, "type_code": "E0110", "condition_id": "E0110-1", "decided_by": None},
        "after_advice": {**seen, "verdict": "GONE", "photos_at": now, "decided_by": None},
        "detections": [
            {"media_id": ids["mediaId"], "model_version": "m", "boxes": [GARBAGE], "given_up": False,
             "looked_at": now},
        ],
        "evidence": [
            {"media_id": ids["mediaId"], "taken_at": now, "distance_m": 40, "similarity": 0.5,
             "compared_with": [],
             "flags": [{"kind": "SAME_PICTURE", "bits": 0, "case_id": ids["other"], "same_sender": False},
                       {"kind": "PLACE_DIFFERS", "distance_m": 400}]},
        ],
        "requests": [
            {"id": "request-0", "kind": "EXTENSION", "asked_by": officer, "asked_role": "OFFICER",
             "department_id": department, "asked_at": now, "reason": said, "value": 1, "unit": "work_day",
             "until": now, "state": "REFUSED",
             "reviews": [{"role": "DISPATCHER", "person_id": "dispatcher-1", "at": now, "approved": False,
                          "opinion": said}]},
        ],
        "assistants": [
            {"department_id": department, "assignee_id": officer, "asked_at": now, "asked": said,
             "answered_at": now, "answered_by": officer, "answer": said},
        ],
        "joined_reports": [
            {"reporter_id": f"{reporter}-too", "source": "CITIZEN", "description": said, "at": now,
             "media_ids": [], "merged_case_id": None, "rating": None},
        ],
        "cards": [
            {"clock": "CASE", "entered_seq": 1, "step": 1, "kind": "YELLOW", "told": [leader], "at": now},
        ],
        "supervisions": [
            {"id": "supervision-0", "kind": "SUPERVISE", "by": leader, "at": now, "to_person_id": officer,
             "text": said, "confirmed_at": None},
        ],
        "rating": {"stars": 4, "comment": said, "at": now}, "red_at": now, "yellow_at": now,
        "history.0.facts": {"emergency_id": ids["emergencyId"], "supervisions": ["supervision-0"]},
        "history.0.opinion": said,
    }  # fmt: skip
