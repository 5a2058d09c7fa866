"""A case that passed its check is closed (结案), and with it all its parts."""

from __future__ import annotations

from collections.abc import Sequence

from city_core.cases.acts_by_detection import may_close
from city_core.cases.command import Command, input_hash
from city_core.cases.follow_up import open_follow_up, refuse_open_follow_up
from city_core.cases.joint.assistants import refuse_unanswered
from city_core.cases.joint.children import refuse_part_alone
from city_core.cases.levels.closing import closes_by_rule, refuse_level_that_may_not_close
from city_core.cases.record import Change, Step, change_case
from city_core.cases.together import change_together
from city_core.cases.workflow import Action, State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.text import checked_text
from city_core.kit.work import Claim, WorkItem
from city_core.people.roles import SYSTEM, Actor, Role


async def close_case(city: City, actor: Actor, case_id: str, command: Command, *, opinion: str = "") -> Row:
    """Close a case as the shift leader of a level that may close it."""
    said = checked_text(opinion, field="opinion", most=500)

    async def decide(case: Row) -> Step:
        await refuse_part_alone(city, case)
        await refuse_level_that_may_not_close(city, actor, case)
        await refuse_open_follow_up(city, case)
        return _closing_step(city, case, said)

    mark = input_hash("close", {"opinion": said})
    changes = [Change(case_id, Action.CLOSE, decide), *await _of_parts(city, actor, case_id, said)]
    if len(changes) == 1:
        return await change_case(city, actor, case_id, Action.CLOSE, decide, command=command, mark=mark)
    return (await change_together(city, actor, changes, command=command, mark=mark))[0]


async def close_by_rule(city: City, case_id: str, held: Claim) -> Row | None:
    """Close a case whose check was passed, where the city lets the rule do so; None when it was done."""
    case = await city.database.cases.find_one({"_id": case_id})
    if case is None or case["state"] != State.PENDING_CLOSING or not await closes_by_rule(city, case):
        return None
    if await open_follow_up(city, case) is not None:
        return None
    on_advice = held.input.get("on") == "ADVICE"
    why = await may_close(city, case)
    if on_advice and why is None:
        return None

    async def decide(case: Row) -> Step:
        await refuse_part_alone(city, case)
        await refuse_open_follow_up(city, case)
        return _closing_step(city, case, "", [why] if on_advice and why is not None else ())

    changes = [Change(case_id, Action.CLOSE, decide), *await _of_parts(city, SYSTEM, case_id, "")]
    if len(changes) == 1:
        return await change_case(city, SYSTEM, case_id, Action.CLOSE, decide, finishes=held)
    return (await change_together(city, SYSTEM, changes, finishes=held))[0]


def closing_work(city: City, case: Row) -> list[WorkItem]:
    """Ask the closing rule to look at a case that is ready to be closed; a part waits for the whole case."""
    if not city.settings.auto_close or case["parent_id"] is not None:
        return []
    return [WorkItem("close", f"close:{case['version'] + 1}", city.clock.now())]


def closing_work_on_advice(city: City, case: Row) -> list[WorkItem]:
    """Ask the closing rule to look at a case that detection's advice may close."""
    if case["parent_id"] is not None:
        return []
    return [WorkItem("close", f"close:{case['version'] + 1}", city.clock.now(), {"on": "ADVICE"})]


def _closing_step(city: City, case: Row, opinion: str, reasons: Sequence[Row] = ()) -> Step:
    refuse_unanswered(case)
    return Step({"task": None, "closed_at": city.clock.now()}, opinion=opinion, reasons=reasons)


async def _of_parts(city: City, actor: Actor, case_id: str, opinion: str) -> list[Change]:
    """Close the parts that wait together with the whole case; the others have ended otherwise."""

    async def decide(part: Row) -> Step:
        if actor.role is not Role.SYSTEM:
            await refuse_level_that_may_not_close(city, actor, part)
        return _closing_step(city, part, opinion)

    case = await city.database.cases.find_one({"_id": case_id}, {"child_ids": 1})
    waiting = {"_id": {"$in": (case or {}).get("child_ids", [])}, "state": State.PENDING_CLOSING.value}
    rows = await city.database.cases.find(waiting, {"_id": 1}).sort("_id", 1).to_list(None)
    return [Change(row["_id"], Action.CLOSE, decide) for row in rows]
