"""What lies in whose scope: the part of the city that a phone keeps a copy of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from city_core.cases.reports import reporters_of
from city_core.cases.visibility import WIDENABLE
from city_core.cases.workflow import OPEN_STATES
from city_core.people.roles import SEATS, Actor, Role
from city_core.tasks.waiting import people_waited_for

Row = Mapping[str, Any]
RULES_KEY = "dictionaries"
SCHEME = 2  # another number whenever documents lie under other keys: the entries are then made anew
_STREET_DIGITS = 9


class SyncScope(StrEnum):
    """A part of the city that a phone keeps a copy of."""

    MY_TASKS = "MY_TASKS"
    MY_GRID = "MY_GRID"
    MY_REPORTS = "MY_REPORTS"
    COMPONENTS = "COMPONENTS"
    DICTIONARIES = "DICTIONARIES"
    MAP = "MAP"


CASE_SCOPES = (SyncScope.MY_TASKS, SyncScope.MY_GRID, SyncScope.MY_REPORTS)
CASE_FIELDS = ("state", "task", "assistants", "place", "reporter_id", "joined_reports", "department_id",
               "assisting_department_ids")  # fmt: skip
COMPONENT_FIELDS = ("responsibility_grid_id", "state")


def keys_of(actor: Actor, scope: SyncScope) -> list[str]:
    """Name the keys that somebody's scope is made of; none where their post has nothing there."""
    if scope is SyncScope.MY_TASKS:
        return [f"tasks:{actor.person_id}"]
    if scope is SyncScope.MY_REPORTS:
        return [f"reports:{actor.person_id}"]
    if scope is SyncScope.DICTIONARIES:
        return [RULES_KEY]
    if scope is SyncScope.MAP:
        return _keys_of_map(actor)
    kind = "grid" if scope is SyncScope.MY_GRID else "components"
    grids = sorted(actor.grid_ids) if actor.role is Role.INSPECTOR else []
    return [f"{kind}:{grid}" for grid in grids]


def _keys_of_map(actor: Actor) -> list[str]:
    """Name the keys of the cases that somebody watches on the map; their post decides, as in `visibility`."""
    if actor.role is Role.OFFICER:
        wider = {f"department:{actor.department_id}"} if actor.department_id else set()
    elif actor.role in SEATS or actor.role is Role.LEADER:
        wider = {f"street:{code}" for code in actor.street_codes}
    else:
        wider = {f"grid:{grid}" for grid in actor.grid_ids if actor.role is Role.INSPECTOR}
    if actor.role in WIDENABLE:  # a community's code begins with its street's
        wider |= {f"street:{area[:_STREET_DIGITS]}" for area in actor.emergency_areas}
    return sorted(wider | {f"tasks:{actor.person_id}", f"reports:{actor.person_id}"})


def mark_of(actor: Actor, scope: SyncScope) -> str:
    """Sum up what decides over somebody's scope: a checkpoint is good as long as this stays the same.

    The post and the department are in it, as they decide what of the scope somebody may see.
    """
    deciding = [scope.value, actor.person_id, actor.role.value, actor.department_id or "",
                *keys_of(actor, scope)]  # fmt: skip
    return hashlib.sha256("\n".join(deciding).encode()).hexdigest()[:16]


def keys_of_case(case: Row) -> set[str]:
    """Name the scopes that a case lies in; those of tasks agree with `my_tasks`."""
    keys = {f"reports:{person_id}" for person_id in reporters_of(case)}
    if case["state"] in OPEN_STATES:
        keys.add(f"grid:{case['place']['responsibility_grid_id']}")
        keys |= {f"tasks:{person_id}" for person_id in people_waited_for(case)}
        keys |= _watched_by(case)
    return keys


def keys_of_component(component: Row) -> set[str]:
    """Name the scopes that a component lies in: its grid, as long as it is there."""
    if component["state"] == "REMOVED":
        return set()
    return {f"components:{component['responsibility_grid_id']}"}


def keys_of_rules(_: Row) -> set[str]:
    """Name the scope of what all phones look things up in."""
    return {RULES_KEY}


# Which collections are fed, with the fields that decide on the scopes of a document.
FED: Mapping[str, tuple[tuple[str, ...], Callable[[Row], set[str]]]] = {
    "cases": (CASE_FIELDS, keys_of_case),
    "components": (COMPONENT_FIELDS, keys_of_component),
    "rules_in_force": (("_id",), keys_of_rules),
    "departments": (("_id",), keys_of_rules),
    "divisions": (("_id",), keys_of_rules),
    "responsibility_grids": (("_id",), keys_of_rules),
}


def _watched_by(case: Row) -> set[str]:
    """Name the street and the departments on whose maps an open case is."""
    working = {case.get("department_id"), *(case.get("assisting_department_ids") or ())}
    street = case["place"].get("street_code")
    return {f"department:{id_}" for id_ in working if id_} | ({f"street:{street}"} if street else set())
