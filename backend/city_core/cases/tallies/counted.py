"""What an ended case is counted as, and in which rows of the tallies."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from city_core.cases.workflow import FINAL_STATES
from city_core.kit.calendar import BEIJING
from city_core.kit.mongo import Row
from city_core.places.cells import cell_of, parent_of

ANY = "*"
NEEDED = (
    "version", "state", "type_code", "department_id", "assisting_department_ids", "reported_at", "tally",
    "place.cell", "place.point", "place.street_code", "place.community_code", "place.responsibility_grid_id",
)  # fmt: skip

# Which levels of cells are counted: by span, by type, by department. Chosen by measurement, decision 0027.
Cube = tuple[bool, bool, bool]
CUBES: Mapping[Cube, Sequence[int]] = {
    (False, False, False): (15, 16, 17, 18, 19),
    (True, False, False): (15, 17),
    (False, True, False): (15, 17),
    (False, False, True): (15, 17),
    (False, True, True): (15, 17),
    (True, False, True): (15,),
}
_SAME = ("street_code", "community_code", "responsibility_grid_id", "state")


def counted_as(case: Mapping[str, object]) -> Row | None:
    """Tell what a case is counted as in the tallies; None for an open one, which is never in them."""
    if case["state"] not in FINAL_STATES:
        return None
    place: Row = case["place"]  # type: ignore[assignment]
    assisting: Sequence[str] = case.get("assisting_department_ids") or ()  # type: ignore[assignment]
    return {
        "cell": cell_in(place),
        "street_code": place.get("street_code"),
        "community_code": place.get("community_code"),
        "responsibility_grid_id": place.get("responsibility_grid_id"),
        "state": str(case["state"]),
        "type_code": case.get("type_code"),
        "departments": sorted({str(one) for one in (case.get("department_id"), *assisting) if one}),
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


def rows_of(counted: Row) -> Iterator[tuple[bytes, Row]]:
    """Give the rows of the tallies in which a counted case is one more, each with its id."""
    for (by_span, by_type, by_department), levels in CUBES.items():
        spans = (counted["month"][:4], counted["month"]) if by_span else (ANY,)
        type_code = counted["type_code"] if by_type else ANY
        departments = counted["departments"] if by_department else (ANY,)
        for level in levels:
            cell = parent_of(counted["cell"], level)
            for span in spans:
                for department in departments:
                    row = {"level": level, "span": span, "type_code": type_code, "department_id": department,
                           "cell": cell, **{name: counted[name] for name in _SAME}}  # fmt: skip
                    yield _id_of(row), row


def _id_of(row: Row) -> bytes:
    return hashlib.blake2b(json.dumps(list(row.values())).encode(), digest_size=16).digest()
