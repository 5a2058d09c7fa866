"""An event seen often enough is put before people, joined to its case, or confirmed by its class's rule."""

from __future__ import annotations

from datetime import timedelta

from city_core.cases.duplicates.open_near import open_case_near
from city_core.detection.classes import Permission, class_rules_of
from city_core.detection.models import measured_by
from city_core.detection.permissions import allowed_now
from city_core.eye.model import EVENTS, SOURCES, EventState
from city_core.eye.open_case import OPEN_CASE
from city_core.eye.record import EventChange, step_row, write_change
from city_core.eye.rules import EYE_RULES
from city_core.kit.city import City
from city_core.kit.mongo import Row
from city_core.kit.rulebook.store import open_rules
from city_core.kit.work import Claim, Later, WorkItem
from city_core.people.roles import SYSTEM

_BUSY_SECONDS = 1.0


async def raise_event(city: City, held: Claim) -> bool:
    """Make a glimpsed event a candidate; with an open case of its type near, it points to that."""
    event = await city.database[EVENTS].find_one({"_id": held.owner_id})
    if event is None or event["state"] != EventState.GLIMPSED:
        return False
    change = await _change(city, event)
    if await write_change(city, event, change, held) is None:
        raise Later(_BUSY_SECONDS, "the event was seen again in this moment", counts=False)
    return True


async def _change(city: City, event: Row) -> EventChange:
    case_id = await open_case_near(city, event["place"]["point"], event["type_code"])
    step = step_row(city, SYSTEM, "RAISE")
    if case_id is not None:
        return EventChange({"state": EventState.LINKED.value, "case_id": case_id}, step)
    source = await city.database[SOURCES].find_one({"_id": event["source_id"]}, {"kind": 1})
    assert source is not None, "a source stays on record, also when it is disabled"
    rule = (await open_rules(city, EYE_RULES)).rules[source["kind"]]
    if await _confirms_itself(city, event):
        confirmed = {
            "state": EventState.CONFIRMED.value, "decided_by": SYSTEM.person_id,
            "decided_at": city.clock.now(), "reason": "",
        }  # fmt: skip
        step = step_row(city, SYSTEM, "CONFIRM")
        return EventChange(confirmed, step, [WorkItem(OPEN_CASE, OPEN_CASE, city.clock.now())])
    until = city.clock.now() + timedelta(hours=rule.decide_within_hours)
    return EventChange({"state": EventState.CANDIDATE.value, "decide_until": until}, step)


async def _confirms_itself(city: City, event: Row) -> bool:
    """Tell whether finds of this class may file by rule: only above the precision measured on real photos."""
    rule = (await class_rules_of(city)).rules.by_label.get(event["label"])
    if rule is None or event["confidence"] < rule.least_confidence:
        return False
    measured = await measured_by(city, event["model_version"], event["label"])
    return allowed_now(rule, measured).includes(Permission.FILE)
