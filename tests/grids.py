"""Grids laid out by hand, for tests of places: squares of a hundredth of a degree and what holds them."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.mongo import Row
from tests.village import COMMUNITY, STREET

DISTRICT = "370303"


def square(west: float, south: float, east: float, north: float) -> Row:
    """Draw a rectangle."""
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [corners]}


def unit_grid(code: str, shape: Row, **more: object) -> Row:
    """Make a unit grid."""
    [ring] = shape["coordinates"]
    middle = [sum(point[axis] for point in ring[:-1]) / (len(ring) - 1) for axis in (0, 1)]
    return {
        "_id": code, "community_code": code[:12], "street_code": code[:9], "district_code": code[:6],
        "responsibility_grid_id": f"{code[:12]}01", "shape": shape, "area_m2": 1e6, "area_class": "A",
        "centre": {"type": "Point", "coordinates": middle}, "code_is_real": False,
        "valid_from": "2026-01-01", "valid_to": None, "replaced_by": [], "history": [], **more,
    }  # fmt: skip


def responsibility_grid(id_: str, codes: list[str]) -> Row:
    """Make a responsibility grid."""
    return {
        "_id": id_, "name_zh": f"{id_}责任网格", "community_code": id_[:12], "street_code": id_[:9],
        "grid_codes": codes, "history": [],
    }  # fmt: skip


async def found_divisions(city: City, shape: Row) -> None:
    """Put the district, one street and one community on record, each with the same border."""
    rows = ((DISTRICT, "district", "张店区", None), (STREET, "street", "车站街道", DISTRICT),
            (COMMUNITY, "community", "站前社区", STREET))  # fmt: skip
    await city.database.divisions.insert_many([
        {
            "_id": code, "level": level, "name_zh": name, "parent_code": parent, "code_is_real": True,
            "centre": {"type": "Point", "coordinates": [118.055, 36.805]}, "shape": shape,
            "valid_from": "2026-01-01", "valid_to": None, "history": [],
        }
        for code, level, name, parent in rows
    ])  # fmt: skip
