"""Somebody asks why a case is due when it is."""

from __future__ import annotations

from city_core.cases.clocks.explain import Explanation, explain
from city_core.cases.clocks.stages import ClockName
from city_core.cases.clocks.stored import clock_rules_of, versions_of
from city_core.cases.record import load_case
from city_core.kit.city import City
from city_core.people.roles import Actor


async def explain_deadline(city: City, actor: Actor, case_id: str, clock: ClockName) -> Explanation:
    """Tell whoever may see a case why one of its clocks is due when it is."""
    case = await load_case(city, actor, case_id)
    rules = await clock_rules_of(city, versions_of(case["history"]))
    return explain(case["history"], rules, clock, city.clock.now())
