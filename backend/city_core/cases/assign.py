"""Finds the person for the next task of a case: who may, who is near, who has least to do."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from city_core.cases.emergency.effects import emergency_route
from city_core.cases.joint.leaders import choose_leader
from city_core.cases.nearest_officers_rules import NEAREST_OFFICER_BOOK
from city_core.cases.reasons import Why, reason
from city_core.cases.record import doers_kept_apart
from city_core.cases.route_case import route_case
from city_core.cases.routing import Choice, choose_person
from city_core.cases.routing_rules import Routed
from city_core.cases.workflow import OPEN_STATES, Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.rulebook.store import open_rules
from city_core.people.queries import inspectors_of, leaders_of, officers_of

_TASK_OF = {Action.VERIFY: "VERIFY", Action.PASS_CHECK: "CHECK"}


async def assign_inspector(city: City, case: Row, action: Action) -> tuple[Row, Choice]:
    """Choose the inspector who verifies or checks a case; answers the task, unassigned if nobody fits."""
    place = case["place"]
    candidates = await inspectors_of(city, place["responsibility_grid_id"], place["street_code"])
    choice = await _choose(city, case, candidates, doers_kept_apart(case, action))
    return task_row(city, case, _TASK_OF[action], choice.id, None), choice


async def assign_department(city: City, case: Row) -> Routed:
    """Choose the department of a case: an emergency's, else by the rules of its level, or say why none."""
    sent = await emergency_route(city, case)
    if sent is not None:
        return Routed(sent.id, sent.reason, case["rules"].get("routing", 0))
    return await route_case(city, case)


async def assign_leader(city: City, case: Row) -> tuple[Row, Choice]:
    """Choose the leader who decides on a case; answers the task, unassigned if nobody is on duty."""
    candidates = await leaders_of(city, case["place"]["street_code"])
    choice = choose_leader(candidates, kept_apart=doers_kept_apart(case, Action.DECIDE_DEPARTMENT))
    return task_row(city, case, "DECIDE", choice.id, None), choice


async def assign_officer(city: City, case: Row, department_id: str) -> Choice:
    """Choose the officer of a department who handles a case."""
    candidates = await officers_of(city, department_id)
    return await _choose(city, case, candidates, doers_kept_apart(case, Action.REPORT_HANDLED))


async def assign_routed_officer(city: City, case: Row, routed: Routed) -> tuple[Choice, list[dict[str, Any]]]:
    """Choose among the people whom the routing rule names; when none can come, anybody of the department.

    Answers the choice and the reasons for it: that the named people are absent stands on record.
    """
    assert routed.department_id is not None
    candidates = await officers_of(city, routed.department_id)
    apart = doers_kept_apart(case, Action.REPORT_HANDLED)
    named = [row for row in candidates if row["_id"] in routed.officer_ids and row["_id"] not in apart]
    choice = await _choose(city, case, named or candidates, apart)
    if routed.officer_ids and not named:
        absent = reason(Why.NAMED_ABSENT, officer_ids=list(routed.officer_ids))
        return choice, [absent, choice.reason]
    return choice, [choice.reason]


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


async def open_tasks_of(city: City, person_ids: Collection[str]) -> dict[str, int]:
    """Count the open tasks of some people; who has none is left out."""
    pipeline: list[dict[str, Any]] = [
        {"$match": {"task.assignee_id": {"$in": sorted(person_ids)}, "state": {"$in": sorted(OPEN_STATES)}}},
        {"$group": {"_id": "$task.assignee_id", "count": {"$sum": 1}}},
    ]
    return {row["_id"]: row["count"] async for row in city.database.cases.aggregate(pipeline)}


async def _choose(city: City, case: Row, candidates: list[Row], apart: Collection[str]) -> Choice:
    place = case["place"]
    return choose_person(
        candidates,
        place["point"]["coordinates"],
        await open_tasks_of(city, [row["_id"] for row in candidates]),
        street_code=place["street_code"],
        at=city.clock.now(),
        weights=(await open_rules(city, NEAREST_OFFICER_BOOK)).rules,
        kept_apart=apart,
    )
