"""What time has to say about a step: the clocks of the case after it, and the escalation that is pending."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from city_core.cases.clocks.stored import clock_fields_after, clock_rules_of, versions_of
from city_core.cases.escalation import ESCALATION_RULES, EscalationRules
from city_core.cases.escalation_work import escalation_of
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.rulebook.store import open_rules
from city_core.kit.work import WorkItem


@dataclass(frozen=True)
class Timed:
    """What is written along with a step: fields of the case, and the work that comes and goes."""

    values: Mapping[str, Any]
    work: Sequence[WorkItem]
    drops: Collection[str]


async def timed(city: City, case: Mapping[str, Any], history: Sequence[Row]) -> Timed:
    """Work out clocks and escalation of a case as it will stand with this history."""
    versions = versions_of(history)
    rules = await clock_rules_of(city, versions)
    ladder = await escalation_rules_of(city, versions)
    clocks = clock_fields_after(history, rules)
    planned = escalation_of({**case, **clocks}, history, case["work"], ladder, rules.measures)
    return Timed({**clocks, **planned.fields}, planned.items, planned.drops)


async def escalation_rules_of(city: City, versions: Mapping[str, int]) -> EscalationRules:
    """Open the rules of escalation in the version that a case is under."""
    return (await open_rules(city, ESCALATION_RULES, versions.get(ESCALATION_RULES.name, 0))).rules
