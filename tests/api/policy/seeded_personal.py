"""What there is about people in each street: shifts, deputies, wishes, and what their commands came to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from city_core.commands.log import key_of
from city_core.people.tokens import actor_from
from tests.api.policy.own_inputs import DEVICE, TEMPLATE
from tests.api.policy.seeded_rows import DEPUTIES, FAR, FAR_RESPONSIBILITY, FOREIGN, OWN, SECRET
from tests.api.support import Api

Row = dict[str, Any]
_AT_WORK = ("inspector-1", "inspector-2", "inspector-far", "inspector-far-too")
# Commands of everybody, about the case of each street; who may not see that hears of the command alone.
COMMANDS = {OWN: "3f1c7c3e-2f39-4f7e-8f0e-5a1c2d3e4f50", FOREIGN: "3f1c7c3e-2f39-4f7e-8f0e-5a1c2d3e4f51"}
_OPENID = "openid-1"


async def seed_personal(api: Api, cases: dict[str, str], now: datetime) -> None:
    """Fill the city with it."""
    database = api.city.database
    await _second_inspector_far(api)
    await database.shifts.insert_many([
        {"_id": f"shift-{who}", "person_id": who, "starts_at": now - timedelta(hours=1),
         "ends_at": now + timedelta(hours=8)}
        for who in _AT_WORK
    ])  # fmt: skip
    await database.notification_preferences.insert_many([
        {"_id": who, "quiet_from": "22:00", "quiet_to": "06:30", "muted_kinds": ["CASE_PROGRESS"],
         "language": "zh", "updated_at": now, "commands": []}
        for who in ("citizen-1", "citizen-far", "inspector-far")
    ])  # fmt: skip
    await database.devices.insert_one({
        "_id": DEVICE, "person_id": "citizen-1", "provider": "wechat", "address_kind": "OPENID",
        "address": _OPENID, "keys": None, "platform": "wechat", "app": "", "language": "zh",
        "registered_at": now,
    })  # fmt: skip
    await database.subscribe_consents.insert_one(
        {"_id": f"{_OPENID}|{TEMPLATE}", "left": 2, "counted": [], "changed_at": now}
    )
    told = [_told(who, whose, cases[whose], now) for who in api.people for whose in COMMANDS]
    await database.command_log.insert_many(told)


async def _second_inspector_far(api: Api) -> None:
    """Have somebody in the far street whom nobody signs in as: the deputy of inspector-far."""
    database = api.city.database
    person = await database.people.find_one({"_id": "inspector-far"})
    assert person is not None
    known: Row = {
        "_id": DEPUTIES[FOREIGN], "name": f"{SECRET}_NAME", "phone": "19905339997", "street_codes": [FAR],
        "responsibility_grid_ids": [FAR_RESPONSIBILITY],
    }  # fmt: skip
    await database.people.insert_one({**person, **known})
    api.people[DEPUTIES[FOREIGN]] = actor_from({**person, **known})


def _told(who: str, whose: str, case_id: str, now: datetime) -> Row:
    client_id = COMMANDS[whose].replace("-", "")
    conflict = {"fields": ["state", "department"], "version": 9, "state": "IN_PROGRESS"}
    problem = {"code": "COMMAND_CONFLICT", "field": "baseVersion", "allowed": None, "conflict": conflict}
    return {
        "_id": key_of(who, client_id), "person_id": who, "client_id": client_id, "name": "accept_task",
        "input_hash": "h", "state": "DONE", "case_id": case_id, "case_version": 9,
        "outcome": {"status": "CONFLICT", "problem": problem}, "component_code": "3703030101000001",
        "base_version": 1, "queue_id": f"{who}|{DEVICE}", "device_id": DEVICE, "sequence": 1,
        "device_time": now, "made_at": now, "skew_ms": 1_000, "received_at": now, "settled_at": now,
        "origin": "phone:test", "attempts": 1, "expires_at": now + timedelta(days=400), "work": [],
    }  # fmt: skip
