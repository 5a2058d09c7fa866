"""The same questions as apps ask them: over HTTP, with all that the API does around the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.bench.places.asked import Asked, Question
from tests.bench.places.map_questions import screen, tile_around

PAGE_OF_CASES = """query($type: String!, $street: String!) {
  cases(filter: {typeCode: $type, streetCode: $street}, first: 20) {
    nodes { id number state reportedAt } pageInfo { endCursor hasNextPage }
  }
}"""
NEAREST_CASES = """query($lng: Float!, $lat: Float!) {
  nearestCases(point: {lng: $lng, lat: $lat}, first: 20) { distanceM case { id number } }
}"""
NEARBY = """query($lng: Float!, $lat: Float!, $layer: String!) {
  nearby(layer: $layer, point: {lng: $lng, lat: $lat}, first: 20) {
    id nameZh lng lat distanceM isOpenNow nextChangeAt
  }
}"""
NEAREST_OFFICERS = """query($lng: Float!, $lat: Float!, $type: String!) {
  nearestOfficers(point: {lng: $lng, lat: $lat}, typeCode: $type, first: 10) {
    id name distanceM fixAgeMinutes openTasks reason
  }
}"""
WHERE_AM_I = """query($lng: Float!, $lat: Float!) {
  whereAmI(lng: $lng, lat: $lat) { gridCode community { code nameZh } street { code nameZh } }
}"""
_MAP_VIEW = """query($bounds: BoundsInput!, $zoom: Int!) {
  mapView(bounds: $bounds, zoom: $zoom) {
    clusters { cell level lng lat count late } marks { id lng lat typeCode state isLate } total isComplete
  }
}"""


def over_http(query: str) -> Question:
    """Ask the API as an app does; results are counted by their ids."""

    async def ask(asked: Asked) -> int:
        return await _graphql(asked, query, variables_of(asked, query))

    return ask


def variables_of(asked: Asked, query: str) -> dict[str, Any]:
    """Fill in those of the variables that a query names."""
    known = {
        "type": asked.type_code, "street": asked.street_code, "lng": asked.lng, "lat": asked.lat,
        "layer": asked.layer,
    }  # fmt: skip
    return {name: value for name, value in known.items() if f"${name}:" in query}


def map_view_over_http(zoom: int) -> Question:
    """Ask for a screen of the map; results are the clusters and marks."""

    async def ask(asked: Asked) -> int:
        box = screen(asked, zoom)
        bounds = {"west": box.west, "south": box.south, "east": box.east, "north": box.north}
        return await _graphql(asked, _MAP_VIEW, {"bounds": bounds, "zoom": zoom}, counted='"lng"')

    return ask


def tile_over_http(zoom: int) -> Question:
    """Ask for a vector tile; the result is one tile, packed."""

    async def ask(asked: Asked) -> int:
        assert asked.http is not None
        column, row = tile_around(asked, zoom)
        answer = await asked.http.get(f"/map/tiles/{zoom}/{column}/{row}.mvt")
        assert answer.status_code in (200, 204), answer.text[:500]
        return 1

    return ask


async def _graphql(asked: Asked, query: str, variables: Mapping[str, Any], counted: str = '"id"') -> int:
    assert asked.http is not None
    answer = await asked.http.post("/graphql", json={"query": query, "variables": variables})
    assert "errors" not in answer.json(), answer.text[:500]
    return answer.text.count(counted) or 1
