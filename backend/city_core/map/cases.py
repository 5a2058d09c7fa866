"""Cases on the map: counted in cells as the zoom asks for, and one by one where they are few."""

from __future__ import annotations

from city_core.cases.tallies.find import find_in_area
from city_core.cases.tallies.paths import finest_level, is_read_from_tallies
from city_core.cases.tallies.read import tally_cases
from city_core.cases.tallies.wanted import Area, Wanted, asked_states
from city_core.cases.workflow import OPEN_STATES, State
from city_core.catalogue.catalogue import catalogue_of
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.map.picture import (
    FEW,
    MOST_PARTS,
    SINGLE_FROM_ZOOM,
    Feature,
    MapFilter,
    MapPicture,
    Subject,
    clusters_of,
    level_of,
    parts_of,
)
from city_core.people.roles import Actor
from city_core.places.cells import Box

_MOST_TALLIED = 512  # parts of the area: one level finer than the cells of a tile
_SHOWN = ("type_code", "state", "deadline_at", "reported_at", "place.street_code")


async def draw_cases(
    city: City, actor: Actor, box: Box, zoom: int, wanted: MapFilter, room: int
) -> MapPicture:
    """Draw the cases in a box, in `room` marks at most."""
    asked = await asked_of(city, actor, wanted)
    area = _in_parts(actor, asked, area_of(actor, asked, box, zoom))
    counts = await tally_cases(city, actor, asked, area)
    total = sum(count.n for count in counts.values())
    is_close = zoom >= SINGLE_FROM_ZOOM or (total <= FEW and not is_read_from_tallies(actor, asked, area))
    if total <= room and is_close:
        rows = await find_in_area(city, actor, asked, area, fields=_SHOWN, most=room)
        if len(rows) <= room:
            return MapPicture([], [_feature(row) for row in rows], len(rows))
    numbers = {cell: (count.n, count.late) for cell, count in counts.items()}
    levels = area.level, area.counted_level
    return MapPicture(clusters_of(Subject.CASES, numbers, levels, room), [], total)


async def asked_of(city: City, actor: Actor, wanted: MapFilter) -> Wanted:
    """Take what the map is narrowed down to as what is asked of the cases; refuses what there is not."""
    unknown = set(wanted.states or ()) - set(State)
    if unknown:
        raise CityProblem("MAP_FILTER_INVALID", field="states", allowed=", ".join(State))
    states, own_merged = asked_states(actor, wanted.states, None)
    return Wanted(
        states,
        own_merged,
        await types_asked(city, wanted),
        wanted.street_code,
        None,
        wanted.reported_from,
        wanted.reported_to,
        wanted.late,
    )


def area_of(actor: Actor, asked: Wanted, box: Box, zoom: int) -> Area:
    """Cut a box into cells that are as fine as the zoom wants them and the question lets them be."""
    area = Area(box, level_of(box, zoom))
    return Area(box, min(area.level, finest_level(actor, asked, area)))


async def types_asked(city: City, wanted: MapFilter) -> tuple[str, ...] | None:
    """Name the types that a filter lets through, by themselves or as those of a module; None is all."""
    if wanted.module is None:
        return wanted.type_codes
    catalogue = (await catalogue_of(city)).rules
    if wanted.module not in catalogue.modules:
        raise CityProblem("RULES_UNKNOWN", field="module", allowed=", ".join(catalogue.modules))
    of_module = [row["type_code"] for row in catalogue.module_types(wanted.module)]
    return tuple(code for code in of_module if wanted.type_codes is None or code in wanted.type_codes)


def _feature(row: Row) -> Feature:
    lng, lat = row["place"]["point"]["coordinates"]
    facts = {name: row.get(name) for name in ("type_code", "state", "deadline_at", "reported_at")}
    is_late = bool(row["late"]) and row["state"] in OPEN_STATES
    return Feature(Subject.CASES, row["_id"], lng, lat, {**facts, "is_late": is_late})


def _in_parts(actor: Actor, asked: Wanted, area: Area) -> Area:
    """Count the cells in parts: what is scanned in any, what is tallied in a few more rows only."""
    most = _MOST_TALLIED if is_read_from_tallies(actor, asked, area) else MOST_PARTS
    deepest = finest_level(actor, asked, area)
    finer = parts_of(area.cells_across(area.level), area.level, most=most, deepest=deepest)
    return Area(area.box, area.level, finer)
