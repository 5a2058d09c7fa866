"""Where am I: from a point to its grid, community and street, and to those who answer there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from city_core.audit.record import Deed, Subject, record
from city_core.audit.verbs import Kind, Verb
from city_core.cases.levels.rules import level_rules_of
from city_core.cases.route_case import route_case
from city_core.catalogue.catalogue import CATALOGUE_BOOK
from city_core.catalogue.queries import checked_type
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.rulebook.store import versions_in_force
from city_core.people.inspectors_there import look_up_inspectors, on_duty_there
from city_core.people.roles import Actor, Role
from city_core.places.days import city_day
from city_core.places.given import GivenPoint, as_stored
from city_core.places.locate import NEAR_M, FoundBy, grid_at, outside_city, within_the_city

_DIVISIONS = ("community", "street", "district")
_NAMED = [{"$project": {"shape": 0, "history": 0}}]


async def where_am_i(
    city: City,
    actor: Actor,
    given: GivenPoint,
    *,
    type_code: str | None = None,
    names_people: bool = True,
) -> Row:
    """Say what lies at a point and who answers there, by one question to MongoDB.

    The row has the unit grid (`grid_code`, `found_by`, `is_on_border`, `distance_m` in metres, `area_class`),
    its responsibility grid, its divisions in words, the departments of its street and community, and for
    staff the inspectors on duty: that somebody was shown others is put on record. With a type,
    `department_id` is the one that the rules in force choose for it. Outside the city: PLACE_OUTSIDE_CITY.
    """
    now = city.clock.now()
    stored = as_stored(given)
    names_people = names_people and actor.role is not Role.CITIZEN
    found = await _found(city, stored["point"], now)
    codes = {row["_id"]: row for row in found["divisions"]}
    place = {
        **found,
        **stored,
        **{name: codes.get(found[f"{name}_code"]) for name in _DIVISIONS},
        "is_on_border": found["found_by"] == FoundBy.BORDER,
        "distance_m": round(found["distance_m"], 2),
        "responsibility_grid": next(iter(found["responsibility_grids"]), None),
        "inspectors": on_duty_there(found["inspectors"], now) if names_people else [],
        "departments": [row for row in found["departments"] if not row.get("disabled")],
        "department_id": None,
    }
    if type_code is not None:
        place["department_id"] = await _answering(city, actor, place, type_code)
    if others := [row["_id"] for row in place["inspectors"] if row["_id"] != actor.person_id]:
        shown = Subject(Kind.PEOPLE, place["grid_code"], others)
        await record(city, actor, Deed(Verb.STAFF_LISTED, shown))
    return place


def everything_at(point: Row, now: datetime, *, within_m: float | None = NEAR_M) -> Sequence[Row]:
    """Give the stages that answer the whole question, each by an index."""
    return [
        *grid_at(point, city_day(now), within_m=within_m),
        {"$set": {"codes": ["$community_code", "$street_code", "$district_code"]}},
        _look_up("divisions", "codes", "_id", "divisions"),
        _look_up("responsibility_grids", "responsibility_grid_id", "_id", "responsibility_grids"),
        _look_up("departments", "codes", "area_code", "departments"),
        look_up_inspectors(now),
        {"$set": {"grid_code": "$_id"}},
    ]


async def _found(city: City, point: Row, now: datetime) -> Row:
    grids = city.database.unit_grids
    rows = await grids.aggregate(everything_at(point, now)).to_list(1)
    if not rows and await within_the_city(city, point):
        rows = await grids.aggregate(everything_at(point, now, within_m=None)).to_list(1)
    if not rows:
        raise outside_city()
    return rows[0]


def _look_up(collection: str, local: str, foreign: str, name: str) -> Row:
    join = {"from": collection, "localField": local, "foreignField": foreign, "pipeline": _NAMED, "as": name}
    return {"$lookup": join}


async def _answering(city: City, actor: Actor, place: Row, type_code: str) -> str | None:
    """Ask the rules in force who would get a case of a type that began here and now."""
    versions = await versions_in_force(city)
    await checked_type(city, type_code, None, version=versions.get(CATALOGUE_BOOK.name, 0))
    level = (await level_rules_of(city, versions)).terms(type_code).start
    source = "INSPECTOR" if actor.role is Role.INSPECTOR else "CITIZEN"
    case = {
        "place": place, "type_code": type_code, "condition_id": None, "source": source, "rules": versions,
        "level": level,
    }  # fmt: skip
    return (await route_case(city, case)).department_id
