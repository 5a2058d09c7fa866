"""The parts 子案 of a split case, and when they are ready to be closed together with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from city_core.cases.vocabulary import FINAL_STATES, Action, State
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.work import WorkItem

READY_STATES = FINAL_STATES | {State.PENDING_CLOSING}
_SHOWN = ("number", "state", "department_id", "type_code", "parent_id")


def word_to_parent(before: Mapping[str, Any], after: Mapping[str, Any], now: datetime) -> list[WorkItem]:
    """Have a part tell its parent that it is done, by whichever step it came to that."""
    if after.get("parent_id") is None or after["state"] not in READY_STATES:
        return []
    if before["state"] in READY_STATES:
        return []
    return [WorkItem("child_ready", f"child_ready:{after['version']}", now)]


def all_ready(states: Collection[str]) -> bool:
    """Tell whether a parent can go on to closing: every part passed its check or ended otherwise."""
    return all(state in READY_STATES for state in states)


def is_noted(parent: Mapping[str, Any], child_id: str) -> bool:
    """Tell whether a part's word stands on record since the parent began to wait for its parts."""
    for row in reversed(parent["history"]):
        if row["action"] == Action.CHILD_READY and row["facts"].get("child_id") == child_id:
            return True
        if row["action"] in (Action.SPLIT, Action.SEND_BACK):
            return False
    return False


async def children_of(city: City, child_ids: Sequence[str]) -> list[Row]:
    """Read what the parent shows of its parts: number, state, type and department, nothing else.

    Whoever sees the parent sees these; the part itself only opens for those who may see it.
    """
    rows = city.database.cases.find({"_id": {"$in": list(child_ids)}}, dict.fromkeys(_SHOWN, 1))
    found = {row["_id"]: row async for row in rows}
    return [found[child_id] for child_id in child_ids if child_id in found]


async def refuse_part_alone(city: City, case: Mapping[str, Any]) -> None:
    """Keep a part from being closed or sent back alone while the case that it belongs to is open."""
    if case["parent_id"] is None:
        return
    parent = await city.database.cases.find_one({"_id": case["parent_id"]}, {"state": 1, "number": 1})
    if parent is not None and parent["state"] not in FINAL_STATES:
        raise CityProblem("CASE_IS_PART", allowed=f"on the whole case {parent['number']}")
