"""From a checked row to what is stored of it, and what of that differs from what is stored already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from shapely import equals_exact
from shapely.geometry import shape as shapely_shape

from city_core.kit.mongo import Row
from city_core.places.cells import cell_of
from city_core.places.geometry import Geometry, area_m2, centre_of
from city_core.places.given import PointSource
from city_core.places.registries.checks import point_in
from city_core.places.registries.given import Checked
from city_core.places.registries.known import Known, Terms
from city_core.places.registries.tables import Registry

SAME_DEGREES = 1e-7  # one centimetre: less is rounding on the way through a file or another datum
_NEVER_SHOWN = frozenset({"_id", "version", "updated_at", "history", "is_invented"})


def fields_of(registry: Registry, row: Checked, stored: Row | None, known: Known, terms: Terms) -> Row:
    """Give the stored fields that a checked row asks for; all of them where it is new."""
    values = {name: value for name, value in row.values.items() if name != "code" or registry.name in _CODED}
    fields = values | row.place
    if row.geometry is not None:
        fields |= _PLACED[registry.name](row, stored, terms)
    if registry.name == "components":
        _name_component(fields, stored, known)
    if registry.name == "unit_grids" and stored is None:
        fields.setdefault("responsibility_grid_id", "")
    if stored is not None:
        return {name: value for name, value in fields.items() if name != "valid_from" or value}
    blanks = {
        column.name: column.blank for column in registry.columns if column.name not in ("code", "grid_code")
    }
    days = {"valid_from": known.day, "valid_to": None} if "valid_from" in registry.by_name else {}
    chosen = {name: value for name, value in fields.items() if value is not None or name not in days}
    return {**blanks, **days, **chosen}


_CODED = frozenset({"points", "grid_elements"})


def _name_component(fields: Row, stored: Row | None, known: Known) -> None:
    """A component without a name bears that of its type; one whose owner is named has a known owner."""
    if not fields.get("name_zh") and (stored is None or "name_zh" in fields):
        fields["name_zh"] = known.outside.type_names.get(fields["type_code"], "")
    if fields.get("owner_is_known") is None:
        fields.pop("owner_is_known", None)
        if stored is None:
            fields["owner_is_known"] = True
    if fields.get("owner_is_known") is False and (stored is None or stored.get("owner_is_known", True)):
        fields["owner_unknown_since"] = known.at
    elif fields.get("owner_is_known"):
        fields["owner_unknown_since"] = None


def _point_and_shape(row: Checked, stored: Row | None, terms: Terms) -> Row:
    geometry = _there(row)
    shape = None if geometry["type"] == "Point" else geometry
    if shape is None and stored is not None and same_shape(stored.get("point"), geometry):
        return {"cell": cell_of(*geometry["coordinates"])} if stored.get("cell") is None else {}
    if shape is not None and stored is not None and same_shape(stored.get("shape"), shape):
        return {}
    lng, lat = point_in(geometry)
    given = point_in(row.given)
    return {
        "point": {"type": "Point", "coordinates": [lng, lat]},
        "shape": shape,
        "given": {
            "lng": given[0],
            "lat": given[1],
            "datum": terms.datum,
            "accuracy_m": None,
            "source": PointSource.IMPORT.value,
        },
        "cell": cell_of(lng, lat),
    }


def _point_alone(row: Checked, stored: Row | None, _: Terms) -> Row:
    geometry = _there(row)
    return {} if stored is not None and same_shape(stored.get("point"), geometry) else {"point": geometry}


def _border(row: Checked, stored: Row | None, _: Terms) -> Row:
    geometry = _there(row)
    if stored is not None and same_shape(stored.get("shape"), geometry):
        return {}
    return {"shape": geometry, "centre": _middle(geometry), "area_m2": round(area_m2(geometry), 1)}


def _border_or_centre(row: Checked, stored: Row | None, _: Terms) -> Row:
    geometry = _there(row)
    if geometry["type"] == "Point":
        same = stored is not None and same_shape(stored.get("centre"), geometry)
        return {} if same else {"centre": geometry}
    if stored is not None and same_shape(stored.get("shape"), geometry):
        return {}
    return {"shape": geometry, "centre": _middle(geometry)}


def _there(row: Checked) -> Geometry:
    if row.geometry is None:
        raise ValueError
    return row.geometry


def _middle(geometry: Geometry) -> Geometry:
    return {"type": "Point", "coordinates": list(centre_of(geometry))}


_PLACED: Mapping[str, Callable[[Checked, Row | None, Terms], Row]] = {
    "divisions": _border_or_centre,
    "unit_grids": _border,
    "components": _point_and_shape,
    "points": _point_and_shape,
    "grid_elements": _point_alone,
}


def same_shape(one: Any, other: Any) -> bool:
    """Tell whether two shapes are the same but for less than a centimetre; rings may begin anywhere."""
    if not one or not other:
        return False
    if one["type"] == other["type"] == "Point":
        near = zip(one["coordinates"], other["coordinates"], strict=True)
        return all(abs(a - b) <= SAME_DEGREES for a, b in near)
    if one == other:
        return True
    first, second = shapely_shape(one).normalize(), shapely_shape(other).normalize()
    if equals_exact(first, second, SAME_DEGREES):
        return True
    # A rounded corner may lead to another first corner; then they still cover the same ground.
    return bool(first.hausdorff_distance(second) <= SAME_DEGREES)


def changes_of(registry: Registry, fields: Row, stored: Row) -> Row:
    """Name the fields that are to become something else; one never stored counts as blank."""
    return {name: value for name, value in fields.items() if not _same(registry, name, value, stored)}


def _same(registry: Registry, name: str, value: Any, stored: Row) -> bool:
    column = registry.by_name.get(name)
    kept = stored.get(name, column.blank if column is not None else None)
    return bool(kept == value or (not kept and not value and kept is not False and value is not False))


def redrawn(changes: Row, stored: Row) -> bool:
    """Tell whether the border of a unit grid would become another one under the same code."""
    return "shape" in changes and bool(stored.get("shape"))


def before_of(changes: Row, stored: Row) -> Row:
    """Keep what the changed fields were."""
    return {name: stored.get(name) for name in changes}


def shown(row: Row) -> Row:
    """Give a row without what is kept about the row itself."""
    return {name: value for name, value in row.items() if name not in _NEVER_SHOWN}
