"""Whoever was supervised or urged confirms that it has reached them (督办签收)."""

from __future__ import annotations

from city_core.cases.answered import answered
from city_core.cases.command import Command, input_hash
from city_core.cases.notices import NoticeKind
from city_core.cases.record import Step, change_case
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor

_KINDS = (NoticeKind.SUPERVISED, NoticeKind.URGED)


async def confirm_supervision(
    city: City, actor: Actor, case_id: str, command: Command, *, supervision_id: str
) -> Row:
    """Give the receipt for a supervision or an urging that was sent to oneself."""

    async def decide(case: Row) -> Step:
        now = city.clock.now()
        rows = [
            {**row, "confirmed_at": now} if _waits_for(row, actor, supervision_id) else row
            for row in case["supervisions"]
        ]
        if rows == case["supervisions"]:
            raise CityProblem(
                "SUPERVISION_UNKNOWN", field="supervisionId", allowed="an unconfirmed one to you"
            )
        sent = next(row for row in case["history"] if supervision_id in row["facts"].get("supervisions", ()))
        taken = answered(actor, _KINDS, case["version"] + 1, now, sent_seq=sent["seq"])
        return Step({"supervisions": rows}, facts={"confirmed": supervision_id}, work=[taken])

    mark = input_hash("confirm_supervision", {"supervision": supervision_id})
    return await change_case(
        city, actor, case_id, Action.CONFIRM_SUPERVISION, decide, command=command, mark=mark
    )


def _waits_for(row: Row, actor: Actor, supervision_id: str) -> bool:
    is_theirs = row["id"] == supervision_id and row["to_person_id"] == actor.person_id
    return is_theirs and row["confirmed_at"] is None
