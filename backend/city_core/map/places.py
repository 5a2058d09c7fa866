"""Components and points of the layers on the map, counted in indexes and shown one by one where few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from city_core.cases.components.visibility import component_parts
from city_core.cases.tallies.paths import in_runs
from city_core.cases.tallies.wanted import Area
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import open_rules
from city_core.map.picture import (
    FEW,
    SINGLE_FROM_ZOOM,
    Feature,
    MapFilter,
    MapPicture,
    Subject,
    clusters_of,
    level_of,
    parts_of,
)
from city_core.people.roles import Actor, Role
from city_core.places.cells import FINEST, Box, parent_of
from city_core.places.components.model import COMPONENTS, ComponentState
from city_core.places.layers import LAYERS_BOOK, known_layer
from city_core.places.points.model import POINTS, PointState

_MOST_MS = 5_000
_SHOWN = ("point", "cell", "type_code", "name_zh", "name_en", "state", "layer")


@dataclass(frozen=True)
class _Asked:
    """Things of one collection: queries that do not overlap, each of which one index can count."""

    subject: Subject
    collection: str
    index: str
    queries: Sequence[Row]
    layer: str | None = None


async def draw_components(
    city: City, actor: Actor, box: Box, zoom: int, wanted: MapFilter, types: Sequence[str] | None, room: int
) -> MapPicture:
    """Draw the components in a box that somebody reads in full; citizens see none."""
    states = wanted.component_states or [s for s in ComponentState if s is not ComponentState.REMOVED]
    if set(states) - set(ComponentState):
        raise CityProblem("MAP_FILTER_INVALID", field="componentStates", allowed=", ".join(ComponentState))
    only: Row = {"state": {"$in": sorted(states)}}
    if types is not None:
        only["type_code"] = {"$in": list(types)}
    if wanted.street_code is not None:
        only["street_code"] = {"$eq": wanted.street_code}
    queries = [{"$and": [only, seen]} for seen in component_parts(actor)]
    return await _drawn(
        city, _Asked(Subject.COMPONENTS, COMPONENTS, "component_map", queries), box, zoom, room
    )


async def draw_points(
    city: City, actor: Actor, box: Box, zoom: int, wanted: MapFilter, room: int
) -> Sequence[MapPicture]:
    """Draw the points of the layers asked for in a box; the layers share the room."""
    layers = (await open_rules(city, LAYERS_BOOK)).rules
    pictures = []
    for layer in dict.fromkeys(wanted.layers):
        known_layer(layers, layer, staff=actor.role is not Role.CITIZEN, field="layers")
        query: Row = {"layer": layer, "state": {"$in": [PointState.IN_USE, PointState.CLOSED]}}
        if wanted.street_code is not None:
            query["street_code"] = wanted.street_code
        asked = _Asked(Subject.POINTS, POINTS, "layer_1_cell_1_state_1", [query], layer)
        pictures.append(await _drawn(city, asked, box, zoom, room // len(wanted.layers)))
    return pictures


async def _drawn(city: City, asked: _Asked, box: Box, zoom: int, room: int) -> MapPicture:
    area = Area(box, level_of(box, zoom))
    area = Area(box, area.level, parts_of(area.cells_across(area.level), area.level))
    counts: dict[int, int] = {}
    queries = [in_runs([query], "cell", area.ranges) for query in asked.queries]
    collection = city.database[asked.collection]
    width = 4 ** (FINEST - area.counted_level)
    group: Row = {"_id": {"$floor": {"$divide": ["$cell", width]}}, "n": {"$sum": 1}}
    for query in queries:
        found = collection.aggregate(
            [{"$match": query}, {"$group": group}], hint=asked.index, maxTimeMS=_MOST_MS
        )
        async for row in found:
            if area.holds(cell := int(row["_id"])):
                counts[cell] = counts.get(cell, 0) + row["n"]
    total = sum(counts.values())
    if total <= room and (zoom >= SINGLE_FROM_ZOOM or total <= FEW):
        features: list[Feature] = []
        for query in queries:
            rows = collection.find(query, dict.fromkeys(_SHOWN, 1), hint=asked.index, max_time_ms=_MOST_MS)
            features += [
                _feature(asked, row) async for row in rows if parent_of(row["cell"], area.level) in area.cells
            ]
        if len(features) <= room:
            return MapPicture([], features, len(features))
    levels = area.level, area.counted_level
    parts = {cell: (n, 0) for cell, n in counts.items()}
    return MapPicture(clusters_of(asked.subject, parts, levels, room, asked.layer), [], total)


def _feature(asked: _Asked, row: Row) -> Feature:
    lng, lat = row["point"]["coordinates"]
    names = ("type_code", "name_zh", "name_en", "state", "layer")
    return Feature(asked.subject, row["_id"], lng, lat, {name: row[name] for name in names if name in row})
