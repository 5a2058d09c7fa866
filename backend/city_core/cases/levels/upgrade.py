"""A level passes a case up (上报上级): by hand, when its own time is used up, or when nobody there has it."""

from __future__ import annotations

from collections.abc import Sequence

from city_core.cases.command import Command, input_hash
from city_core.cases.levels.move import to_level
from city_core.cases.levels.rules import Level, above
from city_core.cases.levels.timeout import level_due_at
from city_core.cases.reasons import Why, reason
from city_core.cases.record import Step, change_case
from city_core.cases.tasks_of import check_holds_task
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_opinion
from city_core.kit.work import Claim
from city_core.people.roles import SYSTEM, Actor, Role


async def upgrade_case(city: City, actor: Actor, case_id: str, command: Command, *, opinion: str) -> Row:
    """Pass a case up one level, as the officer who holds it or as a seat, with the reason."""
    said = checked_opinion(opinion)

    async def decide(case: Row) -> Step:
        if actor.role is Role.OFFICER:
            _refuse_other_department(case, actor)
        return await to_level(city, case, _next_up(case), opinion=said)

    mark = input_hash("upgrade", {"opinion": said})
    return await change_case(city, actor, case_id, Action.UPGRADE, decide, command=command, mark=mark)


async def upgrade_by_timeout(city: City, case_id: str, held: Claim) -> Row | None:
    """Pass a case up whose level has used up its own time; None when it need not go (any more)."""
    case = await city.database.cases.find_one({"_id": case_id})
    if case is None or not _is_due(city, case):
        return None

    async def decide(case: Row) -> Step:
        if not _is_due(city, case):  # it moved on while this was being done
            raise CityProblem("STEP_NOT_POSSIBLE", allowed="when the time of the level is used up")
        due_at = case["clocks"]["level"]["due_at"]
        why = reason(Why.LEVEL_TIME_USED, level=case["level"], due_at=due_at)
        return await to_level(city, case, _next_up(case), reasons=[why])

    return await change_case(city, SYSTEM, case_id, Action.UPGRADE, decide, finishes=held)


async def upgrade_for_lack(city: City, case_id: str, held: Claim, reasons: Sequence[Row]) -> Row:
    """Pass a case up for which no department answers at its level; why not goes on record."""

    async def decide(case: Row) -> Step:
        why = reason(Why.NOBODY_AT_LEVEL, level=case["level"])
        return await to_level(city, case, _next_up(case), reasons=[why, *reasons])

    return await change_case(city, SYSTEM, case_id, Action.UPGRADE, decide, finishes=held)


def _next_up(case: Row) -> Level:
    level = above(case["level"])
    if level is None:
        raise CityProblem("LEVEL_NOT_POSSIBLE", field="level", allowed="below the district")
    return level


def _is_due(city: City, case: Row) -> bool:
    due_at = level_due_at(case)
    return due_at is not None and due_at <= city.clock.now()


def _refuse_other_department(case: Row, actor: Actor) -> None:
    if case["department_id"] is None or case["department_id"] != actor.department_id:
        raise CityProblem("NOT_YOUR_TASK", allowed="an officer of the department that has the case")
    check_holds_task(case, actor, "HANDLE")
