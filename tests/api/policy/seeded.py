"""A city of two streets with an object of each kind in each; the words of the far one are secrets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from city_core.cases.command import Command
from city_core.cases.submit import ReportDraft, submit_report
from city_core.people.tokens import actor_from
from tests.api.support import Api, new_uuid
from tests.village import COMMUNITY, GRID, INSIDE, RESPONSIBILITY, STREET

FAR, FAR_COMMUNITY, FAR_GRID, FAR_RESPONSIBILITY = (
    "370303002", "370303002001", "370303002001001", "37030300200101",
)  # fmt: skip
THERE = (118.075, 36.805)
OWN, FOREIGN, MISSING = "own", "foreign", "missing"
SECRET = "SECRET"
_SQUARE = [[[118.07, 36.80], [118.08, 36.80], [118.08, 36.81], [118.07, 36.81], [118.07, 36.80]]]
Ids = dict[str, dict[str, str]]


async def seed(api: Api) -> Ids:
    """Fill the village's second street; answers the ids by the names of inputs, then by whose they are."""
    database, now = api.city.database, datetime.now(UTC)
    await database.unit_grids.insert_one({
        "_id": FAR_GRID, "community_code": FAR_COMMUNITY, "street_code": FAR, "district_code": "370303",
        "responsibility_grid_id": FAR_RESPONSIBILITY, "shape": {"type": "Polygon", "coordinates": _SQUARE},
        "area_m2": 1e6, "area_class": "A", "centre": {"type": "Point", "coordinates": list(THERE)},
        "code_is_real": False, "valid_from": "2026-01-01", "valid_to": None,
    })  # fmt: skip
    far = {"street_codes": [FAR], "responsibility_grid_ids": [FAR_RESPONSIBILITY]}
    await database.people.update_one({"_id": "inspector-far"}, {"$set": far})
    person = await database.people.find_one({"_id": "citizen-2"})
    assert person is not None
    known = {"_id": "citizen-far", "name": f"{SECRET}_NAME", "phone": "19905339999"}
    await database.people.insert_many([
        {**person, **known}, {**person, "_id": "disabled-1", "phone": "19905339998"},
    ])  # fmt: skip
    api.people["citizen-far"] = actor_from({**person, **known})
    await database.machine_sources.insert_one({
        "_id": "s", "version": 1, "name": "演示", "kind": "VIDEO_PLATFORM", "key_hash": "k",
        "key_made_at": now,
        "street_codes": [], "is_active": True, "frames_per_minute": 1, "created_by": "x", "created_at": now,
        "commands": [],
    })  # fmt: skip
    cases = {
        OWN: await _reported(api, "citizen-1", INSIDE, "垃圾"),
        FOREIGN: await _reported(api, "citizen-far", THERE, f"{SECRET}_CASE"),
    }
    ids: Ids = {"caseId": {**cases, MISSING: "0" * 32}}
    for whose, place in ((OWN, _place(near=True)), (FOREIGN, _place(near=False))):
        for kind, row in _things(whose, place, cases[whose], now).items():
            collection, name = kind
            row["_id"] = f"{'0' if whose == OWN else '1'}{name.lower():0<31.31}"
            if collection != "eye_events":  # made by machines only, see tests/api/test_eye_over_http.py
                await database[collection].insert_one(row)
            ids.setdefault(name, {MISSING: "2" * 32})[whose] = row["_id"]
    return ids


async def _reported(api: Api, who: str, at: tuple[float, float], words: str) -> str:
    draft = ReportDraft("E0110", "E0110-1", words, *at, "WGS84", 5.0, words, [])
    case = await submit_report(api.city, api.people[who], Command(new_uuid(), None, "phone:test"), draft)
    return str(case["_id"])


def _place(*, near: bool) -> dict[str, Any]:
    return {
        "street_code": STREET if near else FAR, "grid_code": GRID if near else FAR_GRID,
        "community_code": COMMUNITY if near else FAR_COMMUNITY,
        "responsibility_grid_id": RESPONSIBILITY if near else FAR_RESPONSIBILITY,
        "point": {"type": "Point", "coordinates": list(INSIDE if near else THERE)},
    }  # fmt: skip


def _things(
    whose: str, place: dict[str, Any], case_id: str, now: datetime
) -> dict[tuple[str, str], dict[str, Any]]:
    is_far = whose == FOREIGN
    said = (lambda kind: f"{SECRET}_{kind}") if is_far else (lambda kind: "平常")
    person, street = ("citizen-far" if is_far else "citizen-1"), place["street_code"]
    box = {"x": 0.1, "y": 0.1, "width": 0.2, "height": 0.2}
    best = {"photo_id": "0" * 32, "frame_id": "0" * 32, "confidence": 0.9, "box": box, "at": now, **box}
    seen = {"place": {**place, "lng": 118.0, "lat": 36.8, "address": said("EVENT")}, "best": best}
    return {
        ("inbox_messages", "messageId"): {
            "person_id": person, "kind": "TASK_ASSIGNED", "case_id": case_id, "seq": 1, "created_at": now,
            "read_at": None,
        },
        ("components", "componentCode"): {
            **place, "type_code": "C0101", "name_zh": said("COMPONENT"), "state": "IN_USE", 
            "note": said("NOTE"), "owner_is_known": True, "owner_name_zh": said("OWNER"), 
            "version": 1, "updated_at": now,
            "history": [], "data_source": "OTHER", "is_invented": True,
        },
        ("grid_elements", "elementId"): {
            **place, "kind": "PERSON", "code": "P-1", "name_zh": said("PERSON"), "note": said("PERSON"),
            "category": "", "state": "IN_USE", "version": 1, "updated_at": now, "history": [],
            "is_invented": True,
        },
        ("signs", "signId"): {
            **place, "code": said("SIGN"), "subject": "COMPONENT", "name_zh": said("SIGN"), "name_en": "",
            "address": "", "state": "IN_USE", "version": 1, "batch_id": "b", "made_by": "acceptor-1",
            "made_at": now, "updated_at": now, "history": [], "type_code": None, "component_code": "c",
        },
        ("eye_events", "eventId"): {
            "version": 1, "state": "CANDIDATE", "label": said("EVENT"), "type_code": "E0110",
            "confidence": 0.9,
            "source_id": "s", "camera_id": said("EVENT"), "flight_id": None, "is_moving": False, **seen,
            "first_seen_at": now, "last_seen_at": now, "sightings": 1, "last_box": box, "photo_ids": [],
            "model_version": "m", "history": [], "work": [],
        },
        ("campaigns", "campaignId"): {
            "name": said("CAMPAIGN"), "goal": "CHECK_ALL", "type_codes": ["C0101"], "area_codes": [street],
            "grids": [], "street_codes": [street], "person_ids": [], "from_day": "2026-01-01",
            "to_day": "2036-01-01", "starts_at": now - timedelta(days=1), "ends_at": now + timedelta(days=9),
            "planned_by": "leader-1", "client_id": new_uuid(), "input_hash": "h", "created_at": now,
            "work": [],
        },
        ("original_readings", "readingId"): {
            "client_id": new_uuid(), "media_id": "3" * 32, "case_id": case_id, "street_code": street,
            "person_id": "leader-of-shift", "role": "SHIFT_LEADER", "session_id": "s", "device_id": "",
            "origin": "web", "address": "", "reason": said("READING"), "read_at": now,
            "link_expires_at": now, "openings": 0,
        },
        ("absences", "absenceId"): {
            "person_id": "inspector-far" if is_far else "inspector-1", "starts_at": now, "set_by": "leader-1",
            "ends_at": now + timedelta(days=1), "reason": said("ABSENCE"), "deputy_id": None, "set_at": now,
            "ended_at": None, "client_id": new_uuid(), "input_hash": "h",
        },
    }  # fmt: skip
