"""Rules of retention: what is due goes, what is not stays, a dry run writes nothing, twice is as once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from city_core.kit.city import City
from city_core.people.roles import Actor
from city_core.privacy.retention import RETENTION, run_retention
from tests.hand_clock import HandClock

# By rule: the store, the field that counts, the days, what else a row needs, how to tell that it was done.
CASES: dict[str, tuple[str, str, float, dict[str, Any], dict[str, Any] | None]] = {
    "forget_messages": ("inbox_messages", "created_at", 400, {"case_id": "c", "kind": "k"}, None),
    "forget_events": ("eye_events", "last_seen_at", 180, {"state": "DISMISSED"}, None),
    "forget_devices": ("devices", "registered_at", 60, {"person_id": "p"}, None),
    "forget_subscribe_consents": ("subscribe_consents", "changed_at", 400, {"left": 1}, None),
    "forget_addresses": ("original_readings", "read_at", 180,
                         {"address": "203.0.113.9", "device_id": "d"}, {"address": "", "device_id": ""}),
    "forget_bad_rows": ("place_imports", "at", 180, {"bad_rows": [{"row": 1}]}, {"bad_rows": []}),
    "forget_reasons_of_absences": ("absences", "ends_at", 365, {"reason": "病假"}, {"reason": ""}),
    "forget_absences": ("absences", "ends_at", 730, {"reason": "", "set_by": "p"}, None),
    "forget_shifts": ("shifts", "starts_at", 730, {}, None),
    "forget_elements": ("grid_elements", "updated_at", 365, {"kind": "PERSON", "state": "RETIRED"}, None),
    "forget_device_times": ("cases", "updated_at", 30, {}, {"history.0.device_time": None}),
    "forget_data_requests": ("data_requests", "ended_at", 1095, {"kind": "COPY", "state": "EXPIRED"}, None),
    "coarsen_captures": ("photos", "received_at", 30,
                         {"capture": {"lng": 118.05512, "lat": 36.80534, "camera": "C"}},
                         {"capture.near": {"lng": 118.06, "lat": 36.81}, "capture.lng": None}),
}  # fmt: skip
NOT_HERE = {"blur_unknown", "forget_copies"}  # see the tests of unknown reporters, and of copies


def test_every_rule_is_tried() -> None:
    assert CASES.keys() | NOT_HERE == {rule.name for rule in RETENTION}


def _row(rule: str, number: int, at: Any) -> dict[str, Any]:
    _, since, _, more, _ = CASES[rule]
    row = {"_id": f"row-{number}", "person_id": f"p{number}", "seq": number, "address": f"a{number}",
           "client_id": f"c{number}", "reporter_id": f"r{number}", "media_id": str(number)}  # fmt: skip
    step = {"device_time": at, "made_at": at, "at": at}
    return {**row, **more, since: at, **({"history": [step]} if rule == "forget_device_times" else {})}


@pytest.mark.parametrize("name", CASES)
async def test_a_rule_forgets_what_is_due_and_nothing_else(
    village: tuple[City, dict[str, Actor]], clock: HandClock, name: str
) -> None:
    city, _ = village
    store, _, days, _, left = CASES[name]
    old = clock.now() - timedelta(days=days, minutes=1)
    rows = [_row(name, 1, old), _row(name, 2, clock.now() - timedelta(days=days) + timedelta(hours=1))]
    await city.database[store].insert_many(rows)
    assert (await run_retention(city, dry_run=True))[name] == 1
    assert await city.database[store].find({"_id": {"$regex": "^row-"}}).sort("_id", 1).to_list(9) == rows
    assert (await run_retention(city, dry_run=False))[name] == 1
    assert (await run_retention(city, dry_run=False))[name] == 0
    found = await city.database[store].find({"_id": {"$regex": "^row-"}}).sort("_id", 1).to_list(9)
    if left is None:
        assert [row["_id"] for row in found] == ["row-2"]
    else:
        assert len(found) == 2
        assert await city.database[store].count_documents({"_id": "row-1", **left}) == 1
        assert found[1] == rows[1]
