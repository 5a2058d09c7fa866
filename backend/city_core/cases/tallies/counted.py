"""What an ended case is counted as, and in which rows of the tallies."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from city_core.cases.workflow import FINAL_STATES
from city_core.kit.calendar import BEIJING
from city_core.kit.mongo import Row
from city_core.places.cells import cell_of, parent_of

ANY = "*"
NEEDED = (
    "version", "state", "type_code", "department_id", "reported_at", "tally",
    "place.cell", "place.point", "place.street_code", "place.community_code", "place.responsibility_grid_id",
)  # fmt: skip

# Which levels of cells are counted: by span, by type, by department. Chosen by measurement, decision 0027.
# Rows by type tell departments apart, too: a type is nearly always the work of one, so that costs no rows.
Cube = tuple[bool, bool, bool]
CUBES: Mapping[Cube, Sequence[int]] = {
    (False, False, False): (15, 16, 17, 18, 19),
    (False, True, True): (15, 17),
    (False, False, True): (15, 17),
    (True, False, False): (15,),
    (True, False, True): (15,),
}


class Kind(NamedTuple):
    """What one row of the tallies counts, in every ended state by itself; `*` stands for all."""

    level: int
    span: str
    type_code: str | None
    department_id: str | None
    cell: int
    street_code: str | None
    community_code: str | None
    responsibility_grid_id: str | None

    @property
    def id(self) -> bytes:
        """Name the row, the same for whoever makes it."""
        return hashlib.blake2b(json.dumps(self).encode(), digest_size=16).digest()


def counted_as(case: Mapping[str, object]) -> Row | None:
    """Tell what a case is counted as in the tallies; None for an open one, which is never in them."""
    if case["state"] not in FINAL_STATES:
        return None
    place: Row = case["place"]  # type: ignore[assignment]
    return {
        "cell": cell_in(place),
        "street_code": place.get("street_code"),
        "community_code": place.get("community_code"),
        "responsibility_grid_id": place.get("responsibility_grid_id"),
        "state": str(case["state"]),
        "type_code": case.get("type_code"),
        "department_id": case.get("department_id"),
        "month": month_of(case["reported_at"]),  # type: ignore[arg-type]
    }


def is_counted_anew(before: Row, after: Row) -> bool:
    """Tell whether a step changes what the tallies have to say of a case."""
    return counted_as(before) != counted_as(after)


def cell_in(place: Row) -> int:
    """Give the finest cell of a case's place, from its point where it was never numbered."""
    cell: int | None = place.get("cell")
    return cell if cell is not None else cell_of(*place["point"]["coordinates"])


def month_of(moment: datetime) -> str:
    """Name the city's month of an instant."""
    return moment.astimezone(BEIJING).strftime("%Y-%m")


def kinds_of(counted: Row) -> Iterator[Kind]:
    """Give the rows of the tallies in which a counted case is one more."""
    place = counted["street_code"], counted["community_code"], counted["responsibility_grid_id"]
    for (by_span, by_type, by_department), levels in CUBES.items():
        spans = (counted["month"][:4], counted["month"]) if by_span else (ANY,)
        type_code = counted["type_code"] if by_type else ANY
        department = counted["department_id"] if by_department else ANY
        for level in levels:
            cell = parent_of(counted["cell"], level)
            for span in spans:
                yield Kind(level, span, type_code, department, cell, *place)
