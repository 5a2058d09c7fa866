"""What is near: points of a layer and components, against a search by hand, and who may know."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from city_core.kit.city import City
from city_core.kit.geo import distance_m, to_wgs84
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.places.cells import cell_of
from city_core.places.components.model import ComponentState
from city_core.places.components.nearest import nearest_components
from city_core.places.locate import GivenPoint
from city_core.places.points.hours_text import read_hours
from city_core.places.points.model import PointState
from city_core.places.points.nearest import NearPoints, nearest_points
from city_core.places.points.opening import opening_at
from tests.hand_clock import HandClock

MONDAY_NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
HERE = GivenPoint(118.05, 36.80)
HOURS = ("24h", "Mo-Fr 08:00-18:00", "Sa,Su 08:00-18:00", "20:00-02:00")


def point(number: int, layer: str, lng: float, lat: float, **more: Any) -> Row:
    return {
        "_id": f"{layer}:{number}", "layer": layer, "code": str(number), "name_zh": "点", "name_en": "",
        "point": {"type": "Point", "coordinates": [lng, lat]}, "cell": cell_of(lng, lat), "address": "",
        "state": "IN_USE", "opening_hours": [], "phone": "", "stream_address": "", "attributes": {},
        "updated_at": MONDAY_NOON, **more,
    }  # fmt: skip


@pytest.fixture
async def town(city: City) -> City:
    """A city on a Monday at noon, with 600 toilets and 50 cameras around its middle."""
    chance = random.Random(3)
    rows = [
        point(
            number, "camera" if number % 13 == 0 else "toilet", chance.gauss(118.05, 0.02),
            chance.gauss(36.80, 0.02), opening_hours=read_hours(HOURS[number % 4]),
            state=("REMOVED", "CLOSED", *["IN_USE"] * 8)[number % 10],
            attributes={"free": "yes" if number % 3 else "no"}, stream_address="rtsp://camera",
        )
        for number in range(650)
    ]  # fmt: skip
    await city.database.points.insert_many(rows)
    return replace(city, clock=HandClock(MONDAY_NOON))


async def by_hand(town: City, layer: str, fits: Any) -> list[str]:
    rows = await town.database.points.find({"layer": layer, "state": {"$ne": "REMOVED"}}).to_list(None)
    near = sorted(rows, key=lambda row: distance_m((HERE.lng, HERE.lat), tuple(row["point"]["coordinates"])))
    return [row["_id"] for row in near if fits(row)]


def is_open(row: Row) -> bool:
    return row["state"] == "IN_USE" and opening_at(row["opening_hours"], MONDAY_NOON).is_open


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        ({}, lambda row: True),
        ({"first": 50}, lambda row: True),
        ({"open_now": True}, is_open),
        ({"state": PointState.CLOSED}, lambda row: row["state"] == "CLOSED"),
        ({"attributes": {"free": "no"}}, lambda row: row["attributes"]["free"] == "no"),
        ({"open_now": True, "attributes": {"free": "yes"}},
         lambda row: is_open(row) and row["attributes"]["free"] == "yes"),
        ({"within_m": 400},
         lambda row: distance_m((HERE.lng, HERE.lat), tuple(row["point"]["coordinates"])) <= 400),
    ],
    ids=["any", "fifty", "open", "closed", "attribute", "both", "close by"],
)  # fmt: skip
async def test_the_nearest_are_those_that_one_would_find_by_hand(
    town: City, wanted: dict[str, Any], fits: Any
) -> None:
    found = await nearest_points(town, NearPoints("toilet", HERE, **wanted), staff=False)
    expected = await by_hand(town, "toilet", fits)
    assert [row["_id"] for row in found] == expected[: wanted.get("first", 20)]
    assert [row["distance_m"] for row in found] == sorted(row["distance_m"] for row in found)


async def test_a_point_says_whether_it_is_open_and_until_when(city: City) -> None:
    town = replace(city, clock=HandClock(MONDAY_NOON))
    await city.database.points.insert_many([
        point(1, "toilet", 118.05, 36.8, opening_hours=read_hours("08:00-18:00")),
        point(2, "toilet", 118.051, 36.8, opening_hours=read_hours("20:00-02:00")),
        point(3, "toilet", 118.052, 36.8),
        point(4, "toilet", 118.053, 36.8, state="CLOSED"),
    ])  # fmt: skip
    found = await nearest_points(town, NearPoints("toilet", HERE), staff=False)
    assert [(row["is_open_now"], row["next_change_at"]) for row in found] == [
        (True, datetime(2026, 3, 2, 10, tzinfo=UTC)),
        (False, datetime(2026, 3, 2, 12, tzinfo=UTC)),
        (True, None),
        (False, None),
    ]


async def test_the_answer_is_in_the_datum_of_the_question_or_in_the_one_asked_for(town: City) -> None:
    asked = NearPoints("toilet", GivenPoint(118.0556, 36.8006, "GCJ02"))
    [first, *_] = await nearest_points(town, asked, staff=False)
    assert first["datum"] == "GCJ02"
    there = tuple(first["point"]["coordinates"])
    assert to_wgs84((first["lng"], first["lat"]), "GCJ02") == pytest.approx(there, abs=1e-7)
    [again, *_] = await nearest_points(town, replace(asked, answer_in="WGS84"), staff=False)
    assert (again["_id"], (again["lng"], again["lat"])) == (first["_id"], there)
    assert again["distance_m"] == first["distance_m"]


async def test_cameras_are_for_the_staff_with_their_pictures(town: City) -> None:
    asked = NearPoints("camera", HERE, first=3)
    found = await nearest_points(town, asked, staff=True)
    assert [row["stream_address"] for row in found] == ["rtsp://camera"] * 3
    toilets = await nearest_points(town, NearPoints("toilet", HERE), staff=True)
    assert all("stream_address" not in row for row in toilets)
    with pytest.raises(CityProblem) as refused:
        await nearest_points(town, asked, staff=False)
    assert refused.value.code == "LAYER_UNKNOWN" and "camera" not in (refused.value.allowed or "")


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"layer": "ufo"}, "LAYER_UNKNOWN", "layer"),
        ({"first": 0}, "PAGE_INVALID", "first"),
        ({"first": 51}, "PAGE_INVALID", "first"),
        ({"within_m": 0}, "PLACE_INVALID", "withinM"),
        ({"within_m": 50_001}, "PLACE_INVALID", "withinM"),
        ({"here": GivenPoint(36.8, 118.05)}, "PLACE_INVALID", "place"),
        ({"here": GivenPoint(118.05, 36.8, "MARS")}, "PLACE_INVALID", "datum"),
        ({"attributes": {"x": "y" * 61}}, "REQUEST_INVALID", "attributes"),
        ({"attributes": dict.fromkeys("abcdef", "1")}, "REQUEST_INVALID", "attributes"),
    ],
)
async def test_bad_questions_are_refused(town: City, change: dict[str, Any], code: str, field: str) -> None:
    with pytest.raises(CityProblem) as refused:
        await nearest_points(town, replace(NearPoints("toilet", HERE), **change), staff=False)
    assert (refused.value.code, refused.value.field) == (code, field)


async def test_the_index_finds_them_without_reading_the_layer(town: City) -> None:
    near = {
        "$nearSphere": {"$geometry": {"type": "Point", "coordinates": [118.05, 36.8]}, "$maxDistance": 10_000}
    }
    query = {"layer": "toilet", "state": {"$ne": "REMOVED"}, "point": near}
    told = await town.database.command(
        {"explain": {"find": "points", "filter": query, "limit": 20}, "verbosity": "executionStats"}
    )
    done = told["executionStats"]
    assert done["nReturned"] == 20 and done["totalDocsExamined"] <= 200


@pytest.fixture
async def components(city: City) -> City:
    rows = [
        {
            "_id": f"3703030102{number:06d}", "type_code": "C0102" if number % 2 else "C0301",
            "point": {"type": "Point", "coordinates": [118.05 + number / 10_000, 36.8]}, "grid_code": "g",
            "responsibility_grid_id": "r", "state": "REMOVED" if number == 1 else "DAMAGED" if number == 3
            else "IN_USE",
        }
        for number in range(40)
    ]  # fmt: skip
    await city.database.components.insert_many(rows)
    return city


async def test_components_near_by_type_and_state(components: City) -> None:
    async def found(**more: Any) -> list[int]:
        rows = await nearest_components(components, HERE, staff=True, **{"within_m": 2_000, **more})
        return [int(row["_id"][-6:]) for row in rows]

    assert await found(first=4) == [0, 2, 3, 4]
    assert await found(first=3, type_codes=["C0102"]) == [3, 5, 7]
    assert await found(states=[ComponentState.REMOVED]) == [1]
    assert await found(within_m=30) == [0, 2, 3]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"staff": False}, "NOT_ALLOWED"),
        ({"within_m": 2_001}, "PLACE_INVALID"),
        ({"first": 51}, "PAGE_INVALID"),
        ({"type_codes": [str(number) for number in range(21)]}, "REQUEST_INVALID"),
    ],
)
async def test_bad_questions_about_components_are_refused(
    city: City, given: dict[str, Any], code: str
) -> None:
    with pytest.raises(CityProblem, match=code):
        await nearest_components(city, HERE, **{"staff": True, **given})
