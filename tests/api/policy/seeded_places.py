"""What the two streets of the matrix lie in and are cut into: divisions, grids, offices, types of things."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from city_core.catalogue.catalogue import CATALOGUE_BOOK
from city_core.kit.city import City
from city_core.kit.rulebook.store import content_of, open_rules
from tests.api.policy.seeded_rows import (
    FAR,
    FAR_COMMUNITY,
    FAR_GRID,
    FAR_RESPONSIBILITY,
    FOREIGN,
    MISSING,
    OWN,
    THERE,
)
from tests.rulebooks import put_in_force, type_row
from tests.village import COMMUNITY, GRID, INSIDE, RESPONSIBILITY, STREET

Row = dict[str, Any]
DISTRICT, COVER = "370303", "C0101"
STREETS = {OWN: STREET, FOREIGN: FAR, MISSING: "370303999"}
GRIDS_OF = {OWN: RESPONSIBILITY, FOREIGN: FAR_RESPONSIBILITY, MISSING: RESPONSIBILITY}
# One grid that was drawn anew long ago, and one of the same street in which nothing stands yet.
OLD_GRID, EMPTY_GRID, NEXT_GRID = (f"{COMMUNITY}00{number}" for number in (9, 2, 3))
_SOUTH, _MIDDLE, _NORTH = 36.80, 36.81, 36.82
EMPTY_CORNERS = [118.05, _MIDDLE, 118.06, _MIDDLE, 118.06, _NORTH, 118.05, _NORTH]


async def seed_places(city: City, now: datetime) -> None:
    """Put the village on the map: whatever has a name there is known to everybody."""
    database = city.database
    await database.unit_grids.insert_many([
        _grid(FAR_GRID, (118.07, _SOUTH, 118.08, _MIDDLE), FAR_RESPONSIBILITY),
        _grid(EMPTY_GRID, (118.05, _MIDDLE, 118.06, _NORTH), RESPONSIBILITY),
        {**_grid(OLD_GRID, (118.05, _SOUTH, 118.06, _MIDDLE), RESPONSIBILITY), "valid_from": "2020-01-01",
         "valid_to": "2026-01-01", "replaced_by": [GRID]},
    ])  # fmt: skip
    await database.responsibility_grids.insert_many([
        {"_id": id_, "name_zh": f"责任网格{id_[-2:]}", "community_code": community, "street_code": street,
         "grid_codes": grids, "version": 1, "updated_at": now, "history": []}
        for id_, community, street, grids in (
            (RESPONSIBILITY, COMMUNITY, STREET, [GRID, EMPTY_GRID]),
            (FAR_RESPONSIBILITY, FAR_COMMUNITY, FAR, [FAR_GRID]),
        )
    ])  # fmt: skip
    await database.divisions.insert_many([
        _division(DISTRICT, "district", "区", None, (118.05, _SOUTH, 118.08, _NORTH)),
        _division(STREET, "street", "近街道", DISTRICT, (118.05, _SOUTH, 118.06, _NORTH)),
        _division(FAR, "street", "远街道", DISTRICT, (118.07, _SOUTH, 118.08, _MIDDLE)),
        _division(COMMUNITY, "community", "近社区", STREET, (118.05, _SOUTH, 118.06, _NORTH)),
        _division(FAR_COMMUNITY, "community", "远社区", FAR, (118.07, _SOUTH, 118.08, _MIDDLE)),
    ])  # fmt: skip
    await database.departments.insert_many([
        {"_id": "far", "name_zh": "远处", "name_en": "far away", "answers_for": []},
        {"_id": "near-office", "name_zh": "近街道办", "name_en": "near office", "area_code": STREET,
         "answers_for": []},
        {"_id": "far-office", "name_zh": "远街道办", "name_en": "far office", "area_code": FAR,
         "answers_for": []},
    ])  # fmt: skip


async def seed_types(city: City) -> None:
    """Let the catalogue know what the components of the matrix are: covers of manholes."""
    in_force = await open_rules(city, CATALOGUE_BOOK)
    content = await content_of(city, CATALOGUE_BOOK, in_force.version)
    types = [*content["case_types"], type_row(COVER, name_zh="上水井盖")]
    await put_in_force(city, CATALOGUE_BOOK, {**content, "case_types": types})


def _grid(code: str, sides: tuple[float, float, float, float], responsibility: str) -> Row:
    return {
        "_id": code, "community_code": code[:12], "street_code": code[:9], "district_code": DISTRICT,
        "responsibility_grid_id": responsibility, "shape": _square(sides), "area_m2": 1e6, "area_class": "A",
        "centre": _middle(sides), "code_is_real": False, "valid_from": "2026-01-01", "valid_to": None,
    }  # fmt: skip


def _division(
    code: str, level: str, name: str, parent: str | None, sides: tuple[float, float, float, float]
) -> Row:
    return {
        "_id": code, "level": level, "name_zh": name, "parent_code": parent, "code_is_real": True,
        "centre": {"type": "Point", "coordinates": list(THERE if code.startswith(FAR) else INSIDE)},
        "shape": _square(sides), "valid_from": "2026-01-01", "valid_to": None, "version": 1, "history": [],
    }  # fmt: skip


def _middle(sides: tuple[float, float, float, float]) -> Row:
    west, south, east, north = sides
    return {"type": "Point", "coordinates": [(west + east) / 2, (south + north) / 2]}


def _square(sides: tuple[float, float, float, float]) -> Row:
    west, south, east, north = sides
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [corners]}
