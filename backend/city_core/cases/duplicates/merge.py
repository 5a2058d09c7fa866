"""A seat merges a duplicate into the case that is worked on (合并)."""

from __future__ import annotations

from city_core.cases.command import Command, input_hash
from city_core.cases.duplicates.merging import case_ids_within, check_mergeable, merged, taken_in
from city_core.cases.record import Change, Step
from city_core.cases.together import change_together
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_opinion
from city_core.people.roles import Actor


async def merge_cases(
    city: City, actor: Actor, case_id: str, command: Command, *, into_case_id: str, reason: str
) -> Row:
    """Let a duplicate go on as part of another case; its reporters keep their thread and follow that case."""
    said = checked_opinion(reason)
    if case_id == into_case_id:
        raise CityProblem("MERGE_NOT_POSSIBLE", field="intoCaseId", allowed="another case")
    mark = input_hash("merge", {"into": into_case_id, "reason": said})
    seen: Row = {}

    async def become_part(duplicate: Row) -> Step:
        seen["duplicate"] = duplicate
        changes, drops = merged(duplicate, into_case_id)
        return Step(changes, opinion=said, facts={"into": into_case_id}, drops_work=drops)

    async def take_in(target: Row) -> Step:
        duplicate: Row = seen["duplicate"]
        check_mergeable(duplicate, target)
        facts = {"merged_case_id": duplicate["_id"], "case_ids": sorted(case_ids_within(duplicate))}
        return Step(taken_in(target, duplicate), opinion=said, facts=facts)

    changes = [Change(case_id, Action.MERGE, become_part), Change(into_case_id, Action.TAKE_IN, take_in)]
    changed = await change_together(city, actor, changes, command=command, mark=mark)
    return changed[0]
