"""A suspended case goes on where it stood, with whoever had it (恢复办理)."""

from __future__ import annotations

from city_core.cases.command import Command, input_hash
from city_core.cases.record import Step, change_case
from city_core.cases.workflow import Action, State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.text import checked_text
from city_core.kit.work import Claim
from city_core.people.roles import SYSTEM, Actor

NOT_SUSPENDED: Row = {"suspended_until": None, "suspended_from": None, "suspended_task": None}


async def resume_case(city: City, actor: Actor, case_id: str, command: Command, *, opinion: str = "") -> Row:
    """Let a suspended case go on before its time, as a dispatcher or shift leader."""
    said = checked_text(opinion, field="opinion", most=500)

    async def decide(case: Row) -> Step:
        return _resuming_step(case, said)

    mark = input_hash("resume", {"opinion": said})
    return await change_case(city, actor, case_id, Action.RESUME, decide, command=command, mark=mark)


async def resume_by_rule(city: City, case_id: str, held: Claim) -> Row | None:
    """Let a case go on whose suspension is over; None when it goes on already."""
    case = await city.database.cases.find_one({"_id": case_id}, {"state": 1})
    if case is None or case["state"] != State.SUSPENDED:
        return None

    async def decide(case: Row) -> Step:
        return _resuming_step(case, "")

    return await change_case(city, SYSTEM, case_id, Action.RESUME, decide, finishes=held)


def _resuming_step(case: Row, opinion: str) -> Step:
    """Give the task back as it was; its new number has its holder told that it is theirs again."""
    task = case["suspended_task"]
    back = None if task is None else {**task, "seq": case["version"] + 1}
    return Step(
        {**NOT_SUSPENDED, "task": back},
        opinion=opinion,
        to=State(case["suspended_from"]),
        receiver_id=None if task is None else task["assignee_id"],
        drops_work={"resume"},
    )
