"""The measures of the city's calendar as it stands in the database, made ready once for each content."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from city_core.cases.clocks.calendar import PlainCalendar
from city_core.cases.clocks.measure import Measures
from city_core.kit.city import City


async def measures_of(city: City, versions: Mapping[str, int]) -> Measures:
    """Open the measures of the calendar; a day that it does not name follows its weekday."""
    days = await city.database.calendar_days.find().sort("_id", 1).to_list(None)
    named = tuple((day["_id"], day["works"]) for day in days)
    key = ("clock_measures", hash(named))
    known: Measures | None = city.opened_rules.get(key)
    if known is None:
        known = Measures(PlainCalendar(
            rest_days=frozenset(date.fromisoformat(day) for day, works in named if not works),
            working_weekends=frozenset(date.fromisoformat(day) for day, works in named if works),
        ))  # fmt: skip
        city.opened_rules.keep(key, known)
    return known
