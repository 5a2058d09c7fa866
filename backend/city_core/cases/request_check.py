"""A handled case is given to an inspector to check (核查)."""

from __future__ import annotations

from city_core.cases.assign import assign_inspector
from city_core.cases.joint.assistants import unanswered
from city_core.cases.record import Step, change_case
from city_core.cases.workflow import Action, State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.work import Claim
from city_core.people.roles import SYSTEM


async def request_check(city: City, case_id: str, held: Claim) -> Row | None:
    """Ask an inspector who neither reported nor handled the case to check it; None when that was done.

    While an assisting department owes its answer nobody checks: the last answer asks for the check again.
    """
    case = await city.database.cases.find_one({"_id": case_id}, {"state": 1, "assistants": 1})
    if case is None or case["state"] != State.HANDLED or unanswered(case):
        return None

    async def decide(case: Row) -> Step:
        if unanswered(case):  # somebody was asked to assist a moment ago
            raise CityProblem("STEP_NOT_POSSIBLE", allowed="when every assisting department has answered")
        task, choice = await assign_inspector(city, case, Action.PASS_CHECK)
        return Step({"task": task}, receiver_id=choice.id, reasons=[choice.reason])

    return await change_case(city, SYSTEM, case_id, Action.REQUEST_CHECK, decide, finishes=held)
