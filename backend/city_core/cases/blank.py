"""A case on the day it comes in: every field that later steps will fill, still empty."""

from __future__ import annotations

from city_core.kit.mongo import Row


def blank_case() -> Row:
    """Give the fields of a case that nobody has worked on; the model says what they mean."""
    nothing = (
        "number", "type_code", "condition_id", "advice", "after_advice", "verification", "department_id",
        "handler_id", "task", "limit_value", "limit_unit", "filed_at", "deadline_at", "handled_at",
        "closed_at", "rating", "stage_due_at", "stage_yellow_at", "unassigned_since", "red_at", "yellow_at",
        "suspended_until", "suspended_from", "suspended_task", "review", "routing_fault",
        "parent_id", "component_code", "merged_into", "before_merge", "recurrence_of", "emergency_id",
        "tally", "sign",
    )  # fmt: skip
    lists = (
        "photos", "detections", "evidence", "requests", "assistants", "assisting_department_ids", "child_ids",
        "cards", "supervisions", "joined_reports", "recurrence_ids", "history", "work", "to_blur",
    )  # fmt: skip
    noes = ("tally_due", "is_decided", "is_handled_on_spot", "is_forced_close", "is_exempt_from_figures")
    return {
        **dict.fromkeys(nothing),
        **{name: [] for name in lists},
        **dict.fromkeys(noes, False),
        "rework_count": 0,
        "return_count": 0,
        "level": "DISTRICT",
        "rules": {},
        "clocks": {},
    }
