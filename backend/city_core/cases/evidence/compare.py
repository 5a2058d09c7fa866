"""After-photos are compared with before-photos: how likely they show the same scene goes on record."""

from __future__ import annotations

from collections.abc import Mapping

from city_core.cases.evidence.flags import with_likeness
from city_core.cases.evidence.known import evidence_of, new_flags, scenes_to_compare
from city_core.cases.evidence.rules import flag_rules
from city_core.cases.record import Step, change_case
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.work import Claim
from city_core.people.roles import SYSTEM

Likeness = Mapping[str, Mapping[str, float | None]]


async def scenes_of(city: City, case_id: str) -> dict[str, list[str]]:
    """Name the after-photos of a case that are still to be compared, each with its before-photos."""
    case = await city.database.cases.find_one({"_id": case_id}, {"photos": 1, "evidence": 1})
    if case is None:
        return {}
    return scenes_to_compare(case, [row["media_id"] for row in evidence_of(case)])


async def record_likeness(city: City, held: Claim, likeness: Likeness) -> Row:
    """Put on record how alike scenes are, 0 to 1, the best of all before-photos; None says nothing."""
    rules = await flag_rules(city)

    async def decide(case: Row) -> Step:
        evidence = [
            with_likeness(row, likeness[row["media_id"]], rules) if row["media_id"] in likeness else row
            for row in evidence_of(case)
        ]
        appeared = new_flags(evidence_of(case), evidence)
        return Step({"evidence": evidence}, facts={"flags": appeared} if appeared else {})

    return await change_case(city, SYSTEM, held.owner_id, Action.WEIGH_EVIDENCE, decide, finishes=held)
