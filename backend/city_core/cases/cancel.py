"""The reporter takes a report back (撤销), as long as it was not filed."""

from __future__ import annotations

from city_core.cases.command import Command, input_hash
from city_core.cases.record import Step, change_case
from city_core.cases.reports import joined
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.people.roles import Actor


async def cancel_report(
    city: City, actor: Actor, case_id: str, command: Command, *, opinion: str = ""
) -> Row:
    """End a report at the wish of the very person who made it."""
    said = checked_text(opinion, field="opinion", most=500)

    async def decide(case: Row) -> Step:
        if case["reporter_id"] != actor.person_id:
            raise CityProblem("NOT_ALLOWED", allowed="the reporter")
        if joined(case):
            raise CityProblem("JOINED_BY_OTHERS", allowed="a report that nobody joined")
        return Step({"task": None, "closed_at": city.clock.now()}, opinion=said)

    mark = input_hash("cancel", {"opinion": said})
    return await change_case(city, actor, case_id, Action.CANCEL, decide, command=command, mark=mark)
