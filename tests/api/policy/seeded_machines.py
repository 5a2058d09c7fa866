"""What machines saw and what leaders ordered, in each of the two streets of the matrix."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from city_core.cases.emergency.rules import EMERGENCY_PROFILES
from city_core.kit.rulebook.store import open_rules
from tests.api.policy.seeded_rows import FOREIGN, MISSING, OWN, SECRET
from tests.api.support import Api, new_uuid
from tests.machines import GARBAGE

Row = dict[str, Any]
EVENTS = {OWN: "0a" * 16, FOREIGN: "0b" * 16, MISSING: "0c" * 16}  # become ids of commands


def machine_rows(whose: str, place: Row, photo_id: str, now: datetime) -> dict[tuple[str, str], Row]:
    """Make an event, the flight that saw it, and a frame of that, by collection and name of the id."""
    said, mark = _words(whose, "EVENT"), "1" if whose == FOREIGN else "0"
    frame = f"s:frame-{mark}"
    step = {
        "action": "RAISE",
        "at": now,
        "person_id": "acceptor-1",
        "person_name": said,
        "note": said,
        "command_id": None,
        "input_hash": None,
    }
    return {
        ("eye_events", "eventId"): {
            "version": 1, "state": "CANDIDATE", "label": GARBAGE["label"], "type_code": "E0110",
            "condition_id": "E0110-1", "confidence": 0.9, "source_id": "s", "camera_id": said,
            "flight_id": f"{mark}flight", "is_moving": False, "place": {**place, **_given(place)},
            "first_seen_at": now, "last_seen_at": now, "sightings": 1, "last_box": GARBAGE,
            "photo_ids": [photo_id],
            "best": {"frame_id": frame, "photo_id": photo_id, "box": GARBAGE}, "model_version": "m",
            "case_id": None, "reason": None, "decided_at": None, "decide_until": now + timedelta(days=1),
            "history": [step], "work": [],
        },
        ("eye_flights", "flightId"): {
            "source_id": "s", "flight_id": f"{mark}flight", "street_codes": [place["street_code"]],
            "first_taken_at": now, "last_taken_at": now, "begun_at": now,
        },
        ("eye_frames", "frameId"): {
            "source_id": "s", "frame_id": f"frame-{mark}", "camera_id": said, "flight_id": f"{mark}flight",
            "slot": f"slot-{mark}", "taken_at": now, "heading": None, "place": place, "photo_id": photo_id,
            "state": "SEEN", "refusal": None, "finds": [GARBAGE], "model_version": "m",
            "event_ids": [EVENTS[whose]], "received_at": now,
            "expires_at": now + timedelta(days=30),
        },
    }  # fmt: skip


async def emergency_row(api: Api, whose: str, place: Row, now: datetime) -> Row:
    """Make an emergency that is planned: one that is on would show cases to more people."""
    said, ends_at = _words(whose, "EMERGENCY"), now + timedelta(days=2)
    step = {
        "seq": 1, "action": "START", "at": now, "person_id": "leader-1", "role": "LEADER",
        "person_name": said, "note": "", "ends_at": ends_at, "command_id": None, "input_hash": None,
    }  # fmt: skip
    streets = [place["street_code"]]
    return {
        "version": 1, "state": "PLANNED", "name": said, "profile": "flood",
        "profile_version": (await open_rules(api.city, EMERGENCY_PROFILES)).version, "area_codes": streets,
        "street_codes": streets, "community_codes": [], "touched_street_codes": streets,
        "starts_at": now + timedelta(days=1), "ends_at": ends_at, "authority": said, "is_drill": False,
        "started_by": "leader-1", "client_id": new_uuid(), "ended_by": None, "ended_at": None,
        "created_at": now, "history": [step], "work": [],
    }  # fmt: skip


def _given(place: Row) -> Row:
    lng, lat = place["point"]["coordinates"]
    return {"given_lng": lng, "given_lat": lat, "datum": "WGS84", "accuracy_m": None}


def _words(whose: str, kind: str) -> str:
    return f"{SECRET}_{kind}" if whose == FOREIGN else "平常"
