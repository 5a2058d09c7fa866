"""What is given to draw grids anew and to change their elements."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.cases.inputs import PointInput
from city_api.enums import Datum, ElementChange, ElementKind
from city_core.places.borders import shape_of_ring
from city_core.places.elements.change import GivenChange
from city_core.places.given import GivenPoint, PointSource
from city_core.places.redraw import Redrawing
from city_core.places.redrawing import NewGrid


@strawberry.input(description="A unit grid 单元网格 as it is drawn.")
class NewGridInput:
    code: strawberry.ID = strawberry.field(description="15 digits that no grid ever had.")
    border: list[float] = strawberry.field(description="Its corners in turn: longitude, latitude, …")
    responsibility_grid_id: strawberry.ID | None = strawberry.field(
        default=None, description="Left out: that of the old grid below it."
    )
    area_class: str | None = strawberry.field(default=None, description="A, B or C; left out: as before.")
    land_use: str | None = None


@strawberry.input(description="Grids of one community that are drawn anew on a day.")
class RedrawGridInput:
    client_id: strawberry.ID
    old_codes: list[strawberry.ID] = strawberry.field(description="Which end; 1 to 20.")
    grids: list[NewGridInput] = strawberry.field(description="Which begin; 1 to 20.")
    datum: Datum = strawberry.field(default=Datum.WGS84, description="Of all borders given.")
    day: str = strawberry.field(description="From today on, such as 2026-03-02.")
    reason: str
    is_confirmed: bool = strawberry.field(
        default=False, description="Somebody looked at it: the ground may differ by more than 1 %."
    )
    device_time: datetime | None = None


@strawberry.input(
    description="What is done to an element 网格要素: added with kind, name and a point or a grid, "
    "changed in what is given, or retired."
)
class ChangeGridElementInput:
    client_id: strawberry.ID
    change: ElementChange
    element_id: strawberry.ID | None = None
    kind: ElementKind | None = None
    name_zh: str | None = None
    category: str | None = None
    note: str | None = None
    point: PointInput | None = None
    grid_code: str | None = None
    device_time: datetime | None = None
    base_version: int | None = strawberry.field(
        default=None, description="The version of the element that the person saw."
    )


def redrawing_of(given: RedrawGridInput) -> Redrawing:
    """See a redrawing as the core takes it."""
    grids = [
        NewGrid(
            grid.code,
            shape_of_ring(grid.border, given.datum.value),
            grid.responsibility_grid_id,
            grid.area_class,
            grid.land_use,
        )
        for grid in given.grids
    ]
    return Redrawing(given.old_codes, grids, given.day, given.reason, given.is_confirmed)


def change_of(given: ChangeGridElementInput) -> GivenChange:
    """See a change of an element as the core takes it."""
    point = None if given.point is None else point_of(given.point)
    return GivenChange(
        given.change,
        given.element_id,
        given.kind,
        given.name_zh,
        given.category,
        given.note,
        point,
        given.grid_code,
    )


def point_of(given: PointInput) -> GivenPoint:
    """See a point as the core takes it."""
    source = given.source or PointSource.DEVICE
    return GivenPoint(given.lng, given.lat, given.datum.value, given.accuracy_m, PointSource(source).value)
