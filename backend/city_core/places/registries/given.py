"""One row of a file as it was given, and what of it can be read without knowing the city."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from city_core.kit.geo import Datum, to_wgs84
from city_core.kit.mongo import Row
from city_core.places.geometry import MOST_CORNERS, MOST_GRID_CORNERS, Geometry, fault_of_shape
from city_core.places.registries.faults import BadValue, Fault, shape_fault
from city_core.places.registries.known import Terms
from city_core.places.registries.tables import GRID_ELEMENTS, POINTS, UNIT_GRIDS, Registry

_MOST_CELL = 200_000


@dataclass(frozen=True)
class Given:
    """A row of a file: its number, its cells by the names of the columns, and its shape as GeoJSON."""

    row: int
    cells: Mapping[str, Any]
    geometry: Geometry | None = None


@dataclass
class Checked:
    """A row that was read: the values of the columns that the file has, its shape in WGS-84, its faults.

    `faults_if_new` hold only where the row is not on record yet. `place` says in which grid it lies.
    """

    row: int
    id: str | None = None
    values: Row = field(default_factory=dict)
    geometry: Geometry | None = None
    given: Geometry | None = None
    place: Row = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    faults_if_new: list[Fault] = field(default_factory=list)

    def fault(self, column: str, zh: str, en: str, allowed: str = "") -> None:
        """Note one thing that is wrong with the row."""
        self.faults.append(Fault(self.row, column, zh, en, allowed))


def read_row(registry: Registry, given: Given, terms: Terms) -> Checked:
    """Read the cells and the shape of one row; every fault of it is named at once."""
    checked = Checked(given.row)
    for name, cell in given.cells.items():
        column = registry.by_any_name.get(name.strip().lower())
        if column is None or column.name in checked.values:
            continue
        try:
            written = _written(cell)
            checked.values[column.name] = column.read(written) if written else column.blank
        except BadValue as bad:
            checked.faults.append(bad.at(given.row, column.name))
            checked.values[column.name] = None
    _check_required(registry, checked)
    checked.id = _id_of(registry, checked, terms)
    _read_shape(registry, checked, given.geometry, terms.datum)
    return checked


def _written(cell: Any) -> str:
    """Write what a file's own type of value says, as the same text in every format."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, list) and all(isinstance(part, str) for part in cell):
        return ";".join(cell)
    if isinstance(cell, dict | list):
        return _as_json(cell)
    return str(cell)[:_MOST_CELL].strip()


def _as_json(cell: Any) -> str:
    try:
        return json.dumps(cell, ensure_ascii=False).encode().decode()
    except (RecursionError, ValueError) as error:
        raise BadValue("嵌套过深或含有无效字符", "nested too deep, or with signs that are none") from error


def _check_required(registry: Registry, checked: Checked) -> None:
    for column in registry.columns:
        if not column.required:
            continue
        if column.name in checked.values:
            if checked.values[column.name] in ("", None) and not checked.faults:
                checked.fault(column.name, "不能为空", "must not be empty")
        else:
            missing = Fault(checked.row, column.name, "缺少此列", "this column is missing")
            kept_apart = checked.faults if column.name in ("code", "kind") else checked.faults_if_new
            kept_apart.append(missing)


def _id_of(registry: Registry, checked: Checked, terms: Terms) -> str | None:
    code = checked.values.get("code")
    if not code:
        return None
    if registry is POINTS:
        if terms.layer and not checked.values.get("layer"):
            checked.values["layer"] = terms.layer
        layer = checked.values.get("layer")
        if not layer:
            checked.fault("layer", "缺少图层", "the layer is missing")
        return f"{layer}:{code}" if layer else None
    if registry is GRID_ELEMENTS:
        kind = checked.values.get("kind")
        return f"{kind}:{code}" if kind else None
    return str(code)


def _read_shape(registry: Registry, checked: Checked, given: Geometry | None, datum: Datum) -> None:
    if not registry.geometries:
        return
    if given is None:
        if registry.needs_geometry:
            checked.faults_if_new.append(
                Fault(checked.row, "geometry", "缺少坐标或几何图形", "the place is missing")
            )
        return
    wrong = fault_of_shape(given, registry.geometries, most=_most_corners(registry))
    if wrong is not None:
        checked.faults.append(shape_fault(checked.row, wrong))
        return
    plain = without_heights(given)
    if registry is UNIT_GRIDS and _has_hole(plain):
        checked.fault("geometry", "单元网格不得有洞", "a unit grid has no hole", "one closed border")
        return
    checked.given, checked.geometry = plain, in_wgs84(plain, datum)


def _most_corners(registry: Registry) -> int:
    return MOST_GRID_CORNERS if registry is UNIT_GRIDS else MOST_CORNERS


def _has_hole(geometry: Geometry) -> bool:
    coordinates = geometry["coordinates"]
    return any(len(one) > 1 for one in ([coordinates] if geometry["type"] == "Polygon" else coordinates))


def without_heights(geometry: Geometry) -> Geometry:
    """Give a shape whose corners are plain pairs of numbers; one area alone is no collection of areas."""
    coordinates = _pairs(geometry["coordinates"])
    if geometry["type"] == "MultiPolygon" and len(coordinates) == 1:
        return {"type": "Polygon", "coordinates": coordinates[0]}
    return {"type": geometry["type"], "coordinates": coordinates}


def in_wgs84(geometry: Geometry, datum: Datum) -> Geometry:
    """Give a shape of another datum in WGS-84."""
    if datum in ("WGS84", "CGCS2000"):
        return geometry
    return moved(geometry, lambda lng, lat: to_wgs84((lng, lat), datum))


def moved(geometry: Geometry, move: Any) -> Geometry:
    """Give a shape with every corner moved by a function of longitude and latitude."""

    def each(coordinates: Any) -> Any:
        if isinstance(coordinates[0], int | float):
            return [float(value) for value in move(coordinates[0], coordinates[1])]
        return [each(inner) for inner in coordinates]

    return {"type": geometry["type"], "coordinates": each(geometry["coordinates"])}


def _pairs(coordinates: Any) -> Any:
    if isinstance(coordinates[0], int | float):
        return [float(coordinates[0]), float(coordinates[1])]
    return [_pairs(inner) for inner in coordinates]
