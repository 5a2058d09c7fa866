"""The dispatcher changes who assists (调整协办): another officer, or nobody where it was asked wrongly."""

from __future__ import annotations

from city_core.cases.assign import assign_officer
from city_core.cases.command import Command, input_hash
from city_core.cases.joint.assistants import check_work, replaced, unanswered_of
from city_core.cases.notices import Notice, NoticeKind
from city_core.cases.reasons import Why, reason
from city_core.cases.record import Step, change_case, doers_kept_apart
from city_core.cases.routing import Choice
from city_core.cases.workflow import Action, State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.text import checked_opinion, checked_text
from city_core.people.queries import officer
from city_core.people.roles import Actor


async def reassign_assistant(
    city: City,
    actor: Actor,
    case_id: str,
    command: Command,
    *,
    department_id: str,
    officer_id: str | None = None,
    opinion: str = "",
) -> Row:
    """Give what a department is asked to another of its officers; left open, the rules choose one."""
    said = checked_text(opinion, field="opinion", most=500)

    async def decide(case: Row) -> Step:
        row = unanswered_of(case, department_id)
        chosen = await _chosen(city, case, department_id, officer_id)
        tells = _withdrawn(row) if chosen.id != row["assignee_id"] else []
        if chosen.id is not None and chosen.id != row["assignee_id"]:
            tells.append(Notice(chosen.id, NoticeKind.TASK_ASSIGNED))
        return Step(
            replaced(case, row, {**row, "assignee_id": chosen.id}),
            opinion=said,
            reasons=[chosen.reason],
            facts={"assistant": department_id},
            tells=tells,
        )

    mark = input_hash("reassign_assistant", {"to": [department_id, officer_id], "opinion": said})
    return await change_case(
        city, actor, case_id, Action.CHANGE_ASSISTANT, decide, command=command, mark=mark
    )


async def remove_assistant(
    city: City, actor: Actor, case_id: str, command: Command, *, department_id: str, opinion: str
) -> Row:
    """Ask a department no longer, with the reason; if it was the last to answer, the case is checked."""
    said = checked_opinion(opinion)

    async def decide(case: Row) -> Step:
        row = unanswered_of(case, department_id)
        changes = replaced(case, row, None)
        is_handled = case["state"] == State.HANDLED
        return Step(
            changes,
            opinion=said,
            facts={"removed": department_id},
            work=check_work({**case, **changes}, city.clock.now()) if is_handled else [],
            tells=_withdrawn(row),
        )

    mark = input_hash("remove_assistant", {"department": department_id, "opinion": said})
    return await change_case(
        city, actor, case_id, Action.CHANGE_ASSISTANT, decide, command=command, mark=mark
    )


async def _chosen(city: City, case: Row, department_id: str, officer_id: str | None) -> Choice:
    if officer_id is None:
        return await assign_officer(city, case, department_id)
    person = await officer(city, officer_id)
    if person is None or person["department_id"] != department_id:
        raise CityProblem("PERSON_UNKNOWN", field="officerId", allowed="an officer of the department")
    if officer_id in doers_kept_apart(case, Action.ANSWER_AS_ASSISTANT):
        raise CityProblem("SEPARATION_OF_DUTIES", field="officerId", allowed="somebody without another duty")
    return Choice(officer_id, reason(Why.BY_HAND))


def _withdrawn(row: Row) -> list[Notice]:
    return [Notice(row["assignee_id"], NoticeKind.TASK_WITHDRAWN)] if row["assignee_id"] else []
