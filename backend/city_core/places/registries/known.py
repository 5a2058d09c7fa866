"""What a row of a registry is checked against: divisions, grids, departments, types, layers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from shapely import Geometry
from shapely.geometry import shape as shapely_shape

from city_core.kit.city import City
from city_core.kit.geo import Datum
from city_core.kit.mongo import Row
from city_core.kit.rulebook.store import open_rules
from city_core.places.days import city_day
from city_core.places.layers import LAYERS_BOOK, Layers
from city_core.places.registries.ground import Ground


@dataclass(frozen=True)
class Terms:
    """How a file is to be read: its datum, the layer of its points, and the day on which it counts."""

    datum: Datum = "CGCS2000"
    layer: str | None = None
    day: str = "2026-01-01"


@dataclass(frozen=True)
class Outside:
    """What the city knows beside its places: names of component types by code, ids of departments."""

    type_names: Mapping[str, str] = field(default_factory=dict)
    departments: Collection[str] = frozenset()


@dataclass(frozen=True)
class Known:
    """The city as rows are checked against it; read once for a whole file."""

    divisions: Mapping[str, Row]
    grids: Mapping[str, Row]
    responsibility_grids: Mapping[str, str]
    outside: Outside
    layers: Layers
    day: str
    at: datetime

    @cached_property
    def ground(self) -> Ground:
        return Ground(row for row in self.grids.values() if not is_over(row, self.day))

    @cached_property
    def districts(self) -> frozenset[str]:
        return frozenset(code[:6] for code in (*self.divisions, *self.grids))

    @cached_property
    def communities(self) -> frozenset[str]:
        return frozenset(code for code in self.divisions if len(code) == 12) | {
            code[:12] for code in self.grids
        }

    @cached_property
    def community_shapes(self) -> Mapping[str, Geometry]:
        return {
            code: shapely_shape(row["shape"])
            for code, row in self.divisions.items()
            if len(code) == 12 and row.get("shape")
        }


def is_over(row: Row, day: str) -> bool:
    """Tell whether a division or a grid is valid no more on a day."""
    last = row.get("valid_to")
    return last is not None and last <= day


def is_valid(row: Row, day: str) -> bool:
    """Tell whether a division or a grid is valid on a day."""
    return (row.get("valid_from") or "") <= day and not is_over(row, day)


async def known_of(city: City, outside: Outside) -> Known:
    """Read what rows are checked against; some megabytes for a city of 20,000 grids."""
    fields = {"history": 0, "centre": 0}
    divisions = await city.database.divisions.find({}, fields).to_list(None)
    grids = await city.database.unit_grids.find({}, fields).to_list(None)
    responsible = await city.database.responsibility_grids.find({}, {"community_code": 1}).to_list(None)
    return Known(
        divisions={row["_id"]: row for row in divisions},
        grids={row["_id"]: row for row in grids},
        responsibility_grids={row["_id"]: row["community_code"] for row in responsible},
        outside=outside,
        layers=(await open_rules(city, LAYERS_BOOK)).rules,
        day=city_day(city.clock.now()),
        at=city.clock.now(),
    )
