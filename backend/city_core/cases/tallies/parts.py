"""What somebody may see, cut into parts that do not overlap, each of which one index can count.

Together they are `visible_filter` (under test): the union of the ways in which a case becomes visible, each
without the ways before it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from city_core.cases.visibility import WIDENABLE
from city_core.kit.mongo import Row
from city_core.people.roles import SEATS, Actor, Role

STREET, COMMUNITY = "place.street_code", "place.community_code"
GRID, DEPARTMENT = "place.responsibility_grid_id", "department_id"
ASSISTING, PERSON = "assisting_department_ids", "people_involved"
AREAS = (STREET, COMMUNITY, GRID)
Way = tuple[str, Sequence[str]]


@dataclass(frozen=True)
class Part:
    """The cases that become visible in one way, without those of other ways; no way at all is everything."""

    way: Way | None
    without: tuple[Way, ...] = ()

    def clauses(self) -> list[Row]:
        """Give the part as clauses over stored cases."""
        if self.way is None:
            return []
        field, values = self.way
        only = {field: values[0]} if len(values) == 1 else {field: {"$in": list(values)}}
        return [only, *({name: {"$nin": list(others)}} for name, others in self.without)]

    def row_clauses(self) -> list[Row]:
        """Give the part as clauses over rows of the tallies, beside the department of the row."""
        own = [] if self.way is None or self.way[0] == DEPARTMENT else [self.way]
        only = [{_in_row(name): {"$in": list(values)}} for name, values in own]
        others = [{_in_row(name): {"$nin": list(values)}} for name, values in self.without if name in AREAS]
        return [*only, *others]

    def holds(self, counted: Mapping[str, Any]) -> bool:
        """Tell whether what a case is counted as lies in the part."""
        if self.way is None:
            return True
        return _goes(self.way, counted) and not any(_goes(way, counted) for way in self.without)


def parts_of(actor: Actor) -> list[Part]:
    """Cut what somebody may see of the stored cases into parts."""
    if actor.role is Role.SYSTEM:
        return [Part(None)]
    ways = [*_areas(actor), *_departments(actor), (PERSON, [actor.person_id])]
    return [Part(way, tuple(ways[:position])) for position, way in enumerate(ways)]


def tallied_parts(actor: Actor) -> list[Part]:
    """Give the parts that tallies can count: by area and by the department that answers for the cases."""
    if actor.role is Role.SYSTEM:
        return [Part(None)]
    ways = [*_areas(actor), *_departments(actor)[:1]]
    return [Part(way, tuple(ways[:position])) for position, way in enumerate(ways)]


def _areas(actor: Actor) -> list[Way]:
    widened = actor.emergency_areas if actor.role in WIDENABLE else frozenset()
    is_of_streets = actor.role in SEATS or actor.role is Role.LEADER
    found: list[tuple[str, Collection[str]]] = [
        (STREET, widened | (actor.street_codes if is_of_streets else frozenset())),
        (COMMUNITY, widened),
        (GRID, actor.grid_ids if actor.role is Role.INSPECTOR else frozenset()),
    ]
    return [(field, sorted(codes)) for field, codes in found if codes]


def _departments(actor: Actor) -> list[Way]:
    if actor.role is not Role.OFFICER or actor.department_id is None:
        return []
    return [(field, [actor.department_id]) for field in (DEPARTMENT, ASSISTING)]


def _in_row(field: str) -> str:
    return field.removeprefix("place.")


def _goes(way: Way, counted: Mapping[str, Any]) -> bool:
    field, values = way
    return counted[_in_row(field)] in values
