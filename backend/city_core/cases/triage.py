"""A report goes on: a citizen's is verified on the spot first (核实), an inspector's own is not."""

from __future__ import annotations

from city_core.cases.assign import assign_inspector
from city_core.cases.record import Step, change_case
from city_core.cases.workflow import Action, State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.work import Claim, WorkItem
from city_core.people.roles import SYSTEM


async def triage_report(city: City, case_id: str, held: Claim) -> Row | None:
    """Send a fresh report to verification or straight on to filing; None when that was done already."""

    async def decide(case: Row) -> Step:
        if case["source"] == "INSPECTOR":
            return Step(Action.ADMIT, work=filing_work(city, case))
        task, choice = await assign_inspector(city, case, Action.VERIFY)
        return Step(Action.REQUEST_VERIFICATION, {"task": task}, receiver_id=choice.id, reason=choice.reason)

    state = await city.database.cases.find_one({"_id": case_id}, {"state": 1})
    if state is None or state["state"] != State.REPORTED:
        return None
    return await change_case(city, SYSTEM, case_id, decide, finishes=held)


def filing_work(city: City, case: Row) -> list[WorkItem]:
    """Ask the filing rule to look at a case that has just become ready for filing."""
    if not city.settings.auto_file:
        return []
    return [WorkItem("file", f"file:{case['version'] + 1}", city.clock.now())]
