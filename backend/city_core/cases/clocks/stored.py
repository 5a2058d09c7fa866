"""What of the clocks stands with a case, and the rules that they follow: every write of a case asks here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from city_core.cases.clocks.city_calendar import measures_of
from city_core.cases.clocks.engine import Clocks, History, clocks_of
from city_core.cases.clocks.measure import Measures
from city_core.cases.clocks.rules import CLOCK_RULES, StageLimits
from city_core.cases.clocks.ticking import Clock
from city_core.kit.city import City
from city_core.kit.rulebook.store import open_rules


@dataclass(frozen=True)
class ClockRules:
    """The limits of the stages and the measures of the calendar, of the versions that a case is under."""

    stage_limits: StageLimits
    measures: Measures


def clock_fields_after(history: History, rules: ClockRules) -> dict[str, Any]:
    """Give the clock fields of a case as they have to stand after the last row of its history."""
    return clock_fields(clocks_of(history, rules.stage_limits, rules.measures))


def clock_fields(clocks: Clocks) -> dict[str, Any]:
    """Write clocks as they are stored with the case."""
    stage, case = clocks.stage, clocks.case
    return {
        "clocks": {
            "stage": _row(stage),
            "case": _row(case),
            "level": _row(clocks.level),
            "past": [_past_row(clock) for clock in clocks.past],
        },
        "deadline_at": case and case.due_at,
        "stage_due_at": stage and stage.due_at,
        "stage_yellow_at": stage and stage.yellow_at,
    }


def versions_of(history: History) -> dict[str, int]:
    """Tell which versions of the rules a case is under: those of its filing, before that of its report."""
    for row in reversed(history):
        versions = (row.get("facts") or {}).get("rules")
        if versions is not None:
            return dict(versions)
    return {}


async def clock_rules_of(city: City, versions: Mapping[str, int]) -> ClockRules:
    """Open the rules of the clocks in these versions; a rulebook that is not named is the first one."""
    limits = await open_rules(city, CLOCK_RULES, versions.get(CLOCK_RULES.name, 0))
    return ClockRules(limits.rules, await measures_of(city, versions))


def _row(clock: Clock | None) -> dict[str, Any] | None:
    return None if clock is None else clock.row()


def _past_row(clock: Clock) -> dict[str, Any]:
    return {
        "name": clock.name.value, "key": clock.key, "used_s": clock.used_s, "budget_s": clock.budget_s,
        "in_time": clock.in_time,
    }  # fmt: skip


NO_CLOCKS: Mapping[str, Any] = clock_fields(Clocks(None, None, None, ()))
CLOCK_FIELDS = tuple(NO_CLOCKS)
