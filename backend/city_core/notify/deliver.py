"""Messages reach their inbox, and the hints that lead to them are set out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from city_core.kit.city import City
from city_core.kit.ids import new_id
from city_core.kit.mongo import Row
from city_core.kit.rulebook.store import open_rules
from city_core.kit.work import Claim, WorkItem, wakes_for
from city_core.notify.climbing import climb_item, next_item, rung_row
from city_core.notify.preferences import quiet_ends_for
from city_core.notify.rungs import PUSHES, REACHING, Rungs, rungs_for
from city_core.notify.urgency import Urgency, urgency_of
from city_core.people.devices import pushable_devices
from city_core.people.gone import is_gone

COLLECTION = "inbox_messages"


@dataclass(frozen=True)
class SetOut:
    """What a message starts with: the rungs that are done at once, and the work that follows."""

    rungs: Sequence[Row]
    work: Sequence[WorkItem]


async def deliver_notices(city: City, held: Claim) -> None:
    """Put a step's messages into their inboxes, each once, with a push for every device."""
    for message in held.input["messages"]:
        await deliver(city, message["person_id"], message["kind"], held.owner_id, held.input["seq"])


async def deliver(city: City, person_id: str, kind: str, case_id: str, seq: int) -> None:
    """Put one message into one inbox; told twice, it is there once. Who deleted their account has none."""
    if is_gone(person_id):
        return
    devices, preferences, rules, urgency = await asyncio.gather(
        pushable_devices(city, person_id),
        city.database.notification_preferences.find_one({"_id": person_id}),
        open_rules(city, REACHING),
        urgency_of(city, kind, case_id),
    )
    rungs = rungs_for(rules.rules, urgency, kind)
    start = await _set_out(city, person_id, kind, devices, preferences, rungs, urgency)
    unique = {"case_id": case_id, "seq": seq, "person_id": person_id, "kind": kind}
    fresh = {
        "_id": new_id(), "created_at": city.clock.now(), "read_at": None, "pushes": [], "answer": None,
        "acknowledgements": [], "urgency": urgency, "reaching_version": rules.version,
        "rungs": start.rungs, "work": [item.row() for item in start.work],
    }  # fmt: skip
    stored: Row = await city.database[COLLECTION].find_one_and_update(
        unique, {"$setOnInsert": fresh}, upsert=True, return_document=True
    )
    city.waker.announce(f"inbox:{person_id}", {"seq": seq})
    wake_due(city, stored, start.work)


def push_of(city: City, device: Row) -> WorkItem:
    """Plan the hint to one device; there is never more than one under way to it.

    The address is read when the hint goes: by then the phone may have a new one, or be in other hands.
    """
    return WorkItem("push", f"push:{device['_id']}", city.clock.now(), {"device_id": device["_id"]})


def wake_due(city: City, message: Row, items: Sequence[WorkItem]) -> None:
    """Wake for what is on the list of a message and due now; what is due later is left to the sweep."""
    waiting, now = {item["key"] for item in message["work"]}, city.clock.now()
    due = [item for item in items if item.key in waiting and item.due_at <= now]
    for wake in wakes_for(COLLECTION, message["_id"], due):
        city.waker.wake(wake)


async def _set_out(
    city: City, person_id: str, kind: str, devices: Sequence[Row], preferences: Row | None, rungs: Rungs,
    urgency: Urgency,
) -> SetOut:  # fmt: skip
    """Do the first rung with the message itself where it is a push that is due at once."""
    now = city.clock.now()
    if not rungs:
        return SetOut([], [])
    first = rungs[0]
    if urgency == "normal" and preferences is not None and kind in preferences["muted_kinds"]:
        return SetOut([rung_row(first.step, first.action, now, "MUTED")], [])
    quiet_ends = await quiet_ends_for(city, person_id, preferences, first.quiet)
    if first.action not in PUSHES or first.after_seconds or quiet_ends is not None:
        due_at = now + timedelta(seconds=first.after_seconds)
        return SetOut([], [climb_item(first.step, max(due_at, quiet_ends or due_at))])
    outcome = "PUSHED" if devices else "NO_DEVICE"
    follows = next_item(rungs, first.step, now, at_once=not devices)
    row = rung_row(first.step, first.action, now, outcome)
    return SetOut([row], [*(push_of(city, device) for device in devices), *follows])
