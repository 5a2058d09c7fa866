"""Rows and shapes made to break an import off, or to cost without end, are told as bad and nothing more."""

from __future__ import annotations

import struct
from pathlib import Path

import bson
import pytest

from city_core.places.elements.numbers import holds_number
from city_core.places.geometry import MOST_GRID_CORNERS, fault_of_shape
from city_core.places.registries.faults import BadFile
from city_core.places.registries.given import read_row
from city_core.places.registries.known import Terms
from city_core.places.registries.read import rows_of
from city_core.places.registries.read_csv import guarded
from city_core.places.registries.shapefile_records import check_records
from city_core.places.registries.tables import POINTS

_IN_METRES = '"crs":{"type":"name","properties":{"name":"EPSG:4547"}},'


@pytest.mark.parametrize(
    "properties",
    [
        '{"code":"a","attributes":{"a":123456789012345678901234567890}}',
        '{"code":"a","note":' + "[" * 700 + "]" * 700 + "}",
        '{"code":"a","state":"\\ud800x"}',
        '{"code":"a","attributes":{"a":"\\ud800"}}',
        '{"code":"a","\\ud800":"n"}',
        '{"code":NaN,"name_zh":-1e400}',
    ],
)
def test_no_value_breaks_an_import_off(tmp_path: Path, properties: str) -> None:
    told(tmp_path, properties, "null")


@pytest.mark.parametrize(
    "geometry",
    [
        '{"type":"Point","coordinates":' + "[" * 600 + "]" * 600 + "}",
        '{"type":"Polygon","coordinates":' + "[" * 600 + "118,36" + "]" * 600 + "}",
        '{"type":"Point","coordinates":[1' + "0" * 400 + ",3]}",
        '{"type":"Point","coordinates":["x",3]}',
        '{"type":{"a":1},"coordinates":[1,3]}',
    ],
)
@pytest.mark.parametrize("crs", ["", _IN_METRES])
def test_no_shape_breaks_an_import_off(tmp_path: Path, geometry: str, crs: str) -> None:
    assert told(tmp_path, '{"code":"a","name_zh":"n"}', geometry, crs)


def told(folder: Path, properties: str, geometry: str, crs: str = "") -> int:
    """Read a file of one feature; answers how many faults it has, all of which can be stored."""
    feature = f'{{"type":"Feature","properties":{properties},"geometry":{geometry}}}'
    file = folder / "rows"
    file.write_text(f'{{"type":"FeatureCollection",{crs}"features":[{feature}]}}')
    [given] = rows_of(file)
    row = read_row(POINTS, given, Terms(layer="toilet"))
    faults = [fault.stored() for fault in row.faults]
    bson.encode({"faults": faults, "values": row.values, "names": sorted(given.cells)})
    return len(faults)


def test_a_line_without_end_is_no_csv(tmp_path: Path) -> None:
    file = tmp_path / "rows"
    file.write_text("code,name_zh\n" + "," * 4_000_001)
    with pytest.raises(BadFile, match="line"):
        list(rows_of(file))


@pytest.mark.parametrize("cell", ["=1", "＝1", "'＠x", "-1", "+1"])
def test_wide_signs_are_no_formula_either(cell: str) -> None:
    assert guarded(cell) == "'" + cell


@pytest.mark.parametrize(
    ("kind", "parts", "points", "fits"),
    [(5, 1, 100, True), (5, 1, 2**31 - 1, False), (3, 2**31 - 1, 1, False), (8, 200_000, 0, False)],
)
def test_a_shape_that_says_it_is_huge_is_not_read(
    tmp_path: Path, kind: int, parts: int, points: int, fits: bool
) -> None:
    content = struct.pack("<i4d2I", kind, 0, 0, 1, 1, parts, points)
    file = tmp_path / "rows.shp"
    file.write_bytes(b"\0" * 100 + struct.pack(">2i", 1, len(content) // 2) + content)
    if fits:
        check_records(file)
        return
    with pytest.raises(BadFile):
        check_records(file)


def test_a_record_that_leads_nowhere_ends_the_look(tmp_path: Path) -> None:
    file = tmp_path / "rows.shp"
    file.write_bytes(b"\0" * 100 + struct.pack(">2i", 1, -4) + b"\0" * 60)
    with pytest.raises(BadFile):
        check_records(file)


def test_a_grid_has_no_more_corners_than_can_be_laid_over_another() -> None:
    ring = [[118 + number / 1e6, 36.8 + number % 2 / 1e3] for number in range(MOST_GRID_CORNERS)]
    shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    fault = fault_of_shape(shape, ("Polygon",), most=MOST_GRID_CORNERS)
    assert fault is not None and "corners are allowed" in fault


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("独居，每周走访", False),
        ("三号楼201室", False),
        ("138 0000 1234", True),
        ("１３８００００１２３４", True),
        ("3703-0319-9001-01", True),
    ],
)
def test_numbers_of_people_are_known_in_any_dress(text: str, holds: bool) -> None:
    assert holds_number(text) is holds
