"""Which departments a case may go to at its level: those of the level, and of the place where it lies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from city_core.cases.levels.rules import Level

Row = Mapping[str, Any]
_AREA = {Level.COMMUNITY: "community_code", Level.STREET: "street_code"}


def holds(department: Row, level: str, place: Row) -> bool:
    """Tell whether a department works at a level and answers there for a place."""
    own = Level(department.get("level", Level.DISTRICT))
    if own != level:
        return False
    return own is Level.DISTRICT or department.get("area_code") == place[_AREA[own]]


def departments_at(level: str, place: Row, departments: Iterable[Row]) -> list[Row]:
    """List the departments of a level that answer for a place."""
    return [department for department in departments if holds(department, level, place)]
