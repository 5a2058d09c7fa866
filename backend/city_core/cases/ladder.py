"""Whom a rung of the ladder reaches: the holder of a case, its dispatchers, shift leaders and leaders.

The people who may not be told now (absent, off duty, off shift) are passed over; somebody who could not see
the case is never told about it. When a rung is empty the next one above is told instead.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from city_core.cases.visibility import may_see
from city_core.cases.workflow import State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.people.queries import duty_of
from city_core.people.roles import Role
from city_core.people.tokens import actor_from

_MOST_TOLD = 20


class Rung(StrEnum):
    """Who is told, from the bottom of the ladder to its top."""

    HOLDER = "HOLDER"  # whoever has the task, else the post that the stage waits for
    DEPARTMENT = "DEPARTMENT"  # the officers of the department
    DISPATCHER = "DISPATCHER"
    SHIFT_LEADER = "SHIFT_LEADER"
    STREET_LEADER = "STREET_LEADER"  # a leader of the street
    DISTRICT_LEADER = "DISTRICT_LEADER"  # a leader of the district


@dataclass(frozen=True)
class Reached:
    """Who is told, and which rungs held nobody who could be."""

    told: list[str]
    passed_over: list[Rung]


_POST_OF_STATE: Mapping[State, Role] = {
    State.REPORTED: Role.ACCEPTOR,
    State.PENDING_FILING: Role.ACCEPTOR,
    State.PENDING_SPOT_REVIEW: Role.ACCEPTOR,
    State.PENDING_VERIFICATION: Role.INSPECTOR,
    State.PENDING_CHECK: Role.INSPECTOR,
    State.DISPATCHED: Role.OFFICER,
    State.IN_PROGRESS: Role.OFFICER,
    State.REWORK: Role.OFFICER,
    State.SUSPENDED: Role.OFFICER,
    State.PENDING_DECISION: Role.LEADER,
    State.PENDING_CLOSING: Role.SHIFT_LEADER,
}
_FIELDS = {
    "role": 1, "name": 1, "phone": 1, "department_id": 1, "street_codes": 1, "responsibility_grid_ids": 1,
    "on_duty": 1, "disabled": 1, "language": 1, "level": 1,
}  # fmt: skip


async def reach(city: City, case: Row, rungs: Sequence[Rung], *, but: Collection[str] = ()) -> Reached:
    """Find out who is told on these rungs, or on the first one above them that holds somebody."""
    told: dict[str, None] = {}
    passed_over = []
    for rung in rungs:
        found = await _on_rung(city, case, rung, but)
        told.update(dict.fromkeys(found))
        if not found:
            passed_over.append(rung)
    for rung in _above(rungs):
        if told:
            break
        told.update(dict.fromkeys(await _on_rung(city, case, rung, but)))
        if not told:
            passed_over.append(rung)
    return Reached(list(told)[:_MOST_TOLD], passed_over)


def _above(rungs: Sequence[Rung]) -> list[Rung]:
    order = list(Rung)
    highest = max((order.index(rung) for rung in rungs), default=-1)
    return order[highest + 1 :]


async def _on_rung(city: City, case: Row, rung: Rung, but: Collection[str]) -> list[str]:
    query = _query(case, rung)
    if query is None:
        return []
    known = city.database.people.find({**query, "disabled": False}, _FIELDS).sort("_id", 1)
    people = [row for row in await known.to_list(500) if _fits(rung, row)]
    reached = await _who_may_be_told(city, people)
    return [row["_id"] for row in reached if row["_id"] not in but and may_see(actor_from(row), case)]


async def _who_may_be_told(city: City, people: Sequence[Row]) -> list[Row]:
    """Keep the people who may be told now; a deputy stands in for somebody absent."""
    at = city.clock.now()
    duty = await duty_of(city, [row["_id"] for row in people], at)
    present = [row for row in people if duty.may_be_told(row, at)]
    deputies = {duty.deputy_of(row["_id"], at) for row in people} - {None}
    if not deputies:
        return present
    wanted = {"_id": {"$in": sorted(filter(None, deputies))}, "disabled": False}
    stand_ins = await city.database.people.find(wanted, _FIELDS).sort("_id", 1).to_list(500)
    theirs = await duty_of(city, [row["_id"] for row in stand_ins], at)
    return present + [row for row in stand_ins if theirs.may_be_told(row, at)]


def _query(case: Row, rung: Rung) -> Row | None:
    task: dict[str, Any] | None = case.get("task")
    if rung is Rung.HOLDER:
        if task is not None and task["assignee_id"] is not None:
            return {"_id": task["assignee_id"]}
        post = _POST_OF_STATE.get(State(case["state"]), Role.DISPATCHER)
        return _of_post(case, post)
    if rung is Rung.DEPARTMENT:
        return _of_post(case, Role.OFFICER)
    post = Role.LEADER if rung in (Rung.STREET_LEADER, Rung.DISTRICT_LEADER) else Role(rung.value)
    return _of_post(case, post)


def _of_post(case: Row, post: Role) -> Row | None:
    """Give the query of the people of a post who answer for this case."""
    if post is Role.OFFICER:
        own = case.get("department_id")
        return None if own is None else {"role": post.value, "department_id": own}
    place = case["place"]
    if post is Role.INSPECTOR:
        return {"role": post.value, "responsibility_grid_ids": place["responsibility_grid_id"]}
    return {"role": post.value, "street_codes": place["street_code"]}


def _fits(rung: Rung, person: Row) -> bool:
    """Tell the leaders of a street from those of the district."""
    if rung not in (Rung.STREET_LEADER, Rung.DISTRICT_LEADER):
        return True
    is_of_district: bool = person.get("level", "DISTRICT") == "DISTRICT"
    return is_of_district == (rung is Rung.DISTRICT_LEADER)
