"""A filed case is dispatched (派遣) to a department and to one officer there."""

from __future__ import annotations

from typing import Any

from city_core.cases.assign import assign_department, assign_officer, assign_routed_officer, task_row
from city_core.cases.command import Command, input_hash
from city_core.cases.note_routing_fault import note_routing_fault
from city_core.cases.reasons import Why, reason
from city_core.cases.record import Step, change_case, doers_kept_apart
from city_core.cases.routing import Choice
from city_core.cases.routing_rules import Routed
from city_core.cases.workflow import Action, State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.kit.work import Claim
from city_core.people.queries import officer
from city_core.people.roles import SYSTEM, Actor


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
        if officer_id is not None:
            return await _step_to_officer(city, case, department_id, officer_id, said)
        if department_id is not None:
            return await _step_to_department(city, case, department_id, said)
        return await _routed_step(city, case, await assign_department(city, case), said)

    return await change_case(city, actor, case_id, Action.DISPATCH, decide, command=command, mark=mark)


async def dispatch_by_rule(city: City, case_id: str, held: Claim) -> Row | None:
    """Dispatch a freshly filed case, or put on record why no rule can: then a dispatcher has to."""
    case = await city.database.cases.find_one({"_id": case_id})
    if case is None or case["state"] != State.FILED or case["type_code"] is None:
        return None
    routed = await assign_department(city, case)
    if routed.is_fault:
        return await note_routing_fault(city, case_id, held, routed)
    seen = case["version"]

    async def decide(case: Row) -> Step:
        fresh = routed if case["version"] == seen else await assign_department(city, case)
        return await _routed_step(city, case, fresh, "")

    return await change_case(city, SYSTEM, case_id, Action.DISPATCH, decide, finishes=held)


async def _routed_step(city: City, case: Row, routed: Routed, opinion: str) -> Step:
    if routed.department_id is None:
        why = f"name one: {routed.reason['why']}"
        raise CityProblem("ROUTING_FAULT", field="departmentId", allowed=why)
    person, reasons = await assign_routed_officer(city, case, routed)
    rules = {"rules": {**case["rules"], "routing": routed.version}}
    return _sent_to(city, case, routed.department_id, person.id, [routed.reason, *reasons], opinion, rules)


async def _step_to_department(city: City, case: Row, department_id: str, opinion: str) -> Step:
    standing = {"_id": department_id, "disabled": {"$ne": True}}
    if await city.database.departments.find_one(standing, {"_id": 1}) is None:
        raise CityProblem("DEPARTMENT_UNKNOWN", field="departmentId", allowed="an id of departments")
    person = await assign_officer(city, case, department_id)
    reasons = [reason(Why.BY_HAND), person.reason]
    return _sent_to(city, case, department_id, person.id, reasons, opinion, {})


async def _step_to_officer(
    city: City, case: Row, department_id: str | None, officer_id: str, opinion: str
) -> Step:
    department, person = await _named_officer(city, case, department_id, officer_id)
    reasons = [department.reason, person.reason]
    return _sent_to(city, case, department.id, person.id, reasons, opinion, {})


def _sent_to(
    city: City,
    case: Row,
    department_id: str | None,
    person_id: str | None,
    reasons: list[dict[str, Any]],
    opinion: str,
    more: Row,
) -> Step:
    task = task_row(city, case, "HANDLE", person_id, department_id)
    changes = {"department_id": department_id, "handler_id": None, "task": task, "routing_fault": None}
    return Step(
        {**changes, **more},
        opinion=opinion,
        receiver_id=person_id,
        receiver_department_id=department_id,
        reasons=reasons,
    )


async def _named_officer(
    city: City, case: Row, department_id: str | None, officer_id: str
) -> tuple[Choice, Choice]:
    person = await officer(city, officer_id)
    if person is None or department_id not in (None, person["department_id"]):
        raise CityProblem("PERSON_UNKNOWN", field="officerId", allowed="an officer of the department")
    if officer_id in doers_kept_apart(case, Action.REPORT_HANDLED):
        raise CityProblem("SEPARATION_OF_DUTIES", field="officerId", allowed="somebody without another duty")
    return Choice(person["department_id"], reason(Why.BY_HAND)), Choice(officer_id, reason(Why.BY_HAND))
