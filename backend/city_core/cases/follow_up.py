"""Two-step cases 两步结案: the danger is removed first, then the thing is repaired (后续立案)."""

from __future__ import annotations

from typing import Any

from city_core.cases.emergency.effects import filing_limit
from city_core.cases.file import limit_of
from city_core.cases.levels.rules import Level, level_rules_of
from city_core.cases.record import Step, change_case
from city_core.cases.workflow import Action, State
from city_core.catalogue.catalogue import CATALOGUE_BOOK, catalogue_of
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.work import Claim, WorkItem
from city_core.people.roles import SYSTEM


async def open_follow_up(city: City, case: Row) -> str | None:
    """Name the condition under which a case has to go on, by the catalogue that it was filed under.

    A split case and its parts are closed together: who splits it says which parts there are.
    """
    if case["parent_id"] is not None or case["child_ids"]:
        return None
    catalogue = (await catalogue_of(city, case["rules"].get(CATALOGUE_BOOK.name, 0))).rules
    condition = catalogue.condition(case["condition_id"] or "")
    return condition["follow_up"] if condition is not None else None


async def refuse_open_follow_up(city: City, case: Row) -> None:
    """Keep a case from being closed whose second step is still to be done."""
    condition_id = await open_follow_up(city, case)
    if condition_id is not None:
        raise CityProblem("FOLLOW_UP_OPEN", allowed=f"once it is done under {condition_id}")


def follow_up_work(city: City, case: Row) -> WorkItem:
    """Have a case go on under its second condition as soon as the check of the first is on record."""
    return WorkItem("follow_up", f"follow_up:{case['version'] + 1}", city.clock.now())


async def file_follow_up(city: City, case_id: str, held: Claim) -> Row | None:
    """File a case anew under its second condition, with a time of its own; None when that is not due."""
    case = await city.database.cases.find_one({"_id": case_id})
    if case is None or case["state"] != State.PENDING_CLOSING or await open_follow_up(city, case) is None:
        return None

    async def decide(case: Row) -> Step:
        condition_id = await open_follow_up(city, case)
        if condition_id is None:
            raise CityProblem("STEP_NOT_POSSIBLE", field="conditionId", allowed="closing it")
        return await _step(city, case, condition_id)

    return await change_case(city, SYSTEM, case_id, Action.FILE_FOLLOW_UP, decide, finishes=held)


async def _step(city: City, case: Row, condition_id: str) -> Step:
    chosen = {"type_code": case["type_code"], "condition_id": condition_id}
    limit = await limit_of(city, case["rules"], chosen, case["place"])
    under = await filing_limit(city, case["place"], case["type_code"], limit)
    terms = (await level_rules_of(city, case["rules"])).terms(case["type_code"])
    changes = {
        "condition_id": condition_id,
        "limit_value": under.limit.value,
        "limit_unit": under.limit.unit,
        "emergency_id": under.emergency_id,
        "handled_at": None,
        "task": None,
    }
    facts: dict[str, Any] = {
        **under.facts, **terms.first_facts(Level(case["level"])), "follow_up_of": case["condition_id"],
    }  # fmt: skip
    return Step(changes, facts=facts, reasons=under.reasons, work=await _dispatch_work(city, case))


async def _dispatch_work(city: City, case: Row) -> list[WorkItem]:
    """Have it sent to the department that removed the danger, or as the rules say if that is gone."""
    if not city.settings.auto_dispatch:
        return []
    standing = {"_id": case["department_id"], "disabled": {"$ne": True}}
    is_there = await city.database.departments.find_one(standing, {"_id": 1}) is not None
    named = {"department_id": case["department_id"]} if is_there else {}
    return [WorkItem("dispatch", f"dispatch:{case['version'] + 1}", city.clock.now(), named)]
