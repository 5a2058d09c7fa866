"""What is around here: the points of a layer nearest to a place, with what is open now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from city_core.kit.city import City
from city_core.kit.geo import Datum, distance_m, from_wgs84
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import open_rules
from city_core.places.layers import LAYERS_BOOK, known_layer
from city_core.places.locate import GivenPoint, checked_wgs84
from city_core.places.points.model import PointState
from city_core.places.points.opening import opening_at

MOST_NEAR = 50
MOST_WAY_M = 50_000
_USUAL_WAY_M = 10_000
_MOST_LOOKED_AT = 500  # of the layer, nearest first, where a filter is not in the index
_MOST_ATTRIBUTES, _MOST_CHARACTERS = 5, 60
_SHOWN: Row = dict.fromkeys(
    ("layer", "code", "name_zh", "name_en", "point", "address", "state", "opening_hours", "phone",
     "attributes", "grid_code"), 1,
)  # fmt: skip


@dataclass(frozen=True)
class NearPoints:
    """Which points are looked for around a place: at most `first` within `within_m` metres, open now or not,
    in a state (any but removed), with these attributes; `answer_in` is the datum of the answer, None that
    of the question."""

    layer: str
    here: GivenPoint
    first: int = 20
    within_m: int = _USUAL_WAY_M
    open_now: bool = False
    state: PointState | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    answer_in: Datum | None = None


async def nearest_points(city: City, wanted: NearPoints, *, staff: bool) -> list[Row]:
    """List the points of a layer that are nearest to a place, for citizens those of layers for everybody.

    Each row has `distance_m`, `lng` and `lat` in the `datum` of the answer, `is_open_now` and
    `next_change_at`. Of a layer's points the 500 nearest are looked at where hours or attributes are asked
    for: what lies behind them is not found. Refuses LAYER_UNKNOWN, PLACE_INVALID, PAGE_INVALID.
    """
    layer = known_layer((await open_rules(city, LAYERS_BOOK)).rules, wanted.layer, staff=staff)
    size = checked_first(wanted.first)
    point = checked_wgs84(wanted.here)
    attributes = _checked_attributes(wanted.attributes)
    query = {
        "layer": layer.layer,
        "state": wanted.state.value if wanted.state else {"$ne": PointState.REMOVED.value},
        "point": near(point, checked_way(wanted.within_m)),
    }
    shown = {**_SHOWN, "stream_address": 1} if staff and layer.has_stream else _SHOWN
    is_in_index = not wanted.open_now and not attributes
    cursor = city.database.points.find(query, shown).limit(size if is_in_index else _MOST_LOOKED_AT)
    now, found = city.clock.now(), []
    async for row in cursor.batch_size(size if is_in_index else 2 * size):
        opened = _opened(row, now)
        if _fits(opened, wanted.open_now, attributes):
            found.append(opened)
        if len(found) == size:
            break
    return seen_from(point, found, wanted.answer_in or wanted.here.datum)


def seen_from(point: Row, rows: Iterable[Row], datum: str) -> list[Row]:
    """Say how far each row lies from a WGS-84 point (metres), and where it lies in a datum."""
    here = (point["coordinates"][0], point["coordinates"][1])
    seen = []
    for row in rows:
        there = (row["point"]["coordinates"][0], row["point"]["coordinates"][1])
        lng, lat = from_wgs84(there, datum)  # type: ignore[arg-type]
        seen.append({**row, "distance_m": distance_m(here, there), "lng": lng, "lat": lat, "datum": datum})
    return seen


def near(point: Row, way_m: int) -> Row:
    """Ask for what lies nearest to a WGS-84 point, up to so many metres away."""
    return {"$nearSphere": {"$geometry": point, "$maxDistance": way_m}}


def checked_first(first: int) -> int:
    """Accept how many are asked for: 1 to 50."""
    if not 1 <= first <= MOST_NEAR:
        raise CityProblem("PAGE_INVALID", field="first", allowed=f"1 to {MOST_NEAR}")
    return first


def checked_way(within_m: int, most: int = MOST_WAY_M) -> int:
    """Accept how far away something may lie, metres."""
    if not 1 <= within_m <= most:
        raise CityProblem("PLACE_INVALID", field="withinM", allowed=f"1 to {most:,} metres")
    return within_m


def _opened(row: Row, now: datetime) -> Row:
    """Say whether a point can be used now; one that is closed for the time being opens at no known hour."""
    if row["state"] != PointState.IN_USE:
        return {**row, "is_open_now": False, "next_change_at": None}
    opening = opening_at(row.get("opening_hours") or (), now)
    return {**row, "is_open_now": opening.is_open, "next_change_at": opening.changes_at}


def _fits(row: Row, open_now: bool, attributes: Mapping[str, str]) -> bool:
    if open_now and not row["is_open_now"]:
        return False
    has: Mapping[str, Any] = row.get("attributes") or {}
    return all(has.get(name) == value for name, value in attributes.items())


def _checked_attributes(attributes: Mapping[str, str]) -> Mapping[str, str]:
    words = [word for pair in attributes.items() for word in pair]
    if len(attributes) > _MOST_ATTRIBUTES or any(len(word) > _MOST_CHARACTERS for word in words):
        allowed = f"{_MOST_ATTRIBUTES} attributes of {_MOST_CHARACTERS} characters at most"
        raise CityProblem("REQUEST_INVALID", field="attributes", allowed=allowed)
    return attributes
