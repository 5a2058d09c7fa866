"""One case is put under the clock that it should have now: that of an emergency, or its normal one."""

from __future__ import annotations

from city_core.cases.emergency.desired import WantedClock, normal_limit, wanted_clock
from city_core.cases.emergency.effects import reason_of
from city_core.cases.emergency.in_force import emergencies_on, with_profile
from city_core.cases.emergency.model import COLLECTION
from city_core.cases.notices import Notice, NoticeKind
from city_core.cases.record import Step, change_case
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import SYSTEM


class _IsAsItShouldBe(Exception):
    pass


async def switch_clock(city: City, case_id: str) -> bool:
    """Switch the clock of a case if it is not the one that it should have; True if it was switched.

    Compared anew on every try, so that a change is written once, however many workers are at it.
    """

    async def decide(case: Row) -> Step:
        normal = normal_limit(case["history"])
        if normal is None:
            raise _IsAsItShouldBe
        wanted = wanted_clock(case["place"], case["type_code"], normal, await emergencies_on(city))
        if wanted.emergency_id == case["emergency_id"]:
            raise _IsAsItShouldBe
        return await _step(city, case, wanted)

    try:
        await change_case(city, SYSTEM, case_id, Action.SWITCH_CLOCK, decide)
    except _IsAsItShouldBe:
        return False
    except CityProblem as problem:
        if problem.code in ("STEP_NOT_POSSIBLE", "CASE_NOT_FOUND"):  # it has ended meanwhile
            return False
        raise
    return True


async def _step(city: City, case: Row, wanted: WantedClock) -> Step:
    limit = wanted.limit
    return Step(
        {"emergency_id": wanted.emergency_id, "limit_value": limit.value, "limit_unit": limit.unit},
        facts={"emergency_id": wanted.emergency_id, "limit": limit.row()},
        reasons=[await _reason(city, case, wanted)],
        tells=_told(case),
    )


async def _reason(city: City, case: Row, wanted: WantedClock) -> Row:
    if wanted.emergency is not None:
        return reason_of(wanted.emergency)
    over = await city.database[COLLECTION].find_one({"_id": case["emergency_id"]}, {"history": 0, "work": 0})
    assert over is not None
    return reason_of(await with_profile(city, over), over=True)


def _told(case: Row) -> list[Notice]:
    task = case["task"]
    if task is None or task["kind"] != "HANDLE" or task["assignee_id"] is None:
        return []
    return [Notice(task["assignee_id"], NoticeKind.LIMIT_CHANGED)]
