"""Case numbers: district, day in Beijing, and a running number of that day."""

from __future__ import annotations

from datetime import datetime

from city_core.kit.calendar import BEIJING
from city_core.kit.city import City


async def next_case_number(city: City, district_code: str, now: datetime) -> str:
    """Draw the next number, such as 3703032026112200017; a number once drawn is never drawn again."""
    day = now.astimezone(BEIJING).strftime("%Y%m%d")
    counter = await city.database.counters.find_one_and_update(
        {"_id": f"case:{district_code}:{day}"}, {"$inc": {"value": 1}}, upsert=True, return_document=True
    )
    return f"{district_code}{day}{counter['value']:05d}"
