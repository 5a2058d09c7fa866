"""The measures of a version of the city's calendar, each made ready once."""

from __future__ import annotations

from collections.abc import Mapping

from city_core.cases.clocks.measure import Measures
from city_core.catalogue.calendar import CALENDAR_BOOK, calendar_of
from city_core.kit.city import City


async def measures_of(city: City, versions: Mapping[str, int]) -> Measures:
    """Open the measures of the calendar in one of its versions."""
    opened = await calendar_of(city, versions.get(CALENDAR_BOOK.name, 0))
    key = ("clock_measures", opened.version)
    known: Measures | None = city.opened_rules.get(key)
    if known is None:
        known = Measures(opened.rules)
        city.opened_rules.keep(key, known)
    return known
