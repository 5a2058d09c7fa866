"""A case that is really several is split (拆分) into parts, each a case with its own clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from city_core.cases.command import Command, input_hash
from city_core.cases.joint.part_rows import PartDraft, part_row
from city_core.cases.joint.rules import joint_rules_of
from city_core.cases.levels.holders import holds
from city_core.cases.record import Change, Step
from city_core.cases.together import change_together
from city_core.cases.workflow import Action
from city_core.catalogue.queries import checked_type
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_opinion, checked_text
from city_core.people.roles import Actor


@dataclass(frozen=True)
class Part:
    """One part as the seat gives it; the department is left to the rules when it is not named."""

    type_code: str
    condition_id: str | None
    description: str
    department_id: str | None = None


async def split_case(
    city: City, actor: Actor, case_id: str, command: Command, *, parts: Sequence[Part], opinion: str
) -> Row:
    """Split a case: it waits for its parts, and they are filed at the same place from now on.

    The reporter goes on with the one case that they know; the parts are numbered after it.
    """
    said = checked_opinion(opinion)
    drafts = [await _checked(city, part, position) for position, part in enumerate(parts, start=1)]
    mark = input_hash("split", {"parts": [asdict(part) for part in parts], "opinion": said})

    async def decide(case: Row) -> Step:
        await _refuse_unfit(city, case, drafts)
        changes = {"task": None, "department_id": None, "handler_id": None}
        return Step(
            {**changes, "child_ids": [draft.id for draft in drafts]},
            opinion=said,
            facts={"children": [draft.id for draft in drafts]},
            drops_work={"dispatch"},
        )

    async def new_cases(cases: Sequence[Row]) -> list[Row]:
        return [await part_row(city, actor, cases[0], draft) for draft in drafts]

    change = Change(case_id, Action.SPLIT, decide)
    [parent] = await change_together(city, actor, [change], command=command, mark=mark, new_cases=new_cases)
    return parent


async def _checked(city: City, part: Part, position: int) -> PartDraft:
    text = checked_text(part.description, field="description", most=1000)
    await checked_type(city, part.type_code, part.condition_id)
    department = None
    if part.department_id is not None:
        department = await city.database.departments.find_one({"_id": part.department_id})
        if department is None:
            raise CityProblem("DEPARTMENT_UNKNOWN", field="departmentId", allowed="an id of departments")
    return PartDraft(new_id(), position, part.type_code, part.condition_id, text, department)


async def _refuse_unfit(city: City, case: Row, drafts: Sequence[PartDraft]) -> None:
    if case["parent_id"] is not None:
        raise CityProblem("CASE_IS_PART", allowed="a case that is not itself a part")
    most = (await joint_rules_of(city, case)).most_parts
    if not 2 <= len(drafts) <= most:
        raise CityProblem("PARTS_INVALID", field="parts", allowed=f"2 to {most} parts")
    for draft in drafts:
        if draft.department and not holds(draft.department, draft.department_level, case["place"]):
            allowed = "departments that answer for the place of the case"
            raise CityProblem("LEVEL_NOT_POSSIBLE", field="departmentId", allowed=allowed)
