"""A part that is done tells the case that it is of (子案办结); the last one moves that to closing."""

from __future__ import annotations

from city_core.cases.close import close_by_rule, closing_work
from city_core.cases.joint.children import READY_STATES, all_ready, children_of, is_noted
from city_core.cases.record import Step, change_case
from city_core.cases.workflow import FINAL_STATES, Action, State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.work import Claim
from city_core.people.roles import SYSTEM


async def child_ready(city: City, child_id: str, held: Claim) -> Row | None:
    """Put a part's word on its parent's record; None when the work item itself is still to be taken off.

    The word is given once, however often this is tried. Whichever part comes last finds all others done: a
    part that is done stays so until its parent is closed or sends it back.
    """
    child = await city.database.cases.find_one({"_id": child_id})
    if child is None or child["state"] not in READY_STATES:
        return None
    parent = await city.database.cases.find_one({"_id": child["parent_id"]}, {"state": 1})
    if parent is None:
        return None
    if parent["state"] in FINAL_STATES:  # closed by force or voided: nobody else closes this part
        return await close_by_rule(city, child_id, held) if city.settings.auto_close else None
    if parent["state"] == State.AWAITING_CHILDREN:
        await _tell(city, parent["_id"], child)
    return None


async def _tell(city: City, parent_id: str, child: Row) -> None:
    async def decide(parent: Row) -> Step:
        parts = await children_of(city, parent["child_ids"])
        is_last = all_ready([part["state"] for part in parts])
        if is_noted(parent, child["_id"]) and not is_last:
            raise CityProblem("STEP_NOT_POSSIBLE", allowed="once for each part")
        facts = {"child_id": child["_id"], "number": child["number"], "state": child["state"]}
        if not is_last:
            return Step(facts=facts)
        passed = [part for part in parts if part["state"] in (State.PENDING_CLOSING, State.CLOSED)]
        return Step(
            {"handled_at": city.clock.now()},
            facts=facts,
            to=State.PENDING_CLOSING,
            work=closing_work(city, parent) if passed else [],  # if none was handled, a person looks at it
        )

    await change_case(city, SYSTEM, parent_id, Action.CHILD_READY, decide)
