"""What goes out comes in again without a change, in every format and datum; nobody sees too much."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from city_core.kit.city import City
from city_core.places.registries.export import ExportAsked, csv_of, geojson_of
from city_core.places.registries.imports import ImportAsked
from city_core.places.registries.sight import Sight
from city_core.places.registries.tables import REGISTRIES
from city_core.places.registries.write_shapefile import spool, zip_of
from city_workers.import_places import bring_in_file
from tests.registry_town import EAST, STREET, WEST, component, found_town, spread, square, write_geojson

ALL = Sight(everything=True)
_POINTS = [
    {"layer": "toilet", "code": "T1", "name_zh": "公厕，一号",
     "opening_hours": "1-5 06:00-22:00; 6,7 07:00-24:00", "phone": "+8653312345",
     "attributes": '{"seats":"4"}', "lng": 118.052, "lat": 36.803},
    {"layer": "camera", "code": "C1", "name_zh": "路口", "stream_address": "rtsp://10.0.0.1/" + "a" * 300,
     "lng": 118.066, "lat": 36.815},
]  # fmt: skip
_ELEMENTS = [
    {"kind": "人", "code": "p1", "name_zh": "张三", "grid_code": f"{WEST}001", "note": "独居 " * 90},
    {"kind": "LAND", "code": "l1", "name_zh": "空地", "lng": 118.066, "lat": 36.815},
]


@pytest.fixture
async def town(city: City, tmp_path: Path) -> City:
    await found_town(city)
    line = component(3) | {
        "geometry": {"type": "LineString", "coordinates": [[118.051, 36.801], [118.052, 36.8]]}
    }
    area = component(4) | {"geometry": square(1, 0, 0.001), "Note": "很长的备注。" * 60}
    rows = [*spread(2), line, area, component(5, ObjState="废弃", Note="'=1+1", OwnerKnown="x")]
    for registry, given in (("components", rows), ("points", _POINTS), ("grid_elements", _ELEMENTS)):
        done = await bring_in(city, write_geojson(tmp_path / registry, given), registry)
        assert done["refused"] == 0, done["bad_rows"]
    return city


async def bring_in(city: City, file: Path, registry: str, **more: Any) -> Any:
    return await bring_in_file(city, file, ImportAsked(registry, file.name, **more))


async def written(city: City, asked: ExportAsked, folder: Path) -> Path:
    """Write an export into a file."""
    file = folder / f"{asked.registry}.{asked.format}"
    if asked.format == "zip":
        await spool(city, asked, folder / "rows")
        return zip_of(asked.checked(), asked, folder / "rows", folder)
    pieces: AsyncIterator[bytes] = (csv_of if asked.format == "csv" else geojson_of)(city, asked)
    file.write_bytes(b"".join([piece async for piece in pieces]))
    return file


@pytest.mark.parametrize("format_", ["geojson", "csv", "zip"])
@pytest.mark.parametrize("registry", sorted(REGISTRIES))
async def test_what_went_out_comes_in_without_a_change(
    town: City, tmp_path: Path, registry: str, format_: str
) -> None:
    file = await written(town, ExportAsked(registry, format_, ALL), tmp_path)
    before = await town.database[registry].find({}).sort("_id", 1).to_list(None)
    done = await bring_in(town, file, registry)
    told = (done["failure"], done["bad_rows"], [row.get("history", [])[-1:] for row in before])
    assert (done["unchanged"], done["new"], done["changed"], done["refused"]) == (len(before), 0, 0, 0), told
    assert await town.database[registry].find({}).sort("_id", 1).to_list(None) == before


@pytest.mark.parametrize("datum", ["GCJ02", "BD09", "CGCS2000"])
@pytest.mark.parametrize("format_", ["geojson", "csv", "zip"])
async def test_another_datum_there_and_back_is_no_change(
    town: City, tmp_path: Path, datum: Any, format_: str
) -> None:
    for registry in ("components", "unit_grids"):
        file = await written(town, ExportAsked(registry, format_, ALL, datum=datum), tmp_path)
        done = await bring_in(town, file, registry, datum=datum)
        assert done["changed"] == done["new"] == done["refused"] == 0 < done["unchanged"], done["bad_rows"]


async def test_no_cell_of_a_csv_is_a_formula(town: City, tmp_path: Path) -> None:
    file = await written(town, ExportAsked("components", "csv", ALL), tmp_path)
    rows = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"))))
    assert any("'=HYPERLINK(1)" in row for row in rows)
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "@", "-")]


async def test_filters_and_sights_leave_out_the_rest(town: City, tmp_path: Path) -> None:
    async def ids(**more: Any) -> set[str]:
        asked = ExportAsked(**{"registry": "components", "format": "csv", "sight": ALL, **more})
        file = await written(town, asked, tmp_path)
        return {row["code"] for row in csv.DictReader(io.StringIO(file.read_text("utf-8-sig")))}

    everything = await ids()
    assert len(everything) == 5
    assert await ids(sight=Sight(streets=[STREET])) == everything
    assert await ids(sight=Sight(streets=["370303002"])) == set()
    east = await ids(sight=Sight(grids=[f"{EAST}01"]))
    assert east and east < everything
    assert await ids(type_code="C0101") == set() == await ids(street="370303002")
    assert await ids(changed_since=town.clock.now()) == set()
    assert await ids(registry="points", layer="toilet") == {"T1"}
