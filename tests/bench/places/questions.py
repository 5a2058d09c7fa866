"""What people ask of the map and the lists: each question is one line of the table, asked of a whole city.

A question gets an `Asked` (the city, who asks, where, about which type) and answers how many results it
had. What a helper adds to the map is one more function and one more line in `QUESTIONS`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import httpx

from city_core.cases.queries import CaseFilter, count_cases, nearest_cases, page_of_cases
from city_core.cases.workflow import State
from city_core.kit.city import City
from city_core.map.draw import draw
from city_core.map.picture import MapFilter
from city_core.people.roles import Actor
from city_core.places.cells import Box
from city_core.places.locate import GivenPoint, locate

SCREEN_TILES = (4.0, 3.0)  # 1,024 x 768 pixels
PAGE, DEEP_PAGE = 20, 50
LISTED = ("_id", "number", "state", "type_code", "place", "deadline_at", "reported_at")


@dataclass
class Asked:
    """One asking: who asks what, where, of records of so many days.

    `kept` is what a question remembers between askings.
    """

    city: City
    people: dict[str, Actor]
    lng: float
    lat: float
    type_code: str
    street_code: str
    days: float
    http: httpx.AsyncClient | None = None
    kept: dict[str, str | None] = field(default_factory=dict)

    @property
    def leader(self) -> Actor:
        return self.people["leader-001"]


Question = Callable[[Asked], Awaitable[int]]


@dataclass(frozen=True)
class DeepQuestion:
    """A question that stands on others, which are asked beforehand and not measured."""

    ask: Question
    ready: Callable[[Asked], Awaitable[None]]

    async def __call__(self, asked: Asked) -> int:
        return await self.ask(asked)


async def where_am_i(asked: Asked) -> int:
    await locate(asked.city, GivenPoint(asked.lng, asked.lat))
    return 1


def viewport(zoom: int, who: str = "leader-001", wanted: MapFilter | None = None) -> Question:
    """Look at a screen of the map; results are the clusters and features that it holds."""

    async def ask(asked: Asked) -> int:
        width, height = (360 / 2**zoom * tiles for tiles in SCREEN_TILES)
        west, south = asked.lng - width / 2, asked.lat - height * 0.8 / 2
        box = Box(west, south, west + width, south + height * 0.8)
        picture = await draw(asked.city, asked.people[who], box, zoom, wanted or MapFilter())
        return len(picture.clusters) + len(picture.features)

    return ask


def nearest(who: str) -> Question:
    """Ask for the open cases around."""

    async def ask(asked: Asked) -> int:
        actor = asked.people[who]
        return len(
            await nearest_cases(asked.city, actor, lng=asked.lng, lat=asked.lat, first=PAGE, fields=LISTED)
        )

    return ask


def page(
    who: str = "leader-001",
    *,
    by_type: bool = False,
    by_street: bool = False,
    deep: bool = False,
    **wanted: object,
) -> Question:
    """Read a page of a list, the first one or the fiftieth."""

    async def ask(asked: Asked) -> int:
        narrowed = _filter(asked, by_type, by_street, wanted)
        after = asked.kept.get(_key(asked, who, narrowed)) if deep else None
        found = await page_of_cases(
            asked.city, asked.people[who], narrowed, first=PAGE, after=after, fields=LISTED
        )
        return len(found.rows)

    async def walk_there(asked: Asked) -> None:
        narrowed = _filter(asked, by_type, by_street, wanted)
        if (key := _key(asked, who, narrowed)) not in asked.kept:
            asked.kept[key] = await _after_many_pages(asked, asked.people[who], narrowed)

    return DeepQuestion(ask, walk_there) if deep else ask


def count(
    who: str = "leader-001", *, by_type: bool = False, by_street: bool = False, **wanted: object
) -> Question:
    """Count a list; the result is one number."""

    async def ask(asked: Asked) -> int:
        await count_cases(asked.city, asked.people[who], _filter(asked, by_type, by_street, wanted))
        return 1

    return ask


def over_http(query: str) -> Question:
    """Ask the API as an app does; results are counted by their ids."""

    async def ask(asked: Asked) -> int:
        assert asked.http is not None
        variables = {
            "type": asked.type_code, "street": asked.street_code, "lng": asked.lng, "lat": asked.lat,
        }  # fmt: skip
        answer = await asked.http.post("/graphql", json={"query": query, "variables": variables})
        assert "errors" not in answer.json(), answer.text[:500]
        return answer.text.count('"id"') or 1

    return ask


def _filter(asked: Asked, by_type: bool, by_street: bool, wanted: dict[str, object]) -> CaseFilter:
    given = dict(wanted)
    if "last_days" in given:
        given["reported_from"] = asked.city.clock.now() - timedelta(days=float(str(given.pop("last_days"))))
    if "first_days" in given:
        until = asked.city.clock.now() - timedelta(days=asked.days - float(str(given.pop("first_days"))))
        given["reported_from"], given["reported_to"] = until - timedelta(days=60), until
    return CaseFilter(
        type_code=asked.type_code if by_type else None,
        street_code=asked.street_code if by_street else None,
        **given,  # type: ignore[arg-type]
    )


def _key(asked: Asked, who: str, wanted: CaseFilter) -> str:
    return f"{asked.city.database.name} {who} {wanted}"


async def _after_many_pages(asked: Asked, actor: Actor, wanted: CaseFilter) -> str | None:
    after: str | None = None
    for _ in range(DEEP_PAGE // 5 - 1):
        found = await page_of_cases(asked.city, actor, wanted, first=5 * PAGE, after=after, fields=["_id"])
        if not found.has_next:
            break
        after = found.end_cursor
    return after


_PAGE_OVER_HTTP = """query($type: String!, $street: String!) {
  cases(filter: {typeCode: $type, streetCode: $street}, first: 20) {
    nodes { id number state reportedAt } pageInfo { endCursor hasNextPage }
  }
}"""
_NEAREST_OVER_HTTP = """query($lng: Float!, $lat: Float!) {
  nearestCases(point: {lng: $lng, lat: $lat}, first: 20) { distanceM case { id number } }
}"""
CLOSED = (State.CLOSED.value,)
HANDLING = (State.DISPATCHED.value, State.IN_PROGRESS.value, State.REWORK.value)
QUESTIONS: dict[str, Question] = {
    "point -> grid": where_am_i,
    "viewport zoom 11": viewport(11),
    "viewport zoom 13": viewport(13),
    "viewport zoom 15": viewport(15),
    "viewport zoom 17": viewport(17),
    "viewport zoom 13, an inspector": viewport(13, "inspector-001"),
    "nearest 20 cases": nearest("leader-001"),
    "nearest 20 cases, an officer": nearest("officer-001"),
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
    "HTTP: page 1, type + street": over_http(_PAGE_OVER_HTTP),
    "HTTP: nearest 20 cases": over_http(_NEAREST_OVER_HTTP),
}
