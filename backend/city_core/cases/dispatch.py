"""A filed case is dispatched (派遣) to a department of its level and to one officer there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from city_core.cases.assign import assign_department, assign_officer, assign_routed_officer, task_row
from city_core.cases.command import Command, input_hash
from city_core.cases.joint.assistants import without_host
from city_core.cases.levels.holders import holds
from city_core.cases.levels.rules import above
from city_core.cases.levels.upgrade import upgrade_for_lack
from city_core.cases.note_routing_fault import note_routing_fault
from city_core.cases.reasons import Why, reason
from city_core.cases.record import Step, change_case, doers_kept_apart
from city_core.cases.routing_rules import Routed
from city_core.cases.workflow import Action, State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.kit.work import Claim
from city_core.people.queries import officer
from city_core.people.roles import SYSTEM, Actor


@dataclass(frozen=True)
class _Sent:
    """Where a case goes, and why."""

    department_id: str
    person_id: str | None
    reasons: list[Row]
    changes: Mapping[str, Any] = field(default_factory=dict)


async def dispatch_case(
    city: City,
    actor: Actor,
    case_id: str,
    command: Command,
    *,
    department_id: str | None = None,
    officer_id: str | None = None,
    opinion: str = "",
) -> Row:
    """Dispatch a case as a dispatcher; what is left open, the rules choose."""
    said = checked_text(opinion, field="opinion", most=500)
    mark = input_hash("dispatch", {"to": [department_id, officer_id], "opinion": said})

    async def decide(case: Row) -> Step:
        return await dispatch_step(city, case, department_id, officer_id, said)

    return await change_case(city, actor, case_id, Action.DISPATCH, decide, command=command, mark=mark)


async def dispatch_by_rule(city: City, case_id: str, held: Claim) -> Row | None:
    """Dispatch a freshly filed case, or put on record why no rule can: then a dispatcher has to.

    A level at which nobody answers for it passes the case up; a part goes to the department that it was split
    off for.
    """
    case = await city.database.cases.find_one({"_id": case_id})
    if case is None or case["state"] != State.FILED or case["type_code"] is None:
        return None
    named = held.input.get("department_id")
    routed = None if named is not None else await assign_department(city, case)
    if routed is not None and routed.is_fault:
        if above(case["level"]) is not None:
            return await upgrade_for_lack(city, case_id, held, [routed.reason])
        return await note_routing_fault(city, case_id, held, routed)
    seen = case["version"]

    async def decide(case: Row) -> Step:
        known = routed if case["version"] == seen else None
        return await dispatch_step(city, case, named, None, "", known)

    return await change_case(city, SYSTEM, case_id, Action.DISPATCH, decide, finishes=held)


async def dispatch_step(
    city: City,
    case: Row,
    department_id: str | None,
    officer_id: str | None,
    opinion: str,
    routed: Routed | None = None,
) -> Step:
    """Give a case to a department of its level and to an officer there, as named or by the rules."""
    if officer_id is not None:
        sent = await _to_officer(city, case, department_id, officer_id)
    elif department_id is not None:
        sent = await _to_department(city, case, department_id)
    else:
        sent = await _by_the_rules(city, case, routed or await assign_department(city, case))
    if case["is_decided"] and case["department_id"] not in (None, sent.department_id):
        raise CityProblem("CASE_DECIDED", field="departmentId", allowed=case["department_id"])
    changes = {
        "department_id": sent.department_id,
        "handler_id": None,
        "task": task_row(city, case, "HANDLE", sent.person_id, sent.department_id),
        "routing_fault": None,
        **without_host(case, sent.department_id),
        **sent.changes,
    }
    return Step(
        changes,
        opinion=opinion,
        receiver_id=sent.person_id,
        receiver_department_id=sent.department_id,
        reasons=sent.reasons,
    )


async def _by_the_rules(city: City, case: Row, routed: Routed) -> _Sent:
    if routed.department_id is None:
        why = f"name one: {routed.reason['why']}"
        raise CityProblem("ROUTING_FAULT", field="departmentId", allowed=why)
    person, reasons = await assign_routed_officer(city, case, routed)
    rules = {"rules": {**case["rules"], "routing": routed.version}}
    return _Sent(routed.department_id, person.id, [routed.reason, *reasons], rules)


async def _to_department(city: City, case: Row, department_id: str) -> _Sent:
    await _refuse_other_department(city, case, department_id)
    person = await assign_officer(city, case, department_id)
    return _Sent(department_id, person.id, [reason(Why.BY_HAND), person.reason])


async def _to_officer(city: City, case: Row, department_id: str | None, officer_id: str) -> _Sent:
    person = await officer(city, officer_id)
    if person is None or department_id not in (None, person["department_id"]):
        raise CityProblem("PERSON_UNKNOWN", field="officerId", allowed="an officer of the department")
    if officer_id in doers_kept_apart(case, Action.REPORT_HANDLED):
        raise CityProblem("SEPARATION_OF_DUTIES", field="officerId", allowed="somebody without another duty")
    await _refuse_other_department(city, case, person["department_id"])
    return _Sent(person["department_id"], officer_id, [reason(Why.BY_HAND), reason(Why.BY_HAND)])


async def _refuse_other_department(city: City, case: Row, department_id: str) -> None:
    """Refuse a department that is gone, or not of the one level at which the case is."""
    standing = {"_id": department_id, "disabled": {"$ne": True}}
    department = await city.database.departments.find_one(standing)
    if department is None:
        raise CityProblem("DEPARTMENT_UNKNOWN", field="departmentId", allowed="an id of departments")
    if not holds(department, case["level"], case["place"]):
        allowed = f"a department of the level {case['level']}; or pass the case up or down first"
        raise CityProblem("LEVEL_NOT_POSSIBLE", field="departmentId", allowed=allowed)
