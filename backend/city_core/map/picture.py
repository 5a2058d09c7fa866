"""What a part of the map shows: a bounded number of clusters and single things, and what it was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from city_core.kit.problems import CityProblem
from city_core.places.cells import Box, mean_of, tiles_of

MOST_FEATURES = 600  # a picture never holds more, however large the city
LEAST_ZOOM, MOST_ZOOM = 3, 22
SINGLE_FROM_ZOOM = 17  # from here on things are shown one by one, as far as there is room
FEW = 50  # so few are shown one by one at any zoom, where that costs nothing
MOST_CELLS = 4_096  # a box is cut into no more cells, however large it is for its zoom
MOST_PARTS = 4_096  # in which cells are counted, to know where in them things are
CELLS_ACROSS_TILE = 3  # a cluster's cell is a tile's side divided by two, so many times


class Subject(StrEnum):
    """What the map can show."""

    CASES = "CASES"
    COMPONENTS = "COMPONENTS"
    POINTS = "POINTS"


@dataclass(frozen=True)
class MapFilter:
    """What the map is narrowed down to; empty or None is everything that one may see.

    `layers` say which points are shown; without one there are none. `states` are those of cases, and
    `component_states` those of components.
    """

    subjects: frozenset[Subject] = frozenset({Subject.CASES})
    states: tuple[str, ...] | None = None
    type_codes: tuple[str, ...] | None = None
    module: str | None = None
    street_code: str | None = None
    reported_from: datetime | None = None
    reported_to: datetime | None = None
    late: bool | None = None
    layers: tuple[str, ...] = ()
    component_states: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Cluster:
    """So many things of one kind in one cell; `lng` and `lat` are about the middle of them, WGS-84.

    `late` is how many of the cases are open and late.
    """

    subject: Subject
    cell: int
    level: int
    lng: float
    lat: float
    count: int
    layer: str | None = None
    late: int | None = None


@dataclass(frozen=True)
class Feature:
    """One thing on the map, WGS-84; `facts` are what a mark shows: type, state, lateness, name."""

    subject: Subject
    id: str
    lng: float
    lat: float
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class MapPicture:
    """What lies in a box: never more than `MOST_FEATURES` clusters and features together.

    `total` counts everything that the filter lets through in the cells that the box touches: a cell at its
    border counts whole, so that it shows the same number wherever the map is moved. `is_complete` is false
    where there was more than the picture can hold.
    """

    clusters: Sequence[Cluster]
    features: Sequence[Feature]
    total: int
    is_complete: bool = True


def level_at(zoom: int) -> int:
    """Tell which level of cells clusters have at a zoom of the map."""
    return min(MOST_ZOOM, zoom + CELLS_ACROSS_TILE)


def level_of(box: Box, zoom: int) -> int:
    """Tell which level of cells a box is cut into at a zoom: coarser ones where it would be too many."""
    level = level_at(zoom)
    while level > 0 and _cells_in(box, level) > MOST_CELLS:
        level -= 1
    return level


def parts_of(cells: int, level: int, *, most: int = MOST_PARTS, deepest: int = MOST_ZOOM) -> int:
    """Tell how many levels finer so many cells are counted, so that a cluster stands where its things are."""
    finer = 0
    while finer < CELLS_ACROSS_TILE and level + finer < deepest and cells * 4 ** (finer + 1) <= most:
        finer += 1
    return finer


def clusters_of(
    subject: Subject,
    parts: Mapping[int, tuple[int, int]],
    levels: tuple[int, int],
    room: int,
    layer: str | None = None,
) -> Sequence[Cluster]:
    """Make clusters of what was counted in parts of cells: numbers, and how many of them are late.

    `levels` are that of the cells and that of their parts; cells are put together until there is room.
    """
    wanted, level = levels
    within: dict[int, list[tuple[int, int]]] = {}
    numbers: dict[int, tuple[int, int]] = {}
    turn = 2 * (level - wanted)
    for part, (n, late) in parts.items():
        before = numbers.get(part >> turn, (0, 0))
        numbers[part >> turn] = before[0] + n, before[1] + late
    found_level, found = coarser(numbers, wanted, room)
    for part, (n, _) in parts.items():
        within.setdefault(part >> 2 * (level - found_level), []).append((part, n))
    has_late = subject is Subject.CASES
    places = {cell: mean_of(parts_in, level) for cell, parts_in in within.items()}
    return [
        Cluster(subject, cell, found_level, *places[cell], n, layer, late if has_late else None)
        for cell, (n, late) in sorted(found.items())
    ]


def coarser(
    numbers: Mapping[int, tuple[int, int]], level: int, room: int
) -> tuple[int, dict[int, tuple[int, int]]]:
    """Put cells together until there is room for all of them; numbers are counts and how many are late."""
    found = dict(numbers)
    while len(found) > room and level > 0:
        level, finer, found = level - 1, found, {}
        for cell, (n, late) in finer.items():
            before = found.get(cell >> 2, (0, 0))
            found[cell >> 2] = (before[0] + n, before[1] + late)
    return level, found


def checked_box(west: float, south: float, east: float, north: float) -> Box:
    """Accept a part of the map, WGS-84 degrees."""
    inside = -180 <= west < east <= 180 and -90 <= south < north <= 90
    if not inside:
        raise CityProblem(
            "PLACE_INVALID", field="bounds", allowed="west < east within ±180, south < north within ±90"
        )
    return Box(west, south, east, north)


def checked_zoom(zoom: int) -> int:
    """Accept a zoom of the map."""
    if not LEAST_ZOOM <= zoom <= MOST_ZOOM:
        raise CityProblem("PLACE_INVALID", field="zoom", allowed=f"{LEAST_ZOOM} to {MOST_ZOOM}")
    return zoom


def _cells_in(box: Box, level: int) -> int:
    columns, rows = tiles_of(box, level)
    return len(columns) * len(rows)
