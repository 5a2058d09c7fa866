"""A filed case is dispatched (派遣) to a department and to one officer there."""

from __future__ import annotations

from city_core.cases.assign import assign_department, assign_officer, task_row
from city_core.cases.command import Command, input_hash
from city_core.cases.joint.assistants import without_host
from city_core.cases.levels.holders import holds
from city_core.cases.levels.rules import above
from city_core.cases.levels.upgrade import upgrade_for_lack
from city_core.cases.reasons import Why, reason
from city_core.cases.record import Step, change_case, doers_kept_apart
from city_core.cases.routing import Choice
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
        return await dispatch_step(city, case, department_id, officer_id, said)

    return await change_case(city, actor, case_id, Action.DISPATCH, decide, command=command, mark=mark)


async def dispatch_by_rule(city: City, case_id: str, held: Claim) -> Row | None:
    """Dispatch a freshly filed case; None when a dispatcher has to, as no department answers for it.

    A level at which none does passes the case up; a part goes to the department that it was split off for.
    """
    case = await city.database.cases.find_one({"_id": case_id})
    if case is None or case["state"] != State.FILED:
        return None
    named = held.input.get("department_id")
    if case["type_code"] is None:
        return None
    if named is None and (choice := await assign_department(city, case)).id is None:
        if above(case["level"]) is None:
            return None
        return await upgrade_for_lack(city, case_id, held, [choice.reason])

    async def decide(case: Row) -> Step:
        return await dispatch_step(city, case, named, None, "")

    return await change_case(city, SYSTEM, case_id, Action.DISPATCH, decide, finishes=held)


async def dispatch_step(
    city: City, case: Row, department_id: str | None, officer_id: str | None, opinion: str
) -> Step:
    """Give a case to a department of its level and to an officer there, as named or by the rules."""
    department, person = await _chosen(city, case, department_id, officer_id)
    if department_id is not None or officer_id is not None:
        await _refuse_other_level(city, case, department.id)
    if case["is_decided"] and case["department_id"] not in (None, department.id):
        raise CityProblem("CASE_DECIDED", field="departmentId", allowed=case["department_id"])
    task = task_row(city, case, "HANDLE", person.id, department.id)
    return Step(
        {
            "department_id": department.id,
            "handler_id": None,
            "task": task,
            **without_host(case, department.id),
        },
        opinion=opinion,
        receiver_id=person.id,
        receiver_department_id=department.id,
        reasons=[department.reason, person.reason],
    )


async def _refuse_other_level(city: City, case: Row, department_id: str | None) -> None:
    """Keep a case at its one level: a department named by hand has to be of it, too."""
    department = await city.database.departments.find_one({"_id": department_id})
    if department is None or not holds(department, case["level"], case["place"]):
        allowed = f"a department of the level {case['level']}; or pass the case up or down first"
        raise CityProblem("LEVEL_NOT_POSSIBLE", field="departmentId", allowed=allowed)


async def _chosen(
    city: City, case: Row, department_id: str | None, officer_id: str | None
) -> tuple[Choice, Choice]:
    if officer_id is not None:
        return await _named_officer(city, case, department_id, officer_id)
    department = await assign_department(city, case)
    if department_id is not None:
        if await city.database.departments.find_one({"_id": department_id}, {"_id": 1}) is None:
            raise CityProblem("DEPARTMENT_UNKNOWN", field="departmentId", allowed="an id of departments")
        department = Choice(department_id, reason(Why.BY_HAND))
    if department.id is None:
        raise CityProblem("DEPARTMENT_UNKNOWN", field="departmentId", allowed="name one: none is in charge")
    return department, await assign_officer(city, case, department.id)


async def _named_officer(
    city: City, case: Row, department_id: str | None, officer_id: str
) -> tuple[Choice, Choice]:
    person = await officer(city, officer_id)
    if person is None or department_id not in (None, person["department_id"]):
        raise CityProblem("PERSON_UNKNOWN", field="officerId", allowed="an officer of the department")
    if officer_id in doers_kept_apart(case, Action.REPORT_HANDLED):
        raise CityProblem("SEPARATION_OF_DUTIES", field="officerId", allowed="somebody without another duty")
    return Choice(person["department_id"], reason(Why.BY_HAND)), Choice(officer_id, reason(Why.BY_HAND))
