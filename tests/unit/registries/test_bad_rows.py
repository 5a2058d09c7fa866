"""Bad rows of every registry, each told its field and its reason in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from city_core.kit.geo import from_wgs84
from city_core.places.registries.checks import check_rows
from city_core.places.registries.given import Checked, Given, read_row
from city_core.places.registries.known import Known, Terms
from city_core.places.registries.survey import survey
from city_core.places.registries.tables import REGISTRIES
from tests.registry_town import EAST, STREET, WEST, known_town, square

_INSIDE = {"type": "Point", "coordinates": [118.055, 36.805]}
_COMPONENT = {"ObjID": "3703030102000001", "ObjState": "完好", "DeptCode1": "water"}
_POINT = {"layer": "toilet", "code": "T1", "name_zh": "公厕"}
_GRID = {"code": f"{WEST}003", "valid_from": "2026-11-01"}
_FREE = square(3, 3)


def point(lng: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lng, lat]}


def checked(
    registry: str, cells: Mapping[str, Any], geometry: Any, known: Known | None = None, **terms: Any
) -> Checked:
    """Check one row as an import does; what only holds for new rows is held against it too."""
    against, how = known or known_town(), Terms(**{"day": "2026-11-22", **terms})
    given = Given(2, cells, geometry)
    surveyed = survey(REGISTRIES[registry], [given], against, how)
    row = read_row(REGISTRIES[registry], given, how)
    row.faults += surveyed.faults.get(2, [])
    check_rows(REGISTRIES[registry], [row], against, how, surveyed.divisions)
    row.faults += row.faults_if_new
    return row


_BAD_SHAPES = [
    ("bow", {"type": "Polygon", "coordinates": [[[118.08, 36.83], [118.09, 36.84], [118.09, 36.83],
                                                 [118.08, 36.84], [118.08, 36.83]]]}, "自相交"),
    ("open", {"type": "Polygon", "coordinates": [[[118.08, 36.83], [118.09, 36.83], [118.1, 36.8]]]}, "首尾"),
    ("hole", {"type": "Polygon", "coordinates": [*square(3, 3)["coordinates"],
                                                 *square(3, 3, 0.001)["coordinates"]]}, "自相切|洞"),
    ("point", point(118.08, 36.83), "几何类型"),
    ("none", None, "缺少坐标"),
    ("text", {"type": "Polygon", "coordinates": "x"}, "成对"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("shape", "zh"), [row[1:] for row in _BAD_SHAPES], ids=[row[0] for row in _BAD_SHAPES]
)
def test_bad_borders_of_unit_grids(shape: Any, zh: str) -> None:
    [fault] = checked("unit_grids", _GRID, shape).faults
    assert fault.field == "geometry" and any(part in fault.zh for part in zh.split("|")), fault


@pytest.mark.parametrize(
    ("lng", "lat", "zh"),
    [
        (36.805, 118.055, "顺序颠倒"), (39_594_000.0, 4_074_000.0, "投影坐标"), (2.35, 48.85, "国境之外"),
        (float("nan"), 36.8, "有限"), (118.3, 36.805, "不在本区"), (117.0, 36.0, "不在本区"),
    ],
)  # fmt: skip
def test_bad_places_of_components(lng: float, lat: float, zh: str) -> None:
    [fault] = checked("components", _COMPONENT, point(lng, lat)).faults
    assert (fault.row, fault.field) == (2, "geometry") and zh in fault.zh and fault.en


@pytest.mark.parametrize("datum", ["GCJ02", "BD09"])
def test_a_point_that_only_fits_its_grid_in_another_datum_is_told_so(datum: Any) -> None:
    stated = {**_COMPONENT, "BGID": f"{WEST}002"}
    moved = point(*from_wgs84((118.0595, 36.8005), datum))
    [fault] = checked("components", stated, moved).faults
    assert f"looks like {datum[:-2]}-{datum[-2:]}" in fault.en
    assert checked("components", stated, moved, datum=datum).faults == []


def test_wgs84_said_to_be_gcj02_is_told_so() -> None:
    stated = {**_COMPONENT, "BGID": f"{EAST}002"}
    [fault] = checked("components", stated, point(118.0605, 36.805), datum="GCJ02").faults
    assert "looks like WGS-84" in fault.en


@pytest.mark.parametrize(
    ("cells", "field", "zh"),
    [
        ({"ObjID": "370303010200001"}, "code", "长度"),
        ({"ObjID": "370303010200000x"}, "code", "长度"),
        ({"ObjID": "3703030102000000"}, "code", "顺序号"),
        ({"ObjID": "3703020102000001"}, "code", "行政区划"),
        ({"ObjID": "3703039902000001"}, "code", "目录中没有"),
        ({"ObjID": "37030301109000001"}, "code", "目录中没有"),
        ({"ObjID": ""}, "code", "不能为空"),
        ({"ObjType": "0101"}, "type_code", "不一致"),
        ({"DeptCode1": "nobody"}, "authority_department_id", "没有部门"),
        ({"QSDWDM": "nobody"}, "owner_department_id", "没有部门"),
        ({"ObjState": "很好"}, "state", "未知的取值"),
        ({"DataSource": "听说"}, "data_source", "未知的取值"),
        ({"ORDate": "20261301"}, "installed_on", "日期"),
        ({"Note": "x" * 1_001}, "note", "过长"),
        ({"Note": "a\x00b"}, "note", "控制字符"),
        ({"BGID": f"{EAST}001"}, "grid_code", "不在所填单元网格"),
        ({"BGID": f"{EAST}009"}, "grid_code", "没有单元网格"),
        ({"BGID": "12"}, "grid_code", "编码长度"),
        ({"权属明确": "也许"}, "owner_is_known", "是或否"),
    ],
)
def test_bad_cells_of_components(cells: dict[str, str], field: str, zh: str) -> None:
    faults = checked("components", {**_COMPONENT, **cells}, _INSIDE).faults
    assert [(fault.field, zh in fault.zh) for fault in faults] == [(field, True)], faults
    assert all(fault.en for fault in faults)


@pytest.mark.parametrize(
    ("registry", "cells", "geometry", "field", "zh"),
    [
        ("points", {**_POINT, "layer": "zoo"}, _INSIDE, "layer", "没有图层"),
        ("points", {"code": "T1", "name_zh": "x"}, _INSIDE, "layer", "缺少图层"),
        ("points", {**_POINT, "code": "a:b"}, _INSIDE, "code", "编号"),
        ("points", {**_POINT, "opening_hours": "always"}, _INSIDE, "opening_hours", "开放时间"),
        ("points", {**_POINT, "opening_hours": "周八 08:00-09:00"}, _INSIDE, "opening_hours", "开放时间"),
        ("points", {**_POINT, "opening_hours": "1-5 08:00-25:00"}, _INSIDE, "opening_hours", "开放时间"),
        ("points", {**_POINT, "stream_address": "rtsp://x"}, _INSIDE, "stream_address", "视频"),
        ("points", {**_POINT, "attributes": "[1]"}, _INSIDE, "attributes", "JSON"),
        ("points", {**_POINT, "state": "坏"}, _INSIDE, "state", "未知"),
        ("points", {"layer": "toilet", "code": "T1"}, _INSIDE, "name_zh", "缺少此列"),
        ("divisions", {"code": "3703", "name_zh": "x"}, _INSIDE, "code", "长度"),
        ("divisions", {"code": "370304001", "name_zh": "x"}, _INSIDE, "code", "上级"),
        ("unit_grids", {**_GRID, "code": "370303009001001"}, _FREE, "code", "没有社区"),
        ("unit_grids", {**_GRID, "area_class": "D"}, _FREE, "area_class", "未知"),
        ("unit_grids", {**_GRID, "valid_to": "2026-01-01"}, _FREE, "valid_to", "早于"),
        ("unit_grids", {**_GRID, "ZRWG": f"{EAST}01"}, _FREE, "responsibility_grid_id", "其他社区"),
        ("unit_grids", _GRID, square(0, 0, 0.005), "geometry", "重叠"),
        ("responsibility_grids", {"code": "r", "name_zh": "x", "community_code": WEST,
                                  "grid_codes": f"{EAST}001"}, None, "grid_codes", "其他社区"),
        ("responsibility_grids", {"code": "r", "name_zh": "x", "community_code": WEST,
                                  "grid_codes": f"{WEST}099"}, None, "grid_codes", "没有单元网格"),
        ("grid_elements", {"kind": "鸟", "code": "b", "name_zh": "x"}, _INSIDE, "kind", "未知"),
        ("grid_elements", {"kind": "人", "code": "b", "name_zh": "x"}, None, "grid_code", "应填写"),
    ],
)  # fmt: skip
def test_bad_rows_of_the_other_registries(
    registry: str, cells: dict[str, str], geometry: Any, field: str, zh: str
) -> None:
    faults = checked(registry, cells, geometry).faults
    assert [(fault.field, zh in fault.zh) for fault in faults] == [(field, True)], faults


def test_a_grid_beyond_its_community_is_told() -> None:
    known = known_town()
    divisions = {**known.divisions, WEST: {**known.divisions[WEST], "shape": square(3, 3)}}
    inside = checked("unit_grids", _GRID, square(3, 3, 0.005), known_town(divisions=divisions))
    beyond = checked("unit_grids", _GRID, square(3, 3, 0.011), known_town(divisions=divisions))
    assert inside.faults == [] and "越出社区" in beyond.faults[0].zh


def test_grids_may_cover_the_same_ground_one_after_the_other() -> None:
    old = {row: grid for row, grid in known_town().grids.items() if row != f"{WEST}002"}
    over = {**known_town().grids[f"{WEST}002"], "valid_to": "2026-11-01"}
    assert (
        checked("unit_grids", _GRID, square(0, 0), known_town(grids={**old, f"{WEST}002": over})).faults == []
    )


def test_names_of_both_standards_and_of_offices_are_understood() -> None:
    new = {"GLBJBSM": "37030301102000001", "GLBJMC": "井盖", "SZDYWGBSM": f"{WEST}002", "GLBJZT": "移除",
           "CSRQ": "20200102", "SJLY": "地形图", "BZ": "备注", "无关": "1"}  # fmt: skip
    row = checked("components", new, _INSIDE)
    assert row.faults == [] and row.id == "37030301102000001"
    assert row.values["state"] == "REMOVED" and row.values["installed_on"] == "2020-01-02"
    assert row.place["street_code"] == STREET and row.values["type_code"] == "C01102"
    words = {"标识码": "3703030102000001", "名称": "井盖", "状态": "丢失", "主管部门代码": "water"}
    assert checked("components", words, _INSIDE).values["state"] == "MISSING"


def test_a_point_on_a_border_is_of_the_lower_code_unless_the_file_says_otherwise() -> None:
    corner = point(118.06, 36.81)
    assert checked("components", _COMPONENT, corner).place["grid_code"] == f"{WEST}001"
    stated = {**_COMPONENT, "grid_code": f"{EAST}002"}
    assert checked("components", stated, corner).place["grid_code"] == f"{EAST}002"
