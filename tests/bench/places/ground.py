"""Where things happen: along roads, around hot spots and, thinly, anywhere in Zhangdian's grids; in numbers.

All draws come from one generator of a fixed seed, so that two runs lay out the same city.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from shapely import STRtree, points
from shapely.geometry import shape

from city_seed.zhangdian import BOX, CITY_CENTRE, MICRO

Row = dict[str, Any]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
LAYOUT_SEED = 370303
ROADS_EACH_WAY, HOT_SPOTS = 40, 120
ALONG_ROADS, AT_HOT_SPOTS = 0.55, 0.30  # the rest lies anywhere
ROAD_WIDTH_M, DEGREE_M = 14.0, 111_195.0
_WEST, _SOUTH, _EAST, _NORTH = (edge / MICRO for edge in (BOX.west, BOX.south, BOX.east, BOX.north))


@dataclass(frozen=True)
class Ground:
    """The unit grids of the district, and what makes some places busier than others."""

    grids: Sequence[Row]

    @cached_property
    def _tree(self) -> STRtree:
        return STRtree([shape(row["shape"]) for row in self.grids])

    @cached_property
    def _roads(self) -> tuple[Floats, Floats]:
        dice = np.random.default_rng(LAYOUT_SEED)
        lng = _towards(CITY_CENTRE[0], 0.045, dice, ROADS_EACH_WAY, _WEST, _EAST)
        lat = _towards(CITY_CENTRE[1], 0.035, dice, ROADS_EACH_WAY, _SOUTH, _NORTH)
        return lng, lat

    @cached_property
    def _spots(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Middles, widths in degrees and weights of the hot spots: markets, stations, school gates."""
        dice = np.random.default_rng(LAYOUT_SEED + 1)
        lng = _towards(CITY_CENTRE[0], 0.04, dice, HOT_SPOTS, _WEST, _EAST)
        lat = _towards(CITY_CENTRE[1], 0.03, dice, HOT_SPOTS, _SOUTH, _NORTH)
        weights = 1.0 / np.arange(1, HOT_SPOTS + 1) ** 0.8
        return lng, lat, dice.uniform(40, 350, HOT_SPOTS) / DEGREE_M, weights / weights.sum()

    def draw(self, dice: np.random.Generator, count: int) -> tuple[Floats, Floats, Ints]:
        """Draw places: longitudes, latitudes, and the grid of each as its position in `grids`."""
        kind = dice.random(count)
        lng, lat = dice.uniform(_WEST, _EAST, count), dice.uniform(_SOUTH, _NORTH, count)
        on_road = np.flatnonzero(kind < ALONG_ROADS)
        self._put_on_roads(dice, lng, lat, on_road)
        at_spot = np.flatnonzero((kind >= ALONG_ROADS) & (kind < ALONG_ROADS + AT_HOT_SPOTS))
        spot_lng, spot_lat, width, weight = self._spots
        chosen = dice.choice(HOT_SPOTS, len(at_spot), p=weight)
        lng[at_spot] = dice.normal(spot_lng[chosen], width[chosen] * 1.25)
        lat[at_spot] = dice.normal(spot_lat[chosen], width[chosen])
        lng = np.round(np.clip(lng, _WEST + 1e-5, _EAST - 1e-5), 7)
        lat = np.round(np.clip(lat, _SOUTH + 1e-5, _NORTH - 1e-5), 7)
        return lng, lat, self._grids_of(lng, lat)

    def _put_on_roads(self, dice: np.random.Generator, lng: Floats, lat: Floats, which: Ints) -> None:
        road_lng, road_lat = self._roads
        runs_north = dice.random(len(which)) < 0.5
        road = dice.integers(0, ROADS_EACH_WAY, len(which))
        aside = dice.normal(0, ROAD_WIDTH_M, len(which)) / DEGREE_M
        along_lng = dice.normal(CITY_CENTRE[0], 0.05, len(which))
        along_lat = dice.normal(CITY_CENTRE[1], 0.04, len(which))
        lng[which] = np.where(runs_north, road_lng[road] + aside * 1.25, along_lng)
        lat[which] = np.where(runs_north, along_lat, road_lat[road] + aside)

    def _grids_of(self, lng: Floats, lat: Floats) -> Ints:
        asked, found = self._tree.query(points(lng, lat), predicate="intersects")
        grids = np.full(len(lng), len(self.grids), dtype=np.int64)
        np.minimum.at(grids, asked, found)
        return grids


def zipf(count: int, power: float = 1.0) -> Floats:
    """Give shares that fall as 1, 1/2, 1/3 ...: a few types make most of the cases."""
    weights = 1.0 / np.arange(1, count + 1) ** power
    shares: Floats = weights / weights.sum()
    return shares


def _towards(
    middle: float, width: float, dice: np.random.Generator, count: int, low: float, high: float
) -> Floats:
    found: Floats = np.clip(dice.normal(middle, width, count), low + 0.002, high - 0.002)
    return found
