"""The officer accepts the task (签收)."""

from __future__ import annotations

from city_core.cases.answered import answered
from city_core.cases.command import Command, input_hash
from city_core.cases.notices import NoticeKind
from city_core.cases.record import Step, change_case
from city_core.cases.tasks_of import check_holds_task
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.roles import Actor


async def accept_task(city: City, actor: Actor, case_id: str, command: Command) -> Row:
    """Take a dispatched case, or one that came back for rework, into one's own hands."""

    async def decide(case: Row) -> Step:
        check_holds_task(case, actor, "HANDLE")
        now = city.clock.now()
        task = case["task"] and {**case["task"], "assignee_id": actor.person_id, "accepted_at": now}
        taken = answered(actor, (NoticeKind.TASK_ASSIGNED,), case["version"] + 1, now)
        return Step({"task": task, "handler_id": actor.person_id}, work=[taken])

    return await change_case(
        city, actor, case_id, Action.ACCEPT, decide, command=command, mark=input_hash("accept", {})
    )
