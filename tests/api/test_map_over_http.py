"""The one map over HTTP: tiles, rows, changes, borders, the page's files; each as visible as lists are."""

from __future__ import annotations

import gzip
import json
import re
from datetime import UTC, datetime
from typing import Any

import mapbox_vector_tile
import pytest

from city_core.kit.geo import from_wgs84
from city_core.places.cells import box_of
from tests.api.support import Api
from tests.conftest import REPOSITORY
from tests.village import INSIDE, STREET

_AROUND = {"west": 118.0, "south": 36.7, "east": 118.1, "north": 36.9}


def tile_around(zoom: int) -> tuple[int, int]:
    """Find the column and row of the tile in which the village's point lies."""
    size = 1 << zoom
    column = int((INSIDE[0] + 180) / 360 * size)
    row = next(y for y in range(size) if box_of(zoom, column, y).south <= INSIDE[1])
    return column, row


async def tile(api: Api, who: str, zoom: int, query: str = "", **headers: str) -> Any:
    column, row = tile_around(zoom)
    signed_in = await api.headers(who)
    return await api.http.get(
        f"/map/tiles/{zoom}/{column}/{row}.mvt{query}", headers={**signed_in, **headers}
    )


async def get(api: Api, who: str, path: str, **query: Any) -> Any:
    return await api.http.get(path, params=query, headers=await api.headers(who))


async def test_a_tile_has_clusters_from_afar_and_cases_near_by(api: Api) -> None:
    case = await api.report()
    await api.report()
    far = await tile(api, "acceptor-1", 12)
    assert far.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    layers = mapbox_vector_tile.decode(far.content)
    assert list(layers) == ["clusters"]
    assert [one["properties"]["count"] for one in layers["clusters"]["features"]] == [2]
    near = mapbox_vector_tile.decode((await tile(api, "acceptor-1", 17)).content)
    assert list(near) == ["cases"]
    marks = near["cases"]["features"]
    assert case["_id"] in {mark["properties"]["id"] for mark in marks}
    assert {mark["properties"]["state"] for mark in marks} == {"REPORTED"}
    x, y = marks[0]["geometry"]["coordinates"]
    box = box_of(17, *tile_around(17))
    assert x == pytest.approx((INSIDE[0] - box.west) / (box.east - box.west) * 4096, abs=1)
    assert y == pytest.approx((INSIDE[1] - box.south) / (box.north - box.south) * 4096, abs=2)


async def test_a_late_case_says_so_in_tiles_and_rows(api: Api) -> None:
    cases = [await api.report() for _ in range(2)]
    passed = {"$set": {"state": "DISPATCHED", "deadline_at": datetime(2020, 1, 1, tzinfo=UTC)}}
    await api.city.database.cases.update_one({"_id": cases[0]["_id"]}, passed)
    marks = mapbox_vector_tile.decode((await tile(api, "acceptor-1", 17)).content)["cases"]["features"]
    late = {mark["properties"]["id"]: mark["properties"]["is_late"] for mark in marks}
    assert late == {cases[0]["_id"]: True, cases[1]["_id"]: False}
    rows = (await get(api, "acceptor-1", "/map/view", zoom=17, **_AROUND)).json()
    assert {row[0]: row[6] for row in rows["cases"]} == late
    only = (await get(api, "acceptor-1", "/map/view", zoom=17, late="true", **_AROUND)).json()
    assert [row[0] for row in only["cases"]] == [cases[0]["_id"]]


async def test_a_cluster_stands_where_its_cases_are(api: Api) -> None:
    for _ in range(51):
        await api.report()
    rows = (await get(api, "acceptor-1", "/map/view", zoom=12, **_AROUND)).json()
    [[subject, lng, lat, count, level, layer]] = rows["clusters"]
    assert (subject, count, level, layer) == ("CASES", 51, 15, None)
    part = 360 / 2 ** (level + 1)  # so many cells are counted in halves
    assert (lng, lat) == pytest.approx(INSIDE, abs=part / 2)
    nowhere = await api.http.get("/map/tiles/12/0/0.mvt", headers=await api.headers("acceptor-1"))
    assert (nowhere.status_code, nowhere.content) == (204, b"")


async def test_the_rows_are_those_of_the_document(api: Api) -> None:
    await api.report()
    text = (REPOSITORY / "mobile_contracts" / "map.md").read_text()
    found = re.findall(r"^\{\"datum\": \"GCJ02\".*?\}$", text, re.DOTALL | re.MULTILINE)
    example = json.loads(found[0])
    rows = (await get(api, "acceptor-1", "/map/view", zoom=17, datum="GCJ02", **_AROUND)).json()
    assert rows.keys() == example.keys()
    [case], [told] = rows["cases"], example["cases"]
    assert [type(one) for one in case[:5]] == [type(one) for one in told[:5]]
    assert len(case) == len(told)
    assert (case[5], case[6]) == (None, False)


async def test_nobody_sees_more_on_the_map_than_in_lists(api: Api) -> None:
    await api.report("citizen-1")
    for who, status in {
        "acceptor-1": 200, "inspector-1": 200, "leader-1": 200, "citizen-1": 200,
        "citizen-2": 204, "officer-1": 204, "inspector-far": 204, "administrator-1": 204,
    }.items():  # fmt: skip
        assert (await tile(api, who, 17)).status_code == status, who
        rows = (await get(api, who, "/map/view", zoom=17, **_AROUND)).json()
        assert len(rows["cases"]) == (1 if status == 200 else 0), who
    nobody = await api.http.get("/map/view", params={"zoom": 17, **_AROUND})
    assert (nobody.status_code, nobody.json()["code"]) == (401, "SIGN_IN_REQUIRED")


async def test_a_tile_is_known_again_until_something_changes(api: Api) -> None:
    await api.report()
    first = await tile(api, "acceptor-1", 17)
    assert first.headers["cache-control"] == "private, no-cache"
    assert "authorization" in first.headers["vary"]
    again = await tile(api, "acceptor-1", 17, **{"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await api.report()
    changed = await tile(api, "acceptor-1", 17, **{"if-none-match": first.headers["etag"]})
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


async def test_rows_come_in_the_datum_asked_for_and_packed(api: Api) -> None:
    for _ in range(30):
        await api.report()
    signed_in = await api.headers("acceptor-1")
    query = {"zoom": 17, "datum": "GCJ02", **_AROUND}
    async with api.http.stream("GET", "/map/view", params=query, headers=signed_in) as answer:
        raw = b"".join([piece async for piece in answer.aiter_raw()])
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["etag"].endswith('-gz"')
    plain = await api.http.get(
        "/map/view", params=query, headers={**signed_in, "accept-encoding": "identity"}
    )
    assert gzip.decompress(raw) == plain.content
    assert plain.headers["etag"] + "-gz" != answer.headers["etag"]
    assert plain.headers["etag"].rstrip('"') + '-gz"' == answer.headers["etag"]
    rows = plain.json()
    assert (rows["datum"], rows["total"], rows["complete"]) == ("GCJ02", 30, True)
    _, lng, lat, type_code, state, *_ = rows["cases"][0]
    assert (type_code, state) == ("E0110", "REPORTED")
    assert (lng, lat) == pytest.approx(from_wgs84(INSIDE, "GCJ02"), abs=1e-6)
    assert lng - INSIDE[0] > 0.004


@pytest.mark.parametrize(
    ("path", "query", "code", "field"),
    [
        ("/map/tiles/2/1/1.mvt", {}, "PLACE_INVALID", "zoom"),
        ("/map/tiles/23/1/1.mvt", {}, "PLACE_INVALID", "zoom"),
        ("/map/tiles/10/1024/1.mvt", {}, "PLACE_INVALID", "x"),
        ("/map/tiles/10/1/-1.mvt", {}, "PLACE_INVALID", "y"),
        ("/map/tiles/10/1/99999999999.mvt", {}, "PLACE_INVALID", "y"),
        ("/map/tiles/10/1/1.png", {}, "REQUEST_INVALID", "file"),
        ("/map/view", {"zoom": 17}, "PLACE_INVALID", "west"),
        ("/map/view", {"zoom": 17, **_AROUND, "west": "nan"}, "PLACE_INVALID", "bounds"),
        ("/map/view", {"zoom": 17, **_AROUND, "west": 119}, "PLACE_INVALID", "bounds"),
        ("/map/view", {**_AROUND}, "PLACE_INVALID", "zoom"),
        ("/map/view", {"zoom": 17, **_AROUND, "datum": "MARS"}, "PLACE_INVALID", "datum"),
        ("/map/view", {"zoom": 17, **_AROUND, "subjects": "CARS"}, "REQUEST_INVALID", "subjects"),
        ("/map/view", {"zoom": 17, **_AROUND, "states": "LOST"}, "REQUEST_INVALID", "states"),
        ("/map/view", {"zoom": 17, **_AROUND, "types": "a,$b"}, "REQUEST_INVALID", "types"),
        ("/map/view", {"zoom": 17, **_AROUND, "types": ",".join("abc" for _ in range(41))},
         "REQUEST_INVALID", "types"),
        ("/map/view", {"zoom": 17, **_AROUND, "module": "a,b"}, "REQUEST_INVALID", "module"),
        ("/map/view", {"zoom": 17, **_AROUND, "late": "maybe"}, "REQUEST_INVALID", "late"),
        ("/map/view", {"zoom": 17, **_AROUND, "from": "yesterday"}, "REQUEST_INVALID", "from"),
        ("/map/view", {"zoom": 17, **_AROUND, "to": "2026-11-01T00:00:00"}, "REQUEST_INVALID", "to"),
        ("/map/borders.geojson", {"level": "planet"}, "REQUEST_INVALID", "level"),
        ("/map/changes", {"limit": "many"}, "PLACE_INVALID", "limit"),
    ],
)  # fmt: skip
async def test_what_makes_no_sense_is_refused_with_its_field(
    api: Api, path: str, query: dict[str, Any], code: str, field: str
) -> None:
    refused = await get(api, "acceptor-1", path, **query)
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (400, code, field)


async def test_borders_are_shapes_or_what_the_grids_cover(own_api: Api) -> None:
    row = {"level": "street", "valid_to": None, "parent_code": "370303"}
    drawn = {"type": "Polygon", "coordinates": [[[118, 36], [118.1, 36], [118.1, 36.1], [118, 36]]]}
    await own_api.city.database.divisions.insert_many([
        {"_id": STREET, "name_zh": "车站街道", **row},
        {"_id": "370303002", "name_zh": "科苑街道", "shape": drawn, **row},
        {"_id": "370303003", "name_zh": "没有边界", **row},
    ])  # fmt: skip
    answer = await get(own_api, "citizen-1", "/map/borders.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    features = {one["id"]: one for one in answer.json()["features"]}
    assert set(features) == {STREET, "370303002"}
    corners = {tuple(corner) for corner in features[STREET]["geometry"]["coordinates"][0]}
    assert corners == {(118.05, 36.8), (118.06, 36.8), (118.06, 36.81), (118.05, 36.81)}
    assert features["370303002"]["properties"]["name_zh"] == "科苑街道"


async def test_the_legend_names_what_one_may_see(api: Api) -> None:
    staff = (await get(api, "acceptor-1", "/map/legend.json")).json()
    citizen = (await get(api, "citizen-1", "/map/legend.json")).json()
    assert "camera" in {layer["code"] for layer in staff["layers"]}
    assert "camera" not in {layer["code"] for layer in citizen["layers"]}
    assert {"code": "REPORTED", "zh": "已上报", "en": "Reported"} in staff["states"]
    assert "CLOSED" not in {state["code"] for state in staff["states"]}
    assert {"code": "CLOSED", "zh": "已结案", "en": "Closed"} in staff["endedStates"]
    assert all(module["zh"] and module["en"] for module in staff["modules"])


async def test_the_page_is_served_by_the_city_alone(api: Api) -> None:
    page = await api.http.get("/map")
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy
    for path in ("/map/page/main.js", "/map/page/map.css", "/map/lib/ol.js", "/map/lib/ol.css",
                 "/map/lib/font.css", "/map/page/icon.svg", "/map/page/operations.json"):  # fmt: skip
        given = await api.http.get(path)
        assert given.status_code == 200, path
        again = await api.http.get(path, headers={"if-none-match": given.headers["etag"]})
        assert again.status_code == 304, path
    for path in (
        "/map/page/package.json",
        "/map/page/..%2fapp.py",
        "/map/lib/nothing.js",
        "/map/lib/files/x.woff2",
    ):
        assert (await api.http.get(path)).status_code == 404, path
