"""What the map is asked for: a part of it in the datum of the phone's own map, and a filter."""

from __future__ import annotations

from datetime import datetime

import strawberry

from city_api.enums import Datum, State
from city_api.enums import MapSubject as Subject
from city_core.kit.geo import to_wgs84
from city_core.kit.instants import checked_instant
from city_core.map.picture import MapFilter, checked_box
from city_core.places.cells import Box
from city_core.places.components.model import ComponentState


@strawberry.input(description="A part of the map, in degrees of the datum that the answer is asked in.")
class BoundsInput:
    west: float
    south: float
    east: float
    north: float

    def box(self, datum: Datum) -> Box:
        """Give the WGS-84 box around the part; its corners are moved as the datum asks for."""
        checked_box(self.west, self.south, self.east, self.north)
        corners = [
            to_wgs84((lng, lat), datum.value)
            for lng in (self.west, self.east)
            for lat in (self.south, self.north)
        ]
        lngs, lats = [lng for lng, _ in corners], [lat for _, lat in corners]
        return checked_box(min(lngs), min(lats), max(lngs), max(lats))


@strawberry.input(description="What the map is narrowed down to; what is left out does not matter.")
class MapFilterInput:
    subjects: list[Subject] | None = strawberry.field(default=None, description="Left out: cases.")
    states: list[State] | None = strawberry.field(
        default=None, description="States of cases; left out, all but merged ones."
    )
    type_codes: list[str] | None = None
    module: str | None = strawberry.field(default=None, description="Only the types of a module 专项.")
    street_code: str | None = None
    reported_from: datetime | None = None
    reported_to: datetime | None = None
    late: bool | None = strawberry.field(default=None, description="Overdue 超时 or not: of open cases.")
    layers: list[str] | None = strawberry.field(
        default=None, description="Layers 图层 of points; with POINTS among the subjects."
    )
    component_states: list[ComponentState] | None = strawberry.field(
        default=None, description="Left out, all but removed ones."
    )

    def filter(self) -> MapFilter:
        """Give the filter as the core takes it."""
        subjects = None if self.subjects is None else frozenset(self.subjects)
        states, component_states = self.states, self.component_states
        return MapFilter(
            subjects=MapFilter().subjects if subjects is None else subjects,
            states=None if states is None else tuple(state.value for state in states),
            type_codes=None if self.type_codes is None else tuple(self.type_codes),
            module=self.module,
            street_code=self.street_code,
            reported_from=checked_instant(self.reported_from, "reportedFrom"),
            reported_to=checked_instant(self.reported_to, "reportedTo"),
            late=self.late,
            layers=tuple(self.layers or ()),
            component_states=None if component_states is None else tuple(component_states),
        )
