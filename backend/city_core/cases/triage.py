"""A report goes on: citizens' and machines' are verified on the spot first (核实), inspectors' are not."""

from __future__ import annotations

from functools import partial

from city_core.cases.acts_by_detection import may_file
from city_core.cases.assign import assign_inspector
from city_core.cases.record import Step, change_case
from city_core.cases.workflow import Action, State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.work import Claim, WorkItem
from city_core.people.roles import SYSTEM

_ASKED = ("state", "source", "advice", "verification", "type_code")


async def triage_report(city: City, case_id: str, held: Claim) -> Row | None:
    """Send a fresh report to verification or straight on to filing; None when that was done already.

    A citizen's report goes straight on only where finds of its class may file by themselves.
    """

    case = await city.database.cases.find_one({"_id": case_id}, dict.fromkeys(_ASKED, 1))
    if case is None or case["state"] != State.REPORTED:
        return None
    if case["source"] == "INSPECTOR" or (city.settings.auto_file and await may_file(city, case)):
        return await change_case(city, SYSTEM, case_id, Action.ADMIT, partial(_admit, city), finishes=held)
    ask = partial(_ask_for_verification, city)
    return await change_case(city, SYSTEM, case_id, Action.REQUEST_VERIFICATION, ask, finishes=held)


async def _admit(city: City, case: Row) -> Step:
    return Step(work=filing_work(city, case))


async def _ask_for_verification(city: City, case: Row) -> Step:
    task, choice = await assign_inspector(city, case, Action.VERIFY)
    return Step({"task": task}, receiver_id=choice.id, reasons=[choice.reason])


def filing_work(city: City, case: Row) -> list[WorkItem]:
    """Ask the filing rule to look at a case that has just become ready for filing."""
    if not city.settings.auto_file:
        return []
    return [WorkItem("file", f"file:{case['version'] + 1}", city.clock.now())]
