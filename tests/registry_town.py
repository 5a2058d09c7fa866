"""A town for tests of the registries: four unit grids in two communities, with files about it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from city_core.catalogue.catalogue import CATALOGUE_BOOK
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.places.layers import LAYERS_BOOK
from city_core.places.registries.known import Known, Outside
from tests.rulebooks import catalogue_content, put_in_force, type_row

DISTRICT, STREET, WEST, EAST = "370303", "370303001", "370303001001", "370303001002"
OUTSIDE = Outside(
    {"C0102": "雨水井盖", "C0101": "上水井盖", "C01102": "新标井盖"}, frozenset({"water", "roads"})
)
LEFT, BOTTOM, STEP = 118.050, 36.800, 0.01


def square(column: int, row: int, size: float = STEP) -> Row:
    """Make the border of a grid of the town."""
    west, south = LEFT + column * STEP, BOTTOM + row * STEP
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def grid_row(code: str, column: int, row: int, **more: Any) -> Row:
    """Make a stored unit grid of the town."""
    return {
        "_id": code, "community_code": code[:12], "street_code": code[:9], "district_code": code[:6],
        "responsibility_grid_id": f"{code[:12]}01", "shape": square(column, row), "area_m2": 1e6,
        "centre": {"type": "Point", "coordinates": [LEFT + column * STEP, BOTTOM + row * STEP]},
        "area_class": "A", "code_is_real": False, "valid_from": "2026-01-01", "valid_to": None,
    } | more  # fmt: skip


GRIDS = [
    grid_row(f"{WEST}001", 0, 1), grid_row(f"{WEST}002", 0, 0),
    grid_row(f"{EAST}001", 1, 1), grid_row(f"{EAST}002", 1, 0),
]  # fmt: skip


def division_rows() -> list[Row]:
    """Make the stored divisions of the town."""
    centre = {"type": "Point", "coordinates": [LEFT, BOTTOM]}
    levels = ((DISTRICT, "district", None), (STREET, "street", DISTRICT), (WEST, "community", STREET),
              (EAST, "community", STREET))  # fmt: skip
    return [
        {"_id": code, "level": level, "name_zh": f"区划{code}", "parent_code": parent, "code_is_real": False,
         "centre": centre, "valid_from": "2026-01-01", "valid_to": None}
        for code, level, parent in levels
    ]  # fmt: skip


def responsibility_rows() -> list[Row]:
    """Make the stored responsibility grids of the town."""
    return [
        {"_id": f"{code}01", "name_zh": "责任网格", "community_code": code, "street_code": STREET,
         "grid_codes": [f"{code}001", f"{code}002"]}
        for code in (WEST, EAST)
    ]  # fmt: skip


def known_town(day: str = "2026-11-22", **more: Any) -> Known:
    """Make what the rows of files about the town are checked against."""
    given: dict[str, Any] = {
        "divisions": {row["_id"]: row for row in division_rows()},
        "grids": {row["_id"]: row for row in GRIDS},
        "responsibility_grids": {row["_id"]: row["community_code"] for row in responsibility_rows()},
        "outside": OUTSIDE,
        "layers": LAYERS_BOOK.compile(LAYERS_BOOK.first_content),
        "day": day,
        "at": datetime.fromisoformat(f"{day}T04:00:00+00:00"),
    }
    return Known(**{**given, **more})


async def found_town(city: City) -> None:
    """Fill an empty city with the town, two departments and two types of components."""
    database = city.database
    await database.divisions.insert_many(division_rows())
    await database.unit_grids.insert_many([dict(row) for row in GRIDS])
    await database.responsibility_grids.insert_many(responsibility_rows())
    await database.departments.insert_many(
        [{"_id": name, "name_zh": name, "name_en": name, "answers_for": []} for name in ("water", "roads")]
    )
    types = [type_row(code) for code in ("C0102", "C0101", "C01102", "E0110")]
    await put_in_force(city, CATALOGUE_BOOK, catalogue_content(types, []))


def component(serial: int, *, lng: float = 118.055, lat: float = 36.805, **more: Any) -> Row:
    """Make a row of a file of components, by the field names of 2013."""
    return {
        "ObjID": f"3703030102{serial:06d}", "ObjName": "雨水井盖", "DeptCode1": "water", "DeptCode2": "water",
        "DeptName2": "自来水公司", "ObjState": "完好", "ORDate": "20200101", "DataSource": "实测",
        "Note": "=HYPERLINK(1)", "lng": lng, "lat": lat,
    } | more  # fmt: skip


def spread(count: int) -> Iterable[Row]:
    """Make many components, spread over the town."""
    for serial in range(1, count + 1):
        across, up = (serial * 7919) % 1999 / 1999, (serial * 104_729) % 1997 / 1997
        yield component(serial, lng=LEFT + 2 * STEP * across, lat=BOTTOM + 2 * STEP * up)


def write_csv(path: Path, rows: Iterable[Mapping[str, Any]], encoding: str = "utf-8") -> Path:
    """Write rows as a CSV."""
    held = list(rows)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(held[0]))
        writer.writeheader()
        writer.writerows(held)
    return path


def write_geojson(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    """Write rows with `lng` and `lat`, or a `geometry`, as a FeatureCollection."""
    features = []
    for row in rows:
        properties = {name: value for name, value in row.items() if name not in ("lng", "lat", "geometry")}
        point = {"type": "Point", "coordinates": [row["lng"], row["lat"]]} if "lng" in row else None
        features.append({"type": "Feature", "properties": properties, "geometry": row.get("geometry", point)})
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False))
    return path
