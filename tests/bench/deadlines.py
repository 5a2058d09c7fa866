"""How fast deadlines are: due dates and whole histories on one core, and recomputing a Linyi day of cases.

Part of `python -m tests.bench`; `python -m tests.bench.deadlines` takes these measurements alone.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from city_core.bootstrap import open_city
from city_core.cases.clocks.calendar import PlainCalendar
from city_core.cases.clocks.measure import Measures
from city_core.cases.clocks.recompute import recompute_all
from city_core.cases.clocks.rules import PLAIN_STAGE_LIMITS
from city_core.cases.clocks.stored import ClockRules, clock_fields_after, clock_rules_of
from city_core.catalogue.limits import Limit
from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.waking import QuietWaker
from city_demo.embedded import EmbeddedMongod
from tests.bench.figures import Figures, keep, machine
from tests.conftest import settings_for

LIMITS = [Limit(1, "work_day"), Limit(4, "work_hour"), Limit(5, "work_day"), Limit(2, "work_hour")]
YEAR = datetime(2026, 1, 1, tzinfo=UTC)
DATES, HISTORIES, CASES = 400_000, 4_000, 1_100
Told = Callable[[], None]


async def deadlines(told: Told) -> Figures:
    """Find the yellow and the due instant of limits in work units, all over a year, on one core."""
    measures, dice = Measures(PlainCalendar()), random.Random(1)
    starts = [YEAR + timedelta(seconds=dice.randrange(365 * 86_400)) for _ in range(DATES)]
    began = time.perf_counter()
    for number, start in enumerate(starts):
        measures.dates_of(start, LIMITS[number % 4])
    dates = time.perf_counter() - began
    rules = ClockRules(PLAIN_STAGE_LIMITS, measures)
    histories = [a_history(start, LIMITS[0]) for start in starts[:HISTORIES]]
    began = time.perf_counter()
    for history in histories:
        clock_fields_after(history, rules)
    whole = time.perf_counter() - began
    told()
    return {
        "deadlines_per_s_per_core": round(DATES / dates),
        "whole_histories_per_s_per_core": round(HISTORIES / whole),
    }


async def recompute(mongod: EmbeddedMongod, told: Told) -> Figures:
    """Recompute 1,100 cases with histories of 12 steps from a database of their own."""
    settings = settings_for(mongod)
    async with open_city(settings, app_name="bench", waker=QuietWaker()) as city:
        try:
            await _fill(city)
            began = time.perf_counter()
            found = [difference async for difference in recompute_all(city)]
            seconds = time.perf_counter() - began
        finally:
            await city.database.client.drop_database(city.database.name)
    told()
    assert found == []
    return {"cases": CASES, "seconds": round(seconds, 3), "differences": len(found)}


async def _fill(city: City) -> None:
    rules, dice = await clock_rules_of(city, {}), random.Random(2)
    rows = []
    for number in range(CASES):
        history = a_history(YEAR + timedelta(seconds=dice.randrange(365 * 86_400)), LIMITS[number % 4])
        case_id = new_id()
        rows.append({
            "_id": case_id, "reporter_id": case_id, "client_id": case_id, "history": history,
            **clock_fields_after(history, rules),
        })  # fmt: skip
    await city.database.cases.insert_many(rows)


def a_history(start: datetime, limit: Limit) -> list[dict[str, Any]]:
    """A case that is returned once, extended, suspended and resumed, reworked and closed."""
    added = {"value": 1, "unit": limit.unit, "season": None}
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("SUBMIT", "REPORTED", {"rules": {}}),
        ("ADMIT", "PENDING_FILING", {}),
        ("FILE", "FILED", {"limit": limit.row(), "rules": {}}),
        ("DISPATCH", "DISPATCHED", {}),
        ("RETURN", "FILED", {}),
        ("DISPATCH", "DISPATCHED", {}),
        ("DECIDE_EXTENSION", "DISPATCHED", {"approved": True, "final": True, "added": added}),
        ("DECIDE_SUSPENSION", "SUSPENDED", {"approved": True}),
        ("RESUME", "IN_PROGRESS", {}),
        ("REPORT_HANDLED", "HANDLED", {}),
        ("FAIL_CHECK", "REWORK", {}),
        ("REPORT_HANDLED", "PENDING_CLOSING", {}),
    ]
    rows: list[dict[str, Any]] = []
    for number, (action, to_state, facts) in enumerate(steps):
        rows.append({
            "seq": number + 1, "action": action, "at": start + timedelta(minutes=70 * number),
            "from_state": rows[-1]["to_state"] if rows else None, "to_state": to_state, "facts": facts,
            "receiver_department_id": "sanitation" if action == "DISPATCH" else None,
        })  # fmt: skip
    return rows


async def _alone() -> Figures:
    with tempfile.TemporaryDirectory() as folder, EmbeddedMongod(Path(folder)) as mongod:
        return {
            "machine": machine(),
            "deadlines": await deadlines(lambda: None),
            "recompute_1100_cases": await recompute(mongod, lambda: None),
        }


def main() -> int:
    """Measure, print, and keep the figures."""
    results = asyncio.run(_alone())
    print(results)
    keep("deadlines", results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
