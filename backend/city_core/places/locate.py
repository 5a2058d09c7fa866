"""Where am I: from a point to its unit grid, community and street."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import get_args

from city_core.kit.city import City
from city_core.kit.geo import Datum, to_wgs84
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.places.cells import cell_of


@dataclass(frozen=True)
class GivenPoint:
    """A point as a phone gave it: degrees, datum, accuracy in metres."""

    lng: float
    lat: float
    datum: str = "WGS84"
    accuracy_m: float | None = None


async def locate(city: City, given: GivenPoint) -> Row:
    """Find the grid of a point; on a border the grid with the lower code, outside the city a refusal."""
    point = checked_wgs84(given)
    cursor = city.database.unit_grids.find(
        {"shape": {"$geoIntersects": {"$geometry": point}}},
        {"shape": 0, "centre": 0},
    )
    grids: list[Row] = await cursor.to_list(8)
    if not grids:
        raise CityProblem("PLACE_OUTSIDE_CITY", field="place", allowed="a point inside the district")
    grid = min(grids, key=lambda row: str(row["_id"]))
    return {
        "given_lng": given.lng,
        "given_lat": given.lat,
        "datum": given.datum,
        "accuracy_m": given.accuracy_m,
        "source": "device",
        "point": point,
        "cell": cell_of(*point["coordinates"]),
        "grid_code": grid["_id"],
        "responsibility_grid_id": grid["responsibility_grid_id"],
        "community_code": grid["community_code"],
        "street_code": grid["street_code"],
        "district_code": grid["district_code"],
        "area_class": grid["area_class"],
    }


def checked_wgs84(given: GivenPoint) -> Row:
    """Accept a point in a known datum and give it as a WGS-84 GeoJSON point."""
    if given.datum not in get_args(Datum):
        raise CityProblem("PLACE_INVALID", field="datum", allowed=", ".join(get_args(Datum)))
    if not (math.isfinite(given.lng) and math.isfinite(given.lat)):
        raise CityProblem("PLACE_INVALID", field="place", allowed="finite degrees")
    if not (-180 <= given.lng <= 180 and -90 <= given.lat <= 90):
        raise CityProblem("PLACE_INVALID", field="place", allowed="longitude ±180, latitude ±90")
    accuracy = given.accuracy_m
    if accuracy is not None and not (math.isfinite(accuracy) and 0 <= accuracy <= 100_000):
        raise CityProblem("PLACE_INVALID", field="accuracyM", allowed="0 to 100,000 metres")
    lng, lat = to_wgs84((given.lng, given.lat), given.datum)  # type: ignore[arg-type]
    return {"type": "Point", "coordinates": [lng, lat]}
