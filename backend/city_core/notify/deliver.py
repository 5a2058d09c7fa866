"""Messages reach their inbox, and the hints that lead to them are set out."""

from __future__ import annotations

from collections.abc import Sequence

from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import Row
from city_core.kit.work import Claim, WorkItem, wakes_for
from city_core.people.devices import pushable_devices

COLLECTION = "inbox_messages"


async def deliver_notices(city: City, held: Claim) -> None:
    """Put a step's messages into their inboxes, each once, with a push for every device."""
    for message in held.input["messages"]:
        await deliver(city, message["person_id"], message["kind"], held.owner_id, held.input["seq"])


async def deliver(city: City, person_id: str, kind: str, case_id: str, seq: int) -> None:
    """Put one message into one inbox; told twice, it is there once."""
    devices = await pushable_devices(city, person_id)
    items = [_push_of(city, device) for device in devices]
    stored = await _insert_once(city, person_id, kind, case_id, seq, items)
    city.waker.announce(f"inbox:{person_id}", {"seq": seq})
    waiting = {item["key"] for item in stored["work"]}
    for wake in wakes_for(COLLECTION, stored["_id"], [item for item in items if item.key in waiting]):
        city.waker.wake(wake)


def _push_of(city: City, device: Row) -> WorkItem:
    # The address is read when the hint goes: by then the phone may have a new one, or be in other hands.
    return WorkItem("push", f"push:{device['_id']}", city.clock.now(), {"device_id": device["_id"]})


async def _insert_once(
    city: City, person_id: str, kind: str, case_id: str, seq: int, items: Sequence[WorkItem]
) -> Row:
    unique = {"case_id": case_id, "seq": seq, "person_id": person_id, "kind": kind}
    fresh = {
        "_id": new_id(),
        "created_at": city.clock.now(),
        "read_at": None,
        "pushes": [],
        "work": [item.row() for item in items],
    }
    stored: Row = await city.database[COLLECTION].find_one_and_update(
        unique, {"$setOnInsert": fresh}, upsert=True, return_document=True
    )
    return stored
