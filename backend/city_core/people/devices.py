"""Phones that hints are pushed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from city_core.kit.city import City
from city_core.kit.mongo import DuplicateKeyError, Row
from city_core.kit.problems import CityProblem
from city_core.people.device_holders import holder_who_lets_go
from city_core.people.push_addresses import (
    KINDS_OF,
    PROVIDERS,
    are_browser_keys,
    is_address,
    is_push_endpoint,
)
from city_core.people.roles import Actor
from city_core.settings import Settings

# FCM's advice on stale tokens gives a month; officers' tablets may lie in a drawer for longer than that.
FRESH_FOR = timedelta(days=60)
MOST_DEVICES = 20
_PLATFORMS = ("android", "ios", "harmony", "web", "wechat")
_LANGUAGES = ("zh", "en")
_TRIES = 20


@dataclass(frozen=True)
class PushSlot:
    """Where a phone can be reached: provider, kind of address, address, and the keys of a browser."""

    address_kind: str
    address: str
    provider: str | None = None
    keys: Mapping[str, str] | None = None


def checked_device_id(value: str) -> str:
    """Accept the name that a phone gave itself: 8 to 100 characters, no control characters."""
    if not 8 <= len(value) <= 100 or not value.isprintable():
        raise CityProblem("DEVICE_INVALID", field="deviceId", allowed="8 to 100 characters")
    return value


async def register_device(
    city: City,
    actor: Actor,
    *,
    device_id: str,
    address_kind: str,
    address: str,
    platform: str,
    provider: str | None = None,
    keys: Mapping[str, str] | None = None,
    app: str = "",
    language: str = "zh",
) -> None:
    """Let a phone receive hints for the person who is signed in on it; the address leaves whoever had it.

    A device has one address: what it had before is replaced. Registering again keeps it fresh. The device of
    somebody else, who is still signed in on it, is DEVICE_NOT_YOURS as `device_holders` says.
    """
    slot = PushSlot(address_kind, address, provider or "fcm", keys)
    _check_slot(city.settings, slot, platform)
    checked_device_id(device_id)
    row = {
        "person_id": actor.person_id, "provider": slot.provider, "address_kind": address_kind,
        "address": address, "keys": dict(keys) if keys else None, "platform": platform, "app": app[:60],
        "language": language if language in _LANGUAGES else "zh", "registered_at": city.clock.now(),
    }  # fmt: skip
    await _take(city, actor, device_id, row)
    await _drop_stale(city, actor.person_id)


async def pushable_devices(city: City, person_id: str) -> list[Row]:
    """List the devices of a person that were registered within 60 days, the latest first, 20 at most."""
    query = {"person_id": person_id, "registered_at": {"$gte": city.clock.now() - FRESH_FOR}}
    cursor = city.database.devices.find(query).sort("registered_at", -1)
    return await cursor.limit(MOST_DEVICES).to_list(MOST_DEVICES)


async def pushable_device(city: City, device_id: str, person_id: str) -> Row | None:
    """Give a device while it is still this person's and fresh; None once signed out or in other hands."""
    query = {
        "_id": device_id, "person_id": person_id, "registered_at": {"$gte": city.clock.now() - FRESH_FOR},
    }  # fmt: skip
    found: Row | None = await city.database.devices.find_one(query)
    return found


async def drop_device(city: City, actor: Actor, device_id: str) -> None:
    """Stop pushing to a phone of one's own."""
    await drop_devices_of(city, actor.person_id, device_id)


async def drop_devices_of(city: City, person_id: str, device_id: str | None = None) -> int:
    """Stop pushing to one phone of a person, or to all of them, as at a sign-out; answers how many."""
    query: Row = {"person_id": person_id}
    if device_id is not None:
        query["_id"] = device_id
    return int((await city.database.devices.delete_many(query)).deleted_count)


async def drop_address(city: City, address: str) -> None:
    """Forget a push address that the push service no longer knows."""
    await city.database.devices.delete_one({"address": address})


async def _take(city: City, actor: Actor, device_id: str, row: Row) -> None:
    """Two phones may register one address at once: whoever writes last has it, and neither fails."""
    for tries_left in reversed(range(_TRIES)):
        holder_id = await holder_who_lets_go(city, actor, device_id, row["address"])
        await city.database.devices.delete_many({"address": row["address"], "_id": {"$ne": device_id}})
        as_judged = {"_id": device_id, "person_id": {"$in": [actor.person_id, holder_id]}}
        try:
            await city.database.devices.update_one(as_judged, {"$set": row}, upsert=True)
        except DuplicateKeyError:
            if not tries_left:
                raise CityProblem("BUSY") from None
        else:
            return


async def _drop_stale(city: City, person_id: str) -> None:
    """Forget what is not pushed to: devices of more than 60 days ago, and all but the 20 latest."""
    kept = await pushable_devices(city, person_id)
    oldest = kept[-1]["registered_at"] if len(kept) == MOST_DEVICES else city.clock.now() - FRESH_FOR
    # By time, not by name: a phone that registers at this very moment is younger than that.
    await city.database.devices.delete_many({"person_id": person_id, "registered_at": {"$lt": oldest}})


def _check_slot(settings: Settings, slot: PushSlot, platform: str) -> None:
    provider = next((known for known in PROVIDERS if known == slot.provider), None)
    if provider is None:
        raise CityProblem("DEVICE_INVALID", field="provider", allowed=", ".join(PROVIDERS))
    if platform not in _PLATFORMS:
        raise CityProblem("DEVICE_INVALID", field="platform", allowed=", ".join(_PLATFORMS))
    if slot.address_kind not in KINDS_OF[provider]:
        kinds = " or ".join(KINDS_OF[provider])
        raise CityProblem("DEVICE_INVALID", field="addressKind", allowed=f"{kinds} for {provider}")
    if not is_address(slot.address):
        raise CityProblem("DEVICE_INVALID", field="address", allowed="8 to 4096 visible characters")
    if provider == "webpush":
        _check_browser(settings, slot)
    elif slot.keys:
        raise CityProblem("DEVICE_INVALID", field="keys", allowed="only for webpush")


def _check_browser(settings: Settings, slot: PushSlot) -> None:
    if not is_push_endpoint(slot.address, settings.web_push_hosts):
        raise CityProblem("DEVICE_INVALID", field="address", allowed="https at a push service of a browser")
    if not are_browser_keys(slot.keys):
        raise CityProblem("DEVICE_INVALID", field="keys", allowed="p256dh and auth of the subscription")
