"""When a phone passes from one person to another, so that nobody's hints can be taken from them.

All that a phone has to show is the id that it made, and an id may be known to others. So while somebody is
signed in on a phone, nobody who made an account for themselves takes it from staff by its id alone: they show
its push address, which only that phone has. Staff pass phones among each other by signing in.
"""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor, Role


async def move_device(city: City, person_id: str, role: Role, device_id: str) -> None:
    """Let hints reach whoever has just signed in on a phone, and no more whoever was signed in before."""
    device = await city.database.devices.find_one({"_id": device_id}, {"person_id": 1})
    if device is None or device["person_id"] == person_id:
        return
    holder_id = device["person_id"]
    if await _lets_go(city, holder_id, role, device_id):
        as_judged = {"_id": device_id, "person_id": holder_id}
        await city.database.devices.update_one(as_judged, {"$set": {"person_id": person_id}})


async def holder_who_lets_go(city: City, actor: Actor, device_id: str, address: str) -> str | None:
    """Name whose phone somebody may register as theirs now, None where it is nobody else's; or refuse."""
    device = await city.database.devices.find_one({"_id": device_id}, {"person_id": 1, "address": 1})
    if device is None or device["person_id"] == actor.person_id:
        return None
    holder_id = str(device["person_id"])
    if device["address"] == address or not await _is_signed_in(city, holder_id, device_id):
        return holder_id
    if actor.device_id == device_id and await _lets_go(city, holder_id, actor.role, device_id):
        return holder_id
    raise CityProblem("DEVICE_NOT_YOURS", field="deviceId", allowed="the device that you are signed in on")


async def _lets_go(city: City, holder_id: str, role: Role, device_id: str) -> bool:
    if role is not Role.CITIZEN:
        return True
    holder = await city.database.people.find_one({"_id": holder_id}, {"role": 1})
    is_staff = holder is not None and holder["role"] != Role.CITIZEN
    return not is_staff or not await _is_signed_in(city, holder_id, device_id)


async def _is_signed_in(city: City, person_id: str, device_id: str) -> bool:
    live = {
        "person_id": person_id, "ended_at": None, "device_id": device_id,
        "expires_at": {"$gt": city.clock.now()},
    }  # fmt: skip
    return await city.database.sessions.find_one(live, {"_id": 1}) is not None
