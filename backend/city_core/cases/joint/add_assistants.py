"""The dispatcher asks further departments to assist (增派协办) on a case that has its host."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass

from city_core.cases.assign import assign_officer
from city_core.cases.command import Command, input_hash
from city_core.cases.joint.assistants import assistant_fields, unanswered
from city_core.cases.joint.rules import joint_rules_of
from city_core.cases.notices import Notice, NoticeKind
from city_core.cases.reasons import Why, reason
from city_core.cases.record import Step, change_case
from city_core.cases.workflow import Action
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_text
from city_core.people.roles import Actor


@dataclass(frozen=True)
class Asked:
    """A department that is to assist, and with what."""

    department_id: str
    asked: str


async def add_assistants(
    city: City, actor: Actor, case_id: str, command: Command, *, asks: Sequence[Asked], opinion: str = ""
) -> Row:
    """Ask departments to assist; each gets an officer, who is told, and owes one answer."""
    said = checked_text(opinion, field="opinion", most=500)
    wanted = [Asked(ask.department_id, checked_text(ask.asked, field="asked", most=500, least=1))
              for ask in asks]  # fmt: skip
    await _refuse_unknown(city, [ask.department_id for ask in wanted])

    async def decide(case: Row) -> Step:
        await _refuse_unfit(city, case, [ask.department_id for ask in wanted])
        rows, reasons = [], []
        for ask in wanted:
            officer = await assign_officer(city, case, ask.department_id)
            rows.append(_row(city, ask, officer.id))
            reasons += [reason(Why.ASSISTS, department_id=ask.department_id), officer.reason]
        return Step(
            assistant_fields([*case["assistants"], *rows]),
            opinion=said,
            reasons=reasons,
            facts={"assistants": [row["department_id"] for row in rows]},
            tells=[
                Notice(row["assignee_id"], NoticeKind.TASK_ASSIGNED) for row in rows if row["assignee_id"]
            ],
        )

    given = {"asks": [asdict(ask) for ask in wanted], "opinion": said}
    mark = input_hash("add_assistants", given)
    return await change_case(city, actor, case_id, Action.ADD_ASSISTANTS, decide, command=command, mark=mark)


def _row(city: City, ask: Asked, assignee_id: str | None) -> Row:
    return {
        "department_id": ask.department_id,
        "assignee_id": assignee_id,
        "asked_at": city.clock.now(),
        "asked": ask.asked,
        "answered_at": None,
        "answered_by": None,
        "answer": "",
    }


async def _refuse_unknown(city: City, department_ids: Sequence[str]) -> None:
    if not department_ids or len(set(department_ids)) < len(department_ids):
        raise CityProblem("ASSISTANT_INVALID", field="assistants", allowed="each department once")
    known = await city.database.departments.count_documents({"_id": {"$in": list(department_ids)}})
    if known < len(department_ids):
        raise CityProblem("DEPARTMENT_UNKNOWN", field="assistants", allowed="ids of departments")


async def _refuse_unfit(city: City, case: Row, department_ids: Collection[str]) -> None:
    if case["department_id"] in department_ids:
        raise CityProblem("ASSISTANT_INVALID", field="assistants", allowed="departments other than the host")
    if {row["department_id"] for row in unanswered(case)} & set(department_ids):
        raise CityProblem(
            "ASSISTANT_INVALID", field="assistants", allowed="departments that do not assist already"
        )
    most = (await joint_rules_of(city, case)).most_assistants
    if len(case["assistants"]) + len(department_ids) > most:
        raise CityProblem("ASSISTANT_INVALID", field="assistants", allowed=f"{most} on one case")
