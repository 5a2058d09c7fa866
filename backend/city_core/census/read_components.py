"""Reads of components for the city's staff."""

from __future__ import annotations

from city_core.cases.components.here import ComponentHere
from city_core.cases.components.past_cases import PastCases, past_cases
from city_core.cases.components.visibility import sees_component
from city_core.census.rights import refuse_to_show_street
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.pages import Page
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor
from city_core.places.components.model import COMPONENTS
from city_core.places.components.queries import components_without_owner


async def component_on_record(city: City, actor: Actor, code: str) -> ComponentHere | None:
    """Find a component with its history and its cases; one that is not theirs to read is not there.

    Citizens are told of it near by only (NOT_ALLOWED).
    """
    if not actor.is_staff:
        raise CityProblem("NOT_ALLOWED", field="role", allowed="the city's staff")
    found: Row | None = await city.database[COMPONENTS].find_one({"_id": code})
    if found is None:
        return None
    past = (await past_cases(city, actor, [code])).get(code, PastCases())
    if not sees_component(actor, found, cases_seen=past.count):
        return None
    return ComponentHere(found, past)


async def without_owner(
    city: City, actor: Actor, street_code: str, *, first: int, after: str | None = None
) -> Page:
    """List what nobody owns up to in a street, for whoever watches over it."""
    refuse_to_show_street(actor, street_code)
    return await components_without_owner(city, street_code, first=first, after=after)
