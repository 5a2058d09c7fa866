"""Points as they are given: datum, accuracy and source come with each, and are kept beside WGS-84."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import get_args

from city_core.kit.geo import Datum, from_wgs84, to_wgs84
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.places.cells import cell_of


class PointSource(StrEnum):
    """Where a point comes from."""

    DEVICE = "DEVICE"  # 设备定位
    MAP_PICK = "MAP_PICK"  # 地图选点
    SIGN = "SIGN"  # 二维码标牌
    COMPONENT = "COMPONENT"  # 部件
    ADDRESS = "ADDRESS"  # 地址
    SENSOR = "SENSOR"  # 物联感知
    IMPORT = "IMPORT"  # 登记导入


@dataclass(frozen=True)
class GivenPoint:
    """A point as a phone gave it: degrees, datum, accuracy in metres, source."""

    lng: float
    lat: float
    datum: str = "WGS84"
    accuracy_m: float | None = None
    source: str = PointSource.DEVICE.value


def as_stored(given: GivenPoint) -> Row:
    """Give what is kept of a point: `point` in WGS-84 as GeoJSON, `given` as it came, `cell` of the map."""
    point = checked_wgs84(given)
    kept = {
        "lng": given.lng,
        "lat": given.lat,
        "datum": given.datum,
        "accuracy_m": given.accuracy_m,
        "source": given.source,
    }
    return {"point": point, "given": kept, "cell": cell_of(*point["coordinates"])}


def checked_wgs84(given: GivenPoint) -> Row:
    """Accept a point in a known datum and give it as a WGS-84 GeoJSON point."""
    if given.datum not in get_args(Datum):
        raise CityProblem("PLACE_INVALID", field="datum", allowed=", ".join(get_args(Datum)))
    if given.source not in set(PointSource):
        raise CityProblem("PLACE_INVALID", field="source", allowed=", ".join(PointSource))
    if not (math.isfinite(given.lng) and math.isfinite(given.lat)):
        raise CityProblem("PLACE_INVALID", field="place", allowed="finite degrees")
    if not (-180 <= given.lng <= 180 and -90 <= given.lat <= 90):
        raise CityProblem("PLACE_INVALID", field="place", allowed="longitude ±180, latitude ±90")
    accuracy = given.accuracy_m
    if accuracy is not None and not (math.isfinite(accuracy) and 0 <= accuracy <= 100_000):
        raise CityProblem("PLACE_INVALID", field="accuracyM", allowed="0 to 100,000 metres")
    lng, lat = to_wgs84((given.lng, given.lat), given.datum)  # type: ignore[arg-type]
    return {"type": "Point", "coordinates": [lng, lat]}


def position_in(datum: Datum, point: Row, given: Row | None = None) -> Row:
    """Show a stored WGS-84 point in the datum asked for: `lng`, `lat` (degrees), `datum`.

    Where it was `given` in that very datum, it is shown digit for digit as it came.
    """
    if given is not None and given["datum"] == datum:
        return {"lng": given["lng"], "lat": given["lat"], "datum": datum}
    lng, lat = point["coordinates"]
    lng, lat = from_wgs84((lng, lat), datum)
    return {"lng": lng, "lat": lat, "datum": datum}
