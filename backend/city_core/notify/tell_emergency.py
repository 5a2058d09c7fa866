"""Whoever an emergency concerns is told that it has begun or is over; of a drill, leaders and seats alone."""

from __future__ import annotations

from city_core.cases.emergency.concerned import concerned_filter
from city_core.cases.emergency.model import COLLECTION
from city_core.kit.city import City
from city_core.kit.work import Claim
from city_core.notify.tell_all import tell_all


async def tell_emergency(city: City, held: Claim) -> bool:
    """Tell each person concerned once; True when those who are left are told by work that follows."""
    emergency = await city.database[COLLECTION].find_one({"_id": held.owner_id})
    if emergency is None:
        return False
    return await tell_all(city, held, concerned_filter(emergency), held.input["kind"], held.input["seq"])
