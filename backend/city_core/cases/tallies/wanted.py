"""What cases are counted for: states, types, places and times, and the whole months within a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from city_core.cases.workflow import FINAL_STATES, OPEN_STATES, State
from city_core.kit.mongo import Row
from city_core.people.roles import Actor, Role
from city_core.places.cells import Box, CellRange, cell_at, ranges_in, tiles_of

_MOST_RANGES = 32  # more runs read fewer keys beside the box: 1.1 a place against 1.5 with 8
_HAIR = 1e-9  # degrees: a tenth of a millimetre
Since = tuple[datetime | None, datetime | None]


@dataclass(frozen=True)
class Wanted:
    """Which cases to count; `own_merged` adds the merged ones that the actor reported."""

    states: frozenset[str]
    own_merged: bool = False
    type_codes: tuple[str, ...] | None = None
    street_code: str | None = None
    community_code: str | None = None
    reported_from: datetime | None = None
    reported_to: datetime | None = None
    late: bool | None = None

    @property
    def open_states(self) -> list[str]:
        return sorted(self.states & OPEN_STATES)

    @property
    def ended_states(self) -> list[str]:
        """Name the ended states to count; lateness is a matter of open cases."""
        return [] if self.late is not None else sorted(self.states & FINAL_STATES)

    @property
    def has_time(self) -> bool:
        return self.reported_from is not None or self.reported_to is not None


@dataclass(frozen=True)
class Area:
    """A part of the map that is counted in whole cells of a level: each belongs to it, or not at all.

    With `finer` levels more each cell is counted in parts, so that one knows where in it things are.
    """

    box: Box
    level: int
    finer: int = 0

    @property
    def counted_level(self) -> int:
        """Name the level of the cells, or parts of cells, that are counted."""
        return self.level + self.finer

    def holds(self, cell: int) -> bool:
        """Tell whether a cell of the counted level belongs to the area."""
        return cell >> 2 * self.finer in self.cells

    @cached_property
    def ranges(self) -> Sequence[CellRange]:
        return ranges_in(self._inner, most=_MOST_RANGES)

    @cached_property
    def cells(self) -> frozenset[int]:
        columns, rows = tiles_of(self._inner, self.level)
        return frozenset(cell_at(column, row) for column in columns for row in rows)

    def cells_across(self, level: int) -> int:
        """Tell how many cells of a level the area touches."""
        columns, rows = tiles_of(self._inner, level)
        return len(columns) * len(rows)

    @property
    def _inner(self) -> Box:
        """A border on the border of a cell does not touch the next one, so that tiles do not overlap."""
        box = self.box
        east, north = max(box.west, box.east - _HAIR), max(box.south, box.north - _HAIR)
        return Box(min(east, box.west + _HAIR), min(north, box.south + _HAIR), east, north)


def asked_states(
    actor: Actor, states: Collection[str] | None, merged: bool | None
) -> tuple[frozenset[str], bool]:
    """Tell which states a list shows, and whether merged cases that one reported oneself come on top.

    A merged case is not one more case: it is left out, but not for its reporters.
    """
    every = {state.value for state in State}
    found = every if states is None else every & set(states)
    if merged:
        return frozenset(found & {State.MERGED.value}), False
    if merged is None and (states is not None or actor.role in (Role.CITIZEN, Role.SYSTEM)):
        return frozenset(found), False
    return frozenset(found - {State.MERGED.value}), merged is None and actor.role is Role.INSPECTOR


def clauses_of(wanted: Wanted, period: Since | None = None) -> list[Row]:
    """Give type, place and time as clauses over stored cases; `period` takes the place of the time asked
    for."""
    clauses: list[Row] = []
    if wanted.type_codes is not None:
        clauses.append({"type_code": {"$in": list(wanted.type_codes)}})
    for field, code in (("street_code", wanted.street_code), ("community_code", wanted.community_code)):
        if code is not None:
            clauses.append({f"place.{field}": code})
    since, until = period or (wanted.reported_from, wanted.reported_to)
    bounds = {"$gte": since, "$lt": until}
    if since is not None or until is not None:
        clauses.append({"reported_at": {name: bound for name, bound in bounds.items() if bound is not None}})
    return clauses
