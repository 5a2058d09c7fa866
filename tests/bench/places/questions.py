"""What people ask of the map and the lists: each question is one line of the table, asked of a whole city.

A question gets an `Asked` (the city, who asks, where, about which type) and answers how many results it
had. What a helper adds to the map is one more function and one more line in `QUESTIONS`.
"""

from __future__ import annotations

from city_core.cases.workflow import State
from city_core.map.picture import MapFilter
from tests.bench.places import http_questions as http
from tests.bench.places import near_questions as near
from tests.bench.places.asked import Question
from tests.bench.places.list_questions import count, page
from tests.bench.places.map_questions import COMPONENTS, POINTS, changes, heat_map, tile, viewport

CLOSED = (State.CLOSED.value,)
HANDLING = (State.DISPATCHED.value, State.IN_PROGRESS.value, State.REWORK.value)
QUESTIONS: dict[str, Question] = {
    "point -> grid": near.grid_of,
    "where am I": near.whereabouts,
    "viewport zoom 11": viewport(11),
    "viewport zoom 13": viewport(13),
    "viewport zoom 15": viewport(15),
    "viewport zoom 17": viewport(17),
    "viewport zoom 13, an inspector": viewport(13, "inspector-001"),
    "viewport zoom 13, late": viewport(13, wanted=MapFilter(late=True)),
    "viewport zoom 11, components": viewport(11, wanted=COMPONENTS),
    "viewport zoom 15, components": viewport(15, wanted=COMPONENTS),
    "viewport zoom 17, components": viewport(17, wanted=COMPONENTS),
    "viewport zoom 13, points": viewport(13, wanted=POINTS),
    "tile zoom 12": tile(12),
    "tile zoom 14": tile(14),
    "tile zoom 16": tile(16),
    "tile zoom 14, components": tile(14, COMPONENTS),
    "heat, zoom 13": heat_map(13),
    "changes of the map": changes(),
    "nearest 20 cases": near.cases("leader-001"),
    "nearest 20 cases, an officer": near.cases("officer-001"),
    "nearest 20 of a layer": near.points(),
    "nearest 20 of a layer, open now": near.points(open_now=True),
    "nearest 20 components, 200 m": near.components(200),
    "nearest 20 components of a type, 2 km": near.components(2_000, of_type=True),
    "nearest 10 officers": near.officers,
    "page 1, all": page(),
    "page 1, type + street + closed": page(by_type=True, by_street=True, states=CLOSED),
    "page 50, type + street + closed": page(by_type=True, by_street=True, states=CLOSED, deep=True),
    "page 1, type + street + in hand": page(by_type=True, by_street=True, states=HANDLING),
    "page 1, street + in hand": page(by_street=True, states=HANDLING),
    "page 1, type + last 7 days": page(by_type=True, last_days=7),
    "page 1, type + street + rejected": page(by_type=True, by_street=True, states=(State.REJECTED.value,)),
    "page 1, first month of the records": page(first_days=30),
    "page 1, type + street + first month": page(by_type=True, by_street=True, first_days=30),
    "page 1, late": page(late=True),
    "page 1, street + late": page(by_street=True, late=True),
    "page 1, an inspector": page("inspector-001"),
    "page 1, an inspector, in hand": page("inspector-001", states=HANDLING),
    "page 1, an inspector, late": page("inspector-001", late=True),
    "page 1, an officer, in hand": page("officer-001", states=HANDLING),
    "page 1, a citizen": page("citizen-000001"),
    "count, all": count(),
    "count, type + street + closed": count(by_type=True, by_street=True, states=CLOSED),
    "count, street + in hand": count(by_street=True, states=HANDLING),
    "count, last 7 days": count(last_days=7),
    "HTTP: where am I": http.over_http(http.WHERE_AM_I),
    "HTTP: page 1, type + street": http.over_http(http.PAGE_OF_CASES),
    "HTTP: nearest 20 cases": http.over_http(http.NEAREST_CASES),
    "HTTP: nearest 20 of a layer": http.over_http(http.NEARBY),
    "HTTP: nearest 10 officers": http.over_http(http.NEAREST_OFFICERS),
    "HTTP: map zoom 11": http.map_view_over_http(11),
    "HTTP: map zoom 15": http.map_view_over_http(15),
    "HTTP: tile zoom 12": http.tile_over_http(12),
    "HTTP: tile zoom 14": http.tile_over_http(14),
    "HTTP: tile zoom 16": http.tile_over_http(16),
}
