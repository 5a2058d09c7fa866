"""Where a person's data lie: one table of steps, each with what is taken along and what becomes of it.

A step may be done twice, and goes on where a killed one stopped. The register names for every personal field
the step that goes through it (under test).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from city_core.audit.forget_person import forget_person
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.notify.consents.model import key_of
from city_core.people.one_time_codes import mark_of_phone
from city_core.people.sign_in import mark_of_tries
from city_core.privacy.copies_kept import drop_copies_of
from city_core.privacy.holder import Holder
from city_core.privacy.in_cases import cases_to_take, leave_cases
from city_core.privacy.in_photos import leave_photos, photos_to_take
from city_core.privacy.model import AGREEMENTS, REQUESTS

Take = Callable[[City, Holder], Awaitable[Sequence[Row]]]
Leave = Callable[[City, Holder], Awaitable[int]]
_SECRETS = dict.fromkeys(
    ("password_hash", "claim_hash", "wechat_openid", "refresh_hash", "previous_hash", "person_version",
     "token_version", "work", "input_hash", "token", "lease_until", "keys"), 0,
)  # fmt: skip


@dataclass(frozen=True)
class DataStep:
    """One step through the stores: `stores` are those that it goes through."""

    name: str
    stores: tuple[str, ...]
    take: Take
    leave: Leave


def _of_person(name: str, store: str, field: str = "person_id", most: int = 10_000) -> DataStep:
    """Go through a store whose rows are the person's own, and go with them."""

    async def take(city: City, holder: Holder) -> Sequence[Row]:
        rows = city.database[store].find({field: holder.person_id}, _SECRETS)
        found: list[Row] = await rows.limit(most).to_list(most)
        return found

    async def leave(city: City, holder: Holder) -> int:
        return int((await city.database[store].delete_many({field: holder.person_id})).deleted_count)

    return DataStep(name, (store,), take, leave)


async def _commands_to_take(city: City, holder: Holder) -> Sequence[Row]:
    found: list[Row] = await city.database.command_log.find(_keys_of(holder), _SECRETS).to_list(10_000)
    return found


async def _leave_commands(city: City, holder: Holder) -> int:
    logged = await city.database.command_log.delete_many(_keys_of(holder))
    queues = await city.database.device_queues.delete_many(_keys_of(holder))
    return int(logged.deleted_count + queues.deleted_count)


def _keys_of(holder: Holder) -> Row:
    """Ask by `person:…` ids; ";" is what follows ":"."""
    return {"_id": {"$gte": f"{holder.person_id}:", "$lt": f"{holder.person_id};"}}


async def _leave_uploads(city: City, holder: Holder) -> int:
    gone = 0
    while rows := await city.database.uploads.find({"owner_id": holder.person_id}, {"_id": 1}).to_list(100):
        ids = [row["_id"] for row in rows]
        await city.database.upload_parts.delete_many({"upload_id": {"$in": ids}})
        gone += int((await city.database.uploads.delete_many({"_id": {"$in": ids}})).deleted_count)
    return gone


async def _uploads_to_take(city: City, holder: Holder) -> Sequence[Row]:
    own = {"owner_id": holder.person_id}
    found: list[Row] = await city.database.uploads.find(own, {"parts": 0, **_SECRETS}).to_list(1_000)
    return found


async def _leave_codes(city: City, holder: Holder) -> int:
    if not holder.phone:
        return 0
    codes = await city.database.one_time_codes.delete_one({"_id": mark_of_phone(city, holder.phone)})
    tries = await city.database.sign_in_tries.delete_one({"_id": mark_of_tries(city, holder.phone)})
    return int(codes.deleted_count + tries.deleted_count)


async def _subscriptions_to_take(city: City, holder: Holder) -> Sequence[Row]:
    keys = await _subscriptions_of(city, holder)
    return [row for key in keys async for row in city.database.subscribe_consents.find(key, {"counted": 0})]


async def _leave_subscriptions(city: City, holder: Holder) -> int:
    keys = await _subscriptions_of(city, holder)
    return sum([(await city.database.subscribe_consents.delete_many(key)).deleted_count for key in keys])


async def _subscriptions_of(city: City, holder: Holder) -> list[Row]:
    own = {"person_id": holder.person_id, "provider": "wechat"}
    addresses = await city.database.devices.find(own, {"address": 1}).to_list(100)
    opened = [key_of(str(row["address"]), "") for row in addresses]
    return [{"_id": {"$gte": first, "$lt": f"{first[:-1]}}}"}} for first in opened]  # "}" follows "|"


async def _leave_sync(city: City, holder: Holder) -> int:
    scopes = {"scope": {"$in": [f"reports:{holder.person_id}", f"tasks:{holder.person_id}"]}}
    return int((await city.database.sync_entries.delete_many(scopes)).deleted_count)


async def _nothing_to_take(city: City, holder: Holder) -> Sequence[Row]:
    return ()


async def _leave_audit(city: City, holder: Holder) -> int:
    return int(await forget_person(city, holder.person_id))


async def _requests_to_take(city: City, holder: Holder) -> Sequence[Row]:
    own = {"person_id": holder.person_id}
    found: list[Row] = await city.database[REQUESTS].find(own, {"work": 0}).to_list(1_000)
    return found


# In this order: what is looked up by the phone or by devices goes before those, the person goes last. The
# audit log keeps its chain: it names people by keyed reference, and forgets the key of one who is gone.
STEPS: tuple[DataStep, ...] = (
    DataStep("codes", ("one_time_codes", "sign_in_tries"), _nothing_to_take, _leave_codes),
    DataStep("subscriptions", ("subscribe_consents",), _subscriptions_to_take, _leave_subscriptions),
    _of_person("devices", "devices"),
    _of_person("sessions", "sessions"),
    DataStep("commands", ("command_log", "device_queues"), _commands_to_take, _leave_commands),
    DataStep("uploads", ("uploads", "upload_parts"), _uploads_to_take, _leave_uploads),
    DataStep("photos", ("photos", "photo_originals.chunks", "photo_copies.chunks", "s3:photo_originals",
                        "s3:photo_copies"), photos_to_take, leave_photos),
    DataStep("cases", ("cases",), cases_to_take, leave_cases),
    _of_person("messages", "inbox_messages"),
    _of_person("preferences", "notification_preferences", "_id"),
    _of_person("points", "point_entries"),
    _of_person("agreements", AGREEMENTS),
    DataStep("sync", ("sync_entries",), _nothing_to_take, _leave_sync),
    DataStep("audit", ("audit_entries", "audit_salts"), _nothing_to_take, _leave_audit),
    DataStep("requests", (REQUESTS, "data_copies.chunks"), _requests_to_take, drop_copies_of),
    _of_person("person", "people", "_id"),
)  # fmt: skip
