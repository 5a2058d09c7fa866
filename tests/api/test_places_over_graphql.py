"""Places over the real API: where am I, borders, datums, grids drawn anew, elements of grids."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from city_core.kit.geo import from_wgs84
from city_core.places.days import city_day
from tests.api.support import Api, new_uuid
from tests.audit_entries import verbs_on_record
from tests.grids import found_divisions, responsibility_grid, square
from tests.village import COMMUNITY, GRID, INSIDE, OUTSIDE, RESPONSIBILITY, STREET

PLACED = ("divisions", "responsibility_grids", "grid_elements", "command_log")
PLACE_OF_CASE = """query ($id: ID!) { case(id: $id) { place {
  lng lat datum source foundBy gcj02: position(datum: GCJ02) { lng lat datum }
  position { lng lat datum } } } }"""


@pytest.fixture
async def placed(api: Api) -> AsyncIterator[Api]:
    """The village with divisions, and its grid as it was afterwards."""
    grids = await api.city.database.unit_grids.find({}).to_list(None)
    await found_divisions(api.city, square(118.05, 36.80, 118.06, 36.81))
    await api.city.database.responsibility_grids.insert_one(responsibility_grid(RESPONSIBILITY, [GRID]))
    yield api
    for name in (*PLACED, "unit_grids"):
        await api.city.database[name].delete_many({})
    await api.city.database.unit_grids.insert_many(grids)


async def test_where_am_i(placed: Api) -> None:
    lng, lat = from_wgs84(INSIDE, "GCJ02")
    asked = {"lng": lng, "lat": lat, "datum": "GCJ02", "typeCode": "E0110"}
    found = await placed.do("inspector-1", "inspector", "WhereAmI", **asked)
    assert found["position"] == {"lng": lng, "lat": lat, "datum": "GCJ02"}
    assert (found["gridCode"], found["foundBy"], found["distanceM"]) == (GRID, "EXACT", 0)
    assert [found[level]["nameZh"] for level in ("community", "street", "district")] == [
        "站前社区", "车站街道", "张店区",
    ]  # fmt: skip
    assert found["answeringDepartment"]["id"] == "sanitation"
    assert [row["name"] for row in found["inspectors"]] == ["inspector-1", "inspector-2"]
    assert await verbs_on_record(placed.city) == ["STAFF_LISTED"]
    citizen = await placed.do("citizen-1", "citizen", "WhereAmI", lng=INSIDE[0], lat=INSIDE[1])
    assert citizen["responsibilityGrid"]["id"] == RESPONSIBILITY
    asked_for_people = "query { whereAmI(lng: 118.055, lat: 36.805) { inspectors { name } } }"
    told = await placed.ask(asked_for_people, who="citizen-1")
    assert told["data"]["whereAmI"]["inspectors"] == []
    await placed.ask("query { whereAmI(lng: 118.055, lat: 36.805) { gridCode } }", who="leader-1")
    assert await verbs_on_record(placed.city) == ["STAFF_LISTED"]  # who asks for nobody is shown nobody


async def test_outside_is_refused_and_nobody_is_answered_unknown(placed: Api) -> None:
    query = "query ($lng: Float!, $lat: Float!) { whereAmI(lng: $lng, lat: $lat) { gridCode } }"
    outside = await placed.ask(query, {"lng": OUTSIDE[0], "lat": OUTSIDE[1]}, "citizen-1")
    assert outside["errors"][0]["extensions"]["code"] == "PLACE_OUTSIDE_CITY"
    nobody = await placed.ask(query, {"lng": INSIDE[0], "lat": INSIDE[1]})
    assert nobody["errors"][0]["extensions"]["code"] == "SIGN_IN_REQUIRED"


async def test_a_point_goes_out_in_the_datum_asked_for(placed: Api) -> None:
    lng, lat = from_wgs84(INSIDE, "GCJ02")
    point = {"lng": lng, "lat": lat, "datum": "GCJ02", "source": "MAP_PICK"}
    given = {"clientId": new_uuid(), "point": point, "typeCode": "E0110", "description": "垃圾"}
    case = await placed.do("citizen-1", "citizen", "SubmitReport", input=given)
    answer = await placed.ask(PLACE_OF_CASE, {"id": case["id"]}, "citizen-1")
    place = answer["data"]["case"]["place"]
    assert (place["lng"], place["datum"], place["source"], place["foundBy"]) == (
        lng, "GCJ02", "MAP_PICK", "EXACT",
    )  # fmt: skip
    assert place["gcj02"] == {"lng": lng, "lat": lat, "datum": "GCJ02"}
    assert place["position"]["datum"] == "WGS84"
    assert (place["position"]["lng"], place["position"]["lat"]) == pytest.approx(INSIDE, abs=1e-7)


async def test_divisions_and_borders(placed: Api) -> None:
    query = """query { divisions(parent: "370303") { code position(datum: BD09) { lng lat datum } } }"""
    [street] = (await placed.ask(query, who="citizen-1"))["data"]["divisions"]
    assert street["position"]["datum"] == "BD09"
    assert street["position"]["lng"] == pytest.approx(118.055 + 0.0117, abs=1e-3)
    for level, parent in (("DISTRICT", None), ("STREET", "370303"), ("COMMUNITY", STREET),
                          ("UNIT_GRID", COMMUNITY), ("UNIT_GRID", STREET)):  # fmt: skip
        [border] = await placed.do("acceptor-1", "seat", "Borders", level=level, parent=parent)
        assert border["level"] == level
        [[ring]] = border["polygons"]
        assert ring[:2] == ring[-2:] == [118.05, 36.8]
    [moved] = await placed.do("acceptor-1", "seat", "Borders", level="STREET", parent="370303", datum="GCJ02")
    assert moved["polygons"][0][0][:2] == pytest.approx(from_wgs84((118.05, 36.8), "GCJ02"))
    wrong = await placed.ask("query { borders(level: COMMUNITY) { code } }", who="acceptor-1")
    assert wrong["errors"][0]["extensions"]["code"] == "PLACE_CODE_INVALID"


def redrawing(api: Api, *codes: str) -> dict[str, Any]:
    west, east = (118.05, 36.80, 118.055, 36.81), (118.055, 36.80, 118.06, 36.81)
    grids = []
    for code, (left, south, right, north) in zip(codes, (west, east), strict=True):
        grids.append({"code": code, "border": [left, south, right, south, right, north, left, north]})
    day = city_day(api.city.clock.now())
    return {"clientId": new_uuid(), "oldCodes": [GRID], "grids": grids, "day": day, "reason": "人口变化"}


async def test_grids_are_drawn_anew_and_old_cases_keep_theirs(placed: Api) -> None:
    case = await placed.report()
    given = redrawing(placed, f"{COMMUNITY}101", f"{COMMUNITY}102")
    done = await placed.do("administrator-1", "administrator", "RedrawGrid", input=given)
    assert done["__typename"] == "RedrawnGrids", done
    assert (done["percentOff"], [row["code"] for row in done["ended"]]) == (0, [GRID])
    assert await placed.do("administrator-1", "administrator", "RedrawGrid", input=given) == done
    assert await verbs_on_record(placed.city) == ["GRIDS_REDRAWN"]
    assert (await placed.report())["place"]["grid_code"] == f"{COMMUNITY}101"
    kept = await placed.ask(
        "query ($id: ID!) { case(id: $id) { place { gridCode } } }", {"id": case["_id"]}, "citizen-1"
    )
    assert kept["data"]["case"]["place"]["gridCode"] == GRID
    shown = await placed.do("acceptor-1", "seat", "UnitGrid", code=GRID)
    assert shown["replacedBy"] == [f"{COMMUNITY}101", f"{COMMUNITY}102"]
    assert shown["validTo"] == given["day"]
    again = {**redrawing(placed, f"{COMMUNITY}103", f"{COMMUNITY}104"), "oldCodes": [f"{COMMUNITY}109"]}
    refused = await placed.do("administrator-1", "administrator", "RedrawGrid", input=again)
    assert (refused["code"], refused["field"]) == ("GRID_UNKNOWN", "oldCodes")
    odd = redrawing(placed, f"{COMMUNITY}103", f"{COMMUNITY}104")
    odd["grids"][0]["border"].pop()
    refused = await placed.do("administrator-1", "administrator", "RedrawGrid", input=odd)
    assert refused["code"] == "GRID_SHAPE_INVALID"
    refused = await placed.do("administrator-1", "administrator", "RedrawGrid", input={
        **redrawing(placed, f"{COMMUNITY}103", f"{COMMUNITY}104"), "oldCodes": ["1"],
    })  # fmt: skip
    assert refused["code"] == "PLACE_CODE_INVALID"


async def test_elements_of_a_grid(placed: Api) -> None:
    given = {
        "clientId": new_uuid(), "change": "ADD", "kind": "LAND", "nameZh": "闲置地块",
        "point": {"lng": INSIDE[0], "lat": INSIDE[1], "datum": "WGS84"},
    }  # fmt: skip
    plot = await placed.do("inspector-1", "inspector", "ChangeGridElement", input=given)
    assert (plot["__typename"], plot["gridCode"], plot["version"]) == ("GridElement", GRID, 1)
    page = await placed.do("leader-of-street", "seat", "GridElements", kind="LAND", datum="GCJ02")
    [row] = page["nodes"]
    assert (row["id"], row["position"]["datum"]) == (plot["id"], "GCJ02")
    retire = {"clientId": new_uuid(), "change": "RETIRE", "elementId": plot["id"]}
    far = await placed.do("inspector-far", "inspector", "ChangeGridElement", input=retire)
    assert far["code"] == "ELEMENT_UNKNOWN"
    done = await placed.do("inspector-1", "inspector", "ChangeGridElement", input=retire)
    assert done["isRetired"]
    refused = await placed.ask("query { gridElements { nodes { id } } }", who="citizen-1")
    assert refused["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"
