"""Checks that a task of a case is in the hands of whoever wants to do it."""

from __future__ import annotations

from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor, Role


def check_holds_task(case: Row, actor: Actor, kind: str) -> None:
    """Refuse somebody else's task; an unassigned one may be done by whoever sees it and has the post."""
    task = case.get("task")
    if task is None or task["kind"] != kind:
        return  # the state table refuses what is not possible now
    if actor.role is Role.OFFICER and task["department_id"] not in (None, actor.department_id):
        raise CityProblem("NOT_YOUR_TASK", allowed="an officer of the department that has the case")
    if task["assignee_id"] not in (None, actor.person_id):
        raise CityProblem("NOT_YOUR_TASK", allowed="the person that the task was given to")
