"""Finds the person for the next task of a case: who may, who is near, who has least to do."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from city_core.cases.emergency.effects import emergency_route
from city_core.cases.record import doers_kept_apart
from city_core.cases.routing import Choice, choose_department, choose_person
from city_core.cases.workflow import OPEN_STATES, Action
from city_core.catalogue.catalogue import catalogue_of
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.queries import departments, inspectors_of, officers_of

_TASK_OF = {Action.VERIFY: "VERIFY", Action.PASS_CHECK: "CHECK"}


async def assign_inspector(city: City, case: Row, action: Action) -> tuple[Row, Choice]:
    """Choose the inspector who verifies or checks a case; answers the task, unassigned if nobody fits."""
    place = case["place"]
    candidates = await inspectors_of(city, place["responsibility_grid_id"], place["street_code"])
    choice = await _choose(city, case, candidates, doers_kept_apart(case, action))
    return task_row(city, case, _TASK_OF[action], choice.id, None), choice


async def assign_department(city: City, case: Row) -> Choice:
    """Choose the department that answers for a case, by type and street; an emergency's route comes first."""
    sent = await emergency_route(city, case)
    if sent is not None:
        return sent
    type_code = (await catalogue_of(city)).rules.handled_as(case["type_code"])
    return choose_department(type_code, case["place"]["street_code"], await departments(city))


async def assign_officer(city: City, case: Row, department_id: str) -> Choice:
    """Choose the officer of a department who handles a case."""
    candidates = await officers_of(city, department_id)
    return await _choose(city, case, candidates, doers_kept_apart(case, Action.REPORT_HANDLED))


def task_row(city: City, case: Row, kind: str, assignee_id: str | None, department_id: str | None) -> Row:
    """Write down what somebody is asked to do with a case, as the step that is being taken."""
    return {
        "kind": kind,
        "seq": case["version"] + 1,
        "assignee_id": assignee_id,
        "department_id": department_id,
        "assigned_at": city.clock.now(),
        "accepted_at": None,
    }


async def _choose(city: City, case: Row, candidates: list[Row], apart: Collection[str]) -> Choice:
    place = case["place"]
    return choose_person(
        candidates,
        place["point"]["coordinates"],
        await _open_tasks_of(city, [row["_id"] for row in candidates]),
        street_code=place["street_code"],
        kept_apart=apart,
    )


async def _open_tasks_of(city: City, person_ids: list[str]) -> dict[str, int]:
    pipeline: list[dict[str, Any]] = [
        {"$match": {"task.assignee_id": {"$in": person_ids}, "state": {"$in": sorted(OPEN_STATES)}}},
        {"$group": {"_id": "$task.assignee_id", "count": {"$sum": 1}}},
    ]
    return {row["_id"]: row["count"] async for row in city.database.cases.aggregate(pipeline)}
