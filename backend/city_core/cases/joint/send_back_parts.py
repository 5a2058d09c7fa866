"""The shift leader sends parts of a split case back for rework (退回返工) when it waits to be closed."""

from __future__ import annotations

from collections.abc import Sequence

from city_core.cases.command import Command, input_hash
from city_core.cases.record import Change, Step
from city_core.cases.rework import rework_changes
from city_core.cases.together import change_together
from city_core.cases.workflow import Action, State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_opinion
from city_core.people.roles import Actor


async def send_back_parts(
    city: City, actor: Actor, case_id: str, command: Command, *, part_ids: Sequence[str], opinion: str
) -> Row:
    """Have named parts handled again, with the reason; the whole case waits for them as before."""
    said = checked_opinion(opinion)
    wanted = list(dict.fromkeys(part_ids))
    known = await city.database.cases.find_one({"_id": case_id}, {"child_ids": 1})

    async def decide_parent(case: Row) -> Step:
        if not wanted or not set(wanted) <= set(case["child_ids"]):
            allowed = ", ".join(case["child_ids"]) or "none: the case has no parts"
            raise CityProblem("PARTS_INVALID", field="partIds", allowed=allowed)
        return Step({"handled_at": None}, opinion=said, to=State.AWAITING_CHILDREN, facts={"parts": wanted},
                    drops_work={"close"})  # fmt: skip

    async def decide_part(case: Row) -> Step:
        return Step(rework_changes(city, case), opinion=said, receiver_id=case["handler_id"])

    own = [part_id for part_id in wanted if part_id in (known or {}).get("child_ids", ())]
    mark = input_hash("send_back_parts", {"parts": sorted(wanted), "opinion": said})
    changes = [
        Change(case_id, Action.SEND_BACK, decide_parent),
        *(Change(part_id, Action.SEND_BACK, decide_part) for part_id in own),
    ]
    return (await change_together(city, actor, changes, command=command, mark=mark))[0]
