"""Divisions and grids as phones see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import strawberry

from city_api.duty.types import PersonOnDuty
from city_api.enums import BorderLevel, DivisionLevel, FoundBy
from city_api.people.types import Department
from city_api.places.position import Position, position_of
from city_api.rows import computed, stored
from city_core.kit.mongo import Row
from city_core.places.borders import polygons_in

if TYPE_CHECKING:
    from city_api.context import Context

_RINGS = "Polygons, each of rings, the outer one first: longitude, latitude, … degrees."


@strawberry.type(description="A district 区, street 街道 or community 社区.")
class Division:
    code: strawberry.ID = stored("_id")
    level: DivisionLevel = stored("level")
    name_zh: str = stored("name_zh")
    parent_code: str | None = stored("parent_code")
    lng: float = computed(lambda row, _: row["centre"]["coordinates"][0], description="Centre, WGS-84.")
    lat: float = computed(lambda row, _: row["centre"]["coordinates"][1])
    position: Position | None = position_of("centre")


@strawberry.type(description="The border of a division or of a unit grid, in the datum that was asked for.")
class Border:
    code: strawberry.ID = stored("_id")
    level: BorderLevel = stored("level")
    name_zh: str | None = stored("name_zh", "Nothing for a unit grid.")
    polygons: list[list[list[float]]] = stored("polygons", _RINGS)


@strawberry.type(description="A unit grid 单元网格, as it is or once was.")
class UnitGrid:
    code: strawberry.ID = stored("_id")
    responsibility_grid_id: strawberry.ID = stored("responsibility_grid_id")
    community_code: str = stored("community_code")
    street_code: str = stored("street_code")
    area_class: str = stored("area_class", "A (core), B or C.")
    area_m2: float = stored("area_m2", "Square metres.")
    valid_from: str = stored("valid_from", "The first day that it is valid, such as 2026-03-02.")
    valid_to: str | None = stored("valid_to", "The day from which it is valid no more.")
    replaced_by: list[strawberry.ID] = computed(
        lambda row, _: row.get("replaced_by") or [], description="The grids that took its place."
    )
    position: Position | None = position_of("centre")
    polygons: list[list[list[float]]] = computed(
        lambda row, _: polygons_in(row["shape"], "WGS84"), description=f"{_RINGS} WGS-84."
    )


@strawberry.type(description="A responsibility grid 责任网格 of inspectors.")
class ResponsibilityGrid:
    id: strawberry.ID = stored("_id")
    name_zh: str = stored("name_zh")


def _answering(place: Row, context: Context) -> Any:
    return context.dictionary.then(lambda book: book.departments.get(place["department_id"] or ""))


@strawberry.type(description="What lies at a point, and who answers there.")
class Whereabouts:
    position: Position | None = position_of("point")
    grid_code: strawberry.ID = stored("grid_code", "Unit grid 单元网格.")
    found_by: FoundBy = stored("found_by")
    is_on_border: bool = stored("is_on_border", "On the border of several: the one with the lowest code.")
    distance_m: float = stored("distance_m", "How far the grid is, metres; 0 within it.")
    area_class: str = stored("area_class", "A (core), B or C.")
    responsibility_grid: ResponsibilityGrid | None = stored("responsibility_grid")
    community: Division | None = stored("community")
    street: Division | None = stored("street")
    district: Division | None = stored("district")
    departments: list[Department] = stored("departments", "Those of the community and of the street.")
    answering_department: Department | None = computed(
        _answering, description="Who would get a case of the type that you named, by the rules in force."
    )
    inspectors: list[PersonOnDuty] = stored(
        "inspectors", "Inspectors 监督员 on duty for the grid; citizens see no people."
    )
