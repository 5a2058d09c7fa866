"""The picture of the map in few bytes, for mini-programs: rows of plain values instead of objects."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from city_core.kit.geo import Datum, from_wgs84, to_wgs84
from city_core.kit.mongo import Row
from city_core.map.picture import Cluster, Feature, MapPicture, Subject, checked_box
from city_core.map.tiles import plain_facts
from city_core.places.cells import Box

_DIGITS = 6  # a tenth of a metre
COLUMNS: dict[Subject, tuple[str, ...]] = {
    Subject.CASES: ("type_code", "state", "deadline_at", "is_late"),
    Subject.COMPONENTS: ("type_code", "state", "name_zh"),
    Subject.POINTS: ("layer", "name_zh", "name_en", "state"),
}


def box_in_datum(west: float, south: float, east: float, north: float, datum: Datum) -> Box:
    """Accept a part of the map whose corners were given in a datum; answers it in WGS-84."""
    given = checked_box(west, south, east, north)
    first = to_wgs84((given.west, given.south), datum)
    last = to_wgs84((given.east, given.north), datum)
    return checked_box(*first, *last)


def as_rows(picture: MapPicture, datum: Datum) -> dict[str, Any]:
    """Write a picture as rows, degrees in the datum asked for; `mobile_contracts/map.md` has the columns."""
    return {
        "datum": datum,
        "total": picture.total,
        "complete": picture.is_complete,
        "clusters": [_cluster(cluster, datum) for cluster in picture.clusters],
        "cases": _marks(picture, Subject.CASES, datum),
        "components": _marks(picture, Subject.COMPONENTS, datum),
        "points": _marks(picture, Subject.POINTS, datum),
    }


def case_row(case: Row, datum: Datum, now: datetime) -> list[Any]:
    """Write a stored case as the row that it is in a picture."""
    lng, lat = case["place"]["point"]["coordinates"]
    deadline = case.get("deadline_at")
    late = deadline is not None and (case.get("handled_at") or now) > deadline
    facts = {"type_code": case["type_code"], "state": case["state"], "deadline_at": deadline, "is_late": late}
    return _row(Feature(Subject.CASES, case["_id"], lng, lat, facts), datum)


def _marks(picture: MapPicture, subject: Subject, datum: Datum) -> list[list[Any]]:
    return [_row(feature, datum) for feature in picture.features if feature.subject is subject]


def _row(feature: Feature, datum: Datum) -> list[Any]:
    facts = plain_facts(feature.facts)
    told = [facts.get(name) for name in COLUMNS[feature.subject]]
    return [feature.id, *_degrees(feature.lng, feature.lat, datum), *told]


def _cluster(cluster: Cluster, datum: Datum) -> list[Any]:
    degrees = _degrees(cluster.lng, cluster.lat, datum)
    return [cluster.subject.value, *degrees, cluster.count, cluster.level, cluster.layer]


def _degrees(lng: float, lat: float, datum: Datum) -> tuple[float, float]:
    east, north = from_wgs84((lng, lat), datum)
    return round(east, _DIGITS), round(north, _DIGITS)
