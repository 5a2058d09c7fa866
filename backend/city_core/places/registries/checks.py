"""Checks of rows against the city: codes, types, departments, layers, and where they lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from city_core.kit.geo import Datum, LngLat
from city_core.kit.mongo import Row
from city_core.places.codes import component_code
from city_core.places.elements.model import ElementKind
from city_core.places.elements.numbers import holds_number
from city_core.places.geometry import centre_of
from city_core.places.registries.given import Checked
from city_core.places.registries.known import Known, Terms, is_valid
from city_core.places.registries.tables import Registry


def check_rows(
    registry: Registry, rows: Sequence[Checked], known: Known, terms: Terms, parents: frozenset[str]
) -> None:
    """Check rows of one registry against the city; what is wrong is noted with each row.

    `parents` are the codes of divisions that stand in the same file.
    """
    check = _CHECKS[registry.name]
    for row in rows:
        if row.id is not None:
            check(row, known, parents)
            _check_departments(registry, row, known)
    if "grid_code" in registry.by_name:
        _place(registry, [row for row in rows if not row.faults], known, terms.datum)


def _check_departments(registry: Registry, row: Checked, known: Known) -> None:
    for column in registry.columns:
        given = row.values.get(column.name)
        if column.refers == "departments" and given and given not in known.outside.departments:
            row.fault(column.name, f"没有部门“{given}”", f"there is no department {given!r}")


def _check_division(row: Checked, known: Known, parents: frozenset[str]) -> None:
    code = str(row.id)
    parent = {6: None, 9: code[:6], 12: code[:9]}[len(code)]
    if parent is not None and parent not in known.divisions and parent not in parents:
        row.fault("code", f"没有上级区划{parent}", f"there is no division {parent} above this one")
    row.values |= {
        "level": {6: "district", 9: "street", 12: "community"}[len(code)],
        "parent_code": parent,
    }


def _check_unit_grid(row: Checked, known: Known, _: frozenset[str]) -> None:
    code = str(row.id)
    if code[:12] not in known.communities:
        row.fault("code", f"没有社区{code[:12]}", f"there is no community {code[:12]}")
    holder = row.values.get("responsibility_grid_id")
    if holder and known.responsibility_grids.get(holder, code[:12]) != code[:12]:
        row.fault("responsibility_grid_id", "责任网格属于其他社区", "the responsibility grid is elsewhere")
    if row.values.get("valid_to") and row.values["valid_to"] < (row.values.get("valid_from") or ""):
        row.fault("valid_to", "终止日期早于启用日期", "ends before it begins")
    row.values |= {"community_code": code[:12], "street_code": code[:9], "district_code": code[:6]}


def _check_responsibility_grid(row: Checked, known: Known, _: frozenset[str]) -> None:
    community = row.values.get("community_code")
    if community is not None and community not in known.communities:
        row.fault("community_code", f"没有社区{community}", f"there is no community {community}")
    for code in row.values.get("grid_codes") or ():
        grid = known.grids.get(code)
        if grid is None:
            row.fault("grid_codes", f"没有单元网格{code}", f"there is no unit grid {code}")
        elif community and grid["community_code"] != community:
            row.fault("grid_codes", f"单元网格{code}在其他社区", f"unit grid {code} is of another community")
    if community:
        row.values["street_code"] = community[:9]


def _check_component(row: Checked, known: Known, _: frozenset[str]) -> None:
    code = component_code(str(row.id))
    if code.district_code not in known.districts:
        allowed = ", ".join(sorted(known.districts)[:5])
        row.fault("code", "标识码的行政区划不属于本区", "the code begins with another district", allowed)
    if code.type_code not in known.outside.type_names:
        row.fault("code", f"目录中没有部件类别{code.type_code}",
                  f"the catalogue has no component type {code.type_code}")  # fmt: skip
    said = row.values.get("type_code")
    if said and said.removeprefix("C") != code.type_code[1:]:
        row.fault("type_code", "类别代码与标识码不一致", "the type is not that of the code", code.type_code)
    row.values["type_code"] = code.type_code


def _check_point(row: Checked, known: Known, _: frozenset[str]) -> None:
    layer = known.layers.get(row.values["layer"])
    if layer is None:
        row.fault(
            "layer", f"没有图层“{row.values['layer']}”", "there is no such layer", ", ".join(known.layers)
        )
    elif row.values.get("stream_address") and not layer.has_stream:
        row.fault("stream_address", "只有视频图层才有视频地址", "only cameras have a stream address")


def _check_element(row: Checked, known: Known, _: frozenset[str]) -> None:
    if row.values.get("kind") == ElementKind.PERSON:
        for name in ("name_zh", "category", "note"):
            if holds_number(row.values.get(name) or ""):
                row.fault(name, "人员要素不得含证件、电话等号码", "a person's entry holds no numbers")
    if row.geometry is None and not row.values.get("grid_code"):
        row.fault("grid_code", "应填写单元网格或坐标", "a unit grid or a place is needed")


_CHECKS: Mapping[str, Callable[[Checked, Known, frozenset[str]], None]] = {
    "divisions": _check_division,
    "unit_grids": _check_unit_grid,
    "responsibility_grids": _check_responsibility_grid,
    "components": _check_component,
    "points": _check_point,
    "grid_elements": _check_element,
}


def _place(registry: Registry, rows: Sequence[Checked], known: Known, datum: Datum) -> None:
    """Find the grid of every row at once; where the file names one, the row has to lie there."""
    placed = [row for row in rows if row.geometry is not None]
    found = known.ground.grids_at([point_in(row.geometry) for row in placed])
    for row, grids in zip(placed, found, strict=True):
        _settle_grid(row, grids, known, datum)
    for row in rows:
        if row.geometry is None and row.values.get("grid_code"):
            _take_stated(row, known)
        row.values.pop("grid_code", None)


def point_in(geometry: Row | None) -> LngLat:
    """Give the point that stands for a shape: itself, or one inside."""
    if geometry is None:
        raise ValueError
    if geometry["type"] == "Point":
        return geometry["coordinates"][0], geometry["coordinates"][1]
    return centre_of(geometry)


def _settle_grid(row: Checked, grids: Sequence[Row], known: Known, datum: Datum) -> None:
    stated = row.values.get("grid_code")
    place = point_in(row.geometry)
    if stated and known.ground.holds(stated, place):
        _lies_in(row, known.ground.standing(stated, grids))
    elif stated and _check_stated(row, stated, known):
        _say_why_not(row, stated, known, datum, grids)
    elif not stated and grids:
        _lies_in(row, grids[0])
    elif not stated:
        row.fault("geometry", "坐标不在本区任何单元网格内", "this lies outside the city's unit grids")


def _say_why_not(row: Checked, stated: str, known: Known, datum: Datum, grids: Sequence[Row]) -> None:
    given = point_in(row.given)
    fits = known.ground.datum_that_fits(stated, given, datum)
    if fits is not None:
        row.fault("geometry", f"坐标系似为{fits}：按{fits}才落在所填单元网格{stated}内",
                  f"looks like {fits}: only so does it lie in the stated grid {stated}")  # fmt: skip
    elif grids:
        row.fault("grid_code", f"坐标不在所填单元网格{stated}内，而在{grids[0]['_id']}内",
                  f"this lies in {grids[0]['_id']}, not in the stated grid {stated}")  # fmt: skip
    else:
        row.fault("geometry", "坐标不在本区任何单元网格内", "this lies outside the city's unit grids")


def _check_stated(row: Checked, stated: str, known: Known) -> bool:
    grid = known.grids.get(stated)
    if grid is None:
        row.fault("grid_code", f"没有单元网格{stated}", f"there is no unit grid {stated}")
    elif not is_valid(grid, known.day):
        row.fault("grid_code", f"单元网格{stated}当日无效", f"unit grid {stated} is not valid on this day")
    else:
        return True
    return False


def _take_stated(row: Checked, known: Known) -> None:
    stated = str(row.values["grid_code"])
    if _check_stated(row, stated, known):
        _lies_in(row, known.grids[stated])


def _lies_in(row: Checked, grid: Row | None) -> None:
    if grid is not None:
        row.place = {
            "grid_code": grid["_id"],
            "responsibility_grid_id": grid["responsibility_grid_id"],
            "community_code": grid["community_code"],
            "street_code": grid["street_code"],
        }
