"""Phones that hints are pushed to."""

from __future__ import annotations

from city_core.kit.city import City
from city_core.kit.problems import CityProblem
from city_core.people.roles import Actor

_PLATFORMS = ("android", "ios", "harmony", "web", "wechat")


def checked_device_id(value: str) -> str:
    """Accept the name that a phone gave itself: 8 to 100 characters, no control characters."""
    if not 8 <= len(value) <= 100 or not value.isprintable():
        raise CityProblem("DEVICE_INVALID", field="deviceId", allowed="8 to 100 characters")
    return value


async def register_device(
    city: City, actor: Actor, *, device_id: str, address_kind: str, address: str, platform: str
) -> None:
    """Let a phone receive hints for the person who is signed in on it; the address leaves whoever had it."""
    if address_kind not in ("token", "fid") or not 8 <= len(address) <= 4096 or platform not in _PLATFORMS:
        raise CityProblem(
            "DEVICE_INVALID", field="address", allowed=f"kind token or fid; platform {', '.join(_PLATFORMS)}"
        )
    checked_device_id(device_id)
    if "\x00" in address:
        raise CityProblem("DEVICE_INVALID", field="address", allowed="no control characters")
    await city.database.devices.delete_many({"address": address, "_id": {"$ne": device_id}})
    row = {
        "person_id": actor.person_id, "address_kind": address_kind, "address": address,
        "platform": platform, "registered_at": city.clock.now(),
    }  # fmt: skip
    await city.database.devices.update_one({"_id": device_id}, {"$set": row}, upsert=True)


async def move_device(city: City, person_id: str, device_id: str) -> None:
    """Let hints reach whoever has just signed in on a phone, and no more whoever was signed in before."""
    others = {"_id": device_id, "person_id": {"$ne": person_id}}
    await city.database.devices.update_one(others, {"$set": {"person_id": person_id}})


async def drop_device(city: City, actor: Actor, device_id: str) -> None:
    """Stop pushing to a phone of one's own."""
    await city.database.devices.delete_one({"_id": device_id, "person_id": actor.person_id})


async def drop_address(city: City, address: str) -> None:
    """Forget a push address that the push service no longer knows."""
    await city.database.devices.delete_one({"address": address})
