"""Which level may close (结案) what: data of the city, by type."""

from __future__ import annotations

from city_core.cases.levels.rules import Terms, covers, level_rules_of
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor


async def refuse_level_that_may_not_close(city: City, actor: Actor, case: Row) -> None:
    """Keep a seat from closing what its level may not close, or what a higher level has."""
    terms = await _terms(city, case)
    if actor.level in terms.closers and covers(actor.level, case["level"]):
        return
    allowed = ", ".join(level for level in sorted(terms.closers) if covers(level, case["level"]))
    raise CityProblem("LEVEL_MAY_NOT_CLOSE", field="level", allowed=allowed)


async def closes_by_rule(city: City, case: Row) -> bool:
    """Tell whether the level that has a case may close it, so that a rule may do it in its place."""
    return case["level"] in (await _terms(city, case)).closers


async def _terms(city: City, case: Row) -> Terms:
    return (await level_rules_of(city, case["rules"])).terms(case["type_code"])
