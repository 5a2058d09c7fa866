"""What new signs hang at: components, points and places, looked up and described."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from city_core.catalogue.catalogue import Catalogue, catalogue_of
from city_core.kit.city import City
from city_core.kit.geo import LngLat
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import open_rules
from city_core.kit.text import checked_text
from city_core.places.codes import part_of
from city_core.places.components.model import COMPONENTS, ComponentState
from city_core.places.given import GivenPoint
from city_core.places.layers import LAYERS_BOOK, Layers, is_for_everybody
from city_core.places.locate import locate
from city_core.places.points.model import POINTS, PointState
from city_core.signs.model import SignSubject

# The type of component that a point is, where the points of a layer are components too (GB/T 30428.2).
TYPE_OF_LAYER: Mapping[str, str] = {
    "toilet": "C0301", "parking": "C0201", "police_box": "C0151", "charging": "C0154",
}  # fmt: skip
_WHERE = ("grid_code", "responsibility_grid_id", "community_code", "street_code")
_COMPONENT_FIELDS = {"type_code": 1, "name_zh": 1, "point": 1, "state": 1, **dict.fromkeys(_WHERE, 1)}
_POINT_FIELDS = {
    "layer": 1, "name_zh": 1, "name_en": 1, "address": 1, "point": 1, "state": 1, **dict.fromkeys(_WHERE, 1),
}  # fmt: skip


@dataclass(frozen=True)
class NewSign:
    """A sign to be made: for a component, for a point, or for a place that has to be named."""

    component_code: str | None = None
    point_id: str | None = None
    place: GivenPoint | None = None
    name: str = ""
    address: str = ""


async def described(city: City, wanted: Sequence[NewSign]) -> list[Row]:
    """Describe what each new sign hangs at; refuses the first one that hangs at nothing."""
    components = await _found(city, COMPONENTS, [new.component_code for new in wanted], _COMPONENT_FIELDS)
    points = await _found(city, POINTS, [new.point_id for new in wanted], _POINT_FIELDS)
    types = (await catalogue_of(city)).rules
    layers = (await open_rules(city, LAYERS_BOOK)).rules
    rows = []
    for number, new in enumerate(wanted):
        field = f"signs[{number}]"
        given = [new.component_code, new.point_id, new.place]
        if sum(one is not None for one in given) != 1:
            allowed = "one of componentCode, pointId and place"
            raise CityProblem("REQUEST_INVALID", field=field, allowed=allowed)
        name = checked_text(new.name, field=f"{field}.name", most=40)
        address = checked_text(new.address, field=f"{field}.address", most=200)
        if new.place is not None:
            row = await _at_place(city, new.place, name, field)
        elif new.point_id is not None:
            row = await _at_point(city, points.get(new.point_id), layers, field)
        else:
            row = await _at_component(city, components.get(new.component_code or ""), types, field)
        row = {**row, "name_zh": name or row["name_zh"], "address": address or row["address"]}
        rows.append({**row, "type_code": row["type_code"] if row["type_code"] in types.types else None})
    return rows


async def _found(city: City, collection: str, ids: Sequence[str | None], fields: Row) -> dict[str, Row]:
    wanted = sorted({one for one in ids if one is not None})
    rows = city.database[collection].find({"_id": {"$in": wanted}}, fields) if wanted else None
    return {} if rows is None else {row["_id"]: row async for row in rows}


async def _at_place(city: City, place: GivenPoint, name: str, field: str) -> Row:
    if not name:
        raise CityProblem("TEXT_INVALID", field=f"{field}.name", allowed="1 to 40 characters")
    found = await locate(city, place)
    return {**_row(SignSubject.PLACE, found), "name_zh": name}


async def _at_point(city: City, point: Row | None, layers: Layers, field: str) -> Row:
    is_there = point is not None and point["state"] != PointState.REMOVED
    if point is None or not is_there or not is_for_everybody(layers, point["layer"]):
        allowed = "the id of a point in a layer for everybody"
        raise CityProblem("POINT_UNKNOWN", field=f"{field}.pointId", allowed=allowed)
    row = _row(SignSubject.POINT, await _with_grid(city, point))
    names = {"name_zh": point["name_zh"], "name_en": point.get("name_en") or ""}
    type_code = TYPE_OF_LAYER.get(point["layer"])
    return {
        **row, **names, "point_id": point["_id"], "address": point.get("address") or "",
        "type_code": type_code,
    }  # fmt: skip


async def _at_component(city: City, component: Row | None, types: Catalogue, field: str) -> Row:
    if component is None or component["state"] == ComponentState.REMOVED:
        allowed = "the code of a component that is there"
        raise CityProblem("COMPONENT_CODE_INVALID", field=f"{field}.componentCode", allowed=allowed)
    known = types.types.get(component["type_code"])
    type_zh, type_en = (known["name_zh"], known["name_en"]) if known else (component["type_code"], "")
    return {
        **_row(SignSubject.COMPONENT, await _with_grid(city, component)),
        "component_code": component["_id"],
        "name_zh": component.get("name_zh") or type_zh,
        "name_en": type_en,
        "type_code": component["type_code"],
    }


async def _with_grid(city: City, thing: Row) -> Row:
    """See where a thing stands: in the grid that it is registered in, or else in that of its point."""
    if thing.get("grid_code") and thing.get("responsibility_grid_id"):
        code = thing["grid_code"]
        street, community = part_of(code, "street"), part_of(code, "community")
        return {**thing, "street_code": street, "community_code": community}
    lng, lat = thing["point"]["coordinates"]
    return {**(await locate(city, GivenPoint(lng, lat))), "point": thing["point"]}


def _row(subject: SignSubject, found: Row) -> Row:
    empty = {"component_code": None, "point_id": None, "name_en": "", "address": "", "type_code": None}
    lng_lat: LngLat = tuple(found["point"]["coordinates"])
    point = {"type": "Point", "coordinates": list(lng_lat)}
    return {"subject": subject.value, **empty, "point": point, **{name: found[name] for name in _WHERE}}
