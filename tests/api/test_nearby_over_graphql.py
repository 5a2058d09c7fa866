"""What and who is near, and where people say they are, over GraphQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from city_core.kit.geo import from_wgs84
from city_core.places.cells import cell_of
from tests.api.support import Api, new_uuid, operation
from tests.village import GRID, INSIDE, OUTSIDE

HERE = {"lng": INSIDE[0], "lat": INSIDE[1]}


def point(layer: str, number: int, **more: Any) -> dict[str, Any]:
    lng, lat = INSIDE[0] + number / 1_000, INSIDE[1]
    return {
        "_id": f"{layer}:{number}", "layer": layer, "code": str(number), "name_zh": f"点{number}",
        "name_en": "", "point": {"type": "Point", "coordinates": [lng, lat]}, "cell": cell_of(lng, lat),
        "address": "柳泉路", "state": "IN_USE", "opening_hours": [], "phone": "", "stream_address": "rtsp://x",
        "attributes": {"free": "yes"}, "grid_code": GRID, **more,
    }  # fmt: skip


@pytest.fixture
async def near(api: Api) -> AsyncIterator[Api]:
    """Three toilets, a camera and two components near by."""
    database = api.city.database
    hours = [{"days": [1, 2, 3, 4, 5, 6, 7], "opens_at": "08:00", "closes_at": "08:00"}]
    await database.points.insert_many(
        [point("toilet", 2), point("toilet", 1, opening_hours=hours), point("toilet", 3, state="CLOSED"),
         point("camera", 1)]
    )  # fmt: skip
    component = {
        "point": {"type": "Point", "coordinates": list(INSIDE)},
        "grid_code": GRID,
        "state": "IN_USE",
    }
    await database.components.insert_one(
        {"_id": "3703030102000001", "type_code": "C0102", "owner_is_known": False,
         "keeper_department_id": "water", **component}
    )  # fmt: skip
    yield api
    for name in ("points", "components"):
        await database[name].delete_many({})
    forgotten = {"last_place": {"type": "Point", "coordinates": list(INSIDE)}}
    unset = {"last_place_at": "", "last_place_accuracy_m": ""}
    await database.people.update_many({}, {"$set": forgotten, "$unset": unset})


async def test_a_citizen_finds_a_toilet_that_is_open(near: Api) -> None:
    gcj = from_wgs84(INSIDE, "GCJ02")
    here = {"lng": gcj[0], "lat": gcj[1], "datum": "GCJ02"}
    found = await near.do("citizen-1", "citizen", "Nearby", layer="toilet", point=here, openNow=True)
    assert [row["id"] for row in found] == ["toilet:1", "toilet:2"]
    first = found[0]
    assert first["distanceM"] == pytest.approx(89, abs=1)
    assert (first["datum"], first["openingHours"], first["stateName"]) == ("GCJ02", "24小时", "开放")
    expected = from_wgs84((INSIDE[0] + 0.001, INSIDE[1]), "GCJ02")
    assert (first["lng"], first["lat"]) == pytest.approx(expected, abs=1e-9)
    assert (first["isOpenNow"], first["nextChangeAt"]) == (True, None)
    assert first["attributes"] == [{"name": "free", "value": "yes"}]
    every = await near.do("citizen-1", "citizen", "Nearby", layer="toilet", point=here, datum="WGS84")
    assert [(row["datum"], row["isOpenNow"]) for row in every] == [("WGS84", True), ("WGS84", True),
                                                                   ("WGS84", False)]  # fmt: skip


@pytest.mark.parametrize("who", ["citizen-1", "security-administrator-1", "auditor-1"])
async def test_cameras_are_there_for_whoever_works_with_them_only(near: Api, who: str) -> None:
    asked = {"layer": "camera", "point": HERE}
    refused = await near.ask(operation("citizen", "Nearby"), asked, who)
    error = refused["errors"][0]["extensions"]
    assert error["code"] == "LAYER_UNKNOWN" and "camera" not in error["allowed"]
    unknown = await near.ask(operation("citizen", "Nearby"), {**asked, "layer": "ufo"}, who)
    assert unknown["errors"][0]["extensions"]["allowed"] == error["allowed"]
    [camera] = await near.do("officer-1", "officer", "Nearby", **asked)
    assert camera["streamAddress"] == "rtsp://x"
    toilets = await near.do("officer-1", "officer", "Nearby", layer="toilet", point=HERE)
    assert {row["streamAddress"] for row in toilets} == {None}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"point": {"lng": 36.8, "lat": 118.05}}, "PLACE_INVALID"),
        ({"first": 51}, "PAGE_INVALID"),
        ({"withinM": 60_000}, "PLACE_INVALID"),
        ({"attributes": [{"name": "$where", "value": "x" * 61}]}, "REQUEST_INVALID"),
    ],
)
async def test_bad_questions_are_refused(near: Api, given: dict[str, Any], code: str) -> None:
    asked = {"layer": "toilet", "point": HERE, **given}
    answer = await near.ask(operation("citizen", "Nearby"), asked, "citizen-1")
    assert answer["errors"][0]["extensions"]["code"] == code


async def test_nobody_asks_without_a_sign_in(near: Api) -> None:
    answer = await near.ask(operation("citizen", "Nearby"), {"layer": "toilet", "point": HERE})
    assert answer["errors"][0]["extensions"]["code"] == "SIGN_IN_REQUIRED"


async def test_components_near_are_for_staff(near: Api) -> None:
    [found] = await near.do("inspector-far", "inspector", "NearbyComponents", point=HERE)
    assert (found["code"], found["distanceM"], found["ownerIsKnown"]) == ("3703030102000001", 0, False)
    assert (found["type"]["nameZh"], found["keeper"]) == ("类别C0102", None)
    [found] = await near.do("officer-other", "officer", "NearbyComponents", point=HERE)
    assert found["keeper"]["nameZh"] == "water"
    asked = {"point": HERE, "typeCodes": ["C0301"]}
    assert await near.do("officer-1", "officer", "NearbyComponents", **asked) == []
    refused = await near.ask(operation("officer", "NearbyComponents"), {"point": HERE}, "citizen-1")
    assert refused["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"


def fixes(api: Api, *minutes_ago: float, metres: float = 0) -> list[dict[str, Any]]:
    now, lng = api.city.clock.now(), INSIDE[0] + metres / 89_000
    return [
        {"lng": lng, "lat": INSIDE[1], "at": (now - timedelta(minutes=ago)).isoformat(), "accuracyM": 9}
        for ago in minutes_ago
    ]


async def test_a_position_leads_to_the_nearest_officer_with_the_reason(near: Api) -> None:
    told = await near.do(
        "officer-2", "officer", "ReportPosition", input={"fixes": fixes(near, 3, 2, metres=320)}
    )
    assert told["isKept"] and told["accuracyM"] == 9
    again = await near.do("officer-2", "officer", "ReportPosition", input={"fixes": fixes(near, 5)})
    assert (again["isKept"], again["lastAt"]) == (False, told["lastAt"])
    asked = {"point": HERE, "typeCode": "E0110"}
    found = await near.do("dispatcher-1", "seat", "NearestOfficers", **asked)
    assert [row["id"] for row in found] == ["officer-2", "officer-1"]
    assert found[0]["reason"] == "距离 320 m，定位 2 分钟前，在办 0 件，负责本类"
    assert found[1]["reason"] == "距离 0 m，按常驻位置，在办 0 件，负责本类"
    assert (found[0]["fixAgeMinutes"], found[0]["openTasks"], found[0]["skill"]) == (2, 0, "ANSWERS")
    english = await near.ask(
        operation("seat", "NearestOfficers"), asked, "dispatcher-1", **{"accept-language": "en"}
    )
    assert english["data"]["nearestOfficers"][0]["reason"] == (
        "320 m away, seen 2 min ago, 0 open tasks, their department answers for this type"
    )


async def test_a_position_with_an_id_is_logged_once(near: Api) -> None:
    given = {"clientId": new_uuid(), "fixes": fixes(near, 1)}
    first = await near.do("inspector-1", "inspector", "ReportPosition", input=given)
    again = await near.do("inspector-1", "inspector", "ReportPosition", input=given)
    assert first == again and first["isKept"]
    other = {**given, "fixes": fixes(near, 2)}
    refused = await near.do("inspector-1", "inspector", "ReportPosition", input=other)
    assert refused["code"] == "COMMAND_REUSED"
    logged = await near.city.database.command_log.find_one({"name": "report_position"})
    assert logged is not None and str(INSIDE[0]) not in str(logged)


@pytest.mark.parametrize(
    ("who", "ago", "code"),
    [("officer-1", [-5], "POSITION_INVALID"), ("officer-1", [], "POSITION_INVALID"),
     ("officer-1", [1] * 51, "POSITION_INVALID"), ("dispatcher-1", [1], "NOT_ALLOWED"),
     ("citizen-1", [1], "NOT_ALLOWED")],
)  # fmt: skip
async def test_positions_that_are_not_taken(near: Api, who: str, ago: list[float], code: str) -> None:
    refused = await near.do(who, "officer", "ReportPosition", input={"fixes": fixes(near, *ago)})
    assert refused["code"] == code


@pytest.mark.parametrize(
    ("who", "given", "code"),
    [
        ("officer-1", {"point": HERE, "typeCode": "E0110"}, "NOT_ALLOWED"),
        ("citizen-1", {"point": HERE, "typeCode": "E0110"}, "NOT_ALLOWED"),
        ("leader-1", {"point": HERE}, "REQUEST_INVALID"),
        ("leader-1", {}, "REQUEST_INVALID"),
        ("leader-1", {"caseId": "nothing"}, "CASE_NOT_FOUND"),
        ("leader-1", {"point": {"lng": OUTSIDE[0], "lat": OUTSIDE[1]}, "typeCode": "E0110"},
         "PLACE_OUTSIDE_CITY"),
    ],
)  # fmt: skip
async def test_questions_for_officers_that_are_refused(
    near: Api, who: str, given: dict[str, Any], code: str
) -> None:
    answer = await near.ask(operation("seat", "NearestOfficers"), given, who)
    assert answer["errors"][0]["extensions"]["code"] == code
