"""Components and points of the layers on the map: counted, and shown one by one where few."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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
from city_core.places.components.count import TalliedQuery, count_tallied
from city_core.places.components.model import COMPONENTS, ComponentState
from city_core.places.components.tallies import TALLY_LEVEL
from city_core.places.layers import LAYERS_BOOK, known_layer
from city_core.places.points.model import POINTS, PointState

_MOST_MS = 5_000
_SHOWN = ("point", "cell", "type_code", "name_zh", "name_en", "state", "layer")


@dataclass(frozen=True)
class _Asked:
    """Things of one collection: queries that do not overlap, each of which one index can count.

    `tallied` asks the same of the tallies, where they can tell.
    """

    subject: Subject
    collection: str
    index: str
    queries: Sequence[Row]
    layer: str | None = None
    tallied: TalliedQuery | None = None


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
    parts = component_parts(actor)
    if actor.role is Role.INSPECTOR:  # the grids of one person are few, wherever on the map they lie
        index, tallied = "components_of_grid", None
    else:
        index = "component_map"
        tallied = None if types is not None else _tallied(actor, states, parts, wanted.street_code)
    queries = [{"$and": [only, seen]} for seen in parts]
    asked = _Asked(Subject.COMPONENTS, COMPONENTS, index, queries, tallied=tallied)
    return await _drawn(city, asked, box, zoom, room)


def _tallied(
    actor: Actor, states: Collection[str], parts: Sequence[Row], street_code: str | None
) -> TalliedQuery:
    by = "department" if actor.role is Role.OFFICER else "street"
    only: Sequence[Row] = [] if street_code is None else [{"street_code": {"$eq": street_code}}]
    return TalliedQuery(by, states, [{"$and": [*only, part]} if only else part for part in parts])


async def draw_points(
    city: City, actor: Actor, box: Box, zoom: int, wanted: MapFilter, room: int
) -> Sequence[MapPicture]:
    """Draw the points of the layers asked for in a box; the layers share the room."""
    layers = (await open_rules(city, LAYERS_BOOK)).rules
    pictures = []
    for layer in dict.fromkeys(wanted.layers):
        known_layer(layers, layer, staff=actor.works_in_the_streets, field="layers")
        query: Row = {"layer": layer, "state": {"$in": [PointState.IN_USE, PointState.CLOSED]}}
        if wanted.street_code is not None:
            query["street_code"] = wanted.street_code
        asked = _Asked(Subject.POINTS, POINTS, "layer_1_cell_1_state_1", [query], layer)
        pictures.append(await _drawn(city, asked, box, zoom, room // len(wanted.layers)))
    return pictures


async def _drawn(city: City, asked: _Asked, box: Box, zoom: int, room: int) -> MapPicture:
    level = level_of(box, zoom)
    counts = None
    if asked.tallied is not None and level <= TALLY_LEVEL:
        area = _in_parts(box, level, deepest=TALLY_LEVEL)
        counts = await count_tallied(city, asked.tallied, area.ranges, area.counted_level)
    if counts is None:
        area = _in_parts(box, level)
        counts = await _counted(city, asked, area)
    counts = {cell: n for cell, n in counts.items() if area.holds(cell)}
    total = sum(counts.values())
    if total <= room and (zoom >= SINGLE_FROM_ZOOM or total <= FEW):
        features = await _one_by_one(city, asked, area, counts)
        if len(features) <= room:
            return MapPicture([], features, len(features))
    levels = area.level, area.counted_level
    parts = {cell: (n, 0) for cell, n in counts.items()}
    return MapPicture(clusters_of(asked.subject, parts, levels, room, asked.layer), [], total)


def _in_parts(box: Box, level: int, **most: int) -> Area:
    area = Area(box, level)
    return Area(box, level, parts_of(area.cells_across(level), level, **most))


async def _counted(city: City, asked: _Asked, area: Area) -> dict[int, int]:
    counts: dict[int, int] = {}
    width = 4 ** (FINEST - area.counted_level)
    group: Row = {"_id": {"$floor": {"$divide": ["$cell", width]}}, "n": {"$sum": 1}}
    for query in asked.queries:
        pipeline = [{"$match": in_runs([query], "cell", area.ranges)}, {"$group": group}]
        found = city.database[asked.collection].aggregate(pipeline, hint=asked.index, maxTimeMS=_MOST_MS)
        async for row in found:
            counts[int(row["_id"])] = counts.get(int(row["_id"]), 0) + row["n"]
    return counts


async def _one_by_one(city: City, asked: _Asked, area: Area, counts: Collection[int]) -> list[Feature]:
    """Show the things of the cells in which some were counted; no other cell is looked through."""
    width = 4 ** (FINEST - area.counted_level)
    runs = [(cell * width, (cell + 1) * width) for cell in counts]
    few = runs if len(runs) <= FEW else area.ranges
    features: list[Feature] = []
    for query in asked.queries if counts else ():
        rows = city.database[asked.collection].find(
            in_runs([query], "cell", few), dict.fromkeys(_SHOWN, 1), hint=asked.index, max_time_ms=_MOST_MS
        )
        features += [
            _feature(asked, row) async for row in rows if parent_of(row["cell"], area.level) in area.cells
        ]
    return features


def _feature(asked: _Asked, row: Row) -> Feature:
    lng, lat = row["point"]["coordinates"]
    names = ("type_code", "name_zh", "name_en", "state", "layer")
    return Feature(asked.subject, row["_id"], lng, lat, {name: row[name] for name in names if name in row})
