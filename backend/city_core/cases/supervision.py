"""Supervision 督办 and urging 催办 by hand: how both are put on record, and who gets them."""

from __future__ import annotations

from city_core.cases.command import Command, input_hash
from city_core.cases.ladder import Rung, reach
from city_core.cases.notices import Notice, NoticeKind
from city_core.cases.reasons import Why, reason
from city_core.cases.record import Step, change_case
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.people.roles import Actor

_TELLS = {Action.SUPERVISE: NoticeKind.SUPERVISED, Action.URGE: NoticeKind.URGED}
_FIRST_TO = (Rung.HOLDER,)


async def press(city: City, actor: Actor, case_id: str, command: Command, action: Action, text: str) -> Row:
    """Send a text about a case to its present holder's phone; each receiver is to give a receipt."""
    said = checked_text(text, field="text", most=500, least=1)

    async def decide(case: Row) -> Step:
        reached = await reach(city, case, _FIRST_TO, but={actor.person_id})
        if not reached.told:
            raise CityProblem("NOBODY_TO_TELL", allowed="a moment at which somebody of the ladder is on duty")
        rows = [_row(city, actor, action, to, said) for to in reached.told]
        return Step(
            {"supervisions": [*case["supervisions"], *rows]},
            opinion=said,
            receiver_id=reached.told[0] if len(reached.told) == 1 else None,
            receiver_department_id=case["department_id"],
            reasons=[reason(Why.PASSED_OVER, rungs=[rung.value for rung in reached.passed_over])]
            if reached.passed_over
            else [],
            facts={"supervisions": [row["id"] for row in rows]},
            tells=[Notice(to, _TELLS[action]) for to in reached.told],
        )

    mark = input_hash(action.value, {"text": said})
    return await change_case(city, actor, case_id, action, decide, command=command, mark=mark)


def _row(city: City, actor: Actor, action: Action, to_person_id: str, text: str) -> Row:
    return {
        "id": new_id(), "kind": action.value, "by": actor.person_id, "at": city.clock.now(),
        "to_person_id": to_person_id, "text": text, "confirmed_at": None,
    }  # fmt: skip
