"""From a point to its grid: within, on a border, in a gap, outside; and on the right day."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from city_core.kit.city import City
from city_core.kit.geo import from_wgs84
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.places.given import GivenPoint, PointSource
from city_core.places.locate import grid_at, locate, within_the_city
from tests.grids import found_divisions, square, unit_grid
from tests.hand_clock import HandClock, beijing
from tests.village import COMMUNITY

WEST, EAST, FAR, OLD = (f"{COMMUNITY}{serial:03d}" for serial in (1, 2, 3, 4))
TODAY = beijing(2, 9)


@pytest.fixture
async def town(city: City) -> City:
    """Two grids side by side, a gap of about 100 m, a third one; an old one ended on 1 March."""
    turned = replace(city, clock=HandClock(TODAY))
    await turned.database.unit_grids.insert_many([
        unit_grid(WEST, square(118.050, 36.80, 118.060, 36.81)),
        unit_grid(EAST, square(118.060, 36.80, 118.070, 36.81)),
        unit_grid(FAR, square(118.0712, 36.80, 118.080, 36.81), valid_from="2026-03-01"),
        unit_grid(OLD, square(118.0712, 36.80, 118.080, 36.81), valid_to="2026-03-01"),
    ])  # fmt: skip
    return turned


async def where(city: City, lng: float, lat: float) -> Row:
    place = await locate(city, GivenPoint(lng, lat))
    return {name: place[name] for name in ("grid_code", "found_by", "distance_m")}


async def test_within_one_grid(town: City) -> None:
    place = await locate(town, GivenPoint(118.055, 36.805, accuracy_m=4.0, source="MAP_PICK"))
    assert place["grid_code"] == WEST
    assert (place["found_by"], place["distance_m"], place["source"]) == ("EXACT", 0.0, "MAP_PICK")
    assert place["point"] == {"type": "Point", "coordinates": [118.055, 36.805]}


@pytest.mark.parametrize("lat", [36.80, 36.8033, 36.805, 36.81])
async def test_on_a_border_it_is_the_lower_code(town: City, lat: float) -> None:
    assert await where(town, 118.060, lat) == {"grid_code": WEST, "found_by": "BORDER", "distance_m": 0.0}


async def test_half_a_metre_beside_the_border_is_within(town: City) -> None:
    assert (await where(town, 118.060006, 36.805))["found_by"] == "EXACT"
    assert (await where(town, 118.059994, 36.805))["grid_code"] == WEST


async def test_in_a_gap_it_is_the_nearest(town: City) -> None:
    found = await where(town, 118.0703, 36.805)
    assert (found["grid_code"], found["found_by"]) == (EAST, "NEAREST")
    assert found["distance_m"] == pytest.approx(26.7, abs=0.5)
    assert (await where(town, 118.0709, 36.805))["grid_code"] == FAR


async def test_the_middle_of_a_wide_gap_is_of_the_city_where_its_border_says_so(town: City) -> None:
    with pytest.raises(CityProblem) as refused:
        await where(town, 118.0706, 36.8102)
    assert refused.value.code == "PLACE_OUTSIDE_CITY"
    await found_divisions(town, square(118.04, 36.79, 118.09, 36.82))
    found = await where(town, 118.0845, 36.805)
    assert (found["grid_code"], found["found_by"]) == (FAR, "NEAREST")
    assert found["distance_m"] == pytest.approx(401, abs=4)


async def test_outside_the_city_is_refused(town: City) -> None:
    await found_divisions(town, square(118.04, 36.79, 118.09, 36.82))
    for lng, lat in ((117.0, 36.0), (118.0911, 36.80), (-118.055, 36.805)):
        with pytest.raises(CityProblem) as refused:
            await where(town, lng, lat)
        assert (refused.value.code, refused.value.field) == ("PLACE_OUTSIDE_CITY", "place")


async def test_a_grid_counts_from_its_first_day_up_to_its_last(town: City) -> None:
    assert (await where(town, 118.075, 36.805))["grid_code"] == FAR
    before_midnight = replace(town, clock=HandClock(beijing(28, 23, 59, month=2)))
    assert (await where(before_midnight, 118.075, 36.805))["grid_code"] == OLD
    assert (await where(replace(town, clock=HandClock(beijing(1, 0))), 118.075, 36.805))["grid_code"] == FAR


async def test_points_of_other_datums_are_found(town: City) -> None:
    lng, lat = from_wgs84((118.055, 36.805), "BD09")
    place = await locate(town, GivenPoint(lng, lat, "BD09"))
    assert (place["grid_code"], place["given_lng"], place["datum"]) == (WEST, lng, "BD09")
    assert place["point"]["coordinates"] == pytest.approx([118.055, 36.805], abs=1e-7)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (GivenPoint(118.0, 36.8, "WGS72"), "datum"),
        (GivenPoint(118.0, 36.8, source="HEARSAY"), "source"),
        (GivenPoint(float("nan"), 36.8), "place"),
        (GivenPoint(118.0, 136.8), "place"),
        (GivenPoint(118.0, 36.8, accuracy_m=-1), "accuracyM"),
    ],
)
async def test_points_that_are_none(town: City, given: GivenPoint, field: str) -> None:
    with pytest.raises(CityProblem) as refused:
        await locate(town, given)
    assert (refused.value.code, refused.value.field) == ("PLACE_INVALID", field)


def test_the_sources_are_closed() -> None:
    assert set(PointSource) == {"DEVICE", "MAP_PICK", "SIGN", "COMPONENT", "ADDRESS", "SENSOR", "IMPORT"}


async def test_it_is_one_look_up_by_the_index(town: City) -> None:
    point = {"type": "Point", "coordinates": [118.055, 36.805]}
    pipeline = [*grid_at(point, "2026-03-02")]
    asked = {"aggregate": "unit_grids", "pipeline": pipeline, "cursor": {}}
    plan = json.dumps(await town.database.command("explain", asked), default=str)
    assert "GEO_NEAR_2DSPHERE" in plan
    assert "COLLSCAN" not in plan


async def test_whether_a_gap_is_of_the_city_is_one_too(town: City) -> None:
    database = town.database
    await found_divisions(town, square(118.04, 36.79, 118.09, 36.82))
    await database.command("profile", 2)
    assert await within_the_city(town, {"type": "Point", "coordinates": [118.0845, 36.805]})
    await database.command("profile", 0)
    profile = database["system.profile"]
    [asked] = await profile.find({"ns": f"{database.name}.divisions", "op": "query"}).to_list(9)
    assert asked["planSummary"] == 'IXSCAN { shape: "2dsphere" }'
