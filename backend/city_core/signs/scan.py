"""Somebody scans a sign, or types its code: where they are, what is around, and a report to begin with."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from city_core.catalogue.catalogue import catalogue_of
from city_core.catalogue.queries import today
from city_core.kit.city import City
from city_core.kit.geo import Datum, LngLat, from_wgs84
from city_core.kit.mongo import Row
from city_core.kit.rulebook.store import open_rules
from city_core.places.components.model import COMPONENTS
from city_core.places.layers import LAYERS_BOOK, is_for_everybody
from city_core.places.points.model import POINTS
from city_core.places.points.opening import hours_of_day, is_open
from city_core.signs.around import points_around
from city_core.signs.codes import read_code, sign_keys
from city_core.signs.model import SIGNS, SignState

_LEFT_OUT = {"history": 0, "batch_id": 0, "input_hash": 0, "made_by": 0}
_COMPONENT_FIELDS = {"type_code": 1, "name_zh": 1, "state": 1}
_POINT_FIELDS = {"layer": 1, "name_zh": 1, "name_en": 1, "state": 1, "opening_hours": 1, "phone": 1}


@dataclass(frozen=True)
class Scanned:
    """A sign as whoever stands before it sees it; every point is in the datum that was asked for."""

    sign: Row
    datum: Datum
    lng_lat: LngLat
    names: Mapping[str, str]
    component: Row | None
    point: Row | None
    type_code: str | None
    around: Sequence[Row]

    @property
    def street_name(self) -> str:
        return self.names.get(self.sign["street_code"], "")

    @property
    def community_name(self) -> str:
        return self.names.get(self.sign["community_code"], "")

    @property
    def address(self) -> str:
        """The address of a report from here: that of the sign, or else street, community and name."""
        return str(self.sign["address"] or f"{self.street_name}{self.community_name}{self.sign['name_zh']}")


async def find_sign(city: City, text: str) -> Row | None:
    """Find the sign of a code; what is no code of the city's costs no question to the database."""
    code = read_code(text, sign_keys(city.settings))
    if code is None:
        return None
    row: Row | None = await city.database[SIGNS].find_one(
        {"code": code, "state": SignState.IN_USE.value}, _LEFT_OUT
    )
    return row


async def scan(city: City, text: str, datum: Datum = "WGS84") -> Scanned | None:
    """Open a sign for anybody; one that is unknown and one out of use are not told apart."""
    sign = await find_sign(city, text)
    if sign is None:
        return None
    at: LngLat = tuple(sign["point"]["coordinates"])
    around, names, component, point, type_code = await asyncio.gather(
        points_around(city, at, but=sign["point_id"]), _names(city, sign), _component(city, sign),
        _point(city, sign), _type(city, sign),
    )  # fmt: skip
    shown = [{**row, "lng_lat": from_wgs84(tuple(row["point"]["coordinates"]), datum)} for row in around]
    return Scanned(sign, datum, from_wgs84(at, datum), names, component, point, type_code, shown)


async def _names(city: City, sign: Row) -> dict[str, str]:
    query = {"_id": {"$in": [sign["street_code"], sign["community_code"]]}}
    rows = city.database.divisions.find(query, {"name_zh": 1})
    return {row["_id"]: row["name_zh"] async for row in rows}


async def _component(city: City, sign: Row) -> Row | None:
    if sign["component_code"] is None:
        return None
    row: Row | None = await city.database[COMPONENTS].find_one(
        {"_id": sign["component_code"]}, _COMPONENT_FIELDS
    )
    return row


async def _point(city: City, sign: Row) -> Row | None:
    if sign["point_id"] is None:
        return None
    row: Row | None = await city.database[POINTS].find_one({"_id": sign["point_id"]}, _POINT_FIELDS)
    layers = (await open_rules(city, LAYERS_BOOK)).rules
    if row is None or not is_for_everybody(layers, row["layer"]):
        return None
    now = city.clock.now()
    return {**row, "is_open": is_open(row, now), "hours_today": hours_of_day(row, now)}


async def _type(city: City, sign: Row) -> str | None:
    code: str | None = sign["type_code"]
    rules = (await catalogue_of(city)).rules
    return code if code is not None and rules.is_valid(code, today(city)) else None
