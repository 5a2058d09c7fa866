"""Routes a case: gathers what the routing rules look at, and asks the rules in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from city_core.cases.clocks.calendar import ClockCalendar, works_at
from city_core.cases.clocks.city_calendar import measures_of
from city_core.cases.routing_book import ROUTING_BOOK
from city_core.cases.routing_rules import Routed, RouteFacts, RoutingRules, route
from city_core.catalogue.queries import types_by_module
from city_core.kit.city import City
from city_core.kit.rulebook.store import open_rules, versions_in_force
from city_core.people.queries import departments

Row = Mapping[str, Any]


class FactFinder:
    """Knows what routing has to know beside the case itself, read once for any number of cases."""

    def __init__(self, modules: Mapping[str, frozenset[str]], calendar: ClockCalendar | None) -> None:
        self._modules = modules
        self._calendar = calendar

    def facts_of(self, case: Row, at: datetime) -> RouteFacts:
        """Say what routing looks at, for a case that is routed at an instant."""
        place, code = case["place"], case["type_code"]
        return RouteFacts(
            type_codes=(code,),
            street_code=place["street_code"],
            community_code=place["community_code"],
            grid_code=place["grid_code"],
            area_class=place["area_class"],
            source=case["source"],
            at=at,
            modules=frozenset(name for name, codes in self._modules.items() if code in codes),
            is_working_time=self._calendar is not None and works_at(self._calendar, at),
        )


async def open_facts(city: City, *rules: RoutingRules) -> FactFinder:
    """Read what these rules ask for, and no more: calendar and modules only where a rule looks at them."""
    modules = await types_by_module(city) if any(some.asks_for_modules for some in rules) else {}
    if not any(some.asks_for_working_time for some in rules):
        return FactFinder(modules, None)
    return FactFinder(modules, (await measures_of(city, await versions_in_force(city))).calendar)


async def route_case(city: City, case: Row) -> Routed:
    """Say which department gets a case by the rules in force; the hour that counts is the present one."""
    opened = await open_rules(city, ROUTING_BOOK)
    now = city.clock.now()
    finder = await open_facts(city, opened.rules)
    return route(finder.facts_of(case, now), opened.rules, await departments(city), opened.version)
