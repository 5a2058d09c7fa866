"""A seat decides not to file a report (不予立案)."""

from __future__ import annotations

from city_core.cases.command import Command, input_hash
from city_core.cases.record import Step, change_case
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.text import checked_opinion
from city_core.people.roles import Actor


async def reject_report(city: City, actor: Actor, case_id: str, command: Command, *, opinion: str) -> Row:
    """End a report without filing it; the reason is on record and the reporter is told."""
    said = checked_opinion(opinion)

    async def decide(case: Row) -> Step:
        changes = {"task": None, "closed_at": city.clock.now()}
        return Step(changes, opinion=said)

    mark = input_hash("reject", {"opinion": said})
    return await change_case(city, actor, case_id, Action.REJECT, decide, command=command, mark=mark)
