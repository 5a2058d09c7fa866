"""A case is passed down a level (下派下级), to where it can be handled more quickly."""

from __future__ import annotations

from city_core.cases.assign import assign_department
from city_core.cases.command import Command, input_hash
from city_core.cases.levels.move import to_level
from city_core.cases.levels.rules import below
from city_core.cases.record import Step, change_case
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_opinion
from city_core.people.roles import Actor


async def downgrade_case(city: City, actor: Actor, case_id: str, command: Command, *, opinion: str) -> Row:
    """Pass a case down one level, with the reason; only to where a department answers for it."""
    said = checked_opinion(opinion)

    async def decide(case: Row) -> Step:
        level = below(case["level"])
        if level is None or (await assign_department(city, {**case, "level": level.value})).id is None:
            allowed = "a level below that has a department for this type"
            raise CityProblem("LEVEL_NOT_POSSIBLE", field="level", allowed=allowed)
        return await to_level(city, case, level, opinion=said)

    mark = input_hash("downgrade", {"opinion": said})
    return await change_case(city, actor, case_id, Action.DOWNGRADE, decide, command=command, mark=mark)
