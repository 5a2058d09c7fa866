"""The one map over HTTP: vector tiles, rows for mini-programs, what changed, borders, and their words."""

from __future__ import annotations

from typing import Any, cast, get_args

import orjson
from litestar import Request, get
from litestar.datastructures import State as AppState
from litestar.response.base import ASGIResponse

from city_api.cases.words import STATE_NAMES
from city_api.context import Edge, bearer_token
from city_api.map.http_answers import answer, nothing
from city_api.map.http_filter import datum_of, degrees, filter_of, whole
from city_api.map.words import COMPONENT_STATE_NAMES
from city_api.policy.routes import check_post
from city_api.remembered import Remembered
from city_core.cases.workflow import FINAL_STATES, OPEN_STATES
from city_core.catalogue.catalogue import catalogue_of
from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.kit.rulebook.store import open_rules
from city_core.map.borders import BorderLevel, borders
from city_core.map.compact import as_rows, box_in_datum, case_row
from city_core.map.draw import draw
from city_core.map.picture import LEAST_ZOOM, MOST_ZOOM, checked_zoom
from city_core.map.tiles import as_tile, checked_tile
from city_core.people.roles import Actor
from city_core.places.layers import LAYERS_BOOK
from city_core.sync.pull_map import pull_map

_TILE = "application/vnd.mapbox-vector-tile"
_JSON = "application/json"
_ZOOMS = f"{LEAST_ZOOM} to {MOST_ZOOM}"
_MOST_CHANGES = 100
_BORDERS_SECONDS = 60.0
Asked = Request[Any, Any, Any]


class BaseMap:
    """The borders as this process knows them: for all the same, and seldom others."""

    def __init__(self, city: City) -> None:
        self._known = {level: self._remembered(city, level) for level in get_args(BorderLevel)}

    async def borders(self, level: BorderLevel) -> bytes:
        """Give the borders of a level as GeoJSON."""
        return await self._known[level].get()

    @staticmethod
    def _remembered(city: City, level: BorderLevel) -> Remembered[bytes]:
        async def read() -> bytes:
            return orjson.dumps(await borders(city, level))

        return Remembered(read, _BORDERS_SECONDS)


@get("/map/tiles/{zoom:str}/{column:str}/{file:str}")
async def get_tile(zoom: str, column: str, file: str, request: Asked, state: AppState) -> ASGIResponse:
    """Draw a tile of what whoever is signed in may see, as the filters in its address say; 204 if empty."""
    actor = await _signed_in(request, state)
    row, _, kind = file.partition(".")
    if kind != "mvt":
        raise CityProblem("REQUEST_INVALID", field="file", allowed="<row>.mvt")
    place = whole(zoom, "zoom", _ZOOMS), whole(column, "x", "digits"), whole(row, "y", "digits")
    box = checked_tile(*place)
    picture = await draw(_edge(state).city, actor, box, place[0], filter_of(request))
    tile = as_tile(picture, *place)
    return answer(request, tile, _TILE) if tile else nothing()


@get("/map/view")
async def get_view(request: Asked, state: AppState) -> ASGIResponse:
    """Draw a part of the map as rows of plain values, in the datum that was asked for."""
    actor = await _signed_in(request, state)
    datum = datum_of(request)
    west, south, east, north = (degrees(request, name) for name in ("west", "south", "east", "north"))
    box = box_in_datum(west, south, east, north, datum)
    zoom = checked_zoom(whole(request.query_params.get("zoom"), "zoom", _ZOOMS))
    picture = await draw(_edge(state).city, actor, box, zoom, filter_of(request))
    return answer(request, orjson.dumps(as_rows(picture, datum)), _JSON)


@get("/map/changes")
async def get_changes(request: Asked, state: AppState) -> ASGIResponse:
    """Tell which open cases changed since a checkpoint, and which are gone; without one, where now is."""
    actor = await _signed_in(request, state)
    datum, edge = datum_of(request), _edge(state)
    limit = whole(request.query_params.get("limit", "100"), "limit", f"1 to {_MOST_CHANGES}")
    checkpoint = request.query_params.get("checkpoint") or None
    pulled = await pull_map(edge.city, actor, checkpoint=checkpoint, limit=limit)
    now = edge.city.clock.now()
    body = {
        "datum": datum,
        "cases": [case_row(row["document"], datum, now) for row in pulled.documents if not row["deleted"]],
        "gone": [row["_id"] for row in pulled.documents if row["deleted"]],
        "checkpoint": pulled.checkpoint,
        "hasMore": pulled.has_more,
        "resetRequired": pulled.reset_required,
    }
    return answer(request, orjson.dumps(body), _JSON, cache_control="no-store")


@get("/map/borders.geojson")
async def get_borders(request: Asked, state: AppState) -> ASGIResponse:
    """Give the borders of the streets, or with `level=community` of the communities, WGS-84."""
    await _signed_in(request, state)
    level = request.query_params.get("level", "street")
    if level not in get_args(BorderLevel):
        raise CityProblem("REQUEST_INVALID", field="level", allowed=", ".join(get_args(BorderLevel)))
    body = await state.base_map.borders(cast(BorderLevel, level))
    return answer(request, body, "application/geo+json")


@get("/map/legend.json")
async def get_legend(request: Asked, state: AppState) -> ASGIResponse:
    """Name what the map can show to whoever is signed in: states, modules, layers."""
    actor = await _signed_in(request, state)
    layers = (await open_rules(_edge(state).city, LAYERS_BOOK)).rules
    staff = actor.works_in_the_streets
    modules = (await catalogue_of(_edge(state).city)).rules.modules
    body = {
        "states": [_word(one, STATE_NAMES[one]) for one in STATE_NAMES if one in OPEN_STATES],
        "endedStates": [_word(one, STATE_NAMES[one]) for one in STATE_NAMES if one in FINAL_STATES],
        "componentStates": [_word(one, words) for one, words in COMPONENT_STATE_NAMES.items()],
        "modules": [_word(code, (row["name_zh"], row["name_en"])) for code, row in modules.items()],
        "layers": [
            _word(layer.layer, (layer.name_zh, layer.name_en))
            for layer in layers.values()
            if staff or layer.audience == "EVERYBODY"
        ],
    }
    return answer(request, orjson.dumps(body), _JSON)


def _edge(state: AppState) -> Edge:
    edge: Edge = state.edge
    return edge


async def _signed_in(request: Asked, state: AppState) -> Actor:
    actor = await _edge(state).actor_of(bearer_token(request.headers.get("authorization", "")))
    check_post(request.scope["path_template"], "GET", actor)
    return actor


def _word(code: str, words: tuple[str, str]) -> dict[str, str]:
    return {"code": code, "zh": words[0], "en": words[1]}
