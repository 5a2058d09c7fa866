"""Routes a case: gathers what the routing rules look at, and asks the rules in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from city_core.cases.clocks.calendar import ClockCalendar, works_at
from city_core.cases.levels.holders import departments_at
from city_core.cases.levels.rules import Level
from city_core.cases.routing_book import ROUTING_BOOK
from city_core.cases.routing_rules import NO_RULES, Routed, RouteFacts, route
from city_core.catalogue.calendar import CALENDAR_BOOK, calendar_of
from city_core.catalogue.catalogue import CATALOGUE_BOOK, Catalogue, catalogue_of
from city_core.kit.city import City
from city_core.kit.rulebook.store import open_rules, versions_in_force
from city_core.people.queries import departments

Row = Mapping[str, Any]


class FactFinder:
    """Knows what routing has to know beside the case itself, read once for any number of cases."""

    def __init__(
        self, catalogue: Catalogue, calendar: ClockCalendar, conditions: Catalogue | None = None
    ) -> None:
        self._catalogue = catalogue
        self._conditions = conditions or catalogue
        self._calendar = calendar

    def facts_of(self, case: Row, at: datetime) -> RouteFacts:
        """Say what routing looks at, for a case that is routed at an instant."""
        place, code = case["place"], case["type_code"]
        condition = self._conditions.condition(case.get("condition_id") or "")
        return RouteFacts(
            type_codes=tuple(dict.fromkeys((code, self._catalogue.handled_as(code)))),
            street_code=place["street_code"],
            community_code=place["community_code"],
            grid_code=place["grid_code"],
            area_class=place["area_class"],
            source=case["source"],
            at=at,
            modules=frozenset(self._catalogue.modules_of(code)),
            is_working_time=works_at(self._calendar, at),
            condition_id=condition["_id"] if condition else None,
            default_departments=tuple(condition["departments"]) if condition else (),
        )


async def open_facts(
    city: City, versions: Mapping[str, int], filed_under: Mapping[str, int] | None = None
) -> FactFinder:
    """Open the catalogue and the calendar in these versions, for what routing looks at.

    A case keeps the conditions of the version that it was `filed_under`.
    """
    catalogue = await catalogue_of(city, versions.get(CATALOGUE_BOOK.name, 0))
    calendar = await calendar_of(city, versions.get(CALENDAR_BOOK.name, 0))
    if filed_under is None:
        return FactFinder(catalogue.rules, calendar.rules)
    conditions = await catalogue_of(city, filed_under.get(CATALOGUE_BOOK.name, 0))
    return FactFinder(catalogue.rules, calendar.rules, conditions.rules)


async def route_case(city: City, case: Row) -> Routed:
    """Say which department gets a case by the rules in force; the hour that counts is the present one.

    The routing rules and the default departments of conditions speak about the district; below it, the
    departments of the place answer for their types.
    """
    versions = await versions_in_force(city)
    opened = await open_rules(city, ROUTING_BOOK, versions.get(ROUTING_BOOK.name, 0))
    facts = (await open_facts(city, versions, case["rules"])).facts_of(case, city.clock.now())
    own = departments_at(case["level"], case["place"], await departments(city))
    if case["level"] == Level.DISTRICT:
        return route(facts, opened.rules, own, opened.version)
    return route(replace(facts, default_departments=()), NO_RULES, own, opened.version)
