"""The one rule about whose components somebody reads in full, as a question and as MongoDB filters.

Administrators read all; seats and leaders those of their streets, inspectors those of their grids, officers
those that their department keeps, owns or is in charge of. Beside that, staff read the component of a case
that they may see. Others of the staff are told what stands near a point, as they have to name it in a report:
code, type, name, state, distance and whether its owner is known. Citizens are told neither state nor owner.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from city_core.kit.mongo import Row
from city_core.people.roles import SEATS, Actor, Role

_DEPARTMENTS = ("keeper_department_id", "owner_department_id", "authority_department_id")
FIELDS_ASKED = ("street_code", "responsibility_grid_id", *_DEPARTMENTS)
_NONE: Row = {"_id": None}


def sees_component(actor: Actor, component: Mapping[str, Any], *, cases_seen: int = 0) -> bool:
    """Tell whether somebody reads this very component in full; agrees with the filters (under test).

    `cases_seen`: how many of its cases they may see.
    """
    if actor.role in (Role.ADMINISTRATOR, Role.SYSTEM):
        return True
    if actor.is_staff and cases_seen:
        return True
    if actor.role in SEATS or actor.role is Role.LEADER:
        return component.get("street_code") in actor.street_codes
    if actor.role is Role.INSPECTOR:
        return component.get("responsibility_grid_id") in actor.grid_ids
    if actor.role is not Role.OFFICER or actor.department_id is None:
        return False
    return actor.department_id in {component.get(name) for name in _DEPARTMENTS}


def component_filter(actor: Actor) -> Row:
    """Give the filter of the components that somebody reads in full."""
    ways = _ways(actor)
    if not ways:
        return _NONE
    return ways[0] if len(ways) == 1 else {"$or": ways}


def component_parts(actor: Actor) -> Sequence[Row]:
    """Give the same as filters that do not overlap, each of which one index can count; none: no component."""
    ways = _ways(actor)
    return [
        {**way, **{name: {"$ne": value} for earlier in ways[:turn] for name, value in earlier.items()}}
        for turn, way in enumerate(ways)
    ]


def _ways(actor: Actor) -> list[Row]:
    if actor.role in (Role.ADMINISTRATOR, Role.SYSTEM):
        return [{}]
    if actor.role in SEATS or actor.role is Role.LEADER:
        return [{"street_code": {"$in": sorted(actor.street_codes)}}]
    if actor.role is Role.INSPECTOR:
        return [{"responsibility_grid_id": {"$in": sorted(actor.grid_ids)}}]
    if actor.role is not Role.OFFICER or actor.department_id is None:
        return []
    return [{name: actor.department_id} for name in _DEPARTMENTS]
