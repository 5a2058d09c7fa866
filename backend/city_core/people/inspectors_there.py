"""The inspectors on duty for a responsibility grid, as part of a question about the place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from city_core.kit.mongo import Row
from city_core.people.duty import Duty, week_of
from city_core.people.roles import Role

_FIELDS = {
    "name": 1, "role": 1, "department_id": 1, "on_duty": 1, "disabled": 1, "shifts": 1, "absences": 1,
}  # fmt: skip


def look_up_inspectors(at: datetime) -> Row:
    """Give the stage that adds the inspectors of a row's responsibility grid, with shifts and absences."""
    begins, ends = week_of(at)
    theirs = {"localField": "_id", "foreignField": "person_id"}
    this_week = {"starts_at": {"$lt": ends}, "ends_at": {"$gt": begins}}
    now = {"starts_at": {"$lte": at}, "ends_at": {"$gt": at}, "ended_at": None}
    return {"$lookup": {
        "from": "people",
        "localField": "responsibility_grid_id",
        "foreignField": "responsibility_grid_ids",
        "pipeline": [
            {"$match": {"role": Role.INSPECTOR.value, "on_duty": True, "disabled": False}},
            {"$lookup": {"from": "shifts", **theirs, "pipeline": [{"$match": this_week}], "as": "shifts"}},
            {"$lookup": {"from": "absences", **theirs, "pipeline": [{"$match": now}], "as": "absences"}},
            {"$project": _FIELDS},
            {"$sort": {"_id": 1}},
        ],
        "as": "inspectors",
    }}  # fmt: skip


def on_duty_there(inspectors: Sequence[Row], at: datetime) -> list[Row]:
    """Keep those whom one may turn to now, each with the end of their shift where one is planned."""
    duty = Duty(
        {row["_id"]: row["shifts"] for row in inspectors},
        {row["_id"]: row["absences"] for row in inspectors},
    )
    return [
        {
            **{name: row.get(name) for name in ("_id", "name", "role", "department_id")},
            "shift_ends_at": shift["ends_at"] if (shift := duty.shift_of(row["_id"], at)) else None,
        }
        for row in inspectors
        if duty.may_be_told(row, at)
    ]
