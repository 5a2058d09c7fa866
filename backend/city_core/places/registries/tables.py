"""The registries and their columns: by which names each is known in files, and how it is read.

A column is known by its name here, in English and Chinese words, and by the field names of GB/T 30428.2-2013
and GB/T 47678.5-2026 where they have one. Columns that a file lacks stay as they are; unknown ones are
passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from city_core.kit.problems import CityProblem
from city_core.places.registries import values as read

POINT, AREA = ("Point",), ("Polygon", "MultiPolygon")
_SHORT: Mapping[str, str] = {
    "code": "ID", "name_zh": "NAME", "name_en": "NAME_EN", "code_is_real": "IS_REAL", "layer": "LAYER",
    "valid_from": "VALID_FROM", "valid_to": "VALID_TO", "responsibility_grid_id": "ZRWG", "state": "STATE",
    "area_class": "GLJB", "land_use": "YDLX", "community_code": "SZSQDM", "grid_codes": "GRIDS",
    "type_code": "TYPE_CODE", "authority_department_id": "ZGBMDM", "owner_department_id": "QSDWDM",
    "owner_name_zh": "QSDWMC", "owner_is_known": "OWNER_KNOW", "keeper_department_id": "YHDWDM",
    "grid_code": "SZDYWGBSM", "data_source": "SJLY", "installed_on": "CSRQ", "changed_on": "BGRQ",
    "note": "BZ", "address": "ADDRESS", "opening_hours": "HOURS", "phone": "PHONE",
    "stream_address": "STREAM", "attributes": "ATTRS", "kind": "KIND", "category": "CATEGORY",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column: its stored name, its names in files, how it is read; `blank` is what an empty cell means."""

    name: str
    zh: str
    read: Callable[[str], Any]
    others: Sequence[str] = ()
    required: bool = False
    blank: Any = ""
    write: Callable[[Any], str] = str
    refers: str | None = None

    @property
    def short(self) -> str:
        """Its name of at most ten letters, as Shapefiles have it."""
        return _SHORT[self.name]


@dataclass(frozen=True)
class Registry:
    """One registry: where its rows lie, what they are made of and which shapes they have.

    `retired` is what makes a row one that is no more; `street` and `grid` are the stored fields that tell
    whose it is. `marks` is what every change of a row writes beside it.
    """

    name: str
    zh: str
    collection: str
    columns: tuple[Column, ...]
    geometries: tuple[str, ...]
    needs_geometry: bool = True
    retired: tuple[str, str] | None = None
    street: str = "street_code"
    grid: str = "responsibility_grid_id"
    marks: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def by_any_name(self) -> Mapping[str, Column]:
        """Find a column by each of its names, small letters."""
        return {
            name.lower(): column
            for column in self.columns
            for name in (column.name, column.zh, column.short, *column.others)
        }

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        return {column.name: column for column in self.columns}


def _column(name: str, zh: str, reads: Callable[[str], Any], *others: str, **more: Any) -> Column:
    return Column(name, zh, reads, others, **more)


_CODE_IS_REAL = _column("code_is_real", "编码真实", read.yes_no, blank=True, write=lambda v: str(v).lower())
_FROM = _column("valid_from", "启用日期", read.day, "InitDate", "QYRQ", blank=None)
_TO = _column("valid_to", "终止日期", read.day, "EndDate", "ZZRQ", blank=None)
_NOTE = _column("note", "备注", read.text(1_000), "Note", "BZ")

DIVISIONS = Registry(
    "divisions", "行政区划", "divisions",
    (
        _column("code", "编码", read.place_code("district", "street", "community"), "id", "XZQHDM",
                required=True),
        _column("name_zh", "名称", read.text(60), "name", "XZQHMC", required=True),
        _CODE_IS_REAL, _FROM, _TO,
    ),
    (*POINT, *AREA), retired=("valid_to", ""), street="_id", grid="",
)  # fmt: skip

UNIT_GRIDS = Registry(
    "unit_grids", "单元网格", "unit_grids",
    (
        _column("code", "单元网格标识码", read.place_code("unit_grid"), "id", "BGID", "SZDYWGBSM", "DYWGBSM",
                required=True),
        _column("responsibility_grid_id", "责任网格", read.own_id, "ZRWG"),
        _column("area_class", "管理级别", read.choice("A", "B", "C"), "GLJB", blank="C"),
        _column("land_use", "用地类型", read.text(40), "YDLX", blank=None),
        _CODE_IS_REAL, _FROM, _TO,
    ),
    AREA, retired=("valid_to", ""),
)  # fmt: skip

RESPONSIBILITY_GRIDS = Registry(
    "responsibility_grids", "责任网格", "responsibility_grids",
    (
        _column("code", "责任网格编号", read.own_id, "id", "ZRWGBH", required=True),
        _column("name_zh", "名称", read.text(60), "name", required=True),
        _column("community_code", "所在社区", read.place_code("community"), "SZSQDM", required=True),
        _column("grid_codes", "单元网格", read.grid_list, "grids", required=True, write=";".join),
    ),
    (), needs_geometry=False, grid="_id",
)  # fmt: skip

COMPONENTS = Registry(
    "components", "部件", "components",
    (
        _column("code", "标识码", read.component_id, "ObjID", "GLBJBSM", "id", required=True),
        _column("name_zh", "名称", read.text(60), "ObjName", "GLBJMC", "name"),
        _column("type_code", "类别代码", read.text(6), "ObjType"),
        _column("authority_department_id", "主管部门代码", read.own_id, "DeptCode1", "ZGBMDM", blank=None,
                refers="departments"),
        _column("owner_department_id", "权属单位代码", read.own_id, "DeptCode2", "QSDWDM", blank=None,
                refers="departments"),
        _column("owner_name_zh", "权属单位名称", read.text(100), "DeptName2", "QSDWMC"),
        _column("owner_is_known", "权属明确", read.yes_no, blank=None, write=lambda v: str(v).lower()),
        _column("keeper_department_id", "养护单位代码", read.own_id, "DeptCode3", "YHDWDM", blank=None,
                refers="departments"),
        _column("grid_code", "所在单元网格", read.place_code("unit_grid"), "BGID", "SZDYWGBSM", blank=None),
        _column("state", "状态", read.one_of(read.COMPONENT_STATES), "ObjState", "GLBJZT", blank="IN_USE"),
        _column("data_source", "数据来源", read.one_of(read.DATA_SOURCES), "DataSource", "SJLY",
                blank="OTHER"),
        _column("installed_on", "初始日期", read.day, "ORDate", "CSRQ", blank=None),
        _column("changed_on", "变更日期", read.day, "CHDate", "BGRQ", blank=None),
        _NOTE,
    ),
    (*POINT, "LineString", *AREA), retired=("state", "REMOVED"), marks={"is_counted": False},
)  # fmt: skip

POINTS = Registry(
    "points", "点位", "points",
    (
        _column("layer", "图层", read.text(40), "TC"),
        _column("code", "编号", read.own_id, "id", required=True),
        _column("name_zh", "名称", read.text(60), "name", required=True),
        _column("name_en", "英文名称", read.text(100)),
        _column("address", "地址", read.text(200), "DZ"),
        _column("grid_code", "所在单元网格", read.place_code("unit_grid"), "BGID", "SZDYWGBSM", blank=None),
        _column("state", "状态", read.one_of(read.POINT_STATES), "ZT", blank="IN_USE"),
        _column("opening_hours", "开放时间", read.hours, blank=[], write=read.write_hours),
        _column("phone", "电话", read.phone, "LXDH"),
        _column("stream_address", "视频地址", read.text(400)),
        _column("attributes", "附加属性", read.attributes, blank={}, write=read.write_json),
    ),
    (*POINT, "LineString", *AREA), retired=("state", "REMOVED"),
)  # fmt: skip

GRID_ELEMENTS = Registry(
    "grid_elements", "网格要素", "grid_elements",
    (
        _column("kind", "类型", read.one_of(read.ELEMENT_KINDS), required=True),
        _column("code", "编号", read.own_id, "id", required=True),
        _column("name_zh", "名称", read.text(60), "name", required=True),
        _column("grid_code", "所在单元网格", read.place_code("unit_grid"), "BGID", "SZDYWGBSM", blank=None),
        _column("category", "分类", read.text(40)),
        _column("state", "状态", read.one_of(read.ELEMENT_STATES), blank="IN_USE"),
        _NOTE,
    ),
    POINT, needs_geometry=False, retired=("state", "REMOVED"),
)  # fmt: skip

REGISTRIES: Mapping[str, Registry] = {
    registry.name: registry
    for registry in (DIVISIONS, UNIT_GRIDS, RESPONSIBILITY_GRIDS, COMPONENTS, POINTS, GRID_ELEMENTS)
}


def registry_named(name: str) -> Registry:
    """Find a registry by its name."""
    if name not in REGISTRIES:
        raise CityProblem("REGISTRY_UNKNOWN", field="registry", allowed=", ".join(REGISTRIES))
    return REGISTRIES[name]
