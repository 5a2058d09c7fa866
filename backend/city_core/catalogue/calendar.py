"""The city's calendar as it stands in the database: rest days and make-up working days."""

from __future__ import annotations

from datetime import date, datetime

from city_core.kit.calendar import BEIJING, WorkCalendar
from city_core.kit.city import City


async def calendar_from(city: City, start: datetime) -> WorkCalendar:
    """Open the calendar for counting from an instant on; a day that it does not name follows its weekday."""
    first = start.astimezone(BEIJING).date().isoformat()
    days = await city.database.calendar_days.find({"_id": {"$gte": first}}).to_list(None)
    return WorkCalendar(
        rest_days=frozenset(date.fromisoformat(day["_id"]) for day in days if not day["works"]),
        working_weekends=frozenset(date.fromisoformat(day["_id"]) for day in days if day["works"]),
    )
