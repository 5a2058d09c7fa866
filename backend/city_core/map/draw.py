"""Draws a part of the map for whoever asks: what is theirs to see, clustered as the zoom asks for."""

from __future__ import annotations

from city_core.cases.visibility import visible_filter
from city_core.cases.workflow import OPEN_STATES
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.map.picture import (
    MOST_FEATURES,
    SINGLE_FROM_ZOOM,
    Cluster,
    Feature,
    MapFilter,
    MapPicture,
    Subject,
    level_at,
)
from city_core.people.roles import Actor
from city_core.places.cells import FINEST, Box, middle_of, parent_of, ranges_in


async def draw(city: City, actor: Actor, box: Box, zoom: int, wanted: MapFilter) -> MapPicture:
    """Draw the open cases in a box."""
    runs = [{"place.cell": {"$gte": first, "$lt": after}} for first, after in ranges_in(box)]
    query: Row = {"$and": [{"$or": runs}, {"state": {"$in": sorted(OPEN_STATES)}}, visible_filter(actor)]}
    fields = {"place.cell": 1, "place.point": 1, "type_code": 1, "state": 1, "deadline_at": 1}
    rows = await city.database.cases.find(query, fields).to_list(None)
    inside = [row for row in rows if _lies_in(box, row)]
    if zoom >= SINGLE_FROM_ZOOM and len(inside) <= MOST_FEATURES:
        return MapPicture([], [_feature(row) for row in inside], len(inside))
    return MapPicture(_clusters(inside, zoom), [], len(inside))


def _lies_in(box: Box, row: Row) -> bool:
    lng, lat = row["place"]["point"]["coordinates"]
    return bool(box.west <= lng <= box.east and box.south <= lat <= box.north)


def _feature(row: Row) -> Feature:
    lng, lat = row["place"]["point"]["coordinates"]
    facts = {"type_code": row["type_code"], "state": row["state"], "deadline_at": row["deadline_at"]}
    return Feature(Subject.CASES, row["_id"], lng, lat, facts)


def _clusters(rows: list[Row], zoom: int) -> list[Cluster]:
    level = level_at(zoom)
    counts: dict[int, int] = {}
    for row in rows:
        cell = parent_of(row["place"]["cell"], level, of=FINEST)
        counts[cell] = counts.get(cell, 0) + 1
    return [
        Cluster(Subject.CASES, cell, level, *middle_of(cell, level), count)
        for cell, count in sorted(counts.items())
    ]
