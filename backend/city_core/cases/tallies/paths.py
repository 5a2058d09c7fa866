"""Which way leads to a count at the least cost: which rows of the tallies, or which index of the cases."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bson import MinKey

from city_core.cases.tallies.counted import ANY, CUBES, Cube
from city_core.cases.tallies.parts import ASSISTING, DEPARTMENT, PERSON, Part, tallied_parts
from city_core.cases.tallies.wanted import Area, Since, Wanted, clauses_of
from city_core.cases.workflow import FINAL_STATES, OPEN_STATES
from city_core.kit.mongo import Row
from city_core.people.roles import Actor
from city_core.places.cells import FINEST, CellRange

CLOSE_LEVEL = 17  # cells of 245 m
_CLOSE, _CLOSE_IF_NARROWED = 3, 36
_LED_BY_CELL = ("open_map", "ended_map")
_OPEN_HINTS = {PERSON: "open_own", ASSISTING: "open_assisting_departments"}
_ENDED_HINTS = {PERSON: "ended_people", ASSISTING: "assisting_department_ids_1__id_-1"}


def hint_of_open(part: Part) -> str:
    """Name the index of the open cases of a part."""
    return "open_map" if part.way is None else _OPEN_HINTS.get(part.way[0], "open_map")


def hint_of_ended(part: Part, index: str) -> str:
    """Name the index of the ended cases of a part; `index` is that of areas and departments."""
    return index if part.way is None else _ENDED_HINTS.get(part.way[0], index)


def scanned_by(actor: Actor, wanted: Wanted, area: Area | None) -> str | None:
    """Name the index in which ended cases are counted one by one; None where tallies are read.

    They are where the area is small, and where the rows of a tally would be as many as the cases.
    """
    cubes = _cubes_of(actor, wanted)
    if area is not None:
        narrowed = any(any(cube) for cube in cubes)
        if area.cells_across(CLOSE_LEVEL) <= (_CLOSE_IF_NARROWED if narrowed else _CLOSE):
            return "ended_map"
    if all(cube in CUBES for cube in cubes):
        return None
    return "ended_types" if wanted.type_codes is not None else "ended_times"


def finest_level(actor: Actor, wanted: Wanted, area: Area) -> int:
    """Tell the finest level of cells in which a question can be answered in this area."""
    if not wanted.ended_states or scanned_by(actor, wanted, area) is not None:
        return FINEST
    return min((CUBES[cube][-1] for cube in _cubes_of(actor, wanted)), default=FINEST)


def is_read_from_tallies(actor: Actor, wanted: Wanted, area: Area) -> bool:
    """Tell whether some of what is asked for is only known as a number."""
    if not wanted.ended_states or not _cubes_of(actor, wanted):
        return False
    return scanned_by(actor, wanted, area) is None


def rows_asked(wanted: Wanted, area: Area | None, part: Part, spans: Sequence[str], level: int) -> Row:
    """Write the query of the rows of the tallies that a part is made of."""
    by_department = part.way is not None and part.way[0] == DEPARTMENT
    clauses: list[Row] = [
        {"level": level, "span": {"$in": list(spans)}},
        {"type_code": {"$in": list(wanted.type_codes)} if wanted.type_codes is not None else ANY},
        *part.row_clauses(),
    ]
    if by_department or wanted.type_codes is None:
        clauses.append({"department_id": part.way[1][0] if by_department and part.way else ANY})
    for name, code in (("street_code", wanted.street_code), ("community_code", wanted.community_code)):
        if code is not None:
            clauses.append({name: code})
    if area is None:
        return {"$and": clauses}
    turn = 2 * (FINEST - level)
    coarse = [(first >> turn, (after - 1 >> turn) + 1) for first, after in area.ranges]
    return in_runs(clauses, "cell", _apart(coarse))


def cases_asked(
    wanted: Wanted,
    area: Area | None,
    states: Sequence[str],
    part: Part,
    hint: str,
    period: Since | None = None,
    more: Sequence[Row] = (),
) -> Row:
    """Write the query of the cases of a part for an index; `more` is asked of each of them.

    An index that is not led by cells is scanned once, from the area's first cell to its last: who reads
    leaves out what lies between.
    """
    every = OPEN_STATES if states[0] in OPEN_STATES else FINAL_STATES
    clauses: list[Row] = [
        {"state": {"$in": sorted(every)}},  # word for word what the index is partial by: no part of it does
        {"state": {"$in": list(states)}},
        *clauses_of(wanted, period),
        *part.clauses(),
        *more,
    ]
    if area is None:  # with no bounds at all MongoDB would fetch every case that it finds in the index
        return {"$and": [*clauses, {"place.cell": {"$gte": MinKey()}}]}
    ranges = area.ranges if hint in _LED_BY_CELL else [(area.ranges[0][0], area.ranges[-1][1])]
    return in_runs(clauses, "place.cell", ranges)


def in_runs(clauses: Sequence[Row], field: str, ranges: Sequence[CellRange]) -> Row:
    """Narrow a query down to runs of cells, so that each is one scan of an index and no document is read.

    The choice is at the root: deeper down, MongoDB 6 gives up on nine runs and fetches instead.
    """
    return {"$or": [{"$and": [*clauses, {field: {"$gte": first, "$lt": after}}]} for first, after in ranges]}


def level_read(wanted: Wanted, area: Area | None, part: Part) -> int:
    """Tell the level of the rows to read: the coarsest one that is as fine as the area's cells."""
    levels = CUBES[_cube_of(wanted, part)]
    return levels[0] if area is None else next(level for level in levels if level >= area.counted_level)


def _cubes_of(actor: Actor, wanted: Wanted) -> Collection[Cube]:
    return {_cube_of(wanted, part) for part in tallied_parts(actor)}


def _cube_of(wanted: Wanted, part: Part) -> Cube:
    by_department = part.way is not None and part.way[0] == DEPARTMENT
    by_type = wanted.type_codes is not None
    return wanted.has_time, by_type, by_type or by_department


def _apart(ranges: Sequence[CellRange]) -> list[CellRange]:
    """Join ranges that overlap, so that no row is read twice."""
    joined: list[CellRange] = []
    for first, after in sorted(ranges):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(after, joined[-1][1]))
        else:
            joined.append((first, after))
    return joined
