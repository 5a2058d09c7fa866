"""Heat map 热力图: where cases are dense, as a bounded number of weighted cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from city_core.cases.tallies.read import tally_cases
from city_core.kit.city import City
from city_core.map.cases import area_of, asked_of
from city_core.map.checks import checked_filter
from city_core.map.picture import MOST_FEATURES, MapFilter, checked_zoom, coarser
from city_core.people.roles import Actor
from city_core.places.cells import Box, middle_of


@dataclass(frozen=True)
class HeatCell:
    """A cell of the heat map; `weight` is its share of the fullest cell, 0 to 1."""

    cell: int
    level: int
    lng: float
    lat: float
    count: int
    weight: float


async def heat(city: City, actor: Actor, box: Box, zoom: int, wanted: MapFilter) -> Sequence[HeatCell]:
    """Weigh the cells of a box by the cases that somebody may see there."""
    checked_zoom(zoom)
    asked = await asked_of(city, actor, checked_filter(wanted))
    area = area_of(actor, asked, box, zoom)
    counts = await tally_cases(city, actor, asked, area)
    numbers = {cell: (count.n, count.late) for cell, count in counts.items()}
    level, found = coarser(numbers, area.level, MOST_FEATURES)
    most = max((n for n, _ in found.values()), default=1)
    return [
        HeatCell(cell, level, *middle_of(cell, level), n, n / most) for cell, (n, _) in sorted(found.items())
    ]
