"""How much work of a kind waits: entrances that can wait ask for patience before the line grows too long."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.problems import CityProblem


async def check_line(city: City, collection: str, kind: str, most: int, *, field: str) -> None:
    """Refuse, for now, what would lengthen a line of so many work items; reports of people never ask here."""
    waiting = {"work": {"$elemMatch": {"kind": kind, "due_at": {"$ne": None}}}}
    if await city.database[collection].count_documents(waiting, limit=most) >= most:
        raise CityProblem("BUSY", field=field, allowed="the same again in a moment")
