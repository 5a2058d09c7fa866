"""One hint is pushed to one device; what the push service answers is on record."""

from __future__ import annotations

import structlog

from city_core.kit.city import City
from city_core.kit.faults import point
from city_core.kit.metrics import PUSHES
from city_core.kit.mongo import Row, literal
from city_core.kit.traces import span
from city_core.kit.work import Claim, Later, work_stage
from city_core.notify.addresses import address_of
from city_core.notify.deliver import COLLECTION
from city_core.notify.ports import (
    AddressGone,
    Delivered,
    Outcome,
    PushAddress,
    PushGateway,
    PushMessage,
    Rejected,
    RetryAfter,
)
from city_core.notify.standing import LONGEST_CLIMB
from city_core.notify.urgency import Urgency, urgency_of
from city_core.people.devices import drop_address, pushable_device

log = structlog.get_logger()
_PAUSE_SECONDS = 2.0


async def push_hint(city: City, gateway: PushGateway, held: Claim) -> bool:
    """Push the hint of one inbox message to one device, unless it was read meanwhile."""
    message = await city.database[COLLECTION].find_one({"_id": held.owner_id}, {"pushes": 0})
    if message is None:
        return False
    if message["read_at"] is not None:
        await _record(city, held, "READ_BEFORE_PUSH", None)
        return True
    if city.clock.now() - message["created_at"] > LONGEST_CLIMB:
        await _record(city, held, "EXPIRED", None)
        return True
    device = await pushable_device(city, held.input["device_id"], message["person_id"])
    if device is None:  # signed out, in other hands, or silent for too long since the hint was set out
        await _record(city, held, "DEVICE_LEFT", None)
        return True
    address = address_of(device)
    urgency = message.get("urgency") or await urgency_of(city, message["kind"], message["case_id"])
    with span("push", kind="CLIENT", words={"push.provider": address.provider}):
        [outcome] = await gateway.send([(address, _hint(message, urgency))])
    PUSHES.labels(address.provider, type(outcome).__name__).inc()
    await point("push.sent")
    await _settle(city, held, address, outcome)
    return True


async def give_up_hint(city: City, held: Claim) -> bool:
    """Note that a hint did not get through: the next rung may push to the same device again."""
    await _record(city, held, "GIVEN_UP", None)
    return True


def _hint(message: Row, urgency: Urgency) -> PushMessage:
    return PushMessage(
        message_id=message["_id"],
        type=message["kind"],
        id=message["case_id"],
        seq=message["seq"],
        urgency=urgency,
    )


async def _settle(city: City, held: Claim, address: PushAddress, outcome: Outcome) -> None:
    if isinstance(outcome, RetryAfter):
        raise Later(outcome.seconds, "the push service asked to wait", counts=False)
    if isinstance(outcome, Delivered):
        await _record(city, held, "DELIVERED", None)
    elif isinstance(outcome, AddressGone):
        await drop_address(city, address.value)
        await _record(city, held, "ADDRESS_GONE", outcome.reason)
        log.warning("push_address_gone", provider=address.provider, reason=outcome.reason)
    elif isinstance(outcome, Rejected):
        await _record(city, held, "REJECTED", outcome.reason)
        log.error("push_rejected", provider=address.provider, reason=outcome.reason)
    else:
        raise Later(_PAUSE_SECONDS * held.attempts, f"no clear answer: {outcome.reason}")


async def _record(city: City, held: Claim, outcome: str, reason: str | None) -> None:
    row = {
        "device_id": held.input["device_id"], "outcome": outcome, "reason": reason,
        "at": city.clock.now(), "attempts": held.attempts,
    }  # fmt: skip
    await city.database[COLLECTION].update_one(
        {"_id": held.owner_id, **held.filter},
        [{"$set": {"pushes": {"$concatArrays": ["$pushes", [literal(row)]]}}}, work_stage([], held)],
    )
