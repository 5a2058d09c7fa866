"""The one map over GraphQL: what is whose to see, in the datum of the phone's map, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from city_core.kit.geo import distance_m, from_wgs84
from tests.api.support import Api, operation

AROUND = {"west": 118.03, "south": 36.78, "east": 118.08, "north": 36.83}


def around(datum: str) -> dict[str, float]:
    west, south = from_wgs84((AROUND["west"], AROUND["south"]), datum)  # type: ignore[arg-type]
    east, north = from_wgs84((AROUND["east"], AROUND["north"]), datum)  # type: ignore[arg-type]
    return {"west": west, "south": south, "east": east, "north": north}


@pytest.mark.parametrize("datum", ["WGS84", "GCJ02", "BD09"])
async def test_marks_lie_where_the_phones_map_has_them(api: Api, datum: str) -> None:
    case = await api.report("citizen-1")
    asked: dict[str, Any] = {"bounds": around(datum), "zoom": 17, "datum": datum}
    view = await api.do("inspector-1", "inspector", "MapView", **asked)
    assert view["total"] == 1 and view["datum"] == datum and view["clusters"] == []
    [mark] = view["marks"]
    point = case["place"]["point"]["coordinates"]
    assert mark["id"] == case["_id"] and mark["state"] == case["state"] and not mark["isLate"]
    assert distance_m((mark["lng"], mark["lat"]), from_wgs84((point[0], point[1]), datum)) < 0.01  # type: ignore[arg-type]
    assert (await api.do("inspector-far", "inspector", "MapView", **asked))["total"] == 0
    assert (await api.do("citizen-1", "citizen", "MapView", **asked))["total"] == 1
    assert (await api.do("citizen-2", "citizen", "MapView", **asked))["total"] == 0


async def test_clusters_and_heat_count_the_same(api: Api) -> None:
    for who in ("citizen-1", "citizen-2", "inspector-1"):
        await api.report(who)
    for zoom in (5, 12, 15):
        asked = {"bounds": AROUND, "zoom": zoom}
        view = await api.do("acceptor-1", "seat", "MapView", **asked)
        heat = await api.do("acceptor-1", "seat", "HeatMap", **asked)
        assert view["total"] == len(view["marks"]) + sum(one["count"] for one in view["clusters"])
        assert view["total"] == sum(one["count"] for one in heat) == 3
        assert max(one["weight"] for one in heat) == 1.0


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"bounds": {**AROUND, "west": 119.0}}, "PLACE_INVALID", "bounds"),
        ({"bounds": {**AROUND, "north": 95.0}}, "PLACE_INVALID", "bounds"),
        ({"zoom": 40}, "PLACE_INVALID", "zoom"),
        ({"filter": {"layers": ["nonsense"], "subjects": ["POINTS"]}}, "LAYER_UNKNOWN", "layers"),
        ({"filter": {"subjects": []}}, "MAP_FILTER_INVALID", "subjects"),
        ({"filter": {"module": "nonsense"}}, "RULES_UNKNOWN", "module"),
        ({"filter": {"typeCodes": ["x" * 50]}}, "MAP_FILTER_INVALID", "typeCodes"),
        (
            {"filter": {"reportedFrom": "2026-02-01T00:00:00Z", "reportedTo": "2026-01-01T00:00:00Z"}},
            "MAP_FILTER_INVALID",
            "reportedTo",
        ),
    ],
)
async def test_what_makes_no_sense_is_refused(api: Api, given: dict[str, Any], code: str, field: str) -> None:
    asked = {"bounds": AROUND, "zoom": 14, **given}
    answer = await api.ask(operation("seat", "MapView"), asked, "acceptor-1")
    extensions = answer["errors"][0]["extensions"]
    assert (extensions["code"], extensions["field"]) == (code, field)
