"""Points that go out: each is shown in the datum that was asked for.

A type that has a point takes a field `position: Position = position_of("point")`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

import strawberry

from city_api.enums import Datum
from city_api.rows import asked, stored
from city_core.kit.mongo import Row
from city_core.places.given import position_in

if TYPE_CHECKING:
    from city_api.context import Context

_ASKED = "In the datum 坐标系 that you name; digit for digit as given where it was given in that one."


@strawberry.type(description="A point in the datum that was asked for, degrees.")
class Position:
    lng: float = stored("lng")
    lat: float = stored("lat")
    datum: Datum = stored("datum")


def position_of(
    point: str = "point",
    *,
    given: Callable[[Row], Row | None] = lambda row: row.get("given"),
    needs: Collection[str] = ("given",),
) -> Any:
    """Declare a field that shows the WGS-84 GeoJSON point under a name of the row; nothing where it has none.

    `given` finds the same point as it came (`lng`, `lat`, `datum`), `needs` names what that reads.
    """

    def in_datum(datum: Datum = Datum.WGS84) -> Position | None:
        raise NotImplementedError  # only its signature counts: rows are read straight

    def show(row: Row, _: Context, *, datum: Datum) -> Row | None:
        found = row.get(point)
        return None if found is None else position_in(Datum(datum).value, found, given(row))

    return asked(in_datum, show, needs=(point, *needs), description=_ASKED)


def given_of_case(place: Row) -> Row:
    """Find the point of a case's place as it was given."""
    return {"lng": place["given_lng"], "lat": place["given_lat"], "datum": place["datum"]}
